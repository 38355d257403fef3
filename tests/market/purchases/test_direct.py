"""Direct choice: the buyer names a provider, with a price and its reasons."""

from datetime import timedelta
from decimal import Decimal

import pytest

from intermediaries.registry import services as register
from ledger.models import Entry
from market.awards import queries as awards
from market.awards import tasks as awarding
from market.awards.models import Proposal
from market.catalogue import offers
from market.notices import services as notices
from market.notices.models import Notice
from market.projects.rules import Stage
from market.purchases import queries
from market.selection import direct
from proofs.selection import why_not_selection
from rulebook.refusal import Refused
from tests import cast
from tests.bidding.test_races import at_once
from tests.cast import NOON
from tests.cells import cell
from tests.make import accounts, auctions, providers, purchases
from tests.make.blacklist import sanction

pytestmark = pytest.mark.django_db
WHY = "比较三家报价后，报价最低且在本旗有同类经验。"


def codes(number, **other):
    said = {
        "number": number,
        "org": cast.HETAO,
        "amount": Decimal(17_500),
        "reason": WHY,
        "by": cast.OFFICER,
        "at": NOON,
    }
    with pytest.raises(Refused) as told:
        direct.pick(**(said | other))
    return [reason.code for reason in told.value.reasons]


@cell("direct", "1")
def test_a_provider_is_chosen_with_price_and_reason_and_the_result_lies_at_the_award_desk():
    purchases.able()
    number = purchases.published().project.number
    for who in (cast.OTHER_OFFICER, cast.PROVIDER, cast.SUPERVISOR, cast.STRANGER):
        assert codes(number, by=who) == ["project.not-officer"]
    direct.pick(number=number, org=cast.HETAO, amount=Decimal(17_500), reason=WHY, by=cast.OFFICER, at=NOON)

    row = queries.purchase(number)
    held = Proposal.objects.get(project=row.project)
    assert (row.project.stage, row.direct["amount"]) == (Stage.PROPOSED, "17500.00")
    assert [(each.org, each.quote) for each in held.ranked] == [(cast.HETAO, Decimal(17_500))]
    assert held.content["basis"]["reason"] == WHY
    assert codes(number) == ["direct.not-open"]  # twice
    told = Notice.objects.get(project=row.project, type="candidates").content
    assert (told["reason"], told["candidates"][0]["name"]) == (WHY, cast.NAMES[cast.HETAO])
    entry = Entry.objects.get(stream=f"project/{number}", kind="selection.chosen-directly")
    assert WHY in str(entry.event)
    providers.entered(cast.RIVAL)
    assert awards.why_not_object(row.project, text="价高", by=cast.OTHER_OFFICER, at=NOON)
    assert not awards.why_not_object(row.project, text="本单位报价更低", by=cast.RIVAL, at=NOON)


@pytest.mark.embedded
def test_price_reason_and_qualification_are_all_told_at_once():
    purchases.able()
    number = purchases.published().project.number
    assert codes(number, amount=Decimal(18_001), reason="好") == ["direct.price", "direct.no-reason"]
    assert codes(number, amount=Decimal(0)) == ["direct.price"]
    accounts.user(cast.RIVAL)
    assert codes(number, org=cast.YINSHAN) == ["provider.not-entered"]
    providers.entered(cast.RIVAL)
    assert codes(number, org=cast.YINSHAN) == ["provider.not-qualified", "provider.too-few-staff"]
    assert codes(number, org="91152900MA0A00099X") == ["direct.unknown"]
    late = NOON + timedelta(days=401)  # its certificates have ended by then
    assert codes(number, at=late) == ["provider.expired", "provider.too-few-staff"]


@pytest.mark.embedded
def test_a_fixed_price_is_the_price_and_the_years_sum_is_asked_again():
    purchases.able()
    fixed = purchases.published(price_known=True, price_cap=Decimal(20_000)).project.number
    assert codes(fixed, amount=Decimal(19_000)) == ["direct.fixed-price"]
    two = purchases.published(price_cap=Decimal(30_000)).project.number
    direct.pick(number=two, org=cast.HETAO, amount=Decimal(30_000), reason=WHY, by=cast.OFFICER, at=NOON)
    direct.pick(number=fixed, org=cast.HETAO, amount=Decimal(20_000), reason=WHY, by=cast.OFFICER, at=NOON)
    assert queries.split(purchases.draft(price_cap=Decimal("0.01")), at=NOON)[0].code == "purchase.split"


@pytest.mark.embedded
def test_another_way_of_choosing_knows_no_direct_choice():
    purchases.able()
    number = purchases.published(edition="zjcs-random", price_known=True).project.number
    assert codes(number, amount=Decimal(18_000)) == ["direct.other-way"]


@pytest.mark.embedded
@cell("direct", "0")
def test_where_nobody_may_do_it_nobody_is_chosen_and_the_buyer_ends_it_with_the_reason():
    number = purchases.published().project.number
    accounts.user(cast.RIVAL)
    page = accounts.client_of(cast.OFFICER).get(f"/purchases/{number}/choose/").content.decode()
    assert "还没有机构登记这项服务" in page
    assert codes(number, org=cast.YINSHAN) == ["provider.not-entered"]
    said = {"ground": "nobody", "facts": "登记的两家都不承接"}
    notices.end_by_hand(number=number, to=Stage.CANCELLED, **said, by=cast.OFFICER, at=NOON)
    assert codes(number) == ["direct.not-open"] and not Proposal.objects.exists()


@pytest.mark.embedded
@cell("direct", "2", "3", "many", "tied")
def test_however_many_could_do_it_at_the_same_price_the_named_one_is_alone_in_the_result():
    purchases.item()
    for serial, who in enumerate(auctions.BIDDERS, start=1):
        purchases.able(who, serial=serial)
        offers.offer_service(item=purchases.ITEM, price=Decimal(17_500), unit="项", by=who, at=NOON)
    number = purchases.published().project.number
    page = accounts.client_of(cast.OFFICER).get(f"/purchases/{number}/choose/").content.decode()
    assert all(cast.NAMES[who.organisation] in page for who in auctions.BIDDERS)
    direct.pick(number=number, org=cast.WULIANG, amount=Decimal(17_500), reason=WHY, by=cast.OFFICER, at=NOON)
    report = Proposal.objects.get().content
    assert [(bid["org"], bid["rank"]) for bid in report["bids"]] == [(cast.WULIANG, 1)]
    assert why_not_selection(report) == ()


@pytest.mark.embedded
@cell("direct", "withdrawn", "banned")
def test_who_has_left_or_is_banned_is_not_chosen_and_who_is_banned_while_it_is_public_is_passed_over():
    for serial, who in enumerate(auctions.BIDDERS[:3], start=1):
        purchases.able(who, serial=serial)
    number = purchases.published().project.number
    register.leave(code=cast.YINSHAN, open_contracts=(), by=cast.RIVAL, at=NOON)
    assert "provider.not-entered" in codes(number, org=cast.YINSHAN)
    ban = {"basis": "apl-9", "regimes": "D"}
    sanction(**ban, code=cast.WULIANG, name=cast.NAMES[cast.WULIANG])
    assert codes(number, org=cast.WULIANG) == ["blacklist.banned"]

    held = direct.pick(number=number, org=cast.HETAO, amount=Decimal(17_500), reason=WHY, by=cast.OFFICER, at=NOON)
    sanction(**ban, decision_no="河财采罚〔2026〕4号")
    at = held.publicity_ends_at + timedelta(days=1)
    awarding.deem_determined(by=cast.SYSTEM, at=at)
    project = queries.purchase(number).project
    assert awards.standing(project) is None and project.stage == Stage.FAILED


@pytest.mark.django_db(transaction=True)
@cell("direct", "simultaneous")
def test_of_two_officers_who_choose_at_once_one_has_chosen():
    for serial, who in enumerate(auctions.BIDDERS[:2], start=1):
        purchases.able(who, serial=serial)
    number = purchases.published().project.number
    said = {"number": number, "amount": Decimal(17_500), "reason": WHY, "at": NOON}
    outcomes = at_once(
        lambda: direct.pick(org=cast.HETAO, by=cast.OFFICER, **said),
        lambda: direct.pick(org=cast.YINSHAN, by=cast.APPROVER, **said),
    )
    assert sorted(type(each).__name__ for each in outcomes) == ["Proposal", "Refused"]
    [held] = Proposal.objects.all()
    assert queries.purchase(number).direct["org"] == held.ranked[0].org
