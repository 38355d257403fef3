"""Reads: published results as the flags take them, and the flags over the newest of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from accounts.models import Organisation
from bidding.opening import queries as openings
from bidding.opening.models import OpeningUnit
from bidding.tender.models import Tender
from market.awards.models import Award, Proposal
from market.projects.models import Project
from market.purchases.models import Purchase as Bought
from supervision.flags import rules
from supervision.flags.models import FlagFacts
from supervision.flags.rules import Flag, Purchase, Submitted

NEWEST = 2_000  # results the flags are computed over
BEHIND = 200  # awards a slower transaction may still bring after newer ones
AT_ONCE = 100


@dataclass(frozen=True)
class Told:
    """names: of buyers, bidders and purchases by code or number.  rows: how many results, newest first."""

    flags: Sequence[Flag]
    names: dict[str, str]
    rows: int


def unread() -> list[Award]:
    """Awards whose facts are not noted yet, oldest first; no more than a tick takes."""
    last = FlagFacts.objects.order_by("-award_id").values_list("award_id", flat=True).first() or 0
    fresh = Award.objects.filter(pk__gt=last - BEHIND, flag_facts=None).select_related("project")
    return list(fresh.order_by("pk")[:AT_ONCE])


def told(*, played: bool) -> Told:
    """The flags over the newest published results. They rest on public facts alone."""
    kept = FlagFacts.objects.filter(played=played, award__declined_at=None).order_by("-award_id")[:NEWEST]
    facts = [(rules.restored(row.facts), row.title) for row in kept]
    found = rules.flags([purchase for purchase, _ in facts])
    asked = {hit.subject for flag in found for hit in flag.hits if hit.about != "purchase"}
    names = dict(Organisation.objects.filter(code__in=asked).values_list("code", "name"))
    return Told(found, names | {purchase.number: title for purchase, title in facts}, len(facts))


def purchase(award: Award) -> Purchase:
    """What is public of one purchase once its result is."""
    project = award.project
    procedure = project.procedure
    selection, tender = procedure.selection, Tender.objects.filter(project=project).first()
    auctioned = selection is not None and "auction" in selection.asks
    report = _report(project)
    bought = Bought.objects.filter(project=project).first()
    bids = _bids(tender, report, auctioned=auctioned)
    if not bids:
        bids = [Submitted(award.organisation, award.amount, True)]
    return Purchase(
        number=project.number, buyer=project.buyer_id, published_at=project.published_at,
        closes_at=tender.closes_at if tender else None,
        # Who may come is open to all where a hall is: the law closes it where only some are asked.
        open=procedure.takes_offers and selection is None and procedure.closed_hall is None,
        competitive=procedure.takes_offers or procedure.min_competitors > 1,
        priced=procedure.takes_offers or auctioned,
        by_price=auctioned or not procedure.scores or report.get("scoring", {}).get("price_weight") == "100.00",
        winner=award.organisation, item=bought.item[:2] if bought else project.category, bids=tuple(bids),
    )  # fmt: skip


def _report(project: Project) -> dict[str, Any]:
    row = Proposal.objects.filter(project=project).order_by("-pk").first()
    return row.content if row else {}


def _bids(tender: Tender | None, report: dict[str, Any], *, auctioned: bool) -> list[Submitted]:
    """Everyone who offered, with whether he stood the review to its end: who is in no published ranking did not."""
    judged = {bid["org"]: bid for bid in report.get("bids", [])}
    standing = {org for org, bid in judged.items() if bid["compliant"]}
    opened = openings.opened_bids(tender) if tender else []
    if not opened:
        return [Submitted(org, openings.rules.quote({"price": bid["quote"]}), org in standing)
                for org, bid in judged.items()]  # fmt: skip
    units = OpeningUnit.objects.filter(opening__tender=tender).select_related("bid")
    late = {unit.bid.organisation for unit in units if unit.bid.received_at >= unit.bid.closes_at}
    return [
        Submitted(
            bid.org, bid.quote, bid.effective and bid.org in standing, bid.consortium is not None, bid.org in late
        )
        for bid in opened
    ]
