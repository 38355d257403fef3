"""Fixing the terms bids are made under, for whoever publishes a tender. The caller holds the project."""

from django.conf import settings

from bidding.tender import queries, rules
from bidding.tender.models import Tender
from proofs import canonical


def pin_terms(tender: Tender) -> None:
    """Fix the terms bids are made under, out of what the tender says and the manifests of its key holders."""
    tender.terms = rules.terms(
        units={part: each.cmh for part, each in queries.committees(tender).items()},
        closes_at=tender.closes_at,
        drain=tender.drain,
        window=tender.window,
        least=tender.min_bids,
        edition=tender.project.edition,
        scoring=tender.scoring,
        witnesses=[each["vkey"] for each in settings.WITNESSES],
        quorum=settings.QUORUM,
        rounds=tender.layout.rounds,
        closed_hall=tender.project.procedure.closed_hall is not None,
        batch=queries.batch(tender),
        policy=tender.policy,
        **queries.threshold(tender),
    )
    tender.terms_sha256 = queries.sha256(canonical.dumps(tender.terms))
    tender.save(update_fields=["terms", "terms_sha256"])
