"""What the monitors read of the trade, and where they keep what they make of it."""

import json
from datetime import datetime
from decimal import Decimal
from functools import partial
from typing import Any

from bidding.guarantees import queries as guarantees
from bidding.opening import doors
from bidding.tender.models import Tender
from ledger.models import Entry, Log
from market.projects.models import Project
from market.purchases import queries as purchases
from market.purchases.models import Purchase
from rulebook.times import parse_iso
from supervision.monitors.story import Facts

SEALED_BID = "bidding.bid-sealed"


def of(project: Project) -> Facts:
    """The facts of a published procurement, read from its rows."""
    tender = Tender.objects.filter(project=project).first()
    purchase = Purchase.objects.filter(project=project).first()
    deposit = (tender.guarantee or {}).get("amount") if tender else None
    return Facts(
        procedure=project.procedure, number=project.number, buyer=project.buyer_id,
        item=purchase.item if purchase else project.item, ground=project.ground, category=project.category,
        budget=project.budget, cap=project.price_cap, published_at=project.published_at or project.stage_at,
        closes_at=tender.closes_at if tender else purchase.closes_at if purchase else None,
        selects_at=purchase.selects_at if purchase else None,
        guarantee=Decimal(deposit) if deposit is not None else None,
        failed=len(purchases.failures(purchase)) if purchase and purchase.again else 0,
        received=partial(_received, project),
        owed=partial(_owed, tender) if tender else list,
    )  # fmt: skip


def _received(project: Project) -> list[tuple[datetime, str]]:
    """When each sealed bid had come in, once all may know who bids; nothing where the doors are shut."""
    if doors.is_shut(project):
        return []
    entries = Entry.objects.filter(log=Log.SEALED, stream=project.log, kind=SEALED_BID).values_list("event", flat=True)
    return [(parse_iso(told["received"]), told["org"]) for told in map(_data, entries)]


def _owed(tender: Tender) -> list[tuple[datetime, str]]:
    """No entry tells that a guarantee went back, as its number and its day would tell who bid: the rows are asked."""
    law = tender.project.procedure.refund.law
    return sorted({(row.due, str(law)) for row in guarantees.owed(tender) if row.due and row.refunded_on is None})


def _data(event: str) -> dict[str, Any]:
    return dict(json.loads(event)["d"])
