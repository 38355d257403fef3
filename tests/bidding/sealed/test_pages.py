"""Pages of sealed quotes: one's own offer, what everybody sees before and after, and no hall."""

import pytest
from django.urls import reverse

from bidding.opening import services as opening
from rulebook.refusal import Refused
from tests import cast
from tests.make import accounts, bidding_offers, purchases
from tests.make import sealed as make

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]


def page(name: str, by=cast.STRANGER):
    return accounts.client_of(by).get(reverse(f"bidding:{name}", args=[make.NUMBER]))


def test_one_short_page_to_offer_and_nothing_of_the_others_before_the_opening(monkeypatch):
    tender = make.offered(("2600.00", "2500.00"))
    make.at_the_clock(monkeypatch, make.APPROVED + cast.HOUR / 2)
    own = page("offer", cast.PROVIDER).content.decode()
    assert 'data-policy="C"' in own and "其中 2 家若与平台串通，可以提前读到" in own and "第 1 版" in own
    assert "第 1 版" not in page("offer", cast.THIRD).content.decode()
    for by in (cast.STRANGER, cast.OFFICER, cast.SUPERVISOR, cast.OPERATOR, cast.THIRD):
        told = page("offers", by).content.decode()
        assert "尚未开启" in told and "2600" not in told and cast.NAMES[cast.YINSHAN] not in told
    assert page("bid", cast.THIRD).headers["Location"] == reverse("bidding:offer", args=[make.NUMBER])
    assert page("hall").headers["Location"] == tender.project.get_absolute_url()
    refused = accounts.client_of(cast.OFFICER).post(reverse("bidding:open_hall", args=[make.NUMBER]))
    assert refused.status_code in (403, 404, 409)


def test_the_officer_cannot_open_what_opens_by_itself():
    tender = make.offered(("2600.00", "2500.00"))
    bidding_offers.closed(tender)
    with pytest.raises(Refused, match="hall.not-officer"):
        opening.open_hall(project_number=make.NUMBER, by=cast.OFFICER, at=make.OPENS)


def test_afterwards_everybody_sees_every_quote_and_who_is_first(monkeypatch):
    tender = make.offered(("2600.00", "900.00", "2700.00"))
    make.opened(tender)
    make.released(monkeypatch)
    assert "等待明显偏低的报价" in page("offers").content.decode()
    asked = page("offers", cast.RIVAL).content.decode()
    assert "请说明报价理由" in asked and "请说明报价理由" not in page("offers", cast.PROVIDER).content.decode()
    answer = accounts.client_of(cast.RIVAL).post(
        reverse("bidding:explain_quote", args=[make.NUMBER]), {"text": "本单位就在隔壁。"}
    )
    assert answer.status_code == 302
    judged = {"org": cast.YINSHAN, "accepted": "1", "reason": "就在隔壁，成本属实。"}
    owner = accounts.client_of(purchases.enterprise())
    assert owner.post(reverse("bidding:judge_low", args=[make.NUMBER]), judged).status_code == 302
    make.ticked(at=make.OPENS)
    told = page("offers").content.decode()
    assert "本单位就在隔壁。" in told and "第 1</span>" in told and "2,700.00" in told
    assert accounts.client_of(cast.STRANGER).get(reverse("market:award", args=[make.NUMBER])).status_code == 200
