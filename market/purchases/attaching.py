"""The files of a notice: handed in with the draft, pinned with its hashes, for everybody once it is public."""

from datetime import datetime
from typing import BinaryIO

from django.db import transaction

from documents.evidence import services as evidence
from documents.evidence.models import Evidence
from market.projects import queries as projects
from market.projects.rules import Stage, why_not_edit
from market.purchases import queries
from market.purchases.models import Purchase
from rulebook.actor import Actor
from rulebook.refusal import refuse_if

SLICE = "purchase-notice"  # before the number of its purchase


@transaction.atomic
def attach(*, number: str, name: str, blob: BinaryIO | bytes, by: Actor, at: datetime) -> Purchase:
    """Add a file to the draft's notice; the same file again changes nothing.

    Refused once it is handed in or published, for another buyer's officer, and for what no evidence may be.
    """
    project = projects.hold(number)
    refuse_if(why_not_edit(project, by=by))
    row = queries.purchase(number)
    file = evidence.keep(about=f"{SLICE}:{number}", name=name, blob=blob, by=by, at=at)
    told = {"id": str(file.public_id), "name": file.name, "size": file.size, "sha256": file.sha256}
    if told["sha256"] not in [each["sha256"] for each in row.attachments]:
        row.attachments = [*row.attachments, told]
        row.save(update_fields=["attachments"])
    return row


@transaction.atomic
def detach(*, number: str, sha256: str, by: Actor, at: datetime) -> Purchase:
    """Take a file out of the draft's notice again. Refused as `attach` is; what is not there is gone already."""
    project = projects.hold(number)
    refuse_if(why_not_edit(project, by=by))
    row = queries.purchase(number)
    row.attachments = [each for each in row.attachments if each["sha256"] != sha256]
    row.save(update_fields=["attachments"])
    return row


def may_have(file: Evidence, viewer: Actor) -> bool:
    """Whether somebody may have a file of a notice: everybody once it is published with it, before that its buyer."""
    row = Purchase.objects.filter(project__number=file.about.partition(":")[2]).select_related("project").first()
    if row is None:
        return False
    pinned = str(file.public_id) in [each["id"] for each in row.attachments]
    return row.project.is_officer(viewer) or (pinned and row.project.stage != Stage.DRAFT)
