"""Acts of an upload in pieces: begin, go on, give up; and forget what was not finished in time.

Where a bidder is cut off he asks how much has come and goes on from there, after a reload or on another day. What
comes of it is the same stored envelope as of one upload in one piece.
"""

import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from bidding.submission import envelopes, rules, services
from bidding.submission.models import StoredEnvelope, Upload
from bidding.tender.models import Tender
from market.projects.rules import Stage
from rulebook.actor import Actor
from rulebook.refusal import Kind, Reason, Refused, refuse_if
from rulebook.rows import left_for_next_time

CHUNK = 8 * 2**20  # bytes sent at once; what is lost with a connection is at most this
UNFINISHED = 2  # uploads of one part a bidder may have under way: one in each of two tabs
IDLE = timedelta(days=7)


@transaction.atomic
def begin(*, project_number: str, part: str, sha256: str, length: int, by: Actor, at: datetime) -> Upload:
    """Make room for an envelope to come in pieces; one that was begun is given again, with what has come of it.

    The oldest of too many unfinished ones gives way.  Refused when he may not bid now, or the envelope is too large,
    too small or one too many.
    """
    tender = services.may_upload(project_number=project_number, part=part, by=by, at=at, held=True)
    refuse_if(
        rules.why_not_length(
            length,
            limit=settings.ENVELOPE_LIMIT,
            least=envelopes.SHORTEST_PAYLOAD,
            law=tender.project.procedure.formalities.unsealed,
        )
    )
    own = Upload.objects.filter(tender=tender, organisation=by.organisation, part=part)
    again = own.filter(sha256=sha256).first()
    if again:
        return again
    kept = StoredEnvelope.objects.filter(tender=tender, organisation=by.organisation, part=part)
    here = kept.filter(sha256=sha256).first()
    if not here and kept.count() >= 2 * rules.VERSIONS:
        raise Refused(rules.too_many_uploads())
    for row in own.filter(finished_at=None).order_by("-touched_at", "-pk")[UNFINISHED - 1 :]:
        discard(row)
    return Upload.objects.create(
        tender=tender,
        organisation=by.organisation,
        part=part,
        key=secrets.token_urlsafe(16),
        sha256=sha256,
        length=here.size if here else length,
        offset=here.size if here else 0,
        touched_at=at,
        finished_at=at if here else None,
    )


def go_on(
    *,
    project_number: str,
    part: str,
    key: str,
    offset: int,
    chunks: Iterable[bytes],
    checksum: bytes | None,
    by: Actor,
    at: datetime,
) -> Upload | None:
    """Take the next bytes, and keep the envelope once all have come. None when they do not match their checksum.

    Raises Upload.DoesNotExist for everybody else's, and for one that was given up meanwhile.  Refused when he may not
    bid now, when these are not the next bytes, when somebody is writing to it just now, and at the end when the whole
    is no envelope of this tender.
    """
    row = own(project_number=project_number, part=part, key=key, by=by)
    tender = services.may_upload(project_number=project_number, part=part, by=by, at=at)
    with envelopes.alone(key), _given_up_meanwhile(row):
        row.refresh_from_db()
        refuse_if(rules.why_not_offset(offset, expected=row.offset))
        if row.finished_at:
            return row
        size, digest = envelopes.append(
            key,
            offset,
            chunks,
            limit=min(CHUNK, row.length - offset),
            unsealed=tender.project.procedure.formalities.unsealed,
        )
        if checksum not in (None, digest):
            return None
        if offset + size < row.length:
            if not note(row, offset=offset + size, touched_at=at):
                raise Upload.DoesNotExist
        else:
            _finish(row, tender=tender, by=by, at=at)
    return row


def give_up(*, project_number: str, part: str, key: str, by: Actor, at: datetime) -> None:
    """Forget an unfinished upload. A finished one stays: its envelope may be a bid.

    Raises Upload.DoesNotExist for everybody else's.
    """
    row = own(project_number=project_number, part=part, key=key, by=by)
    if not row.finished_at:
        discard(row)


def forget(*, by: Actor, at: datetime) -> None:
    """Forget what is unfinished once the deadline is past or no bids are taken, and what nobody goes on with."""
    over = Q(tender__closes_at__lte=at) | ~Q(tender__project__stage=Stage.OPEN)
    Upload.objects.filter(over, finished_at__isnull=False).delete()
    for row in Upload.objects.filter(over | Q(touched_at__lte=at - IDLE), finished_at=None):
        with left_for_next_time(f"upload {row.pk}"):
            discard(row)
    listed = envelopes.uploads()  # before the rows: what is begun meanwhile is in neither or in both
    for key in listed - set(Upload.objects.filter(finished_at=None).values_list("key", flat=True)):
        envelopes.forget_upload(key)


def own(*, project_number: str, part: str, key: str, by: Actor) -> Upload:
    """The bidder's own upload.  Raises Upload.DoesNotExist for everybody else's."""
    return Upload.objects.get(
        tender__project__number=project_number, part=part, key=key, organisation=by.organisation or "-"
    )


def _finish(row: Upload, *, tender: Tender, by: Actor, at: datetime) -> None:
    """Keep the whole as an envelope; what is refused is forgotten, for sending more of it would not mend it."""
    try:
        received = envelopes.complete(row.key)
        if received.sha256 != row.sha256:
            text = "收到的内容与开始上传时声明的摘要不同，请重新上传"
            raise Refused(Reason("upload.digest", Kind.NOT_VALID, text))
        services.keep_received(received=received, tender=tender, part=row.part, by=by, at=at)
    except Refused:
        discard(row)
        raise
    note(row, offset=row.length, touched_at=at, finished_at=at)
    envelopes.forget_upload(row.key)


@contextmanager
def _given_up_meanwhile(row: Upload) -> Iterator[None]:
    """A file that is missing because its upload was given up is told as the upload that is not there."""
    try:
        yield
    except FileNotFoundError:
        row.refresh_from_db()
        raise


def note(row: Upload, **facts: Any) -> bool:
    """Write down how far it is. False when it was given up meanwhile; what is whole by then is kept all the same."""
    for name, value in facts.items():
        setattr(row, name, value)
    return bool(Upload.objects.filter(pk=row.pk).update(**facts))


def discard(row: Upload) -> None:
    """Forget an upload and what has come of it here; what lies in the storage, the tick forgets."""
    row.delete()
    envelopes.forget_upload(row.key)
