"""Acts on alerts: raise, redden, cure, take, hand over, note, close, escalate. Each leaves a step that stays."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max

from accounts import inbox
from accounts.models import User
from accounts.regions.queries import reaching
from market.projects.models import Project
from rulebook.actor import SYSTEM, Actor, Role
from rulebook.refusal import refuse_if
from supervision.monitors import queries, rules
from supervision.monitors.models import Alert, AlertStep, Turn, Watched
from supervision.monitors.rules import Finding, Light, Monitor, Step


@transaction.atomic
def raise_alert(
    *,
    kind: str,
    subject: str,
    fact: str,
    what: str,
    project: Project | None = None,
    monitor: Monitor = Monitor.CLUE,
    light: Light = Light.YELLOW,
    law: str = "",
    evidence: Mapping[str, Any] | None = None,
    by: Actor = SYSTEM,
    at: datetime,
) -> Alert:
    """Raise an alert, once for each (kind, subject, fact); the next supervisor in turn owns it and is told.

    kind: code of the rule, as `clue.address`.  subject: as `project/<number>`.  fact: which of the subject's facts, so
    that another one is another alert.  what: a sentence in Chinese, with nothing its reader may not know yet.
    law: the article in words.  evidence: {"entries": [numbers of public entries], "rows": [[label, value]], "link":
    path on this site}.  Raised again it is the same alert: a red light turns a yellow one red with a new deadline, and
    nothing else changes. Refused for all but the platform and supervisors, and without words.
    """
    refuse_if(rules.why_not_raise(what=what, by=by))
    played = project is not None and not project.procedure.for_real
    due = rules.due(light, played=played, at=at)
    alert, new = Alert.objects.get_or_create(
        kind=kind, subject=subject, fact=fact,
        defaults={
            "monitor": monitor.value, "project": project, "light": light.value, "what": what, "law": law,
            "evidence": dict(evidence or {}), "raised_at": at, "due_at": due,
        },
    )  # fmt: skip
    if not new:
        return _redden(alert, light=light, what=what, evidence=evidence, by=by, at=at)
    _note(alert, Step.RAISED, text=what, by=by, at=at)
    assign(alert=alert, at=at)
    _shine(alert, at=at)
    return alert


def _redden(
    alert: Alert, *, light: Light, what: str, evidence: Mapping[str, Any] | None, by: Actor, at: datetime
) -> Alert:
    row = _hold(alert)
    if row.closed_at is not None or light.value <= row.light:
        return row
    row.light, row.what, row.due_at = light.value, what, rules.due(light, played=row.played, at=at)
    row.evidence = dict(evidence or row.evidence)
    row.save(update_fields=["light", "what", "due_at", "evidence"])
    _note(row, Step.REDDENED, text=what, by=by, at=at)
    if row.owner:
        _tell(row, f"预警转红：{row.what}", at=at)
    _shine(row, at=at)
    return row


@transaction.atomic
def assign(*, alert: Alert, at: datetime) -> Alert:
    """Give an alert without an owner to the supervisor whose turn it is; where there is none, it waits for one."""
    users = {str(user.public_id): user for user in reaching(Role.SUPERVISOR, queries.region_of(alert))}
    turns = dict(Turn.objects.select_for_update().filter(person__in=users).values_list("person", "last"))
    person = rules.next_in_turn([(person, turns.get(person, 0)) for person in users])
    if person is None or alert.owner:
        return alert
    last = Turn.objects.aggregate(last=Max("last"))["last"] or 0
    Turn.objects.update_or_create(person=person, defaults={"last": last + 1})
    alert.owner, alert.owner_name = person, users[person].name
    alert.save(update_fields=["owner", "owner_name"])
    _note(alert, Step.ASSIGNED, by=SYSTEM, at=at)
    _tell(alert, f"预警待办理：{alert.what}", at=at)
    return alert


@transaction.atomic
def take(*, alert: Alert, by: Actor, at: datetime) -> Alert:
    """Take an alert nobody owns, or whose owner let the time pass. Refused for others, and when it is over."""
    row = _hold(alert)
    refuse_if(rules.why_not_take(row.held, by=by))
    return _give(row, Step.TAKEN, person=by.person, name=by.name, text="", by=by, at=at)


@transaction.atomic
def hand_over(*, alert: Alert, to: str, text: str, by: Actor, at: datetime) -> Alert:
    """Give one's alert to another supervisor, saying why.  to: public id. Refused for anyone but its owner."""
    row = _hold(alert)
    known = reaching(Role.SUPERVISOR, queries.region_of(row))
    other = next((user for user in known if str(user.public_id) == to != by.person), None)
    refuse_if(rules.why_not_hand_over(row.held, known=other is not None, text=text, by=by))
    assert other is not None  # the rule has seen to it
    given = _give(row, Step.HANDED, person=to, name=other.name, text=text.strip(), by=by, at=at)
    _tell(given, f"预警移交给您：{given.what}", at=at)
    return given


@transaction.atomic
def note(*, alert: Alert, text: str, by: Actor, at: datetime) -> AlertStep:
    """Write down what was done about one's alert. Refused for anyone but its owner, without words, when it is over."""
    row = _hold(alert)
    refuse_if(rules.why_not_note(row.held, text=text, by=by))
    return _note(row, Step.NOTED, text=text.strip(), by=by, at=at)


@transaction.atomic
def close(*, alert: Alert, finding: str, text: str, by: Actor, at: datetime) -> Alert:
    """Close one's alert with what was found; it stays in the history. Refused without a finding in words, and twice.

    Nothing of the trade changes: what follows from a finding is an act of its own, by whoever has the power.
    """
    row = _hold(alert)
    refuse_if(rules.why_not_close(row.held, finding=finding, text=text, by=by))
    return _close(row, finding=Finding(finding), text=text.strip(), by=by, at=at)


@transaction.atomic
def cure(*, alert: Alert, text: str, at: datetime) -> Alert:
    """What an alert awaited has come: a yellow one ends by itself, a red one says so and waits for its finding."""
    row = _hold(alert)
    if row.closed_at is not None:
        return row
    if row.light == Light.YELLOW:
        return _close(row, finding=Finding.IN_TIME, text=text, by=SYSTEM, at=at)
    _note(row, Step.CURED, text=text, by=SYSTEM, at=at)
    return row


@transaction.atomic
def escalate(*, alert: Alert, by: Actor, at: datetime) -> Alert:
    """An owner is late: every supervisor is told, anybody may take it, and the clock runs anew.

    Twice at one instant changes nothing more. Where nobody owned it, the next in turn does from now on.
    """
    row = _hold(alert)
    if row.closed_at is not None or at < row.due_at:
        return row
    row.late += 1
    row.due_at = rules.due(Light.RED, played=row.played, at=at)
    row.save(update_fields=["late", "due_at"])
    _note(row, Step.ESCALATED, by=by, at=at)
    if not row.owner:
        assign(alert=row, at=at)
    inbox.post(
        topic=inbox.Topic.DUTY,
        to_role=Role.SUPERVISOR, region=queries.region_of(row), subject=f"预警逾期未办：{row.what}"[:200], at=at,
        link=_link(row),
        body=f"承办人{row.owner_name or '暂缺'}第{row.late}次逾期，任何一名监督人员均可接办。",
    )  # fmt: skip
    return row


def _close(row: Alert, *, finding: Finding, text: str, by: Actor, at: datetime) -> Alert:
    row.finding, row.closed_at = finding.value, at
    row.save(update_fields=["finding", "closed_at"])
    _note(row, Step.CLOSED, text=text, by=by, at=at)
    _shine(row, at=at)
    return row


def _give(row: Alert, step: Step, *, person: str, name: str, text: str, by: Actor, at: datetime) -> Alert:
    row.owner, row.owner_name, row.late = person, name, 0
    row.due_at = rules.due(Light(row.light), played=row.played, at=at)
    row.save(update_fields=["owner", "owner_name", "late", "due_at"])
    _note(row, step, text=text, by=by, at=at)
    return row


def _note(row: Alert, step: Step, *, text: str = "", by: Actor, at: datetime) -> AlertStep:
    return AlertStep.objects.create(
        alert=row, step=step.value, light=row.light, by=by.person, by_name=by.name or SYSTEM.name,
        owner_name=row.owner_name, finding=row.finding, text=text, due_at=None if row.closed_at else row.due_at, at=at,
    )  # fmt: skip


def _hold(alert: Alert) -> Alert:
    return Alert.objects.select_for_update(of=("self",)).select_related("project").get(pk=alert.pk)


def _shine(row: Alert, *, at: datetime) -> None:
    """The procurement's light is looked at again, by the tick."""
    if row.project_id is not None:
        Watched.objects.filter(project_id=row.project_id).update(look_at=at)


def _link(row: Alert) -> str:
    return f"/supervision/alerts/{row.public_id}/"


def _tell(row: Alert, subject: str, *, at: datetime) -> None:
    user = User.objects.filter(public_id=row.owner).first()
    if user is not None:
        inbox.post(topic=inbox.Topic.DUTY, to_user=user, subject=subject[:200], body=row.what, link=_link(row), at=at)
