"""The directory and the shopfronts, and what a firm does on its own pages."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from intermediaries.registry import keeping
from intermediaries.registry import queries as register
from intermediaries.registry.models import Practitioner, Provider, Qualification
from market.awards.models import Award
from market.catalogue import brought, offers
from market.catalogue import services as catalogue
from market.projects.rules import Stage
from market.shopfronts import queries
from rulebook import clock
from rulebook.calendar import day_in_china
from rulebook.refusal import Refused
from tests import cast
from tests.make import accounts, market, registry
from tests.make import providers as make

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]
SURVEY = next(each for each in brought.items() if each.code == "NM-CH-001")


def offered(actor=cast.PROVIDER, *, now, price=Decimal("3000")):
    accounts.organisation(cast.BUYER)
    catalogue.draft_item(code=SURVEY.code, content=SURVEY.content, by=cast.OFFICER, at=now)
    catalogue.publish_item(code=SURVEY.code, effective_from=day_in_china(now), by=cast.OFFICER, at=now)
    return offers.offer_service(item=SURVEY.code, price=price, unit="份", by=actor, at=now)


def test_a_firm_enters_on_the_page_and_furnishes_its_shopfront():
    now = clock.now()
    client, public = accounts.client_of(cast.PROVIDER), accounts.client_of(cast.STRANGER)
    assert client.get("/providers/me/").url == "/providers/enter/"
    assert "中介服务机构承诺书" in client.get("/providers/enter/").content.decode()
    assert client.post("/providers/enter/", make.PROFILE).status_code == 422  # nothing is promised
    assert client.post("/providers/enter/", make.PROFILE | {"promised": "on"}).url == "/providers/me/"
    until = day_in_china(now) + timedelta(20)
    certificate = {
        "q-kind": "测绘资质",
        "q-grade": "乙级",
        "q-number": "乙测1",
        "q-issuer": "自然资源厅",
        "q-valid_to": until,
    }
    scan = SimpleUploadedFile("a.pdf", b"%PDF-1.7 scan")
    person = {"e-name": "苏布德", "e-id_number": registry.id_number(1), "e-joined_on": day_in_china(now)}
    for act, said in {
        "qualification": certificate | {"q-scan": scan}, "employ": person,
        "place": {"p-region": "包头市", "p-address": "钢铁大街", "p-phone": "1"},
    }.items():  # fmt: skip
        assert client.post(f"/providers/me/{act}/", said).status_code == 302, act
    who = Practitioner.objects.get()
    certified = {
        "of": who.pk,
        f"c{who.pk}-person": who.pk,
        f"c{who.pk}-kind": "注册测绘师",
        f"c{who.pk}-number": "CH-1",
    }
    assert client.post("/providers/me/certify/", certified).status_code == 302
    offered(now=now)

    page = public.get(f"/providers/{cast.HETAO}/").content.decode()
    for words in ("测绘资质乙级", "注册测绘师", "包头市", "3,000.00", SURVEY.content["name"], "扫描件"):
        assert words in page, words
    assert registry.id_number(1) not in page and "信息不实" in page
    own = client.get("/services/").content.decode()
    assert "符合资质要求" in own and "到期" in client.get("/providers/me/").content.decode()
    assert client.post("/providers/me/certify/", {}).status_code == 422
    assert client.post("/providers/me/unknown/", {}).status_code == 404
    assert accounts.client_of(cast.OFFICER).get("/providers/me/").status_code == 404
    assert "登记单位身份公钥" in (desk := client.get("/desk/").content.decode()) and "测绘资质" in desk


def test_who_cannot_perform_a_service_today_reads_why_and_a_fixed_price_is_no_offer():
    now = clock.now()
    make.entered(at=now)
    offered(now=now)
    page = accounts.client_of(cast.PROVIDER).get("/services/").content.decode()

    assert "今天不能参加" in page and "没有“测绘资质乙级”" in page
    price = {"price_max": "1.00", "price_unit": "份", "fee_basis": "某发改价〔2026〕2号"}
    fixed = SURVEY.content | {"fee_type": "fixed"} | price
    catalogue.draft_item(code="NM-F-001", content=fixed, by=cast.OFFICER, at=now)
    catalogue.publish_item(code="NM-F-001", effective_from=day_in_china(now), by=cast.OFFICER, at=now)
    for item, told, code in (
        ("NM-F-001", {"price": Decimal(1), "unit": "份"}, "catalogue.fixed-price"),
        (SURVEY.code, {"price": Decimal(1), "unit": ""}, "catalogue.price"),
    ):
        with pytest.raises(Refused, match=code):
            offers.offer_service(item=item, **told, by=cast.PROVIDER, at=now)
    with pytest.raises(Refused, match="provider.not-in"):
        offers.offer_service(item=SURVEY.code, by=cast.RIVAL, at=now)
    offers.take_back(item=SURVEY.code, by=cast.PROVIDER, at=now)
    assert register.history(Provider.objects.get())[0]["told"] == "NM-CH-001：不再提供"


def test_the_directory_is_walked_page_by_page_and_a_page_costs_the_same_however_many_there_are(monkeypatch):
    now = clock.now()
    on = day_in_china(now)
    monkeypatch.setattr(queries, "PAGE", 2)
    for actor in (cast.PROVIDER, cast.RIVAL, cast.THIRD, cast.FOURTH):
        make.entered(actor, at=now)
    offered(cast.THIRD, now=now)

    def walked(**asked):
        pages, after = [], ""
        while True:
            lines, after = queries.directory(**asked, after=after, on=on)
            pages.append([line.provider.organisation_id for line in lines])
            if not after:
                return pages

    assert walked() == [[cast.HETAO, cast.YINSHAN], [cast.WULIANG, cast.LANGSHAN]]
    assert [len(page) for page in walked(words="有限公司")] == [2, 2]
    assert walked(item=SURVEY.code) == walked(item=SURVEY.code, words="监测 设备") == [[cast.WULIANG]]
    assert walked(region="包头市") == [[]] and walked(words="阴山", region="呼伦贝尔市") == [[cast.YINSHAN]]
    costs = []
    for asked in ({}, {"words": "有限公司"}, {"region": "呼伦贝尔市", "item": SURVEY.code}):
        with CaptureQueriesContext(
            connection,
        ) as spent:
            queries.directory(**asked, on=on)
        costs.append(len(spent))
        assert not any("COUNT(" in each["sql"] or "OFFSET" in each["sql"] for each in spent)
    assert costs == [3, 3, 4]
    page = accounts.client_of(cast.STRANGER).get("/providers/", {"q": "有限公司"}).content.decode()
    assert "下一页" in page and "after=" in page
    feed = accounts.client_of(cast.STRANGER).get("/providers.json").json()
    assert [row["code"] for row in feed["providers"]] == [cast.HETAO, cast.YINSHAN] and feed["after"]


def test_a_firm_leaves_only_when_what_it_won_is_done():
    now = clock.now()
    make.entered(at=now)
    won = market.project(stage=Stage.AWARDED)
    Award.objects.create(
        project=won, notice=market.notice(won), rank=1, organisation=cast.HETAO, name=cast.NAMES[cast.HETAO],
        amount=Decimal("1000000.00"), determined_by=cast.OFFICER.person, determined_at=now,
    )  # fmt: skip
    client = accounts.client_of(cast.PROVIDER)

    assert queries.open_contracts(cast.HETAO) == [won.number]
    assert client.post("/services/leave").status_code == 409
    assert won.title in client.get(f"/providers/{cast.HETAO}/").content.decode()
    type(won).objects.filter(pk=won.pk).update(stage=Stage.COMPLETED)
    assert client.post("/services/leave").status_code == 302
    assert queries.directory(on=day_in_china(now)) == ([], "")
    assert "已退出" in client.get(f"/providers/{cast.HETAO}/").content.decode()


def test_anybody_objects_the_keepers_find_and_only_the_finding_is_published():
    now = clock.now()
    make.entered(at=now)
    certificate = make.qualified(at=now)
    public, keeper = accounts.client_of(cast.STRANGER), accounts.client_of(cast.SUPERVISOR)
    said = {"text": "发证机关查无此证。", "name": "某公民", "contact": "13800000000"}
    assert public.post(f"/providers/{cast.HETAO}/object/", said | {"name": ""}).status_code == 422
    assert public.post(f"/providers/{cast.HETAO}/object/", said).status_code == 302
    assert "查无此证" not in public.get(f"/providers/{cast.HETAO}/").content.decode()

    desk = keeper.get("/providers/register/")
    assert "某公民" in desk.content.decode() and "核查机构信息异议" in keeper.get("/desk/").content.decode()
    row = register.open_objections(cast.SUPERVISOR).get()
    found = {"finding": "upheld", "text": "经核实，该证无效。", "strike": certificate.pk}
    assert keeper.post(f"/providers/register/objections/{row.public_id}/", found).status_code == 302
    checked = {"code": cast.HETAO, "subject": "人员社保", "outcome": "in-order"}
    assert keeper.post("/providers/register/check/", checked).status_code == 302
    page = public.get(f"/providers/{cast.HETAO}/").content.decode()
    assert "经核实，该证无效。" in page and "人员社保" in page and "某公民" not in page
    assert Qualification.objects.get().struck_on == day_in_china(now)
    for stranger in (public, accounts.client_of(cast.PROVIDER)):
        assert stranger.get("/providers/register/").status_code in (302, 404)
    with pytest.raises(Refused, match="provider.own-data"):
        keeping.raise_objection(code=cast.HETAO, **said, source="s", by=cast.PROVIDER, at=now)
