"""The act of handing in a file."""

import io
import os
from datetime import datetime
from typing import BinaryIO

from django.db import transaction

from documents.evidence import rules
from documents.evidence.models import Evidence
from ledger import blobs
from rulebook.actor import Actor
from rulebook.refusal import refuse_if

FOLDER = "evidence"  # of the data folder: apart from what is public


@transaction.atomic
def keep(*, about: str, name: str, blob: BinaryIO | bytes, by: Actor, at: datetime) -> Evidence:
    """Keep a file about something; the same file of the same person again changes nothing.

    about: `<slice>:<what>`. The caller holds what it is about, says who may hand in, and records what is public of it.
    Refused for a stranger, beyond 20 files or 20 MB, and for what is by its own bytes no whole PDF, JPEG or PNG.
    """
    file = io.BytesIO(blob) if isinstance(blob, bytes) else blob
    size, head, tail = _ends(file)
    kind = rules.kind_by_ends(head, tail)
    kept = Evidence.objects.filter(about=about).count()
    refuse_if(rules.why_not_keep(kept=kept, size=size, kind=kind, by=by))
    assert kind is not None, "the rule refuses what it does not know"
    file.seek(0)
    sha256, size = blobs.keep_file(file, folder=FOLDER)
    row, _ = Evidence.objects.get_or_create(
        about=about, sha256=sha256, organisation=by.organisation, person=by.person,
        defaults={"name": rules.name_of(name, kind), "media_type": kind, "size": size, "kept_at": at},
    )  # fmt: skip
    return row


def _ends(file: BinaryIO) -> tuple[int, bytes, bytes]:
    """Size, first and last bytes of a file."""
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - rules.REACH))
    tail = file.read(rules.REACH)
    file.seek(0)
    return size, file.read(rules.REACH), tail
