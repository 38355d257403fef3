"""Reads of terms, orders to keep and deletions; what of a procurement a deletion takes."""

from collections.abc import Iterator
from datetime import date, datetime

from django.db.models import QuerySet

from bidding.opening.models import OpeningUnit
from bidding.opening.opened import FOLDER as OPENED
from bidding.submission.models import StoredEnvelope
from bidding.tender.models import Tender
from blacklist.cases.models import Case
from blacklist.cases.process import LIFE as CASES
from documents.evidence.models import Evidence
from documents.issued.models import Issued
from keeping.archives import queries as archives
from keeping.archives.models import Package
from keeping.archives.rules import Level
from keeping.retention import rules
from keeping.retention.models import Deletion, Hold
from ledger.models import Log
from ledger.storage.files import stored_as
from market.complaints.models import Complaint
from market.contracts.models import ContractProposal
from market.performance.models import Attachment
from market.projects.models import Project
from rulebook.actor import Actor, Role
from rulebook.calendar import day_in_china
from rulebook.refusal import Reason


def until(project: Project) -> date | None:
    """The first day on which it need not be kept any longer; None while it goes on."""
    return rules.ends_on(archives.ended_on(project)) if archives.is_over(project) else None


def hold(project: Project) -> Hold | None:
    """The order to keep it that stands."""
    return Hold.objects.filter(project=project, lifted_at=None).first()


def under_way(project: Project) -> Deletion | None:
    """The deletion that waits to be confirmed or carried out."""
    return Deletion.objects.filter(project=project, withdrawn_at=None, done_at=None).first()


def done(project: Project) -> Deletion | None:
    """The deletion that was carried out."""
    return Deletion.objects.filter(project=project, done_at__isnull=False).order_by("-done_at").first()


def why_not_delete(project: Project, *, by: Actor, at: datetime) -> tuple[Reason, ...]:
    """Reasons against proposing it today."""
    over = archives.is_over(project)
    return rules.why_not_delete(
        ended_on=archives.ended_on(project) if over else None, holds=int(hold(project) is not None),
        pending=_pending(project), on=day_in_china(at), by=by,
        owners=frozenset(filter(None, (project.buyer_id, project.agent_id))),
    )  # fmt: skip


def why_still_kept(project: Project, *, at: datetime) -> tuple[Reason, ...]:
    """The same whoever asks: what the second person, and the tick that carries it out, look at once more."""
    owner = Actor(person="", role=Role.OFFICER, organisation=project.buyer_id)
    return why_not_delete(project, by=owner, at=at)


def _pending(project: Project) -> int:
    """Complaints and cases about it that are not over."""
    over = [state.value for state in CASES.states() if CASES.is_final(state)]
    cases = Case.objects.filter(project=project.number).exclude(state__in=over)
    return Complaint.objects.filter(project=project, ended_at=None).count() + cases.count()


def contents(project: Project) -> list[tuple[str, str]]:
    """What a deletion takes: the names of kept files and their SHA-256, in order.

    What is public stays: notices, papers anyone may have, the public record and its package. The rows stay, with every
    hash: what was deleted can still be recognised by whoever brings it. What another procurement keeps too stays.
    """
    found = {f"{folder}/{sha256[:2]}/{sha256}": sha256 for folder, sha256 in _hashed(project)}
    attached = Attachment.objects.filter(contract__project=project)
    found |= {stored_as(row.file.name): row.sha256 for row in attached.order_by("pk")}
    return sorted(found.items())


def _hashed(project: Project) -> Iterator[tuple[str, str]]:
    """Folder and hash of what lies under its hash and is this procurement's alone."""
    tenders = Tender.objects.filter(project=project)
    stored = StoredEnvelope.objects.filter(tender__in=tenders)
    yield from (("envelopes", each) for each in stored.values_list("sha256", flat=True))
    opened = _opened_of(OpeningUnit.objects.filter(opening__tender__in=tenders))
    if opened:
        opened -= _opened_of(OpeningUnit.objects.exclude(opening__tender__in=tenders))
    yield from ((OPENED, each) for each in opened)
    papers = Issued.objects.filter(entry__log=Log.PUBLIC, entry__stream=project.log, public=False)
    yield from (("issued", each) for each in papers.values_list("sha256", flat=True))
    proposals = ContractProposal.objects.filter(award__project=project).values_list("file_id", flat=True)
    texts = set(Evidence.objects.filter(pk__in=proposals).values_list("sha256", flat=True))
    shared = Evidence.objects.filter(sha256__in=texts).exclude(pk__in=proposals)
    yield from (("evidence", each) for each in texts - set(shared.values_list("sha256", flat=True)))
    packages = Package.objects.filter(project=project, level=Level.FULL).values_list("sha256", flat=True)
    yield from ((archives.FOLDER, each) for each in packages)


def _opened_of(units: QuerySet[OpeningUnit]) -> set[str]:
    """The hashes of files out of opened envelopes."""
    return {file["sha256"] for listed in units.values_list("files", flat=True).iterator(2000) for file in listed or ()}
