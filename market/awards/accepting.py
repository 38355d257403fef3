"""Where the winner is asked: it says yes, its silence is a no, and with nobody left the purchase fails."""

from datetime import datetime

from django.db import transaction

from accounts import inbox
from ledger.services import record
from market.awards import events, queries, services
from market.awards.models import Award
from market.awards.rules import ACCEPTANCE
from market.notices import services as notices
from market.projects import queries as projects
from market.projects.rules import Stage
from rulebook.actor import Actor, Role
from rulebook.refusal import Kind, Reason, refuse_if

SILENCE = "逾期未确认，视为放弃"


@transaction.atomic
def accept(*, number: str, by: Actor, at: datetime) -> Award:
    """Say yes to an award. Refused for anyone but the winner, twice, and after its days.

    Law: 明标平台规则 第10条.
    """
    project = projects.hold(number)
    refuse_if(queries.why_not_accept(project, by=by, at=at))
    award = Award.objects.get(project=project, declined_at=None)
    award.accepted_at = at
    award.save(update_fields=["accepted_at"])
    inbox.post(
        topic=inbox.Topic.DUTY,
        to_organisation=project.buyer_id, to_role=Role.OFFICER,
        subject=f"{project.terms.winner}已确认：{project.title}",
        body=f"{award.name}已确认{project.terms.award}，请在期限内签订合同。",
        link=f"/projects/{number}/award/", at=at,
    )  # fmt: skip
    record(events.AwardAccepted(stream=project.log, org=award.organisation), at=at)
    return award


@transaction.atomic
def abandon_silent(*, number: str, by: Actor, at: datetime) -> bool:
    """Note that the winner has let its days pass; the next in rank follows. Does nothing twice, or before they have."""
    project = projects.hold(number)
    award = queries.standing(project)
    due = queries.accept_due(project, award, at=at) if award else None
    if project.stage != Stage.AWARDED or award is None or award.accepted_at or due is None or at < due:
        return False
    services.decline(number=number, reason=SILENCE, by=by, at=at)
    return True


@transaction.atomic
def fail_where_nobody_is_left(*, number: str, by: Actor, at: datetime) -> bool:
    """End a purchase whose candidates have all declined or are banned. Does nothing while somebody is left."""
    project = projects.hold(number)
    on = queries.publicity(project)
    waits = project.stage != Stage.PROPOSED or not queries.by_house(project) or bool(on and on.why_not_over(at))
    if waits or queries.turn(project, at=at) is not None:
        return False
    reason = Reason("award.nobody-left", Kind.NOT_NOW, "全部{terms.candidate}放弃或者不得{terms.award}", ACCEPTANCE)
    notices.fail(number=number, reasons=(reason,), by=by, at=at)
    return True
