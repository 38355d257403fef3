"""Figures of this process, counted only where `MINGBIAO_METRICS` says that somebody asks for them.

They lie in memory that all processes of the machine share, one file a process (`config.watching.figures`), so that one
listener answers for all. Nothing here imports what counts before it is wanted.
"""

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from django.conf import settings
from django.db import connection

from config.watching.routes import Kind

_answered: deque[tuple[Kind, int, float]] = deque(maxlen=200_000)
STEP = 16  # below so many nothing is told: a handful might be counted


def on() -> bool:
    """Whether anybody asks for figures."""
    return bool(settings.METRICS)


def coarse(count: int) -> int:
    """A number of people or requests at this moment, rounded down so that a handful of bidders shows nowhere."""
    return count // STEP * STEP


def request_answered(kind: Kind, status: int, seconds: float) -> None:
    """Remember an answer by what kind of request it was and the first digit of its status."""
    if on():
        _answered.append((kind, status // 100, seconds))


def count_answers() -> None:
    """Add up what was answered since the last time; once a second: to count each by itself costs a fast page dear."""
    sums: dict[tuple[Kind, int], list[float]] = {}
    with suppress(IndexError):
        while True:
            kind, status, seconds = _answered.popleft()
            sums.setdefault((kind, status), []).append(seconds)
    if not sums:
        return
    from config.watching import figures

    for (kind, status), told in sums.items():
        word = Kind.SEALED if kind is Kind.UNTOLD else kind
        figures.observed(figures.REQUESTS.labels(word.value, f"{status}xx"), told)


@contextmanager
def failures(does: str, facts: dict[str, str]) -> Iterator[None]:
    """A watcher of marked work: counts what failed, by kind of work."""
    try:
        yield
    except (FileNotFoundError, FileExistsError):
        raise  # an answer, not a failure
    except BaseException:
        failed(does)
        raise


def failed(does: str) -> None:
    """Count a failure of a kind of work."""
    if on():
        from config.watching import figures

        figures.FAILURES.labels(does).inc()


def tick_finished(task: str, *, seconds: float) -> None:
    """A tick has run to its end.  seconds: when, since 1970."""
    if on():
        from config.watching import figures

        figures.TICKS.labels(task).set(seconds)


def tell_present(*, seconds: float) -> None:
    """What is so in this process now; once a second, by whoever keeps its time.  seconds: since 1970."""
    if not on():
        return
    from datetime import UTC, datetime

    from config.watching import figures
    from ledger import hub, underway, witnesses
    from rulebook import clock

    count_answers()
    oldest = underway.oldest(at=datetime.fromtimestamp(seconds, UTC))
    figures.WAITING.set(max(0.0, seconds - oldest.timestamp()) if oldest else 0.0)
    figures.UNDERWAY.set(coarse(underway.count()))
    figures.VIEWERS.set(coarse(hub.viewers()))
    figures.BEHIND.set(clock.behind().total_seconds())
    figures.SKEW.labels("own count").set(-clock.ahead().total_seconds())
    for name, skew in witnesses.skews().items():
        figures.SKEW.labels(f"witness {name}").set(skew)
    if connection.vendor == "postgresql" and (pool := connection.pool) is not None:
        stats = pool.get_stats()
        idle = stats.get("pool_available", 0)
        figures.POOL.labels("busy").set(stats.get("pool_size", 0) - idle)
        figures.POOL.labels("idle").set(idle)
        figures.POOL_WAITING.set(coarse(stats.get("requests_waiting", 0)))
