"""What is going on now, in words a passer-by understands."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from market.notices import queries as notices
from market.notices.models import Notice
from market.projects import queries as projects
from market.projects.models import Project
from market.projects.rules import Stage
from portal.places import place

RUNNING = (Stage.OPEN.value, Stage.DECIDING.value, Stage.PROPOSED.value)


@dataclass(frozen=True)
class Running:
    """A purchase under way: where it is, until when, and where to look at it."""

    project: Project
    words: str
    tone: str
    href: str
    until: datetime | None = None


def newest(most: int = 8) -> list[Notice]:
    """The newest notices."""
    return list(notices.published()[:most])


def running(*, at: datetime, most: int = 6) -> list[Running]:
    """Purchases under way, the one that moved last first."""
    found = (
        projects.published().filter(stage__in=RUNNING).select_related("tender", "purchase").order_by("-stage_at", "-id")
    )
    return [_running(project, at) for project in found.prefetch_related("tender__openings")[:most]]


def _bought(project: Project, at: datetime) -> Running:
    """A purchase of the supermarket; nothing is said of who takes part, or how many."""
    here, row = project.get_absolute_url(), project.purchase
    if project.stage == Stage.PROPOSED:
        return Running(project, _("结果公示"), "info", here)
    if project.stage == Stage.OPEN and at < row.closes_at:
        return Running(project, _("正在采购"), "info", here, until=row.closes_at)
    return Running(project, _("正在选取"), "warn", here)


def _running(project: Project, at: datetime) -> Running:
    if project.procedure.selection:
        return _bought(project, at)
    tender = getattr(project, "tender", None)
    openings = tender.openings.all() if tender else ()
    closes_at = tender.closes_at if tender else None
    here, hall = place(project.number), place(project.number, "hall")
    if project.stage == Stage.PROPOSED:
        return Running(project, _("评审结束，待定标"), "info", here)
    if project.stage == Stage.DECIDING:
        if any(opening.ended_at is None for opening in openings):
            return Running(project, _("正在{terms.opening}").format(terms=project.terms), "bad", hall)
        return Running(project, _("正在评审"), "info", here)
    if closes_at is not None and at >= closes_at:
        return Running(project, _("已截止，等待{terms.opening}").format(terms=project.terms), "warn", hall)
    return Running(project, _("正在{terms.tender}").format(terms=project.terms), "info", here, until=closes_at)
