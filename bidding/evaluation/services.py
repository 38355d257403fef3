"""Acts of an evaluation up to the compliance review: qualification, panel, declaration, recusal, review."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from functools import partial

from django.db import transaction

from accounts import inbox
from bidding.evaluation import ceremony, chair, events, prices, queries, rules, settled
from bidding.evaluation.grounds import BANNED
from bidding.evaluation.models import Declaration, Evaluation, Qualification, Review, Sheet
from bidding.evaluation.queries import Member
from bidding.evaluation.rules import Finding, Step, Vote
from bidding.evaluation.settled import Settled
from bidding.opening import queries as openings
from bidding.opening.consortia import Fault
from bidding.tender import queries as tenders
from experts.panels import barring
from experts.panels import queries as panels
from experts.panels import services as seating
from experts.panels.models import Panel, Seat
from experts.panels.request import Composition, Request, why_not_represent, why_not_request
from experts.registry import queries as registry
from ledger.services import in_entries, record
from market.notices import services as notices
from market.projects import queries as projects
from market.projects.gate import banned_judges
from market.projects.models import Project
from market.projects.rules import Stage
from market.projects.sides import Work
from market.projects.stops import Act
from notifier.asking import asks_first
from rulebook.actor import SYSTEM, Actor, Role
from rulebook.refusal import refuse_if


@transaction.atomic
def qualify(*, project_number: str, findings: Sequence[Finding], by: Actor, at: datetime) -> Evaluation:
    """Write down the purchaser's qualification review; fewer than three qualified end the purchase.

    Refused when it is not the officer, the hall has not ended, it is done already, or something is not judged.
    Law: 87号令 第44条.
    """
    project = projects.hold_published(project_number)
    done = queries.of(project)
    against = partial(
        rules.why_not_qualify, by=by, buyer=project.doer(Work.EVALUATE),
        deciding=Stage(project.stage) is Stage.DECIDING, panels=project.procedure.panel_qualifies,
        hall_ended=openings.is_over(tenders.tender(project_number)), reviewed=done is not None,
    )  # fmt: skip
    refuse_if(against(wanted=(), findings=()))  # before anything is read of bidders nobody may know
    wanted, bans = queries.wanted_findings(project), queries.bans(project, at=at)
    refuse_if(against(wanted=wanted, findings=findings, bans=bans))
    by_org: dict[str, list[Finding]] = {}
    for finding in findings:
        by_org.setdefault(finding.org, []).append(finding)
    passed = {org for org, found in by_org.items() if all(f.passed for f in found)}
    reasons = rules.too_few_qualified(len(passed))
    evaluation = Evaluation.objects.create(
        project=project, step=Step.FAILED if reasons else Step.PANEL, step_since=at, qualified_at=at
    )
    names = {bid.org: bid.name for bid in queries.effective(project)}
    rows = [
        Qualification(
            evaluation=evaluation, org=org, name=names[org], passed=org in passed,
            findings=[{"key": f.key, "passed": bool(f.passed), "reason": f.reason.strip()} for f in by_org[org]],
        )
        for org in sorted(by_org)
    ]  # fmt: skip
    Qualification.objects.bulk_create(rows)
    for told in in_entries(queries.finding_rows(evaluation)):
        record(events.Qualified(stream=project.log, results=told), at=at)
    if reasons:
        notices.fail(number=project_number, reasons=reasons, by=by, at=at)
    return evaluation


@asks_first
def convene(
    *, project_number: str, strata: Sequence[tuple[str, int]], representatives: Sequence[str] = (), venue: str = "",
    starts_at: datetime | None = None, reason: str = "", region: str = "", widen_region: str = "", widen: str = "",
    early: bool = False, by: Actor, at: datetime,
) -> Panel:  # fmt: skip
    """Call the panel: announce its draw over the experts without a conflict.

    strata: (specialty, seats).  representatives: register numbers of the buyer's own people, who are not drawn.
    region: whose experts are drawn from first.  widen_region: why those of every region are where that is too short.
    widen: why near specialties of the catalogue stand in where a list is too short.
    venue, starts_at: all that an invitation says.  reason: of a further draw.
    early: before the opening, where the procedure knows it: who bids is left out of nothing then, for nobody knows it.
    Refused when it is not the officer, the qualification review is not done, there is a panel, or what is asked for
    is not what the law wants a panel to be.
    Law: 87号令 第44条, 第47条; 政府采购法实施条例 第9条, 第39条.
    """
    project = projects.hold_published(project_number)
    evaluation = queries.of(project)
    refuse_if(
        queries.why_not_convene_early(project, by=by, at=at)
        if early
        else queries.why_not_convene(project, evaluation, by=by)
    )
    refuse_if(projects.why_not_go_on(project, Act.JUDGING, at=at))
    if evaluation is None and not early:  # the panel judges qualification: nothing came before it
        Evaluation.objects.create(project=project, step=Step.PANEL, step_since=at, qualified_at=at)
    panel = panels.panel(project_number)
    own = panels.may_represent(project.buyer_id, representatives, project_number=project_number)
    if panel is None:
        composition = Composition(project.procedure.seats_for(project.budget), project.procedure.seats[1])
        asked = Request(strata, representatives, venue, starts_at)
        refuse_if(why_not_request(asked, composition=composition, known=list(registry.specialties()), own=own, at=at))
    else:
        refuse_if(why_not_represent(representatives, own=own, law=project.procedure.seats[1]))
    return seating.call_panel(
        project_number=project_number, stream=project.log, strata=strata,
        avoid=ceremony.employers_to_avoid(project, at=at), banned=partial(banned_judges, project, at=at),
        representatives=representatives, venue=venue, starts_at=starts_at, short_list=project.procedure.short_list,
        law=project.procedure.by_lot,
        region=region, widen_region=widen_region, widen=widen, early=early, contributors=ceremony.contributors(project),
        windows=ceremony.WINDOWS[project.procedure.for_real],
        answer_within=ceremony.ANSWER_WITHIN[project.procedure.for_real], reason=reason, by=by, at=at,
    )  # fmt: skip


@asks_first
def declare(*, project_number: str, by: Actor, at: datetime) -> Declaration:
    """Declare that one has no conflict with any bidder; when all have, the compliance review begins.

    Refused when one is not a member, has declared, or a decision keeps one from judging here.
    Law: 政府采购法实施条例 第9条.
    """
    project = projects.hold_published(project_number)
    evaluation, own = _opinion(project, by)
    refuse_if(
        rules.why_not_declare(
            seat=own.seat.seat_no, step=Step(evaluation.step), declared=own.declared,
            signed_in=settled.signed_in(own.seat),
        )
        or barring.why_not_judge(project_number, by.person, at=at)
    )  # fmt: skip
    declaration = Declaration.objects.create(
        evaluation=evaluation, seat=own.seat, orgs=[bid.org for bid in queries.bids(evaluation)], at=at
    )
    seats = panels.seated(project_number)
    panel = panels.panel(project_number)
    complete = panel is not None and len(seats) == panel.size
    if complete and Declaration.objects.filter(seat__in=seats).count() == len(seats):
        evaluation.advance(Step.REVIEW, at=at)
    record(events.Declared(stream=project.log, seat=own.seat.seat_no), at=at)
    return declaration


def _opinion(project: Project, by: Actor) -> tuple[Evaluation, Member]:
    """The evaluation and the actor's own place in it. Evaluation.DoesNotExist for everybody else."""
    own = queries.member(project, by)
    if own is None:
        raise Evaluation.DoesNotExist
    return queries.hold(project), own


@asks_first
def recuse(*, project_number: str, reason: str, by: Actor, at: datetime) -> Seat:
    """Leave one's seat because of a conflict: the next standby is called, and what one had said is void.

    Refused when one is not a member, the report exists, or there is no reason.
    Law: 政府采购法实施条例 第9条; 87号令 第49条.
    """
    project = projects.hold_published(project_number)
    evaluation, own = _opinion(project, by)
    return _vacate(evaluation, own.seat, reason=reason, by=by, at=at)


@asks_first
def excuse(*, project_number: str, seat_no: int, reason: str, by: Actor, at: datetime) -> Seat:
    """Take a member off the panel who is ill or cannot be reached: by the supervision body, with a reason.

    Refused for everybody else. Raises Seat.DoesNotExist when nobody sits there.
    Law: 87号令 第49条.
    """
    project = projects.hold_published(project_number)
    evaluation = queries.hold(project)
    seat = Seat.objects.get(panel__project_number=project_number, state="seated", seat_no=seat_no)
    return _vacate(evaluation, seat, reason=reason, by=by, at=at)


def _vacate(evaluation: Evaluation, seat: Seat, *, reason: str, by: Actor, at: datetime) -> Seat:
    step = Step(evaluation.step)
    refuse_if(rules.why_not_vacate(step=step))
    if step is not Step.PANEL:
        evaluation.advance(Step.PANEL, at=at)
    return seating.recuse(seat=seat, reason=reason, by=by, at=at)


@asks_first
def replace_barred(*, project_number: str, among: dict[str, str], by: Actor, at: datetime) -> int:
    """Take off the panel whom a decision keeps from judging here: the next standby is called. Returns how many.

    among: of whom it may be true, as `experts.panels.barring.suspects` tells. Once the report exists nobody leaves.
    Law: 政府采购法实施条例 第75条; 招标投标法 第56条.
    """
    project = projects.hold_published(project_number)
    evaluation, panel = queries.of(project), panels.panel(project_number)
    if panel is None or (evaluation is not None and rules.why_not_vacate(step=Step(evaluation.step))):
        return 0
    gone = barring.barred_seats(panel, among=among, banned=partial(banned_judges, project, at=at))
    if evaluation is not None and Step(evaluation.step) is not Step.PANEL and gone:
        Evaluation.objects.select_for_update().get(pk=evaluation.pk).advance(Step.PANEL, at=at)
    for seat in gone:
        seating.pass_over_barred(seat=seat, by=by, at=at)
    return len(gone)


@asks_first
def review(*, project_number: str, votes: Sequence[Vote], by: Actor, at: datetime) -> Review:
    """Hand in one's compliance review; when the last has, the majority decides and scoring begins.

    Fewer than three compliant bids end the purchase.
    Refused when one is not a member, while the purchase is suspended, when one has not declared, before all are there,
    twice, or when something is not judged.
    Law: 87号令 第61条, 第63条; 政府采购法 第36条.
    """
    project = projects.hold_published(project_number)
    evaluation, own = _opinion(project, by)
    refuse_if(projects.why_not_go_on(project, Act.JUDGING, at=at))
    refuse_if(
        rules.why_not_review(
            seat=own.seat.seat_no, declared=own.declared, step=Step(evaluation.step), submitted=own.reviewed,
            wanted=[bid.org for bid in queries.bids(evaluation)], votes=votes, known=queries.grounds(project),
            law=project.procedure.invalid,
        )
        or chair.why_not_begin(settled.chosen(evaluation))
    )  # fmt: skip
    said = [{**asdict(vote), "grounds": list(vote.grounds), "note": vote.note.strip()} for vote in votes]
    row = Review.objects.create(evaluation=evaluation, seat=own.seat, votes=said, at=at)
    _conclude_review(evaluation, at=at)
    return row


def _conclude_review(evaluation: Evaluation, *, at: datetime) -> None:
    """Once every member has handed in: who stands, and whether enough do."""
    project = evaluation.project
    seats = panels.seated(project.number)
    if Review.objects.filter(seat__in=seats).count() < len(seats):
        return
    votes, cap = queries.votes(evaluation, seats), queries.cap(project)
    priced = not queries.judged_before_price(project)
    together = queries.consortium_faults(project, at=at)
    told = {org: together.get(org, ()) for org in queries.bans(project, at=at)}
    together |= {org: (*said, BANNED) for org, said in told.items() if Fault.BANNED not in said}
    found_by_vote = Settled(evaluation)
    out = queries.dropped_out(evaluation) | found_by_vote.invalid
    corrections = found_by_vote.corrected
    for bid in queries.bids(evaluation):
        quote = settled.price(bid, corrections)
        stands, grounds = rules.compliance(votes[bid.org], quote=quote, cap=cap, priced=priced)
        stands, grounds = stands and bid.org not in together, grounds + together.get(bid.org, ())
        notes = sorted({v.note for v in votes[bid.org] if not v.compliant and v.note}) if not stands else []
        if stands and bid.org in out:
            stands, grounds = False, (*grounds, out[bid.org])
        reasons = [queries.ground_words(project, ground) for ground in grounds] + notes
        evaluation.compliance[bid.org] = {"compliant": stands, "reasons": reasons}
    evaluation.save(update_fields=["compliance"])
    least, law = project.least_to_go_on
    too_few = rules.too_few_compliant(found_by_vote.bidders(), least=least, law=law)
    if not too_few and not project.procedure.scores and not project.procedure.talks:
        prices.admit(evaluation, at=at)  # one price, lowest wins: nothing is scored before it
        return
    talked = not project.procedure.talks or openings.is_finished(tenders.tender(project.number))
    evaluation.advance(Step.FAILED if too_few else Step.SCORES if talked else Step.TALKS, at=at)
    if Step(evaluation.step) is Step.TALKS:
        _tell_suppliers(evaluation, at=at)
    # After a replacement others may be locked already; a changed set of bids opens their sheets for the new ones alone.
    orgs = {bid.org for bid in queries.compliant(evaluation)}
    for sheet in Sheet.objects.filter(seat__in=seats, locked_at__isnull=False):
        if set(sheet.scores) != orgs:
            sheet.locked_at = None
            sheet.save(update_fields=["locked_at"])
    if too_few:
        notices.fail(number=project.number, reasons=too_few, by=SYSTEM, at=at)


def _tell_suppliers(evaluation: Evaluation, *, at: datetime) -> None:
    """Each supplier learns whether he takes part in the negotiation, and why not; nothing of the others."""
    project = evaluation.project
    for org, found in sorted(evaluation.compliance.items()):
        yes = "本单位的响应文件通过审查，参加谈判（磋商）。需要报价时另行通知。"
        body = yes if found["compliant"] else "本单位的响应文件未通过审查：" + "；".join(found["reasons"])
        inbox.post(
            to_organisation=org, to_role=Role.PROVIDER, subject=f"响应文件审查结果：{project.title}", body=body,
            link=f"/projects/{project.number}/talks/", at=at,
        )  # fmt: skip
