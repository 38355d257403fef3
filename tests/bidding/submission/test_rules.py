"""When an offer may be handed in, replaced or taken back: no database."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bidding.submission import rules
from bidding.submission.rules import Calendar, Part, Stored
from rulebook.actor import Actor, Role
from rulebook.refusal import Kind, Reason
from tests.cast import BUYER, HETAO, HOUR, NOON, OFFICER, PROVIDER, RIVAL, STRANGER

OPEN = Calendar(accepts=True, closes_at=NOON, sealed_up=False)
TICK = timedelta(microseconds=1)
UNIT = {"tender": "T-1", "lot": "1", "part": "sheet"}
PART = Part(UNIT, "cmh", frozenset({5, 7}), frozenset({5}), 1, "env1", "eid1")
FRESH = Part(UNIT, "cmh", frozenset({7}), frozenset(), 0, None, None)
SUB: dict[str, Any] = {
    "org": HETAO, "gen": 1, "unit": UNIT, "cmh": "cmh", "eid": "eid2", "slot": 7, "env_sha256": "env2", "size": 9,
    "seq": 2, "replaces": "env1",
}  # fmt: skip
STORED = Stored("env2", 9, "eid2", 7)


def against(*, by: Actor = PROVIDER, calendar: Calendar = OPEN, at: Any = NOON - HOUR, part: Part = PART,
            stored: Stored | None = STORED, taken: bool = False, banned: tuple[Reason, ...] = (),
            **changed: Any) -> list[str]:  # fmt: skip
    reasons = rules.why_not_submit(
        by=by,
        holders=[BUYER],
        banned=banned,
        calendar=calendar,
        at=at,
        parts={"sheet": replace(part, stored={stored.sha256: stored} if stored else {})},
        subs={"sheet": {**SUB, **changed}},
        eids_taken=taken,
    )
    return [reason.code for reason in reasons]


def test_a_well_made_replacement_is_accepted():
    assert against() == []


def test_a_first_bid_replaces_nothing():
    assert against(part=FRESH, seq=1, replaces=None) == []
    assert against(part=FRESH, seq=1) == ["bid.replaces"]


@pytest.mark.parametrize(("offset", "codes"), [(-TICK, []), (timedelta(), ["bid.late"]), (TICK, ["bid.late"])])
def test_the_deadline_itself_is_too_late(offset: timedelta, codes: list[str]):
    assert against(at=NOON + offset) == codes


def test_what_arrived_in_time_is_refused_once_the_list_is_fixed_and_not_called_late():
    assert against(calendar=replace(OPEN, sealed_up=True), at=NOON - TICK) == ["bid.drained"]


def test_a_project_that_takes_no_offers_takes_none():
    assert against(calendar=replace(OPEN, accepts=False)) == ["bid.not-open"]


@pytest.mark.parametrize("by", [OFFICER, STRANGER, Actor("x", Role.PROVIDER, "")])
def test_only_a_provider_with_an_organisation_bids(by: Actor):
    assert against(by=by) == ["bid.not-provider"]


def test_a_holder_of_the_opening_keys_may_not_bid():
    assert against(by=replace(PROVIDER, organisation=BUYER)) == ["bid.is-holder"]


def test_a_ban_hides_everything_behind_it():
    banned = (Reason("blacklist.banned", Kind.NOT_YOURS, "禁入"),)

    assert against(banned=banned, at=NOON + HOUR, slot=99) == ["blacklist.banned"]


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"org": RIVAL.organisation}, "bid.not-own"),
        ({"unit": {**UNIT, "tender": "T-2"}}, "bid.other-terms"),
        ({"cmh": "other"}, "bid.other-terms"),
        ({"size": 10}, "bid.envelope-differs"),
        ({"eid": "eid3"}, "bid.envelope-differs"),
        ({"seq": 1}, "bid.version"),
        ({"seq": 3}, "bid.version"),
        ({"replaces": None}, "bid.replaces"),
        ({"replaces": "other"}, "bid.replaces"),
    ],
)
def test_what_the_statement_says_must_be_so(changed: dict[str, Any], code: str):
    assert code in against(**changed)


def test_an_envelope_that_was_not_uploaded_is_no_bid():
    assert against(stored=None) == ["bid.envelope-unknown"]


@pytest.mark.parametrize("slot", [5, 8])
def test_a_slot_is_the_bidders_own_and_used_once(slot: int):
    assert against(slot=slot, stored=replace(STORED, slot=slot)) == ["bid.slot"]


def test_an_envelope_id_is_used_once_in_the_world():
    assert against(taken=True) == ["bid.eid-used"]


def test_a_bid_is_whole_or_not_at_all():
    parts = {"sheet": replace(FRESH, stored={"env2": STORED}), "body": FRESH}
    reasons = rules.why_not_submit(
        by=PROVIDER, holders=[], banned=(), calendar=OPEN, at=NOON - HOUR, parts=parts,
        subs={"sheet": {**SUB, "seq": 1, "replaces": None}}, eids_taken=False,
    )  # fmt: skip

    assert [reason.code for reason in reasons] == ["bid.part-missing"]


def withdrawing(*, at: Any = NOON - HOUR, part: Part = PART, by: Actor = PROVIDER, **changed: Any) -> list[str]:
    wd = {"org": HETAO, "unit": UNIT, "eid": "eid1", "seq": 2, **changed}
    reasons = rules.why_not_withdraw(by=by, calendar=OPEN, at=at, parts={"sheet": part}, wds={"sheet": wd})
    return [reason.code for reason in reasons]


def test_a_bid_can_be_taken_back_until_the_deadline():
    assert withdrawing() == []
    assert withdrawing(at=NOON) == ["bid.late"]


def test_only_what_is_live_and_ones_own_is_taken_back():
    assert withdrawing(part=replace(PART, live_env=None)) == ["withdrawal.nothing-live"]
    assert withdrawing(eid="eid0") == ["withdrawal.eid"]
    assert withdrawing(seq=1) == ["bid.version"]
    assert withdrawing(org=RIVAL.organisation) == ["bid.not-own"]
    assert withdrawing(by=OFFICER) == ["bid.not-provider"]


def test_the_list_is_fixed_by_the_clock_and_only_after_the_drain():
    drain = timedelta(seconds=15)

    def codes(by: Actor, at: Any, waits: bool = False) -> list[str]:
        told = rules.why_not_fix_list(by=by, closes_at=NOON, drain=drain, at=at, underway=waits)
        return [reason.code for reason in told]

    system = Actor("", Role.SYSTEM)
    assert codes(OFFICER, NOON + HOUR) == ["closing.not-system"]
    assert codes(system, NOON + drain - TICK) == ["closing.too-early"]
    assert codes(system, NOON + drain) == []
    assert codes(system, NOON + drain, True) == ["closing.underway"]
    assert codes(system, NOON + drain + rules.PATIENCE, True) == []  # one request that hangs keeps no hall shut
