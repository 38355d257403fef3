"""What has arrived and is not answered yet, in every process that serves: what came in time is not lost in our queues.

A house under load answers late. Requests are taken up in the order in which they came, so as long as one that came
before an instant is being answered, or was taken up just now, others that came before it may still wait behind.
"""

import os
import socket
from collections import deque
from datetime import datetime, timedelta
from threading import Lock

from ledger.models import Underway

JUST_NOW = timedelta(seconds=3)
LAGS = timedelta(seconds=1)  # a process that keeps up has nothing to tell the others
SILENT = timedelta(seconds=6)  # a process that has said nothing for so long is gone, and its requests with it
_lock = Lock()
_running: dict["Answering", datetime] = {}
_taken: deque[tuple[datetime, datetime]] = deque(maxlen=4096)  # when it was taken up, when it had come


class Answering:
    """Around the answering of one request: `with Answering(…)`.  at: when it was taken up."""

    __slots__ = ("arrived_at", "at")

    def __init__(self, *, arrived_at: datetime, at: datetime) -> None:
        self.arrived_at, self.at = arrived_at, at

    def __enter__(self) -> None:
        with _lock:
            _running[self] = self.arrived_at
            if self.at - self.arrived_at > LAGS:
                _taken.append((self.at, self.arrived_at))

    def __exit__(self, *_: object) -> None:
        with _lock:
            del _running[self]


def oldest(*, at: datetime) -> datetime | None:
    """When the oldest request came that this process answers, or has taken up just now after a wait."""
    with _lock:
        while _taken and at - _taken[0][0] > JUST_NOW:
            _taken.popleft()
        return min((*_running.values(), *(arrived for _, arrived in _taken)), default=None)


def count() -> int:
    """How many requests this process is answering."""
    return len(_running)


def tell(*, at: datetime) -> None:
    """Let the other processes know where this one lags; once a second, by whoever keeps its time."""
    own = oldest(at=at)
    if own is not None and at - own > LAGS:
        Underway.objects.update_or_create(process=_name(), defaults={"oldest": own, "told_at": at})


def before(instant: datetime, *, at: datetime) -> bool:
    """Whether something that came before that instant may still be waiting for its answer, in any process."""
    own = oldest(at=at)
    if own is not None and own < instant:
        return True
    return Underway.objects.filter(oldest__lt=instant, told_at__gt=at - SILENT).exclude(process=_name()).exists()


def _name() -> str:
    return f"{socket.gethostname()[:60]}/{os.getpid()}"
