"""The doors of offering: one answer for one thing, a refusal never an error, and nothing for who is not concerned."""

import json
from typing import Any

import pytest
from django.test import Client

from bidding.submission import services
from bidding.submission.models import Bid, StoredEnvelope
from ledger import setback
from rulebook import clock
from tests import cast
from tests.cast import HETAO, HOUR, MINUTE, NOON, PROVIDER, RIVAL
from tests.make import accounts
from tests.make import bidding_offers as make
from tests.make.market import NUMBER

pytestmark = pytest.mark.django_db
API = f"/api/projects/{NUMBER}"
EARLY = NOON - HOUR


@pytest.fixture
def at(monkeypatch):
    def set_to(instant):
        clock.forget()
        monkeypatch.setattr(clock, "system", lambda: instant)

    set_to(EARLY)
    return set_to


@pytest.fixture
def tender(at):
    return make.open_tender()


def post(client: Client, door: str, body: Any) -> Any:
    return client.post(f"{API}/{door}", json.dumps(body), content_type="application/json")


def put(client: Client, part: str, data: bytes) -> Any:
    return client.put(f"{API}/envelopes/{part}", data, content_type="application/octet-stream")


def test_a_bid_goes_in_through_the_doors_and_its_owner_gets_it_back(tender):
    client = accounts.client_of(PROVIDER)
    slots = post(client, "slots", {}).json()
    subs, sent = [], {}
    for part, slot in slots.items():
        sheet = {"price": "1.00", "delivery": "1 日", "small": False, "note": ""}
        data, told = make.sealed(tender, HETAO, part, slot, sheet=sheet, at=EARLY)
        assert put(client, part, data).json() == {"sha256": told.env_sha256, "size": len(data)}
        following = client.get(f"{API}/my-bid").json()["next"][part]
        cmh = make.tenders.committee(tender, part).cmh
        fields = {"eid": told.eid, "slot": slot, "cmh": cmh, "env_sha256": told.env_sha256, "size": told.size}
        subs.append(make.said("sub/1", HETAO, {**fields, **following}, number=NUMBER, part=part, at=EARLY))
        sent[told.env_sha256] = data

    first = post(client, "bids", {"subs": subs})

    assert first.status_code == 200
    assert [set(one) for one in first.json()["receipts"]] == [{"part", "note", "nonce", "event", "received_at"}] * 2
    assert post(client, "bids", {"subs": subs}).json() == first.json()
    mine = client.get(f"{API}/my-bid").json()
    assert {one["note"] for one in mine["versions"]} == {one["note"] for one in first.json()["receipts"]}
    for sha256, data in sent.items():
        assert b"".join(client.get(f"{API}/my-bid/{sha256}").streaming_content) == data
        assert accounts.client_of(RIVAL).get(f"{API}/my-bid/{sha256}").status_code == 404
        assert accounts.client_of(cast.OFFICER).get(f"{API}/my-bid/{sha256}").status_code == 404


def test_a_late_bid_gets_409_with_its_signed_refusal(tender, at):
    subs = make.prepared(tender, PROVIDER, price="1.00", at=EARLY)
    at(NOON)

    answer = post(accounts.client_of(PROVIDER), "bids", {"subs": subs})

    assert answer.status_code == 409
    [reason] = answer.json()["reasons"]
    assert reason["code"] == "bid.late"
    assert reason["law"] == "87号令 第33条"
    assert reason["values"]["refusal"].startswith("refusal/v1\n")
    assert not Bid.objects.exists()


def test_on_an_old_copy_nothing_is_promised(tender, monkeypatch):
    subs = make.prepared(tender, PROVIDER, price="1.00", at=EARLY)
    monkeypatch.setattr(setback, "_found", True)

    answer = post(accounts.client_of(PROVIDER), "bids", {"subs": subs})

    assert answer.status_code == 503 and answer["Retry-After"] and not Bid.objects.exists()


def test_a_withdrawal_goes_through_its_door(tender, at):
    make.sealed_bid(tender, at=EARLY)
    client = accounts.client_of(PROVIDER)
    mine = client.get(f"{API}/my-bid").json()
    wds = [make.said("wd/1", HETAO, {"eid": one["eid"], "seq": 2}, number=NUMBER, part=one["part"], at=EARLY)
           for one in mine["versions"]]  # fmt: skip

    answer = post(client, "withdrawals", {"wds": wds})

    assert answer.status_code == 200
    assert all("withdrawal" in one["note"] for one in answer.json()["receipts"])
    assert not any(one["live"] for one in client.get(f"{API}/my-bid").json()["versions"])
    assert post(client, "withdrawals", {"wds": wds}).json() == answer.json()


@pytest.mark.embedded
@pytest.mark.parametrize("body", ["", "{", "[]", "null", "3", '{"subs": 1}', '{"subs": [1]}', '{"subs": [[]]}', "\x00"])
def test_nonsense_is_422_or_400_and_never_500(tender, body):
    client = accounts.client_of(PROVIDER)
    for door in ("bids", "withdrawals", "statements"):
        answer = client.post(f"{API}/{door}", body, content_type="application/json")
        assert answer.status_code in (400, 422), (door, body, answer.status_code)


def test_a_huge_or_deep_statement_is_refused(tender):
    client = accounts.client_of(PROVIDER)
    deep: Any = {}
    for _ in range(200):
        deep = {"v": "sub/1", "x": deep}
    for subs in ([deep], [{"v": "sub/1", "x": "é" * 100_000}], [{"v": "sub/1", "seq": 1.5}], [{"v": "sub/1"}] * 50):
        assert post(client, "bids", {"subs": subs}).status_code == 422


@pytest.mark.embedded
@pytest.mark.parametrize(
    "data", [b"", b"x", b"%PDF-1.7", b"SBE1", b"SBE1" + b"\xff" * 100, b"SBE1\0\0\0\2{}" + b"x" * 70_000]
)
def test_what_is_no_envelope_is_refused(tender, data):
    answer = put(accounts.client_of(PROVIDER), "sheet", data)

    assert answer.status_code == 422
    assert answer.json()["reasons"][0]["code"] in ("envelope.not-sealed", "envelope.malformed")
    assert not StoredEnvelope.objects.exists()


def test_an_oversized_envelope_is_refused(tender, settings):
    settings.ENVELOPE_LIMIT = 1000
    answer = put(accounts.client_of(PROVIDER), "sheet", b"SBE1" + bytes(5000))

    assert answer.status_code == 422
    assert answer.json()["reasons"][0]["code"] == "envelope.too-large"


@pytest.mark.embedded
@pytest.mark.parametrize(
    "actor", [cast.OFFICER, cast.SUPERVISOR, cast.EXPERT, cast.WITNESS, cast.HOLDER, cast.OPERATOR]
)
def test_only_providers_bid(tender, actor):
    client = accounts.client_of(actor)
    subs = make.prepared(tender, PROVIDER, price="1.00", at=EARLY)

    assert post(client, "slots", {}).status_code == 403
    assert put(client, "sheet", b"SBE1").status_code == 403
    assert post(client, "bids", {"subs": subs}).status_code == 403
    assert client.get(f"{API}/my-bid").json() == {"versions": [], "withdrawals": [], "next": {}}


def test_a_stranger_is_asked_to_sign_in(tender):
    client = Client()

    for answer in (post(client, "slots", {}), put(client, "sheet", b"SBE1"), post(client, "bids", {"subs": []}),
                   client.get(f"{API}/my-bid"), client.get(f"{API}/closing")):  # fmt: skip
        assert answer.status_code == 401
    assert client.get(f"/projects/{NUMBER}/bid/").status_code == 302


def test_a_session_door_wants_its_token(tender):
    client = Client(enforce_csrf_checks=True)
    client.force_login(accounts.user(PROVIDER))

    assert post(client, "slots", {}).status_code == 403


def test_a_draft_and_nothing_look_the_same(at):
    make.bidding.tender(stage=make.bidding.Stage.DRAFT)
    client = accounts.client_of(PROVIDER)
    accounts.key(HETAO)

    for number in (NUMBER, "T-NONE"):
        said = {"eid": "0" * 32, "slot": 1, "cmh": "0" * 64, "env_sha256": "0" * 64, "size": 1, "replaces": None}
        sub = make.said("sub/1", HETAO, {**said, "seq": 1}, number=number, at=EARLY)
        wd = make.said("wd/1", HETAO, {"eid": "0" * 32, "seq": 1}, number=number, at=EARLY)
        for door in ("slots", "bids", "withdrawals"):
            body = {"subs": [sub], "wds": [wd]}
            answer = client.post(f"/api/projects/{number}/{door}", json.dumps(body), content_type="application/json")
            assert answer.status_code == 404
        assert client.get(f"/api/projects/{number}/my-bid").status_code == 404
        assert client.get(f"/projects/{number}/bid/").status_code == 404


def test_the_workspace_tells_a_bidder_his_terms_and_versions_and_others_why_not(tender, at):
    make.sealed_bid(tender, at=EARLY)

    seen = accounts.client_of(PROVIDER).get(f"/projects/{NUMBER}/bid/").content.decode()
    for part, committee in make.tenders.committees(tender).items():
        assert f'data-part="{part}" data-cmh="{committee.cmh}" data-k="2" data-n="3"' in seen
    assert "receipt/v1" in seen
    assert 'data-may-bid="1"' in seen

    officer = accounts.client_of(cast.OFFICER).get(f"/projects/{NUMBER}/bid/").content.decode()
    assert "只有供应商可以投标" in officer
    assert "receipt/v1" not in officer

    at(NOON + MINUTE)
    late = accounts.client_of(PROVIDER).get(f"/projects/{NUMBER}/bid/").content.decode()
    assert "逾期拒收" in late
    assert 'data-may-bid="0"' in late


def test_the_page_and_the_service_refuse_alike(tender):
    told = accounts.client_of(cast.OFFICER).post(f"{API}/slots", "{}", content_type="application/json").json()

    with pytest.raises(services.Refused) as refused:
        services.allot_slots(project_number=NUMBER, by=cast.OFFICER, at=EARLY)
    assert [one["code"] for one in told["reasons"]] == [one.code for one in refused.value.reasons]
