"""Where the panel judges before any price is known: who passed is published, their prices are opened, then ranked."""

from datetime import datetime

from django.db import transaction

from bidding.evaluation import queries, reporting, rules
from bidding.evaluation.models import Evaluation
from bidding.evaluation.rules import Step
from bidding.opening import queries as openings
from bidding.opening import sessions
from bidding.tender import queries as tenders
from market.notices import services as notices
from market.projects import queries as projects
from market.projects.rules import Stage
from rulebook.actor import SYSTEM, Actor
from rulebook.refusal import Kind, Reason, refuse_if


def admit(evaluation: Evaluation, *, at: datetime) -> None:
    """Publish who passed: from here on nothing that was scored changes. The caller holds the project."""
    evaluation.advance(Step.PRICE, at=at)
    passed = {bid.org: bid.name for bid in queries.compliant(evaluation)}
    sessions.admit(project=evaluation.project, passed=passed, at=at)


@transaction.atomic
def rank_prices(*, project_number: str, by: Actor, at: datetime) -> Evaluation:
    """Once the price session has ended, judge the prices by arithmetic and report. Does nothing twice.

    A purchase that failed in that session fails here as well; fewer admissible prices than its law wants end it.
    Refused while prices are still sealed.  Law: 87号令 第63条; 政府采购法 第36条.
    """
    project = projects.hold_published(project_number)
    evaluation = queries.hold(project)
    if Step(evaluation.step) is not Step.PRICE:
        return evaluation
    if Stage(project.stage) is not Stage.DECIDING:
        evaluation.advance(Step.FAILED, at=at)
        return evaluation
    if not openings.is_finished(tenders.tender(project_number)):
        refuse_if((Reason("prices.sealed", Kind.NOT_NOW, "报价文件尚未全部开启"),))
    tender = tenders.tender(project_number)
    if project.procedure.talks and not tender.rounds.filter(last=True).exists():
        evaluation.advance(Step.TALKS, at=at)  # the negotiation goes on with what was quoted
        return _drop(evaluation, at=at)
    cap, out = queries.cap(project), queries.dropped_out(evaluation)
    for bid in queries.compliant(evaluation):
        if grounds := (out[bid.org],) if bid.org in out else rules.why_not_quote(bid.quote, cap=cap):
            reasons = [queries.ground_words(project, ground) for ground in grounds]
            evaluation.compliance[bid.org] = {"compliant": False, "reasons": reasons}
    evaluation.save(update_fields=["compliance"])
    least, law = project.least_to_go_on
    if too_few := rules.too_few_compliant(len(queries.compliant(evaluation)), least=least, law=law):
        evaluation.advance(Step.FAILED, at=at)
        notices.fail(number=project_number, reasons=too_few, by=by, at=at)
    elif project.procedure.talks and project.procedure.scores:
        evaluation.advance(Step.SCORES, at=at)
    else:
        reporting.report(evaluation, at=at)
    return evaluation


def _drop(evaluation: Evaluation, *, at: datetime) -> Evaluation:
    """Whoever quoted nothing in a round is out; too few left end the purchase."""
    project = evaluation.project
    for org, ground in queries.dropped_out(evaluation).items():
        if evaluation.compliance[org]["compliant"]:
            reason = queries.ground_words(project, ground)
            evaluation.compliance[org] = {"compliant": False, "reasons": [reason]}
    evaluation.save(update_fields=["compliance"])
    least, law = project.least_to_go_on
    if too_few := rules.too_few_compliant(len(queries.compliant(evaluation)), least=least, law=law):
        evaluation.advance(Step.FAILED, at=at)
        notices.fail(number=project.number, reasons=too_few, by=SYSTEM, at=at)
    return evaluation
