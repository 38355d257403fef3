"""The act by which a purchase becomes several lots: one batch, one document, one sitting."""

from datetime import datetime
from decimal import Decimal

from django.db import transaction

from bidding.tender import batches, files, queries
from bidding.tender.models import Tender
from market.projects import queries as projects
from market.projects import rules as project_rules
from market.projects import services as project_services
from rulebook.actor import Actor
from rulebook.refusal import refuse_if

SHARED = ("supply_ends_at", "closes_at", "drain", "window", "min_bids", "policy", "envelopes", "price_weight",
          "small_deduction", "factors", "qualifications", "leader", "formula", "policies")  # fmt: skip


@transaction.atomic
def add_lot(
    *, project_number: str, title: str, item: str, demand: str, budget: Decimal, price_cap: Decimal, most_lots: int,
    by: Actor, at: datetime,
) -> Tender:  # fmt: skip
    """Draft another lot beside this one, with the same timetable, criteria and documents; the batch begins with it.

    most_lots: how many lots of the batch one bidder may win (兼投不兼中), 0 for any number; it holds for all of them.
    Refused when this one can no longer be edited, and beyond twenty lots.
    """
    project = projects.hold_batch(project_number)
    refuse_if(project_rules.why_not_edit(project, by=by))
    lots = projects.lots(project) or [project]
    for lot in lots:
        refuse_if(project_rules.why_not_edit(lot, by=by))
    refuse_if(batches.why_not_add(lots=len(lots), most=most_lots))
    first = queries.tender(project_number)
    facts = {name: getattr(project, name) for name in project_services.FACTS}
    facts |= {"title": title, "item": item, "demand": demand, "budget": budget, "price_cap": price_cap}
    made = project_services.draft(facts=facts, mandate=project.letter, by=by, at=at)
    batch = project.batch or project_services.new_number(at=at)
    for place, lot in enumerate([*lots, made], start=1):
        lot.batch, lot.lot, lot.most_lots = batch, lot.lot or place, most_lots
        lot.save(update_fields=["batch", "lot", "most_lots"])
    tender = Tender.objects.create(project=made, **{name: getattr(first, name) for name in SHARED})
    for document in queries.documents(first):
        files.copy(document, tender=tender, at=at)
    return tender
