"""After an evaluation: members and whoever organised it appraise each other; clues for the supervision body."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from accounts.queries import name_of
from accounts.regions.queries import lies_in
from bidding.evaluation import bias, queries
from bidding.evaluation.models import Evaluation, Sheet, SheetVersion
from bidding.evaluation.panel_models import Appraisal
from bidding.evaluation.rules import LONGEST_NOTE, Step
from experts.panels import queries as panels
from experts.panels import release
from experts.registry.models import Expert
from market.projects import queries as projects
from market.projects.models import Project
from market.projects.periods import Period, Unit
from market.projects.rules import Stage
from market.projects.sides import Work
from notifier.asking import asks_first
from rulebook.actor import Actor, Role
from rulebook.law import Article
from rulebook.refusal import Kind, Reason, refuse_if

LAW = Article("财库〔2016〕198号", "第21条")
WITHIN = Period(5, Unit.WORKING_DAYS, LAW)
OF_EXPERT = {"skill": "专业水平", "fairness": "独立公正", "discipline": "遵守纪律", "diligence": "履职及时"}
OF_AGENCY = {"order": "组织有序", "material": "资料齐备", "neutral": "不作倾向性引导", "service": "服务保障"}
MARKS = range(1, 6)
AWARDED = (Stage.AWARDED, Stage.CONTRACTED, Stage.COMPLETED, Stage.TERMINATED)


def why_not_appraise(
    *, yours: bool, ended_at: datetime | None, done: bool, marks: Mapping[str, int], wanted: Sequence[str], text: str,
    at: datetime,
) -> tuple[Reason, ...]:  # fmt: skip
    """Reasons against an appraisal: a member of the organiser, the organiser of a seat; once, in time, every mark.

    yours: it is the actor's to make.  ended_at: the evaluation.
    Law: 财库〔2016〕198号 第21条, 第22条.
    """
    if not yours:
        return (Reason("appraisal.not-yours", Kind.NOT_YOURS, "仅评审成员和{terms.buyer}经办人可以互相评价"),)
    if ended_at is None:
        return (Reason("appraisal.too-early", Kind.NOT_NOW, "评审结束后五个工作日内互相评价", LAW),)
    if done:
        return (Reason("appraisal.done", Kind.NOT_NOW, "您已评价", LAW),)
    if at >= WITHIN.due(ended_at):
        return (Reason("appraisal.too-late", Kind.NOT_NOW, "评价期限已过", LAW),)
    if set(marks) != set(wanted) or any(mark not in MARKS for mark in marks.values()) or len(text) > LONGEST_NOTE:
        return (Reason("appraisal.marks", Kind.NOT_VALID, "请对每一项评 1 至 5 分，说明不超过500字", LAW),)
    return ()


def ended_at(evaluation: Evaluation) -> datetime | None:
    """When the evaluation ended; None while it goes on."""
    return evaluation.step_since if Step(evaluation.step) in (Step.DONE, Step.FAILED) else None


@asks_first
def appraise(
    *, project_number: str, seat_no: int = 0, marks: Mapping[str, int], text: str = "", by: Actor, at: datetime
) -> Appraisal:
    """Appraise the other side: a member whoever organised the evaluation, the officer of that house a seat.

    seat_no: whom the officer appraises, by number alone.  Read by the supervision body only.
    Refused for everybody else, before the end, after five working days, twice, and where a mark is missing.
    """
    project = projects.hold_published(project_number)
    evaluation = queries.hold(project)
    own = panels.seat_of(project_number, by)
    seat = own or next((each for each in panels.seated(project_number) if each.seat_no == seat_no), None)
    yours = own is not None or (project.does(Work.EVALUATE, by) and seat is not None)
    by_member = own is not None
    refuse_if(
        why_not_appraise(
            yours=yours, ended_at=ended_at(evaluation),
            done=Appraisal.objects.filter(seat=seat, by_member=by_member).exists(), marks=marks,
            wanted=list(OF_AGENCY if by_member else OF_EXPERT), text=text, at=at,
        )
    )  # fmt: skip
    return Appraisal.objects.create(
        evaluation=evaluation, seat=seat, by_member=by_member, marks=dict(marks), text=text.strip(), at=at
    )


def appraising(project: Project, viewer: Actor, *, at: datetime) -> dict[str, Any] | None:
    """What the viewer may still appraise now: the items, and the seats for the officer; None when there is nothing."""
    evaluation = queries.of(project)
    over = ended_at(evaluation) if evaluation else None
    if over is None or at >= WITHIN.due(over):
        return None
    own = panels.seat_of(project.number, viewer)
    said = set(
        Appraisal.objects.filter(evaluation=evaluation, by_member=own is not None).values_list("seat", flat=True)
    )
    left = [own] if own else panels.seated(project.number) if project.does(Work.EVALUATE, viewer) else []
    seats = [seat.seat_no for seat in left if seat.pk not in said]
    items = OF_AGENCY if own else OF_EXPERT
    return {"items": items, "seats": [] if own else seats, "until": WITHIN.due(over)} if seats else None


def appraisals(evaluation: Evaluation) -> list[dict[str, Any]]:
    """What both sides said, for the supervision body."""
    rows = Appraisal.objects.filter(evaluation=evaluation).select_related("seat").order_by("pk")
    words = OF_AGENCY | OF_EXPERT
    return [{"row": row, "marks": [(words[key], mark) for key, mark in row.marks.items()]} for row in rows]


@dataclass(frozen=True)
class Shown:
    """A clue with the names the supervision body reads."""

    clue: bias.Clue
    name: str
    favoured: str


def clues(viewer: Actor) -> list[Shown]:
    """How each expert scored, over all evaluations where the viewer's office reaches and whose result is public.

    Raises Evaluation.DoesNotExist for all but the supervision body.
    """
    if viewer.role is not Role.SUPERVISOR:
        raise Evaluation.DoesNotExist
    rows = SheetVersion.objects.filter(
        lies_in("sheet__evaluation__project__buyer_id", viewer.region), sheet__evaluation__step=Step.DONE,
        sheet__evaluation__project__stage__in=[stage.value for stage in AWARDED], sheet__seat__state="seated",
    ).select_related(
        "sheet__seat__expert__user", "sheet__evaluation__project"
    ).order_by("version")  # fmt: skip
    panels_: dict[int, dict[str, dict[str, Decimal]]] = {}
    names: dict[str, str] = {}
    secret: dict[int, dict[int, Expert]] = {}
    for row in rows:  # the last locking of a sheet stands
        expert = row.sheet.seat.expert or _secret(row.sheet, secret).get(row.sheet.seat_id)
        if expert is None:
            continue
        names[expert.number] = expert.user.name
        scores: Mapping[str, Any] = json.loads(row.content)["scores"]
        sums = {org: sum((Decimal(each) for each in given.values()), Decimal()) for org, given in scores.items()}
        panels_.setdefault(row.sheet.evaluation_id, {})[expert.number] = sums
    return [
        Shown(clue, names[clue.expert], name_of(clue.favoured) if clue.favoured else "")
        for clue in bias.clues(list(panels_.values()))
    ]


def _secret(sheet: Sheet, known: dict[int, dict[int, Expert]]) -> dict[int, Expert]:
    """Who sat on a panel whose names are never published: asked of the notifier once for this page, and not kept."""
    project = sheet.evaluation.project
    if project.pk not in known:
        told = release.people(project.number, stream=project.log)
        known[project.pk] = {seat: expert for seat, (expert, _) in told.items()}
    return known[project.pk]
