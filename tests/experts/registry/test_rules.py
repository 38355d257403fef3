from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from experts.registry.particulars import born, masked
from experts.registry.rules import (
    EXCLUSIONS,
    SPECIALTIES,
    later,
    left_out_because,
    next_review,
    why_not_enrol,
    why_not_keep_register,
    why_not_review,
    why_not_take_leave,
)
from tests import cast
from tests.make import registry as make

TODAY = date(2026, 11, 24)
DAY = timedelta(days=1)
FREE = {
    "employer_code": "C", "employers": [], "state": "enrolled", "review_due_on": None, "on_leave_from": None,
    "on_leave_until": None, "barred_until": None,
}  # fmt: skip


def somebody(**facts):
    return SimpleNamespace(**{**FREE, **facts})


def test_somebody_with_no_conflict_is_in_the_pool():
    assert left_out_because(somebody(), avoid={"D": "employer-of-bidder"}, on=TODAY) is None


@pytest.mark.parametrize(
    "code", ["employer-of-buyer", "employer-of-bidder", "employer-of-agent", "employer-supervises"]
)
def test_an_employer_to_avoid_keeps_his_people_out_with_the_reason(code):
    assert left_out_because(somebody(), avoid={"C": code}, on=TODAY) == code
    assert code in EXCLUSIONS


@pytest.mark.parametrize("until, out", [(TODAY - DAY, False), (TODAY, True), (TODAY + DAY, True)])
def test_a_bar_holds_through_its_last_day(until, out):
    assert (left_out_because(somebody(barred_until=until), avoid={}, on=TODAY) == "barred") is out


@given(st.integers(-3, 3), st.one_of(st.none(), st.integers(-3, 3)))
def test_leave_holds_from_its_first_to_its_last_day(first, last):
    until = None if last is None else TODAY + last * DAY
    on_leave = left_out_because(somebody(on_leave_from=TODAY + first * DAY, on_leave_until=until), avoid={}, on=TODAY)

    assert (on_leave == "on-leave") is (first <= 0 and (last is None or last >= 0))


@pytest.mark.parametrize("code, after", [
    ("employer-of-bidder", "was-employer-of-bidder"), ("employer-of-buyer", "was-employer-of-buyer"),
    ("employer-of-agent", "was-employer-of-agent"), ("employer-supervises", None), ("employer-on-panel", None),
])  # fmt: skip
def test_a_former_employer_counts_for_three_years_and_a_board_seat_while_it_lasts(code, after):
    def out(until):
        return left_out_because(somebody(employers=[("B", until)]), avoid={"B": code}, on=TODAY)

    assert out(None) == out(TODAY) == code
    assert out(TODAY - DAY) == out(date(2023, 11, 25)) == after
    assert out(date(2023, 11, 24)) is None
    assert after is None or after in EXCLUSIONS


def test_who_left_was_suspended_or_is_overdue_for_review_is_in_no_pool():
    overdue = {"review_due_on": TODAY - DAY}
    for facts, code in (({"state": "left"}, "left"), ({"state": "suspended"}, "suspended"), (overdue, "review-overdue"),
                        ({"review_due_on": TODAY}, None)):  # fmt: skip
        assert left_out_because(somebody(**facts), avoid={}, on=TODAY) == code
        assert code is None or code in EXCLUSIONS


def test_a_review_holds_for_a_year_or_until_the_last_day_before_seventy():
    assert (
        next_review(on=TODAY, birthday=None) == next_review(on=TODAY, birthday=date(1990, 1, 1)) == date(2027, 11, 24)
    )
    assert next_review(on=TODAY, birthday=date(1957, 3, 1)) == date(2027, 2, 28)
    assert later(date(2024, 2, 29), years=1) == date(2025, 3, 1)
    aged = why_not_review(passed=True, note="", birthday=date(1956, 11, 24), on=TODAY, by=cast.OPERATOR)
    assert [r.code for r in aged] == ["expert.age-reached"]


@pytest.mark.parametrize("field, value, shown", [
    ("name", "苏布德", "苏**"), ("phone", "13800001234", "138****1234"), ("phone", "", ""),
    ("phone", "1380000123", "****"),
    ("id_number", "990000197506010019", "990000****19"), ("bank", "6200000000001234", "****1234"),
    ("bank", "1234567", "****"), ("email", "su@x.cn", "s***@x.cn"), ("email", "su", "***"),
])  # fmt: skip
def test_a_page_shows_so_much(field, value, shown):
    assert masked(field, value) == shown


@given(st.dates(date(1930, 1, 1), date(2010, 12, 31)), st.integers(0, 999))
def test_an_identity_number_is_its_check_and_its_birthday(day, serial):
    number = make.id_number(serial, birthday=day)
    assert born(number) == day
    assert born(number[:-1] + ("1" if number[-1] != "1" else "2")) is None


def test_nobody_is_drawn_twice_for_one_project():
    assert left_out_because(somebody(), avoid={}, on=TODAY, called_before=True) == "called-before"


@pytest.mark.parametrize("number, keys, taken, code", [
    ("", ["A-it"], False, "expert.number"),
    ("e-1", ["A-it"], True, "expert.number"),
    ("e-1", [], False, "expert.specialties"),
    ("e-1", sorted(SPECIALTIES)[:4], False, "expert.specialties"),
    ("e-1", ["alchemy"], False, "expert.unknown-specialty"),
])  # fmt: skip
def test_nobody_is_enrolled_with(number, keys, taken, code):
    assert [r.code for r in why_not_enrol(number=number, specialties=keys, number_taken=taken)] == [code]


@pytest.mark.parametrize("actor", [cast.OFFICER, cast.PROVIDER, cast.EXPERT, cast.STRANGER, cast.WITNESS])
def test_whoever_buys_or_bids_does_not_keep_the_register(actor):
    assert why_not_keep_register(by=actor)[0].code == "expert.not-keeper"


def test_leave_is_ones_own_and_ends_after_it_begins():
    assert not why_not_take_leave(own=True, by=cast.EXPERT, first=TODAY, last=None)
    assert why_not_take_leave(own=False, by=cast.EXPERT, first=TODAY, last=None)[0].code == "expert.not-own-leave"
    assert why_not_take_leave(own=True, by=cast.OFFICER, first=TODAY, last=None)[0].code == "expert.not-own-leave"
    backwards = why_not_take_leave(own=True, by=cast.EXPERT, first=TODAY, last=TODAY - DAY)
    assert backwards[0].code == "expert.leave-backwards"
