"""What a contract must hold to: who, when, then amount, day and lateness at once."""

from datetime import date
from decimal import Decimal

from market.contracts import rules
from market.projects.rules import PROCEDURES, Edition, Method, Stage
from rulebook.refusal import Kind, Reason
from tests.cast import BUYER, DAY, NOON, OFFICER, OTHER_OFFICER, PROVIDER

PERIOD = PROCEDURES[Method.TENDER, Edition.LAW_2017].contract
BAN = (Reason("blacklist.banned", Kind.NOT_NOW, "处于禁入期"),)
SIGNED = date(2026, 11, 24)


def why(stage=Stage.AWARDED, by=OFFICER, award="1100000", amount="1100000", signed=SIGNED, late="", bans=(), at=NOON):
    told = rules.why_not_record_contract(
        stage=stage, buyer=BUYER, award_amount=Decimal(award) if award else None, awarded_at=NOON if award else None,
        amount=Decimal(amount), signed_on=signed, period=PERIOD, late_reason=late, bans=bans, by=by, at=at,
    )  # fmt: skip
    return [reason.code for reason in told]


def test_a_contract_at_the_quote_in_time_has_nothing_against_it():
    assert not why()


def test_it_is_the_officers_after_an_award():
    assert why(by=OTHER_OFFICER) == why(by=PROVIDER) == ["project.not-officer"]
    assert why(stage=Stage.PROPOSED) == why(stage=Stage.CONTRACTED) == ["project.stage-not-now"]
    assert why(award="") == ["contract.no-award"]


def test_a_ban_hides_what_is_wrong_with_the_figures():
    assert why(bans=BAN, amount="1") == ["blacklist.banned"]


def test_amount_and_day_are_named_together():
    assert why(amount="990000", signed=date(2026, 11, 23)) == ["contract.other-amount", "contract.impossible-day"]
    assert why(signed=date(2026, 11, 25)) == ["contract.impossible-day"]


def test_the_thirtieth_day_is_in_time_and_the_next_is_not():
    """The award is of 24 November; the thirtieth day after it is Thursday 24 December."""
    later = NOON + 40 * DAY

    assert not why(signed=date(2026, 12, 24), at=later)
    assert why(signed=date(2026, 12, 25), at=later) == ["contract.late"]
    assert not why(signed=date(2026, 12, 25), late="质疑处理", at=later)
