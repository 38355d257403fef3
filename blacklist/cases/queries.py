"""Reads: who is restricted, what was decided against whom; who may see a case is decided here."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import QuerySet

from blacklist.cases import process, rules
from blacklist.cases.models import Case, Restriction
from blacklist.cases.process import Act, File, Outcome, Terms
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
