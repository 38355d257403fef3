"""Acts on grievances: the first step and its answer, the complaint, its one notice of defects, its decision."""

import contextlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from accounts import inbox
from accounts.queries import name_of
from blacklist.cases import services as cases
from blacklist.cases.process import Source
from blacklist.cases.rules import Body
from ledger.services import publish_blob, record
from market.complaints import events, queries, rules
from market.complaints.models import Challenge, Complaint, ComplaintStep, Decision
from market.complaints.rules import About, Outcome, State
from market.notices import suspending
from market.projects import queries as projects
from market.projects.models import Project
from market.projects.sides import Work
from proofs import canonical
from rulebook.actor import Actor, Role
from rulebook.calendar import day_in_china
from rulebook.refusal import Kind, Reason, Refused, refuse_if
from rulebook.times import iso


@transaction.atomic
def challenge(
    *, number: str, about: About, points: Sequence[str], known_at: datetime | None = None, by: Actor, at: datetime
) -> Challenge:
    """Put a question or objection in form to the buyer, point by point.

    known_at: when it came to know; the law's latest day where it does not say.  Refused after its days, and to others.
    Law: 政府采购法 第52条; 招标投标法实施条例 第22条, 第44条, 第54条.
    """
    project = projects.hold(number)
    route = queries.route_for(about, project)
    known = known_at or queries.known_at(project, about, at=at)
    own = Challenge.objects.filter(project=project, organisation=by.organisation, answered_at=None)
    refuse_if(
        rules.why_not_challenge(
            route=route, stage=project.stage, points=points, waiting=own.count() if by.organisation else 0,
            known_at=known, by=by, at=at,
        )
    )  # fmt: skip
    assert route is not None, "the rule refuses where there is none"
    made = Challenge.objects.create(
        project=project, about=about.value, organisation=by.organisation, name=name_of(by.organisation),
        person=by.person, points=[point.strip() for point in points], known_at=known, raised_at=at,
        due_at=route.step_answer.due(at) if route.step_answer else at,
    )  # fmt: skip
    inbox.post(
        topic=inbox.Topic.DUTY,
        to_organisation=project.doer(Work.ANSWER), to_role=Role.OFFICER, subject=f"收到{route.step}：{project.title}",
        body="请在期限内书面答复；开启之前不显示提出单位。", link=f"/complaints/steps/{made.public_id}/", at=at,
    )  # fmt: skip
    return made


@transaction.atomic
def answer(*, public_id: UUID, text: str, by: Actor, at: datetime) -> Challenge:
    """Answer a first step. Refused to anyone but the buyer's officer, and twice.

    Law: 政府采购法 第53条; 招标投标法实施条例 第22条, 第54条.
    """
    held = Challenge.objects.select_for_update().get(public_id=public_id)
    refuse_if(
        rules.why_not_answer(
            buyer=held.project.doer(Work.ANSWER), answered=held.answered_at is not None, text=text, by=by
        )
    )
    held.answer, held.answered_by, held.answered_at = text.strip(), by.person, at
    held.save(update_fields=["answer", "answered_by", "answered_at"])
    _tell(held.organisation, "已答复", held.project.title, f"/complaints/steps/{held.public_id}/", at)
    return held


@transaction.atomic
def file(
    *, about: About, number: str = "", after: UUID | None = None, subject: str = "", other: str = "", body: str,
    points: Sequence[str], request: str, interest: str, known_at: datetime | None = None, by: Actor, at: datetime,
) -> Complaint:  # fmt: skip
    """File a complaint with the competent body.

    number: of the purchase.  after: the first step it follows.  other: credit code of who is complained of, where that
    is no purchase's buyer.  body: credit code of the competent body.
    Refused without an interest, before its first step is over, after its days, and beyond what that step said.
    Law: 政府采购法 第55条; 政府采购法实施条例 第55条; 94号令 第17条; 招标投标法实施条例 第60条.
    """
    project = _purchase(number)
    route = queries.route_for(about, project)
    step, prior = queries.first_step(after, project)
    refuse_if(
        rules.why_not_file(
            route=route, needs_purchase=about in rules.OF_A_PURCHASE, prior=prior,
            points=[point.strip() for point in points], request=request, interest=interest, known_at=known_at or at,
            open_ones=queries.open_of(by.organisation, project), by=by, at=at,
        )
    )  # fmt: skip
    assert route is not None, "the rule refuses where there is none"
    if body not in {each.code for each in queries.bodies(project)}:
        raise Refused(Reason("complaint.no-body", Kind.NOT_VALID, "请选定受理部门"))
    made = Complaint.objects.create(
        project=project, challenge=step, after=str(after or ""), route=route.key, about=about.value,
        subject=subject.strip(),
        other=other.strip(), organisation=by.organisation, name=name_of(by.organisation), person=by.person,
        points=[point.strip() for point in points], request=request.strip(), interest=interest.strip(), body=body,
        filed_at=at, check_by=route.check.due(at),
    )  # fmt: skip
    inbox.post(
        topic=inbox.Topic.DUTY,
        to_organisation=body, to_role=Role.SUPERVISOR, subject="收到投诉", body="请在期限内审查是否受理。",
        link=made.get_absolute_url(), at=at,
    )  # fmt: skip
    text = {"points": made.points, "request": made.request, "interest": made.interest, "filed_at": iso(at)}
    record(
        events.ComplaintFiled(
            stream=f"complaint/{made.public_id}", complaint=str(made.public_id), org=made.organisation,
            sha256=canonical.sha256(canonical.dumps(text)).hex(),
        ),
        at=at,
    )  # fmt: skip
    return made


@transaction.atomic
def tell_defects(*, public_id: UUID, defects: Sequence[str], by: Actor, at: datetime) -> Complaint:
    """Tell the complainant all that is missing. Refused a second time, and after the days of the check.

    Law: 94号令 第21条.
    """
    held = _held(public_id)
    told = ComplaintStep.objects.filter(complaint=held, what="defects").exists()
    refuse_if(
        rules.why_not_tell_defects(
            body=held.body, state=State(held.state), told=told, defects=defects, checked_by=held.check_by, by=by, at=at
        )
    )
    held.supplement_by = held.row.supplement.due(at)
    _move(held, State.INCOMPLETE, "supplement_by")
    _step(held, "defects", by=by, at=at, points=[each.strip() for each in defects])
    _tell(held.organisation, "投诉需要补正", "需要补正的内容已一次列明。", held.get_absolute_url(), at)
    return held


@transaction.atomic
def complete(*, public_id: UUID, text: str, by: Actor, at: datetime) -> Complaint:
    """Hand in what was missing; the days of the check begin again. Refused to others, unasked, and late."""
    held = _held(public_id)
    refuse_if(
        rules.why_not_complete(
            own=queries.is_own(held, by), state=State(held.state), text=text, until=held.supplement_by, at=at
        )
    )
    held.check_by = held.row.check.due(at)
    _move(held, State.FILED, "check_by")
    _step(held, "supplement", by=by, at=at, text=text)
    inbox.post(
        topic=inbox.Topic.DUTY,
        to_organisation=held.body, to_role=Role.SUPERVISOR, subject="投诉已补正", body="请在期限内审查是否受理。",
        link=held.get_absolute_url(), at=at,
    )  # fmt: skip
    return held


@transaction.atomic
def accept(*, public_id: UUID, by: Actor, at: datetime) -> Complaint:
    """Take a complaint up: the days of the decision run, the other side is heard."""
    held = _held(public_id)
    refuse_if(_settles(held, State.ACCEPTED, None, "", by))
    held.decide_by, held.reply_by = held.row.decide.due(at), held.row.other.due(at)
    _move(held, State.ACCEPTED, "decide_by", "reply_by")
    _step(held, "accepted", by=by, at=at)
    _tell(held.organisation, "投诉已受理", "将在期限内作出处理决定。", held.get_absolute_url(), at)
    against = held.project.side if held.project else (held.other,) if held.other else ()
    for org in against:
        role = Role.OFFICER if held.project else Role.PROVIDER
        inbox.post(
            topic=inbox.Topic.DUTY,
            to_organisation=org, to_role=role, subject="有一件投诉请答复", body="请在期限内书面说明并提交依据。",
            link=held.get_absolute_url(), at=at,
        )  # fmt: skip
    return held


@transaction.atomic
def refuse(*, public_id: UUID, text: str, by: Actor, at: datetime) -> Complaint:
    """Do not take a complaint up, and say why and where to go instead."""
    held = _held(public_id)
    refuse_if(_settles(held, State.REFUSED, None, text, by))
    _end(held, State.REFUSED, at=at)
    _step(held, "refused", by=by, at=at, text=text)
    _tell(held.organisation, "投诉不予受理", "理由见投诉页。", held.get_absolute_url(), at)
    return held


@transaction.atomic
def reply(*, public_id: UUID, text: str, by: Actor, at: datetime) -> Complaint:
    """The other side's word. Refused to others, twice, and before acceptance.

    Law: 94号令 第23条.
    """
    held = _held(public_id)
    replied = ComplaintStep.objects.filter(complaint=held, what="reply").exists()
    refuse_if(
        rules.why_not_reply(
            concerned=queries.is_other_side(held, by), state=State(held.state), replied=replied, text=text
        )
    )
    _step(held, "reply", by=by, at=at, text=text)
    return held


@transaction.atomic
def withdraw(*, public_id: UUID, text: str, by: Actor, at: datetime) -> Complaint:
    """Take one's complaint back; what rested because of it goes on. Refused to others, and once it is decided."""
    held = _held(public_id)
    refuse_if(rules.why_not_withdraw(own=queries.is_own(held, by), state=State(held.state), text=text))
    _end(held, State.WITHDRAWN, at=at)
    _step(held, "withdrawn", by=by, at=at, text=text)
    inbox.post(
        topic=inbox.Topic.DUTY,
        to_organisation=held.body, to_role=Role.SUPERVISOR, subject="投诉已撤回",
        body="因本投诉暂停的项目，请决定恢复。", link=held.get_absolute_url(), at=at,
    )  # fmt: skip
    return held


@transaction.atomic
def decide(*, public_id: UUID, outcome: Outcome | None, text: str, by: Actor, at: datetime) -> Complaint:
    """Decide a complaint; announce it where the law asks for that; let what rested because of it go on.

    Refused to anyone but a supervisor of the competent body, before acceptance, without a result and its reasons.
    Law: 政府采购法 第56条; 94号令 第29条, 第33条; 招标投标法实施条例 第61条.
    """
    found = Complaint.objects.get(public_id=public_id)
    if found.project is not None:
        projects.lock(found.project.number)
    held = _held(public_id)
    refuse_if(_settles(held, State.DECIDED, outcome, text, by))
    assert outcome is not None, "the rule refuses without one"
    held.outcome = outcome.value
    _end(held, State.DECIDED, at=at)
    _step(held, "decided", by=by, at=at, text=text)
    _tell(held.organisation, "投诉处理决定", "处理决定见投诉页。", held.get_absolute_url(), at)
    project = held.project
    _report_abuse(held, outcome, by=by, at=at)
    if project is None:
        return held
    for org in project.side:
        _tell(org, "投诉处理决定", project.title, held.get_absolute_url(), at)
    rest = project.resting
    if rest is not None and rest.matter == str(held.public_id):
        suspending.resume(number=project.number, text="投诉已作出处理决定。", by=by, at=at)
    if held.row.publishes:
        _announce(held, project, outcome, text, by=by, at=at)
    return held


def _announce(held: Complaint, project: Project, outcome: Outcome, text: str, *, by: Actor, at: datetime) -> None:
    content = canonical.dumps(
        {
            "v": "decision/1", "project": project.number, "title": project.title, "about": held.about,
            "body": name_of(held.body), "outcome": outcome.value, "text": text.strip(),
            "law": str(held.row.decide.law), "decided_at": iso(at),
        }
    )  # fmt: skip
    made = Decision.objects.create(complaint=held, text=content.decode(), sha256=publish_blob(content), published_at=at)
    record(
        events.ComplaintDecided(
            stream=project.log, decision=str(made.public_id), outcome=outcome.value, body=name_of(held.body),
            sha256=made.sha256,
        ),
        at=at,
    )  # fmt: skip


def _report_abuse(held: Complaint, outcome: Outcome, *, by: Actor, at: datetime) -> None:
    """Charge a complainant that made it up, or complained for nothing three times: a report, which is then tried.

    Law: 政府采购法实施条例 第57条; 94号令 第37条.
    """
    lost = outcome in rules.LOST and bool(held.organisation)
    if not lost or not rules.is_abuse(queries.decided(held.organisation, at=at), at=at):
        return
    charge: dict[str, Any] = {
        "body": Body.ORGANISATION, "subject": held.organisation, "ground": "complaint-abuse",
        "occurred_on": day_in_china(at), "facts": "捏造事实，或者十二个月内三次投诉查无实据。",
        "project": held.project.number if held.project else "", "source": Source.SUPERVISION,
    }  # fmt: skip
    # Who has not agreed to the entry agreement cannot be tried under it; what is charged already is not charged twice.
    with contextlib.suppress(Refused), transaction.atomic():
        cases.report(**charge, by=by, at=at)


def _purchase(number: str) -> Project | None:
    if not number:
        return None
    project = projects.hold_if_there(number)
    if project is None or project.published_at is None:
        raise Refused(Reason("complaint.unknown-project", Kind.NOT_VALID, "没有这个项目编号"))
    return project


def _held(public_id: UUID) -> Complaint:
    return Complaint.objects.select_for_update(of=("self",)).select_related("project").get(public_id=public_id)


def _settles(held: Complaint, to: State, outcome: Outcome | None, text: str, by: Actor) -> tuple[Reason, ...]:
    return rules.why_not_settle(
        body=held.body, state=State(held.state), to=to, route=held.row, outcome=outcome, text=text, by=by
    )


def _move(held: Complaint, to: State, *fields: str) -> None:
    held.state = to.value
    held.save(update_fields=["state", *fields])


def _end(held: Complaint, to: State, *, at: datetime) -> None:
    held.ended_at = at
    _move(held, to, "ended_at", "outcome")


def _step(
    held: Complaint, what: str, *, by: Actor, at: datetime, text: str = "", points: Sequence[str] = ()
) -> ComplaintStep:
    return ComplaintStep.objects.create(
        complaint=held, what=what, text=text.strip(), points=list(points), person=by.person, name=by.name, at=at
    )


def _tell(organisation: str, subject: str, body: str, link: str, at: datetime) -> None:
    if organisation:
        inbox.post(to_organisation=organisation, subject=subject, body=body, link=link, at=at)
