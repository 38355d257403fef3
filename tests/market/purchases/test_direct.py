"""Direct choice: the buyer names a provider, with a price and its reasons."""

from datetime import timedelta
from decimal import Decimal

import pytest

from ledger.models import Entry
from market.awards import queries as awards
from market.awards.models import Proposal
from market.notices.models import Notice
from market.projects.rules import Stage
from market.purchases import queries
from market.selection import direct
from rulebook.refusal import Refused
from tests import cast
from tests.cast import NOON
from tests.make import accounts, providers, purchases

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


def test_a_fixed_price_is_the_price_and_the_years_sum_is_asked_again():
    purchases.able()
    fixed = purchases.published(price_known=True, price_cap=Decimal(20_000)).project.number
    assert codes(fixed, amount=Decimal(19_000)) == ["direct.fixed-price"]
    two = purchases.published(price_cap=Decimal(30_000)).project.number
    direct.pick(number=two, org=cast.HETAO, amount=Decimal(30_000), reason=WHY, by=cast.OFFICER, at=NOON)
    direct.pick(number=fixed, org=cast.HETAO, amount=Decimal(20_000), reason=WHY, by=cast.OFFICER, at=NOON)
    assert queries.split(purchases.draft(price_cap=Decimal("0.01")), at=NOON)[0].code == "purchase.split"


def test_another_way_of_choosing_knows_no_direct_choice():
    purchases.able()
    number = purchases.published(edition="zjcs-random", price_known=True).project.number
    assert codes(number, amount=Decimal(18_000)) == ["direct.other-way"]
