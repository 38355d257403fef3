"""Reads of panels. Who sits is for the members themselves; everybody else learns how many, and masked ids."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any
from uuid import UUID

from django.db.models import Q

from experts.panels.models import LeftOut, Panel, Seat, Struck
from experts.panels.request import OWNER
from experts.panels.rules import CONFIRMED, COUNTS, NEVER_ASKED, Drawn, PanelState, SeatState
from experts.panels.ways import CallState, Channel
from experts.registry import queries as registry
from experts.registry.models import Expert
from experts.registry.rules import Standing
from ledger.models import Entry, Log
from notifier import client as notifier
from rulebook.actor import Actor, Role


def hold(project_number: str) -> Panel:
    """The panel, locked until the end of the transaction. Raises Panel.DoesNotExist."""
    return Panel.objects.select_for_update().get(project_number=project_number)


def panel(project_number: str) -> Panel | None:
    """The project's panel, None before it is called."""
    return Panel.objects.filter(project_number=project_number).first()


def is_public(panel: Panel) -> bool:
    """Whether the result of what it judged is announced: nobody learns any more who was to sit, and when."""
    return Entry.objects.filter(log=Log.PUBLIC, stream=panel.stream, kind="market.award-published").exists()


def confirmed(panel: Panel) -> int:
    """How many seats are taken; all that the officer sees of the people."""
    return panel.seats.filter(state__in=[s.value for s in CONFIRMED]).count()


def invitations(viewer: Actor) -> list[Seat]:
    """A person's own invitations, the newest first. Standbys are not told that they wait."""
    if viewer.role is not Role.EXPERT or not viewer.person:
        return []
    return list(
        Seat.objects.filter(_own(viewer))
        .exclude(state__in=NEVER_ASKED)
        .select_related("panel")
        .order_by("-invited_at", "-pk")
    )


def invitation(public_id: UUID, viewer: Actor) -> Seat:
    """One's own invitation. Raises Seat.DoesNotExist for anybody else's: not found and not visible look the same."""
    found = Seat.objects.select_related("panel").exclude(state__in=NEVER_ASKED).get(public_id=public_id)
    if not held_by(found, viewer):
        raise Seat.DoesNotExist
    return found


def held_by(seat: Seat, viewer: Actor) -> bool:
    """Whether this is the viewer's own seat: the notifier is asked, unless the name is out already.

    Refused when the notifier does not answer.
    """
    if viewer.role is not Role.EXPERT or not viewer.person:
        return False
    if seat.expert is not None:
        return str(seat.expert.user.public_id) == viewer.person
    return seat.cid in notifier.mine(viewer.person)


def _own(viewer: Actor) -> Q:
    """The viewer's seats, those whose names are out and those the notifier alone knows."""
    return Q(expert__user__public_id=viewer.person) | Q(cid__in=notifier.mine(viewer.person))


def seat_of(project_number: str, viewer: Actor) -> Seat | None:
    """The seat the viewer holds on this project's panel; None for everybody who holds none (any more)."""
    if viewer.role is not Role.EXPERT or not viewer.person:
        return None
    return (
        Seat.objects.filter(_own(viewer), panel__project_number=project_number, state=SeatState.SEATED)
        .select_related("panel")
        .first()
    )


def seated(project_number: str) -> list[Seat]:
    """The seats taken, by seat number."""
    return list(Seat.objects.filter(panel__project_number=project_number, state=SeatState.SEATED).order_by("seat_no"))


def calls(panel: Panel) -> list[dict[str, Any]]:
    """Who was called in which order and what became of it, by masked id: the supervision body's view."""
    rows = panel.seats.order_by("order").prefetch_related("calls")
    return [
        {
            "ways": sorted((Channel(c.channel), CallState(c.state)) for c in s.calls.all()),
            "draw": s.draw_id,
            "stratum": s.stratum,
            "order": s.order,
            "cid": s.cid,
            "state": SeatState(s.state),
        }
        for s in rows
    ]


def openings(project_number: str) -> list[dict[str, str]]:
    """What the award notice publishes about the members, so that anyone can check the masks.

    {"name","employer","cid","number","salt"}, and "selected" for whom the buyer picked, sorted by cid; nothing before
    the notifier has let the names go.
    """
    seats = Seat.objects.filter(panel__project_number=project_number, state=SeatState.SEATED, expert__isnull=False)
    mark = {True: {"selected": True}, False: {}}
    rows = [(s, s.expert) for s in seats.select_related("expert").order_by("cid") if s.expert is not None]
    names = registry.names_of([expert for _, expert in rows])
    return [
        {"name": names[expert.pk], "employer": expert.employer_name, "cid": seat.cid, "number": expert.number,
         "salt": seat.salt} | mark[seat.selected]
        for seat, expert in rows
    ]  # fmt: skip


def owners(seats: Iterable[Seat]) -> set[int]:
    """Those of these seats that the owner's representatives have, by row: they may not lead the panel."""
    return {seat.pk for seat in seats if seat.stratum == OWNER}


def may_represent(buyer: str, numbers: Collection[str], *, project_number: str) -> set[str]:
    """Those of these register numbers whose people are in the register, of the buyer, and not on the panel yet."""
    found = Expert.objects.filter(
        number__in=list(numbers), employer_code=buyer, user__is_active=True, state=Standing.ENROLLED
    )
    people = {str(person): number for person, number in found.values_list("user__public_id", "number")}
    return set(people.values()) - _on_panel(project_number, people)


def on_panel(panel: Panel, experts: Mapping[str, Expert]) -> set[str]:
    """Those of these experts, by number, who were drawn or named for this panel already."""
    return _on_panel(panel.project_number, {str(e.user.public_id): number for number, e in experts.items()})


def _on_panel(project_number: str, people: Mapping[str, str]) -> set[str]:
    seats = Seat.objects.filter(panel__project_number=project_number)
    found = set(seats.filter(expert__isnull=False).values_list("expert__number", flat=True))
    masks = list(seats.filter(expert__isnull=True).values_list("cid", flat=True))
    return found | {people[person] for person, _ in notifier.whose(list(people), masks)}


def owners_wanted(panel: Panel) -> int:
    """Seats of the owner's representatives on which nobody sits any more."""
    return panel.owners - panel.seats.filter(stratum=OWNER, state__in=[s.value for s in COUNTS]).count()


def drawn(panel: Panel) -> list[Drawn]:
    """Everybody drawn or named, with what became of him; employers by numbers that mean nothing else."""
    rows = list(panel.seats.values_list("stratum", "order", "state", "cid", "expert__employer_code"))
    groups = notifier.groups([cid for *_, cid, employer in rows if employer is None])
    return [
        Drawn(stratum, order, SeatState(state), employer or f"{groups[cid]}")
        for stratum, order, state, cid, employer in rows
    ]


def left_out(panel: Panel) -> list[LeftOut]:
    """Who was not on the lists, draw by draw: the supervision body's view."""
    return list(panel.recusals.order_by("pk"))


def struck(panel: Panel) -> list[Struck]:
    """Who was struck from orders drawn before the opening, with the reasons: the supervision body's view."""
    return list(panel.struck.order_by("pk"))


def waiting_for_opening() -> list[str]:
    """Projects with a panel whose early draw is under way or fixed."""
    waits = [PanelState.DRAWING.value, PanelState.FIXED.value]
    return list(Panel.objects.filter(early=True, state__in=waits).values_list("project_number", flat=True))


def still_wanted(panel: Panel) -> dict[str, int]:
    """Seats of each stratum for which nobody sits or is being asked."""
    taken: dict[str, int] = {}
    for stratum, state in panel.seats.values_list("stratum", "state"):
        if SeatState(state) in COUNTS:
            taken[stratum] = taken.get(stratum, 0) + 1
    return {
        str(s["key"]): int(s["need"]) - taken.get(str(s["key"]), 0)
        for s in panel.strata
        if int(s["need"]) > taken.get(str(s["key"]), 0)
    }
