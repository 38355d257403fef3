"""Reads: who is restricted, what was decided against whom; who may see a case is decided here."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from blacklist.cases import process, refusals, rules
from blacklist.cases.models import Case, Restriction
from blacklist.cases.process import Act, File, Outcome, State, Terms
from rulebook.actor import Actor, Role
from rulebook.refusal import Reason


def restricted(subjects: Iterable[str], *, at: datetime) -> dict[str, tuple[Reason, ...]]:
    """Which of these are kept out of new purchases by the platform at an instant, each with its reasons.

    subjects: credit codes and keyed hashes of identity numbers, mixed as you like.  Costs one range of one index.
    """
    found: dict[str, list[Restriction]] = {}
    for row in unended(subjects, at=at):
        found.setdefault(row.subject, []).append(row)
    told = {subject: rules.why_not_take_part(rows, at=at) for subject, rows in found.items()}
    return {subject: reasons for subject, reasons in told.items() if reasons}


def findings(subject: str, *, at: datetime) -> list[Restriction]:
    """What two persons decided against a subject and is in force: its points and what keeps it out. Oldest first.

    Without a decision there is no negative item; what lapsed, was annulled, repaired or is stayed counts for nothing.
    """
    rows = sorted(unended([subject], at=at), key=lambda row: (row.starts_at, row.pk))
    return [row for row in rows if rules.in_force(row, at=at)]


def unended(subjects: Iterable[str], *, at: datetime) -> QuerySet[Restriction]:
    """Their restrictions whose term is not over, in force or not."""
    return Restriction.objects.filter(subject__in=list(subjects), ends_at__gt=at)


def file_of(case: Case) -> File:
    """What has happened in a case: the fold of its steps."""
    file = File(case.ground, case.reported_by, party_org=case.party_org, party_person=case.party_person)
    for row in case.steps.order_by("seq"):
        step = process.Step(
            Act(row.act),
            row.person,
            row.at,
            row.until,
            Outcome(row.outcome) if row.outcome else None,
            Terms.of(row.terms),
            row.about,
        )
        file = process.after(file, step)
    return file


def shown(*, at: datetime) -> list[Restriction]:
    """The public page: what is in force and not minor, newest first. Nothing of a case's words or its project."""
    rows = Restriction.objects.filter(starts_at__lte=at, ends_at__gt=at, ended_at=None).order_by("-starts_at", "-id")
    return [row for row in rows if rules.is_shown(row, at=at)]


def why_not_report_at_all(*, by: Actor) -> tuple[Reason, ...]:
    """Reasons against this person's reporting anything."""
    return refusals.why_not_report_from(by=by)


def of_viewer(viewer: Actor) -> QuerySet[Case]:
    """All cases for keepers and auditors; for others their own once they were told, and what they reported."""
    rows = Case.objects.order_by("-id")
    if viewer.role in refusals.KEEPERS or viewer.role is Role.AUDITOR:
        return rows
    own = Q(reported_by=viewer.person) | Q(party_person=viewer.person, steps__act=Act.NOTICED.value)
    if viewer.organisation and viewer.role in refusals.SPEAKERS:
        own |= Q(party_org=viewer.organisation, steps__act=Act.NOTICED.value)
    return rows.filter(own).distinct()


def visible(public_id: UUID, *, viewer: Actor) -> tuple[Case, File] | None:
    """A case and its file for keepers and auditors, and for its party once it was told; None for anybody else."""
    case = Case.objects.filter(public_id=public_id).first()
    if case is None:
        return None
    file = file_of(case)
    if viewer.role in refusals.KEEPERS or viewer.role is Role.AUDITOR:
        return case, file
    if file.noticed_at is not None and not refusals.why_not_be_party(file, by=viewer):
        return case, file
    return None


def open_cases() -> list[tuple[Case, File]]:
    """Cases in which somebody has something to do, oldest first."""
    ended = [State.DISMISSED.value, State.REFERRED.value, State.CLOSED.value]
    return [(case, file_of(case)) for case in Case.objects.exclude(state__in=ended).order_by("id")]


def open_of_party(viewer: Actor) -> list[tuple[Case, File]]:
    """A party's own cases, of which it was told."""
    if not viewer.organisation and not viewer.person:
        return []
    mine = Q(party_person=viewer.person) if viewer.person else Q()
    mine |= Q(party_org=viewer.organisation) if viewer.organisation else Q()
    found = [(case, file_of(case)) for case in Case.objects.filter(mine).order_by("id")]
    return [(case, file) for case, file in found if file.noticed_at is not None]
