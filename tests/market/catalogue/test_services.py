"""The directory, from the first draft to the end of a legal basis."""

import json
from datetime import timedelta
from decimal import Decimal

import pytest

from accounts.models import Message
from documents import typesetting
from ledger.models import Entry
from market.catalogue import brought, bundling, offers, pages, queries, services
from market.catalogue.models import ItemVersion, ServiceItem
from market.catalogue.rules import REMIND_BEFORE
from portal.desk import keeping
from proofs import canonical
from rulebook import clock
from rulebook.actor import SYSTEM
from rulebook.calendar import day_in_china
from rulebook.refusal import Refused
from tests import cast
from tests.cast import NOON
from tests.make import accounts, providers

pytestmark = pytest.mark.django_db
TODAY = day_in_china(NOON)
ITEMS = {each.code: each.content for each in brought.items()}


def publish(code="NM-SB-001", *, by=cast.OFFICER, at=NOON, day=TODAY, **other):
    accounts.organisation(by.organisation)
    services.draft_item(code=code, content=ITEMS[code] | other, by=by, at=at)
    return services.publish_item(code=code, effective_from=day, by=by, at=at)


def desk(at, *, by=cast.OFFICER):
    return sorted(duty.what for duty in keeping.duties(by, at=at))


def facts():
    return [(row.kind, json.loads(row.event)["d"]) for row in Entry.objects.filter(stream="catalogue").order_by("seq")]


def test_a_version_is_published_with_its_text_and_the_next_takes_its_place_on_its_day():
    first = publish()
    later = TODAY + timedelta(30)
    second = publish(name="水土保持方案编制", day=later)

    assert [queries.version("NM-SB-001", on=day).number for day in (TODAY, later)] == [1, 2]
    assert [row.name for row in queries.directory(on=TODAY)] == [first.name]
    assert [row.name for row in queries.directory(on=later)] == [second.name]
    (kind, told), _ = facts()
    assert kind == "catalogue.item-published"
    assert (told["code"], told["version"], told["sha256"]) == ("NM-SB-001", 1, first.sha256)
    assert canonical.sha256(first.text.encode()).hex() == first.sha256
    with pytest.raises(Refused, match="catalogue.not-later"):
        publish(day=later)
    with pytest.raises(Refused, match="catalogue.not-owner"):
        publish(by=cast.OTHER_OFFICER)
    assert ItemVersion.objects.count() == 2


def test_when_its_basis_ends_an_item_is_out_at_once_and_the_tick_writes_it_down_once():
    until = TODAY + timedelta(3)
    ends = [{"law": "某试行办法", "article": "第3条", "until": until.isoformat()}]
    publish(basis=ends)
    publish("NM-FH-001", basis=[ends[0] | {"until": (TODAY + timedelta(61)).isoformat()}])
    late = NOON + timedelta(days=4)

    def told(subject):
        return list(Message.objects.filter(subject=subject).values_list("to_organisation", flat=True))

    assert [services.remind(by=SYSTEM, at=NOON) for _ in range(2)] == [1, 0]  # its keeper, once, sixty days before
    assert told("设置依据即将失效") == [cast.BUYER]
    assert services.remind(by=SYSTEM, at=NOON + timedelta(days=1)) == 1  # the other's day has come
    assert desk(NOON) == ["设置依据即将失效"] and desk(NOON, by=cast.OTHER_OFFICER) == []

    assert not queries.why_not_order("NM-SB-001", on=until)
    services.withdraw_lapsed(by=SYSTEM, at=NOON + timedelta(days=3))
    assert queries.why_not_order("NM-SB-001", on=day_in_china(late))
    assert [row.item.code for row in queries.directory(on=day_in_china(late))] == ["NM-FH-001"]
    assert desk(late) == ["公布有依据的新一版", "设置依据即将失效"]
    assert [services.withdraw_lapsed(by=SYSTEM, at=late) for _ in range(2)] == [1, 0]
    kind, fact = facts()[-1]
    assert (kind, fact["code"], fact["why"]) == ("catalogue.item-withdrawn", "NM-SB-001", "lapsed")
    assert told("事项因依据失效退出目录") == [cast.BUYER] and len(desk(late)) == 2
    publish(at=late, day=day_in_china(late))  # with a basis that lasts it may come back
    assert desk(late) == ["设置依据即将失效"] and not queries.ending(on=TODAY + timedelta(130), within=REMIND_BEFORE)
    assert not queries.why_not_order("NM-SB-001", on=day_in_china(late))


def test_a_department_takes_an_item_out_with_a_reason_and_a_bundle_needs_its_parts():
    for code in ("NM-HP-001", "NM-SB-001", "NM-JN-001"):
        publish(code)
    with pytest.raises(Refused, match="catalogue.part"):
        publish("NM-DP-001")
    publish("NM-DZ-001")
    bundle = publish("NM-DP-001")

    assert queries.bundles_with("NM-HP-001", on=TODAY) == [bundle]
    content = bundle.content  # its requirements are its parts', none of them typed
    assert [row["law"] for row in content["basis"]] == ["环境影响评价法"] * 2 + [
        "水土保持法",
        "节约能源法",
        "地质灾害防治条例",
    ]
    assert [row["kind"] for row in content["qualifications"]] == ["地质灾害危险性评估资质"]
    assert content["staff"] == ITEMS["NM-HP-001"]["staff"] and content["limit"] == ITEMS["NM-HP-001"]["limit"]
    assert len({row["name"] for row in content["materials"]}) == len(content["materials"]) > 3
    with pytest.raises(Refused, match="catalogue.no-reason"):
        services.withdraw_item(code="NM-HP-001", reason=" ", by=cast.OFFICER, at=NOON)
    services.withdraw_item(code="NM-HP-001", reason="已取消。", by=cast.OFFICER, at=NOON)
    with pytest.raises(Refused, match="catalogue.not-offered"):
        services.withdraw_item(code="NM-HP-001", reason="已取消。", by=cast.OFFICER, at=NOON)
    for code in ("NM-HP-001", "NM-DP-001"):  # the bundle follows
        assert [reason.code for reason in queries.why_not_order(code, on=TODAY)] == ["catalogue.not-in-force"]
    (_, part), (_, whole) = facts()[-2:]
    assert (part["code"], whole["code"], whole["version"]) == ("NM-HP-001", "NM-DP-001", 1)
    assert "所含事项" in whole["reason"] and "已退出目录" in whole["reason"]
    assert Message.objects.filter(to_organisation=cast.BUYER, body__contains="本事项随之退出").count() == 1


def test_a_bundle_waits_for_its_next_version_once_a_part_asks_for_something_else():
    until = TODAY + timedelta(20)
    for code in ("NM-SB-001", "NM-JN-001", "NM-DZ-001"):
        publish(code)
    ends = [{"law": "环境影响评价法", "article": "第16条", "until": until.isoformat()}]
    publish("NM-HP-001", basis=ends)
    first = publish("NM-DP-001")
    assert first.basis_until == until
    publish("NM-SB-001", day=TODAY + timedelta(1), complaint="12345")  # nothing the bundle takes
    later = TODAY + timedelta(5)
    publish("NM-SB-001", day=later, limit="60 日")

    assert not queries.why_not_order("NM-DP-001", on=later - timedelta(1))
    (why,) = queries.why_not_order("NM-DP-001", on=later)
    assert (why.code, why.values["n"]) == ("catalogue.outdated", 3) and "第90条" in str(why.law)
    assert desk(NOON + timedelta(days=5)) == ["更新多评合一事项"] + ["设置依据即将失效"] * 2
    marks = [told for kind, told in facts() if kind == "catalogue.bundle-outdated"]
    assert [(told["part"], told["since"], told["differs"]) for told in marks] == [
        ("NM-SB-001", later.isoformat(), ["limit"])
    ]
    again = publish("NM-DP-001", day=TODAY + timedelta(2))  # before that day: still outgrown on it
    assert queries.outdated(again, on=later) and not queries.outdated(again, on=later - timedelta(1))
    last = publish("NM-DP-001", day=later)
    assert [row.bundle for row in queries.waiting(on=later, department=cast.BUYER)] == []
    assert not queries.why_not_order("NM-DP-001", on=later) and last.content["limit"] == "60 日"

    gone = until + timedelta(1)  # by its date, before any tick
    assert [reason.code for reason in queries.why_not_order("NM-DP-001", on=gone)] == ["catalogue.lapsed"]
    assert services.withdraw_lapsed(by=SYSTEM, at=NOON + timedelta(21)) == 2
    assert {told["code"]: told["reason"] for kind, told in facts()[-2:]} == {
        "NM-HP-001": "设置依据已失效", "NM-DP-001": f"所含事项“{ITEMS['NM-HP-001']['name']}”的设置依据已失效",
    }  # fmt: skip


def test_no_bundle_within_a_bundle_and_none_with_an_open_choice_of_qualifications():
    part = ITEMS["NM-DZ-001"]
    two = [*part["qualifications"], {"kind": "地质勘查资质", "grade": ""}]
    assert bundling.fit(part) and bundling.fit(part | {"qualifications": two, "qualification_mode": "all"})
    assert not bundling.fit(part | {"qualifications": two}) and not bundling.fit(part | {"parts": ["X", "Y"]})
    assert not bundling.fit(part | {"bundleable": False})
    with_staff = [{"staff": [{"kind": "工程师", "count": n}]} for n in (2, 3)]
    assert bundling.taken(with_staff)["staff"] == [{"kind": "工程师", "count": 3}]


GUIDED = {"fee_type": "guided", "price_max": "12.00", "price_min": "8.00", "price_unit": "平方米",
          "fee_basis": "某发改价〔2026〕1号"}  # fmt: skip


def test_the_governments_price_has_its_figures_and_no_offer_is_outside_it():
    for missing, code in (("price_max", "no-tariff"), ("price_unit", "no-tariff"), ("fee_basis", "no-price-document")):
        with pytest.raises(Refused, match=f"catalogue.{code}"):
            publish(**GUIDED | {missing: ""})
    with pytest.raises(Refused, match="catalogue.tariff-range"):
        publish(**GUIDED | {"price_min": "13"})
    row = publish(**GUIDED)
    says = "8.00 至 12.00 元/平方米（某发改价〔2026〕1号）"
    assert any(says in lines for _, lines in pages.sheet(row, address="https://x.cn/", on=TODAY)["rows"])
    assert says in accounts.client_of(cast.STRANGER).get("/catalogue/NM-SB-001/").content.decode()

    providers.entered()
    offer = {"item": "NM-SB-001", "by": cast.PROVIDER, "at": NOON}
    for price, unit, code in (("12.01", "平方米", "above"), ("7.99", "平方米", "below"), ("12", "份", None)):
        with pytest.raises(Refused) as told:
            offers.offer_service(**offer, price=Decimal(price), unit=unit)
        (reason,) = told.value.reasons
        assert reason.code == (f"catalogue.{code}-tariff" if code else "catalogue.tariff-unit")
        assert str(reason.law) == "价格法 第12条"
    assert offers.offer_service(**offer, price=Decimal("12"), unit="平方米").price == 12
    publish("NM-FH-001", **GUIDED | {"fee_type": "market"})  # what the market prices has no bounds
    assert offers.offer_service(**offer | {"item": "NM-FH-001"}, price=Decimal(99), unit="份").price == 99


def test_everybody_reads_the_directory_and_a_draft_is_its_departments_alone():
    now = clock.now()
    publish(at=now, day=day_in_china(now))
    publish("NM-HP-001", by=cast.OTHER_OFFICER, at=now, day=day_in_china(now))
    services.draft_item(code="NM-X-001", content={"name": "未公布事项"}, by=cast.OFFICER, at=NOON)
    public, officer, other = (accounts.client_of(who) for who in (cast.STRANGER, cast.OFFICER, cast.OTHER_OFFICER))

    def found(**asked):
        return [row.item.code for row, *_ in public.get("/catalogue/", asked).context["rows"]]

    assert found() == ["NM-HP-001", "NM-SB-001"]
    assert found(q="水土 方案") == found(department=cast.BUYER) == ["NM-SB-001"]
    assert found(q="HP-001") == ["NM-HP-001"] and found(type="testing") == [] and len(found(region="内蒙古自治区")) == 2
    content = ITEMS["NM-HP-001"]
    for words in (content["name_mn"].split()[1], content["approval_code"], "环境影响评价文件审批"):
        assert found(q=words) == ["NM-HP-001"]  # its other language, its approval item
    assert found(q="张三") == found(q="申报") == []  # what else it says is no name of it
    listed = public.get("/catalogue/").content.decode()
    assert f'lang="mn-Mong">{content["name_mn"]}' in listed
    page = public.get("/catalogue/NM-HP-001/").content.decode()
    assert f"/catalogue/approvals/?q={content['approval_code']}" in page
    (approval,) = public.get("/catalogue/approvals/", {"q": content["approval_code"]}).context["rows"]
    assert (approval.name, [(row.item.code, must) for row, must in approval.rows]) == (
        content["approval_name"], [("NM-HP-001", True)],
    )  # fmt: skip
    assert len(public.get("/catalogue/approvals/").context["rows"]) == 2
    assert '<p class="mongol" lang="mn-Mong">ᠣᠷᠴᠢᠨ' in page and "《环境影响评价法》第16条" in page
    sheet = public.get("/catalogue/NM-HP-001/sheet/").content.decode()
    assert "除以上所列外，不再要求其他条件和材料" in sheet and "<svg" in sheet
    data = public.get("/catalogue/NM-HP-001/item.json")
    row = ItemVersion.objects.get(item__code="NM-HP-001")
    assert (
        data.content == row.text.encode()
        and json.loads(public.get("/catalogue.json").content)["items"][0]["text_sha256"] == row.sha256
    )
    assert public.get("/catalogue/NM-X-001/").status_code == other.get("/catalogue/desk/NM-X-001/").status_code == 404
    assert public.get("/catalogue/NM-X-001/sheet.pdf").status_code == 404
    assert officer.get("/catalogue/desk/NM-X-001/").status_code == 200


def test_the_sheet_on_paper_is_the_same_each_time_and_says_what_the_page_says():
    row = publish()
    asked = [accounts.client_of(cast.STRANGER).get("/catalogue/NM-SB-001/sheet.pdf").content for _ in range(2)]

    assert asked[0] == asked[1] and asked[0].startswith(b"%PDF")
    told = pages.sheet(row, address="https://example.cn/catalogue/NM-SB-001/", on=TODAY)
    assert ("设置依据", ["《水土保持法》第25条"]) in told["rows"] and told["sha256"] == row.sha256
    assert "<svg" in told["code"] and told["title"] == "生产建设项目水土保持方案编制"

    def on_paper(**other):
        made = publish("NM-HP-001", day=TODAY + timedelta(ItemVersion.objects.count()), **other)
        values = pages.sheet(made, address="https://example.cn/", on=TODAY)
        typesetting.pdf("market/catalogue/sheet.typ", values, at=NOON)  # PDF/A: no sign without its glyph
        return dict(values["rows"])

    traditional = ITEMS["NM-HP-001"]["name_mn"]
    assert "蒙古文名称" not in on_paper() and on_paper(name_mn="Үнэлгээ")["蒙古文名称"] == ["Үнэлгээ"]
    assert on_paper(remarks=f"一\n{traditional}")["备注"] == ["一", "（见网页）"]


def test_an_officer_drafts_on_the_page_sees_what_is_missing_and_publishes():
    accounts.organisation(cast.BUYER)
    client = accounts.client_of(cast.OFFICER)
    assert client.post("/catalogue/desk/", {"code": "NM-T-001"}).url == "/catalogue/desk/NM-T-001/"
    content = ITEMS["NM-SB-001"]
    typed = {
        **{field: value for field, value in content.items() if isinstance(value, str)},
        "basis": "水土保持法｜第25条\n某办法 | 第2条 | 2027-12-31", "materials": "立项文件｜复印件｜1份\n其他材料",
        "process": "选取机构\n交付报告", "qualifications": "", "staff": "", "parts": "", "bundleable": "on",
    }  # fmt: skip
    assert client.post("/catalogue/desk/NM-T-001/", typed | {"basis": "水土保持法"}).status_code == 422
    assert client.post("/catalogue/desk/NM-T-001/", typed).status_code == 302

    page = client.get("/catalogue/desk/NM-T-001/")
    assert ("申报材料", "“其他”是兜底说法，申请人不知道要准备什么；请列明，或者删去") in page.context["warned"]
    assert "立项文件 ｜ 复印件 ｜ 1份\n其他材料" in page.content.decode()
    draft = ServiceItem.objects.get(code="NM-T-001").draft
    assert draft["basis"][1] == {"law": "某办法", "article": "第2条", "until": "2027-12-31"}
    done = client.post("/catalogue/desk/NM-T-001/publish", {"effective_from": "2099-01-01"})
    assert done.url == "/catalogue/NM-T-001/?version=1"
    assert client.get(done.url).status_code == 200
