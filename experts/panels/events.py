"""Public facts about a panel: masked ids only, until the award notice opens them."""

from dataclasses import dataclass
from typing import Any, ClassVar

from ledger.events import Event


@dataclass(frozen=True)
class PanelSeated(Event):
    """Every seat is taken. The ids are sorted: which seat is whose stays unsaid."""

    kind: ClassVar[str] = "evaluation.seated"
    seats: list[str]


@dataclass(frozen=True)
class MemberReplaced(Event):
    """Somebody drawn does not sit, and who comes next in the drawn order (empty: nobody is left)."""

    kind: ClassVar[str] = "evaluation.replaced"
    out: str
    into: str
    reason: str

    def data(self) -> dict[str, Any]:
        return {"out": self.out, "in": self.into, "reason": self.reason}


@dataclass(frozen=True)
class LeftOutCommitted(Event):
    """Who is not on the list of this draw, and why, is fixed before anybody contributes; a salted commitment."""

    kind: ClassVar[str] = "evaluation.left-out"
    draw: str
    commitment: str


@dataclass(frozen=True)
class DrawnEarly(Event):
    """This draw is held before the opening: its order is fixed first, and nobody of it is called before."""

    kind: ClassVar[str] = "evaluation.drawn-early"
    draw: str


@dataclass(frozen=True)
class StruckOff(Event):
    """After the opening: who was struck from an order drawn before it, in that order, by mask.

    commitment: to the reasons, salted. Whoever comes next in the fixed order takes the place.
    """

    kind: ClassVar[str] = "evaluation.struck"
    draw: str
    seats: list[str]
    commitment: str


@dataclass(frozen=True)
class EarlyLapsed(Event):
    """An early draw had no result when the opening named the bidders: nobody of it sits."""

    kind: ClassVar[str] = "evaluation.early-lapsed"
    draw: str


@dataclass(frozen=True)
class ListWidened(Event):
    """Lists too short were widened by the catalogue, and why. strata: key, need, had (employers), near (keys)."""

    kind: ClassVar[str] = "evaluation.list-widened"
    draw: str
    reason: str
    strata: list[dict[str, Any]]


@dataclass(frozen=True)
class RegionWidened(Event):
    """Lists of one region that were too short were drawn from every region, and why. strata: key, need, had."""

    kind: ClassVar[str] = "evaluation.region-widened"
    draw: str
    region: str
    reason: str
    strata: list[dict[str, Any]]


@dataclass(frozen=True)
class RepresentativesNamed(Event):
    """The buyer named so many of its own people: the seats that are not drawn, by masked id."""

    kind: ClassVar[str] = "evaluation.representatives-named"
    seats: list[str]
    reason: str


@dataclass(frozen=True)
class SelfSelected(Event):
    """The buyer picked these itself, on the supervision body's consent: why, by which article, with what evidence.

    strata: key, need, had (employers on the list). The names stay masked until the notice, which marks them.
    """

    kind: ClassVar[str] = "evaluation.self-selected"
    seats: list[str]
    ground: str
    reason: str
    law: str
    evidence_sha256: str
    strata: list[dict[str, Any]]


@dataclass(frozen=True)
class ExternalImported(Event):
    """A panel drawn by the pool the law prescribes, imported sealed: masked ids, and the hash of the evidence."""

    kind: ClassVar[str] = "evaluation.external-imported"
    source: str
    reference: str
    evidence_sha256: str
    seats: list[str]


@dataclass(frozen=True)
class ExternalConfirmed(Event):
    """The buyer signed the evidence of a panel drawn elsewhere."""

    kind: ClassVar[str] = "evaluation.external-confirmed"
    evidence_sha256: str


@dataclass(frozen=True)
class SeatLeft(Event):
    """A member's own words for leaving. Sealed: they may say who he is."""

    kind: ClassVar[str] = "evaluation.seat-left"
    sealed: ClassVar[bool] = True
    cid: str
    reason: str
