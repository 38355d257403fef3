"""From where and with which device a bid was handed in: sealed with it, readable after the opening and never before."""

import json
import logging

import pytest

from bidding.opening import services, traces
from bidding.submission.devices import COOKIE
from bidding.submission.models import Bid
from bidding.submission.traces import LONGEST_AGENT, NO_TRACES, Traces, opened, sealed
from bidding.tender import queries as tenders
from proofs import manifest
from proofs.releases import Releases
from rulebook import clock
from tests import cast
from tests.bidding.test_canary import everything
from tests.cast import HOUR, MINUTE, NOON
from tests.make import accounts
from tests.make import bidding_offers as make
from tests.make.market import NUMBER

ADDRESS, AGENT, DEVICE = "203.0.113.77", "Kanarienvogel/4711", "kanarienvogel-4711-xyz"
REPLACED = "198.51.100.78"


def hand_in(tender, by, *, address, agent=AGENT, device=DEVICE, at=NOON - HOUR):
    """A bid through the door, as a browser sends it."""
    subs = make.prepared(tender, by, price="1000000.00", at=at)
    client = accounts.client_of(by)
    client.cookies[COOKIE] = device
    told = client.post(
        f"/api/projects/{NUMBER}/bids", json.dumps({"subs": subs}), content_type="application/json",
        REMOTE_ADDR=address, headers={"User-Agent": agent},
    )  # fmt: skip
    assert told.status_code == 200


def readable(*marks):
    """Which of these anybody with the whole server in his hands could read, in any usual spelling."""
    held = everything()
    return {mark for mark in marks for code in ("utf-8", "utf-16-le") if mark.encode(code) in held}


@pytest.mark.embedded
@pytest.mark.django_db
def test_address_device_and_browser_are_nowhere_before_the_opening_and_there_after_it(monkeypatch, caplog):
    caplog.set_level(logging.DEBUG)
    tender = make.open_tender()
    clock.forget()
    monkeypatch.setattr(clock, "system", lambda: NOON - HOUR)
    hand_in(tender, cast.PROVIDER, address=REPLACED)
    hand_in(tender, cast.PROVIDER, address=ADDRESS)
    hand_in(tender, cast.RIVAL, address=ADDRESS, agent="x" * 4000)
    make.sealed_bid(tender, cast.THIRD)
    marks = (ADDRESS, AGENT, DEVICE, REPLACED)

    assert readable(*marks) == set()
    make.closed(tender)
    services.open_hall(project_number=NUMBER, by=cast.OFFICER, at=NOON + MINUTE)
    make.halves_released(tender)
    assert readable(*marks) == set() and traces.traces(tender) == {}
    make.keys_released(tender)
    assert traces.traces(tender) == {}  # read out, but not over
    make.session_ended(tender, [bidder.organisation for bidder in make.BIDDERS[:3]], at=NOON + 4 * MINUTE)

    told = traces.traces(tender)
    [(received, first)] = told[cast.HETAO]
    assert (first.address, first.agent, first.device, received) == (ADDRESS, AGENT, DEVICE, NOON - HOUR)
    assert first.person == cast.PROVIDER.person
    assert [one.address for _, one in told[cast.YINSHAN]] == [ADDRESS]
    assert [one for _, one in told[cast.WULIANG]] == [NO_TRACES]
    # The log of what happened never had them, and what was replaced has no key that anybody released.
    assert not [mark for mark in marks if mark in caplog.text]
    assert REPLACED not in str(told)
    # One blob a handing in, as long for who came from nowhere as for who told most.
    rows = Bid.objects.order_by("pk").values_list("organisation", "part", "traces", "version")
    kept = [(org, len(blob)) for org, _, blob, _ in rows if blob]
    assert [org for org, _ in kept] == [cast.HETAO, cast.HETAO, cast.YINSHAN, cast.WULIANG]
    assert len({length for _, length in kept}) == 1
    assert {part for _, part, blob, _ in rows if blob} == {"sheet"}


@pytest.mark.embedded
@pytest.mark.django_db
def test_only_enough_of_the_holders_of_this_very_slot_open_a_trace():
    tender = make.open_tender()
    committee = tenders.committee(tender, "sheet")
    kcm = tenders.kcm_bytes(committee)
    left = Traces(ADDRESS, "曜" * 400 + '"\\\n' * 200, DEVICE, cast.PROVIDER.person)
    blob = sealed(left, manifest=manifest.parse(kcm), slot=3)
    unit = manifest.parse(kcm).unit

    def keys(slot, *members):
        holders = [(i, make.HOLDERS[i - 1]) for i in members]
        return Releases(c={i: accounts.signer(org).slot_key(unit=unit, role="c", slot=slot) for i, org in holders})

    told = opened(blob, kcm=kcm, releases=keys(3, 1, 3))
    assert told is not None and (told.address, told.device, told.person) == (ADDRESS, DEVICE, cast.PROVIDER.person)
    assert told.agent == "曜" * (LONGEST_AGENT // 3)
    assert opened(blob, kcm=kcm, releases=keys(3, 2)) is None
    assert opened(blob, kcm=kcm, releases=keys(4, 1, 2, 3)) is None
    assert opened(b"", kcm=kcm, releases=keys(3, 1, 2)) is None
    assert opened(blob[:-1] + bytes([blob[-1] ^ 1]), kcm=kcm, releases=keys(3, 1, 2)) is None
    assert len(blob) == len(sealed(NO_TRACES, manifest=manifest.parse(kcm), slot=12))


@pytest.mark.embedded
@pytest.mark.django_db
def test_a_bidders_browser_gets_a_word_once_and_nobody_elses_does():
    make.open_tender()
    path = f"/projects/{NUMBER}/bid/"
    client = accounts.client_of(cast.PROVIDER)

    first = client.get(path)
    word = first.cookies[COOKIE]

    assert "递交时记录什么" in first.content.decode()
    assert len(word.value) == 22 and word["httponly"] and word["samesite"] == "Lax"
    assert COOKIE not in client.get(path).cookies
    assert COOKIE not in accounts.client_of(cast.OFFICER).get(path).cookies
    assert COOKIE not in client.get("/").cookies
