"""Which times there are, and who may have them.

A project's file holds what its notices say, for everybody alike; so does the file of a search. A person's holds what
stands on his own desk at that moment: what he may not see there is not in it. An expert's sitting is in his own alone,
and says nothing but when.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

from django.db.models import Max
from django.utils.translation import gettext as _

from accounts.reaching import queries as reaching
from bidding.auction import queries as auctions
from bidding.tender.models import Tender
from bidding.tender.queries import closed_hall
from experts.panels import queries as panels
from experts.panels.models import Seat
from experts.panels.rules import SeatState
from market.notices import index
from market.notices.index import Asked
from market.notices.models import Notice
from market.projects import queries as projects
from market.projects.models import Project
from market.projects.rules import Stage
from market.purchases.models import Purchase
from portal.calendar.files import Time, moved
from portal.desk.queries import duties
from rulebook.actor import STRANGER, Actor, Role

MOST = 30  # purchases in the calendar of a search
ENDED = frozenset({Stage.CANCELLED, Stage.FAILED})
COMES = frozenset({SeatState.ACCEPTED, SeatState.SEATED})


def of_project(number: str) -> tuple[Project, list[Time]]:
    """The public times of a published project, whoever asks. Raises Project.DoesNotExist."""
    project = projects.visible(number, STRANGER)
    return project, list(_public(project))


def _public(project: Project) -> Iterator[Time]:
    told = Notice.objects.filter(project=project).aggregate(Max("number"), Max("published_at"))
    if not told["number__max"]:
        return
    state = "CANCELLED" if Stage(project.stage) in ENDED else "TENTATIVE" if project.resting else "CONFIRMED"
    same = {
        "url": project.get_absolute_url(), "changed_at": told["published_at__max"],
        "sequence": told["number__max"] - 1, "state": state,
    }  # fmt: skip
    about = _("（暂停）") + project.title if state == "TENTATIVE" else project.title
    tender = Tender.objects.filter(project=project).first()
    purchase = Purchase.objects.filter(project=project).first()
    if tender is not None:
        words = project.terms.deadline
        if purchase is None and closed_hall(project) is None:
            words = f"{words}、{project.terms.opening}"
        yield Time(f"closes-{project.number}", f"{words}：{about}", tender.closes_at, **same)
    elif purchase is not None and not purchase.direct:
        yield Time(f"closes-{project.number}", _("报名截止：{about}").format(about=about), purchase.closes_at, **same)
    if purchase is not None and not purchase.direct:
        live = auctions.of(project) if purchase.auction else None
        words = _("竞价开始：{about}") if purchase.auction else _("选取：{about}")
        at = live.starts_at if live else purchase.selects_at
        yield Time(f"selects-{project.number}", words.format(about=about), at, **same)


def of_search(asked: Asked) -> list[Time]:
    """The public times of the purchases a search finds that run now, the newest `MOST` of them; whoever asks."""
    ids = index.find(replace(asked, stage=Stage.OPEN.value), most=2 * MOST)
    found = Project.objects.filter(notices__in=ids).select_related("buyer").distinct().order_by("-published_at")
    return [time for project in found[:MOST] for time in _public(project)]


def of_person(key: str, *, at: datetime) -> list[Time]:
    """What is on the desk of whoever this word was made for. Raises CalendarKey.DoesNotExist.

    Refused while the notifier cannot say where an expert sits: a calendar that gets no answer keeps what it has.
    """
    viewer, names = reaching.calendar_of(key)
    own = [*_desk(viewer, names=names, at=at)]
    if viewer.role is Role.EXPERT:
        own += [_sitting(seat) for seat in panels.invitations(viewer) if _is_dated(seat)]
    return own


def _desk(viewer: Actor, *, names: bool, at: datetime) -> Iterator[Time]:
    for duty in duties(viewer, at=at):
        if duty.by is None:
            continue
        uid = hashlib.sha256(f"{viewer.person} {duty.what} {duty.href}".encode()).hexdigest()[:32]
        title = f"{duty.what}：{duty.about}" if names and viewer.role is not Role.EXPERT else duty.what
        url = duty.href if names and viewer.role is not Role.EXPERT else "/desk/"
        yield Time(uid, title, duty.by, url, at.replace(microsecond=0), moved(duty.by))


def own_sitting(public_id: UUID, viewer: Actor) -> Time:
    """When one's own panel sits. Raises Seat.DoesNotExist for anybody else's, and while it has no time."""
    seat = panels.invitation(public_id, viewer)
    if not _is_dated(seat):
        raise Seat.DoesNotExist
    return _sitting(seat)


def _is_dated(seat: Seat) -> bool:
    return SeatState(seat.state) in COMES and seat.panel.starts_at is not None


def _sitting(seat: Seat) -> Time:
    """When, and nothing else: neither the project nor the place, which its person reads after signing in."""
    at = seat.panel.starts_at
    assert at is not None, "asked before"
    told = (seat.answered_at or seat.panel.called_at).astimezone(UTC).replace(microsecond=0)
    return Time(f"sitting-{seat.public_id}", _("评审工作"), at, "/desk/", told, moved(at))
