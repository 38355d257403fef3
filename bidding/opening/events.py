"""The public story of an opening. The log stores these and the hall shows them; nothing else is shown."""

from dataclasses import dataclass
from typing import Any, ClassVar

from bidding.opening.closed_events import OfParties
from ledger.events import Event


@dataclass(frozen=True)
class HallOpened(OfParties):
    """From here the bidders' names are public, with the proof that each was sealed in time.

    bidders_sha256: the blob [{"org", "name", "gen", "parts": {part: {"eid", "slot", "env_sha256", "sub_sha256"}}}];
    an entry has room for a hundred and fifty of them at most, a blob for all.  count: how many they are.
    """

    kind: ClassVar[str] = "opening.hall-opened"
    closing: str
    nonce: str
    live_sha256: str
    sealed_sha256: str
    bidders_sha256: str
    count: int
    window_ends: str


@dataclass(frozen=True)
class TechPassed(OfParties):
    """Who passed the judgement after the first session: only what they sealed for the next may be opened.

    passed: organisations.
    """

    kind: ClassVar[str] = "tech.passed"
    passed: list[str]


@dataclass(frozen=True)
class SessionOpened(OfParties):
    """A further session is open, for those who passed.  bidders: organisations; the hall's list has the rest.

    round … sealed_sha256: of a round of quotes, which has a list of its own; None in a second envelope's session.
    """

    kind: ClassVar[str] = "opening.session-opened"
    session: int
    closing: str
    bidders: list[str]
    window_ends: str
    round: int | None = None
    nonce: str | None = None
    live_sha256: str | None = None
    sealed_sha256: str | None = None

    def data(self) -> dict[str, Any]:
        return {key: value for key, value in super().data().items() if value is not None}


@dataclass(frozen=True)
class BidderPresent(OfParties):
    kind: ClassVar[str] = "opening.present"
    org: str
    name: str
    statement: dict[str, Any]


@dataclass(frozen=True)
class BidderReleased(OfParties):
    """A bidder has released his half for one envelope. The half itself follows when all have, or the window is over."""

    kind: ClassVar[str] = "opening.bidder-released"
    org: str
    part: str
    eid: str


@dataclass(frozen=True)
class BiddersDone(OfParties):
    """The bidders' turn is over.  released, absent: part ↦ eids; an entry has room for eight hundred bidders' two."""

    kind: ClassVar[str] = "opening.bidders-done"
    released: dict[str, list[str]]
    absent: dict[str, list[str]]
    releases_sha256: str


@dataclass(frozen=True)
class HolderReleased(OfParties):
    kind: ClassVar[str] = "opening.holder-released"
    org: str
    i: int
    part: str
    releases_sha256: str


@dataclass(frozen=True)
class RescueDeclared(OfParties):
    """Too few holders released: the bidders may rescue their own bids until then."""

    kind: ClassVar[str] = "opening.rescue-declared"
    eids: list[str]
    until: str


@dataclass(frozen=True)
class BidRescued(OfParties):
    """statement_sha256: a blob for what is read out, a salted commitment for the rest."""

    kind: ClassVar[str] = "opening.rescued"
    org: str
    part: str
    eid: str
    statement_sha256: str


@dataclass(frozen=True)
class EnvelopeDamaged(OfParties):
    """The stored file is not the one whose hash was promised: the platform's fault. Its bidder may restore it."""

    kind: ClassVar[str] = "opening.envelope-damaged"
    org: str
    part: str
    eid: str
    env_sha256: str


@dataclass(frozen=True)
class EnvelopeRestored(OfParties):
    """The bidder's own copy has the promised hash and is in its place again."""

    kind: ClassVar[str] = "opening.envelope-restored"
    org: str
    part: str
    eid: str
    env_sha256: str


@dataclass(frozen=True)
class UnitDecided(OfParties):
    """The verdict on one envelope, and what is read out of it."""

    kind: ClassVar[str] = "opening.verdict"
    org: str
    part: str
    eid: str
    env_sha256: str
    verdict: str
    findings: list[str]
    sheet: dict[str, Any] | None


@dataclass(frozen=True)
class ReleaseFailed(OfParties):
    """A bidder's try that did not fit his envelope; he may try again."""

    kind: ClassVar[str] = "opening.attempt-failed"
    org: str
    part: str
    eid: str
    code: str


@dataclass(frozen=True)
class CausesAsked(OfParties):
    """Every envelope has its verdict; whose doing it was that some did not open is to be said until then."""

    kind: ClassVar[str] = "opening.causes-asked"
    orgs: list[str]
    until: str


@dataclass(frozen=True)
class CauseStated(OfParties):
    """What the host, or the witness, says was the cause. `by`: the organisation; `side`: host or witness."""

    kind: ClassVar[str] = "opening.cause-stated"
    org: str
    side: str
    by: str
    cause: str
    reason: str


@dataclass(frozen=True)
class CauseDecided(OfParties):
    """The cause as it stands, and what follows: revoked (撤销) or withdrawn (撤回). The newest one counts."""

    kind: ClassVar[str] = "opening.cause-decided"
    org: str
    cause: str
    outcome: str
    how: str
    by: str
    reason: str


@dataclass(frozen=True)
class ConsortiumNamed(OfParties):
    """Who bids together with a bidder, as his opened documents say.  fault: they say it in no form that counts.

    members: each with whether it said so itself, under its own key (`confirmed`).
    """

    kind: ClassVar[str] = "opening.consortium"
    org: str
    name: str
    members: list[dict[str, Any]]
    agreement: str
    fault: bool


@dataclass(frozen=True)
class RecordDrawnUp(OfParties):
    kind: ClassVar[str] = "opening.record"
    sha256: str


@dataclass(frozen=True)
class RecordAcknowledged(OfParties):
    kind: ClassVar[str] = "opening.acknowledged"
    org: str
    name: str
    statement: dict[str, Any]
    role: str

    def data(self) -> dict[str, Any]:
        return {"org": self.org, "name": self.name, "statement": self.statement, "as": self.role}


@dataclass(frozen=True)
class ObjectionRaised(OfParties):
    kind: ClassVar[str] = "opening.objected"
    org: str
    name: str
    text: str
    statement: dict[str, Any]


@dataclass(frozen=True)
class ObjectionAnswered(OfParties):
    kind: ClassVar[str] = "opening.answered"
    org: str
    text: str
    objection_seq: int


@dataclass(frozen=True)
class OpeningPaused(Event):
    kind: ClassVar[str] = "opening.paused"
    by: str
    reason: str


@dataclass(frozen=True)
class OpeningResumed(Event):
    kind: ClassVar[str] = "opening.resumed"
    by: str
    window_ends: str


@dataclass(frozen=True)
class HostTook(Event):
    """From here this officer holds the hall. `was`: who held it before, empty for nobody."""

    kind: ClassVar[str] = "opening.host-took"
    org: str
    host: str
    was: str
    handed: bool


@dataclass(frozen=True)
class TurnExtended(Event):
    """The present turn ends later, for everybody."""

    kind: ClassVar[str] = "opening.extended"
    by: str
    minutes: int
    reason: str
    window_ends: str


@dataclass(frozen=True)
class IncidentNoted(Event):
    """An outage of the platform, reported by one and confirmed by another; the turn ends later by as long, for all."""

    kind: ClassVar[str] = "opening.incident"
    number: str
    since: str
    until: str
    cause: str
    reported_by: str
    by: str
    window_ends: str


@dataclass(frozen=True)
class HostSaid(Event):
    """The host's message to everybody."""

    kind: ClassVar[str] = "opening.host-said"
    by: str
    text: str


@dataclass(frozen=True)
class MessageSent(OfParties):
    """A message between the host and one bidder: only a commitment to it, and to neither who nor what."""

    kind: ClassVar[str] = "opening.message-sent"
    commitment: str


@dataclass(frozen=True)
class BidderMuted(OfParties):
    """The host stopped a bidder's messages, or lets them through again."""

    kind: ClassVar[str] = "opening.muted"
    org: str
    muted: bool
    reason: str


@dataclass(frozen=True)
class IdentityChecked(OfParties):
    """Whether a bidder's representative is who he says, and what is known of the deposit; the opening goes on."""

    kind: ClassVar[str] = "opening.identity-checked"
    org: str
    fits: bool
    by_hand: bool
    deposit: str
    reason: str


@dataclass(frozen=True)
class PriceConfirmed(OfParties):
    """A bidder says whether what was read out is his quote. sheet_sha256: of what was read out."""

    kind: ClassVar[str] = "opening.price-confirmed"
    org: str
    agrees: bool
    reason: str
    sheet_sha256: str


@dataclass(frozen=True)
class ReadingStarted(OfParties):
    """The table is read to everybody: row i of orgs from `begins` + i × seconds on, by the server's clock."""

    kind: ClassVar[str] = "opening.reading-started"
    orgs: list[str]
    begins: str
    seconds: int


@dataclass(frozen=True)
class ReadingStopped(OfParties):
    """The host stopped the read-out."""

    kind: ClassVar[str] = "opening.reading-stopped"


@dataclass(frozen=True)
class OpeningEnded(OfParties):
    kind: ClassVar[str] = "opening.ended"
    record_sha256: str
    reason: str = ""  # why the witness's signature was not waited for


@dataclass(frozen=True)
class NotOpened(Event):
    """Too few: nothing about how many or who."""

    kind: ClassVar[str] = "opening.not-opened"
    min: int
    statement: dict[str, Any] | None  # the supervisor's; None where nobody is asked, because it opens by itself
