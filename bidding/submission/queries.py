"""Reads of sealed offers. Before the opening each bidder sees his own and nobody sees more."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import chain
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import Count, Exists, Max, Model, OuterRef

from accounts.queries import names_of
from bidding.submission.models import Bid, Closing, Round, StoredEnvelope, Withdrawal
from bidding.submission.rules import Calendar, Part, Stored, why_not_prepare
from bidding.tender import queries as tenders
from bidding.tender.models import Tender
from ledger import queries as ledger
from ledger.queries import Head
from ledger.written_out import row_of
from market.agency import conflicts
from market.projects import queries as projects
from market.projects.gate import why_not_banned
from market.projects.models import Project
from market.projects.rules import Stage
from market.selection import gate
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


# Every act of offering is decided on these two reads, and at a deadline all bidders act at once: they are written out,
# for composing them anew each time costs more than the database takes to answer.
_OF_TENDER = ("id", "project_id", "closes_at", "policy", "envelopes", "terms")
_OFFERED = f"""
    SELECT {", ".join(f"t.{name}" for name in _OF_TENDER)}, p.method, p.edition, p.local, p.buyer_id, p.agent_id,
           p.stage, EXISTS (SELECT 1 FROM bidding_closing c WHERE c.tender_id = t.id)
    FROM bidding_tender t JOIN market_project p ON p.id = t.project_id WHERE p.number = %s"""
_OWN = """
    SELECT 'slot', k.part, s.number, 0, '', '', NULL
    FROM bidding_slot s JOIN bidding_keycommittee k ON k.id = s.committee_id
    WHERE k.tender_id = %(tender)s AND s.allotted_to = %(org)s
    UNION ALL SELECT 'bid', b.part, b.slot, b.version, b.env_sha256, b.eid, w.version
    FROM bidding_bid b LEFT JOIN bidding_withdrawal w ON w.bid_id = b.id
    WHERE b.tender_id = %(tender)s AND b.organisation = %(org)s
    UNION ALL SELECT 'envelope', e.part, e.slot, e.size, e.sha256, e.eid, NULL
    FROM bidding_storedenvelope e WHERE e.tender_id = %(tender)s AND e.organisation = %(org)s"""


def offered(number: str, *, held: bool = False) -> Tender:
    """A published tender with what the clock decides on. Raises Tender.DoesNotExist, for a draft as for nothing.

    held: its project is locked until the end of the transaction.
    """
    if held:
        # A statement of its own: what one reads beside the row it waits for is as old as the wait.
        projects.lock(number)
    with connection.cursor() as cursor:
        cursor.execute(_OFFERED, [number])
        row = cursor.fetchone()
    if row is None or row[-2] == Stage.DRAFT:
        raise Tender.DoesNotExist
    *facts, method, edition, local, buyer, agent, stage, sealed_up = row
    tender = row_of(Tender, _OF_TENDER, facts)
    tender.sealed_up = bool(sealed_up)  # type: ignore[attr-defined]
    told = {"stage": stage, "method": method, "edition": edition, "local": local, "buyer_id": buyer, "agent_id": agent}
    tender.project = Project(id=tender.project_id, number=number, **told)
    return tender


def current_round(tender: Tender) -> Round | None:
    """The latest round of quotes, from its call on; None where quotes are not sealed in rounds, or not yet."""
    if not tender.layout.rounds or tender.project.stage != Stage.DECIDING:
        return None
    if not hasattr(tender, "latest_round"):
        tender.latest_round = Round.objects.filter(tender=tender).order_by("number").last()  # type: ignore[attr-defined]
    found: Round | None = tender.latest_round  # type: ignore[attr-defined]
    return found


def asked(tender: Tender) -> tuple[str, ...]:
    """The parts that are handed in now: what is due at the deadline, or a round's quote."""
    return tender.layout.sessions[-1] if current_round(tender) else tender.layout.at_deadline


def calendar(tender: Tender) -> Calendar:
    """What the clock decides about this tender, or about its present round."""
    laws = tender.project.procedure.formalities
    if row := current_round(tender):
        return Calendar(accepts=True, closes_at=row.closes_at, sealed_up=row.fixed_at is not None, laws=laws)
    if not hasattr(tender, "sealed_up"):
        tender.sealed_up = Closing.objects.filter(tender=tender).exists()  # type: ignore[attr-defined]
    accepts = tender.project.stage == Stage.OPEN
    sealed_up: bool = tender.sealed_up  # type: ignore[attr-defined]
    return Calendar(accepts=accepts, closes_at=tender.closes_at, sealed_up=sealed_up, laws=laws)


def manifests(tender: Tender) -> dict[str, Manifest]:
    """The manifest of each part that is handed in now, as the published terms pin it; none before that."""
    pinned = (tender.terms or {"units": {}})["units"]
    return {part: tenders.manifest_of(pinned[part]) for part in asked(tender) if part in pinned}


def holders(tender: Tender) -> frozenset[str]:
    """Organisations that hold opening keys of this tender and therefore may not bid in it."""
    return frozenset(member.org for made in manifests(tender).values() for member in made.c.members)


def standing(tender: Tender, organisation: str) -> dict[str, Part]:
    """What one bidder has in each part. Reads only his own rows."""
    with connection.cursor() as cursor:
        cursor.execute(_OWN, {"tender": tender.pk, "org": organisation})
        rows = cursor.fetchall()
    row, before = current_round(tender), set()
    if row:  # a quote of an earlier round is not replaced: it was opened
        own_bids = Bid.objects.filter(tender=tender, organisation=organisation, received_at__lt=row.called_at)
        before = set(own_bids.values_list("eid", flat=True))
    found = {}
    for name, made in manifests(tender).items():
        own = [(what, *told) for what, part, *told in rows if part == name]
        bids = sorted((version, env, eid, left, slot) for what, slot, version, env, eid, left in own if what == "bid")
        last, live_env, live_eid, left, _ = bids[-1] if bids else (0, None, None, None, 0)
        if live_eid in before:
            last, left, live_env, live_eid = left or last, None, None, None
        found[name] = Part(
            unit=made.unit,
            cmh=made.cmh.hex(),
            slots=frozenset(slot for what, slot, *_ in own if what == "slot"),
            used=frozenset(slot for *_, slot in bids),
            last=left or last,
            live_env=None if left else live_env,
            live_eid=None if left else live_eid,
            stored={
                sha256: Stored(sha256, size, eid, slot)
                for what, slot, size, sha256, eid, _ in own
                if what == "envelope"
            },
        )
    return found


def is_there(model: type[Model], **among: Collection[object]) -> bool:
    """Whether a row has, in every one of these columns, one of the values named for it."""
    facts = " AND ".join(f"{column} IN ({', '.join(['%s'] * len(values))})" for column, values in among.items())
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT 1 FROM {model._meta.db_table} WHERE {facts} LIMIT 1", list(chain.from_iterable(among.values()))
        )
        return cursor.fetchone() is not None


def why_not_bid(tender: Tender, *, by: Actor, at: datetime) -> tuple[Reason, ...]:
    """Reasons why this actor cannot prepare or hand in a bid now: the workspace shows them."""
    return why_not_prepare(
        by=by, holders=holders(tender), banned=ban(tender, by=by, at=at), calendar=calendar(tender), at=at,
        invited=invited(tender),
    )  # fmt: skip


def invited(tender: Tender) -> frozenset[str] | None:
    """Who may quote in the present round; None where everybody may bid."""
    row = current_round(tender)
    return frozenset(row.invited) if row else None


def ban(tender: Tender, *, by: Actor, at: datetime) -> tuple[Reason, ...]:
    """Reasons of the blacklist against this actor's organisation, and of its bonds with who buys and who acts for it;
    in the supermarket, of its gate.
    """
    if not by.organisation:
        return ()
    if tender.project.procedure.selection is not None:
        purchased = Project.objects.select_related("purchase").get(pk=tender.project.pk)
        return gate.why_not_take_part(purchased, org=by.organisation, at=at)
    bans = why_not_banned(tender.project, org=by.organisation, at=at)
    return bans + conflicts.why_not_bid(tender.project, {by.organisation}, at=at).get(by.organisation, ())


def received(tender: Tender) -> dict[str, datetime]:
    """When each bidder's last version came in; for the review alone, once the bids are open."""
    rows = Bid.objects.filter(tender=tender).values_list("organisation").annotate(at=Max("received_at"))
    return dict(rows.order_by("organisation"))


def live(tender: Tender, *, round: Round | None = None) -> list[LiveBid]:
    """The live, complete bids, or the live quotes of a round, in the order of their organisations' codes.

    For the closing and the opening alone: nobody is shown this before the hall is open.
    """
    withdrawn = set(Withdrawal.objects.filter(tender=tender).values_list("bid_id", flat=True))
    newest: dict[tuple[str, str], Bid] = {}
    wanted = set(tender.layout.sessions[-1] if round else tender.layout.at_deadline)
    rows = Bid.objects.filter(tender=tender, part__in=wanted)
    if round:
        rows = rows.filter(received_at__gte=round.called_at, received_at__lt=round.closes_at)
    for bid in rows.select_related("entry").order_by("version"):
        newest[bid.organisation, bid.part] = bid
    found: dict[str, LiveBid] = {}
    names = names_of({organisation for organisation, _ in newest})
    for (organisation, part), bid in sorted(newest.items()):
        if bid.pk in withdrawn:
            continue
        entry = found.setdefault(organisation, LiveBid(organisation, names[organisation], bid.gen, {}))
        entry.parts[part] = bid
    return [bid for bid in found.values() if set(bid.parts) == wanted]


def how_many(tender: Tender) -> int:
    """How many live, complete bids there are: one statement and one row whatever their number, for everybody's page
    of the hall asks for it before anybody may know it."""
    newer = Bid.objects.filter(tender=tender, organisation=OuterRef("organisation"), part=OuterRef("part"))
    wanted = tender.layout.at_deadline
    rows = Bid.objects.filter(tender=tender, part__in=wanted).exclude(
        Exists(newer.filter(version__gt=OuterRef("version")))
    )
    kept = rows.exclude(Exists(Withdrawal.objects.filter(bid=OuterRef("pk"))))
    return kept.values("organisation").annotate(parts=Count("pk")).filter(parts=len(set(wanted))).count()


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


def own_lots(project: Project, *, viewer: Actor) -> list[tuple[Project, list[Bid]]]:
    """The other published lots of the project's batch, each with what the viewer himself handed in for it."""
    others = [lot for lot in projects.lots(project) if lot.pk != project.pk and lot.stage != Stage.DRAFT]
    return [(lot, own_rows(tenders.tender(lot.number), viewer=viewer)[0]) for lot in others]


@dataclass(frozen=True)
class LotToBid:
    """One lot of a sitting.  against: reasons against bidding for it now.  mine: as `my_bid`."""

    number: str
    place: int
    title: str
    cap: Decimal
    parts: tuple[str, ...]
    policy: str
    guarantee: dict[str, Any] | None
    leader: dict[str, Any] | None
    against: tuple[Reason, ...]
    mine: dict[str, Any]


def sitting(project: Project, *, viewer: Actor, at: datetime) -> list[LotToBid]:
    """Every published lot of the project's batch as one bidder may fill it in. Raises Tender.DoesNotExist for no batch.

    Reads the viewer's own rows and nobody else's.
    """
    found = []
    for lot in projects.lots(project):
        if lot.stage == Stage.DRAFT:
            continue
        tender = tenders.tender(lot.number)
        against, mine = why_not_bid(tender, by=viewer, at=at), my_bid(tender, viewer=viewer)
        parts = tuple(tenders.committees(tender))
        facts = (lot.number, lot.lot, lot.title, lot.price_cap, parts, tender.policy, tender.guarantee, tender.leader)
        found.append(LotToBid(*facts, against, mine))
    if not found:
        raise Tender.DoesNotExist
    return found


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


def batch_of(project: Project, round: Round) -> str:
    """The name under which a round's batch of the sealed log is asked for."""
    return f"{project.log}#{round.number}"


def round_checkpoint(project: Project, round: Round) -> Head | None:
    """The sealed log's checkpoint over a round's closing, once it is signed and, where witnesses are set, witnessed."""
    head = ledger.sealed_batch(batch_of(project, round))
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
