"""A deadline of offers goes on by as long as its purchase rested; everybody is told by a correction."""

from datetime import datetime, timedelta

from django.db import transaction

from bidding.changes import outages
from bidding.changes.models import Change
from bidding.tender import queries as tenders
from bidding.tender.models import Tender
from market.projects import queries as projects
from market.projects.models import Suspension
from market.projects.rules import Stage
from market.projects.stops import Act, to_move
from rulebook.actor import Actor

BY_SUSPENSION = "suspension"  # in the place of the second officer: the notice of suspension has said it


def due() -> list[str]:
    """Numbers of the purchases that take offers and rest, or rested."""
    rows = Suspension.objects.filter(project__stage=Stage.OPEN.value, project__tender__closing=None)
    return sorted(set(rows.filter(project__tender__terms__isnull=False).values_list("project__number", flat=True)))


@transaction.atomic
def keep_deadline(*, project_number: str, by: Actor, at: datetime) -> list[Change]:
    """Move the deadline for every rest of the purchase for which it was not moved yet. Nothing happens twice."""
    project = projects.hold(project_number)
    tender: Tender = tenders.tender(project_number)
    made: list[Change] = []
    for row in Suspension.objects.filter(project=project).order_by("started_at"):
        told = Change.objects.filter(tender=tender, approved_by=BY_SUSPENSION, proposed_by=str(row.public_id))
        moved = sum((each.closes_at - each.was for each in told if each.closes_at and each.was), timedelta())
        more = to_move(tender.closes_at, row.stop, moved=moved, at=at)
        if project.stage != Stage.OPEN or at >= tender.closes_at or Act.OPENING not in row.row.stops or not more:
            continue
        text = f"项目暂停期间不计入期限（第{row.notice.number}号公告），{project.terms.deadline}时间对所有人同等顺延。"
        made.append(
            outages.postpone(
                tender=tender, by_how_much=more, text=text, because=(str(row.public_id), BY_SUSPENSION), by=by, at=at
            )
        )
    return made
