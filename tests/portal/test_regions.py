"""Front rooms: what is open and decided in a region, its supervising body, and the region a browser comes home to."""

from dataclasses import replace
from datetime import date

import pytest
from django.test import Client

from accounts.models import Organisation
from accounts.regions import services
from accounts.rules import Kind
from bidding.tender.rules import why_not_lawful_words
from blacklist.sanctions import queries as sanctions
from blacklist.sanctions import services as record
from market.complaints import queries as complaints
from market.projects.procedure import Edition, Method
from market.projects.procedures import procedure_of
from portal.ocds import queries as ocds
from rulebook import clock
from rulebook.actor import SYSTEM
from rulebook.refusal import Refused
from tests import cast
from tests.make import accounts, blacklist, market

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]
FAR_BUYER, FAR_BODY = "11150800MB1A00081Y", "11150800MB1A00082R"
TABLE = (
    {"code": "15", "name": "自治区", "name_en": "The Region"},
    {"code": "1529", "name": "河套市", "body": cast.BUREAU, "phone": "0478-1"},
    {"code": "1508", "name": "阴山市", "body": FAR_BODY}, {"code": "150802", "name": "阴山区"},
)  # fmt: skip


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> None:
    clock.forget()
    monkeypatch.setattr(clock, "system", lambda: cast.NOON)
    accounts.world()
    for code, name, kind in ((FAR_BUYER, "阴山市水务局", Kind.BUYER), (FAR_BODY, "阴山市财政局", Kind.REGULATOR)):
        Organisation.objects.create(code=code, name=name, kind=kind.value)
    market.notice(market.project(title="河套的采购"))
    far = market.project(number="T-2026-900", title="阴山的采购")
    far.buyer_id = FAR_BUYER
    far.save(update_fields=["buyer"])
    market.notice(far)


def read(client: Client, path: str) -> str:
    return client.get(path, follow=True).content.decode()


def test_one_city_has_no_rooms_and_no_word_of_them(world: None) -> None:
    client = Client(headers={"cookie": "region=1508"})
    for path in ("/regions/", "/regions/150800/"):
        assert client.get(path).status_code == 404
    assert client.get("/").status_code == 200 and client.post("/regions/choose/", {"region": "15"}).status_code == 404
    assert "采购人所在地区" not in read(client, "/statistics/trade/") and "/regions/" not in read(client, "/")
    assert "/operations/regions/" not in read(accounts.client_of(cast.OPERATOR), "/desk/")
    assert [each.code for each in complaints.bodies(market.Project.objects.first())] == [cast.BUREAU, FAR_BODY]


def test_a_room_shows_its_own_region_and_a_browser_comes_home_to_it(world: None) -> None:
    services.set_up(rows=TABLE, by=SYSTEM, at=cast.NOON)
    client = Client()
    far = read(client, "/regions/150800/")
    assert "阴山的采购" in far and "河套的采购" not in far and "阴山市财政局" in far and "阴山区" in far
    near = read(client, "/regions/152900/")
    assert "河套的采购" in near and "阴山的采购" not in near and "0478-1" in near
    both = read(client, "/regions/150000/")
    assert "河套的采购" in both and "阴山的采购" in both
    assert "阴山市财政局" in read(client, "/regions/150802/")  # a banner has the body of its city
    for path in ("/regions/1508/", "/regions/150700/", "/regions/15080x/", "/regions/000000/"):
        assert client.get(path).status_code == 404, path
    assert "/regions/150802/" in read(client, "/sitemap-pages.xml")

    assert client.post("/regions/choose/", {"region": "1508"}).headers["Location"] == "/regions/150800/"
    assert client.get("/").headers["Location"] == "/regions/150800/" and "我的首页" in read(client, "/regions/")
    client.post("/regions/choose/", {"region": ""})
    assert client.get("/").status_code == 200

    found = read(client, "/notices/?region=1508")
    assert "阴山的采购" in found and "河套的采购" not in found
    assert "采购人所在地区" in read(client, "/statistics/trade/")
    assert client.get("/ocds/days/2026-11-24.json?region=xx").status_code == 404
    assert ocds.page(date(2026, 11, 1), date(2026, 12, 1), number=1, region="1508") == ([], False)


def test_the_competent_body_is_that_of_the_purchases_region_and_above(world: None) -> None:
    services.set_up(rows=TABLE, by=SYSTEM, at=cast.NOON)
    near, far = market.Project.objects.get(buyer=cast.BUYER), market.Project.objects.get(buyer=FAR_BUYER)
    assert [each.code for each in complaints.bodies(near)] == [cast.BUREAU]
    assert [each.code for each in complaints.bodies(far)] == [FAR_BODY]
    assert len(complaints.bodies(None)) == 2


def test_a_decision_is_recorded_where_the_office_reaches_and_binds_wherever_it_says(world: None) -> None:
    city = replace(cast.SUPERVISOR, region="1508")
    for region in ("", "15", "1529"):
        with pytest.raises(Refused, match=r"blacklist.beyond-office"):
            record.record_decision(**{**blacklist.FACTS, "region": region}, by=city, at=cast.NOON)
    blacklist.drafted(region="15", decision_no="甲〔2026〕1号")
    assert sanctions.waiting(cast.SUPERVISOR).count() == 1 and not sanctions.waiting(city).exists()


def test_a_tender_may_not_ask_for_a_seat_or_registration_of_the_place() -> None:
    row = procedure_of(Method.TENDER, Edition.LAW_2017)
    for text in ("须在本市设有分支机构", "投标人须在呼伦贝尔市注册", "须入驻本市中介超市，本地入库"):
        reasons = why_not_lawful_words(procedure=row, factors=(), qualifications=(text,))
        assert "conditions.local" in {reason.code for reason in reasons}, text
    assert not why_not_lawful_words(procedure=row, factors=(), qualifications=("具有乙级资质",))
