"""The sealed traces of bids, once the holders have released their keys and the opening is over; never before."""

from collections.abc import Mapping
from datetime import datetime

from bidding.opening import queries
from bidding.opening.models import OpeningUnit, Release
from bidding.submission.traces import Traces, opened
from bidding.tender import queries as tenders
from bidding.tender.models import Tender
from proofs import canonical, releases


def traces(tender: Tender) -> Mapping[str, list[tuple[datetime, Traces]]]:
    """What each bidder's live handings in left behind, with when they arrived; by organisation, oldest first.

    Empty before the first session has ended. For the supervision's clues alone: who may see them is decided there.
    """
    if not queries.is_over(tender):
        return {}
    units = OpeningUnit.objects.filter(opening__tender=tender, bid__traces__isnull=False).select_related("bid")
    said: dict[int, list[Mapping[str, object]]] = {}
    for row in Release.objects.filter(unit__in=units, role=Release.Role.HOLDER, good=True):
        said.setdefault(row.unit_id, []).append(canonical.parse_object(row.statement.encode()))
    committees = tenders.committees(tender)
    found: dict[str, list[tuple[datetime, Traces]]] = {}
    for unit in units.order_by("bid__received_at", "pk"):
        released = releases.from_statements(said.get(unit.pk, []), unit.bid.eid)
        kcm = tenders.kcm_bytes(committees[unit.bid.part])
        if told := opened(bytes(unit.bid.traces or b""), kcm=kcm, releases=released):
            found.setdefault(unit.bid.organisation, []).append((unit.bid.received_at, told))
    return found
