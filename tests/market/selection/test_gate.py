"""The gate of the supermarket says everything that stands against a provider at once, and nothing else lets it in."""

from datetime import date

import pytest

from accounts import services
from accounts.rules import Kind
from experts.affiliates import services as affiliates
from experts.affiliates.rules import Bond
from intermediaries.registry import services as registry
from market.catalogue.models import ServiceItem
from market.selection.gate import why_not_take_part, why_not_together
from rulebook.calendar import day_in_china
from rulebook.refusal import Refused
from tests import cast
from tests.cast import DAY, HETAO, NOON, YINSHAN
from tests.make import accounts, blacklist, providers
from tests.make import market as make

pytestmark = pytest.mark.django_db
ASKED = {
    "need": {"qualifications": [{"kind": "测绘资质", "grade": "乙级"}], "staff": [{"kind": "注册测绘师", "count": 1}]}
}


def codes(reasons):
    return [reason.code for reason in reasons]


def bond(one, other):
    told = {"bond": Bond.HOLDING, "one": one, "one_name": "甲", "other": other, "other_name": "乙"}
    made = affiliates.declare(**told, since=date(2020, 1, 1), until=None, basis="公司章程", by=cast.OPERATOR, at=NOON)
    assert not why_not_together({one, other}, on=day_in_china(NOON)), "one side's word counts for nothing"
    affiliates.agree(affiliation=made, by=cast.SUPERVISOR, at=NOON)


def own_word(actor, other):
    told = {"bond": Bond.MANAGING, "one": other, "one_name": "甲", "other": actor.organisation, "other_name": "乙"}
    return affiliates.declare(**told, since=date(2020, 1, 1), until=None, basis="公司章程", by=actor, at=NOON)


def test_what_is_missing_banned_or_excluded_is_told_at_once():
    purchase = make.purchase(**ASKED, excluded=[{"org": HETAO, "name": "河套", "reason": "编制了被评估的方案"}])

    assert codes(why_not_take_part(purchase.project, org=HETAO, at=NOON)) == ["provider.not-entered", "gate.excluded"]
    providers.entered()
    providers.qualified(days=1)
    blacklist.sanction(basis="apl-9", regimes="D")
    told = why_not_take_part(purchase.project, org=HETAO, at=NOON + 3 * DAY)
    assert codes(told)[:2] == ["provider.expired", "provider.too-few-staff"] and codes(told)[-1] == "gate.excluded"
    assert len(told) == 4 and "编制了被评估的方案" in told[-1].sentence()


def test_who_belongs_to_the_buyer_or_to_the_department_of_the_approval_is_out():
    purchase = make.purchase(need={})
    accounts.organisation(cast.OTHER_BUYER)
    ServiceItem.objects.create(code=purchase.item, department_id=cast.OTHER_BUYER, drafted_at=NOON)
    for actor in (cast.PROVIDER, cast.RIVAL, cast.THIRD):
        providers.entered(actor)
        assert not why_not_take_part(purchase.project, org=actor.organisation, at=NOON)
    bond(cast.BUYER, HETAO)
    bond(cast.OTHER_BUYER, YINSHAN)

    for org, name in ((HETAO, cast.NAMES[cast.BUYER]), (YINSHAN, cast.NAMES[cast.OTHER_BUYER])):
        [reason] = why_not_take_part(purchase.project, org=org, at=NOON)
        assert (reason.code, str(reason.law)) == ("gate.affiliated", "优化营商环境条例 第43条")
        assert name in reason.sentence()
    assert not why_not_take_part(purchase.project, org=cast.WULIANG, at=NOON)
    own = own_word(cast.THIRD, cast.BUYER)  # its own word, against itself, at once
    assert codes(why_not_take_part(purchase.project, org=cast.WULIANG, at=NOON)) == ["gate.affiliated"]
    with pytest.raises(Refused, match="bond.not-standing"):
        affiliates.end(affiliation=own, until=day_in_china(NOON), by=cast.OFFICER, at=NOON)
    affiliates.end(affiliation=own, until=day_in_china(NOON), by=cast.THIRD, at=NOON)
    assert not why_not_take_part(purchase.project, org=cast.WULIANG, at=NOON + DAY)
    own_word(cast.OFFICER, cast.WULIANG)  # a buyer's word alone keeps nobody out
    assert not why_not_take_part(purchase.project, org=cast.WULIANG, at=NOON + DAY)


def test_two_that_belong_together_are_both_out_of_one_choice():
    for actor in (cast.PROVIDER, cast.RIVAL, cast.THIRD):
        providers.entered(actor)
    bond(HETAO, YINSHAN)
    found = why_not_together({HETAO, YINSHAN, cast.WULIANG}, on=day_in_china(NOON))

    assert set(found) == {HETAO, YINSHAN} and cast.NAMES[YINSHAN] in found[HETAO][0].sentence()
    assert not why_not_together({HETAO, cast.WULIANG}, on=day_in_china(NOON))
    said = own_word(cast.THIRD, HETAO)  # its own word puts itself out, and not the other
    assert set(why_not_together({HETAO, cast.WULIANG}, on=day_in_china(NOON))) == {cast.WULIANG}
    affiliates.deny(affiliation=said, note="没有这种关系", by=cast.PROVIDER, at=NOON)
    assert not why_not_together({HETAO, cast.WULIANG}, on=day_in_china(NOON))


def test_nobody_serves_itself_and_a_citizen_has_a_code_of_the_platform():
    made = services.create_organisation(code="GR-2026-7F3K", name="张*", kind=Kind.CITIZEN, by=cast.OPERATOR, at=NOON)
    purchase = make.purchase(need={}, facts={"buyer_id": made.code})
    assert "gate.own" in codes(why_not_take_part(purchase.project, org=made.code, at=NOON))


def test_a_keeper_strikes_a_false_certificate_where_it_writes_down_the_check():
    row = providers.entered()
    false = providers.qualified()
    keeper = accounts.client_of(cast.OPERATOR)
    shown = keeper.get(f"/providers/{HETAO}/").content.decode()
    assert f"/providers/register/?code={HETAO}#c" in shown
    assert str(false) in keeper.get(f"/providers/register/?code={HETAO}").content.decode()
    said = {"code": HETAO, "subject": "测绘资质", "outcome": "false", "note": "发证机关无此证书", "strike": false.pk}
    assert keeper.post("/providers/register/check/", said).status_code == 302
    false.refresh_from_db()
    assert false.struck_on and row.checks.count() == 1
    registry.add_qualification(code=HETAO, kind="测绘资质", grade="乙级", number="新", issuer="厅", valid_to=None,
                               by=cast.PROVIDER, at=NOON)  # fmt: skip
    assert f"?code={HETAO}#c" not in accounts.client_of(cast.PROVIDER).get(f"/providers/{HETAO}/").content.decode()
