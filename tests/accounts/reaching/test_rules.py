"""What goes when: quiet hours hold back what can wait, nothing that is urgent today; receipts come in any order."""

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.reaching import rules, signing
from accounts.reaching.rules import LIFE, PRESSING, State, Topic
from rulebook.calendar import CHINA
from tests.cast import DAY, HOUR, NOON

NIGHT = {"begins": time(22), "ends": time(7, 30)}
LATE = datetime(2026, 11, 24, 23, 5, tzinfo=CHINA)
INSTANTS = st.integers(1_767_196_800, 1_798_732_800).map(lambda seconds: datetime.fromtimestamp(seconds, tz=UTC))
TIMES = st.times().map(lambda told: told.replace(second=0, microsecond=0))  # as they are typed


@given(INSTANTS, TIMES, TIMES, st.sampled_from(Topic))
def test_what_presses_or_falls_due_today_is_never_held_back(at, begins, ends, topic):
    at_once = topic in PRESSING
    quiet = {"begins": begins, "ends": ends}

    assert (rules.leaves_at(topic, due_at=None, **quiet, at=at) == at) or not at_once
    assert rules.leaves_at(topic, due_at=at + timedelta(hours=23), **quiet, at=at) == at


@given(INSTANTS, TIMES, TIMES)
def test_what_can_wait_leaves_outside_quiet_hours_within_a_day_and_at_a_full_ten_minutes(at, begins, ends):
    out = rules.leaves_at(Topic.PROGRESS, due_at=None, begins=begins, ends=ends, at=at)

    assert at <= out <= at + DAY + rules.STEP
    assert out.timestamp() % rules.STEP.total_seconds() == 0
    minutes_quiet = (datetime.combine(NOON, ends) - datetime.combine(NOON, begins)) % DAY
    if minutes_quiet <= timedelta(hours=23):
        assert not rules.is_quiet(out, begins=begins, ends=ends)


def test_a_night_ends_in_the_morning():
    out = rules.leaves_at(Topic.DUTY, due_at=None, **NIGHT, at=LATE)
    assert out.astimezone(CHINA) == datetime(2026, 11, 25, 7, 30, tzinfo=CHINA)
    assert rules.leaves_at(Topic.DUTY, due_at=LATE + 30 * HOUR, **NIGHT, at=LATE) == LATE  # due the day it would leave
    assert rules.leaves_at(Topic.DUTY, due_at=LATE + 9 * DAY, **NIGHT, at=LATE) == out


def test_pauses_grow_and_end():
    due = [rules.after_failure(tries, at=NOON) for tries in range(1, len(rules.PAUSES) + 2)]
    assert due[-1] is None
    assert due[:-1] == sorted(due[:-1]) and len(set(due)) == len(due)


@pytest.mark.parametrize("state", State)
def test_a_receipt_says_something_new_or_nothing(state):
    for told in (State.DELIVERED, State.FAILED):
        new = rules.next_state(state, told)
        assert new in (None, told)
        if new is not None:
            assert rules.next_state(new, told) is None
    # Arrived is the last word, whatever comes after it.
    assert LIFE.is_final(State.DELIVERED)


@given(st.sampled_from(["0", "", "12345678901", "+1790000000", " 1790000000", "179000000x", "１７９０００００００"]))
def test_an_instant_has_one_spelling(stamp):
    signed = signing.signature("k" * 32, speaker=signing.GATEWAY, stamp=stamp, body=b"{}")
    assert signing.spoken_at("k" * 32, speaker=signing.GATEWAY, stamp=stamp, signed=signed, body=b"{}") is None


def test_nothing_is_signed_without_a_secret_and_the_house_s_own_words_are_no_receipt():
    stamp = str(int(NOON.timestamp()))
    own = signing.signature("k" * 32, speaker=signing.HOUSE, stamp=stamp, body=b"{}")
    empty = signing.signature("", speaker=signing.GATEWAY, stamp=stamp, body=b"{}")
    told = {"speaker": signing.GATEWAY, "stamp": stamp, "body": b"{}"}
    assert signing.spoken_at("k" * 32, signed=own, **told) is None
    assert signing.spoken_at("", signed=empty, **told) is None
    good = signing.signature("k" * 32, speaker=signing.GATEWAY, stamp=stamp, body=b"{}")
    assert signing.spoken_at("k" * 32, signed=good, **told) == NOON.replace(microsecond=0)
    assert signing.spoken_at("k" * 32, signed=good.upper(), **told) is None
