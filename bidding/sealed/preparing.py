"""Acts before sealed quotes are taken: key holders are asked, make keys and open a trial, and the notice goes out.

Nobody clicks: after approval the clock does it all, and what is not ready yet is taken up by the next tick.
"""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from bidding.sealed import queries
from bidding.tender import committees
from bidding.tender import events as tender_events
from bidding.tender import queries as tenders
from bidding.tender.models import Tender
from bidding.tender.pinning import pin_terms
from bidding.tender.rules import why_not_ready
from ledger.services import record
from market.notices.models import Notice
from market.projects import queries as projects
from market.purchases import services as purchases
from proofs.quotes import REFERENCE
from rulebook.actor import Actor
from rulebook.refusal import refuse_if


@transaction.atomic
def prepare(*, project_number: str, by: Actor, at: datetime) -> Tender:
    """Give an approved purchase its envelopes, and ask unattended holders for their keys; again changes nothing.

    Refused while too few such holders stand ready: then the purchase waits, and its buyer is told why on its page.
    """
    project = projects.hold(project_number)
    purchase, row = project.purchase, project.procedure
    facts = {
        "supply_ends_at": purchase.closes_at, "closes_at": purchase.closes_at, "drain": row.drain,
        "window": row.window, "min_bids": purchase.least, "policy": row.policy, "factors": purchase.factors,
    }  # fmt: skip
    plain = {"price_weight": Decimal(), "small_deduction": Decimal(), "qualifications": []}
    tender, made = Tender.objects.get_or_create(project=project, defaults=facts | plain)
    if not made and any(getattr(tender, name) != value for name, value in facts.items()):
        for name, value in facts.items():  # it went back to its drafter, who changed it
            setattr(tender, name, value)
        tender.save(update_fields=list(facts))
    if not tenders.committees(tender):
        committees.request_unattended(tender=tender, at=at)
    return tender


@transaction.atomic
def publish(*, project_number: str, by: Actor, at: datetime) -> Notice:
    """Publish a purchase whose minute has come, with the terms envelopes are sealed under.

    Refused while its holders are not proven, when it is not due, and where its periods no longer hold.
    """
    projects.hold(project_number)
    tender = queries.tender(project_number)
    states = {part: each.state for part, each in tenders.committees(tender).items()}
    refuse_if(why_not_ready(parts=tender.parts, states=states, documents=None, law=tender.project.procedure.documents))
    pin_terms(tender)
    # How envelopes are sealed is pinned with the rest.
    told: dict[str, Any] = {"sealing": tender.terms_sha256}
    if queries.formula(tender) == REFERENCE:
        told["coefficients"] = queries.coefficients(tender)
    notice = purchases.publish(number=project_number, terms=told, by=by, at=at)
    record(tender_events.Terms(stream=tender.project.log, terms=tender.terms or {}), at=at)
    return notice
