"""Looking: what is new in the public log is noticed, what is due is looked at, and nothing else is touched.

Each tick reads from where the last one stopped, marks the procurements it found, and looks at those marked or due. So
a tick costs what is new or due, however many procurements there are; one that goes wrong is tried again a minute later
and holds up no other. A look takes in a procurement's entries by its own number, so none is missed or counted twice.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Max

from ledger import queries as ledger
from ledger.models import Log
from market.projects.models import Project
from market.projects.rules import ENDS, Stage
from rulebook.actor import Actor
from rulebook.rows import left_for_next_time
from supervision.monitors import facts, services, watching
from supervision.monitors.models import Alert, Cursor, Tally, Watched
from supervision.monitors.rules import Light
from supervision.monitors.story import Said, State
from supervision.monitors.watching import Count, Found, Look

AGAIN = timedelta(minutes=1)  # until what went wrong is tried again
MOST = 200  # procurements looked at by one tick
PREFIX = "project/"
FAR = datetime.fromisoformat("9999-01-01T00:00:00+00:00")
OVER = frozenset({*ENDS, Stage.COMPLETED, Stage.TERMINATED})


def notice(*, by: Actor, at: datetime) -> int:
    """Read the public log from where it was left, and mark the procurements it tells of. Returns how many entries."""
    left = Cursor.objects.filter(log=Log.PUBLIC.value).values_list("next", flat=True).first()
    if not ledger.placed_after(Log.PUBLIC, left or 0, 1):
        return 0  # nobody waits for a lock, and on SQLite no writer, where nothing is new
    return _read_on(at=at)


@transaction.atomic
def _read_on(*, at: datetime) -> int:
    Cursor.objects.get_or_create(log=Log.PUBLIC.value)
    cursor = Cursor.objects.select_for_update().get(log=Log.PUBLIC.value)
    places = ledger.placed_after(Log.PUBLIC, cursor.next)
    if not places:
        return 0
    streams = {place.entry.stream for place in places if place.entry.stream.startswith(PREFIX)}
    _mark({stream.removeprefix(PREFIX) for stream in streams}, at=at)
    cursor.next = places[-1].index + 1
    cursor.save(update_fields=["next"])
    return len(places)


def _mark(numbers: set[str], *, at: datetime) -> None:
    projects = {row.number: row for row in Project.objects.filter(number__in=numbers).exclude(stage=Stage.DRAFT.value)}
    found = [
        Watched(project=row, look_at=at, next_at=FAR, regime=row.procedure.regime, buyer=row.buyer_id)
        for row in projects.values()
    ]
    Watched.objects.bulk_create(found, ignore_conflicts=True)
    Watched.objects.filter(project__in=projects.values()).update(look_at=at)


def look_at_due(*, by: Actor, at: datetime, most: int = MOST) -> int:
    """Look at every procurement that was marked, or whose next instant has come. Returns how many."""
    due = Watched.objects.filter(look_at__lte=at).order_by("look_at").values_list("pk", "project__number")[:most]
    rows = list(due)
    for pk, number in rows:
        with left_for_next_time(number):
            Watched.objects.filter(pk=pk).update(look_at=at + AGAIN)  # stays so when the look goes wrong
            look(pk=pk, by=by, at=at)
    return len(rows)


@transaction.atomic
def look(*, pk: int, by: Actor, at: datetime) -> Watched:
    """Take in a procurement's new entries and the time that passed; raise what is found; say when to look again."""
    row = Watched.objects.select_for_update(of=("self",)).select_related("project").get(pk=pk)
    project, state = row.project, State(**row.state)
    known = facts.of(project)
    entries = ledger.entries_after(project.log, row.seq)
    for entry in entries:
        said = Said(entry.seq, entry.kind, entry.at, ledger.facts_of(entry))
        _raise(project, watching.told(state, known, said), by=by, at=at)
        row.seq = entry.seq
    _raise(project, watching.passed(state, known, at=at), by=by, at=at)
    row.state = state.as_json()
    more = len(entries) == ledger.PAGE
    row.look_at = at if more else watching.next_look(state, at=at)
    deadline = watching.next_deadline(state)
    row.next_at, row.next_what = deadline or (FAR, "")
    clocks = max((each["lit"] for each in state.clocks.values()), default=0)
    worst = Alert.objects.filter(project=project, closed_at=None).aggregate(worst=Max("light"))["worst"] or 0
    row.light = max(clocks, worst)
    row.running = bool(state.clocks) or Stage(project.stage) not in OVER
    row.save()
    return row


def escalate_late(*, by: Actor, at: datetime, most: int = MOST) -> int:
    """Tell on every owner whose time has passed. Returns how many alerts."""
    late = list(Alert.objects.filter(closed_at=None, due_at__lte=at).order_by("due_at", "pk")[:most])
    for alert in late:
        with left_for_next_time(f"alert {alert.public_id}"):
            services.escalate(alert=alert, by=by, at=at)
    return len(late)


def _raise(project: Project, look: Look, *, by: Actor, at: datetime) -> None:
    for found in look.found:
        _tell(project, found, by=by, at=at)
    for count, said in look.counts:
        _count(project, count, said, by=by, at=at)


def _tell(project: Project, found: Found, *, by: Actor, at: datetime) -> None:
    subject = found.subject or project.log
    if found.cured:
        for alert in Alert.objects.filter(kind=found.code, subject=subject, fact=found.fact):
            services.cure(alert=alert, text=found.what, at=at)
        return
    services.raise_alert(
        kind=found.code, subject=subject, fact=found.fact, what=found.what, project=project, monitor=found.monitor,
        light=found.light, law=found.law, evidence={"entries": found.entries, "rows": found.rows}, by=by, at=at,
    )  # fmt: skip


def _count(project: Project, count: Count, said: Said, *, by: Actor, at: datetime) -> None:
    """One more this year; its share is looked at where a row does."""
    mine = _one_more(count)
    for share in watching.shares_of(count.what):
        of = _counted(share.of, count.key.split()[0], count.year) if share.of else 0
        light, value = watching.shared(share, mine, of)
        if light is Light.GREEN:
            continue
        what = share.says.format(value=f"{value.normalize():f}")
        rows = ((str(count.year), f"{mine} / {of}" if share.of else str(mine)),)
        found = Found(share.code, share.monitor, str(count.year), light, what, str(share.law), (said.seq,),
                      subject=f"{count.what}/{count.key}", rows=rows)  # fmt: skip
        _tell(project, found, by=by, at=at)


def _one_more(count: Count) -> int:
    row, _ = Tally.objects.get_or_create(what=count.what, key=count.key, year=count.year)
    Tally.objects.filter(pk=row.pk).update(count=F("count") + 1)
    return row.count + 1


def _counted(what: str, key: str, year: int) -> int:
    return sum(Tally.objects.filter(what=what, key=key, year=year).values_list("count", flat=True))
