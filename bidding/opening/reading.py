"""Acts of the common read-out: started and stopped by the host, the same instant for everybody."""

from datetime import datetime

from django.db import transaction

from bidding.opening import aloud, doors, events, hosting, queries
from bidding.opening.models import Reading
from bidding.opening.queries import Standing
from bidding.opening.telling import tell
from bidding.tender import queries as tenders
from rulebook.actor import Actor
from rulebook.refusal import refuse_if
from rulebook.times import iso


@transaction.atomic
def start(*, project_number: str, seconds: int, by: Actor, at: datetime) -> Reading:
    """Read the opening table to everybody, row by row, from a few seconds from now.  seconds: a row.

    Refused to everyone but the host, before the prices are out, while one is under way, and at an odd pace.
    Law: 87号令 第41条.
    """
    standing = doors.hold(project_number, by=by, at=at)
    orgs = readable(standing)
    refuse_if(
        aloud.why_not_start(standing.facts, by=by, rows=len(orgs), on=under_way(standing) is not None, seconds=seconds)
    )
    made = Reading.objects.create(
        opening=queries.opening_of(standing), orgs=orgs, begins_at=at + aloud.LEAD, seconds=seconds,
        person=by.person, at=at,
    )  # fmt: skip
    hosting.note(standing, by=by)
    begins = iso(made.begins_at)
    tell(
        standing.project,
        events.ReadingStarted(stream=standing.project.log, orgs=orgs, begins=begins, seconds=seconds),
        at=at,
    )
    return made


@transaction.atomic
def stop(*, project_number: str, by: Actor, at: datetime) -> Reading:
    """Stop the read-out for everybody; it may be started again from the first row.

    Refused to everyone but the host, and where none is under way.
    """
    standing = doors.hold(project_number, by=by, at=at)
    refuse_if(aloud.why_not_stop(standing.facts, by=by, on=under_way(standing) is not None))
    made = Reading.objects.create(opening=queries.opening_of(standing), person=by.person, at=at)
    hosting.note(standing, by=by)
    tell(standing.project, events.ReadingStopped(stream=standing.project.log), at=at)
    return made


def readable(standing: Standing) -> list[str]:
    """Whose sheet is read out in this session, in the order of the table; behind closed doors nobody's."""
    shown = frozenset() if tenders.closed_hall(standing.project) else standing.tender.layout.read_out
    return [unit.bid.organisation for unit in standing.units if unit.bid.part in shown and unit.sheet]


def latest(standing: Standing) -> Reading | None:
    """The read-out of this session that was started last and not stopped; its end may be past."""
    last = Reading.objects.filter(opening=standing.opening).order_by("pk").last() if standing.opening else None
    return last if last and last.begins_at else None


def under_way(standing: Standing) -> Reading | None:
    """The read-out that goes on at this instant."""
    last = latest(standing)
    if last is None or last.begins_at is None:
        return None
    over = aloud.ends_at(begins_at=last.begins_at, seconds=last.seconds, rows=len(last.orgs)) <= standing.at
    return None if over else last
