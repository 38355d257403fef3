from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bidding.evaluation import rules, scoresheet
from bidding.evaluation.grounds import GROUNDS, NO_QUOTE, OVER_CAP
from bidding.evaluation.rules import LIFE, Step, Vote
from market.projects.rules import PROCEDURES, Edition, Method
from rulebook.refusal import Kind, Reason
from tests import cast

CAP = Decimal("1280000.00")
GOODS = PROCEDURES[Method.TENDER, Edition.LAW_2017]
FACTORS = [{"key": "f1", "name": "技术", "max": "40", "objective": True},
           {"key": "f2", "name": "方案", "max": "30", "objective": False}]  # fmt: skip
votes = st.lists(st.booleans(), min_size=3, max_size=7).filter(lambda said: len(said) % 2 == 1)


def codes(reasons):
    return [reason.code for reason in reasons]


@pytest.mark.parametrize("budget, seats", [("9999999.99", 5), ("10000000.00", 7), ("1.00", 5)])
def test_seven_judge_from_ten_million_yuan(budget, seats):
    assert PROCEDURES[Method.TENDER, Edition.LAW_2017].seats_for(Decimal(budget)) == seats


@given(votes, st.permutations(sorted(GROUNDS["B"])))
def test_the_majority_decides_whatever_the_order(said, grounds):
    each = [Vote("A", yes, () if yes else (grounds[n % len(grounds)],)) for n, yes in enumerate(said)]

    stands, found = rules.compliance(each, quote=Decimal(1), cap=CAP)

    assert stands == (sum(said) > len(said) / 2)
    assert rules.compliance(each[::-1], quote=Decimal(1), cap=CAP) == (stands, found)
    assert bool(found) is not stands and list(found) == sorted(set(found))


@given(votes)
def test_no_vote_saves_a_quote_over_the_cap_or_a_missing_one(said):
    each = [Vote("A", yes, () if yes else ("other",)) for yes in said]

    assert rules.compliance(each, quote=CAP + Decimal("0.01"), cap=CAP)[1][0] == OVER_CAP
    assert rules.compliance(each, quote=None, cap=CAP)[1][0] == NO_QUOTE
    assert rules.compliance([Vote("A", True)], quote=CAP, cap=CAP) == (True, ())


@given(st.integers(0, 80))
def test_whole_steps_within_the_range_are_points_and_have_one_spelling(halves):
    points = Decimal(halves) / 2

    for text in (str(points), f" {points} ", f"{points:.3f}"):
        assert scoresheet.read_points(text, FACTORS[0]) == points
        assert scoresheet.spelled(text) == scoresheet.spelled(str(points))


@given(st.text(max_size=12))
def test_any_text_is_points_in_range_or_nothing(text):
    points = scoresheet.read_points(text, FACTORS[0])

    assert points is None or (0 <= points <= 40 and points % Decimal("0.5") == 0)


points = st.integers(0, 60).map(lambda halves: str(Decimal(halves) / 2))


@given(st.dictionaries(st.integers(1, 7), st.tuples(points, points), min_size=1))
def test_only_objective_factors_are_disputed_and_spelling_is_no_difference(given_points):
    sheets = {seat: {"A": {"f1": one, "f2": two}} for seat, (one, two) in given_points.items()}

    found = scoresheet.disagreements(sheets, orgs=["A"], factors=FACTORS)

    assert found == ((("A", "f1"),) if len({Decimal(one) for one, _ in given_points.values()}) > 1 else ())


def test_a_sum_far_from_the_median_is_conspicuous():
    sheets = {seat: {"A": {"f1": one, "f2": "0"}} for seat, one in enumerate(["30", "30", "30", "39", "39.5"], 1)}

    assert scoresheet.outliers(sheets, orgs=["A"], factors=FACTORS) == ((5, "A"),)


@given(st.sampled_from(list(Step)), st.booleans(), st.booleans())
def test_whoever_has_no_seat_learns_nothing_else(step, declared, locked):
    for told in (
        rules.why_not_declare(seat=None, step=step, declared=declared),
        rules.why_not_review(
            seat=None, declared=declared, step=step, submitted=locked, wanted=["A"], votes=[], known=()
        ),
        scoresheet.why_not_write(
            {}, seat=None, declared=declared, step=step, locked=locked, orgs=[], factors=FACTORS, laws=GOODS
        ),
        scoresheet.why_not_reopen(seat=None, step=step, locked=locked, reason="", laws=GOODS),
        rules.why_not_sign(seat=None, step=step, signed=locked, dissent=""),
    ):
        assert codes(told) == ["evaluation.not-member"]


@given(st.booleans(), st.booleans(), st.booleans())
def test_whoever_is_not_the_purchaser_learns_nothing_of_the_bids(deciding, ended, reviewed):
    for by in (cast.OTHER_OFFICER, cast.PROVIDER, cast.STRANGER, cast.SUPERVISOR):
        told = rules.why_not_qualify(
            by=by, buyer=cast.BUYER, deciding=deciding, hall_ended=ended, reviewed=reviewed, wanted=[], findings=[]
        )
        assert codes(told) == ["evaluation.not-officer"]
        assert codes(rules.why_not_convene(by=by, buyer=cast.BUYER, qualified=ended, deciding=deciding, row=GOODS)) == [
            "evaluation.not-officer"
        ]


@pytest.mark.parametrize("count", [0, 1, 2])
def test_fewer_than_three_end_the_purchase_with_the_article(count):
    assert "第44条" in str(rules.too_few_qualified(count)[0].law)
    assert "第36条" in str(rules.too_few_compliant(count)[0].law)
    assert not rules.too_few_qualified(3) and not rules.too_few_compliant(3)


@given(st.sampled_from(list(Step)))
def test_a_member_can_leave_exactly_while_his_opinion_can_be_given_again(step):
    free = not rules.why_not_vacate(step=step)

    assert free == (step is Step.PANEL or not LIFE.why_not(step, Step.PANEL))


before = {"A": {"f1": "1", "f2": "2"}}


@given(st.sampled_from(["f1", "f2"]), points)
def test_a_correction_changes_open_cells_alone(key, text):
    told = scoresheet.why_not_correct(
        {"A": {**before["A"], key: text}}, before=before, open_cells={("A", "f1")}, laws=GOODS
    )

    assert bool(told) == (key == "f2" and text != "2")


@pytest.mark.parametrize(
    "row", [row for row in PROCEDURES.values() if row.selection is None], ids=lambda row: row.edition
)
def test_a_refusal_cites_the_law_of_its_own_purchase(row):
    open_sheet = {"seat": 1, "declared": True, "step": Step.SCORES, "orgs": ["A"], "factors": FACTORS, "laws": row}
    (points,) = scoresheet.why_not_write({"A": {"f1": "41"}}, locked=False, **open_sheet)
    (locked,) = scoresheet.why_not_write({}, locked=True, **open_sheet)
    assert (points.law, locked.law) == (row.criteria, row.recheck)
    (early,) = rules.why_not_convene(by=cast.OFFICER, buyer=cast.BUYER, qualified=False, deciding=True, row=row)
    own = (row.criteria, row.recheck, row.invalid, row.by_lot, row.seats[1], early.law)
    assert (row.regime == "B") == any(law.law == "87号令" for law in own)
    if row.regime == "A":
        assert all("政府采购" not in law.law for law in own)


def test_whoever_was_banned_when_he_bid_is_not_found_qualified():
    ban = Reason("blacklist.banned", Kind.NOT_NOW, "处于禁入期")
    for passed, told in ((True, ["blacklist.banned"]), (False, [])):
        findings = [rules.Finding(cast.HETAO, "1", passed, "处于禁入期"), rules.Finding(cast.YINSHAN, "1", True)]
        found = rules.why_not_qualify(
            by=cast.OFFICER, buyer=cast.BUYER, deciding=True, hall_ended=True, reviewed=False, findings=findings,
            wanted=[(cast.HETAO, "1"), (cast.YINSHAN, "1")], bans={cast.HETAO: (ban,)},
        )  # fmt: skip
        assert codes(found) == told
