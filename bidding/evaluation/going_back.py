"""Scoring again, before the report is handed in or while nobody is determined by it: only on the buyer's application
and the supervision body's word.

What was there stays: the report with its salt, who had signed it, and every sheet as it was locked.
Whoever neither signs nor says why is noted by the supervision body and counts as agreeing.
"""

import json
from datetime import datetime

from django.db import transaction

from accounts import inbox
from bidding.evaluation import events, queries, rules, scoring
from bidding.evaluation.models import Evaluation, Rollback, Sheet, Signature
from bidding.evaluation.rules import Step
from bidding.evaluation.settled import Settled
from experts.panels import queries as panels
from experts.panels.models import Seat
from ledger.services import record
from market.awards import queries as award_desk
from market.awards import services as awards
from market.projects import queries as projects
from rulebook.actor import Actor, Role
from rulebook.refusal import refuse_if
from rulebook.seen import why_not_seen


@transaction.atomic
def ask(*, project_number: str, ground: str, reason: str, by: Actor, at: datetime) -> Rollback:
    """Apply to have the panel score again; nobody signs until it is decided.

    Refused when it is not the buyer's officer, there is no report or a winner is determined, or the ground is none of
    the law's.
    Law: 87号令 第64条.
    """
    project = projects.hold_published(project_number)
    evaluation = queries.hold(project)
    refuse_if(
        rules.why_not_ask_rollback(
            by=by, buyer=project.acting(by), step=Step(evaluation.step), ground=ground, reason=reason,
            asked=queries.rollback_asked(evaluation) is not None or Settled(evaluation).waiting,
        )
    )  # fmt: skip
    if Step(evaluation.step) is Step.DONE:
        refuse_if(award_desk.why_not_judge_again(project, ground=ground))
    inbox.post(
        topic=inbox.Topic.DUTY,
        to_role=Role.SUPERVISOR, region=project.region, subject=f"申请重新评分：{project.title}",
        body=f"{project.terms.buyer}申请评审小组重新评分，请决定。",
        link=f"/projects/{project_number}/evaluation/", at=at,
    )  # fmt: skip
    return Rollback.objects.create(
        evaluation=evaluation, ground=ground, reason=reason.strip(), asked_by=by.person, asked_at=at
    )


@transaction.atomic
def decide(
    *, project_number: str, approves: bool, why: str, seen: str | None = None, by: Actor, at: datetime
) -> Rollback:
    """Decide on the application: approved, the members score again and the report is built anew; the old one is kept.

    seen: the application that was read, by its number.
    Refused when it is not the supervision body, nothing waits, without reasons, or when another waits than was read.
    Law: 87号令 第64条.
    """
    project = projects.hold_published(project_number)
    evaluation = queries.hold(project)
    row = queries.rollback_asked(evaluation)
    refuse_if(rules.why_not_decide_rollback(by=by, step=Step(evaluation.step), waits=row is not None, why=why))
    assert row is not None  # the rule has seen it
    refuse_if(why_not_seen(seen, stands=row.number))
    again = approves and Step(evaluation.step) is Step.DONE
    row.state = state_of(evaluation) if approves else None
    row.approved, row.why, row.decided_by, row.decided_at = approves, why.strip(), by.person, at
    row.save(update_fields=["state", "approved", "why", "decided_by", "decided_at"])
    if approves:
        Sheet.objects.filter(seat__in=panels.seated(project_number)).update(locked_at=None, correcting=row.ground)
        evaluation.advance(Step.SCORES, at=at)
        if again:
            awards.take_back(project=project, ground=row.ground, at=at)
        record(events.RolledBack(stream=project.log, ground=row.ground, before=evaluation.commitment), at=at)
    return row


def state_of(evaluation: Evaluation) -> dict[str, object]:
    """The evaluation as it stands: the report, what opens its commitment, who signed it, every sheet."""
    signed = Signature.objects.filter(evaluation=evaluation, round=queries.report_round(evaluation))
    return {
        "report": json.loads(evaluation.report),
        "salt": evaluation.report_salt,
        "commitment": evaluation.commitment,
        "signed": [
            {"seat": row.seat.seat_no, "dissent": row.dissent, "explanation": row.explanation, "refused": row.refused}
            for row in signed.select_related("seat").order_by("seat__seat_no")
        ],
        "sheets": {str(seat): sheet for seat, sheet in sorted(queries.last_by_seat(evaluation).items())},
    }


@transaction.atomic
def note_refusal(*, project_number: str, seat_no: int, by: Actor, at: datetime) -> Signature:
    """Note that a member neither signs nor writes why: he counts as agreeing.

    Refused when it is not the supervision body, or the report is not being signed. Raises Seat.DoesNotExist.
    Law: 招标投标法实施条例 第53条; 政府采购法实施条例 第41条.
    """
    project = projects.hold_published(project_number)
    evaluation = queries.hold(project)
    seat = Seat.objects.get(panel__project_number=project_number, state="seated", seat_no=seat_no)
    current = queries.report_round(evaluation)
    signed = Signature.objects.filter(seat=seat, round=current).exists()
    refuse_if(
        rules.why_not_note_refusal(
            by=by, step=Step(evaluation.step), signed=signed, asked=queries.rollback_asked(evaluation) is not None
        )
    )
    row = Signature.objects.create(evaluation=evaluation, seat=seat, round=current, refused=True, at=at)
    scoring.finish_if_signed(evaluation, at=at)
    return row
