"""Acts of a panel beside its sheets: sign in, elect a leader, raise matters, vote; and a bidder's answer."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts import inbox
from bidding.evaluation import chair, events, matters, queries, reporting, rules, scoring, settled
from bidding.evaluation.matters import ASK, ASKED, JUDGE, Matter
from bidding.evaluation.models import Evaluation
from bidding.evaluation.panel_models import LeaderVote, MatterVote, PanelMatter, SignIn
from bidding.evaluation.rules import Step
from bidding.evaluation.settled import Settled
from experts.panels import barring
from experts.panels import queries as panels
from experts.panels.models import Seat
from ledger.services import record
from market.notices import services as notices
from market.projects import queries as projects
from notifier.asking import asks_first
from rulebook.actor import SYSTEM, Actor, Role
from rulebook.refusal import refuse_if


@asks_first
def sign_in(*, project_number: str, promised: bool, by: Actor, at: datetime) -> SignIn:
    """Sign in to one's seat and promise secrecy; who bids is shown from then on.

    Refused when one is not a member, twice, without the promise, and while a decision keeps one from judging here.
    Law: 87号令 第45条, 第66条.
    """
    project = projects.hold_published(project_number)
    evaluation, own = scoring.own_place(project, by)
    refuse_if(
        chair.why_not_sign_in(
            seat=own.seat.seat_no, step=Step(evaluation.step), signed_in=settled.signed_in(own.seat), promised=promised
        )
        or barring.why_not_judge(project_number, by.person, at=at)
    )
    row = SignIn.objects.create(evaluation=evaluation, seat=own.seat, at=at)
    record(events.SignedIn(stream=project.log, seat=own.seat.seat_no), at=at)
    return row


@asks_first
def elect(*, project_number: str, choice: int, by: Actor, at: datetime) -> LeaderVote:
    """Vote for a leader in the round that is on.  choice: a seat number.

    Refused before one's declaration, twice in a round, for the owner's representative, and once there is a leader.
    Law: 87号令 第45条.
    """
    project = projects.hold_published(project_number)
    evaluation, own = scoring.own_place(project, by)
    stands, seats = settled.chosen(evaluation), {seat.seat_no: seat for seat in panels.seated(project_number)}
    wanted: Seat | None = seats.get(choice)
    voted = LeaderVote.objects.filter(seat=own.seat, round=stands.round).exists()
    refuse_if(
        chair.why_not_elect(
            seat=own.seat.seat_no, declared=own.declared, step=Step(evaluation.step), stands=stands,
            choice=wanted.pk if wanted else 0, barred=panels.owners(seats.values()), voted=voted,
        )
    )  # fmt: skip
    row = LeaderVote.objects.create(evaluation=evaluation, seat=own.seat, choice=wanted, round=stands.round, at=at)
    leader = settled.chosen(evaluation).leader
    if leader is not None:
        number = next(seat.seat_no for seat in seats.values() if seat.pk == leader)
        record(events.LeaderElected(stream=project.log, seat=number, round=stands.round), at=at)
    return row


@asks_first
def raise_matter(
    *, project_number: str, kind: str, org: str = "", text: str, facts: Mapping[str, Any], by: Actor, at: datetime
) -> PanelMatter:
    """Put a matter to the panel; whoever raises it is for it.

    Refused when one is not a member or has not declared, outside the review and the scoring, or when the facts are
    not those of its kind.
    Law: 87号令 第31条, 第51条, 第59条, 第60条; 招标投标法实施条例 第52条.
    """
    project = projects.hold_published(project_number)
    evaluation, own = scoring.own_place(project, by)
    bids = queries.bids(evaluation)
    refuse_if(
        matters.why_not_raise(
            kind, seat=own.seat.seat_no, declared=own.declared, step=Step(evaluation.step),
            regime=project.procedure.regime, org=org, orgs=[bid.org for bid in bids], text=text, facts=facts,
            priced=queries.prices_open(evaluation), late=queries.prices_judged_late(evaluation),
            terms=queries.scoring(project),
            small=[bid.org for bid in bids if bid.small], others=[row.raised for row in settled.matters(evaluation)],
        )
    )  # fmt: skip
    row = PanelMatter.objects.create(
        evaluation=evaluation, kind=kind, org=org, seat=own.seat, text=text.strip(), facts=dict(facts), at=at
    )
    _vote(row, own.seat, ASK, yes=True, at=at)
    return row


@asks_first
def vote(*, project_number: str, matter: int, stage: str, yes: bool, by: Actor, at: datetime) -> PanelMatter:
    """Vote on a matter; more than half decide it, and a bidder who is to be asked is.  stage: ASK or JUDGE.

    Refused when one is not a member or has not declared, twice, and when nothing is to be decided.
    Raises PanelMatter.DoesNotExist.  Law: 87号令 第61条.
    """
    project = projects.hold_published(project_number)
    evaluation, own = scoring.own_place(project, by)
    row = PanelMatter.objects.select_for_update().get(pk=matter, evaluation=evaluation)
    voted = MatterVote.objects.filter(matter=row, seat=own.seat, stage=stage).exists()
    refuse_if(
        matters.why_not_vote(
            seat=own.seat.seat_no, declared=own.declared, step=Step(evaluation.step), matter=row.raised, stage=stage,
            voted=voted, late=queries.prices_judged_late(evaluation),
        )
    )  # fmt: skip
    _vote(row, own.seat, stage, yes=yes, at=at)
    return row


def _vote(row: PanelMatter, seat: Seat, stage: str, *, yes: bool, at: datetime) -> None:
    MatterVote.objects.create(matter=row, seat=seat, stage=stage, yes=yes, at=at)
    seats = panels.seated(row.evaluation.project.number)
    decided = matters.majority(settled.votes(row, stage, seats=seats), seats=len(seats))
    if decided is None:
        return
    if stage == JUDGE:
        row.upheld, row.closed_at = decided, at
    else:
        row.carried = decided
        if decided and Matter(row.kind) in ASKED:
            _ask(row, at=at)
        else:
            row.closed_at = at
    row.save(update_fields=["carried", "due_at", "upheld", "closed_at"])
    _apply(row.evaluation, at=at)


def _ask(row: PanelMatter, *, at: datetime) -> None:
    """Ask the bidder, and nobody else: a letter without a word of what is asked, and a sealed entry with its hash."""
    project = row.evaluation.project
    row.due_at = matters.due(at, minutes=row.facts["minutes"], for_real=project.procedure.for_real)
    inbox.post(
        topic=inbox.Topic.TODAY,
        to_organisation=row.org, to_role=Role.PROVIDER, subject=f"评审小组请贵单位书面答复：{project.title}",
        body="请在时限内打开链接阅读并答复；逾期视为未答复。", link=f"/projects/{project.number}/asked/", at=at,
    )  # fmt: skip
    digest = hashlib.sha256(row.text.encode()).hexdigest()
    record(events.BidderAsked(stream=project.log, org=row.org, matter=row.kind, sha256=digest), at=at)


@transaction.atomic
def reply(
    *, project_number: str, matter: int, text: str, agreed: bool | None = None, by: Actor, at: datetime
) -> PanelMatter:
    """Answer what the panel asked.  agreed: to a correction.

    Refused for everybody but the bidder asked, when it is answered, and when its time is over.
    Raises PanelMatter.DoesNotExist.  Law: 87号令 第51条, 第59条, 第60条.
    """
    project = projects.hold_published(project_number)
    evaluation = queries.hold(project)
    row = PanelMatter.objects.select_for_update().get(
        pk=matter, evaluation=evaluation, org=by.organisation, due_at__isnull=False
    )
    refuse_if(matters.why_not_reply(matter=row.raised, text=text, agreed=agreed, by=by, at=at))
    row.answer, row.answered_at = text.strip(), at
    row.agreed = agreed if row.kind == Matter.CORRECT else None
    if row.kind != Matter.EXPLAIN:
        row.closed_at = at
    row.save(update_fields=["answer", "answered_at", "agreed", "closed_at"])
    digest = hashlib.sha256(row.answer.encode()).hexdigest()
    record(events.BidderAnswered(stream=project.log, org=row.org, matter=row.kind, sha256=digest), at=at)
    _apply(evaluation, at=at)
    return row


@transaction.atomic
def close_silent(*, project_number: str, by: Actor, at: datetime) -> int:
    """Close what was not answered in time, with the consequence of its kind. Returns how many. Does nothing twice."""
    project = projects.hold_published(project_number)
    evaluation = queries.hold(project)
    late = PanelMatter.objects.select_for_update().filter(
        evaluation=evaluation, due_at__lte=at, answered_at=None, closed_at=None
    )
    rows = list(late)
    for row in rows:
        row.closed_at = at
        row.save(update_fields=["closed_at"])
    if rows:
        _apply(evaluation, at=at)
    return len(rows)


def _apply(evaluation: Evaluation, *, at: datetime) -> None:
    """What the settled matters make of the bids under review, and of the purchase; then go on if all have locked."""
    late = queries.prices_judged_late(evaluation)
    if Step(evaluation.step) not in (Step.SCORES, Step.DISPUTE) and not late:
        return  # the review counts them when it ends
    project, cap = evaluation.project, queries.cap(evaluation.project)
    told = Settled(evaluation)
    grounds, corrections = told.invalid, told.corrected
    sealed = not queries.prices_open(evaluation)
    for bid in queries.compliant(evaluation):
        over = () if sealed else rules.why_not_quote(settled.price(bid, corrections), cap=cap)
        if found := ((grounds[bid.org],) if bid.org in grounds else over):
            reasons = [queries.ground_words(project, ground) for ground in found]
            evaluation.compliance[bid.org] = {"compliant": False, "reasons": reasons}
    evaluation.save(update_fields=["compliance"])
    least, law = project.least_to_go_on
    if too_few := rules.too_few_compliant(told.bidders(), least=least, law=law):
        evaluation.advance(Step.FAILED, at=at)
        notices.fail(number=project.number, reasons=too_few, by=SYSTEM, at=at)
        return
    if not late:
        scoring.conclude(evaluation, told=told, at=at)
    elif not told.waiting:
        reporting.report_again(evaluation, told=told, at=at)
