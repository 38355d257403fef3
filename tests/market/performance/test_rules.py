"""Delay, plans and sums, without a database."""

from datetime import date
from decimal import Decimal

import pytest

from intermediaries.ratings.rules import Parties
from market.performance import rules
from market.performance.rules import Handed, Line
from market.projects.rules import PROCEDURES, Edition, Method, Stage
from tests import cast

PARTIES = Parties(cast.BUYER, cast.HETAO)
FRIDAY, MONDAY, TUESDAY, WEDNESDAY = date(2026, 11, 27), date(2026, 11, 30), date(2026, 12, 1), date(2026, 12, 2)
LATER = date(2026, 12, 18)
ADDITION = PROCEDURES[Method.TENDER, Edition.LAW_2017].addition


@pytest.mark.parametrize(("handed", "on", "days"), [
    ([], FRIDAY, 0),  # the due day itself is in time
    ([], MONDAY, 1),  # a weekend is nobody's delay
    ([Handed(FRIDAY)], LATER, 0),  # what waits with the buyer grows no later
    ([Handed(MONDAY)], LATER, 1),
    ([Handed(FRIDAY, TUESDAY), Handed(WEDNESDAY)], LATER, 1),  # Monday and Tuesday lay with the buyer
    ([Handed(FRIDAY, TUESDAY)], WEDNESDAY, 1),  # returned, and not handed over again
    ([Handed(MONDAY, TUESDAY, accepted=True)], LATER, 1),
])  # fmt: skip
def test_a_delay_is_counted_in_working_days_without_those_of_the_buyer(handed, on, days):
    assert rules.days_late(FRIDAY, handed, on=on) == days


def test_a_buyer_who_lets_one_wait_is_late_himself():
    seventh, next_day = date(2026, 12, 8), date(2026, 12, 9)

    assert rules.days_kept_waiting([Handed(FRIDAY)], on=seventh) == 0
    assert rules.days_kept_waiting([Handed(FRIDAY)], on=next_day) == 1
    assert rules.days_kept_waiting([Handed(FRIDAY, next_day), Handed(next_day)], on=next_day) == 1


def line(number=1, amount="100", due=MONDAY, what="报告"):
    return Line(number, what, due, Decimal(amount))


def why(
    lines, *, by=cast.OFFICER, stage=Stage.CONTRACTED, before=(), fixed=(), reason="", waiting=False, most=ADDITION
):
    told = rules.why_not_plan(
        stage=stage, parties=PARTIES, waiting=waiting, contract=Decimal(100), signed_on=FRIDAY, before=before,
        fixed=fixed, lines=lines, reason=reason, addition=most, by=by,
    )  # fmt: skip
    return [reason.code for reason in told]


def test_a_plan_is_of_the_two_sides_and_makes_up_the_price():
    assert not why([line()]) and not why([line()], by=cast.PROVIDER)
    for stranger in (cast.RIVAL, cast.OTHER_OFFICER, cast.SUPERVISOR, cast.STRANGER):
        assert why([], by=stranger) == ["performance.not-party"]
    for stage in (Stage.AWARDED, Stage.COMPLETED, Stage.TERMINATED):
        assert why([line()], stage=stage) == ["project.stage-not-now"]
    assert why([line()], waiting=True) == ["plan.waiting"]
    assert why([]) == ["plan.empty"]
    assert why([line(amount="99.99")]) == ["plan.sum"]
    assert why([line(due=date(2026, 11, 26), what=" ")]) == ["plan.line"]
    assert why([line(n, "100") for n in range(1, 32)]) == ["plan.too-long", "plan.sum"]


def test_a_change_says_why_keeps_what_was_handed_over_and_adds_a_tenth_at_most():
    before, told = [line(1), line(2, "0.5")], "业主增加一处点位"

    assert why(before, before=before) == ["plan.no-reason", "plan.same"]
    assert why([line(1), line(2, "9.5")], before=before, reason=told) == []
    assert why([line(1), line(2, "10.01")], before=before, reason=told) == ["plan.addition"]
    assert why([line(1), line(2, "500")], before=before, reason=told, most=None) == []  # works: any, told to all
    assert why([line(1, due=TUESDAY), line(2, "1")], before=before, fixed={1}, reason=told) == ["plan.delivered"]
    assert why([line(2, "1")], before=before, fixed={1}, reason=told) == ["plan.delivered"]


def test_all_is_done_when_every_milestone_is_accepted_and_there_is_one():
    done, waits = [Handed(FRIDAY, MONDAY, accepted=True)], [Handed(FRIDAY)]

    assert not rules.is_done([], {}) and not rules.is_done([line(1), line(2)], {1: done})
    assert not rules.is_done([line(1), line(2)], {1: done, 2: waits})
    assert rules.is_done([line(1), line(2)], {1: done, 2: done})


def test_invoices_and_payments_never_exceed_the_contract():
    facts = {"stage": Stage.CONTRACTED, "parties": PARTIES, "total": Decimal(100), "today": MONDAY}
    pay = facts | {"paid_on": MONDAY, "by": cast.OFFICER}
    bill = facts | {"issued_on": MONDAY, "again": False, "by": cast.PROVIDER}

    def codes(told):
        return [reason.code for reason in told]

    assert not rules.why_not_pay(before=Decimal("99.99"), amount=Decimal("0.01"), **pay)
    assert codes(rules.why_not_pay(before=Decimal("99.99"), amount=Decimal("0.02"), **pay)) == [
        "performance.above-contract"
    ]
    assert codes(rules.why_not_pay(before=Decimal(), amount=Decimal(1), **(pay | {"paid_on": TUESDAY}))) == [
        "performance.fact"
    ]
    assert codes(rules.why_not_pay(before=Decimal(), amount=Decimal(1), **(pay | {"by": cast.PROVIDER}))) == [
        "performance.not-buyer"
    ]
    assert codes(rules.why_not_invoice(before=Decimal(100), amount=Decimal("0.01"), **bill)) == [
        "performance.above-contract"
    ]
    assert codes(rules.why_not_invoice(before=Decimal(), amount=Decimal(1), **(bill | {"again": True}))) == [
        "invoice.again"
    ]
    assert codes(rules.why_not_invoice(before=Decimal(), amount=Decimal(1), **(bill | {"by": cast.OFFICER}))) == [
        "performance.not-provider"
    ]
    for stage in (Stage.COMPLETED, Stage.TERMINATED):  # what is owed is paid after the end as well
        assert not rules.why_not_pay(before=Decimal(), amount=Decimal(1), **(pay | {"stage": stage}))
    assert codes(rules.why_not_pay(before=Decimal(), amount=Decimal(1), **(pay | {"stage": Stage.AWARDED}))) == [
        "performance.no-contract"
    ]
