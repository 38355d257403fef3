"""A panel, or its missing seats, picked by the buyer where a draw cannot give them: proposed, decided, published."""

from datetime import datetime
from functools import partial

from bidding.evaluation import ceremony, outside, queries
from bidding.evaluation.models import Evaluation
from bidding.evaluation.rules import Step
from experts.panels import selection
from experts.panels.models import Selection
from experts.panels.request import Composition
from experts.panels.selecting import not_deciding
from market.projects import queries as projects
from market.projects.gate import banned_judges
from notifier.asking import asks_first
from rulebook.actor import Actor, Role
from rulebook.refusal import refuse_if


@asks_first
def propose(
    *, project_number: str, members: selection.Members, ground: str, reason: str, evidence: bytes, by: Actor,
    at: datetime,
) -> Selection:  # fmt: skip
    """Propose experts by number at the moment a panel could be drawn.

    Refused when it is not the moment, or for any reason the panel itself has against it.
    Law: 政府采购评审专家管理办法 第13条; 招标投标法实施条例 第47条.
    """
    project = projects.hold_published(project_number)
    refuse_if(queries.why_not_convene(project, queries.of(project), by=by))
    row = project.procedure
    return selection.propose(
        project_number=project_number, stream=project.log, members=members, ground=ground, reason=reason,
        evidence=evidence, composition=Composition(row.seats_for(project.budget), row.seats[1]),
        law=row.self_selection, avoid=ceremony.employers_to_avoid(project, at=at),
        banned=partial(banned_judges, project, at=at), by=by, at=at,
    )  # fmt: skip


@asks_first
def decide(
    *, project_number: str, agreed: bool | None, why: str, seen: str | None = None, by: Actor, at: datetime
) -> Selection:
    """The supervision body agrees, and those picked are asked; or it refuses, with reasons.

    seen: the proposal that was read, by its number.
    Refused for everybody else, when the panel was drawn meanwhile or can be no more, and when another proposal waits.
    """
    project = projects.hold_published(project_number)
    refuse_if(not_deciding(by))  # before anything is read of whom they may not know
    evaluation = queries.of(project)
    if agreed:
        outside.refuse_unless_time(project, evaluation)
    made = selection.decide(
        project_number=project_number, agreed=agreed, why=why, seen=seen, law=project.procedure.by_lot,
        avoid=ceremony.employers_to_avoid(project, at=at), banned=partial(banned_judges, project, at=at),
        answer_within=ceremony.ANSWER_WITHIN[project.procedure.for_real], by=by, at=at,
    )  # fmt: skip
    if made.agreed and evaluation is None:  # the panel judges qualification: nothing came before it
        Evaluation.objects.create(project=project, step=Step.PANEL, step_since=at, qualified_at=at)
    return made


def consent(*, project_number: str, by: Actor) -> tuple[Selection, bytes]:
    """The consent handed in last, for the supervision body. Raises Selection.DoesNotExist for everybody else."""
    found = selection.of(project_number)
    if by.role is not Role.SUPERVISOR or not found:
        raise Selection.DoesNotExist
    return found[0], selection.evidence_of(found[0])
