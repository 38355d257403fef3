"""Tenders that take bids, bids that are really sealed, openings that are really played.

The keys are the cast's own (`make.accounts.signer`): the test holds them as separate parties would, and what reaches
the house is only what such a party sends.
"""

import hashlib
import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from bidding.opening import hearing, services, sessions
from bidding.opening import queries as openings
from bidding.opening.models import Opening
from bidding.opening.tasks import advance_openings
from bidding.submission import queries as submissions
from bidding.submission import services as submission
from bidding.submission.models import Bid, Closing
from bidding.submission.tasks import close_bidding
from bidding.tender import queries as tenders
from bidding.tender import rules
from bidding.tender.layouts import READ_OUT
from bidding.tender.models import Tender
from market.projects.models import Project
from proofs import canonical, envelope, index, manifest, statement
from rulebook.actor import Actor
from rulebook.times import iso
from tests import cast
from tests.cast import HOUR, MINUTE, NOON
from tests.make import accounts, bidding
from tests.make.bidding import HOLDERS
from tests.make.ledger import sequenced
from tests.make.worlds import made_once

BIDDERS = (cast.PROVIDER, cast.RIVAL, cast.THIRD, cast.FOURTH)
PRICES = ("1000000.00", "1100000.00", "1250000.00", "1180000.00")


@made_once
def open_tender(**facts: Any) -> Tender:
    """A published tender closing at noon, whose bidders and supervisor have registered their keys."""
    for code in (cast.BUREAU, *(bidder.organisation for bidder in BIDDERS)):
        accounts.key(code)
    return bidding.tender(**facts)


def said(v: str, code: str, fields: Mapping[str, Any], *, number: str, part: str = "sheet", at: datetime = NOON) -> Any:
    """A statement an organisation of the cast signs with its own key."""
    unit = rules.unit(number, part)
    return statement.sign(v, {"unit": unit, **fields}, by=accounts.signer(code), ts=iso(at))


def sealed(
    tender: Tender, code: str, part: str, slot: int, *, sheet: Mapping[str, Any],
    files: Iterable[tuple[str, bytes]] = (),
    at: datetime,
) -> tuple[bytes, envelope.Sealed]:  # fmt: skip
    """One unit sealed on the bidder's own machine: the envelope's bytes and what sealing tells."""
    committee = tenders.committee(tender, part)
    target = io.BytesIO()
    told = envelope.seal(
        target,
        by=accounts.signer(code),
        manifest=manifest.parse(tenders.kcm_bytes(committee)),
        slot=slot,
        policy=tender.policy,
        sheet=sheet if part in READ_OUT else {},
        files=[index.File(name, data) for name, data in files],
        ts=iso(at),
    )
    return target.getvalue(), told


def prepared(
    tender: Tender, by: Actor, *, price: str, delivery: str = "45 日", small: bool | None = None, note: str = "",
    rate: str = "",
    files: Iterable[tuple[str, bytes]] = (("技术方案.txt", "本单位的技术方案".encode()),), spoilt: bool = False,
    at: datetime,
) -> list[dict[str, Any]]:  # fmt: skip
    """Both units sealed and uploaded; returns the sub/1 of each, signed and not handed in yet.

    spoilt: the last byte was another already when the bidder signed and sent it.
    """
    number, code = tender.project.number, by.organisation
    sheet = {
        "price": price,
        "delivery": delivery,
        "small": code in cast.SMALL if small is None else small,
        "note": note,
        **({"rate": rate} if rate else {}),
    }
    slots = submission.allot_slots(project_number=number, by=by, at=at)
    following = submissions.my_bid(tender, viewer=by)["next"]
    subs = []
    for part, slot in slots.items():
        data, told = sealed(tender, code, part, slot, sheet=sheet, files=() if part in READ_OUT else files, at=at)
        data = data[:-1] + bytes([data[-1] ^ spoilt])
        submission.store_envelope(project_number=number, part=part, chunks=[data], by=by, at=at)
        fields = {
            "eid": told.eid,
            "slot": slot,
            "cmh": tenders.committee(tender, part).cmh,
            "env_sha256": hashlib.sha256(data).hexdigest(),
            "size": told.size,
            **following[part],
        }
        subs.append(said("sub/1", code, fields, number=number, part=part, at=at))
    return subs


def sealed_bid(
    tender: Tender, by: Actor = cast.PROVIDER, *, price: str = PRICES[0], at: datetime | None = None, **facts: Any
) -> list[Bid]:
    """A bid sealed, uploaded and handed in by its bidder; a second one replaces the first."""
    at = at or tender.closes_at - HOUR
    subs = prepared(tender, by, price=price, at=at, **facts)
    return submission.submit(project_number=tender.project.number, subs=subs, by=by, at=at)


def withdrawn(tender: Tender, by: Actor, *, at: datetime | None = None) -> Any:
    """The bidder takes his live bid back."""
    at = at or tender.closes_at - MINUTE
    mine = submissions.my_bid(tender, viewer=by)
    live = {one["part"]: one for one in mine["versions"] if one["live"]}
    number = tender.project.number
    wds = [
        said(
            "wd/1",
            by.organisation,
            {"eid": one["eid"], "seq": mine["next"][part]["seq"]},
            number=number,
            part=part,
            at=at,
        )
        for part, one in live.items()
    ]
    return submission.withdraw(project_number=number, wds=wds, by=by, at=at)


def closed(tender: Tender, *, at: datetime | None = None) -> Closing:
    """The deadline and the drain have passed; the list is fixed, sealed and announced."""
    at = at or tender.closes_at + timedelta(seconds=tender.drain)
    close_bidding(by=cast.SYSTEM, at=at)
    sequenced(at=at)
    close_bidding(by=cast.SYSTEM, at=at)
    sequenced(at=at)
    return Closing.objects.get(tender=tender)


@made_once
def closed_tender(bids: int = 3, *, prices: Sequence[str] = PRICES, **facts: Any) -> Tender:
    """A tender with so many bids, closed and not yet opened."""
    tender = open_tender(**facts)
    for bidder, price in zip(BIDDERS[:bids], prices, strict=False):
        sealed_bid(tender, bidder, price=price)
    closed(tender)
    return tender


@made_once
def open_hall(bids: int = 3, **facts: Any) -> Tender:
    """A tender whose hall has just been opened by its host."""
    tender = closed_tender(bids, **facts)
    services.open_hall(project_number=tender.project.number, by=cast.OFFICER, at=tender.closes_at + MINUTE)
    return tender


def closing_of(tender: Tender, *, at: datetime) -> str:
    """The list whose envelopes are opened now: the tender's own, or a round's."""
    closing = openings.stand(Project.objects.get(pk=tender.project_id), at=at).closing
    assert closing is not None
    return str(closing.digest)


def half(tender: Tender, code: str, part: str, *, at: datetime) -> Any:
    """The rel/1 with which a bidder releases his half of his live envelope of one part."""
    bid = Bid.objects.filter(tender=tender, organisation=code, part=part, unit__isnull=False).latest("version")
    unit, cmh = rules.unit(tender.project.number, part), bytes.fromhex(tenders.committee(tender, part).cmh)
    b = accounts.signer(code).half(unit=unit, cmh=cmh, slot=bid.slot, eid=bytes.fromhex(bid.eid))
    fields = {"eid": bid.eid, "role": "b", "closing": closing_of(tender, at=at), "b": canonical.b64u(b)}
    return said("rel/1", code, fields, number=tender.project.number, part=part, at=at)


def key(tender: Tender, holder: str, bid: Bid, *, at: datetime, slot: int | None = None) -> Any:
    """The rel/1 with which a holder releases his key of one envelope's slot.  slot: of another, to be wrong."""
    unit = rules.unit(tender.project.number, bid.part)
    sk = accounts.signer(holder).slot_key(unit=unit, role="c", slot=bid.slot if slot is None else slot)
    fields = {
        "eid": bid.eid,
        "role": "c",
        "closing": closing_of(tender, at=at),
        "i": HOLDERS.index(holder) + 1,
        "slot": bid.slot,
        "sk": canonical.b64u(sk),
    }
    return said("rel/1", holder, fields, number=tender.project.number, part=bid.part, at=at)


def rescue(tender: Tender, code: str, part: str, *, at: datetime) -> Any:
    """The rel/1 with which a bidder rescues his own envelope."""
    bid = Bid.objects.get(tender=tender, organisation=code, part=part, unit__isnull=False)
    committee = tenders.committee(tender, part)
    context = {
        "unit": rules.unit(tender.project.number, part),
        "cmh": bytes.fromhex(committee.cmh),
        "slot": bid.slot,
        "eid": bytes.fromhex(bid.eid),
    }
    polynomial = accounts.signer(code).polynomial(committee.k, **context)
    fields = {
        "eid": bid.eid,
        "role": "rescue",
        "closing": tender.closing.digest,
        "rescue": [canonical.b64u(a) for a in polynomial],
    }
    return said("rel/1", code, fields, number=tender.project.number, part=part, at=at)


def heard(tender: Tender, statements: Iterable[Any], *, at: datetime) -> list[hearing.Heard]:
    """Statements sent to the hall's door, one after the other."""
    number = tender.project.number
    return [hearing.hear(project_number=number, statement=one, at=at) for one in statements]


def halves_released(tender: Tender, codes: Iterable[str] | None = None, *, at: datetime | None = None) -> None:
    """These bidders, or all, release their halves of both parts."""
    at = at or tender.closes_at + 2 * MINUTE
    standing = openings.stand(tender.project, at=at)
    bidding = sorted(standing.facts.bidders)
    for code in bidding if codes is None else codes:
        heard(tender, [half(tender, code, part, at=at) for part in standing.parts], at=at)


def keys_released(tender: Tender, holders: Iterable[str] = HOLDERS[:2], *, at: datetime | None = None) -> None:
    """These holders release their keys of every envelope whose half was released; then the clock ticks."""
    at = at or tender.closes_at + 3 * MINUTE
    standing = openings.stand(tender.project, at=at)
    asked = [unit.bid for unit in standing.units if unit.pk in standing.released]
    for holder in holders:
        heard(tender, [key(tender, holder, bid, at=at) for bid in asked], at=at)
    advance_openings(by=cast.SYSTEM, at=at)


@made_once
def read_out_tender(bids: int = 3, **facts: Any) -> Tender:
    """A tender whose bids have all been opened and read out; the record waits for signatures."""
    tender = open_hall(bids, **facts)
    halves_released(tender)
    keys_released(tender)
    return tender


@made_once
def opened_tender(bids: int = 3, **facts: Any) -> Tender:
    """A tender whose (first) session has ended: its bids belong to evaluation."""
    tender = read_out_tender(bids, **facts)
    session_ended(tender, [bidder.organisation for bidder in BIDDERS[:bids]], at=tender.closes_at + 4 * MINUTE)
    return tender


def next_session(tender: Tender, *, at: datetime) -> Tender:
    """The next session from its opening to its end, every bidder admitted to it present."""
    services_of = {"project_number": tender.project.number, "by": cast.OFFICER}
    opening = sessions.open_session(**services_of, at=at)
    halves_released(tender, at=at)
    keys_released(tender, at=at)
    session_ended(tender, sorted({unit.bid.organisation for unit in opening.units.all()}), at=at)
    return tender


def session_ended(tender: Tender, codes: Sequence[str], *, at: datetime) -> None:
    """These bidders, the witness and the host sign the record; the host ends the session."""
    record = Opening.objects.filter(tender=tender).latest("session").record_sha256
    number = tender.project.number
    for code in (*codes, cast.CENTRE, cast.BUYER):
        heard(tender, [said("ack/1", code, {"record_sha256": record}, number=number, at=at)], at=at)
    with transaction.atomic():
        services.close_hall(project_number=number, by=cast.OFFICER, at=at)
