"""The one reader of the system clock, and it never runs back.

A clock set back would reopen what is closed. So the highest instant ever seen is kept, in the process and, by two
callables given once by whoever wires the process, in a store that outlives it. While the system clock is behind that
mark, time stands still and `behind()` says by how much.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from threading import Lock

_lock = Lock()
_mark: datetime | None = None


def system() -> datetime:
    """What the machine's clock says, aware, in UTC."""
    return datetime.now(UTC)


def now() -> datetime:
    """The present instant, aware, in UTC; never earlier than one given out before."""
    return _raise_to(system())


def behind() -> timedelta:
    """How far the machine's clock is behind the highest instant seen; zero when all is well."""
    with _lock:
        return timedelta() if _mark is None else max(timedelta(), _mark - system())


def refresh(*, load: Callable[[], datetime | None], save: Callable[[datetime], None]) -> datetime:
    """Learn the stored mark, then store the present; returns it.

    load: the stored high-water mark, None when there is none yet.  save: keeps the later of two instants.
    """
    stored = load()
    if stored is not None:
        _raise_to(stored)
    present = now()
    save(present)
    return present


def forget() -> None:
    """Forget the mark of this process; what is stored stays."""
    global _mark
    with _lock:
        _mark = None


def _raise_to(instant: datetime) -> datetime:
    global _mark
    with _lock:
        if _mark is None or instant > _mark:
            _mark = instant
        return _mark
