"""Who holds the hall: one officer at a time, as long as he gives signs of presence or until he hands it over."""

from datetime import datetime

from django.db import transaction

from accounts.queries import people
from bidding.opening import conduct, doors, events
from bidding.opening.models import HostLease
from bidding.opening.queries import Standing
from ledger.services import record
from market.projects.models import Project
from market.projects.sides import Work
from rulebook.actor import Actor, Role
from rulebook.refusal import refuse_if


@transaction.atomic
def take(*, project_number: str, by: Actor, at: datetime) -> HostLease:
    """Take the hall as its host; taking it again is a sign of presence.

    Refused to everyone but an officer of the house that hosts, and while another is present.
    """
    standing = doors.hold(project_number, by=by, at=at)
    refuse_if(conduct.why_not_take(standing.facts, by=by))
    return note(standing, by=by)


@transaction.atomic
def hand_over(*, project_number: str, to: str, by: Actor, at: datetime) -> HostLease:
    """Hand the hall to another officer of the same house, who holds it from here.

    Refused to everyone but the host, and to anybody else than such an officer.
    """
    standing = doors.hold(project_number, by=by, at=at)
    names = officers(standing.project)
    refuse_if(conduct.why_not_hand_over(standing.facts, by=by, to=to, officers=names))
    return _write(standing, person=to, name=names[to], org=by.organisation, handed=True)


def stay(*, project_number: str, by: Actor, at: datetime) -> bool:
    """A sign of presence: the hall stays his. Changes nothing, and says so, for whoever does not hold it."""
    until = at + conduct.LEASE
    mine = HostLease.objects.filter(tender__project__number=project_number, person=by.person, until__lte=until)
    return bool(by.person and by.role is Role.OFFICER and mine.update(until=until))


def note(standing: Standing, *, by: Actor) -> HostLease:
    """An officer acts as host: the hall is his from here. Recorded when it was another's, or nobody's."""
    return _write(standing, person=by.person, name=by.name, org=by.organisation, handed=False)


def officers(project: Project) -> dict[str, str]:
    """Those who may host, by public id, with their names."""
    found = people(organisation=project.doer(Work.HOST), role=Role.OFFICER).order_by("name")
    return {str(user.public_id): user.name for user in found}


def _write(standing: Standing, *, person: str, name: str, org: str, handed: bool) -> HostLease:
    lease, until = standing.lease, standing.at + conduct.LEASE
    if lease is not None and lease.person == person:
        lease.until = until
        lease.save(update_fields=["until"])
        return lease
    was = lease.name if lease else ""
    told = {"person": person, "name": name, "until": until}
    lease, _ = HostLease.objects.update_or_create(tender=standing.tender, defaults=told)
    standing.lease = lease
    event = events.HostTook(stream=standing.project.log, org=org, host=name, was=was, handed=handed)
    record(event, at=standing.at)
    return lease
