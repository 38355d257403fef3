"""Reads of contracts."""

from datetime import date, datetime
from decimal import Decimal

from market.awards import queries as awards
from market.awards.models import Award
from market.contracts import rules
from market.contracts.models import Contract
from market.projects import queries as projects
from market.projects.gate import why_not_banned
from market.projects.models import Project
from market.projects.stops import Act
from rulebook.actor import Actor
from rulebook.refusal import Reason


def of(project: Project) -> Contract | None:
    """The contract of a project, if it is recorded."""
    return Contract.objects.filter(project=project).select_related("notice").first()


def due(project: Project, award: Award, *, at: datetime) -> datetime:
    """Until when the contract is to be signed, with the time in which the purchase rested."""
    since = award.determined_at
    return projects.rested(project, project.procedure.contract.due(since), since=since, act=Act.CONTRACT, at=at)


def why_not_record(
    project: Project, *, amount: Decimal, signed_on: date, late_reason: str, by: Actor, at: datetime
) -> tuple[Reason, ...]:
    """Reasons against recording a contract now."""
    award = awards.standing(project)
    bans = why_not_banned(project, org=award.organisation, at=at, new=False) if award else ()
    rests = projects.why_not_go_on(project, Act.CONTRACT, at=at)
    if not_yet := rests or awards.why_not_contract_yet(project):
        return rules.why_not_begin(stage=project.stage, buyer=project.buyer_id, by=by) or not_yet
    return rules.why_not_record_contract(
        stage=project.stage,
        buyer=project.buyer_id,
        award_amount=award.amount if award else None,
        awarded_at=award.determined_at if award else None,
        amount=amount,
        signed_on=signed_on,
        period=project.procedure.contract,
        due=due(project, award, at=at) if award else None,
        late_reason=late_reason,
        bans=bans,
        by=by,
        at=at,
    )
