"""Reads of terms, orders to keep and deletions; what of a procurement a deletion takes."""

from collections.abc import Iterator
from datetime import date, datetime

from bidding.submission.models import StoredEnvelope
from bidding.tender.models import Tender
from blacklist.cases.models import Case
from blacklist.cases.process import LIFE as CASES
from documents.issued.models import Issued
from keeping.archives import queries as archives
from keeping.archives.models import Package
from keeping.archives.rules import Level
from keeping.backups import files
from keeping.retention import rules
from keeping.retention.models import Deletion, Hold
from ledger.models import Log
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


def contents(project: Project) -> Iterator[tuple[str, str]]:
    """What a deletion takes: the names of kept files, and their SHA-256 where the rows have it; in order.

    What is public stays: notices, papers anyone may have, the public record and its package. The rows stay, with every
    hash: what was deleted can still be recognised by whoever brings it.
    """
    for tender in Tender.objects.filter(project=project):
        for sha256 in StoredEnvelope.objects.filter(tender=tender).values_list("sha256", flat=True).order_by("sha256"):
            yield f"envelopes/{sha256[:2]}/{sha256}", sha256
        for name in files.listed_in(f"opened/{tender.pk}"):
            yield name, ""
    rows = Issued.objects.filter(entry__log=Log.PUBLIC, entry__stream=project.log, public=False)
    for sha256 in rows.values_list("sha256", flat=True).order_by("sha256"):
        yield f"issued/{sha256[:2]}/{sha256}", sha256
    agreed = ContractProposal.objects.filter(award__project=project)
    for sha256 in agreed.values_list("file__sha256", flat=True).distinct().order_by("file__sha256"):
        yield f"evidence/{sha256[:2]}/{sha256}", sha256
    for row in Attachment.objects.filter(contract__project=project).order_by("pk"):
        yield f"files/{row.file.name}", row.sha256
    for sha256 in Package.objects.filter(project=project, level=Level.FULL).values_list("sha256", flat=True):
        yield f"{archives.FOLDER}/{sha256[:2]}/{sha256}", sha256
