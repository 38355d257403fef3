"""Something that takes time and may fail, marked where it happens; who wants to know says so once, at the start.

Lower floors do not know who watches them: without a watcher a mark costs nothing.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext

# Given what is done and facts without secrets; entered before, left after, with the error if there is one.
Watcher = Callable[[str, dict[str, str]], AbstractContextManager[None]]

_watchers: list[Watcher] = []
_NOBODY = nullcontext()


def watched(does: str, **facts: str) -> AbstractContextManager[None]:
    """Around a piece of work.  does: `sequencer.turn` and the like;  facts: words of a closed set, never a secret."""
    return _told(does, facts) if _watchers else _NOBODY


def watch(watcher: Watcher) -> None:
    """Have a watcher told of everything that is marked, from now on."""
    if watcher not in _watchers:
        _watchers.append(watcher)


def leave(watcher: Watcher) -> None:
    """No longer."""
    if watcher in _watchers:
        _watchers.remove(watcher)


@contextmanager
def _told(does: str, facts: dict[str, str]) -> Iterator[None]:
    with ExitStack() as stack:
        for watcher in tuple(_watchers):
            stack.enter_context(watcher(does, facts))
        yield
