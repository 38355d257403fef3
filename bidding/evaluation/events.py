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
class SignedIn(Event):
    """A member is there and has promised secrecy. Sealed: who is how far is nobody's to see."""

    kind: ClassVar[str] = "evaluation.signed-in"
    sealed: ClassVar[bool] = True
    seat: int


@dataclass(frozen=True)
class LeaderElected(Event):
    """The members have a leader, in this round of votes. Sealed, like everything of who sits where."""

    kind: ClassVar[str] = "evaluation.leader-elected"
    sealed: ClassVar[bool] = True
    seat: int
    round: int


@dataclass(frozen=True)
class BidderAsked(Event):
    """The panel asks one bidder something. Sealed: whom and what is for the panel and that bidder alone."""

    kind: ClassVar[str] = "evaluation.bidder-asked"
    sealed: ClassVar[bool] = True
    org: str
    matter: str
    sha256: str


@dataclass(frozen=True)
class BidderAnswered(Event):
    """That bidder answered. Sealed, as the question."""

    kind: ClassVar[str] = "evaluation.bidder-answered"
    sealed: ClassVar[bool] = True
    org: str
    matter: str
    sha256: str


@dataclass(frozen=True)
class TalkNoted(Event):
    """The panel wrote down a negotiation with one supplier. Sealed: with whom, and how far it is, is secret."""

    kind: ClassVar[str] = "evaluation.talk-noted"
    sealed: ClassVar[bool] = True
    org: str
    seat: int
    sha256: str


@dataclass(frozen=True)
class TermsChanged(Event):
    """What is wanted changed in the negotiation. Sealed: the suppliers who take part are told, nobody else."""

    kind: ClassVar[str] = "evaluation.terms-changed"
    sealed: ClassVar[bool] = True
    sha256: str
    told_to: list[str]


@dataclass(frozen=True)
class SupplierLeft(Event):
    """A supplier left the negotiation. Sealed: how many go on is nobody's to see before their quotes are opened."""

    kind: ClassVar[str] = "evaluation.supplier-left"
    sealed: ClassVar[bool] = True
    org: str


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
class RolledBack(Event):
    """The panel scores again, on an approved application.  ground: of the law's.  before: commitment to the report."""

    kind: ClassVar[str] = "evaluation.rolled-back"
    ground: str
    before: str


@dataclass(frozen=True)
class PriceSettled(Event):
    """Something of the prices, which were opened after the points were fixed, was settled before anybody signed; the
    report is made anew.  before: commitment to the one that was there."""

    kind: ClassVar[str] = "evaluation.price-settled"
    before: str


@dataclass(frozen=True)
class RecordingFiled(Event):
    """Sound or pictures of the evaluation, recorded elsewhere.  what: of a fixed list.  size: bytes."""

    kind: ClassVar[str] = "evaluation.recording-filed"
    what: str
    sha256: str
    size: int


@dataclass(frozen=True)
class Reported(Event):
    """The report is fixed; it is published with the award notice."""

    kind: ClassVar[str] = "evaluation.reported"
    commitment: str
