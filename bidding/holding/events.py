"""Public facts about the standing roster. Organisations are named, people only counted."""

from dataclasses import dataclass
from typing import Any, ClassVar

from ledger.events import Event

KEYS = "keys"


@dataclass(frozen=True)
class HolderStands(Event):
    """A holder joined the standing roster, or left it."""

    kind: ClassVar[str] = "holding.standing"
    org: str
    standing: bool


@dataclass(frozen=True)
class ReleasesAlone(Event):
    """A holder says whether a service of its own releases its keys unattended."""

    kind: ClassVar[str] = "holding.unattended"
    org: str
    unattended: bool


@dataclass(frozen=True)
class DutiesChanged(Event):
    """A holder has so many members and deputies from here on. Who they are is kept, not published."""

    kind: ClassVar[str] = "holding.duties"
    org: str
    members: int
    deputies: int


@dataclass(frozen=True)
class NumbersReserved(Event):
    """Numbers were set aside: holders make slot keys for each part of them in one sitting."""

    kind: ClassVar[str] = "holding.numbers-reserved"
    numbers: list[str]
    parts: list[str]
    slots: int


@dataclass(frozen=True)
class SlotsPosted(Event):
    """A holder's signed slot keys are in.  i: its place among the holders, 0 while no tender has drawn them yet."""

    kind: ClassVar[str] = "tender.slots-posted"
    number: str
    org: str
    i: int
    part: str
    statement: dict[str, Any]
