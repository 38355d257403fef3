"""The sitting for all lots: own rows only, none for a purchase alone, and nobody learns how many lots one bids for."""

import json
import re
from datetime import timedelta

import pytest
from django.test import Client

from rulebook import clock
from tests import cast
from tests.bidding.test_two_worlds import undone
from tests.cast import NOON
from tests.make import accounts, market
from tests.make import bidding_offers as make
from tests.make.ledger import sequenced

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]
CHANCE = re.compile(rb"[A-Za-z0-9+/_=-]{22,}|\b[0-9a-f]{8,}\b|\d{2}:\d{2}:\d{2}")
VIEWERS = (None, cast.OFFICER, cast.RIVAL, cast.SUPERVISOR)


@pytest.fixture(autouse=True)
def _the_hour_before(monkeypatch):
    clock.forget()
    monkeypatch.setattr(clock, "system", lambda: NOON - timedelta(minutes=30))


def batch(lots=2):
    accounts.world()
    found = []
    for place in range(1, lots + 1):
        lot = market.project(number=f"L-{place}", title=f"第{place}包", batch="B-1", lot=place, most_lots=1)
        found.append(make.open_tender(number=lot.number, project=lot))
    return found


def told(client):
    page = client.get("/projects/L-1/bid/lots/").content.decode()
    return json.loads(re.search(r'id="my-lots" type="application/json">(.*?)</script>', page)[1])


def test_every_lot_is_there_with_ones_own_receipts_and_nobody_elses():
    one, two = batch()
    make.sealed_bid(two, cast.PROVIDER)
    make.sealed_bid(one, cast.RIVAL)
    mine = told(accounts.client_of(cast.PROVIDER))
    assert [(lot["number"], lot["parts"], lot["mayBid"], len(lot["mine"]["versions"])) for lot in mine] == [
        ("L-1", ["sheet", "body"], True, 0), ("L-2", ["sheet", "body"], True, 2),
    ]  # fmt: skip


def test_whoever_may_not_bid_is_told_why_and_a_purchase_alone_has_no_such_page():
    batch()
    make.open_tender(number="A-1", project=market.project(number="A-1"))
    holder = accounts.client_of(cast.HOLDER).get("/projects/L-1/bid/lots/").content.decode()
    assert "现在不能投标" in holder and not any(lot["mayBid"] for lot in told(accounts.client_of(cast.HOLDER)))
    assert accounts.client_of(cast.PROVIDER).get("/projects/A-1/bid/lots/").status_code == 404
    assert Client().get("/projects/L-1/bid/lots/").status_code == 302


def seen(lots):
    """Every answer others get about either lot, chance masked."""
    found = {}
    for viewer in VIEWERS:
        client = accounts.client_of(viewer) if viewer else Client()
        for number in ("L-1", "L-2"):
            for path in ("", "hall/fragment", "hall/actions", "bid/lots/"):
                answer = client.get(f"/projects/{number}/{path}")
                found[viewer and viewer.name, number, path] = (answer.status_code, CHANCE.sub(b"*", answer.content))
            entries = client.get(f"/api/streams/project/{number}/entries")
            found[viewer and viewer.name, number, "entries"] = CHANCE.sub(b"*", entries.content)
    return found


def test_nobody_else_can_tell_a_bid_for_one_lot_from_a_bid_for_both():
    worlds = []
    for both in (False, True):
        with undone():
            lots = batch()
            for lot in lots if both else lots[:1]:
                make.sealed_bid(lot, cast.PROVIDER)
            sequenced(at=NOON - timedelta(minutes=40))
            worlds.append(seen(lots))
    assert [where for where in worlds[0] if worlds[0][where] != worlds[1][where]] == []
