"""A line of a desk: what to do, by when, because of what, and the one button that leads there."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from rulebook.law import Article

FOREVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Duty:
    """what: the thing to do.  about: whose.  why: because of what, with its article where there is one.

    by: until when, None when nothing presses.  waits: somebody else has to move first; shown below, without urgency.
    """

    what: str
    about: str
    why: str
    href: str
    button: str
    by: datetime | None = None
    law: Article | None = None
    waits: bool = False


def in_turn(duties: Iterable[Duty]) -> list[Duty]:
    """Sorted by time; what presses nobody comes last."""
    return sorted(duties, key=lambda duty: (duty.by or FOREVER, duty.about, duty.what))
