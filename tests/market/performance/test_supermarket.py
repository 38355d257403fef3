"""A citizen's purchase from the choice to the rating: the same desk, two presses, her days of service."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client

from accounts.models import User
from intermediaries.ratings import queries as ratings
from market.awards import accepting
from market.awards import services as awards
from market.awards.models import Award
from market.contracts import services as contracts
from market.performance import queries
from market.projects.models import Project
from market.projects.rules import Stage
from market.selection import direct
from rulebook.actor import SYSTEM
from rulebook.calendar import day_in_china
from tests import cast
from tests.make import accounts, purchases
from tests.make import performance as make

pytestmark = pytest.mark.django_db


def test_a_citizen_signs_accepts_and_rates_with_no_key(monkeypatch):
    purchases.able()
    buyer = purchases.citizen()
    number = purchases.published(buyer, fund="own", fund_share=Decimal(0)).project.number
    reason = "比较三家报价后，报价最低且在本旗有同类经验。"
    direct.pick(number=number, org=cast.HETAO, amount=Decimal(3000), reason=reason, by=buyer, at=cast.NOON)
    at = cast.NOON + 10 * cast.DAY
    awards.determine(number=number, org=cast.HETAO, by=SYSTEM, at=at)
    accepting.accept(number=number, by=cast.PROVIDER, at=at)
    on = day_in_china(at)
    make.put_forward(number, amount="3000", by=buyer, at=at)
    contracts.confirm(number=number, by=cast.PROVIDER, at=at)
    monkeypatch.setattr("rulebook.clock.now", lambda: at)
    here = f"/projects/{number}/performance/"
    client, provider = Client(), accounts.client_of(cast.PROVIDER)
    client.force_login(User.objects.get(public_id=buyer.person))

    page = client.get(here).content.decode()
    due = (on + timedelta(days=30)).isoformat()
    assert (
        f'value="{due}"' in page and 'value="3000.00"' in page and "中选" in page
    )  # all of it, by her days of service
    told = {
        "m-TOTAL_FORMS": "1",
        "m-INITIAL_FORMS": "1",
        "m-0-what": "竣工测绘报告",
        "m-0-due_on": due,
        "m-0-amount": "3000",
    }
    assert client.post(f"{here}plan", told).status_code == 302
    read = accounts.seen_on(provider.get(here), "/settle")
    assert provider.post(f"{here}settle", {"agree": "1"} | read).status_code == 302
    assert provider.post(f"{here}deliver", {"milestone": "1", "note": "报告已送达"}).status_code == 302
    assert "验收成果" in client.get("/desk/").content.decode()
    assert client.post(f"{here}inspect", {"milestone": "1", "accepted": "1"}).status_code == 302

    assert Project.objects.get(number=number).stage == Stage.COMPLETED
    make.rated(number, by=buyer, points=(5, 4), at=at)
    make.rated(number, by=cast.PROVIDER, at=at)
    assert ratings.mean_of(cast.HETAO).overall == Decimal("4.20")
    assert queries.record_of(cast.HETAO, on=on)[0]["late"] == 0
    assert Award.objects.get().organisation == cast.HETAO
    shopfront = accounts.client_of(cast.STRANGER).get(f"/providers/{cast.HETAO}/").content.decode()
    assert "4.20 / 5" in shopfront and "已完成" in shopfront and "没有逾期" in shopfront
