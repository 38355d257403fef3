"""Public facts about who wins."""

from dataclasses import dataclass, field
from typing import Any, ClassVar

from ledger.events import Event


@dataclass(frozen=True)
class AwardPublished(Event):
    """The winner is public, with the report (a blob) and the salt that opens the commitment made to it.

    notice: number of the award notice.  sha256: of its text.  amount: yuan, as quoted, never the adjusted price.
    passed_over: [{"org", "why", "numbers"}] of who ranks before and may not win: "lots" has won as many as it may
    (numbers: which), "banned" is under a ban in force,
    "leader" named a leader with no room.  sheets_sha256: of the blob [{"seat", "version", "scores",
    "salt"}] of every score sheet as often as it was locked, which opens the commitments logged then; "" without any.
    earlier: [{"report_sha256", "salt"}] of the reports that were handed in before and made anew.
    """

    kind: ClassVar[str] = "market.award-published"
    notice: int
    sha256: str
    report_sha256: str
    salt: str
    rank: int
    org: str
    name: str
    amount: str
    passed_over: list[dict[str, Any]] = field(default_factory=list)
    sheets_sha256: str = ""
    earlier: list[dict[str, str]] = field(default_factory=list)


@dataclass(frozen=True)
class ReportConfirmed(Event):
    """The buyer has taken the report its agent had made.  org: the buyer.  Nothing of the report is in it."""

    kind: ClassVar[str] = "market.report-confirmed"
    org: str


@dataclass(frozen=True)
class Determined(Event):
    """The buyer has determined the winner; whoever keeps the names of the panel may now let them go, and the notice
    with both follows. Neither the winner nor a name is in it.
    """

    kind: ClassVar[str] = "market.determined"


@dataclass(frozen=True)
class DeterminationDropped(Event):
    """What was determined became unlawful before its notice went out, and counts for nothing; the buyer determines
    again.  reasons: codes, without who it was.
    """

    kind: ClassVar[str] = "market.determination-dropped"
    reasons: list[str]


@dataclass(frozen=True)
class ResultObjected(Event):
    """Somebody objects to the published candidates: nobody is determined until it is answered.

    objection: a random id.  Neither who, nor what.
    """

    kind: ClassVar[str] = "market.result-objected"
    objection: str


@dataclass(frozen=True)
class ObjectionAnswered(Event):
    """The buyer has answered an objection to the candidates.  publicity_ends: with the time it has rested so far."""

    kind: ClassVar[str] = "market.objection-answered"
    objection: str
    publicity_ends: str


@dataclass(frozen=True)
class AwardAccepted(Event):
    """The winner has said yes; the contract follows."""

    kind: ClassVar[str] = "market.award-accepted"
    org: str


@dataclass(frozen=True)
class AwardDeclined(Event):
    """The winner has declined.  next: the organisation whose turn it is, None when nobody is left."""

    kind: ClassVar[str] = "market.award-declined"
    org: str
    reason: str
    next: str | None
