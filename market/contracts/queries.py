"""Reads of contracts."""

from datetime import datetime
from decimal import Decimal

from documents.evidence.models import Evidence
from documents.issued.models import Issued
from market.awards import queries as awards
from market.awards.models import Award, Letter
from market.contracts import rules
from market.contracts.models import Contract, ContractProposal
from market.projects import queries as projects
from market.projects import standing
from market.projects.gate import why_not_banned
from market.projects.models import Project
from market.projects.stops import Act
from rulebook.actor import Actor, Role
from rulebook.calendar import day_in_china
from rulebook.jurisdiction import in_region
from rulebook.refusal import Reason

ABOUT = "contract"  # of evidence: the file of a contract


def of(project: Project) -> Contract | None:
    """The contract of a project, if it is recorded."""
    return Contract.objects.filter(project=project).select_related("notice").first()


def letter_of(award: Award) -> Issued | None:
    """The award letter of an award as it was issued; None while it waits to be."""
    found = Letter.objects.filter(award=award).select_related("paper").first()
    return found.paper if found else None


def letter(project: Project) -> Issued:
    """The letter of the award that stands, or of the last one. Raises Letter.DoesNotExist before it is issued."""
    found = Letter.objects.select_related("paper").get(award__notice=awards.notice(project), paper__isnull=False)
    assert found.paper is not None
    return found.paper


def due(project: Project, award: Award, *, at: datetime) -> datetime:
    """Until when the contract is to be signed, with the time in which the purchase rested."""
    since = award.determined_at
    return projects.rested(project, project.procedure.contract.due(since), since=since, act=Act.CONTRACT, at=at)


def waiting(project: Project) -> ContractProposal | None:
    """The contract that waits for the winner."""
    found = ContractProposal.objects.filter(award__project=project, award__declined_at=None, settled_at=None)
    return found.select_related("award", "file").first()


def proposed(project: Project, *, viewer: Actor) -> list[ContractProposal]:
    """Every contract that was put forward, the latest first: for the two sides, and whoever watches."""
    rows = ContractProposal.objects.filter(award__project=project).select_related("award__project", "file")
    return [row for row in rows.order_by("-pk") if _may_see(row, viewer)]


def may_have_file(evidence: Evidence, viewer: Actor) -> bool:
    """Whether somebody may have the file of a contract: the two sides, and whoever watches."""
    row = ContractProposal.objects.select_related("award__project").filter(file=evidence).first()
    return row is not None and _may_see(row, viewer)


def _may_see(row: ContractProposal, viewer: Actor) -> bool:
    own = viewer.role is Role.PROVIDER and viewer.organisation == row.award.organisation
    return own or row.award.project.is_officer(viewer) or _watches(row, viewer)


def _watches(row: ContractProposal, viewer: Actor) -> bool:
    return in_region(viewer, row.award.project.region).role in (Role.SUPERVISOR, Role.AUDITOR)


def winner(project: Project) -> str | None:
    """Whose award stands."""
    award = awards.standing(project)
    return award.organisation if award else None


def _not_yet(project: Project, *, at: datetime) -> tuple[Reason, ...]:
    return projects.why_not_go_on(project, Act.CONTRACT, at=at) or awards.why_not_contract_yet(project)


def _gate(project: Project, award: Award, *, at: datetime) -> tuple[Reason, ...]:
    """Reasons of decisions against the winner, and of a second post against whoever it named as project leader."""
    org = award.organisation
    return why_not_banned(project, org=org, at=at, new=False) + standing.why_not_led(project, [org]).get(org, ())


def why_not_propose(
    project: Project, *, amount: Decimal, payment: str, delivery: str, late_reason: str, by: Actor, at: datetime
) -> tuple[Reason, ...]:
    """Reasons against putting a contract before the winner now."""
    award = awards.standing(project)
    bans = _gate(project, award, at=at) if award else ()
    if not_yet := _not_yet(project, at=at):
        return rules.why_not_begin(stage=project.stage, buyer=project.buyer_id, by=by) or not_yet
    return rules.why_not_propose(
        stage=project.stage, buyer=project.buyer_id, award_amount=award.amount if award else None,
        awarded_at=award.determined_at if award else None, waiting=waiting(project) is not None, amount=amount,
        payment=payment, delivery=delivery, today=day_in_china(at), period=project.procedure.contract,
        due=due(project, award, at=at) if award else None, late_reason=late_reason, bans=bans, by=by,
    )  # fmt: skip


def why_not_confirm(project: Project, *, late_reason: str, by: Actor, at: datetime) -> tuple[Reason, ...]:
    """Reasons against the winner's yes now."""
    row = waiting(project)
    shut = rules.why_not_answer(stage=project.stage, winner=winner(project), waiting=row is not None, by=by)
    if shut or row is None:
        return shut
    award = row.award
    return (
        _not_yet(project, at=at)
        or _gate(project, award, at=at)
        or rules.why_not_late(
            award.determined_at, day_in_china(at), period=project.procedure.contract,
            due=due(project, award, at=at), late_reason=row.late_reason or late_reason,
        )
    )  # fmt: skip
