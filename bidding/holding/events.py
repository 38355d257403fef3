"""Public facts about the standing roster. Organisations are named, people only counted."""

from dataclasses import dataclass
from typing import ClassVar

from ledger.events import Event

KEYS = "keys"


@dataclass(frozen=True)
class HolderStands(Event):
    """A holder joined the standing roster, or left it."""

    kind: ClassVar[str] = "holding.standing"
    org: str
    standing: bool


@dataclass(frozen=True)
class DutiesChanged(Event):
    """A holder has so many members and deputies from here on. Who they are is kept, not published."""

    kind: ClassVar[str] = "holding.duties"
    org: str
    members: int
    deputies: int
