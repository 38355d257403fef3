"""Public facts about protected tips: who receives them, and every day one value that says nothing of what came."""

from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from ledger.events import Event

TIPS = "tips"


@dataclass(frozen=True)
class RecipientStands(Event):
    """A body receives protected tips under this reading key, or no new ones any more.  statement: its `slots/1`."""

    kind: ClassVar[str] = "tips.recipient"
    org: str
    gen: int
    key: str
    standing: bool
    statement: dict[str, Any]


@dataclass(frozen=True)
class DayClosed(Event):
    """The root of a day's tree of always the same size: what came that day, or nothing, cannot be told from it."""

    kind: ClassVar[str] = "tips.day"
    day: date
    root: str
    size: int
