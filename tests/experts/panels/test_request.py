"""What a panel is asked to be made of, and who is not on its list: pure rules."""

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import pytest

from experts.panels.eligibility import EXCLUSIONS, LOAD, left_out_because, why_not_declare_tie
from experts.panels.request import Composition, Request, too_short, why_not_request
from experts.panels.rules import Drawn, SeatState, next_standby, why_not_name_again
from market.projects.rules import PROCEDURES, Edition, Method
from rulebook.calendar import CHINA
from rulebook.law import Article
from tests import cast
from tests.cast import HOUR, NOON

LAW = Article("87号令", "第47条")
KNOWN = ("A-it", "C-law")


def codes(strata, *, representatives=(), own=("b-1", "b-2"), least=5, **more):
    asked = Request(strata, representatives, **more)
    found = why_not_request(asked, composition=Composition(least, LAW), known=KNOWN, own=own, at=NOON)
    return [reason.code for reason in found]


@pytest.mark.parametrize("strata, named, wrong", [
    ([("A-it", 5)], (), []),
    ([("A-it", 4)], ("b-1",), []),
    ([("A-it", 3), ("C-law", 2)], ("b-1", "b-2"), []),
    ([("A-it", 7)], (), []),
    ([("A-it", 3)], (), ["panel.size"]),
    ([("A-it", 6)], (), ["panel.even"]),
    ([("A-it", 3)], ("b-1", "b-2"), ["panel.owners"]),
    ([("A-it", 2)], ("b-1", "b-1"), ["panel.size", "panel.even", "panel.owners", "panel.representative"]),
    ([("A-it", 4)], ("x-1",), ["panel.representative"]),
    ([("A-it", 3), ("A-it", 2)], (), ["panel.strata"]),
    ([("A-it", 0), ("other", 5)], (), ["panel.strata"]),
    ([], (), ["panel.strata", "panel.size", "panel.even"]),
])  # fmt: skip
def test_a_panel_is_large_enough_odd_and_two_thirds_experts_and_all_reasons_are_given_at_once(strata, named, wrong):
    assert codes(strata, representatives=named) == wrong


def test_the_articles_are_those_of_the_procedure():
    law = PROCEDURES[Method.TENDER, Edition.WORKS_2019].seats[1]
    found = why_not_request(Request([]), composition=Composition(5, law), known=KNOWN, own=(), at=NOON)
    assert {reason.law for reason in found} == {law}


def test_seven_are_wanted_where_the_row_says_so_and_three_where_it_does():
    assert codes([("A-it", 5)], least=7) == ["panel.size"]
    assert codes([("A-it", 2)], least=3, representatives=("b-1",)) == []


def test_the_meeting_is_later_and_its_place_is_short():
    wrong = codes([("A-it", 5)], venue="长" * 101, starts_at=NOON)
    assert wrong == ["panel.venue", "panel.starts-in-the-past"]
    assert codes([("A-it", 5)], venue="三楼", starts_at=NOON + HOUR) == []


def test_every_short_list_is_told_with_the_article_and_just_enough_are_all_drawn():
    strata = [("A-it", 3), ("C-law", 2)]
    names = {"A-it": "信息技术"}

    both = too_short(strata, {"A-it": 2}, names, law=LAW)

    assert [(r.values["specialty"], r.values["need"], r.values["eligible"]) for r in both] == [
        ("信息技术", 3, 2), ("C-law", 2, 0),
    ]  # fmt: skip
    assert {r.law for r in both} == {LAW}
    assert too_short(strata, {"A-it": 3, "C-law": 2}, names, law=None) == ()


SOMEBODY = SimpleNamespace(
    employer_code="E", employers=(), state="enrolled", review_due_on=None, on_leave_from=None, on_leave_until=None,
    barred_until=None,
)  # fmt: skip


@pytest.mark.parametrize("facts, code", [
    ({}, None), ({"ties": ["B"]}, "declared-tie"), ({"ties": ["Z"]}, None), ({"panels": LOAD.most}, "too-many-panels"),
    ({"panels": LOAD.most - 1}, None), ({"called_before": True, "ties": ["B"]}, "called-before"),
])  # fmt: skip
def test_who_is_not_on_the_list_has_one_reason(facts, code):
    found = left_out_because(SOMEBODY, avoid={"B": "employer-of-bidder"}, at=NOON, **facts)

    assert found == code
    assert code is None or code in EXCLUSIONS


def test_what_the_register_knows_comes_first():
    barred = SimpleNamespace(**{**vars(SOMEBODY), "barred_until": date(2099, 1, 1)})
    assert left_out_because(barred, avoid={}, at=NOON, panels=99) == "barred"


def test_a_bar_ends_with_its_day_in_china():
    midnight = datetime(2026, 3, 2, tzinfo=CHINA).astimezone(UTC)
    barred = SimpleNamespace(**{**vars(SOMEBODY), "barred_until": date(2026, 3, 1)})
    assert left_out_because(barred, avoid={}, at=midnight) is None
    assert left_out_because(barred, avoid={}, at=midnight - timedelta(microseconds=1)) == "barred"


def seats(*rows):
    return [Drawn("A", order, SeatState(state), employer) for order, state, employer in rows]


def test_a_standby_whose_colleague_sits_waits_until_there_is_room():
    line = [(1, "seated", "X"), (2, "declined", "Y"), (3, "standby", "X"), (4, "standby", "Z")]
    assert next_standby(seats(*line), stratum="A", max_per_org=1) == 4
    assert next_standby(seats((1, "recused", "X"), *line[1:]), stratum="A", max_per_org=1) == 3
    assert next_standby(seats(*line), stratum="A", max_per_org=2) == 3
    assert next_standby(seats(*line[:3]), stratum="A", max_per_org=1) is None


def test_as_many_representatives_are_named_again_as_have_left():
    assert why_not_name_again(wanted=1, named=1) == ()
    assert [r.code for r in why_not_name_again(wanted=0, named=1)] == ["panel.representatives-wanted"]


@pytest.mark.parametrize("by, organisation, kind, declared, wrong", [
    (cast.EXPERT, cast.HETAO, "relative", False, []),
    (cast.EXPERT, cast.HETAO, "relative", True, ["tie.declared"]),
    (cast.EXPERT, "123", "cousin", False, ["tie.kind", "credit-code.malformed"]),
    (cast.OFFICER, cast.HETAO, "relative", False, ["tie.not-expert"]),
])  # fmt: skip
def test_a_tie_is_declared_by_the_expert_himself(by, organisation, kind, declared, wrong):
    found = why_not_declare_tie(organisation=organisation, kind=kind, declared=declared, by=by)
    assert [reason.code for reason in found] == wrong
