"""Experts, and panels drawn from them with real messages of the contributors."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from draws.models import Draw
from experts.panels import queries, services
from experts.panels.models import Panel, Seat
from experts.panels.rules import SeatState
from experts.registry import services as registry
from experts.registry.models import Expert
from rulebook.actor import SYSTEM, Actor, Role
from rulebook.law import Article
from tests import cast
from tests.make import accounts, draws
from tests.make.notifier import expert_of

LAW = Article("政府采购法", "第39条")
ANSWER_WITHIN = timedelta(minutes=30)


def actor(n: int, *, world: str = "") -> Actor:
    """The n-th expert of a world, as an actor; different worlds are different people."""
    if not world and n <= len(cast.EXPERTS):
        return cast.EXPERTS[n - 1]
    person = f"00000000-0000-4000-8000-{sum(world.encode()) % 9000:04d}0000{100 + n:04d}"
    return Actor(person, Role.EXPERT, "", f"评委{world}{n:03d}")


def expert(n: int, *, employer: str = "", specialties: Sequence[str] = ("A-it",), world: str = "") -> Expert:
    """The n-th expert, made once; each works for somebody else unless told."""
    number = f"expert{world}-{n:03d}"
    found = Expert.objects.filter(number=number).first()
    if found is not None:
        return found
    user = accounts.user(actor(n, world=world))
    return registry.enrol(
        number=number, user=user, employer_code=employer or f"house{world}-{n:03d}",
        employer_name=f"单位{world}{n:03d}", specialties=list(specialties), region="河套市", by=SYSTEM,
        at=cast.NOON - 30 * cast.DAY,
    )  # fmt: skip


def register(count: int = 16, *, world: str = "") -> list[Expert]:
    """So many experts in one field, no two with one employer."""
    return [expert(n, world=world) for n in range(1, count + 1)]


def called_panel(
    *, number: str = "P-1", seats: int = 5, avoid: Mapping[str, str] | None = None, reason: str = "",
    representatives: Sequence[str] = (), venue: str = "", early: bool = False, at: datetime = cast.NOON,
) -> Panel:  # fmt: skip
    """A panel whose draw is announced; the register must hold enough people."""
    accounts.keys()
    return services.call_panel(
        project_number=number, stream=f"project/{number}", strata=[("A-it", seats)], avoid=avoid or {},
        contributors=draws.CONTRIBUTORS, windows=draws.WINDOWS, answer_within=ANSWER_WITHIN, reason=reason,
        law=LAW,
        representatives=representatives, venue=venue, early=early, by=cast.OFFICER, at=at,
    )  # fmt: skip


def drawn_panel(panel: Panel, *, at: datetime = cast.NOON, played: bool = True) -> Panel:
    """The panel after its draw: the chosen are invited.  played: with every message of the contributors."""
    draw = Draw.objects.get(pk=panel.draw_id)
    draws.settled(draw, at=at) if played else draws.decided(draw, at=at)
    return services.seat_drawn(project_number=panel.project_number, by=SYSTEM, at=at)


def person_of(seat: Seat) -> Actor:
    """Who sits there, as an actor."""
    return expert_of(seat).user.as_actor()


def invited(panel: Panel) -> list[Seat]:
    """Everybody who is being asked."""
    return list(panel.seats.filter(state=SeatState.INVITED).order_by("order"))


def answers(seat: Seat, *, accepts: bool = True, at: datetime = cast.NOON) -> Seat:
    """Let him answer."""
    return services.answer(invitation=seat.public_id, accepts=accepts, by=person_of(seat), at=at)


def seated(panel: Panel, *, at: datetime = cast.NOON, played: bool = True) -> list[Seat]:
    """The panel with everybody seated: whoever is asked accepts."""
    if panel.state == "drawing":
        drawn_panel(panel, at=at, played=played)
    for seat in invited(panel):
        answers(seat, at=at)
    return queries.seated(panel.project_number)


def seated_panel(number: str = "P-1", *, seats: int = 5, at: datetime = cast.NOON, played: bool = False) -> Panel:
    """A panel of experts of the register, seated."""
    register()
    panel = called_panel(number=number, seats=seats, at=at)
    seated(panel, at=at, played=played)
    panel.refresh_from_db()
    return panel
