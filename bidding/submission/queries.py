"""Reads of sealed offers. Before the opening each bidder sees his own and nobody sees more."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Exists, OuterRef

from accounts.queries import name_of
from bidding.submission.models import Bid, Closing, StoredEnvelope, Withdrawal
from bidding.submission.rules import Calendar, Part, Stored, why_not_prepare
from bidding.tender import queries as tenders
from bidding.tender.models import Slot, Tender
from blacklist.queries import why_not_take_part
from ledger import queries as ledger
from ledger.queries import Head
from market.projects import queries as projects
from market.projects.rules import Stage
from proofs import canonical
from proofs.manifest import Manifest
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


# What every act of offering is decided on: a bidder waits for each of these reads, and at the deadline all do at once.
_TENDER = ("closes_at", "policy", "terms", "project")
_PROJECT = ("number", "stage", "method", "edition")


def offered(number: str, *, held: bool = False) -> Tender:
    """A published tender with what the clock decides on. Raises Tender.DoesNotExist, for a draft as for nothing.

    held: its project is locked until the end of the transaction.
    """
    found = Tender.objects.annotate(sealed_up=Exists(Closing.objects.filter(tender=OuterRef("pk"))))
    if held:
        # Two statements: what the locking one reads of other rows is as old as its wait for the lock.
        project = projects.hold(number)
        tender = found.only(*_TENDER).get(project_id=project.pk)
        tender.project = project
    else:
        listed = found.select_related("project").only(*_TENDER, *(f"project__{name}" for name in _PROJECT))
        tender = listed.get(project__number=number)
    if tender.project.stage == Stage.DRAFT:
        raise Tender.DoesNotExist
    return tender


def calendar(tender: Tender) -> Calendar:
    """What the clock decides about this tender."""
    if not hasattr(tender, "sealed_up"):
        tender.sealed_up = Closing.objects.filter(tender=tender).exists()  # type: ignore[attr-defined]
    accepts = tender.project.stage == Stage.OPEN
    return Calendar(accepts=accepts, closes_at=tender.closes_at, sealed_up=tender.sealed_up)  # type: ignore[attr-defined]


def manifests(tender: Tender) -> dict[str, Manifest]:
    """The manifest of each part, as the published terms pin it; none for a tender not published yet."""
    return {part: tenders.manifest_of(cmh) for part, cmh in (tender.terms or {"units": {}})["units"].items()}


def holders(tender: Tender) -> frozenset[str]:
    """Organisations that hold opening keys of this tender and therefore may not bid in it."""
    return frozenset(member.org for made in manifests(tender).values() for member in made.c.members)


def standing(tender: Tender, organisation: str) -> dict[str, Part]:
    """What one bidder has in each part, in two statements. Reads only his own rows."""
    bids = Bid.objects.filter(tender=tender, organisation=organisation).order_by("version")
    rows = list(bids.values_list("part", "version", "slot", "env_sha256", "eid", "withdrawal__version"))
    slots = Slot.objects.filter(committee__tender=tender, allotted_to=organisation)
    allotted = list(slots.values_list("committee__part", "number"))
    found = {}
    for name, made in manifests(tender).items():
        own = [row for row in rows if row[0] == name]
        _, version, _, live_env, live_eid, left = own[-1] if own else ("", 0, 0, None, None, None)
        found[name] = Part(
            unit=made.unit,
            cmh=made.cmh.hex(),
            slots=frozenset(number for part, number in allotted if part == name),
            used=frozenset(row[2] for row in own),
            last=max(version, left or 0),
            live_env=None if left else live_env,
            live_eid=None if left else live_eid,
        )
    return found


def stored(tender: Tender, organisation: str, sha256s: Iterable[object]) -> dict[tuple[str, str], Stored]:
    """Envelopes this bidder has uploaded, by part and hash, of those asked for."""
    rows = StoredEnvelope.objects.filter(tender=tender, organisation=organisation, sha256__in=map(str, sha256s))
    told = rows.values_list("part", "sha256", "size", "eid", "slot")
    return {(part, sha256): Stored(sha256, size, eid, slot) for part, sha256, size, eid, slot in told}


def may_seal_to(tender: Tender, part: str, slot: int, *, organisation: str) -> bool:
    """Whether a slot of a part was allotted to this bidder and is not spent yet."""
    own = Slot.objects.filter(committee__tender=tender, committee__part=part, number=slot, allotted_to=organisation)
    spent = Bid.objects.filter(tender=tender, part=part, slot=slot)
    return own.exclude(Exists(spent)).exists()


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
    sealed = _closing_checkpoint(tender)
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
            **_receipt(bid, sealed),
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
            **_receipt(row, sealed),
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
    return [{"part": row.part, **_receipt(row, None)} for row in rows]


def closing(tender: Tender) -> Closing | None:
    """The closing of a tender, once its list is fixed."""
    return Closing.objects.filter(tender=tender).select_related("entry").first()


def sealed_checkpoint(tender: Tender) -> Head | None:
    """The sealed log's checkpoint over the closing, once it is signed and, where witnesses are set, witnessed."""
    head = ledger.sealed_batch(tender.project.log)
    return head if head and (head.cosigned or not settings.QUORUM) else None


def proof_of(eid: str, leaf: str) -> str:
    """The `.tlog-proof` of what a receipt names, under the checkpoint of the closing, once that is announced.

    Raises Bid.DoesNotExist for a receipt nobody was given and for one whose closing is still to come, alike: only who
    holds the receipt knows `leaf`, and before the closing nobody is told anything.
    """
    announced = {"eid": eid, "tender__closing__closed_at__isnull": False}
    bid = Bid.objects.select_related("entry", "tender__project").get(**announced)
    gone = Withdrawal.objects.filter(bid=bid).select_related("entry").first()
    for row in filter(None, (bid, gone)):
        if canonical.sha256(b"\0", bytes(row.entry.leaf)).hex() == leaf:
            found = ledger.tlog_proof(row.entry, against=_closing_checkpoint(bid.tender))
            if found:
                return found
    raise Bid.DoesNotExist


def takers_of_receipts(tender: Tender) -> list[str]:
    """Organisations that hold a receipt of this tender, by code: whoever handed anything in, whatever became of it."""
    return sorted(set(Bid.objects.filter(tender=tender).values_list("organisation", flat=True)))


def _closing_checkpoint(tender: Tender) -> Head | None:
    """The sealed log's checkpoint of an announced closing; None before."""
    announced = Closing.objects.filter(tender=tender, closed_at__isnull=False).exists()
    return ledger.sealed_batch(tender.project.log) if announced else None


def _receipt(row: Bid | Withdrawal, sealed: Head | None) -> dict[str, Any]:
    told: dict[str, Any] = {
        "note": row.receipt,
        "nonce": bytes(row.entry.nonce).hex(),
        "event": row.entry.event,
        "received_at": iso(row.received_at),
    }
    if sealed:
        told["inclusion"] = ledger.inclusion(row.entry, against=sealed)
        told["tlog_proof"] = ledger.tlog_proof(row.entry, against=sealed)
    return told
