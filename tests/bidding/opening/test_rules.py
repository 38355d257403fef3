"""Who may do what in which act of an opening, and what a shut gate hides: no database."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from bidding.opening import rules
from bidding.opening.rules import Act, Facts
from market.projects.rules import PROCEDURES
from tests.cast import (
    BUYER,
    HETAO,
    MINUTE,
    NOON,
    OFFICER,
    OTHER_OFFICER,
    PROVIDER,
    STRANGER,
    SUPERVISOR,
    WITNESS,
    YINSHAN,
)

CLOSED = Facts(act=Act.CLOSED, hosts=frozenset({BUYER}), closing="c", live=3)
BIDDERS = replace(CLOSED, act=Act.BIDDERS, turn_ends=NOON + 30 * MINUTE, bidders=frozenset({HETAO}))
RECORD = replace(BIDDERS, act=Act.RECORD, effective=3)
TICK = timedelta(microseconds=1)


def codes(reasons: Any) -> list[str]:
    return [reason.code for reason in reasons]


@pytest.mark.parametrize("by", [OTHER_OFFICER, PROVIDER, SUPERVISOR, WITNESS, STRANGER])
@pytest.mark.parametrize("act", list(Act))
def test_a_stranger_at_the_gate_never_learns_how_many_bids_there_are(by, act):
    few = replace(CLOSED, act=act, live=1)

    assert codes(rules.why_not_open(few, by=by)) == ["hall.not-officer"]
    assert codes(rules.why_not_declare_too_few(few, by=by)) == ["hall.not-officer"]


@pytest.mark.parametrize(
    ("act", "code"),
    [
        (Act.WAITING, "hall.too-early"),
        (Act.SEALING, "hall.not-witnessed"),
        (Act.BIDDERS, "hall.already-open"),
        (Act.ENDED, "hall.already-open"),
        (Act.NOT_OPENED, "hall.not-opened"),
    ],
)
def test_the_clock_hides_the_count_from_the_host_too(act, code):
    assert codes(rules.why_not_open(replace(CLOSED, act=act, live=1), by=OFFICER)) == [code]


def test_three_bids_open_the_hall_and_two_do_not():
    assert rules.why_not_open(CLOSED, by=OFFICER) == ()
    [reason] = rules.why_not_open(replace(CLOSED, live=2), by=OFFICER)
    assert (reason.code, str(reason.law)) == ("hall.too-few-bids", "87号令 第41条")


def test_too_few_is_declared_under_the_supervisors_signature():
    few = replace(CLOSED, live=2)

    assert codes(rules.why_not_declare_too_few(few, by=OFFICER)) == ["few.unsigned"]
    assert rules.why_not_declare_too_few(replace(few, few_signed=True), by=OFFICER) == ()
    assert codes(rules.why_not_declare_too_few(CLOSED, by=OFFICER)) == ["few.enough"]


def test_the_supervisor_signs_for_this_list_alone():
    few = replace(CLOSED, live=2)

    def signing(facts: Facts, *, supervises: bool = True, closing: str = "c", least: int = 3) -> list[str]:
        return codes(rules.why_not_sign_few(facts, supervises=supervises, closing=closing, least=least))

    assert signing(few) == []
    assert signing(few, supervises=False) == ["few.not-supervisor"]
    assert signing(few, closing="d") == signing(few, least=2) == ["few.other-closing"]
    assert signing(CLOSED) == ["few.enough"]
    assert signing(replace(few, act=Act.WAITING)) == ["hall.too-early"]


def release(facts: Facts = BIDDERS, *, organisation: str = HETAO, closing: str = "c", at: Any = NOON) -> list[str]:
    return codes(rules.why_not_release_half(facts, organisation=organisation, closing=closing, at=at))


def test_a_bidder_releases_in_his_turn_until_its_last_microsecond():
    assert release() == []
    assert release(at=NOON + 30 * MINUTE - TICK) == []
    assert release(at=NOON + 30 * MINUTE) == ["release.too-late"]


def test_a_bidder_releases_only_in_a_running_turn_of_this_opening():
    assert release(organisation=YINSHAN) == ["hall.not-bidder"]
    assert release(replace(BIDDERS, paused=True)) == ["hall.paused"]
    assert release(replace(BIDDERS, act=Act.STOPPED)) == ["hall.over"]
    assert release(closing="d") == ["release.other-closing"]
    assert release(replace(BIDDERS, act=Act.HOLDERS)) == ["hall.not-this-turn"]
    assert release(replace(BIDDERS, act=Act.ENDED)) == ["hall.ended"]


@pytest.mark.parametrize("act", [Act.WAITING, Act.SEALING, Act.CLOSED])
def test_before_the_hall_opens_a_bidder_and_a_stranger_get_the_same_answer(act):
    before = replace(BIDDERS, act=act)

    assert release(before) == release(before, organisation=YINSHAN) == ["hall.not-open"]


def test_holders_release_only_after_the_bidders_are_done():
    def key(facts: Facts, *, is_holder: bool = True, closing: str = "c") -> list[str]:
        return codes(rules.why_not_release_key(facts, is_holder=is_holder, closing=closing))

    assert key(BIDDERS) == ["hall.not-this-turn"]
    assert key(replace(BIDDERS, act=Act.HOLDERS)) == key(replace(BIDDERS, act=Act.RESCUE)) == []
    assert key(replace(BIDDERS, act=Act.HOLDERS), is_holder=False) == ["release.not-holder"]
    assert key(replace(BIDDERS, act=Act.HOLDERS), closing="d") == ["release.other-closing"]
    assert key(replace(BIDDERS, act=Act.HOLDERS, paused=True)) == ["hall.paused"]
    assert key(replace(BIDDERS, act=Act.STOPPED)) == ["hall.over"]
    assert key(RECORD) == ["hall.not-this-turn"]


def test_a_rescue_waits_until_it_is_declared():
    def rescue(facts: Facts) -> list[str]:
        return codes(rules.why_not_rescue(facts, organisation=HETAO, closing="c", at=NOON))

    assert rescue(replace(BIDDERS, act=Act.HOLDERS)) == ["hall.not-this-turn"]
    assert rescue(replace(BIDDERS, act=Act.RESCUE)) == []


def test_the_opening_ends_when_all_is_said_and_enough_opened():
    assert rules.why_not_end(RECORD, by=OFFICER) == ()
    assert codes(rules.why_not_end(RECORD, by=OTHER_OFFICER)) == ["hall.not-officer"]
    assert codes(rules.why_not_end(BIDDERS, by=OFFICER)) == ["hall.not-read-out"]
    assert codes(rules.why_not_end(replace(RECORD, objections_open=1), by=OFFICER)) == ["hall.objections-open"]
    assert codes(rules.why_not_end(replace(RECORD, effective=2), by=OFFICER)) == ["hall.too-few-effective"]
    assert rules.why_not_end_in_failure(replace(RECORD, effective=2), by=OFFICER) == ()
    assert codes(rules.why_not_end_in_failure(RECORD, by=OFFICER)) == ["hall.enough-effective"]


def test_the_record_is_signed_by_its_signatories_when_it_is_drawn_up():
    def sign(facts: Facts, *, signs_as: object = "bidder", same: bool = True) -> list[str]:
        return codes(rules.why_not_acknowledge(facts, signs_as=signs_as, same_record=same))

    assert sign(RECORD) == []
    assert sign(RECORD, signs_as=None) == ["record.not-signatory"]
    assert sign(RECORD, same=False) == ["record.other"]
    assert sign(BIDDERS) == ["hall.not-this-turn"]


def test_a_turn_ends_with_its_drain_and_never_while_paused():
    def over(at: Any, *, paused: bool = False, underway: bool = False) -> bool:
        return rules.turn_is_over(turn_ends=NOON, drain=MINUTE, paused=paused, underway=underway, at=at)

    assert not over(NOON + MINUTE - TICK)
    assert over(NOON + MINUTE)
    assert not over(NOON + 60 * MINUTE, paused=True)
    assert not over(NOON + MINUTE, underway=True)  # what came within it may still wait in a house that lags
    assert over(NOON + MINUTE + rules.PATIENCE, underway=True)


@pytest.mark.parametrize(
    ("sheet", "amount"),
    [
        ({"price": "1000000.00"}, "1000000.00"),
        ({"price": "5"}, "5.00"),
        ({"price": "0.00"}, None),
        ({"price": "-3.00"}, None),
        ({"price": "1,000.00"}, None),
        ({"price": "1.005"}, None),
        ({"price": "1e6"}, None),
        ({"price": 5}, None),
        ({"price": ""}, None),
        ({}, None),
    ],
)
def test_a_quote_is_a_plain_positive_amount_or_none(sheet, amount):
    assert rules.quote(sheet) == (None if amount is None else Decimal(amount))


def test_a_bid_is_effective_when_every_part_opened():
    assert rules.is_effective(["OK", "OK"])
    assert not rules.is_effective(["OK", "ABSENT"])
    assert not rules.is_effective(["OK", ""])
    assert not rules.is_effective([])


def test_a_refusal_cites_the_law_of_its_regime_and_none_where_there_is_none():
    found = {}
    for regime, edition in (("A", "ztb-2019"), ("B", "87-2017"), ("C", "214-2014")):
        [row] = [row for row in PROCEDURES.values() if row.edition == edition]
        due = replace(CLOSED, laws=row.formalities)
        told = (
            rules.why_not_open(replace(due, act=Act.WAITING), by=OFFICER)
            + rules.why_not_open(replace(due, live=2), by=OFFICER)
            + rules.why_not_end(replace(due, act=Act.HOLDERS), by=OFFICER)
            + rules.why_not_end(replace(due, act=Act.RECORD, effective=3, objections_open=1), by=OFFICER)
            + rules.why_not_end(replace(due, act=Act.RECORD, effective=3, witnessed=False), by=OFFICER)
        )
        found[regime] = [str(reason.law or "") for reason in told]
    talks = "政府采购竞争性磋商采购方式管理暂行办法"
    assert found == {
        "A": ["招标投标法 第34条", "招标投标法实施条例 第44条", "电子招标投标办法 第30条", "招标投标法实施条例 第44条",
              "电子招标投标办法 第32条"],
        "B": ["87号令 第39条", "87号令 第41条", "电子招标投标办法 第30条", "87号令 第42条", "87号令 第42条"],
        "C": ["", f"{talks} 第34条", "", "政府采购法 第51条", "政府采购法 第42条"],
    }  # fmt: skip
