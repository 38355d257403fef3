"""What a house holds before it is killed: procurements in every phase, and for each client what it will do there.

Made in the house's own process (`make`, `told`), through the makers of `tests.make`; its clock is set to `BEGINS`. An
act that can be done only once is there as often as it will be killed over.
"""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from tests import cast
from tests.cast import DAY, HOUR, MINUTE, NOON

BEGINS = NOON + HOUR
SLOTS = 80


def make(sizes: str) -> dict[str, Any]:
    """The whole world; the jobs of its clients.

    sizes: JSON of {tenders, closings, halls, draws, scores, awards, cases, choices, deadlines}: how many of each there
    are; every: seconds from one closing to the next.
    """
    from rulebook.times import iso
    from tests.make import accounts

    told = json.loads(sizes)
    accounts.world()
    accounts.keys()
    jobs = [*_auction(), *_choices(told["choices"]), *_bids(told["tenders"], told["closings"], told["every"]),
            *_halls(told["halls"]), *_draws(told["draws"]), *_scores(told["scores"]), *_awards(told["awards"]),
            *_cases(told["cases"]), *_extends(told["deadlines"]), {"kind": "looks"}]  # fmt: skip
    return {"jobs": jobs, "began_after": _newest(), "closings": [iso(at) for at in _closings()]}


def _closings() -> list[datetime]:
    """When the tenders that close soon are closed."""
    from bidding.tender.models import Tender

    soon = Tender.objects.filter(closes_at__gt=BEGINS, closes_at__lt=BEGINS + HOUR).order_by("closes_at")
    return [tender.closes_at + timedelta(seconds=tender.drain) for tender in soon]


def _newest() -> int:
    from ledger.models import Entry

    return int(Entry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0)


def session(actor: Any) -> str:
    """The cookies of somebody who has signed in."""
    from accounts.sessions.models import BrowserSession
    from config.sessions import SessionStore
    from tests.make import accounts

    key = accounts.client_of(actor).cookies["sessionid"].value
    BrowserSession.objects.filter(pk=SessionStore.row_key(key)).update(
        expire_date=BEGINS + 2 * DAY
    )  # else it is tidied away
    return f"sessionid={key}; csrftoken={'t' * 32}"


def step(op: str, cookies: str, path: str, body: Any = None, *, fact: Any = None, **more: Any) -> dict[str, Any]:
    """One act written down beforehand."""
    facts = [dict(zip(("kind", "stream", "has"), fact, strict=True))] if fact else []
    return {"op": op, "cookies": cookies, "method": "POST", "path": path, "body": body, "facts": facts, **more}


def _bids(tenders: int, closings: int, every: float) -> Iterator[dict[str, Any]]:
    from bidding.tender import queries
    from tests.make import accounts, bidding, bidding_offers, market

    rows = []
    for n in range(tenders + closings):
        closes = BEGINS + (5 * DAY if n < tenders else timedelta(seconds=(n - tenders + 1) * every))
        number = f"K-{n:03d}"
        tender = bidding.tender(number=number, project=market.project(number=number), closes_at=closes, slots=SLOTS)
        kcm = {part: queries.kcm_bytes(made).decode() for part, made in queries.committees(tender).items()}
        rows.append({"number": number, "manifests": kcm})
    for actor in bidding_offers.BIDDERS:
        org = actor.organisation
        yield {"kind": "bids", "org": org, "seed": accounts.signer(org).seed.hex(), "cookies": session(actor),
               "rest": 0.3, "tenders": rows}  # fmt: skip


def _halls(count: int) -> Iterator[dict[str, Any]]:
    """Halls just opened: every release their bidders and two holders will send, bidders first.

    One hall after the other, so that one life of the house does not use them all; nobody gives up, or it would stand
    still to the end.
    """
    from bidding.opening import queries as openings
    from bidding.opening import services
    from tests.make import bidding, bidding_offers, market

    closes, halls = BEGINS - 10 * MINUTE, []
    for n in range(count):
        number = f"H-{n:03d}"
        tender = bidding.tender(number=number, project=market.project(number=number), closes_at=closes)
        for bidder, price in zip(bidding_offers.BIDDERS[:3], bidding_offers.PRICES, strict=False):
            bidding_offers.sealed_bid(tender, bidder, price=price)
        bidding_offers.closed(tender)
        hall = services.open_hall(project_number=number, by=cast.OFFICER, at=closes + MINUTE)
        bids = [unit.bid for unit in hall.units.select_related("bid")]
        path, stream = f"/api/projects/{number}/statements", f"project/{number}"
        steps = [
            step("release", "", path, bidding_offers.half(tender, bid.organisation, bid.part, at=BEGINS),
                 fact=("opening.bidder-released", stream, {"org": bid.organisation, "eid": bid.eid}), patient=True)
            for bid in bids
        ]  # fmt: skip
        steps += [
            step("open", "", path, bidding_offers.key(tender, holder, bid, at=BEGINS), patient=True, waits=True)
            for holder in bidding_offers.HOLDERS[:2] for bid in bids
        ]  # fmt: skip
        assert openings.stand(tender.project, at=BEGINS).facts.act == "bidders"
        halls.append(steps)
    for n in range(min(2, count)):
        yield {"kind": "steps", "steps": [step for hall in halls[n::2] for step in hall]}


def _draws(count: int) -> Iterator[dict[str, Any]]:
    from draws.rules import Windows
    from tests.make import accounts, draws

    long = Windows(keys=9000, commits=9000, deals=9000, complaints=1, reveals=9000, recovery=9000)
    people = [{"org": org, "seed": accounts.signer(org).seed.hex()} for org in draws.CONTRIBUTORS]
    bureau = {"org": cast.BUREAU, "seed": accounts.signer(cast.BUREAU).seed.hex()}
    rows = []
    for n in range(count):
        made = draws.draw(number=f"D-{n:03d}", at=BEGINS, windows=long)
        rows.append({"id": made.pk, "stream": made.stream, "people": people, "bureau": bureau})
    if rows:
        yield {"kind": "draws", "draws": rows}


def _scores(count: int) -> Iterator[dict[str, Any]]:
    """Panels of five that are about to lock their sheets; the last one's lock sums them up."""
    from bidding.evaluation import services
    from market.projects.rules import Stage
    from tests.make import bidding, evaluation, experts

    evaluation.handed_in = _handed_in  # type: ignore[assignment]
    at, steps = evaluation.LATER, []
    for n in range(count):
        number = f"E-{n:03d}"
        project = evaluation.opened_by_hand(bidding.tender(number=number, stage=Stage.DECIDING, keys=False))
        made = services.qualify(
            project_number=number, findings=evaluation.findings(project), by=cast.OFFICER, at=at
        )  # fmt: skip
        experts.seated(evaluation.convened(made, at=at), at=at, played=False)
        evaluation.reviewed(evaluation.declared(made, at=at), at=at)
        made.refresh_from_db()
        sheet = {f"points:{org}:{key}": points for org, row in evaluation.cells(made).items()
                 for key, points in row.items()}  # fmt: skip
        steps += [
            step("score", session(experts.person_of(seat)), f"/projects/{number}/evaluation/lock",
                 sheet | {"confirmed": "yes"}, form=True,
                 fact=("evaluation.sheet-sealed", f"project/{number}", {"seat": seat.seat_no}))
            for seat in evaluation.members(made)
        ]  # fmt: skip
    yield from _shared(steps, 2)


def _handed_in(tender: Any, code: str, part: str = "body", slot: int = 1) -> Any:
    """As the maker's, with an entry that the ledger itself has written."""
    from django.db import transaction

    from bidding.submission.events import BidSealed
    from bidding.submission.models import Bid
    from ledger.services import record
    from proofs import canonical
    from rulebook.times import iso

    mark, at = canonical.sha256(f"{tender.pk}/{code}/{part}".encode()).hex(), NOON - HOUR
    with transaction.atomic():
        entry = record(
            BidSealed(stream=tender.project.log, org=code, gen=1, part=part, eid=mark[:32], slot=slot, version=1,
                      replaces=None, env_sha256=mark, size=1, sub_sha256=mark, received=iso(at)), at=at
        )  # fmt: skip
        return Bid.objects.create(
            tender=tender, organisation=code, name=cast.NAMES[code], gen=1, part=part, version=1, eid=mark[:32],
            slot=slot, env_sha256=mark, size=1, sub="{}", sub_sha256=mark, received_at=at,
            closes_at=tender.closes_at, entry=entry, receipt="",
        )  # fmt: skip


def _awards(count: int) -> Iterator[dict[str, Any]]:
    from market.awards import services
    from market.projects.rules import Stage
    from rulebook.actor import SYSTEM
    from tests.make import market

    officer, steps = session(cast.OFFICER), []
    for n in range(count):
        number = f"W-{n:03d}"
        market.notice(market.project(number=number, stage=Stage.DECIDING))
        told = {"report": market.report(number), "salt": "11" * 32, "experts": market.EXPERTS}
        services.propose(number=number, **told, by=SYSTEM, at=BEGINS - MINUTE)
        steps.append(step("award", officer, f"/api/projects/{number}/award/determination", {"org": cast.YINSHAN},
                          fact=("market.award-published", f"project/{number}", {"org": cast.YINSHAN})))  # fmt: skip
    yield from _shared(steps, 2)


def _cases(count: int) -> Iterator[dict[str, Any]]:
    from blacklist.cases import services
    from blacklist.cases.process import Outcome
    from tests.make import cases

    second, steps = session(cast.SECOND_SUPERVISOR), []
    for n in range(count):
        row = cases.noticed(at=BEGINS - 12 * DAY, occurred_on=(BEGINS - (13 + n) * DAY).date())
        told = {"outcome": Outcome.RESTRICT, "terms": cases.SIX_MONTHS, "text": cases.FACTS}
        services.propose(public_id=row.public_id, **told, by=cast.SUPERVISOR, at=BEGINS - HOUR)
        yes = {"agrees": "yes", "seen": "1"}
        steps.append(step("sanction", second, f"/cases/{row.public_id}/second/", yes, form=True,
                          fact=("cases.decided", "cases", {"case": str(row.public_id)})))  # fmt: skip
    yield from _shared(steps, 2)


def _choices(count: int) -> Iterator[dict[str, Any]]:
    """Purchases of the supermarket that firms enrol in, and take it back."""
    from tests.make import bidding_offers, market

    for n in range(count):
        told = {"closes_at": BEGINS + DAY, "selects_at": BEGINS + 2 * DAY}
        market.notice(market.purchase(number=f"P-{n:03d}", **told).project)
    for firm in bidding_offers.BIDDERS:
        cookies, steps = session(firm), []
        for n in range(count):
            path, stream = f"/api/purchases/P-{n:03d}/enrolments", f"project/P-{n:03d}"
            has = {"org": firm.organisation}
            steps.append(step("enrol", cookies, path, fact=("selection.enrolled", stream, has)))
            back = step("enrol", cookies, path, fact=("selection.enrolment-withdrawn", stream, has))
            steps.append(back | {"method": "DELETE"})
        yield {"kind": "steps", "steps": steps}


def _auction() -> Iterator[dict[str, Any]]:
    from tests.make import auctions

    terms = auctions.TERMS | {"start": "100000.00", "step": "1.00", "minutes": 60, "window": 2, "most": 2}
    auctions.called("A-000", closes_at=BEGINS - MINUTE, auction=terms)
    for actor in auctions.BIDDERS:
        yield {"kind": "quotes", "number": "A-000", "cookies": session(actor), "start": 100_000}


def _extends(count: int) -> Iterator[dict[str, Any]]:
    from rulebook.times import iso
    from tests.make import bidding, market

    closes: datetime = BEGINS + 20 * DAY
    bidding.tender(number="C-000", project=market.project(number="C-000"), closes_at=closes, keys=False)
    deadlines = [iso(closes + n * HOUR) for n in range(1, count + 1)]
    yield {"kind": "extends", "number": "C-000", "officer": session(cast.OFFICER), "approver": session(cast.APPROVER),
           "deadlines": deadlines}  # fmt: skip


def _shared(steps: list[dict[str, Any]], count: int) -> Iterator[dict[str, Any]]:
    """Steps among so many clients."""
    for n in range(min(count, len(steps))):
        yield {"kind": "steps", "steps": steps[n::count]}


def told() -> dict[str, Any]:
    """Everything the house holds now: entries, leaves in their order, bids; and whether the file of SQLite is whole."""
    from django.db import connection

    from bidding.submission.models import Bid
    from ledger import audit
    from ledger.models import Entry, Log, Placement
    from proofs.merkle import leaf_hash

    places = dict(Placement.objects.values_list("entry_id", "index"))
    rows = [
        [entry.pk, entry.log, entry.stream, entry.seq, entry.kind, json.loads(entry.event)["d"],
         leaf_hash(bytes(entry.leaf)).hex(), places.get(entry.pk)]
        for entry in Entry.objects.order_by("pk").iterator(2000)
    ]  # fmt: skip
    whole = "ok"
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA integrity_check")
            whole = cursor.fetchone()[0]
            cursor.execute("PRAGMA foreign_key_check")
            whole = whole if not cursor.fetchall() else "a foreign key leads nowhere"
    leaves = {log: [leaf_hash(leaf).hex() for leaf in audit._leaves(log)] for log in Log.values}
    bids = list(Bid.objects.values_list("env_sha256", flat=True))
    return {"entries": rows, "leaves": leaves, "whole": whole, "bids": bids}
