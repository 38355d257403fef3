"""A panel drawn by the pool the law prescribes: imported by the trading centre's witness, signed by the buyer."""

from datetime import datetime
from functools import partial

from django.db import transaction

from bidding.evaluation import ceremony, queries
from bidding.evaluation.models import Evaluation
from bidding.evaluation.rules import Step
from experts.panels import external
from experts.panels.elsewhere import Outside, not_importing
from experts.panels.models import ExternalDraw, Panel
from experts.panels.request import Composition
from market.projects import queries as projects
from market.projects.gate import banned_judges
from market.projects.models import Project
from market.projects.sides import Work
from notifier.asking import asks_first
from rulebook.actor import Actor, Role
from rulebook.refusal import Reason, refuse_if


def _why_not_now(project: Project, evaluation: Evaluation | None, *, called: bool = False) -> tuple[Reason, ...]:
    """Reasons against having a panel now, as who evaluates would be told them.  called: there is one already."""
    buyer = Actor("", Role.OFFICER, project.doer(Work.EVALUATE), "")
    return queries.why_not_convene(project, evaluation, called=called, by=buyer)


def is_time(project: Project, evaluation: Evaluation | None, *, called: bool = False) -> bool:
    """Whether a panel could be called, or imported, now.  called: whether it is there already is not asked."""
    return not _why_not_now(project, evaluation, called=called)


def refuse_unless_time(project: Project, evaluation: Evaluation | None) -> None:
    """Refused when no panel could be called now."""
    refuse_if(_why_not_now(project, evaluation))


def evidence(*, project_number: str, purpose: str, by: Actor, at: datetime) -> tuple[ExternalDraw, bytes]:
    """Take the import's file; the look is written down.

    Raises ExternalDraw.DoesNotExist for all but the supervision body. Refused without a purpose.
    """
    if by.role is not Role.SUPERVISOR:
        raise ExternalDraw.DoesNotExist
    return external.look(project_number=project_number, purpose=purpose, by=by, at=at)


@asks_first
def import_panel(*, project_number: str, told: Outside, evidence: bytes, by: Actor, at: datetime) -> ExternalDraw:
    """Import the sealed panel another pool has drawn, at the moment the buyer could call one here.

    Refused when it is not the moment, or for any reason the panel itself has against it.
    Law: 招标投标法实施条例 第45条.
    """
    project = projects.hold_published(project_number)
    refuse_if(not_importing(by))  # before anything is read of whom they may not know
    evaluation = queries.of(project)
    refuse_if(_why_not_now(project, evaluation))
    made = external.import_panel(
        project_number=project_number, stream=project.log, told=told, evidence=evidence,
        composition=Composition(project.procedure.seats_for(project.budget), project.procedure.seats[1]),
        avoid=ceremony.employers_to_avoid(project, at=at), banned=partial(banned_judges, project, at=at), by=by, at=at,
    )  # fmt: skip
    if evaluation is None:  # the panel judges qualification: nothing came before it
        Evaluation.objects.create(project=project, step=Step.PANEL, step_since=at, qualified_at=at)
    return made


@transaction.atomic
def confirm_panel(*, project_number: str, sha256: str, by: Actor, at: datetime) -> Panel:
    """The buyer's officer signs the hash of the evidence; the panel sits.

    Refused when it is not he, nothing waits, or it is another file's hash.
    """
    project = projects.hold_published(project_number)
    officer = project.does(Work.EVALUATE, by)
    return external.confirm(project_number=project_number, officer=officer, sha256=sha256, by=by, at=at)
