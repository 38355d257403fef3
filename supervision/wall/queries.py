"""Reads of the wall: everything that runs, by light and next deadline; one procurement's whole story.

Nothing here looks at who takes part: a procurement's light and deadlines come from its public record alone.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from accounts.models import Organisation
from accounts.regions.queries import lies_in
from ledger import queries as ledger
from ledger.lines import line
from market.projects.models import Project
from market.purchases import queries as purchases
from market.purchases.models import SplitAlert
from rulebook.actor import Actor
from rulebook.law import Article
from rulebook.times import iso, parse_iso
from supervision.monitors import facts
from supervision.monitors.looks import FAR
from supervision.monitors.models import Watched
from supervision.monitors.rules import cited
from supervision.monitors.story import Said, State
from supervision.monitors.table import ROWS
from supervision.monitors.watching import told

PAGE = 20
HOUSES = 20  # buyers a part of a name may stand for


@dataclass(frozen=True)
class Asked:
    """What of everything that runs is asked for.  buyer: a credit code or a part of a name.  light: "" for any."""

    regime: str = ""
    light: str = ""
    buyer: str = ""
    after: str = ""


@dataclass(frozen=True)
class Line:
    """One entry of a procurement's story.  begins: (what is awaited from here on, until when, article)."""

    html: str
    seq: int
    at: datetime
    begins: tuple[tuple[str, datetime, Article | str], ...]


def running(asked: Asked, viewer: Actor) -> list[Watched]:
    """A page of what runs, the worst light first, then the nearest deadline; as quick on any page, however many run."""
    found = _running(viewer).select_related("project__buyer")
    if asked.regime:
        found = found.filter(regime=asked.regime)
    if asked.light.isdecimal():
        found = found.filter(light=int(asked.light[:1]))
    if word := asked.buyer.strip():
        named = Organisation.objects.filter(Q(code=word) | Q(name__icontains=word)).values_list("code", flat=True)
        found = found.filter(buyer__in=list(named[:HOUSES]))
    return list(_after(found, asked.after).order_by("-light", "next_at", "pk")[:PAGE])


def place_of(row: Watched) -> str:
    """Where in the order a row stands, for the page that follows."""
    return f"{row.light}~{iso(row.next_at)}~{row.pk}"


def _after(found: QuerySet[Watched], place: str) -> QuerySet[Watched]:
    try:
        light, at, pk = place.split("~")
        worst, instant, last = int(light), parse_iso(at), int(pk)
    except ValueError:
        return found
    later = Q(next_at__gt=instant) | Q(next_at=instant, pk__gt=last)
    return found.filter(Q(light__lt=worst) | (Q(light=worst) & later))


def _running(viewer: Actor) -> QuerySet[Watched]:
    return Watched.objects.filter(lies_in("buyer", viewer.region), running=True)


def capped(light: int, viewer: Actor, most: int = 100) -> int:
    """How many run under a light, as far as `most`."""
    return len(_running(viewer).filter(light=light).values_list("pk")[:most])


def late(viewer: Actor, *, at: datetime, most: int = 100) -> int:
    """How many have a deadline that has passed, as far as `most`."""
    return len(_running(viewer).filter(light=2, next_at__lte=at).values_list("pk")[:most])


def deadline(row: Watched) -> tuple[str, datetime] | None:
    """What a procurement awaits next, until when."""
    return None if row.next_at >= FAR or row.next_what not in ROWS else (ROWS[row.next_what].title, row.next_at)


def split_alerts(viewer: Actor) -> list[SplitAlert]:
    """Refused split purchases nobody has closed, the newest first."""
    return list(purchases.open_alerts(viewer)[:PAGE])


def story(project: Project, *, after: int = 0) -> list[Line]:
    """A page of the public record in order, with what each entry sets a clock for."""
    return list(_story(project, after))


def _story(project: Project, after: int) -> Iterator[Line]:
    state, known = State(), facts.of(project)
    for entry in ledger.entries_after(project.log, after):
        data = ledger.facts_of(entry)
        before = {key: clock["seq"] for key, clock in state.clocks.items()}
        told(state, known, Said(entry.seq, entry.kind, entry.at, data))
        new = [clock for key, clock in state.clocks.items() if before.get(key) != clock["seq"]]
        begins = tuple((ROWS[each["code"]].title, parse_iso(each["due"]), cited(each["law"])) for each in new)
        yield Line(line(entry), entry.seq, entry.at, begins)
