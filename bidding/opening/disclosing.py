"""Quotes of rounds are nobody's to see but the panel's until the result; then everybody may open them again."""

from datetime import datetime

from django.db import transaction

from bidding.opening import events
from bidding.opening.models import OpeningUnit, Release
from bidding.submission import envelopes
from bidding.submission.models import Round
from bidding.tender.models import Tender
from ledger.services import publish_blob, publish_file, record
from market.projects import queries as projects
from market.projects.models import Project
from market.projects.rules import Stage
from proofs import canonical
from rulebook.actor import Actor, Role
from rulebook.refusal import Kind, Reason, Refused

RESULT = (Stage.AWARDED, Stage.CONTRACTED, Stage.COMPLETED)


def disclosed(project: Project) -> bool:
    """Whether the quotes are public."""
    return Round.objects.filter(tender__project=project, disclosed_at__isnull=False).exists()


@transaction.atomic
def disclose(*, project_number: str, by: Actor, at: datetime) -> None:
    """Publish what was quoted, with every release that opens it. Does nothing twice, and nothing before the result.

    Refused to anybody but the clock.
    """
    if by.role is not Role.SYSTEM:
        raise Refused(Reason("disclose.not-system", Kind.NOT_YOURS, "报价由系统在结果公告后公开"))
    project = projects.hold(project_number)
    tender = Tender.objects.select_related("project").get(project=project)
    if not tender.layout.rounds or Stage(project.stage) not in RESULT or disclosed(project):
        return
    units = OpeningUnit.objects.filter(opening__tender=tender, opening__session__gt=1).select_related("bid")
    told = []
    for unit in sorted(units, key=lambda unit: unit.bid.eid):
        rows = Release.objects.filter(unit=unit).order_by("role", "member", "pk")
        released = [canonical.parse(row.statement.encode()) for row in rows]
        told.append({"eid": unit.bid.eid, "sheet": unit.sheet, "releases": released})
        if any(row.role == Release.Role.BIDDER for row in rows):
            with envelopes.open_envelope(unit.bid.env_sha256) as file:
                publish_file(file)
    event = events.QuotesDisclosed(stream=project.log, sha256=publish_blob(canonical.dumps(told)))
    Round.objects.filter(tender=tender).update(disclosed_at=at)
    record(event, at=at)
