"""Acts of a choice by merit: the owner's panel is named, says what ties it to whom, and gives points with reasons."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from accounts import inbox
from accounts.models import User
from bidding.sealed import events, lots, queries, rules
from bidding.sealed.models import Assessment, FixedQuotes, Judge
from bidding.tender.models import Tender
from experts.panels import barring
from ledger.services import record
from market.awards import services as awards
from market.notices import services as notices
from market.projects import queries as projects
from market.projects.models import Project
from proofs import merit, quotes
from rulebook.actor import SYSTEM, Actor, Role
from rulebook.refusal import Refused, refuse_if


@transaction.atomic
def name_judge(*, project_number: str, person: str, by: Actor, at: datetime) -> Judge:
    """Put one more person on the owner's panel: one of his own, or an expert he invites.

    Refused to everybody but the owner's officer, for somebody else's people, twice, once points are given, late, and
    for whom a decision keeps from judging here: that he cannot is all the owner is told.
    Law: 明标平台规则 第18条.  Raises User.DoesNotExist.
    """
    project = projects.hold(project_number)
    tender = queries.tender(project_number)
    user = User.objects.get(public_id=person, is_active=True)
    refuse_if(
        rules.why_not_name(
            is_officer=project.is_officer(by), own=user.organisation_id == project.buyer_id,
            expert=user.role == Role.EXPERT, named=Judge.objects.filter(tender=tender, person=person).exists(),
            stage=project.stage, begun=queries.has_begun(tender),
            late=queries.is_panel_over(tender, at=at),
            barred=bool(barring.why_not_judge(project_number, person, at=at)),
        )
    )  # fmt: skip
    invited = user.organisation_id != project.buyer_id
    judge = Judge.objects.create(tender=tender, person=person, name=user.name, invited=invited, named_at=at)
    inbox.post(
        topic=inbox.Topic.DUTY,
        to_user=user, subject=f"请参加评审：{project.title}", link=f"/purchases/{project.number}/panel/", at=at,
        body="采购人请您参加择优选取的评审小组。开启以后先声明有没有需要回避的情形，再逐家打分、写明理由。",
    )  # fmt: skip
    record(events.JudgeNamed(stream=project.log, seats=tender.judges.count(), invited=invited), at=at)
    return judge


def invite(*, project_number: str, username: str, by: Actor, at: datetime) -> Judge:
    """Put an expert on the panel, by the name under which he signs in, which he gave to the owner.

    Refused as `name_judge` is; whoever is no expert is refused as a stranger, so that nothing is learnt of accounts.
    """
    project = projects.visible(project_number, viewer=by)
    found = User.objects.filter(username=username, role=Role.EXPERT, is_active=True).first()
    if found is None or not project.is_officer(by):
        facts = {"own": False, "expert": False, "named": False, "stage": project.stage, "begun": False, "late": False}
        raise Refused(*rules.why_not_name(is_officer=project.is_officer(by), **facts))  # type: ignore[arg-type]
    return name_judge(project_number=project_number, person=str(found.public_id), by=by, at=at)


@transaction.atomic
def declare(*, project_number: str, recused: bool, reason: str, by: Actor, at: datetime) -> Judge:
    """Say, knowing who offers, whether anything ties one to one of them; who is tied does not judge.

    Refused to everybody but a judge, before the quotes are fixed, late, twice, recused without a reason, and not
    recused while a decision keeps one from judging here.
    """
    project = projects.hold(project_number)
    tender = queries.tender(project_number)
    judge = queries.judge(tender, viewer=by)
    refuse_if(
        rules.why_not_declare(
            is_judge=judge is not None, fixed=queries.fixed(tender) is not None,
            late=queries.is_panel_over(tender, at=at),
            declared=bool(judge and judge.declared_at), recused=recused, reason=reason,
        )
        or (() if recused else barring.why_not_judge(project_number, by.person, at=at))
    )  # fmt: skip
    assert judge is not None  # the gate of who is behind us
    judge.declared_at, judge.recused, judge.reason = at, recused, reason.strip()[:300]
    judge.save(update_fields=["declared_at", "recused", "reason"])
    record(events.JudgeDeclared(stream=project.log, seat=queries.seat_of(judge), recused=recused), at=at)
    return judge


@transaction.atomic
def excuse_barred(*, project_number: str, by: Actor, at: datetime) -> int:
    """Take off the owner's panel whom a decision keeps from judging here and who has not given all his points.

    The owner may name another in his place; what was given is void, and nobody is told why. Returns how many.
    Law: 政府采购法实施条例 第75条.
    """
    project = projects.hold(project_number)
    tender = queries.tender(project_number)
    orgs, gone = queries.to_assess(queries.fixed(tender)), 0
    for judge in tender.judges.filter(recused=False).order_by("pk"):
        done = orgs and judge.assessments.count() == len(orgs)
        if done or not barring.why_not_judge(project_number, judge.person, at=at):
            continue
        judge.declared_at, judge.recused = judge.declared_at or at, True
        judge.save(update_fields=["declared_at", "recused"])
        record(events.JudgeDeclared(stream=project.log, seat=queries.seat_of(judge), recused=True), at=at)
        gone += 1
    return gone


@transaction.atomic
def assess(
    *, project_number: str, org: str, scores: Mapping[str, str], reason: str, by: Actor, at: datetime
) -> Assessment:
    """Give one provider one's points, with the reasons; final, and published with the result.

    Refused before every judge has declared and three may judge, once the panel's time is over, for points outside the
    notice's factors, without reasons, and while a decision keeps one from judging here.
    The last points of the last judge make the ranking.
    """
    projects.hold(project_number)
    tender = queries.tender(project_number)
    judge, held = queries.judge(tender, viewer=by), queries.fixed(tender)
    orgs = queries.to_assess(held)
    refuse_if(
        rules.why_not_assess(
            may_judge=bool(judge and judge.declared_at and not judge.recused),
            late=queries.is_panel_over(tender, at=at), judges=queries.judges_told(tender),
            offers=org in orgs, again=bool(judge and judge.assessments.filter(organisation=org).exists()),
            faults=merit.why_not_scores(scores, tender.factors), reason=reason,
        )
        or barring.why_not_judge(project_number, by.person, at=at)
    )  # fmt: skip
    assert judge is not None  # the gate of who is behind us
    plain = {key: str(value) for key, value in scores.items()}
    made = Assessment.objects.create(judge=judge, organisation=org, scores=plain, reason=reason.strip(), at=at)
    told = events.Assessed(stream=tender.project.log, seat=queries.seat_of(judge), given=judge.assessments.count())
    record(told, at=at)
    return made


def choose(project: Project, tender: Tender, held: FixedQuotes, *, at: datetime) -> None:
    """Rank once every judge has given every provider his points; equals by lot. The caller holds the project.

    Where the panel's time is over before that, whoever is missing, the purchase fails.
    Law: 明标平台规则 第18条.
    """
    orgs = queries.to_assess(held)
    seats = {queries.seat_of(judge): judge for judge in tender.judges.filter(recused=False).order_by("pk")}
    rows = {(each.judge_id, each.organisation): each for each in Assessment.objects.filter(judge__tender=tender)}
    if len(seats) < merit.FEWEST or any((judge.pk, org) not in rows for judge in seats.values() for org in orgs):
        due, row = queries.panel_due(tender, at=at), project.procedure.selection
        if due is not None and at >= due and row and row.panel:
            notices.fail(number=project.number, reasons=(rules.no_points(row.panel.words),), by=SYSTEM, at=at)
        return
    given: dict[str, dict[str, Assessment]] = {
        org: {str(seat): rows[judge.pk, org] for seat, judge in seats.items()} for org in orgs
    }
    scores = {org: {seat: each.scores for seat, each in row.items()} for org, row in given.items()}
    prices = {row["org"]: Decimal(row["quote"]) for row in held.rows if row["org"] in orgs}
    weight = queries.price_weight(tender)
    standing = merit.groups(scores, prices, weight)
    tie = queries.draw_of(tender, quotes.TIE)
    orders = queries.drawn(tie)
    if quotes.tied(standing) and not orders:
        lots.draw_tie(project, tie, standing, at=at)
        return
    order = quotes.ranking(standing, orders)
    basis: dict[str, Any] = {
        "factors": [{key: str(each[key]) for key in ("key", "name", "max")} for each in tender.factors],
        "weight": str(weight),
        "judges": [{"seat": seat, "name": judge.name} for seat, judge in seats.items()],
        "scores": scores,
        "reasons": {org: {seat: each.reason for seat, each in row.items()} for org, row in given.items()},
        "ties": quotes.told_ties(standing, orders, tie.pk if tie else ""),
    }
    bids = [
        {"org": row["org"], "name": row["name"], "quote": row["quote"], "compliant": True, "reasons": [],
         "rank": order.index(row["org"]) + 1}
        for row in held.rows if row["org"] in orgs
    ]  # fmt: skip
    report = {"v": "selection/1", "number": project.number, "method": project.method, "basis": basis, "bids": bids}
    awards.propose(number=project.number, report=report, by=SYSTEM, at=at)
