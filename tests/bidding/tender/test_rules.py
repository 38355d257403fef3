"""Criteria, keys, documents: everything wrong, all at once, with its article."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bidding.holding.rules import Candidate, Side
from bidding.tender import rules
from bidding.tender.rules import Factor
from market.projects.rules import PROCEDURES, Category, Edition, Method
from rulebook.law import Article
from tests.cast import BUYER, CENTRE, HOUR, NOON, NOTARY, OFFICER, OTHER_OFFICER, PROVIDER, STRANGER

LAW = Article("招标投标法", "第19条")

HONEST = ["依法缴纳税收和社会保障资金的良好记录"]


def factor(name: str = "方案", most: str = "70", standard: str = "") -> Factor:
    return Factor(name, name, Decimal(most), False, standard)


ONE = (factor(),)


def why(price: str = "30", factors=ONE, category=Category.GOODS, qualifications=HONEST, deduction: str = "0.10"):
    return [
        reason.code
        for reason in rules.why_not_criteria(
            procedure=PROCEDURES[Method.TENDER, Edition.LAW_2017],
            category=category, price_weight=Decimal(price), small_deduction=Decimal(deduction), factors=factors,
            qualifications=qualifications,
        )
    ]  # fmt: skip


def test_lawful_criteria_have_nothing_against_them():
    assert not why()


@given(price=st.integers(0, 100), category=st.sampled_from([Category.GOODS, Category.SERVICES]))
def test_the_price_weighs_at_least_what_the_law_says(price, category):
    least = {Category.GOODS: 30, Category.SERVICES: 10}[category]
    against = why(str(price), [factor(most=str(100 - price))] if price < 100 else [], category)

    assert ("criteria.price-weight" in against) == (price < least)
    assert "criteria.sum" not in against


@given(parts=st.lists(st.decimals("0.5", 40, places=1), min_size=1, max_size=6))
def test_points_make_a_hundred(parts):
    factors = [factor(f"因素{n}", str(part)) for n, part in enumerate(parts)]

    assert ("criteria.sum" in why("30", factors)) == (sum(parts) != 70)


def test_each_factor_has_a_name_of_its_own_and_points():
    assert "criteria.same-name" in why(factors=[factor(most="35"), factor(most="35")])
    assert "criteria.empty-factor" in why(factors=[factor(), factor("空", "0")])


@pytest.mark.parametrize("text", [
    "注册资本不少于 500 万元", "上一年度营业收入达到 1000 万元", "从业人员 50 人以上", "人数不少于 20 人",
    "年纳税额 10 万元以上", "净资产为正", "年纳税不少于 5 万元", "注册资金 100 万",
])  # fmt: skip
def test_conditions_of_size_are_refused_as_condition_and_as_factor(text):
    assert "criteria.scale" in why(qualifications=[*HONEST, text])
    assert "criteria.scale" in why(factors=[factor(standard=text)])


@pytest.mark.parametrize("text", ["依法缴纳税收的良好记录", "具有有效的营业执照", "项目经理 1 名，技术人员 3 名"])
def test_what_the_law_asks_of_every_supplier_is_no_condition_of_size(text):
    assert not why(qualifications=[text])


def test_a_manufacturers_word_and_a_scored_condition_are_refused():
    assert "criteria.authorisation" in why(qualifications=["提供生产厂家针对本项目的授权书"])
    assert "criteria.scored-twice" in why(qualifications=["信誉 良好"], factors=[factor("信誉良好")])
    assert "criteria.no-qualification" in why(qualifications=["  "])


@pytest.mark.parametrize(
    ("share", "fine"), [("0", True), ("0.09", False), ("0.10", True), ("0.20", True), ("0.21", False)]
)
def test_the_deduction_of_small_firms_is_ten_to_twenty_per_cent(share, fine):
    assert ("criteria.deduction" not in why(deduction=share)) == fine


def request(stage="draft", asked=False, by=OFFICER):
    chosen = [Candidate(BUYER, "甲", Side.BUYER, True), Candidate(CENTRE, "乙", Side.CENTRE, True),
              Candidate(NOTARY, "丙", Side.OUTSIDE, True)]  # fmt: skip
    known = {each.org for each in chosen}
    return [
        r.code
        for r in rules.why_not_request_keys(
            stage=stage, buyer=BUYER, asked=asked, chosen=chosen, k=2, known=known, by=by
        )
    ]


def test_keys_are_asked_once_by_the_buyers_officer():
    assert not request()
    assert request(by=OTHER_OFFICER) == ["project.not-officer"]
    assert request(asked=True) == request(stage="open") == ["keys.already-asked"]


UNIT = rules.unit("T-1", "sheet")
KEYS = bytes(32 * 4)


def post(statement=None, roster=(BUYER,), keys=KEYS, state="wanted", digest="aa"):
    said = {"org": BUYER, "unit": UNIT, "role": "c", "n": 4, "keys_sha256": "aa"} | (statement or {})
    return [
        r.code
        for r in rules.why_not_post_slots(
            statement=said, wanted=UNIT, roster=roster, slots=4, keys=keys, keys_sha256=digest, state=state
        )
    ]


def test_slot_keys_are_the_holders_own_for_this_unit():
    assert not post()
    assert post(roster=(NOTARY,)) == ["keys.not-a-holder"]
    assert post(state="trial") == ["keys.closed"]
    assert post({"unit": rules.unit("T-1", "body")}) == post({"role": "r"}) == post({"n": 5}) == ["keys.other-unit"]
    assert post(keys=KEYS[1:]) == post(digest="bb") == ["keys.not-as-signed"]


def rehearse(statement=None, member=1, state="trial", genuine=True):
    said = {"unit": UNIT, "slot": 0, "i": 1, "eid": "ee"} | (statement or {})
    return [
        r.code
        for r in rules.why_not_rehearse(
            statement=said, member_i=member, unit=UNIT, eid="ee", state=state, genuine=genuine
        )
    ]


def test_the_trial_takes_only_the_key_of_slot_zero():
    assert not rehearse()
    assert not rehearse({"eid": ""})
    assert rehearse(member=None) == ["trial.not-a-holder"]
    assert rehearse(state="ready") == ["trial.not-now"]
    assert rehearse({"slot": 1}) == rehearse({"i": 2}) == rehearse({"eid": "ff"}) == ["trial.other-unit"]
    assert rehearse(genuine=False) == ["trial.wrong-key"]


def test_publication_waits_for_documents_and_both_trials():
    def ready(states, documents=1):
        return [
            r.code for r in rules.why_not_ready(parts=("sheet", "body"), states=states, documents=documents, law=LAW)
        ]

    assert not ready({"sheet": "ready", "body": "ready"})
    assert ready({"sheet": "ready", "body": "trial"}) == ["tender.not-rehearsed"]
    assert ready({}, 0) == ["tender.no-documents", "tender.keys-not-asked"]


def test_documents_have_plain_names_and_bounds():
    def add(name="a.pdf", size=1, held=()):
        return [r.code for r in rules.why_not_add_document(name=name, size=size, held=held)]

    assert not add()
    assert add("../a") == add(" ") == add("a\x00") == ["document.bad-name"]
    assert add(held=["a.pdf"]) == ["document.same-name"]
    assert add(size=0) == add(size=rules.LARGEST_DOCUMENT + 1) == ["document.size"]
    assert add(held=[str(n) for n in range(10)]) == ["document.too-many"]


def test_documents_are_a_providers_until_the_supply_ends():
    def take(by=PROVIDER, stage="open", at=NOON - HOUR):
        return [r.code for r in rules.why_not_take(stage=stage, supply_ends_at=NOON, by=by, at=at)]

    assert not take()
    assert take(by=STRANGER) == take(by=OFFICER) == ["take.not-provider"]
    assert take(at=NOON) == take(stage="failed") == ["take.over"]


def test_slots_run_out_for_one_and_for_all():
    assert not rules.why_not_allot(used=15, free=True)
    assert [r.code for r in rules.why_not_allot(used=16, free=True)] == ["slot.too-many-versions"]
    assert [r.code for r in rules.why_not_allot(used=0, free=False)] == ["slot.none-free"]


def test_terms_are_what_the_log_pins():
    told = rules.terms(
        units={"sheet": "aa"}, closes_at=NOON, drain=15, window=60, least=3, edition="87-2017", scoring={},
        witnesses=[], quorum=0,
    )  # fmt: skip

    assert set(told) == {
        "pol",
        "units",
        "k",
        "n",
        "deadline",
        "drain",
        "window",
        "min",
        "witnesses",
        "edition",
        "scoring",
    }
    assert told["deadline"] == "2026-11-24T04:00:00.000000Z"


@pytest.mark.parametrize(("value", "text"), [("30.00", "30"), ("0.10", "0.1"), ("100", "100"), ("12.50", "12.5")])
def test_points_are_written_without_needless_zeros(value, text):
    assert rules.points(Decimal(value)) == text
