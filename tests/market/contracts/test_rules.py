"""What a contract must hold to: who, when, then amount, day and lateness at once."""

from datetime import date
from decimal import Decimal

from market.contracts import rules
from market.projects.rules import PROCEDURES, Edition, Method, Stage
from rulebook.refusal import Kind, Reason
from tests.cast import BUYER, NOON, OFFICER, OTHER_OFFICER, PROVIDER, RIVAL

PERIOD = PROCEDURES[Method.TENDER, Edition.LAW_2017].contract
BAN = (Reason("blacklist.banned", Kind.NOT_NOW, "处于禁入期"),)
SIGNED = date(2026, 11, 24)


def why(stage=Stage.AWARDED, by=OFFICER, award="1100000", amount="1100000", on=SIGNED, late="", bans=(), waiting=False,
        payment="验收后付清"):  # fmt: skip
    told = rules.why_not_propose(
        stage=stage, buyer=BUYER, award_amount=Decimal(award) if award else None, awarded_at=NOON if award else None,
        waiting=waiting, amount=Decimal(amount), payment=payment, delivery="六十日内交付", today=on, period=PERIOD,
        late_reason=late, bans=bans, by=by,
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


def test_amount_terms_and_lateness_are_named_together():
    assert why(waiting=True, amount="1") == ["contract.waiting"]
    late = date(2026, 12, 25)
    assert why(amount="990000", payment=" ", on=late) == ["contract.other-amount", "contract.no-terms", "contract.late"]


def test_the_thirtieth_day_is_in_time_and_the_next_is_not():
    """The award is of 24 November; the thirtieth day after it is Thursday 24 December."""
    assert not why(on=date(2026, 12, 24))
    assert why(on=date(2026, 12, 25)) == ["contract.late"]
    assert not why(on=date(2026, 12, 25), late="质疑处理")


def test_the_winner_answers_and_nobody_else():
    told = {"stage": Stage.AWARDED, "winner": PROVIDER.organisation, "waiting": True}

    def codes(*reasons):
        return [reason.code for reason in reasons]

    assert not rules.why_not_answer(**told, by=PROVIDER)
    for other in (OFFICER, RIVAL):
        assert codes(*rules.why_not_answer(**told, by=other)) == ["contract.not-winner"]
    assert codes(*rules.why_not_answer(**told | {"stage": Stage.CONTRACTED}, by=PROVIDER)) == ["project.stage-not-now"]
    assert codes(*rules.why_not_answer(**told | {"waiting": False}, by=PROVIDER)) == ["contract.nothing-waits"]
    assert codes(*rules.why_not_return(**told, reasons=" 改", by=PROVIDER)) == ["contract.no-reasons"]
    taken = {"stage": Stage.AWARDED, "buyer": BUYER}
    assert codes(*rules.why_not_take_back(**taken, waiting=True, by=PROVIDER)) == ["project.not-officer"]
    assert codes(*rules.why_not_take_back(**taken, waiting=False, by=OFFICER)) == ["contract.nothing-waits"]
