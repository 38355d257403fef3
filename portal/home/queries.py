"""What is going on now, in words a passer-by understands."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from accounts.regions.queries import lies_in
from market.notices import index
from market.notices import queries as notices
from market.notices.index import Asked
from market.notices.models import Notice
from market.notices.rules import Type
from market.projects import queries as projects
from market.projects.models import Project
from market.projects.rules import Stage
from portal.notices.queries import Line
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


def newest(region: str = "", most: int = 6) -> list[Line]:
    """The newest notices, of a region or of all."""
    rows = notices.these(index.find(Asked(region=region), most=most))
    return [Line(row, row.project.title) for row in rows]


@dataclass(frozen=True)
class Decided:
    """A result as its notice says it: to whom, for how many yuan."""

    notice: Notice
    winner: str
    amount: str


def decided(region: str = "", most: int = 5) -> list[Decided]:
    """The newest results, of a region or of all."""
    rows = notices.these(index.find(Asked(type=Type.AWARD.value, region=region), most=most))
    told = ((row, row.content.get("winner", {})) for row in rows)
    return [Decided(row, winner.get("name", ""), winner.get("amount", "")) for row, winner in told]


def takes_part(*, at: datetime, region: str = "", most: int = 6) -> list[Running]:
    """Purchases of a region in which one may take part now, the one that closes soonest first."""
    open_now = projects.published().filter(_open(at), lies_in("buyer_id", region)).annotate(
        closes=Coalesce(F("tender__closes_at"), F("purchase__closes_at"))
    )  # fmt: skip
    rows = open_now.select_related("tender", "purchase").order_by("closes", "pk")[:most]
    return [_running(project, at) for project in rows]


def running(*, at: datetime, region: str = "", most: int = 6) -> list[Running]:
    """Purchases of a region under way that wait for nobody's offer any more, the one that moved last first."""
    found = projects.published().filter(lies_in("buyer_id", region), stage__in=RUNNING).exclude(_open(at))
    found = found.select_related("tender", "purchase").order_by("-stage_at", "-id")
    return [_running(project, at) for project in found.prefetch_related("tender__openings")[:most]]


def _open(at: datetime) -> Q:
    closes_later = Q(tender__closes_at__gt=at) | Q(tender=None, purchase__closes_at__gt=at)
    return Q(stage=Stage.OPEN.value) & closes_later


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
