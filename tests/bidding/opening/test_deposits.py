"""The guarantee sealed in a bid: shown beside the identity check to those it concerns, and judged by the terms."""

import json
from datetime import date, timedelta

import pytest

from bidding.guarantees import queries as guarantees
from bidding.opening import services
from bidding.opening.deposits import why_not_enough
from ledger.models import Entry
from market.projects.rules import PROCEDURES, Edition, Method
from proofs import guarantee
from proofs.canonical import NotCanonical
from rulebook import clock
from tests import cast
from tests.cast import FOURTH, HETAO, MINUTE, NOON, YINSHAN
from tests.make import accounts
from tests.make import bidding_offers as make
from tests.make.market import NUMBER

pytestmark = pytest.mark.embedded

ASKED = {"amount": "20000.00", "forms": ["bank", "insurance"]}
GOOD = {
    "v": "guarantee/1", "kind": "bank", "amount": "20000.00", "number": "BH-2026-0077", "issuer": "河套农商银行",
    "until": "2027-03-01", "file": "投标保函.pdf",
}  # fmt: skip
LAW = PROCEDURES[Method.TENDER, Edition.LAW_2017].guarantee[1]


def against(**other):
    given = {key: value for key, value in GOOD.items() if key != "v"} | other
    found = why_not_enough(asked=ASKED, given=given, law=LAW, opened_on=date(2026, 11, 24))
    assert all(reason.law == LAW for reason in found)
    return [reason.code for reason in found]


def test_everything_in_which_a_guarantee_falls_short_is_told_at_once_with_the_article():
    assert against() == against(until="") == []
    assert against(kind="transfer", amount="19999.99", until="2026-11-24") == [
        "deposit.form", "deposit.amount", "deposit.until",
    ]  # fmt: skip
    assert against(fault="no JSON") == ["deposit.malformed"]
    nothing = why_not_enough(asked=ASKED, given=None, law=LAW, opened_on=date(2026, 11, 24))
    assert [reason.code for reason in nothing] == ["deposit.none"]


@pytest.mark.parametrize(
    "other",
    [
        {"kind": "cash"}, {"amount": "2e4"}, {"amount": "-1.00"}, {"until": "soon"}, {"number": ""},
        {"file": "elsewhere.pdf"}, {"file": "guarantee.json"}, {"v": "guarantee/2"}, {"more": 1},
    ],
)  # fmt: skip
def test_what_is_spelt_otherwise_is_no_guarantee(other):
    files = ("投标保函.pdf", "guarantee.json")
    assert guarantee.parse(json.dumps(GOOD).encode(), files=files).number == "BH-2026-0077"
    with pytest.raises(NotCanonical):
        guarantee.parse(json.dumps(GOOD | other).encode(), files=files)
    for data in (b"[" * 20_000, b"{", b"\xff"):
        with pytest.raises(NotCanonical):
            guarantee.parse(data, files=files)


def files(**other):
    return [("guarantee.json", json.dumps(GOOD | other).encode()), ("投标保函.pdf", b"%PDF"), ("技术方案.txt", b"x")]


@pytest.mark.django_db
def test_host_witness_and_the_bidder_itself_see_it_once_it_is_opened_and_nobody_else_ever(monkeypatch):
    accounts.world()
    tender = make.open_tender(guarantee=ASKED)
    make.sealed_bid(tender, cast.PROVIDER, files=files())
    make.sealed_bid(tender, cast.RIVAL, files=files(amount="100.00", number="BH-LOW-1"))
    make.sealed_bid(tender, cast.THIRD)
    make.closed(tender)
    services.open_hall(project_number=NUMBER, by=cast.OFFICER, at=NOON + MINUTE)

    def seen(viewer):
        clock.forget()
        monkeypatch.setattr(clock, "system", lambda: NOON + 5 * MINUTE)
        client = accounts.client_of(viewer)
        return client.get(f"/projects/{NUMBER}/hall/actions").content.decode()

    assert seen(cast.OFFICER).count("投标文件开启后显示") == 3 and "BH-" not in seen(cast.OFFICER)
    make.halves_released(tender)
    make.keys_released(tender)
    for viewer in (cast.OFFICER, cast.WITNESS, cast.SUPERVISOR):
        told = seen(viewer)
        assert "BH-2026-0077" in told and "BH-LOW-1" in told and "20,000.00 元，编号" in told
        assert told.count("不符合要求") == 2 and "政府采购法实施条例" in told
        assert "少于招标文件要求的 20,000.00 元" in told and "没有投标保证金或保函" in told
    own = seen(cast.PROVIDER)
    assert "BH-2026-0077" in own and "BH-LOW-1" not in own and "符合要求" in own
    for viewer in (FOURTH, cast.HOLDER, cast.OTHER_OFFICER, cast.EXPERT):
        assert "BH-" not in seen(viewer) and "hall-deposits" not in seen(viewer)
    assert not any("BH-" in entry.event for entry in Entry.objects.all())

    orgs = [HETAO, YINSHAN, cast.WULIANG]
    make.session_ended(tender, orgs, at=tender.closes_at + timedelta(minutes=4))
    assert {each.org: each.given.get("number", "") for each in guarantees.owed(tender)} == {
        HETAO: "BH-2026-0077", YINSHAN: "BH-LOW-1", cast.WULIANG: "",
    }  # fmt: skip
