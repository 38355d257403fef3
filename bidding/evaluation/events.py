"""Facts of an evaluation: what is public, and what only the sealed log knows until the procurement is opened."""

from dataclasses import dataclass
from typing import Any, ClassVar

from ledger.events import Event


@dataclass(frozen=True)
class Qualified(Event):
    """The purchaser's qualification review, with a reason for every failure; of many bidders, in several entries."""

    kind: ClassVar[str] = "evaluation.qualified"
    results: list[dict[str, Any]]


@dataclass(frozen=True)
class Declared(Event):
    """A member declares that he has no conflict. Sealed: who is how far is nobody's to see."""

    kind: ClassVar[str] = "evaluation.declared"
    sealed: ClassVar[bool] = True
    seat: int


@dataclass(frozen=True)
class SheetSealed(Event):
    """A sheet is locked. Sealed, so that no member learns how far another is; public with all others together."""

    kind: ClassVar[str] = "evaluation.sheet-sealed"
    sealed: ClassVar[bool] = True
    seat: int
    commitment: str


@dataclass(frozen=True)
class SheetLocked(Event):
    """What a member scored is fixed; said for all members at once, when the last has locked."""

    kind: ClassVar[str] = "evaluation.sheet-locked"
    seat: int
    commitment: str


@dataclass(frozen=True)
class SheetReopened(Event):
    """Why a member takes up an objective factor again, in his own words. Sealed: they may say who he is."""

    kind: ClassVar[str] = "evaluation.sheet-reopened"
    sealed: ClassVar[bool] = True
    seat: int
    reason: str


@dataclass(frozen=True)
class SheetCorrected(Event):
    """A member corrected an objective factor on which the sheets had differed."""

    kind: ClassVar[str] = "evaluation.sheet-corrected"
    seat: int
    commitment: str


@dataclass(frozen=True)
class Reported(Event):
    """The report is fixed; it is published with the award notice."""

    kind: ClassVar[str] = "evaluation.reported"
    commitment: str
