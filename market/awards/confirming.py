"""Where an agent had the report made: the purchaser's own person takes it before anybody is determined."""

from datetime import datetime

from django.db import transaction

from accounts import inbox
from ledger.services import record
from market.awards import events, queries
from market.awards.models import Proposal, ReportConfirmation
from market.projects import queries as projects
from market.projects.sides import Work
from rulebook.actor import Actor, Role
from rulebook.refusal import refuse_if
from rulebook.seen import why_not_seen


@transaction.atomic
def confirm_report(*, number: str, seen: str | None = None, by: Actor, at: datetime) -> ReportConfirmation:
    """Take the panel's report for the buyer; from here it determines, within the days that run since it came.

    seen: the report that was read, by its number.
    Refused for anyone but the buyer's own officer, where no agent is entrusted with the evaluation, twice, and where
    another report took the place of what was read.
    Law: 政府采购法实施条例 第43条; 87号令 第68条.
    """
    project = projects.hold(number)
    refuse_if(queries.why_not_confirm_report(project, by=by))
    held = Proposal.objects.get(project=project, superseded_at=None)
    refuse_if(why_not_seen(seen, stands=held.number))
    made = ReportConfirmation.objects.create(proposal=held, by=by.person, by_name=by.name, at=at)
    inbox.post(
        to_organisation=project.doer(Work.EVALUATE), to_role=Role.OFFICER,
        subject=f"采购人已确认{project.terms.evaluation}报告：{project.title}",
        body=f"采购人已确认报告，将按排序确定{project.terms.winner}。", link=f"/projects/{number}/award/", at=at,
    )  # fmt: skip
    record(events.ReportConfirmed(stream=project.log, org=project.buyer_id), at=at)
    return made
