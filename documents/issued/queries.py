"""Reads of issued papers. A paper is known by its address, or by its hash to whoever holds it."""

from typing import Any, BinaryIO

from django.conf import settings

from documents.issued.events import STREAM, CertificateNamed
from documents.issued.models import Issued
from ledger import blobs
from ledger import queries as ledger
from ledger.models import Entry

FOLDER = "issued"  # of the data folder: papers that are not public


def of(about: str) -> Issued | None:
    """The paper about something, once it is issued."""
    return Issued.objects.filter(about=about).first()


def one(public_id: object) -> Issued:
    """A paper by its address. Raises Issued.DoesNotExist."""
    return Issued.objects.select_related("entry").get(public_id=public_id)


def by_hash(sha256: str) -> Issued | None:
    """The paper with these bytes, if one was issued."""
    return Issued.objects.select_related("entry").filter(sha256=sha256).first()


def opened(paper: Issued) -> BinaryIO:
    """Its bytes, to be streamed. Who may have those of one that is not public is its slice's to know."""
    return blobs.open_blob(paper.sha256, folder=blobs.PUBLIC if paper.public else FOLDER)


def check_page(public_id: object) -> str:
    """Where the code on a paper leads."""
    return f"{settings.SITE}/papers/{public_id}/"


def proof(paper: Issued) -> dict[str, Any]:
    """What shows in a browser that the log holds this paper's hash; `proof` is empty until a checkpoint covers it."""
    return {
        "title": paper.title,
        "sha256": paper.sha256,
        "address": f"/papers/{paper.public_id}/",
        "entry": bytes(paper.entry.leaf).decode(),
        "proof": ledger.tlog_proof(paper.entry) or "",
    }


def certificates() -> list[tuple[Entry, dict[str, Any]]]:
    """Every certificate the log names, the one in use first."""
    found = [each for each in ledger.entries_after(STREAM) if each.kind == CertificateNamed.kind]
    return [(each, ledger.facts_of(each)) for each in reversed(found)]
