"""A citizen asks for sealed quotes on her second screen: published by itself, no key in sight, an offer is taken."""

import pytest

from accounts.models import User
from bidding.sealed import queries
from bidding.submission.models import Bid
from market.projects.models import Project
from market.projects.rules import Method, Stage
from market.purchases import guess
from market.purchases import queries as bought
from market.purchases.models import Purchase
from tests import cast
from tests.make import accounts, bidding_offers, purchases
from tests.make import sealed as make

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]


def main_of(client, path):
    return client.get(path).content.decode().partition("<main")[2].partition("</main")[0]


def test_a_citizen_takes_sealed_quotes_in_three_screens_without_a_key(monkeypatch):
    make.readied()
    make.at_the_clock(monkeypatch, make.APPROVED)
    phone = accounts.client_of(cast.STRANGER)
    phone.force_login(User.objects.get(public_id=purchases.citizen().person))
    phone.post("/purchases/new/", {"item": purchases.ITEM})
    Project.objects.update(number=make.NUMBER)
    base = f"/purchases/{make.NUMBER}/edit/"
    phone.post(base + "need/", {"item": purchases.ITEM, "demand": "自建房一处，约 120 平方米，办不动产登记用。"})
    seen = main_of(phone, base + "where/")
    assert "密封报价" in seen and "密钥" not in seen and 'name="formula"' not in seen
    where = {"region": "新巴尔虎右旗克尔伦苏木", "days": "20", "price_cap": "3000"}
    phone.post(base + "where/", where | {"method": "random"})
    assert Purchase.objects.get().formula is None
    assert phone.post(base + "where/", where | {"method": "sealed_price"}).url == base + "preview/"
    assert "没有不符合规则的地方" in main_of(phone, base + "preview/")
    phone.post(f"/purchases/{make.NUMBER}/submit")
    assert "备妥后自动公告" in main_of(phone, base + "preview/")
    assert "密钥" not in main_of(phone, base + "preview/")

    make.keyed()

    row, tender = Purchase.objects.get(), queries.tender(make.NUMBER)
    assert (row.project.stage, row.price_known, row.formula["key"]) == (Stage.OPEN, False, "lowest")
    assert tender.policy == queries.ALONE and tender.closes_at == row.closes_at and row.least == 1
    make.at_the_clock(monkeypatch, make.APPROVED)
    assert "等待截止" in main_of(phone, "/desk/") and "密钥" not in main_of(phone, "/desk/")
    bidding_offers.sealed_bid(tender, cast.PROVIDER, price="2800.00", at=make.APPROVED + cast.MINUTE)
    assert Bid.objects.filter(tender=tender, organisation=cast.HETAO).exists()


def test_keys_made_after_midnight_leave_the_quotes_their_days():
    late = cast.NOON.replace(hour=15, minute=30)  # half an hour before midnight in China
    row, lots = (bought.row_of(method=each, real=True) for each in (Method.SEALED_PRICE, Method.RANDOM))
    assert guess.times(row, at=late) == guess.times(row, at=late + cast.HOUR) > guess.times(lots, at=late)
    assert guess.times(row, at=cast.NOON) == guess.times(lots, at=cast.NOON)
