"""A database found to be an old copy while the house works on it: from then on nothing more is promised on it.

Who starts on such a copy does not (`ledger.golive`); but a witness that was away at the start may say so only later.
The sequencer then stops, writes the mark, and every process that looks at the clock's mark each second sees it. A log
that is merely late, or a witness that is away, is no such thing: decision 0045.
"""

import logging
from datetime import datetime

from ledger.models import HighWater
from ledger.storage import Unavailable

log = logging.getLogger(__name__)
ONLY = 1  # the one row of the clock's mark
_found = False  # what this process saw when it looked last


def declare(*, at: datetime) -> None:
    """A witness has signed more than we hold."""
    HighWater.objects.get_or_create(pk=ONLY, defaults={"at": at})
    HighWater.objects.filter(set_back_at=None).update(set_back_at=at)
    look()


def over() -> None:
    """Every witness was asked and none has signed more, or what is lost was declared."""
    HighWater.objects.exclude(set_back_at=None).update(set_back_at=None)
    look()


def look() -> None:
    """Learn what is so now."""
    global _found
    found = HighWater.objects.exclude(set_back_at=None).exists()
    if found and not _found:
        log.critical("a witness has signed more than this database holds: no act is recorded on it any more")
    _found = found


def is_found() -> bool:
    """Whether this was an old copy when this process looked last."""
    return _found


def refuse() -> None:
    """Unavailable where it is: what would be recorded now would be lost with the copy, or make a second history."""
    if _found:
        raise Unavailable("this database is behind what a witness has signed")
