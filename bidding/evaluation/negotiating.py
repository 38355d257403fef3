"""Acts of a negotiation: it is written down, changes are told to all, suppliers leave, sealed quotes are called for."""

import hashlib
from datetime import datetime

from django.db import transaction

from accounts import inbox
from bidding.evaluation import events, negotiation, queries, rules, settled
from bidding.evaluation.grounds import LEFT
from bidding.evaluation.models import Evaluation, Leaving, TalkNote, TermsChange
from bidding.evaluation.queries import Member
from bidding.evaluation.rules import Step
from bidding.guarantees import services as guarantees
from bidding.opening import few
from bidding.submission import queries as submissions
from bidding.submission import rounds
from bidding.submission.models import Round
from bidding.tender import queries as tenders
from ledger.services import record
from market.notices import services as notices
from market.projects import queries as projects
from market.projects.models import Project
from market.projects.rules import Stage
from notifier.asking import asks_first
from rulebook.actor import SYSTEM, Actor, Role
from rulebook.refusal import refuse_if


@asks_first
def note_talk(*, project_number: str, org: str, text: str, by: Actor, at: datetime) -> TalkNote:
    """Write down a negotiation with one supplier.

    Refused to whoever is not a member, outside the negotiation, and of a supplier who is not in it.
    Law: 政府采购法 第38条.
    """
    evaluation, own = _own(projects.hold_published(project_number), by)
    refuse_if(
        negotiation.why_not_note(
            seat=own.seat.seat_no, step=Step(evaluation.step), org=org, going_on=queries.going_on(evaluation), text=text
        )
    )
    row = TalkNote.objects.create(evaluation=evaluation, org=org, seat=own.seat, text=text.strip(), at=at)
    log = evaluation.project.log
    record(events.TalkNoted(stream=log, org=org, seat=own.seat.seat_no, sha256=_digest(row.text)), at=at)
    return row


@asks_first
def propose_change(*, project_number: str, text: str, by: Actor, at: datetime) -> TermsChange:
    """Propose a change of what is wanted; nobody is told before the purchaser has confirmed it.

    Refused to whoever is not a member, and outside the negotiation.
    """
    evaluation, own = _own(projects.hold_published(project_number), by)
    refuse_if(negotiation.why_not_change(seat=own.seat.seat_no, step=Step(evaluation.step), text=text))
    return TermsChange.objects.create(evaluation=evaluation, seat=own.seat, text=text.strip(), at=at)


@transaction.atomic
def confirm_change(*, project_number: str, change: int, by: Actor, at: datetime) -> TermsChange:
    """Confirm a change for the purchaser and tell it to every supplier who takes part, to all alike.

    Refused to anybody but the purchaser's officer, twice, and outside the negotiation.  Law: 政府采购法 第38条.
    """
    project = projects.hold_published(project_number)
    evaluation = queries.hold(project)
    row = TermsChange.objects.select_for_update().get(evaluation=evaluation, pk=change)
    refuse_if(
        negotiation.why_not_confirm(
            buyer=project.buyer_id, step=Step(evaluation.step), confirmed=row.confirmed_at is not None, by=by
        )
    )
    row.confirmed_by, row.confirmed_at, row.told_to = by.person, at, sorted(queries.going_on(evaluation))
    row.save(update_fields=["confirmed_by", "confirmed_at", "told_to"])
    for org in row.told_to:
        inbox.post(
            topic=inbox.Topic.TODAY,
            to_organisation=org, to_role=Role.PROVIDER, subject=f"采购需求变动：{project.title}", body=row.text,
            link=f"/projects/{project.number}/talks/", at=at,
        )  # fmt: skip
    record(events.TermsChanged(stream=project.log, sha256=_digest(row.text), told_to=row.told_to), at=at)
    return row


@transaction.atomic
def leave(*, project_number: str, reason: str = "", by: Actor, at: datetime) -> Leaving:
    """Leave the negotiation; its guarantee goes back. Too few left end the purchase, by the law of its category.

    Refused to whoever does not take part, and once quotes are called for.
    Law: 财库〔2014〕214号 第22条; 财库〔2015〕124号.
    """
    project = projects.hold_published(project_number)
    evaluation = queries.hold(project)
    going_on = queries.going_on(evaluation)
    refuse_if(negotiation.why_not_leave(step=Step(evaluation.step), takes_part=by.organisation in going_on, by=by))
    guarantees.free(tender=tenders.tender(project_number), org=by.organisation, at=at)
    row = Leaving.objects.create(evaluation=evaluation, org=by.organisation, reason=reason.strip()[:500], at=at)
    left = queries.ground_words(project, LEFT)
    evaluation.compliance[by.organisation] = {"compliant": False, "reasons": [left]}
    evaluation.save(update_fields=["compliance"])
    least, law = project.least_to_go_on
    too_few = rules.too_few_compliant(len(going_on) - 1, least=least, law=law)
    if too_few:
        evaluation.advance(Step.FAILED, at=at)
        notices.fail(number=project.number, reasons=too_few, by=SYSTEM, at=at)
    record(events.SupplierLeft(stream=project.log, org=by.organisation), at=at)
    return row


@asks_first
def call_round(*, project_number: str, last: bool, by: Actor, at: datetime) -> Round:
    """Call for sealed quotes of everybody who still takes part.  last: they are the last ones, and are judged.

    Refused to whoever does not lead the panel, before everybody was heard, and while a change waits for the purchaser.
    Law: 财库〔2014〕214号 第21条; 74号令 第33条.
    """
    project = projects.hold_published(project_number)
    evaluation, own = _own(project, by)
    tender = tenders.tender(project_number)
    names = {bid.org: bid.name for bid in queries.compliant(evaluation)}
    refuse_if(settled.why_not_call_round(evaluation, own))
    evaluation.advance(Step.PRICE, at=at)
    return rounds.call(tender=tender, invited=names, last=last, at=at)


@transaction.atomic
def end_if_short(*, project_number: str, by: Actor, at: datetime) -> bool:
    """End a purchase whose closed round has too few quotes: they stay sealed for good. Does nothing otherwise."""
    project = projects.hold_published(project_number)
    evaluation = queries.hold(project)
    tender = tenders.tender(project_number)
    row = submissions.current_round(tender)
    if Stage(project.stage) is not Stage.DECIDING or Step(evaluation.step) is not Step.PRICE or row is None:
        return False
    least = project.least_to_go_on
    opened = tender.openings.filter(session=row.number + 1).exists()
    if row.entry_id is None or opened or len(submissions.live(tender, round=row)) >= least[0]:
        return False
    evaluation.advance(Step.FAILED, at=at)
    notices.fail(number=project_number, reasons=(few.too_few_quotes(least),), by=by, at=at)
    return True


def _own(project: Project, by: Actor) -> tuple[Evaluation, Member]:
    """The evaluation and the actor's own place in it. Evaluation.DoesNotExist for everybody else."""
    own = queries.member(project, by)
    if own is None:
        raise Evaluation.DoesNotExist
    return queries.hold(project), own


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
