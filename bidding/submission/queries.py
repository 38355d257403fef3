"""Reads of sealed offers. Before the opening each bidder sees his own and nobody sees more."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings

from accounts.queries import name_of
from bidding.submission.models import Bid, Closing, StoredEnvelope, Withdrawal
from bidding.submission.rules import Calendar, Part, Stored, why_not_prepare
from bidding.tender import queries as tenders
from bidding.tender.models import CommitteeMember, Slot, Tender
from blacklist.queries import why_not_take_part
from ledger import queries as ledger
from ledger.queries import Head
from market.projects.rules import Stage
from proofs import canonical
from rulebook.actor import Actor, Role
from rulebook.refusal import Reason
from rulebook.times import iso


@dataclass(frozen=True)
class LiveBid:
    """One bidder's live bid: his newest version of every part."""

    org: str
    name: str
    gen: int
    parts: dict[str, Bid]


def calendar(tender: Tender) -> Calendar:
    """What the clock decides about this tender."""
    return Calendar(
        accepts=tender.project.stage == Stage.OPEN,
        closes_at=tender.closes_at,
        sealed_up=Closing.objects.filter(tender=tender).exists(),
    )


def holders(tender: Tender) -> frozenset[str]:
    """Organisations that hold opening keys of this tender and therefore may not bid in it."""
    return frozenset(CommitteeMember.objects.filter(committee__tender=tender).values_list("organisation", flat=True))


def standing(tender: Tender, organisation: str) -> dict[str, Part]:
    """What one bidder has in each part. Reads only his own rows."""
    bids = list(Bid.objects.filter(tender=tender, organisation=organisation).order_by("version"))
    gone = list(Withdrawal.objects.filter(tender=tender, organisation=organisation))
    left = {withdrawal.bid_id for withdrawal in gone}
    slots = Slot.objects.filter(committee__tender=tender, allotted_to=organisation)
    allotted: dict[int, set[int]] = {}
    for committee, number in slots.values_list("committee_id", "number"):
        allotted.setdefault(committee, set()).add(number)
    found = {}
    for name, committee in tenders.committees(tender).items():
        own = [bid for bid in bids if bid.part == name]
        live = own[-1] if own and own[-1].pk not in left else None
        versions = [bid.version for bid in own] + [one.version for one in gone if one.part == name]
        found[name] = Part(
            unit=tenders.unit(tender, name),
            cmh=committee.cmh,
            slots=frozenset(allotted.get(committee.pk, ())),
            used=frozenset(bid.slot for bid in own),
            last=max(versions, default=0),
            live_env=live.env_sha256 if live else None,
            live_eid=live.eid if live else None,
        )
    return found


def stored(tender: Tender, organisation: str, part: str, sha256: object) -> Stored | None:
    """An envelope this bidder has uploaded for this part, by its hash."""
    row = StoredEnvelope.objects.filter(tender=tender, organisation=organisation, part=part, sha256=str(sha256)).first()
    return Stored(row.sha256, row.size, row.eid, row.slot) if row else None


def why_not_bid(tender: Tender, *, by: Actor, at: datetime) -> tuple[Reason, ...]:
    """Reasons why this actor cannot prepare or hand in a bid now: the workspace shows them."""
    return why_not_prepare(
        by=by, holders=holders(tender), banned=ban(tender, by=by, at=at), calendar=calendar(tender), at=at
    )


def ban(tender: Tender, *, by: Actor, at: datetime) -> tuple[Reason, ...]:
    """Reasons of the blacklist against this actor's organisation."""
    regime = tender.project.procedure.regime
    return why_not_take_part(by.organisation, regime=regime, at=at) if by.organisation else ()


def live(tender: Tender) -> list[LiveBid]:
    """The live, complete bids, in the order of their organisations' codes.

    For the closing and the opening alone: nobody is shown this before the hall is open.
    """
    withdrawn = set(Withdrawal.objects.filter(tender=tender).values_list("bid_id", flat=True))
    newest: dict[tuple[str, str], Bid] = {}
    for bid in Bid.objects.filter(tender=tender).select_related("entry").order_by("version"):
        newest[bid.organisation, bid.part] = bid
    wanted = set(tenders.committees(tender))
    found: dict[str, LiveBid] = {}
    for (organisation, part), bid in sorted(newest.items()):
        if bid.pk in withdrawn:
            continue
        entry = found.setdefault(organisation, LiveBid(organisation, name_of(organisation), bid.gen, {}))
        entry.parts[part] = bid
    return [bid for bid in found.values() if set(bid.parts) == wanted]


def own_rows(tender: Tender, *, viewer: Actor) -> tuple[list[Bid], list[Withdrawal]]:
    """The viewer's own versions and withdrawals, oldest first; empty for anyone but a provider."""
    if viewer.role is not Role.PROVIDER or not viewer.organisation:
        return [], []
    own = {"tender": tender, "organisation": viewer.organisation}
    bids = Bid.objects.filter(**own).select_related("entry").order_by("received_at", "part", "version")
    gone = Withdrawal.objects.filter(**own).select_related("entry", "bid").order_by("received_at", "part", "version")
    return list(bids), list(gone)


def my_bid(tender: Tender, *, viewer: Actor) -> dict[str, Any]:
    """What the viewer has handed in, with every receipt; after the closing also the proofs of inclusion."""
    bids, gone = own_rows(tender, viewer=viewer)
    closed = Closing.objects.filter(tender=tender, closed_at__isnull=False).exists()
    left = {withdrawal.bid_id for withdrawal in gone}
    newest = {bid.part: bid.pk for bid in bids}
    versions = [
        {
            "what": "bid",
            "part": bid.part,
            "seq": bid.version,
            "eid": bid.eid,
            "slot": bid.slot,
            "env_sha256": bid.env_sha256,
            "size": bid.size,
            "replaces": bid.replaces or None,
            "live": newest[bid.part] == bid.pk and bid.pk not in left,
            "sub": canonical.parse(bid.sub.encode()),
            **_receipt(bid, closed=closed),
        }
        for bid in bids
    ]
    withdrawals = [
        {
            "what": "withdrawal",
            "part": row.part,
            "seq": row.version,
            "eid": row.bid.eid,
            "wd": canonical.parse(row.wd.encode()),
            **_receipt(row, closed=closed),
        }
        for row in gone
    ]
    has = standing(tender, viewer.organisation) if viewer.role is Role.PROVIDER else {}
    following = {name: {"seq": part.last + 1, "replaces": part.live_env} for name, part in has.items()}
    return {"versions": versions, "withdrawals": withdrawals, "next": following}


def own_envelope(tender: Tender, sha256: str, *, viewer: Actor) -> StoredEnvelope:
    """An envelope the viewer uploaded himself. Raises StoredEnvelope.DoesNotExist for everybody else's."""
    if viewer.role is not Role.PROVIDER or not viewer.organisation:
        raise StoredEnvelope.DoesNotExist
    return StoredEnvelope.objects.filter(tender=tender, organisation=viewer.organisation, sha256=sha256)[:1].get()


def receipts(rows: Iterable[Bid | Withdrawal]) -> list[dict[str, Any]]:
    """Receipts as the door hands them out: the note, and what opens its sealed log entry."""
    return [{"part": row.part, **_receipt(row, closed=False)} for row in rows]


def closing(tender: Tender) -> Closing | None:
    """The closing of a tender, once its list is fixed."""
    return Closing.objects.filter(tender=tender).select_related("entry").first()


def sealed_checkpoint(tender: Tender) -> Head | None:
    """The sealed log's checkpoint over the closing, once it is signed and, where witnesses are set, witnessed."""
    head = ledger.sealed_batch(tender.project.log)
    return head if head and (head.cosigned or not settings.QUORUM) else None


def _receipt(row: Bid | Withdrawal, *, closed: bool) -> dict[str, Any]:
    told: dict[str, Any] = {
        "note": row.receipt,
        "nonce": bytes(row.entry.nonce).hex(),
        "event": row.entry.event,
        "received_at": iso(row.received_at),
    }
    if closed:
        told["inclusion"] = ledger.inclusion(row.entry)
        told["tlog_proof"] = ledger.tlog_proof(row.entry)
    return told
