"""A purchase from its draft to its notice: who may do what, when, and everything that is refused."""

import json
from datetime import timedelta
from decimal import Decimal

import pytest

from accounts.models import Message, Organisation
from ledger import queries as ledger
from ledger.models import Entry
from market.catalogue import services as catalogue
from market.notices.models import Notice
from market.projects import queries as projects
from market.projects import services as project_services
from market.projects.rules import Stage
from market.purchases import queries, services, tasks
from market.purchases.models import Purchase, SplitAlert
from proofs import canonical
from rulebook.actor import SYSTEM
from rulebook.refusal import Refused
from tests import cast
from tests.cast import DAY, NOON
from tests.make import accounts, purchases

pytestmark = [pytest.mark.embedded, pytest.mark.django_db]


def refused(act, /, **words):
    with pytest.raises(Refused) as told:
        act(**words)
    return [reason.code for reason in told.value.reasons]


def kinds(number):
    return list(Entry.objects.filter(stream=f"project/{number}").order_by("seq").values_list("kind", flat=True))


@pytest.mark.both
def test_two_persons_of_an_office_publish_a_purchase_with_its_terms_pinned():
    row = purchases.draft()
    number = row.project.number

    assert refused(services.submit, number=number, by=cast.OTHER_OFFICER, at=NOON) == ["project.not-officer"]
    services.submit(number=number, by=cast.OFFICER, at=NOON)
    assert projects.visible_to(cast.STRANGER).count() == 0
    assert refused(services.edit, number=number, facts={"days": 9}, by=cast.OFFICER, at=NOON) == ["project.in-approval"]
    assert refused(services.approve, number=number, by=cast.OFFICER, at=NOON) == ["approval.own-draft"]
    assert refused(services.approve, number=number, by=cast.SUPERVISOR, at=NOON) == ["project.not-officer"]
    assert refused(services.publish, number=number, by=SYSTEM, at=NOON) == ["publish.not-due"]
    services.approve(number=number, by=cast.APPROVER, at=NOON)
    assert refused(services.approve, number=number, by=cast.APPROVER, at=NOON) == ["approval.not-submitted"]

    row = queries.purchase(number)
    assert row.project.stage == Stage.OPEN
    assert row.terms["item"] == {"code": purchases.ITEM, "version": 1, "sha256": row.item_sha256}
    assert canonical.sha256(canonical.dumps(row.terms)).hex() == row.terms_sha256 == row.project.terms_sha256
    assert kinds(number) == ["market.notice-published", "market.purchase-terms"]
    told = Notice.objects.get(project=row.project).content
    assert (told["service"]["code"], told["price_cap"], told["fund"]) == (purchases.ITEM, "18000.00", "fiscal")
    assert refused(services.edit, number=number, facts={"days": 9}, by=cast.OFFICER, at=NOON) == ["project.published"]


def test_everything_wrong_is_said_at_once_each_with_its_article():
    bad = {
        "title": "", "demand": "须在呼伦贝尔市注册", "days": 0, "price_cap": Decimal(0), "fund": "own", "address": "",
        "excluded": [{"org": cast.HETAO, "name": "河套仪器", "reason": ""}], "edition": "zjcs-random",
        "closes_at": NOON + timedelta(days=1), "selects_at": NOON + timedelta(days=1),
    }  # fmt: skip
    number = purchases.draft(**bad).project.number
    told = refused(services.submit, number=number, by=cast.OFFICER, at=NOON)
    assert told == [
        "purchase.no-words", "purchase.no-days", "purchase.no-exclusion-reason", "purchase.no-cap",
        "purchase.pays-itself", "timetable.preparation", "purchase.no-contact",
    ]  # fmt: skip
    services.edit(number=number, facts={"fund": "fiscal", "demand": "须在呼伦贝尔市注册"}, by=cast.OFFICER, at=NOON)
    with pytest.raises(Refused) as wrong:
        services.submit(number=number, by=cast.OFFICER, at=NOON)
    laws = {reason.code: str(reason.law) for reason in wrong.value.reasons if reason.law}
    assert laws["conditions.local"] == "公平竞争审查条例 第9条"


def test_an_item_out_of_the_directory_cannot_be_bought_and_one_the_authority_pays_is_no_citizens():
    accounts.user(cast.OFFICER)
    with pytest.raises(Refused, match="purchase.no-such-item"):
        services.draft(facts={"item": "NM-XX-009"}, by=cast.OFFICER, at=NOON)
    who = purchases.citizen()
    row = purchases.draft(who, item="NM-ZJ-001", edition="zjcs-random", fund="own", fund_share=0)
    assert refused(services.submit, number=row.project.number, by=who, at=NOON) == ["purchase.authority-pays"]


def test_no_purchase_is_published_above_the_governments_price_and_one_under_way_keeps_its_version():
    by = purchases.enterprise()
    ends = {"law": "某试行办法", "article": "第3条", "until": (NOON + 30 * DAY).date().isoformat()}
    purchases.item(
        basis=[ends], fee_type="guided", price_max="15.00", price_unit="平方米", fee_basis="某发改价〔2026〕1号"
    )
    later = NOON + 40 * DAY
    row = purchases.draft(by, fund="own", fund_share=0)
    number = row.project.number
    page = accounts.client_of(by).get(f"/purchases/{number}/edit/what/").content.decode()
    assert "数量（平方米）" in page and "最高 15.00 元/平方米" in page

    assert refused(services.submit, number=number, by=by, at=NOON) == ["purchase.no-quantity"]
    services.edit(number=number, facts={"quantity": Decimal("1199.99")}, by=by, at=NOON)
    assert refused(services.submit, number=number, by=by, at=NOON) == ["catalogue.above-tariff"]
    services.edit(number=number, facts={"quantity": Decimal(1200)}, by=by, at=NOON)  # 18000 yuan at most
    services.submit(number=number, by=by, at=NOON)
    told = Notice.objects.get(project__number=number).content
    assert (told["tariff"], told["quantity"]) == ("最高 15.00 元/平方米（某发改价〔2026〕1号）", "1200")
    catalogue.withdraw_lapsed(by=SYSTEM, at=later)
    row = queries.purchase(number)  # under way, it keeps the version it was published under
    assert (queries.item_of(row, at=later).number, row.project.stage) == (1, Stage.OPEN)


@pytest.mark.both
def test_one_person_publishes_for_an_enterprise_and_a_citizen_and_a_citizens_name_is_masked():
    for who in (purchases.enterprise(), purchases.citizen()):
        row = purchases.published(who, edition="zjcs-random", fund="own", fund_share=Decimal(0), price_known=True)
        assert (row.project.stage, row.project.approved_by) == (Stage.OPEN, "")
    assert Organisation.objects.get(code=row.project.buyer_id).name == "张*"
    assert "张秀英" not in Notice.objects.get(project=row.project).text
    assert "13904700001" not in json.dumps([json.loads(each.event) for each in Entry.objects.all()])


def test_only_buyers_buy_and_a_citizen_begins_no_tender():
    purchases.item()
    for who in (cast.PROVIDER, cast.SUPERVISOR, cast.STRANGER):
        if who.organisation:
            accounts.organisation(who.organisation)
        assert refused(services.draft, facts=purchases.FACTS, by=who, at=NOON) == ["purchase.no-buyer"]
    facts = dict.fromkeys(project_services.FACTS, "") | {"edition": "87-2017"}
    assert refused(project_services.draft, facts=facts, by=purchases.citizen(), at=NOON) == ["project.not-this-buyer"]


@pytest.mark.both
def test_a_purchase_waits_for_its_minute_and_goes_back_when_its_item_has_ended_meanwhile():
    later = purchases.published(publish_at=NOON + DAY, edition="zjcs-random", closes_at=NOON + 9 * DAY,
                                selects_at=NOON + 9 * DAY)  # fmt: skip
    number = later.project.number
    assert later.project.stage == Stage.DRAFT
    tasks.publish_due(by=SYSTEM, at=NOON)
    assert queries.purchase(number).project.stage == Stage.DRAFT
    tasks.publish_due(by=SYSTEM, at=NOON + DAY)
    tasks.publish_due(by=SYSTEM, at=NOON + DAY)
    assert queries.purchase(number).project.stage == Stage.OPEN
    assert Notice.objects.filter(project__number=number).count() == 1

    other = purchases.published(publish_at=NOON + DAY, edition="zjcs-random", closes_at=NOON + 9 * DAY,
                                selects_at=NOON + 9 * DAY)  # fmt: skip
    from market.catalogue.services import withdraw_item

    withdraw_item(code=purchases.ITEM, reason="不再要求", by=cast.OTHER_OFFICER, at=NOON)
    tasks.publish_due(by=SYSTEM, at=NOON + DAY)
    back = queries.purchase(other.project.number).project
    assert (back.stage, back.submitted_at) == (Stage.DRAFT, None)
    assert "没有生效的版本" in back.returned_comment


def test_what_takes_sealed_offers_waits_for_its_key_holders():
    row = purchases.published(edition="zjcs-price", formula={"key": "lowest", "params": {}},
                              closes_at=NOON + 9 * DAY, selects_at=NOON + 9 * DAY)  # fmt: skip
    tasks.publish_due(by=SYSTEM, at=NOON)
    assert (row.project.stage, row.project.scheduled_at) == (Stage.DRAFT, NOON)
    services.publish(number=row.project.number, terms={"units": {"sheet": "a" * 64}}, by=SYSTEM, at=NOON)
    row = queries.purchase(row.project.number)
    assert (row.project.stage, row.terms["units"], row.terms["formula"]["key"]) == (
        Stage.OPEN, {"sheet": "a" * 64}, "lowest",
    )  # fmt: skip


def test_the_third_direct_purchase_of_the_year_is_blocked_and_its_alert_is_closed_with_a_finding():
    """Scenario 11."""
    for _ in range(2):
        purchases.published(price_cap=Decimal(20_000))
    third = purchases.draft(price_cap=Decimal(15_000))
    number = third.project.number

    assert refused(services.submit, number=number, by=cast.OFFICER, at=NOON) == ["purchase.split"]
    assert refused(services.submit, number=number, by=cast.OFFICER, at=NOON) == [
        "purchase.split"
    ]  # one alert all the same
    (alert,) = SplitAlert.objects.all()
    assert (alert.before, alert.amount, alert.sum, alert.limit) == (40_000, 15_000, 55_000, 50_000)
    assert Message.objects.filter(to_role="supervisor", subject__startswith="拆分采购预警").count() == 1

    assert refused(services.look_into, alert=alert, by=cast.OFFICER, at=NOON) == ["alert.not-supervisor"]
    assert refused(services.find, alert=alert, finding="split", text="查明如下", by=cast.SUPERVISOR, at=NOON) == [
        "alert.not-owner"
    ]
    services.look_into(alert=alert, by=cast.SUPERVISOR, at=NOON)
    assert refused(services.look_into, alert=alert, by=cast.SECOND_SUPERVISOR, at=NOON) == ["alert.taken"]
    who = {"by": cast.SECOND_SUPERVISOR, "at": NOON}
    assert refused(services.find, alert=alert, finding="split", text="查明如下", **who) == ["alert.not-owner"]
    own = {"by": cast.SUPERVISOR, "at": NOON}
    assert refused(services.find, alert=alert, finding="maybe", text="查明如下", **own) == ["alert.no-finding"]
    here = f"/purchases/alerts/{alert.public_id}/"
    assert accounts.client_of(cast.STRANGER).get(here).status_code == 404  # nothing of it before it is closed
    told = {"text": "三次均为同一业务用房的测绘，属拆分。", "notes": "举报人提供了会议纪要"}
    closed = services.find(alert=alert, finding="split", **told, **own)
    (said,) = ledger.entries_after("split-purchases")
    assert tuple(json.loads(said.event)["d"][name] for name in ("finding", "text", "amount")) == (
        "split",
        told["text"],
        "15000.00",
    )
    for path in (here, "/purchases/alerts/"):
        public = accounts.client_of(cast.STRANGER).get(path).content.decode()
        assert "已办结" in public and "会议纪要" not in public and "赵监督" not in public and number not in public
    assert told["text"] in accounts.client_of(cast.STRANGER).get(here).content.decode()
    assert "会议纪要" in accounts.client_of(cast.SUPERVISOR).get(here).content.decode()
    assert "会议纪要" not in accounts.client_of(cast.OFFICER).get(here).content.decode()
    assert "会议纪要" not in said.event
    assert (closed.finding, closed.owner_name) == ("split", "赵监督")
    assert refused(services.find, alert=alert, finding="split", text="再写一次", **own) == ["alert.closed"]

    smaller = services.edit(number=number, facts={"price_cap": Decimal(10_000)}, by=cast.OFFICER, at=NOON)
    services.submit(number=smaller.project.number, by=cast.OFFICER, at=NOON)  # together exactly the limit


def test_last_years_purchases_other_items_other_funds_and_failed_ones_do_not_count():
    purchases.item(at=NOON - 400 * DAY)
    purchases.published(price_cap=Decimal(40_000), at=NOON - 370 * DAY)
    ended = purchases.published(price_cap=Decimal(40_000))
    ended.project.advance(Stage.FAILED, at=NOON)
    purchases.published(item="NM-SB-001", price_cap=Decimal(40_000))
    row = purchases.draft(price_cap=Decimal(40_000))
    assert queries.earlier(row, at=NOON) == []
    who = purchases.enterprise()
    for _ in range(3):
        purchases.published(who, price_cap=Decimal(40_000), fund="own", fund_share=Decimal(0))
    assert not SplitAlert.objects.exists()


@pytest.mark.both
def test_a_purchase_that_failed_is_published_again_no_dearer_and_after_two_by_another_way():
    first = purchases.published(edition="zjcs-random", price_known=True)
    number = first.project.number
    assert refused(services.draft_again, number=number, by=cast.OFFICER, at=NOON) == ["purchase.not-failed"]
    first.project.advance(Stage.FAILED, at=NOON)
    assert refused(services.draft_again, number=number, by=cast.OTHER_OFFICER, at=NOON) == ["project.not-officer"]
    second = services.draft_again(number=number, by=cast.OFFICER, at=NOON)
    assert refused(services.draft_again, number=number, by=cast.OFFICER, at=NOON) == ["purchase.begun-again"]
    two = second.project.number
    services.edit(number=two, facts={"price_cap": Decimal(18_001)}, by=cast.OFFICER, at=NOON)
    assert refused(services.submit, number=two, by=cast.OFFICER, at=NOON) == ["purchase.price-raised"]
    services.edit(number=two, facts={"price_cap": Decimal(17_000)}, by=cast.OFFICER, at=NOON)
    services.submit(number=two, by=cast.OFFICER, at=NOON)
    services.approve(number=two, by=cast.APPROVER, at=NOON)
    assert Notice.objects.get(project__number=two).content["again"] == number
    assert [each.number for each in queries.followers(first.project)] == [two]

    queries.purchase(two).project.advance(Stage.FAILED, at=NOON)
    three = services.draft_again(number=two, by=cast.OFFICER, at=NOON).project.number
    assert refused(services.submit, number=three, by=cast.OFFICER, at=NOON) == [
        "purchase.failed-twice", "purchase.no-reason",
    ]  # fmt: skip
    services.edit(
        number=three, facts={"edition": "zjcs-direct", "reason": "两次摇号均无人报名"}, by=cast.OFFICER, at=NOON
    )
    services.submit(number=three, by=cast.OFFICER, at=NOON)
    assert Purchase.objects.filter(again=two).count() == 1
