"""Reads: who is restricted, what was decided against whom; who may see a case is decided here."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils.module_loading import import_string

from accounts.regions.queries import under
from blacklist.cases import process, refusals, rules
from blacklist.cases.models import Case, Restriction, Step
from blacklist.cases.process import Act, File, Outcome, State, Terms
from documents.evidence.models import Evidence
from rulebook.actor import Actor, Role
from rulebook.jurisdiction import has_jurisdiction
from rulebook.refusal import Reason
from rulebook.regions import region_of as division


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
    for row in sorted(case.steps.all(), key=lambda row: row.seq):
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


EVIDENCE = "case"  # what files of cases are kept under


def about(case: Case, seq: int) -> str:
    """What the files of a step are kept under."""
    return f"{EVIDENCE}:{case.public_id}.{seq}"


def may_have(evidence: Evidence, viewer: Actor) -> bool:
    """Whether somebody may have a file of a case: who handed it in, who may decide, and the party what it was told."""
    public_id, _, seq = evidence.about.partition(":")[2].rpartition(".")
    case = Case.objects.filter(public_id=public_id).first()
    if case is None or not viewer.person:
        return False
    if viewer.person == evidence.person:
        return True
    file = file_of(case)
    if has_jurisdiction(viewer, case.region or "") and not refusals.why_not_keep(file, by=viewer):
        return True
    if refusals.why_not_be_party(file, by=viewer) or file.noticed_at is None:
        return False
    return any(row.seq == int(seq) for row in told_to_party(list(case.steps.order_by("seq")), file))


BEFORE_NOTICE = frozenset({Act.REPORTED, Act.TAKEN_UP, Act.DISMISSED, Act.REFERRED})


def told_to_party(rows: list[Step], file: File) -> list[Step]:
    """What the party sees: nothing from before its notice, no proposal before it was agreed to and served."""
    agreed = {row.round for row in rows if row.act == Act.AGREED}
    kept = []
    for row in rows:
        hidden = Act(row.act) in BEFORE_NOTICE or row.act == Act.RETURNED
        is_decision = Act(row.act) in process.SIGNED and row.outcome == Outcome.RESTRICT
        if hidden or (row.act == Act.PROPOSED and row.round not in agreed) or (is_decision and file.served_at is None):
            continue
        kept.append(row)
    return kept


def shown(*, at: datetime) -> list[Restriction]:
    """The public page: what is in force and not minor, newest first. Nothing of a case's words or its project."""
    rows = Restriction.objects.filter(starts_at__lte=at, ends_at__gt=at, ended_at=None).order_by("-starts_at", "-id")
    return [row for row in rows if rules.is_shown(row, at=at)]


def public(public_id: UUID, *, at: datetime) -> Restriction:
    """A restriction everybody may look at: in force and not minor. Raises Restriction.DoesNotExist for any other."""
    row = Restriction.objects.get(public_id=public_id)
    if not rules.is_shown(row, at=at):
        raise Restriction.DoesNotExist
    return row


def why_not_report_at_all(*, by: Actor) -> tuple[Reason, ...]:
    """Reasons against this person's reporting anything."""
    return refusals.why_not_report_from(by=by)


def of_viewer(viewer: Actor) -> QuerySet[Case]:
    """All cases for keepers and auditors; for others their own once they were told, and what they reported."""
    rows = Case.objects.order_by("-id")
    if _looks_in(viewer):
        return rows.filter(under("region", viewer.region))
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
    if _looks_in(viewer) and has_jurisdiction(viewer, case.region or ""):
        return case, file
    if file.noticed_at is not None and not refusals.why_not_be_party(file, by=viewer):
        return case, file
    return None


ENDED = frozenset({State.SERVED, State.CLOSED, State.DISMISSED, State.REFERRED})  # but for repairs
SILENT = frozenset({State.REPORTED, State.EXAMINING, State.DISMISSED, State.REFERRED})  # the party has nothing to do


def open_cases(viewer: Actor, *, at: datetime) -> list[tuple[Case, File]]:
    """Cases where a keeper's office reaches in which he may have something to do, oldest first, in two statements.

    One that is served or over is among them only while a repair was asked for of what is not over yet.
    """
    asked = Step.objects.filter(case=OuterRef("pk"), act=Act.REPAIR_ASKED.value)
    lasting = Restriction.objects.filter(case=OuterRef("pk"), ended_at=None, ends_at__gt=at)
    repairs = Q(state__in=[State.SERVED.value, State.CLOSED.value]) & Exists(asked) & Exists(lasting)
    rows = Case.objects.filter(under("region", viewer.region))
    return _with_files(rows.filter(~Q(state__in=[state.value for state in ENDED]) | repairs))


def open_of_party(viewer: Actor) -> list[tuple[Case, File]]:
    """A party's own cases, of which it was told, with what they came to: three statements, however many there are."""
    if not viewer.organisation and not viewer.person:
        return []
    mine = Q(party_person=viewer.person) if viewer.person else Q()
    mine |= Q(party_org=viewer.organisation) if viewer.organisation else Q()
    told = Case.objects.filter(mine).exclude(state__in=[state.value for state in SILENT])
    return _with_files(told.prefetch_related("restrictions"))


def of_project(number: str, *, viewer: Actor) -> list[tuple[Case, File]]:
    """The cases about what happened in a purchase, for keepers and auditors: nobody else learns that there is any."""
    if not number or not _looks_in(viewer):
        return []
    return _with_files(Case.objects.filter(under("region", viewer.region), project=number))


def _looks_in(viewer: Actor) -> bool:
    return viewer.role in refusals.KEEPERS or viewer.role is Role.AUDITOR


def region_of(project: str, *, by: Actor) -> str:
    """Where a case lies: where the purchase is that it happened in, else where its reporter is; empty for neither."""
    found = import_string(settings.PROJECT_REGION)(project) if project else None
    if found is None:
        found = division(by.organisation) if by.role is Role.OFFICER else by.region
    return str(found)


def _with_files(rows: QuerySet[Case]) -> list[tuple[Case, File]]:
    told = rows.order_by("id").prefetch_related(Prefetch("steps", Step.objects.order_by("seq")))
    return [(case, file_of(case)) for case in told]
