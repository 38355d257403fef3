"""What follows an auction: who is next in turn, a price that has to be explained, the result, or its failure."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from django.urls import reverse

from accounts import inbox
from bidding.auction import events, queries, rules
from bidding.auction.models import Auction, PriceExplanation
from ledger.services import record
from market.awards import services as awards
from market.notices import services as notices
from rulebook.actor import SYSTEM, Role
from rulebook.refusal import Reason
from rulebook.times import iso


def settle(auction: Auction, *, at: datetime) -> None:
    """Hand the result on, ask for an explanation first, or end the purchase. The caller holds the project.

    Whoever may not take part on this day is passed over, and so is a price whose explanation was not taken.
    """
    project, last = auction.project, queries.last_quotes(auction)
    barred, unbelieved = queries.still_barred(auction, at=at), queries.refused_explanations(auction)
    turn = rules.in_turn(last, {*barred, *unbelieved})
    if not turn:
        reasons = (rules.nobody_left() if last else rules.nobody_quoted(),)
        notices.fail(number=project.number, reasons=reasons, by=SYSTEM, at=at)
        _settled(auction, at=at)
        return
    asked = PriceExplanation.objects.filter(auction=auction, organisation=turn[0]).first()
    stands = {org: last[org] for org in turn}
    row = project.procedure.selection
    low = replace(rules.ABNORMAL, mean=row.low[0]) if row and row.low else rules.ABNORMAL
    grounds = rules.grounds_to_explain(stands, turn[0], start=auction.start, row=low)
    if asked is None and grounds:
        _ask(auction, turn[0], last[turn[0]], grounds, at=at)
    elif asked is None or asked.accepted:
        awards.propose(number=project.number, report=_report(auction, last, turn, barred, unbelieved), by=SYSTEM, at=at)
        _settled(auction, at=at)


def _settled(auction: Auction, *, at: datetime) -> None:
    auction.settled_at = at
    auction.save(update_fields=["settled_at"])


def _ask(auction: Auction, org: str, price: Decimal, grounds: Sequence[str], *, at: datetime) -> None:
    """Have a low price explained, publicly; the days for it are the procedure's."""
    project = auction.project
    row = project.procedure.selection
    due_at = row.low[1].due(at) if row and row.low else at
    PriceExplanation.objects.create(
        auction=auction, organisation=org, price=price, grounds=list(grounds), asked_at=at, due_at=due_at
    )
    inbox.post(
        topic=inbox.Topic.TODAY,
        to_organisation=org, to_role=Role.PROVIDER, subject=f"请说明报价：{project.title}",
        body=f"贵单位的最终报价 {price:,.2f} 元{'；'.join(grounds)}。请在期限内说明成本构成和理由，逾期视为不能说明。",
        link=reverse("bidding:auction", args=[project.number]), at=at,
    )  # fmt: skip
    told = {"org": org, "price": f"{price:.2f}", "grounds": list(grounds), "until": iso(due_at)}
    record(events.ExplanationAsked(stream=project.log, **told), at=at)  # type: ignore[arg-type]


def _report(
    auction: Auction, last: Mapping[str, Decimal], turn: Sequence[str], barred: Mapping[str, tuple[Reason, ...]],
    unbelieved: Mapping[str, str],
) -> dict[str, object]:  # fmt: skip
    """The result as `selection/1`. Its basis is the auction's public story, so that anyone runs it again."""
    project = auction.project
    names = dict(auction.bidders.values_list("organisation", "name"))
    bids = [
        {
            "org": org,
            "name": names[org],
            "quote": f"{price:.2f}",
            "rank": turn.index(org) + 1 if org in turn else None,
            "compliant": org in turn,
            "reasons": [reason.sentence(project.terms) for reason in barred.get(org, ())]
            + ([f"报价说明未被采纳：{unbelieved[org]}"] if org in unbelieved else []),
        }
        for org, price in last.items()
    ]
    basis = {"entries": queries.entries(auction)}
    return {"v": "selection/1", "number": project.number, "method": project.method, "basis": basis, "bids": bids}
