"""Experts as a case of the platform may be about them: found by their number, and by keepers of the register alone.

Who is in the register is told to nobody else, or a name and an employer would be a question anybody could ask it.
"""

import uuid

from blacklist.cases.people import Known
from blacklist.cases.refusals import KEEPERS
from experts.registry.models import Expert
from rulebook.actor import Actor


def found(*, name: str, firm: str, certificate: str, by: Actor) -> list[Known]:
    """The expert with this number."""
    return _of(by=by, number=certificate) if certificate else []


def known(ref: str, *, by: Actor) -> Known | None:
    """The expert of a `ref`."""
    try:
        public_id = uuid.UUID(ref.removeprefix("expert-"))
    except ValueError:
        return None
    return next(iter(_of(by=by, public_id=public_id)), None)


def _of(*, by: Actor, **which: object) -> list[Known]:
    if by.role not in KEEPERS:
        return []
    rows = Expert.objects.filter(**which).exclude(user__dossier__id_tag="").select_related("user__dossier")
    return [
        Known(
            f"expert-{row.public_id}",
            row.user.dossier.id_tag,
            row.user.name,
            "评审专家",
            row.number,
            account=str(row.user.public_id),
        )
        for row in rows.filter(user__dossier__isnull=False)
    ]
