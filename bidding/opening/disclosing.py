"""What happened behind closed doors is public with the result, and everybody may check it then."""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from bidding.opening import closed_events, doors
from bidding.opening.models import Disclosure, OpeningUnit, Release
from bidding.submission import envelopes
from bidding.submission.models import Round
from bidding.tender import queries as tenders
from bidding.tender.models import Tender
from ledger import queries as ledger
from ledger.queries import Head
from ledger.services import publish_blob, publish_copy, record, want_sealed_batch
from market.projects import queries as projects
from market.projects.models import Project
from market.projects.rules import Stage
from proofs import canonical
from rulebook.actor import Actor, Role
from rulebook.refusal import Kind, Reason, Refused

RESULT = (Stage.AWARDED, Stage.CONTRACTED, Stage.COMPLETED, Stage.TERMINATED)


def disclosed(project: Project) -> bool:
    """Whether what happened behind closed doors, and what was quoted, is public."""
    return Disclosure.objects.filter(tender__project=project).exists()


def due() -> list[str]:
    """Numbers of projects with a result whose opening, or what was quoted in rounds, is not public yet."""
    quoted = Q(rounds__last=True, rounds__disclosed_at=None)
    hidden = doors.undisclosed() | quoted
    found = Tender.objects.filter(hidden, project__stage__in=RESULT, openings__isnull=False)
    return list(found.distinct().values_list("project__number", flat=True))


@transaction.atomic
def disclose(*, project_number: str, by: Actor, at: datetime) -> bool:
    """Publish what happened behind closed doors, with the proof of each, and what was quoted, with every release.

    Does nothing twice, nothing before the result, and asks first for a checkpoint of the sealed log that holds every
    fact; whether it is public now.
    Refused to anybody but the clock.
    """
    if by.role is not Role.SYSTEM:
        raise Refused(Reason("disclose.not-system", Kind.NOT_YOURS, "报价由系统在结果公告后公开"))
    project = projects.hold_published(project_number)
    tender = Tender.objects.select_related("project").get(project=project)
    if disclosed(project) or Stage(project.stage) not in RESULT:
        return disclosed(project)
    if tenders.closed_hall(project) is None:
        if quoted := tender.layout.rounds and tender.rounds.filter(disclosed_at=None).exists():
            _quotes(tender, at=at)
        return quoted
    batch = f"{ledger.room_of(project.log)}#result"
    head = ledger.sealed_batch(batch)
    if head is None or (settings.QUORUM and not head.cosigned):
        want_sealed_batch(batch, at=at)
        return False
    if tender.layout.rounds:
        _quotes(tender, at=at)
    entry = record(_room(project, head), at=at)
    Disclosure.objects.create(tender=tender, entry=entry, at=at)
    return True


def _room(project: Project, head: Head) -> closed_events.RoomDisclosed:
    """Every fact behind the doors with what opens and proves it."""
    rows = doors.story(project)
    places = ledger.inclusions(rows, against=head)
    told = [
        {
            "event": canonical.parse(row.event.encode()),
            "nonce": bytes(row.nonce or b"").hex(),
            "index": place["index"] if place else None,
            "proof": place["proof"] if place else None,
        }
        for row, place in zip(rows, places, strict=True)
    ]
    return closed_events.RoomDisclosed(
        stream=project.log, count=len(told), sha256=publish_blob(canonical.dumps(told)),
        sealed_log={"size": head.size, "root": head.root.hex()}, note=head.note,
    )  # fmt: skip


def _quotes(tender: Tender, *, at: datetime) -> None:
    units = OpeningUnit.objects.filter(opening__tender=tender, opening__session__gt=1).select_related("bid")
    told = []
    for unit in sorted(units, key=lambda unit: unit.bid.eid):
        rows = Release.objects.filter(unit=unit).order_by("role", "member", "pk")
        released = [canonical.parse(row.statement.encode()) for row in rows]
        told.append({"eid": unit.bid.eid, "sheet": unit.sheet, "releases": released})
        if any(row.role == Release.Role.BIDDER for row in rows):
            publish_copy(envelopes.stored_as(unit.bid.env_sha256), sha256=unit.bid.env_sha256, size=unit.bid.size)
    event = closed_events.QuotesDisclosed(stream=tender.project.log, sha256=publish_blob(canonical.dumps(told)))
    Round.objects.filter(tender=tender).update(disclosed_at=at)
    record(event, at=at)
