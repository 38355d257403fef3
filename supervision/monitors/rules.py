"""Alerts: what one is, whose it is, until when, how it ends; the reasons against every act on one. Pure.

Law: the platform's own rules; no law says how fast a supervisor answers an alert.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum, StrEnum

from market.projects.periods import Period, Unit
from rulebook.actor import Actor, Role
from rulebook.house import own
from rulebook.law import Article
from rulebook.refusal import Kind, Reason

OWNED = own(80)


class Light(IntEnum):
    """How a procurement, or a single fact of it, stands: as it should, near a limit, beyond it."""

    GREEN = 0
    YELLOW = 1
    RED = 2


class Monitor(StrEnum):
    """What is watched, and who brought an alert."""

    TIME = "time"
    PROCESS = "process"
    FEE = "fee"
    ANOMALY = "anomaly"
    CLUE = "clue"


class Finding(StrEnum):
    """How an alert ends. IN_TIME is the platform's alone: what was awaited came while the light was yellow."""

    CONFIRMED = "confirmed"
    CORRECTED = "corrected"
    EXPLAINED = "explained"
    FALSE = "false"
    IN_TIME = "in-time"


class Step(StrEnum):
    """What can happen to an alert; its history is a list of these, and nothing in it is ever changed."""

    RAISED = "raised"
    REDDENED = "reddened"
    ASSIGNED = "assigned"
    TAKEN = "taken"
    HANDED = "handed-over"
    NOTED = "noted"
    CURED = "cured"
    ESCALATED = "escalated"
    CLOSED = "closed"


BY_PEOPLE = frozenset(Finding) - {Finding.IN_TIME}
VIEWERS = frozenset({Role.SUPERVISOR, Role.AUDITOR})
LEAST_WORDS = 5  # characters of a finding
# Until when an owner says what he found, counted from the alert, from its turning red, from each reminder.
ANSWERED: Mapping[Light, Period] = {
    Light.YELLOW: Period(3, Unit.WORKING_DAYS, OWNED),
    Light.RED: Period(1, Unit.WORKING_DAYS, OWNED),
}
PLAYED = Period(3600, Unit.SECONDS, OWNED)  # the same in a rehearsal


@dataclass(frozen=True, slots=True)
class Held:
    """An alert as the rules see it.  late: its owner let the time pass."""

    owner: str
    closed: bool
    late: bool


def due(light: Light, *, played: bool, at: datetime) -> datetime:
    """Until when the owner of an alert closes it.  played: it is about a rehearsal."""
    return (PLAYED if played else ANSWERED[light]).due(at)


def cited(law: str) -> Article | str:
    """The article that `str(Article)` wrote down; the words themselves where they name none."""
    name, _, number = law.partition(" ")
    return Article(name, number) if number else law


def next_in_turn(people: Collection[tuple[str, int]]) -> str | None:
    """Whose turn it is among (person, when it last was their turn; 0: never); None where there is nobody."""
    return min(people, key=lambda each: (each[1], each[0]), default=("", 0))[0] or None


def why_not_supervise(*, by: Actor) -> tuple[Reason, ...]:
    """Reasons against acting on alerts: supervisors do."""
    if by.role is Role.SUPERVISOR:
        return ()
    return (Reason("supervision.not-supervisor", Kind.NOT_YOURS, "仅监督人员可办理预警"),)


def why_not_raise(*, what: str, by: Actor) -> tuple[Reason, ...]:
    """Reasons against raising an alert: the platform does, or a supervisor, in a sentence."""
    if by.role not in (Role.SYSTEM, Role.SUPERVISOR):
        return (Reason("supervision.not-supervisor", Kind.NOT_YOURS, "仅监督人员可办理预警"),)
    if not what.strip():
        return (Reason("supervision.no-words", Kind.NOT_VALID, "请写明预警的事实"),)
    return ()


def why_not_take(held: Held, *, by: Actor) -> tuple[Reason, ...]:
    """Reasons against taking an alert: it has an owner who is in time, or it is over."""
    if shut := why_not_supervise(by=by):
        return shut
    if held.closed:
        return (_CLOSED,)
    if held.owner == by.person:
        return (Reason("supervision.own-already", Kind.NOT_NOW, "该预警已由您办理"),)
    if held.owner and not held.late:
        return (Reason("supervision.owned", Kind.NOT_NOW, "该预警已有承办人，且未逾期"),)
    return ()


def why_not_note(held: Held, *, text: str, by: Actor) -> tuple[Reason, ...]:
    """Reasons against writing down what was done about it so far: its owner does, in words."""
    if shut := _why_not_own(held, by=by):
        return shut
    return () if text.strip() else (Reason("supervision.no-text", Kind.NOT_VALID, "请写明办理情况"),)


def why_not_hand_over(held: Held, *, known: bool, text: str, by: Actor) -> tuple[Reason, ...]:
    """Reasons against giving an alert to another supervisor.  known: there is such a one, and it is somebody else."""
    if shut := why_not_note(held, text=text, by=by):
        return shut
    return () if known else (Reason("supervision.to-nobody", Kind.NOT_VALID, "请选择另一名监督人员"),)


def why_not_close(held: Held, *, finding: str, text: str, by: Actor) -> tuple[Reason, ...]:
    """Reasons against closing an alert: its owner does, with a finding in words."""
    if shut := _why_not_own(held, by=by):
        return shut
    reasons: tuple[Reason, ...] = ()
    if finding not in {each.value for each in BY_PEOPLE}:
        reasons += (Reason("supervision.no-finding", Kind.NOT_VALID, "请选择结论"),)
    if len(text.strip()) < LEAST_WORDS:
        reasons += (
            Reason(
                "supervision.no-grounds",
                Kind.NOT_VALID,
                "请写明结论的依据（不少于{least}字）",
                values={"least": LEAST_WORDS},
            ),
        )
    return reasons


_CLOSED = Reason("supervision.closed", Kind.NOT_NOW, "该预警已办结")


def _why_not_own(held: Held, *, by: Actor) -> tuple[Reason, ...]:
    if shut := why_not_supervise(by=by):
        return shut
    if held.closed:
        return (_CLOSED,)
    if held.owner != by.person:
        return (Reason("supervision.not-owner", Kind.NOT_YOURS, "仅承办人可办理该预警"),)
    return ()
