"""Time never runs back."""

from datetime import UTC, datetime, timedelta

import pytest

from rulebook import clock

NOON = datetime(2026, 11, 24, 4, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def hands(monkeypatch):
    """The machine's clock, to be set."""
    told = [NOON]
    monkeypatch.setattr(clock, "system", lambda: told[0])
    return told


def test_the_system_clock_is_read_in_utc():
    assert clock.system().utcoffset() == timedelta()
    assert clock.now() <= clock.now()


def test_time_stands_still_while_the_machine_is_behind(hands):
    clock.now()

    hands[0] = NOON - HOUR

    assert clock.now() == NOON
    assert clock.behind() == HOUR


def test_time_goes_on_once_the_machine_has_caught_up(hands):
    clock.now()

    hands[0] = NOON + HOUR

    assert clock.now() == NOON + HOUR
    assert clock.behind() == timedelta()


def test_a_new_process_learns_the_stored_mark_and_stores_its_own(hands):
    stored = [NOON + HOUR]

    clock.refresh(load=lambda: stored[-1], save=stored.append)

    assert clock.now() == NOON + HOUR
    hands[0] = NOON + 2 * HOUR
    assert clock.refresh(load=lambda: stored[-1], save=stored.append) == NOON + 2 * HOUR
    assert stored[-1] == NOON + 2 * HOUR


def test_the_first_process_of_all_finds_no_mark(hands):
    stored: list[datetime] = []

    clock.refresh(load=lambda: None, save=stored.append)

    assert stored == [NOON]


def test_nothing_is_behind_before_the_first_look(hands):
    clock.forget()

    assert clock.behind() == timedelta()
