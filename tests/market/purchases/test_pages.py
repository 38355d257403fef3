"""The pages of a purchase: the wizard without a script, three screens on a phone, what a stranger may see."""

from decimal import Decimal

import pytest
from django.urls import reverse

from accounts.models import Organisation, User
from market.awards.tasks import deem_determined
from market.projects.rules import Stage
from market.purchases import queries, services
from market.purchases.models import Purchase, SplitAlert
from market.selection import direct
from portal.reimbursement.queries import papers
from rulebook import clock
from rulebook.actor import SYSTEM
from tests import cast
from tests.cast import NOON
from tests.make import accounts, notifier, purchases

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]
client_of = accounts.client_of


@pytest.fixture(autouse=True)
def noon(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOON)


def test_an_office_goes_through_five_steps_previews_and_publishes():
    purchases.item()
    accounts.user(cast.APPROVER)
    desk = client_of(cast.OFFICER)
    page = desk.post("/purchases/new/", {"item": purchases.ITEM})
    row = Purchase.objects.get()
    number, base = row.project.number, f"/purchases/{row.project.number}/edit/"
    assert desk.get(page.url).url == base + "what/"
    assert row.need["qualifications"] == [{"kind": "测绘资质", "grade": "乙级"}]
    bare = desk.get(base + "preview/").content.decode()
    assert "请写明项目名称和服务内容" in bare and "请写明金额" in bare and "请写明联系人" in bare  # all at once

    told = {
        "item": purchases.ITEM,
        "title": "业务用房竣工测绘",
        "demand": "须在呼伦贝尔市注册\n一栋",
        "region": "右旗",
        "days": 9,
    }
    assert desk.post(base + "what/", told).url == base + "conditions/"
    seen = desk.get(base + "conditions/").content.decode()
    assert "公平竞争审查条例" in seen and "须在呼伦贝尔市注册" in seen
    desk.post(base + "what/", told | {"demand": "一栋，1200 平方米，出具测绘报告。"})
    assert "短于事项目录公布的办理时限15日" in desk.get(base + "what/").content.decode()
    said = {"qualifications": "测绘资质｜乙级", "staff": "注册测绘师｜1", "other": "",
            "excluded": f"{cast.YINSHAN}｜阴山环境科技有限公司｜负责人为本单位亲属"}  # fmt: skip
    assert desk.post(base + "conditions/", said).url == base + "money/"
    assert desk.post(base + "money/", {"fund": "fiscal", "price_cap": "60000"}).url == base + "method/"
    seen = desk.get(base + "method/").content.decode()
    assert "超过该方式的限额 50,000.00 元" in seen and 'value="direct" disabled' in " ".join(seen.split())
    way = {"method": "random", "formula": "lowest"}
    assert desk.post(base + "method/", way).url == base + "time/"
    times = {"publish_at": "2026-11-24T12:00:00",
             "closes_at": "2026-11-25T09:00:00", "selects_at": "2026-11-25T09:00:00",
             "contact_name": "王经办", "contact_phone": "0478-8200000", "address": "胜利路 1 号"}  # fmt: skip
    desk.post(base + "time/", times)
    assert "不得少于3个工作日" in desk.get(base + "time/").content.decode()
    later = {"closes_at": "2026-11-27T17:00:00", "selects_at": "2026-11-30T09:30:00"}
    assert desk.post(base + "time/", times | later).url == base + "preview/"
    seen = desk.get(base + "preview/").content.decode()
    assert "负责人为本单位亲属" in seen and "随机抽取" in seen

    assert client_of(cast.STRANGER).get(f"/purchases/{number}/").status_code == 404
    assert client_of(cast.OTHER_OFFICER).get(base).status_code == 404
    assert client_of(cast.PROVIDER).post(f"/purchases/{number}/submit").status_code == 404
    desk.post(f"/purchases/{number}/submit")
    assert client_of(cast.APPROVER).get(base).url == base + "preview/"
    assert desk.post(f"/purchases/{number}/approve").status_code == 403
    for other in ({}, {"seen": "2026-11-24T03:59:59.000000Z"}):  # of nothing, or as it was handed in before
        told = client_of(cast.APPROVER).post(f"/purchases/{number}/approve", other)
        assert told.status_code == 409 and "读过的内容已被修改" in told.content.decode()
        back = client_of(cast.APPROVER).post(f"/purchases/{number}/return", {"comment": "请改"} | other)
        assert back.status_code == 409 and "读过的内容已被修改" in back.content.decode()
    read = accounts.seen_on(client_of(cast.APPROVER).get(base + "preview/"), "/approve")
    assert client_of(cast.APPROVER).post(f"/purchases/{number}/approve", read).status_code == 302
    seen = client_of(cast.STRANGER).get(f"/purchases/{number}/")
    assert seen.status_code == 200
    assert "距报名截止" in seen.content.decode() and "负责人为本单位亲属" in seen.content.decode()
    for path in (f"/projects/{number}/notice/print/", f"/projects/{number}/notice.json", f"/projects/{number}/log/"):
        assert client_of(cast.STRANGER).get(path).status_code == 200
    assert client_of(cast.STRANGER).get(f"/projects/{number}/").url == f"/purchases/{number}/"


def test_a_citizen_signs_up_and_buys_in_three_screens_without_a_key():
    purchases.item()
    phone = client_of(cast.STRANGER)
    bad = phone.post("/accounts/sign-up/", {"name": "张秀英", "phone": "123", "password": "short"})
    assert bad.status_code == 422 and "11位手机号码" in bad.content.decode()
    words = {"name": "张秀英", "phone": "13904700001", "password": "xiang-ban-yi-jian-shi"}
    asked = phone.post("/accounts/sign-up/", words).url
    assert phone.post(asked, {"code": notifier.code_for("13904700001")}).url == "/purchases/new/"
    assert Organisation.objects.get(kind="citizen").name == "张*"
    started = phone.post("/purchases/new/", {"item": purchases.ITEM})
    number = Purchase.objects.get().project.number
    base = f"/purchases/{number}/edit/"
    assert phone.get(started.url).url == base + "need/"
    for screen in ("need", "where"):
        seen = phone.get(base + screen + "/").content.decode()
        assert "密钥" not in seen.partition("<main")[2].partition("</main")[0] and 'name="fund"' not in seen
    assert phone.get(base + "money/").url == base + "need/"  # the long wizard is not there for her
    phone.post(base + "need/", {"item": purchases.ITEM, "demand": "自建房一处，约 120 平方米，办不动产登记用。"})
    where = {"region": "新巴尔虎右旗克尔伦苏木", "days": "20", "price_cap": "3000", "method": "random"}
    assert phone.post(base + "where/", where).url == base + "preview/"
    assert "没有不符合规则的地方" in phone.get(base + "preview/").content.decode()
    phone.post(f"/purchases/{number}/submit")

    row = queries.purchase(number)
    assert (row.project.stage, row.price_known, row.fund, row.least) == (Stage.OPEN, True, "own", 1)
    public = client_of(cast.STRANGER).get(f"/purchases/{number}/").content.decode()
    assert "张*" in public and "139****0001" in public
    assert "张秀英" not in public and "13904700001" not in public


def test_a_citizen_keeps_no_catalogue_and_begins_no_tender():
    phone = client_of(cast.STRANGER)
    phone.force_login(User.objects.get(public_id=purchases.citizen().person))
    assert phone.get("/catalogue/desk/").status_code == 404
    assert phone.get("/projects/new/").status_code == 403
    desk = phone.get("/desk/").content.decode()
    assert "采购中介服务" in desk and "/projects/new/" not in desk and "/keys/" not in desk


def test_a_provider_is_picked_on_a_page_that_says_who_may_not():
    purchases.able()
    number = purchases.published().project.number
    assert client_of(cast.OTHER_OFFICER).get(f"/purchases/{number}/choose/").status_code == 404
    desk = client_of(cast.OFFICER)
    assert desk.get(f"/purchases/{number}/choose/?org={cast.HETAO}").status_code == 200
    said = {"org": cast.HETAO, "amount": "17000", "reason": "近且便宜，三家里最低。"}
    assert desk.post(f"/purchases/{number}/choose/", said).url == f"/purchases/{number}/"
    assert queries.purchase(number).project.stage == Stage.PROPOSED
    for path in (f"/purchases/{number}/", f"/projects/{number}/award/"):
        assert desk.get(path).status_code == 200
        assert client_of(cast.STRANGER).get(path).status_code == 200


def test_an_alert_is_the_supervisions_and_the_buyers_and_nobody_elses():
    for _ in range(2):
        purchases.published(price_cap=Decimal(24_000))
    number = purchases.draft(price_cap=Decimal(15_000)).project.number
    desk = client_of(cast.OFFICER)
    assert desk.post(f"/purchases/{number}/submit").status_code == 422
    (alert,) = SplitAlert.objects.all()
    here = reverse("market:split_alert", args=[alert.public_id])
    assert here in client_of(cast.SUPERVISOR).get("/desk/").content.decode()
    assert here in client_of(cast.SUPERVISOR).get("/purchases/alerts/").content.decode()
    assert "等待监督人员接办" in desk.get(here).content.decode()
    for who in (cast.OTHER_OFFICER, cast.PROVIDER):
        assert client_of(who).get(here).status_code == 404
        assert here not in client_of(who).get("/purchases/alerts/").content.decode()
    watch = client_of(cast.SUPERVISOR)
    watch.post(here + "take")
    watch.post(here, {"finding": "split", "text": "三次均为同一栋楼。"})
    assert "属于拆分采购" in desk.get(here).content.decode()
    assert here not in watch.get("/desk/").content.decode()


def test_the_winner_alone_learns_who_the_citizen_is_and_the_buyer_prints_its_papers():
    purchases.able()
    who = purchases.citizen()
    row = purchases.published(who, fund="own", fund_share=Decimal(0), price_cap=Decimal(3_000),
                              contact_name="张*", contact_phone="139****0001")  # fmt: skip
    number = row.project.number
    direct.pick(number=number, org=cast.HETAO, amount=Decimal(2_800), reason="离得近，价格最低。", by=who, at=NOON)
    ended = NOON + 12 * cast.DAY
    deem_determined(by=SYSTEM, at=ended)
    here = f"/projects/{number}/award/"
    won = client_of(cast.PROVIDER).get(here).content.decode()
    assert "张秀英" in won and "13904700001" in won
    accounts.user(cast.RIVAL)
    for other in (cast.STRANGER, cast.RIVAL, cast.OFFICER, cast.SUPERVISOR):
        seen = client_of(other).get(here).content.decode()
        assert "张秀英" not in seen and "13904700001" not in seen
        assert client_of(other).get(f"/purchases/{number}/papers.pdf").status_code in (302, 404)
    phone = client_of(cast.STRANGER)
    phone.force_login(User.objects.get(public_id=who.person))
    paper = phone.get(f"/purchases/{number}/papers.pdf")
    assert paper.status_code == 200 and paper.content.startswith(b"%PDF")
    told = papers(row.project, check="https://x/")
    assert [each["title"].partition("（")[0] for each in told["sections"]] == [
        "采购公告", "中选候选机构公示", "中选公告", "中选通知",
    ]  # fmt: skip
    assert ("金额", "人民币 2,800.00 元（大写：贰仟捌佰元整）") in told["sections"][-1]["rows"]


def test_purchases_are_listed_among_the_notices_and_on_the_front_page():
    number = purchases.published(edition="zjcs-random", price_known=True).project.number
    anybody = client_of(cast.STRANGER)
    assert f"/purchases/{number}/" in anybody.get("/notices/?place=services").content.decode()
    assert number not in anybody.get("/notices/?place=tenders").content.decode()
    assert f"/purchases/{number}/" in anybody.get("/").content.decode()


def test_a_published_purchase_is_cancelled_on_grounds_and_its_item_leads_to_a_purchase():
    number = purchases.published(edition="zjcs-random", price_known=True).project.number
    here = f"/projects/{number}/end/cancelled/"
    assert client_of(cast.OTHER_OFFICER).get(here).status_code == 404
    said = {"ground": "change", "facts": "项目调整，不再需要。"}
    assert client_of(cast.OFFICER).post(here, said).status_code == 302
    assert queries.purchase(number).project.stage == Stage.CANCELLED
    assert "项目调整，不再需要" in client_of(cast.STRANGER).get(f"/projects/{number}/notices/2/").content.decode()
    begins = f"/purchases/new/?item={purchases.ITEM}"
    assert begins in client_of(cast.OFFICER).get(f"/catalogue/{purchases.ITEM}/").content.decode()
    assert begins not in client_of(cast.STRANGER).get(f"/catalogue/{purchases.ITEM}/").content.decode()
    assert "selected" in client_of(cast.OFFICER).get(begins).content.decode()


def test_what_failed_is_begun_again_from_its_page():
    row = purchases.published(edition="zjcs-random", price_known=True)
    row.project.advance(Stage.FAILED, at=NOON)
    here = f"/purchases/{row.project.number}/"
    desk = client_of(cast.OFFICER)
    assert "重新采购" in desk.get(here).content.decode()
    assert "重新采购" not in client_of(cast.STRANGER).get(here).content.decode()
    assert desk.post(here + "again").status_code == 302
    assert services.queries.begun_again(row.project)
    assert here + "again" not in desk.get(here).content.decode()
