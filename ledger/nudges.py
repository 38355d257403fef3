"""“Look again”: says that a stream has news, and nothing else. A lost nudge costs a few seconds, never an entry."""


def nudge(stream: str) -> None:
    """Tell whoever tails this stream to look again."""
