"""Behind closed doors: who sees how much of an opening before its result is published.

Law: 政府采购法 第38条. Whose procedure has an open hall shows everything to everybody, as does a closed one once what
happened in it is disclosed.
"""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from enum import Enum
from typing import TYPE_CHECKING, Any

from django.db.models import Q

from accounts.queries import checked
from bidding.opening import queries
from bidding.opening.models import Disclosure, OpeningUnit
from bidding.opening.queries import Standing
from bidding.tender import queries as tenders
from bidding.tender.models import CommitteeMember
from ledger import queries as ledger
from ledger.lines import told
from ledger.models import Entry
from market.projects import queries as projects
from market.projects.models import Project
from proofs import statement as statements
from rulebook.actor import Actor, Role

if TYPE_CHECKING:
    from bidding.opening.hall import Hall

# What a key holder's client checks and releases by; it names nobody but in the proofs of the list.
HOLDERS_NEED = frozenset({
    "opening.hall-opened", "opening.session-opened", "opening.bidders-done", "opening.holder-released", "tech.passed",
    "opening.ended",
})  # fmt: skip
# What every supplier in it learns of what goes on, and only this of it.
OUTLINE = {
    "opening.hall-opened": ("closing", "window_ends"),
    "opening.session-opened": ("session", "closing", "window_ends", "round"),
    "opening.bidders-done": (),
    "opening.ended": (),
}


class Sight(Enum):
    """How much of an opening somebody sees."""

    ALL = "all"
    KEYS = "keys"  # a key holder: what he must check and release by
    OWN = "own"  # a supplier: what is about himself
    NONE = "none"


FRESH = timedelta(minutes=10)  # as long as a holder's clock may differ and his word be on its way


def stand(project: Project, *, viewer: Actor, at: datetime) -> Standing:
    """Where an opening stands, read no further than this viewer may see. Raises Tender.DoesNotExist."""
    hidden = sight(project, viewer) in (Sight.OWN, Sight.NONE)
    return queries.stand(project, at=at, only=viewer.organisation if hidden else None)


def hold(project_number: str, *, by: Actor, at: datetime) -> Standing:
    """Where an opening stands for an act in the hall, held, read no further than who acts may see: so a refusal takes
    as long whoever is behind the doors, and however many. Raises Project.DoesNotExist, Tender.DoesNotExist."""
    return stand(projects.hold_published(project_number), viewer=by, at=at)


def is_shut(project: Project) -> bool:
    """Whether what happens at the opening is nobody's but the parties' now."""
    closed = tenders.closed_hall(project) is not None
    return closed and not Disclosure.objects.filter(tender__project=project).exists()


def sight(project: Project, viewer: Actor) -> Sight:
    """How much this viewer sees now."""
    if not is_shut(project):
        return Sight.ALL
    if viewer.role in (Role.SUPERVISOR, Role.AUDITOR, Role.WITNESS, Role.SYSTEM):
        return Sight.ALL
    if project.is_officer(viewer):
        return Sight.ALL
    if viewer.role is Role.HOLDER and holds(project, viewer.organisation):
        return Sight.KEYS
    own = OpeningUnit.objects.filter(opening__tender__project=project, bid__organisation=viewer.organisation)
    return Sight.OWN if viewer.role is Role.PROVIDER and own.exists() else Sight.NONE


def holds(project: Project, organisation: str) -> bool:
    """Whether an organisation keeps keys of this project's tender."""
    return CommitteeMember.objects.filter(committee__tender__project=project, organisation=organisation).exists()


def asked_by_holder(statement: Any, *, at: datetime) -> Project:
    """The project a key holder asks about with a fresh `rdy/1` of his own. Raises Project.DoesNotExist for others'.

    Refused when the signature does not hold.
    """
    said = checked(statement, v="rdy/1")
    project = Project.objects.get(number=str(said["unit"].get("tender", "")), published_at__isnull=False)
    fresh = abs(at - statements.timestamp(said["ts"])) <= FRESH
    if not fresh or not holds(project, str(said["org"])):
        raise Project.DoesNotExist
    return project


def undisclosed() -> Q:
    """Of tenders: those whose opening is held behind closed doors and not disclosed."""
    return Q(terms__closed_hall=True, disclosure=None)


def story(project: Project) -> list[Entry]:
    """What happened behind the doors of a project, in order; for `sight` ALL."""
    return ledger.room_entries(project.log) if tenders.closed_hall(project) else []


def facts(project: Project, *, seen: Sight, organisation: str) -> list[dict[str, Any]]:
    """Public entries and those behind the doors in one order, as programs read them, as far as this reader may."""
    public = [told(entry) for entry in _public(project)]
    rows = [(json.loads(entry.event)["d"]["after"], 1, told(entry)) for entry in _room(project, seen, organisation)]
    shown = [(after, place, one) for after, place, each in rows for one in _seen(each, seen, organisation)]
    merged = [(each["seq"], 0, each) for each in public] + shown
    return [each for _, _, each in sorted(merged, key=lambda row: row[:2])]


def _room(project: Project, seen: Sight, organisation: str) -> list[Entry]:
    """What happened behind the doors, read no further than `_seen` may tell of it."""
    if seen is Sight.OWN:
        return ledger.room_entries(project.log, kinds={*OUTLINE, "tech.passed"}, naming=organisation)
    return story(project)


def _public(project: Project) -> Iterator[Entry]:
    after = 0
    while page := ledger.entries_after(project.log, after):
        yield from page
        after = page[-1].seq


def _seen(row: dict[str, Any], seen: Sight, organisation: str) -> Iterator[dict[str, Any]]:
    """A fact as this reader may have it, or nothing. Its number is told to nobody who may not see them all."""
    data = {key: value for key, value in row["data"].items() if key != "after"}
    kept = {**row, "stream": row["stream"].removesuffix("/room"), "room": True, "data": data}
    if seen is Sight.ALL or (seen is Sight.KEYS and row["kind"] in HOLDERS_NEED):
        yield kept
    elif seen is Sight.OWN and row["kind"] == "tech.passed":
        yield {**kept, "seq": 0, "data": {"passed": [org for org in data["passed"] if org == organisation]}}
    elif seen is Sight.OWN and row["kind"] in OUTLINE:
        yield {**kept, "seq": 0, "data": {key: data[key] for key in OUTLINE[row["kind"]] if key in data}}
    elif seen is Sight.OWN and data.get("org") == organisation:
        yield {**kept, "seq": 0}


def narrowed(hall: "Hall", *, seen: Sight, organisation: str) -> "Hall":
    """The picture as this reader may see it."""
    if seen is Sight.ALL:
        return hall
    own = [row for row in hall.rows if seen is Sight.OWN and row.org == organisation]
    return replace(
        hall, rows=own, total=0, done=0, progress_label="", record_sha256="", reading=None, unopened=[], checklist=[],
        objections=[], signatures=[], holders=hall.holders if seen is Sight.KEYS else [],
    )  # fmt: skip
