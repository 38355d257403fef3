"""The directory, from the first draft to the end of a legal basis."""

import json
from datetime import timedelta

import pytest

from ledger.models import Entry
from market.catalogue import brought, pages, queries, services
from market.catalogue.models import ItemVersion, ServiceItem
from proofs import canonical
from rulebook import clock
from rulebook.actor import SYSTEM
from rulebook.calendar import day_in_china
from rulebook.refusal import Refused
from tests import cast
from tests.cast import NOON
from tests.make import accounts

pytestmark = pytest.mark.django_db
TODAY = day_in_china(NOON)
ITEMS = {each.code: each.content for each in brought.items()}


def publish(code="NM-SB-001", *, by=cast.OFFICER, at=NOON, day=TODAY, **other):
    accounts.organisation(by.organisation)
    services.draft_item(code=code, content=ITEMS[code] | other, by=by, at=at)
    return services.publish_item(code=code, effective_from=day, by=by, at=at)


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
    publish(basis=[{"law": "某试行办法", "article": "第3条", "until": until.isoformat()}])
    publish("NM-FH-001")
    late = NOON + timedelta(days=4)

    assert not queries.why_not_order("NM-SB-001", on=until)
    services.withdraw_lapsed(by=SYSTEM, at=NOON + timedelta(days=3))
    assert queries.why_not_order("NM-SB-001", on=day_in_china(late))
    assert [row.item.code for row in queries.directory(on=day_in_china(late))] == ["NM-FH-001"]
    assert [services.withdraw_lapsed(by=SYSTEM, at=late) for _ in range(2)] == [1, 0]
    kind, told = facts()[-1]
    assert (kind, told["code"], told["why"]) == ("catalogue.item-withdrawn", "NM-SB-001", "lapsed")
    publish(at=late, day=day_in_china(late))  # with a basis that lasts it may come back
    assert not queries.why_not_order("NM-SB-001", on=day_in_china(late))


def test_a_department_takes_an_item_out_with_a_reason_and_a_bundle_needs_its_parts():
    for code in ("NM-HP-001", "NM-SB-001", "NM-JN-001"):
        publish(code)
    with pytest.raises(Refused, match="catalogue.part"):
        publish("NM-DP-001")
    publish("NM-DZ-001")
    bundle = publish("NM-DP-001")

    assert queries.bundles_with("NM-HP-001", on=TODAY) == [bundle]
    with pytest.raises(Refused, match="catalogue.no-reason"):
        services.withdraw_item(code="NM-HP-001", reason=" ", by=cast.OFFICER, at=NOON)
    services.withdraw_item(code="NM-HP-001", reason="已取消。", by=cast.OFFICER, at=NOON)
    with pytest.raises(Refused, match="catalogue.not-offered"):
        services.withdraw_item(code="NM-HP-001", reason="已取消。", by=cast.OFFICER, at=NOON)
    assert [reason.code for reason in queries.why_not_order("NM-HP-001", on=TODAY)] == ["catalogue.not-in-force"]


def test_everybody_reads_the_directory_and_a_draft_is_its_departments_alone():
    now = clock.now()
    publish(at=now, day=day_in_china(now))
    publish("NM-HP-001", by=cast.OTHER_OFFICER, at=now, day=day_in_china(now))
    services.draft_item(code="NM-X-001", content={"name": "未公布事项"}, by=cast.OFFICER, at=NOON)
    public, officer, other = (accounts.client_of(who) for who in (cast.STRANGER, cast.OFFICER, cast.OTHER_OFFICER))

    def found(**asked):
        return [row.item.code for row, _ in public.get("/catalogue/", asked).context["rows"]]

    assert found() == ["NM-HP-001", "NM-SB-001"]
    assert found(q="水土 方案") == found(department=cast.BUYER) == ["NM-SB-001"]
    assert found(q="HP-001") == ["NM-HP-001"] and found(type="testing") == [] and len(found(region="内蒙古自治区")) == 2
    page = public.get("/catalogue/NM-HP-001/").content.decode()
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
