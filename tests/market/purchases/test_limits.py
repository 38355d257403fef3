"""Words that keep suppliers out, limits of direct choice, and one purchase split into several."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from market.projects import conditions
from market.projects.rules import PROCEDURES, Fund
from market.purchases import limits
from market.purchases.limits import Bought

pytestmark = pytest.mark.embedded
LIMIT = Decimal(50_000)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("投标人须在呼伦贝尔市注册", "local"),
        ("在本旗设有分支机构或者办事处", "local"),
        ("具有本地业绩不少于两项", "local"),
        ("报告由草原环境科技有限公司编制", "named"),
        ("仅限原合作机构参加", "named"),
        ("注册资本不低于200万元", "scale"),
        ("年纳税 100 万元以上", "scale"),
        ("国有企业优先", "owned"),
        ("成立满三年以上", "age"),
        ("获得市级以上荣誉", "award"),
        ("提供原厂授权证明", "authorisation"),
    ],
)
def test_a_condition_that_keeps_others_out_is_found_with_its_article(text, key):
    (told,) = [each for each in conditions.found([text]) if each.barrier.key == key]
    assert told.reason().law is not None
    assert told.word in told.reason().sentence()


@pytest.mark.parametrize(
    "text",
    [
        "具有测绘乙级以上资质", "依法缴纳税收和社会保障资金", "注册测绘师不少于 2 人", "到现场踏勘不少于两次",
        "成果须经专家评审通过", "项目位于新巴尔虎右旗阿拉坦额莫勒镇", "有能力在 20 日内出具报告",
    ],
)  # fmt: skip
def test_a_condition_of_the_work_itself_is_left_alone(text):
    assert conditions.found([text]) == ()


def bought(amount, n=1):
    return Bought(f"P-{n}", "环评", Decimal(amount), date(2026, 3, n))


def test_the_third_direct_purchase_of_the_year_passes_the_limit():
    earlier = [bought(18_000), bought(20_000, 2)]

    assert limits.why_not_split(amount=Decimal(12_000), limit=LIMIT, earlier=earlier) == ()  # to the limit itself
    (reason,) = limits.why_not_split(amount=Decimal("12000.01"), limit=LIMIT, earlier=earlier)
    assert reason.code == "purchase.split"
    for sum_ in ("38,000.00", "12,000.01", "50,000.01", "50,000.00"):
        assert sum_ in reason.sentence()
    assert limits.why_not_split(amount=Decimal(10**6), limit=None, earlier=earlier) == ()
    assert limits.why_not_split(amount=Decimal(60_000), limit=LIMIT, earlier=[]) == ()  # that is the limit's to say


def test_whoever_comes_near_is_warned_and_whoever_is_over_is_refused():
    earlier = [bought(30_000)]
    assert not limits.is_near(amount=Decimal("9999.99"), limit=LIMIT, earlier=earlier)
    assert limits.is_near(amount=Decimal(10_000), limit=LIMIT, earlier=earlier)
    assert limits.is_near(amount=Decimal(20_000), limit=LIMIT, earlier=earlier)
    assert not limits.is_near(amount=Decimal(20_001), limit=LIMIT, earlier=earlier)


def test_the_year_is_the_one_in_china():
    assert limits.year_of(datetime(2026, 12, 31, 16, 0, tzinfo=UTC)) == 2027


def test_only_a_choice_without_competition_has_a_limit_and_only_for_public_money():
    for row in PROCEDURES.values():
        if row.selection:
            amounts, law = row.selection.limit
            assert amounts[Fund.OWN] is None
            assert (amounts[Fund.FISCAL] is not None) == row.selection.picks
            assert limits.why_not_amount(amount=Decimal(50_000), limit=amounts[Fund.FISCAL], law=law) == ()
            over = limits.why_not_amount(amount=Decimal("50000.01"), limit=amounts[Fund.FISCAL], law=law)
            assert bool(over) == row.selection.picks
