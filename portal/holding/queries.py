"""What a key holder finds on the release desk."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from bidding.holding import queries as roster
from bidding.opening import queries as openings
from bidding.opening.models import HolderTurn
from bidding.opening.rules import Act
from bidding.tender import readiness
from bidding.tender.models import CommitteeMember, Tender
from market.projects.rules import Stage
from rulebook.actor import Actor

AHEAD = timedelta(days=7)
OVER = (Act.ENDED, Act.NOT_OPENED, Act.STOPPED)


@dataclass(frozen=True)
class Line:
    """One opening of this holder.  todo: what to do now.  releases: its keys are due.  confirms: its word is."""

    number: str
    title: str
    closes_at: datetime
    state: str
    todo: str
    tone: str
    releases: bool
    confirms: bool
    until: datetime | None


def lines(viewer: Actor, *, at: datetime) -> list[Line]:
    """This holder's openings of the next days and those that are on, the most pressing first."""
    found = list(_lines(viewer.organisation, at=at))
    return sorted(found, key=lambda line: (not line.releases, line.closes_at, line.number))


def _lines(org: str, *, at: datetime) -> Iterator[Line]:
    held = CommitteeMember.objects.filter(organisation=org).values("committee__tender")
    coming = Q(project__stage=Stage.OPEN.value, closes_at__lte=at + AHEAD)
    running = Q(project__stage=Stage.DECIDING.value)
    for tender in Tender.objects.filter(coming | running, pk__in=held).select_related("project").order_by("closes_at"):
        standing = openings.stand(tender.project, at=at)
        if standing.act not in OVER:
            yield _line(standing, org)


def _line(standing: Any, org: str) -> Line:
    act, opening = standing.act, standing.opening
    parts = {unit.bid.part for unit in standing.units if unit.pk in standing.released}
    turns = HolderTurn.objects.filter(opening=opening, organisation=org, part__in=parts).count() if opening else 0
    releases = act in (Act.HOLDERS, Act.RESCUE) and turns < len(parts)
    if standing.facts.paused:
        state, todo, tone, releases = _("已暂停"), _("等待监督人员恢复"), "warn", False
    elif releases:
        state, todo, tone = _("请释放钥匙"), _("核对后释放"), "bad"
    elif act in (Act.HOLDERS, Act.RESCUE):
        state, todo, tone = _("本单位已释放"), _("不用再办"), "ok"
    elif act is Act.BIDDERS:
        state, todo, tone = (
            _("{terms.bidder}正在解密").format(terms=standing.project.terms),
            _("解密结束后释放，请在附近等候"),
            "info",
        )
    elif act is Act.WAITING:
        line = next((each for each in readiness.of(standing.tender, at=standing.at) if each.org == org), None)
        state, todo, tone = _("等待{terms.closing}").format(terms=standing.project.terms), _("到时再来"), "info"
        if line is not None and not line.ready:
            state, todo, tone = (
                _("请确认就绪"),
                _("{terms.closing}前确认能够释放钥匙").format(terms=standing.project.terms),
                "warn",
            )
    elif act in (Act.SEALING, Act.CLOSED):
        state, todo, tone = (
            _("已{terms.closing}，等待{terms.opening}").format(terms=standing.project.terms),
            _("主持人{terms.opening}、{terms.bidder}解密后释放").format(terms=standing.project.terms),
            "info",
        )
    else:
        state, todo, tone = _("已开启"), _("不用再办"), "ok"
    project = standing.project
    confirms = act is Act.WAITING and tone == "warn"
    until = opening.turn_ends if releases and opening else None
    return Line(project.number, project.title, standing.tender.closes_at, state, todo, tone, releases, confirms, until)


def duty_of(viewer: Actor) -> dict[str, Any]:
    """In what turn the reader acts, and whether he acts now."""
    staff = roster.colleagues(viewer.organisation)
    mine = next((duty.value for person, _name, duty, _away in staff if person == viewer.person), "none")
    acting = roster.on_duty(viewer.organisation)
    return {
        "duty": mine,
        "acts": viewer.person in acting,
        "names": [name for person, name, *_rest in staff if person in acting],
    }
