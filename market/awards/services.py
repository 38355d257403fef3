"""Acts of the award desk: take in the report, determine the winner, note that a winner declines."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts import inbox
from accounts.models import User
from accounts.queries import name_of
from experts.panels import queries as panels
from experts.panels import release
from ledger.services import publish_blob, record
from market.awards import events, looked_up, queries, results, rules
from market.awards.models import Award, Determination, Letter, Proposal, ResultObjection
from market.awards.rules import Candidate
from market.notices import services as notices
from market.notices.models import Notice
from market.notices.rules import Type
from market.projects import queries as projects
from market.projects import standing
from market.projects.models import Project
from market.projects.rules import Stage
from market.projects.sides import Work
from market.projects.stops import Act
from notifier.asking import asks_first
from proofs import canonical
from rulebook.actor import SYSTEM, Actor, Role
from rulebook.refusal import refuse_if
from rulebook.times import iso


@transaction.atomic
def propose(
    *,
    number: str,
    report: Mapping[str, Any],
    salt: str = "",
    experts: Sequence[Mapping[str, str]] = (),
    order: Sequence[str] = (),
    sheets: Sequence[Mapping[str, Any]] = (),
    by: Actor,
    at: datetime,
) -> Proposal:
    """Hand the signed report to the buyer, who now has its days to determine the winner.

    report: a `report/1`, or the `selection/1` of a choice in the supermarket.  salt: 32 bytes in hex, opens the
    commitment logged to the report; empty where none was.  order: organisations in
    turn, where equal ranks were settled.  experts: [{"name", "employer", "cid", "number", "salt"}], where they are
    known without the notifier.
    sheets: [{"seat", "version", "scores", "salt"}], every score sheet as often as it was locked.
    ValueError when the report does not add up.  Refused when the project is not being decided.
    Law: 政府采购法实施条例 第43条.
    """
    project = projects.hold(number)
    refuse_if(
        rules.why_not_propose(
            stage=project.stage, report=report, number=number, law=project.procedure.determination.law
        )
    )
    refuse_if(projects.why_not_go_on(project, Act.JUDGING, at=at))
    if faults := rules.why_not_add_up(report):
        raise ValueError("; ".join(faults))
    held = Proposal.objects.create(
        project=project,
        report=canonical.dumps(report).decode(),
        salt=salt,
        order=_in_order(report, order),
        experts=[dict(each) for each in experts],
        sheets=[dict(each) for each in sheets],
        received_at=at,
        due_at=project.procedure.determination.due(at),
    )
    project.advance(Stage.PROPOSED, at=at)
    if (before := queries.earlier(project)) and not rules.same_result(before[-1].ranked, held.ranked):
        inbox.post(
            to_role=Role.SUPERVISOR, region=project.region, subject=f"重新评审改变评审结果：{project.title}",
            body=f"重新评审后的候选人排序与原评审报告不同，两份报告见链接。{project.procedure.recheck}",
            link=f"/projects/{number}/evaluation/", at=at,
        )  # fmt: skip
    if queries.by_house(project):
        publish_candidates(number=number, by=SYSTEM, at=at)
        held.refresh_from_db()
        return held
    first = "确认报告，并" if queries.unconfirmed(project, held) else ""
    inbox.post(
        topic=inbox.Topic.DUTY,
        to_organisation=project.buyer_id,
        to_role=Role.OFFICER,
        subject=f"{project.terms.evaluation}报告已送达：{project.title}",
        body=f"请在期限内{first}按{project.terms.evaluation}报告的排序确定{project.terms.winner}。",
        link=f"/projects/{number}/award/",
        at=at,
    )
    return held


def _in_order(report: Mapping[str, Any], order: Sequence[str]) -> list[str]:
    """The ranked organisations in turn. ValueError when neither the ranks nor the order say it."""
    rules.candidates(report, order)
    ranked = [bid for bid in report["bids"] if bid["rank"] is not None]
    return list(order) or [bid["org"] for bid in sorted(ranked, key=lambda bid: int(bid["rank"]))]


def take_back(*, project: Project, ground: str, at: datetime) -> Proposal:
    """Take the report off the award desk because the panel judges again; it is kept. The caller holds the project.

    Refused once an award was published, and on an objection that nobody raised.
    Law: 87号令 第64条.
    """
    refuse_if(queries.why_not_judge_again(project, ground=ground))
    held = Proposal.objects.get(project=project, superseded_at=None)
    held.superseded_at = at
    held.save(update_fields=["superseded_at"])
    project.advance(Stage.DECIDING, at=at)
    inbox.post(
        to_organisation=project.buyer_id, to_role=Role.OFFICER, subject=f"重新评审：{project.title}",
        body="监督部门已批准重新评审。原评审报告保留，不再作为定标依据；重新签署的报告送达后再办理定标。",
        link=f"/projects/{project.number}/award/", at=at,
    )  # fmt: skip
    return held


@transaction.atomic
def publish_candidates(*, number: str, by: Actor, at: datetime) -> Notice:
    """Publish the first candidates with their quotes and points; meanwhile whoever bid may object.

    In the supermarket the house does so when the result comes, and determines the first in turn when that is over.
    Refused for anyone but the buyer's officer (or the house), twice, and where the procedure publishes none.
    Law: 招标投标法实施条例 第53条, 第54条; 招标公告和公示信息发布管理办法 第6条.
    """
    project = projects.hold(number)
    refuse_if(queries.why_not_publish_candidates(project, by=by))
    held, row = Proposal.objects.get(project=project, superseded_at=None), project.procedure
    ends_at = row.publicity.due(at) if row.publicity else at
    leads = standing.published_leaders(project)
    content = {
        "candidates": [
            {
                "rank": each.rank,
                "org": each.org,
                "name": each.name,
                "amount": str(each.quote),
                "total": each.total,
                **leads.get(each.org, {}),
            }
            for each in held.ranked[: row.most_candidates]
        ],
        "publicity": row.publicity.words if row.publicity else "",
        "publicity_ends_at": iso(ends_at),
    }
    if why := held.content.get("basis", {}).get("reason"):  # where the buyer has picked one itself
        content["reason"] = why
    notice = notices.announce(project=project, type=Type.CANDIDATES, content=content, by=by, at=at)
    held.publicity, held.publicity_ends_at = notice, ends_at
    if queries.by_house(project):
        held.due_at = ends_at
    held.save(update_fields=["publicity", "publicity_ends_at", "due_at"])
    return notice


@transaction.atomic
def object_to_candidates(*, number: str, text: str, by: Actor, at: datetime) -> ResultObjection:
    """Object to the published candidates: nobody is determined before it is answered.

    Refused for anyone who did not bid, outside the days of publication, and without a reason.
    Law: 招标投标法实施条例 第54条.
    """
    project = projects.hold(number)
    refuse_if(queries.why_not_object(project, text=text, by=by, at=at))
    answer = project.procedure.answer
    raised = ResultObjection.objects.create(
        project=project,
        organisation=by.organisation,
        name=name_of(by.organisation),
        person=by.person,
        text=text.strip(),
        raised_at=at,
        due_at=answer.due(at) if answer else at,
    )
    inbox.post(
        topic=inbox.Topic.DUTY,
        to_organisation=project.doer(Work.ANSWER),
        to_role=Role.OFFICER,
        subject=f"收到异议：{project.title}",
        body=f"对{project.terms.candidate}公示有异议，应在期限内答复；答复前暂停定标。",
        link=f"/projects/{number}/award/",
        at=at,
    )
    record(events.ResultObjected(stream=project.log, objection=str(raised.public_id)), at=at)
    return raised


@transaction.atomic
def answer_objection(*, number: str, objection: str, text: str, by: Actor, at: datetime) -> ResultObjection:
    """Answer an objection to the candidates, to whoever raised it. Raises ResultObjection.DoesNotExist."""
    project = projects.hold(number)
    buyer = project.doer(Work.ANSWER)
    refuse_if(rules.why_not_officer(buyer=buyer, by=by))  # or he learns that there is one
    raised = ResultObjection.objects.get(project=project, public_id=objection)
    refuse_if(rules.why_not_answer(buyer=buyer, answered=raised.answered_at is not None, text=text, by=by))
    raised.answer, raised.answered_by, raised.answered_at = text.strip(), by.person, at
    raised.save(update_fields=["answer", "answered_by", "answered_at"])
    inbox.post(
        to_organisation=raised.organisation,
        subject=f"异议答复：{project.title}",
        body=raised.answer,
        link=f"/projects/{number}/award/",
        at=at,
    )
    on = queries.publicity(project)
    ends = iso(on.ends_at) if on and on.ends_at else ""
    record(events.ObjectionAnswered(stream=project.log, objection=str(raised.public_id), publicity_ends=ends), at=at)
    return raised


@transaction.atomic
def determine(*, number: str, org: str, by: Actor, at: datetime) -> Award | None:
    """Determine the winner and announce it with the report, the amount and the experts' names.

    Where the names are still secret it is public at once that a winner was determined, and nothing more: that fact is
    what lets the notifier open the masks, and `announce_determined` sends the notice out with them. None until then.
    Refused when it is not the buyer's officer (or the system after the buyer's days), the candidate's turn has not
    come, or a competent authority has banned it.
    Law: 87号令 第68条, 第69条; 政府采购法实施条例 第43条.
    """
    project = projects.hold_batch(number)
    refuse_if(queries.why_not_determine(project, org=org, by=by, at=at))
    if project.procedure.names_experts and release.owed(number):
        Determination.objects.create(project=project, organisation=org, person=by.person, at=at)
        record(events.Determined(stream=project.log), at=at)
        return None
    return _award(project, org, by=by, at=at)


@asks_first
def announce_determined(*, number: str, by: Actor, at: datetime) -> Award | None:
    """Send out the notice that waited for the names of the panel. Does nothing while the notifier keeps them.

    What has become unlawful meanwhile (a ban, a lot too many) is dropped, and the buyer determines again.
    """
    project = projects.hold_batch(number)
    waits = queries.under_way(project)
    if waits is None:
        return None
    user = User.objects.filter(public_id=waits.person).first() if waits.person else None
    decider = user.as_actor() if user else SYSTEM
    against = queries.why_not_determine(project, org=waits.organisation, by=decider, at=at, again=True)
    if not against and not release.publish(number, stream=project.log):
        return None
    waits.closed_at = at
    waits.save(update_fields=["closed_at"])
    if against:
        record(events.DeterminationDropped(stream=project.log, reasons=[each.code for each in against]), at=at)
    return None if against else _award(project, waits.organisation, by=decider, at=at)


def _award(project: Project, org: str, *, by: Actor, at: datetime) -> Award:
    number = project.number
    held = Proposal.objects.get(project=project, superseded_at=None)
    chosen = next(each for each in held.ranked if each.org == org)
    report_sha256 = publish_blob(held.report.encode())
    passed_over = queries.passed_over(project, chosen, at=at)
    project.advance(Stage.AWARDED, at=at)
    _tell(project, held, chosen, at)
    looked_up.look_up(project, chosen, at=at)
    notice = notices.announce(
        project=project, type=Type.AWARD, content=_content(project, held, chosen, report_sha256), by=by, at=at
    )
    award = Award.objects.create(
        project=project,
        notice=notice,
        rank=chosen.rank,
        organisation=chosen.org,
        name=chosen.name,
        amount=chosen.quote,
        determined_by=by.person,
        determined_at=at,
    )
    Letter.objects.create(award=award)  # signed and issued by a tick: nobody waits for a printer
    if project.procedure.supervisor_report:
        inbox.post(
            to_role=Role.SUPERVISOR,
            region=project.region,
            subject=f"招标投标情况书面报告：{project.title}",
            body=f"{project.terms.winner}已确定，评审报告、结果公告和全部公开记录见链接。",
            link=f"/projects/{number}/award/",
            at=at,
        )
    record(_published(project, held, award, report_sha256, passed_over), at=at)
    return award


def _published(
    project: Project, held: Proposal, award: Award, report_sha256: str, passed_over: list[dict[str, Any]]
) -> events.AwardPublished:
    return events.AwardPublished(
        stream=project.log,
        notice=award.notice.number,
        sha256=award.notice.sha256,
        report_sha256=report_sha256,
        salt=held.salt,
        rank=award.rank,
        org=award.organisation,
        name=award.name,
        amount=str(award.amount),
        passed_over=passed_over,
        sheets_sha256=publish_blob(canonical.dumps(held.sheets)) if held.sheets else "",
        earlier=[
            {"report_sha256": publish_blob(one.report.encode()), "salt": one.salt} for one in queries.earlier(project)
        ],
    )


@transaction.atomic
def explain_delay(*, number: str, text: str, by: Actor, at: datetime) -> Proposal:
    """Note the buyer's lawful reasons for needing longer; the system then determines nobody in its place.

    Law: 87号令 第68条.
    """
    project = projects.hold(number)
    refuse_if(
        rules.why_not_explain(
            stage=project.stage, buyer=project.buyer_id, text=text, by=by, law=project.procedure.determination.law,
            by_house=queries.by_house(project),
        )
    )  # fmt: skip
    held = Proposal.objects.get(project=project, superseded_at=None)
    held.delay_reason = text.strip()
    held.save(update_fields=["delay_reason"])
    return held


@transaction.atomic
def decline(*, number: str, reason: str, by: Actor, at: datetime) -> Award:
    """Note that the winner declines; the next in turn may then be determined, or the purchase fails.

    Refused for anyone but the winner and the buyer's officer (in the supermarket the winner alone, and the house for
    its silence), and without a reason.
    Law: 政府采购法实施条例 第49条.
    """
    project = projects.hold(number)
    refuse_if(queries.why_not_decline(project, reason=reason, by=by))
    award = Award.objects.get(project=project, declined_at=None)
    award.declined_at, award.decline_reason = at, reason.strip()
    award.save(update_fields=["declined_at", "decline_reason"])
    project.advance(Stage.PROPOSED, at=at)
    held = Proposal.objects.get(project=project, superseded_at=None)
    held.due_at = at if queries.by_house(project) else project.procedure.determination.due(at)
    held.save(update_fields=["due_at"])
    turn = queries.turn(project, at=at)
    record(
        events.AwardDeclined(
            stream=project.log, org=award.organisation, reason=award.decline_reason, next=turn.org if turn else None
        ),
        at=at,
    )
    return award


def _content(project: Project, held: Proposal, chosen: Candidate, report_sha256: str) -> dict[str, Any]:
    """What an award notice must say: 87号令 第69条."""
    first = Notice.objects.get(project=project, number=1).content
    return {
        "winner": {"org": chosen.org, "name": chosen.name, "rank": chosen.rank, "amount": str(chosen.quote)},
        "items": [{"name": project.item, "demand": project.demand, "amount": str(chosen.quote)}],
        "experts": (held.experts or panels.openings(project.number)) if project.procedure.names_experts else [],
        "notice_period": project.procedure.award_notice.words,
        "determined_after": iso(held.received_at),
        "documents": first.get("documents", []),
        "report_sha256": report_sha256,
        "objection": project.procedure.objection.words,
        "remedy": project.procedure.remedy,
        **({"method": project.procedure.title} if queries.by_house(project) else {}),
    }


def _tell(project: Project, held: Proposal, chosen: Candidate, at: datetime) -> None:
    """Tell the winner, and every other bidder its own result: points by factor and rank, or why it did not pass."""
    for bid in held.content["bids"]:
        if bid["org"] == chosen.org:
            award, row = project.terms.award, project.procedure.selection
            subject, body = f"{award}通知书：{project.title}", f"贵单位{award}，{award}金额 {chosen.quote:,.2f} 元。"
            if row:
                body += f"请在{row.accept.words}内确认，逾期视为放弃。"
        else:
            subject, body = f"评审结果：{project.title}", results.words(held.content, bid, project.terms)
        inbox.post(
            to_organisation=bid["org"], subject=subject, body=body, link=f"/projects/{project.number}/award/", at=at
        )
