"""Reads of certificates: a person's own, or anybody's for the register's keepers."""

from datetime import date
from typing import Any
from uuid import UUID

from accounts import sealing
from experts.certificates.models import Certificate
from experts.certificates.rules import REMIND, Proof
from experts.certificates.words import PROOF_WORDS
from experts.registry.models import Dossier
from experts.registry.queries import keeps
from rulebook.actor import Actor


def standing(dossier: Dossier | None, *, on: date) -> list[dict[str, Any]]:
    """A person's certificates as a page lists them; not a byte of a file is read."""
    if dossier is None:
        return []
    rows = dossier.certificates.filter(removed_at__isnull=True).defer("file").order_by("pk")
    return [
        {
            "row": row,
            "words": PROOF_WORDS[Proof(row.proof)],
            "name": sealing.unseal(row.sealed, about=about(row))["name"],
            "over": row.valid_until is not None and row.valid_until < on,
            "soon": row.valid_until is not None and on <= row.valid_until <= on + REMIND,
        }
        for row in rows
    ]


def one(public_id: UUID, viewer: Actor) -> Certificate:
    """One that stands. Raises Certificate.DoesNotExist for what the viewer may not see."""
    found = Certificate.objects.filter(removed_at__isnull=True).defer("file").select_related("dossier__user")
    row = found.get(public_id=public_id)
    if not (viewer.person and str(row.dossier.user.public_id) == viewer.person) and not keeps(viewer):
        raise Certificate.DoesNotExist
    return row


def about(row: Certificate) -> str:
    """The name under which it is sealed."""
    return f"certificate/{row.public_id}"
