"""The due process of a case as a table and a fold: what has happened, what may happen next, and who may do it. Pure.

A case is the fold of its steps. Nobody is restricted but by two persons, who are neither the reporter nor each other,
after a notice and the whole of the time to answer it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from blacklist.cases.rules import CONSEQUENCES, Kind, end_of, midnight, term
from rulebook.calendar import add_working_days, day_in_china, is_working_day
from rulebook.law import Article
from rulebook.machine import Machine


class Source(StrEnum):
    """Where a report comes from."""

    BUYER = "buyer"
    SUPERVISION = "supervision"
    COMPLAINT = "complaint"  # the public's, through the desk of complaints
    SYSTEM = "system"  # from a recorded fact


class State(StrEnum):
    """Where a case stands."""

    REPORTED = "reported"
    EXAMINING = "examining"
    NOTICED = "noticed"
    HEARING = "hearing"
    PROPOSED = "proposed"
    DECIDED = "decided"
    SERVED = "served"
    APPEALED = "appealed"
    RULING = "ruling"
    CLOSED = "closed"
    DISMISSED = "dismissed"
    REFERRED = "referred"


LIFE: Machine[State] = Machine(
    {
        State.REPORTED: frozenset({State.EXAMINING, State.DISMISSED}),
        State.EXAMINING: frozenset({State.NOTICED, State.DISMISSED, State.REFERRED}),
        State.NOTICED: frozenset({State.HEARING, State.PROPOSED}),
        State.HEARING: frozenset({State.PROPOSED}),
        State.PROPOSED: frozenset({State.NOTICED, State.HEARING, State.DECIDED, State.DISMISSED, State.REFERRED}),
        State.DECIDED: frozenset({State.SERVED}),
        State.SERVED: frozenset({State.APPEALED}),
        State.APPEALED: frozenset({State.RULING}),
        State.RULING: frozenset({State.APPEALED, State.CLOSED}),
    },
    code="cases.state",
)


class Act(StrEnum):
    """What can be done in a case."""

    REPORTED = "reported"
    TAKEN_UP = "taken-up"
    DISMISSED = "dismissed"
    REFERRED = "referred"
    NOTICED = "noticed"
    STATED = "stated"
    HEARING_ASKED = "hearing-asked"
    HEARING_SET = "hearing-set"
    HEARD = "heard"
    PROPOSED = "proposed"
    AGREED = "agreed"
    RETURNED = "returned"
    SERVED = "served"
    APPEALED = "appealed"
    REPAIR_ASKED = "repair-asked"


SIGNED = (Act.PROPOSED, Act.AGREED, Act.RETURNED)  # two of a round are two persons


class Outcome(StrEnum):
    """What is proposed: the first three end a case, the next an appeal, the last two a request for repair."""

    RESTRICT = "restrict"
    DISMISS = "dismiss"
    REFER = "refer"
    UPHELD = "upheld"
    CHANGED = "changed"
    ANNULLED = "annulled"
    REPAIRED = "repaired"
    REFUSED = "refused"


RULINGS = frozenset({Outcome.UPHELD, Outcome.CHANGED, Outcome.ANNULLED})
REPAIRS = frozenset({Outcome.REPAIRED, Outcome.REFUSED})
DECISIONS = frozenset({Outcome.RESTRICT, Outcome.DISMISS, Outcome.REFER})
ENDED: Mapping[Outcome, str] = {
    Outcome.CHANGED: "changed",
    Outcome.ANNULLED: "annulled",
    Outcome.REPAIRED: "repaired",
}

# Working days. Those of notice, hearing and service are of the law of penalties, which the agreement takes as its own.
PENALTIES = Article("行政处罚法", "第63、64条")
SERVICE = Article("行政处罚法", "第61条")
DEFENCE = 5
HEARING_AHEAD = 7
SERVE_IN = 7
APPEAL_IN = 10  # the house's own
TAKE_UP_IN = 5  # the house's own
EXAMINE_IN = 20  # the house's own
DECIDE_IN = 20  # the house's own
RULE_IN = 20  # the house's own
REPAIR_IN = 10  # to verify


@dataclass(frozen=True, slots=True)
class Terms:
    """What is held against the subject, or what an appeal makes of it.  kind: besides the points, or None.

    months: of that kind.  points: 0 for none.
    """

    points: int = 0
    kind: Kind | None = None
    months: int = 0

    def data(self) -> dict[str, str | int]:
        """As a step keeps it."""
        return {"points": self.points, "kind": self.kind or "", "months": self.months}

    @classmethod
    def of(cls, data: Mapping[str, object]) -> "Terms":
        """From a step."""
        kind = data.get("kind")
        return cls(
            int(str(data.get("points") or 0)), Kind(str(kind)) if kind else None, int(str(data.get("months") or 0))
        )

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """What a decision with these terms makes, one restriction a kind."""
        return ((Kind.POINTS,) if self.points else ()) + ((self.kind,) if self.kind else ())

    def heavier_than(self, other: "Terms") -> bool:
        """Whether anything of it goes beyond the other. A removal is beyond any suspension."""
        order = (None, Kind.SUSPENSION, Kind.REMOVAL)
        mine, theirs = order.index(self.kind), order.index(other.kind)
        longer = mine == theirs and self.months > other.months
        return self.points > other.points or mine > theirs or longer


NOTHING = Terms()


@dataclass(frozen=True, slots=True)
class Step:
    """One step as the fold sees it. The model row fits where it has these columns.

    about: the public id of the restriction a repair is about.
    """

    act: Act
    person: str
    at: datetime
    until: datetime | None = None
    outcome: Outcome | None = None
    terms: Terms = NOTHING
    about: str = ""


@dataclass(frozen=True, slots=True)
class Proposal:
    """What one person proposed and another is to agree to.  round: of the two signatures."""

    by: str
    at: datetime
    outcome: Outcome
    terms: Terms
    about: str
    was: State
    round: int


@dataclass(frozen=True, slots=True)
class Made:
    """A restriction as a decision makes it."""

    kind: Kind
    points: int
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class File:
    """What is known of a case: the fold of its steps.

    charge: what the notice says may follow, which no decision goes beyond.  defence_until: shut from then on.
    signers: the two who decided.  hearing_at: when it is held.  heard: it was, or the party stayed away.
    repairs: restrictions whose repair is asked for and undecided, with the instant it was.
    """

    ground: str
    reported_by: str
    party_org: str = ""
    party_person: str = ""
    state: State = State.REPORTED
    reported_at: datetime | None = None
    taken_up_at: datetime | None = None
    examiner: str = ""
    charge: Terms = NOTHING
    noticed_at: datetime | None = None
    defence_until: datetime | None = None
    stated: bool = False
    hearing_asked: bool = False
    hearing_at: datetime | None = None
    chair: str = ""
    heard: bool = False
    round: int = 0
    proposal: Proposal | None = None
    decision: Proposal | None = None
    decided_at: datetime | None = None
    signers: frozenset[str] = frozenset()
    served_at: datetime | None = None
    appeal_until: datetime | None = None
    appealed_at: datetime | None = None
    ruling: Proposal | None = None
    repair: Proposal | None = None
    repairs: Mapping[str, datetime] = field(default_factory=dict)


def window(day: datetime, working_days: int) -> datetime:
    """The instant a window of working days is shut: it ends with its last day in China, the day it opens uncounted.

    Law: 行政处罚法 第85条 (days are working days); 民法典 第201条.
    """
    return end_of(add_working_days(day_in_china(day), working_days))


def first_hearing(at: datetime) -> datetime:
    """The first instant a hearing told of now may be held: seven full working days lie between."""
    day = add_working_days(day_in_china(at), HEARING_AHEAD + 1)
    return midnight(day)


def is_hearing_day(when: datetime) -> bool:
    """Hearings are held on working days."""
    return is_working_day(day_in_china(when))


def after(file: File, step: Step) -> File:
    """The file with one step more."""
    match step.act:
        case Act.REPORTED:
            return replace(file, reported_at=step.at)
        case Act.TAKEN_UP:
            return replace(file, state=State.EXAMINING, examiner=step.person, taken_up_at=step.at)
        case Act.DISMISSED:
            return replace(file, state=State.DISMISSED)
        case Act.REFERRED:
            return replace(file, state=State.REFERRED)
        case Act.NOTICED:
            return replace(file, state=State.NOTICED, charge=step.terms, noticed_at=step.at, defence_until=step.until)
        case Act.STATED:
            return replace(file, stated=True)
        case Act.HEARING_ASKED:
            return replace(file, state=State.HEARING, hearing_asked=True)
        case Act.HEARING_SET:
            return replace(file, hearing_at=step.until, chair=step.person)
        case Act.HEARD:
            return replace(file, heard=True)
        case Act.PROPOSED:
            return _proposed(file, step)
        case Act.AGREED:
            return _agreed(file, step)
        case Act.RETURNED:
            return _returned(file, step)
        case Act.SERVED:
            return replace(file, state=State.SERVED, served_at=step.at, appeal_until=step.until)
        case Act.APPEALED:
            return replace(file, state=State.APPEALED, appealed_at=step.at)
        case Act.REPAIR_ASKED:
            return replace(file, repairs={**file.repairs, step.about: step.at})


def _proposed(file: File, step: Step) -> File:
    assert step.outcome is not None
    number = file.round + 1  # an appeal and a repair may wait side by side: each is signed in a round of its own
    told = Proposal(step.person, step.at, step.outcome, step.terms, step.about, file.state, number)
    if step.outcome in REPAIRS:
        return replace(file, round=number, repair=told)
    state = State.RULING if step.outcome in RULINGS else State.PROPOSED
    return replace(file, round=number, proposal=told, state=state)


ENDS = {Outcome.RESTRICT: State.DECIDED, Outcome.DISMISS: State.DISMISSED, Outcome.REFER: State.REFERRED}


def _agreed(file: File, step: Step) -> File:
    if step.about:
        left = {about: at for about, at in file.repairs.items() if about != step.about}
        return replace(file, repair=None, repairs=left)
    told = file.proposal
    assert told is not None
    if told.outcome in RULINGS:
        return replace(file, state=State.CLOSED, ruling=told, proposal=None)
    return replace(
        file,
        state=ENDS[told.outcome],
        decision=told,
        decided_at=step.at,
        signers=frozenset({told.by, step.person}),
        proposal=None,
    )


def _returned(file: File, step: Step) -> File:
    if step.about:
        return replace(file, repair=None)
    assert file.proposal is not None
    return replace(file, state=file.proposal.was, proposal=None)


def made(file: File, *, served_at: datetime) -> tuple[Made, ...]:
    """The restrictions a decision makes on its service."""
    assert file.decision is not None
    return _each(file.decision.terms, ground=file.ground, served_at=served_at)


def _each(terms: Terms, *, ground: str, served_at: datetime) -> tuple[Made, ...]:
    found = []
    for kind in terms.kinds:
        starts_at, ends_at = term(kind, ground=ground, months=terms.months, served_at=served_at)
        found.append(Made(kind, terms.points if kind is Kind.POINTS else 0, starts_at, ends_at))
    return tuple(found)


def remade(file: File) -> tuple[Made, ...]:
    """What a changed decision makes: lighter terms, reckoned from the same service."""
    assert file.ruling is not None and file.served_at is not None
    return _each(file.ruling.terms, ground=file.ground, served_at=file.served_at)


def is_stayed_by_appeal(kind: Kind) -> bool:
    """Whether an appeal puts this kind off."""
    return CONSEQUENCES[kind].stays


def may_be_heard(file: File) -> bool:
    """Whether the party may ask for a hearing: its charge reaches beyond points."""
    return file.charge.kind is not None and CONSEQUENCES[file.charge.kind].hearing


def repair_due(file: File) -> datetime | None:
    """Until when the oldest request for repair is to be decided; None without one.

    Law: 明标平台规则 第45条.
    """
    return window(min(file.repairs.values()), REPAIR_IN) if file.repairs else None


def due(file: File) -> datetime | None:
    """Until when the keepers, or the party, have their next act to do; None when nobody has."""
    match file.state:
        case State.REPORTED:
            return None if file.reported_at is None else window(file.reported_at, TAKE_UP_IN)
        case State.EXAMINING:
            return None if file.taken_up_at is None else window(file.taken_up_at, EXAMINE_IN)
        case State.HEARING if file.hearing_at and not file.heard:
            return file.hearing_at
        case State.NOTICED | State.HEARING | State.PROPOSED:
            begins = file.hearing_at if file.heard else file.defence_until
            return None if begins is None else window(begins, DECIDE_IN)
        case State.DECIDED:
            return None if file.decided_at is None else window(file.decided_at, SERVE_IN)
        case State.SERVED:
            return file.appeal_until
        case State.APPEALED | State.RULING:
            return None if file.appealed_at is None else window(file.appealed_at, RULE_IN)
    return None
