"""Issue a paper; name the certificate papers are signed under."""

import hashlib
import uuid
from datetime import datetime

from django.db import transaction

from documents import signing
from documents.issued import queries
from documents.issued.events import STREAM, CertificateNamed, PaperIssued
from documents.issued.models import Issued
from ledger import blobs
from ledger import queries as ledger
from ledger.models import Log, Stream
from ledger.services import publish_blob, record
from rulebook.actor import Actor


def issue(
    *, stream: str, about: str, title: str, pdf: bytes, public_id: uuid.UUID | None = None, public: bool, by: Actor,
    at: datetime,
) -> Issued:  # fmt: skip
    """Put a signed paper under its hash and that into a public stream; whoever asks again gets the one there is.

    pdf: as `signing.sign` gave it, made before anything was held.  public_id: the one in the code on it.
    title: told in the stream, so it names nobody whom the stream does not.
    Inside the caller's transaction, as its last statement: the caller holds what it is about and says who may.
    """
    if (there := queries.of(about)) is not None:
        return there
    sha256 = hashlib.sha256(pdf).hexdigest()
    under = signing.fingerprint(signing.der_of(signing.certificate(at=at)))
    if public:
        publish_blob(pdf)
    else:
        blobs.keep(sha256, pdf, folder=queries.FOLDER)
    event = PaperIssued(stream=stream, title=title, sha256=sha256, size=len(pdf), certificate=under)
    return Issued.objects.create(
        public_id=public_id or uuid.uuid4(), about=about, title=title, public=public, sha256=sha256, size=len(pdf),
        certificate=under, issued_at=at, entry=record(event, at=at),
    )  # fmt: skip


@transaction.atomic
def announce_certificate(*, by: Actor, at: datetime) -> bool:
    """Name the certificate of today in the public log; False where the log names it already."""
    made = signing.certificate(at=at)
    der = signing.der_of(made)
    if _is_named(der):
        return False
    Stream.objects.get_or_create(log=Log.PUBLIC.value, name=STREAM, defaults={"last": 0})
    Stream.objects.select_for_update().get(log=Log.PUBLIC.value, name=STREAM)
    if _is_named(der):  # another process was first
        return False
    event = CertificateNamed(
        stream=STREAM, sha256=publish_blob(der), subject=made.subject.rfc4514_string(), until=made.not_valid_after_utc,
        own=signing.is_own(made),
    )  # fmt: skip
    record(event, at=at)
    return True


def _is_named(der: bytes) -> bool:
    named = ledger.newest_of(STREAM, CertificateNamed.kind)
    return named is not None and named["sha256"] == signing.fingerprint(der)
