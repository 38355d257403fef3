"""The one reader of the system clock, and it neither runs back nor leaps ahead.

A clock set back would reopen what is closed. So the highest instant ever seen is kept, in the process and, by two
callables given once by whoever wires the process, in a store that outlives it. While the system clock is behind that
mark, time stands still and `behind()` says by how much.

A clock set ahead would close what is open, and for good; one set back would leave open what is to close. So a process
that serves holds it against the machine's own count of seconds, which nobody sets: beyond `LEAP` either way time goes
on by the count and `ahead()` or `behind()` says by how much, until the clock is right again, or somebody who knows that
the new time is the true one starts the process anew.
"""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from threading import Lock

OFF = timedelta(seconds=1)  # more than this between two clocks decides who was in time
LEAP = timedelta(seconds=10)  # more than time synchronisation ever sets a clock by while it runs
_lock = Lock()
_mark: datetime | None = None
_counted: tuple[datetime, float] | None = None  # an instant, and the machine's count of seconds at it


def system() -> datetime:
    """What the machine's clock says, aware, in UTC."""
    return datetime.now(UTC)


def steady() -> float:
    """The machine's own count of seconds, in its sleep too."""
    return time.clock_gettime(time.CLOCK_BOOTTIME)


def count() -> None:
    """From here on this process knows when its clock leaps ahead: once it has learnt the stored mark."""
    global _counted
    with _lock:
        told = system()
        _counted = (told if _mark is None else max(told, _mark), steady())


def now() -> datetime:
    """The present instant, aware, in UTC; never earlier than one given out before."""
    return _raise_to(believed())


def behind() -> timedelta:
    """How far the machine's clock is behind the highest instant seen; zero when all is well."""
    with _lock:
        return timedelta() if _mark is None else max(timedelta(), _mark - system())


def believed() -> datetime:
    """What this process would say by itself: the machine's clock, or where it leapt, the machine's count."""
    global _counted
    told = system()
    with _lock:
        if _counted is None:
            return told
        expected = _expected(_counted)
        if abs(told - expected) <= LEAP:  # a clock is set right a little at a time
            _counted = (told, steady())
            return told
        return expected


def still() -> timedelta:
    """How far what is believed here is behind the highest instant seen; zero when time goes on."""
    told = believed()
    with _lock:
        return timedelta() if _mark is None else max(timedelta(), _mark - told)


def ahead() -> timedelta:
    """How far the machine's clock has leapt ahead of its own count of seconds; zero when all is well."""
    return max(timedelta(), system() - believed())


def refresh(*, load: Callable[[], datetime | None], save: Callable[[datetime], None]) -> datetime:
    """Learn the stored mark, then store the present; returns it. A mark that somebody's leap has left is not learnt.

    load: the stored high-water mark, None when there is none yet.  save: keeps the later of two instants.
    """
    stored = load()
    if stored is not None and not _leaps(stored):
        _raise_to(stored)
    present = now()
    save(present)
    return present


def forget() -> None:
    """Forget the mark of this process and its count; what is stored stays."""
    global _mark, _counted
    with _lock:
        _mark = _counted = None


def _leaps(instant: datetime) -> bool:
    """Whether it is beyond what the count allows."""
    return _counted is not None and instant > _expected(_counted) + LEAP


def _expected(counted: tuple[datetime, float]) -> datetime:
    since, then = counted
    return since + timedelta(seconds=steady() - then)


def _raise_to(instant: datetime) -> datetime:
    global _mark
    with _lock:
        if _mark is None or instant > _mark:
            _mark = instant
        return _mark
