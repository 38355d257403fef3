"""Acts on the clock of the hall: pausing, more time, outages. Whatever is given is given to all alike."""

from datetime import datetime, timedelta

from django.db import transaction
from django.urls import reverse

from accounts import inbox
from bidding.changes import outages
from bidding.opening import conduct, doors, events, hosting, queries
from bidding.opening.models import Incident, IncidentReport, Opening
from bidding.opening.queries import Standing
from bidding.opening.rules import Act
from ledger.services import record
from rulebook.actor import Actor, Role
from rulebook.calendar import CHINA
from rulebook.refusal import Kind, Reason, Refused, refuse_if
from rulebook.times import iso


@transaction.atomic
def pause(*, project_number: str, reason: str, by: Actor, at: datetime) -> Opening:
    """Stop the clock of the opening; what was left of the turn is left when it resumes.

    Refused to everyone but the host and a supervisor, without a reason given, and when it is paused or over.
    """
    standing = doors.hold(project_number, by=by, at=at)
    refuse_if(conduct.why_not_pause(standing.facts, by=by))
    text = said(reason, code="hall.pause-needs-reason", why="请写明暂停的原因")
    opening = queries.opening_of(standing)
    opening.paused_at, opening.paused_by = at, conduct.side_of(standing.facts, by)
    opening.save(update_fields=["paused_at", "paused_by"])
    _note_host(standing, by)
    record(events.OpeningPaused(stream=standing.project.log, by=by.organisation, reason=text), at=at)
    return opening


@transaction.atomic
def resume(*, project_number: str, by: Actor, at: datetime) -> Opening:
    """Let the clock run on; the turn ends later by as long as it was paused.

    Refused to everyone but the host and a supervisor, when it is not paused, and to the host what a supervisor ordered.
    """
    standing = doors.hold(project_number, by=by, at=at)
    refuse_if(conduct.why_not_resume(standing.facts, by=by))
    opening = queries.opening_of(standing)
    assert opening.paused_at is not None  # the rule has seen to it
    opening.turn_ends += max(at - opening.paused_at, timedelta())
    opening.paused_at, opening.paused_by = None, ""
    opening.save(update_fields=["turn_ends", "paused_at", "paused_by"])
    _note_host(standing, by)
    ends = iso(opening.turn_ends)
    record(events.OpeningResumed(stream=standing.project.log, by=by.organisation, window_ends=ends), at=at)
    return opening


@transaction.atomic
def extend(*, project_number: str, minutes: int, reason: str, by: Actor, at: datetime) -> Opening:
    """Give the present turn more time, for everybody.

    Refused to everyone but the host, without a reason given, while paused, and once the turn's time is over.
    """
    standing = doors.hold(project_number, by=by, at=at)
    refuse_if(conduct.why_not_extend(standing.facts, by=by, minutes=minutes, at=at))
    text = said(reason, code="hall.extension-needs-reason", why="请写明延长的原因")
    opening = _lengthen(standing, timedelta(minutes=minutes))
    hosting.note(standing, by=by)
    event = events.TurnExtended(
        stream=standing.project.log,
        by=by.organisation,
        minutes=minutes,
        reason=text,
        window_ends=iso(opening.turn_ends),
    )
    record(event, at=at)
    return opening


@transaction.atomic
def report_incident(
    *, project_number: str, number: str, since: datetime, until: datetime, cause: str, by: Actor, at: datetime
) -> IncidentReport:
    """Report an outage of the platform by its number. It lengthens nothing until somebody else confirms it.

    Refused to everyone but the operator and a supervisor, while nothing runs, for an interval that is none or lies
    before the notice or the session, and twice for the same number or the same minutes.
    """
    standing = doors.hold(project_number, by=by, at=at)
    outage = _outage(standing, since, until)
    known = IncidentReport.objects.filter(tender=standing.tender, number=" ".join(number.split())).exists()
    refuse_if(conduct.why_not_report_incident(standing.facts, by=by, outage=outage, known=known, at=at))
    number = said(number, code="incident.needs-number", why="请写明故障编号", most=32)
    text = said(cause, code="incident.needs-cause", why="请写明故障原因")
    report = IncidentReport.objects.create(
        tender=standing.tender, number=number, since=since, until=until, cause=text, person=by.person,
        organisation=by.organisation, at=at,
    )  # fmt: skip
    for role in (Role.SUPERVISOR, Role.OPERATOR):
        inbox.post(
            topic=inbox.Topic.TODAY,
            to_role=role, region=standing.project.region, at=at,
            subject=f"平台故障 {number} 待确认：{standing.project.title}",
            body=f"{by.name} 登记了平台故障（{text}）。请登记人以外的运维或监督人员核实后在大厅确认，确认后顺延。",
            link=reverse("bidding:hall", args=[project_number]),
        )  # fmt: skip
    return report


@transaction.atomic
def confirm_incident(*, project_number: str, number: str, by: Actor, at: datetime) -> Incident:
    """Confirm a reported outage: what runs lasts longer by as long, for everybody.

    Before the deadline that is the deadline, moved by an announced correction; in the hall it is the present turn.
    Refused as a report is, to who reported it, and twice.
    """
    standing = doors.hold(project_number, by=by, at=at)
    report = IncidentReport.objects.filter(tender=standing.tender, number=number).first()
    refuse_if(
        conduct.why_not_confirm_incident(
            standing.facts,
            by=by,
            reporter=report.person if report else "",
            confirmed=Incident.objects.filter(tender=standing.tender, number=number).exists(),
            outage=_outage(standing, report.since, report.until) if report else None,
            at=at,
        )
    )
    assert report is not None  # the rule has seen to it
    incident = Incident.objects.create(
        tender=standing.tender, number=number, since=report.since, until=report.until, cause=report.cause,
        person=by.person, at=at,
    )  # fmt: skip
    if standing.act is Act.WAITING:
        _postpone(standing, incident, by)
        return incident
    opening = _lengthen(standing, report.until - report.since)
    event = events.IncidentNoted(
        stream=standing.project.log,
        number=number,
        since=iso(report.since),
        until=iso(report.until),
        cause=report.cause,
        reported_by=report.organisation,
        by=by.organisation,
        window_ends=iso(opening.turn_ends),
    )
    record(event, at=at)
    return incident


def _outage(standing: Standing, since: datetime, until: datetime) -> conduct.Outage:
    begins = standing.opening.opened_at if standing.opening else standing.project.published_at
    counted = Incident.objects.filter(tender=standing.tender, since__lt=until, until__gt=since).exists()
    return conduct.Outage(since, until, begins or standing.at, counted)


def said(text: str, *, code: str, why: str, most: int = 500) -> str:
    """What a person wrote, without blanks around it."""
    kept = " ".join(text.split())
    if not 1 <= len(kept) <= most:
        raise Refused(Reason(code, Kind.NOT_VALID, why))
    return kept


def _lengthen(standing: Standing, by_how_much: timedelta) -> Opening:
    opening = queries.opening_of(standing)
    opening.turn_ends += by_how_much
    opening.save(update_fields=["turn_ends"])
    return opening


def _postpone(standing: Standing, incident: Incident, by: Actor) -> None:
    since, until = (one.astimezone(CHINA).strftime("%m-%d %H:%M:%S") for one in (incident.since, incident.until))
    deadline = standing.project.terms.deadline
    text = f"平台故障 {incident.number}（{since} 至 {until}，{incident.cause}），"
    text += f"{deadline}时间按故障时长对所有人同等顺延。"
    outages.postpone(
        tender=standing.tender, by_how_much=incident.until - incident.since, text=text, by=by, at=standing.at
    )


def _note_host(standing: Standing, by: Actor) -> None:
    if conduct.side_of(standing.facts, by) == conduct.HOST:
        hosting.note(standing, by=by)
