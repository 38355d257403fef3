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


@pytest.fixture
def counted(hands, monkeypatch):
    """The machine's own count of seconds beside its hands; the process knows both."""
    told = [1000.0]
    monkeypatch.setattr(clock, "steady", lambda: told[0])
    clock.forget()
    clock.now()
    clock.count()
    return told


def passes(hands, counted, wait):
    hands[0] += wait
    counted[0] += wait.total_seconds()


@pytest.mark.parametrize("leap", [timedelta(seconds=120), timedelta(days=366)])
def test_a_leap_ahead_closes_nothing(hands, counted, leap):
    hands[0] = NOON + leap

    assert clock.now() == NOON
    assert clock.ahead() == leap

    passes(hands, counted, HOUR)
    assert clock.now() == NOON + HOUR  # time goes on, at its own pace

    hands[0] = NOON + HOUR + timedelta(seconds=1)
    assert clock.now() == NOON + HOUR + timedelta(seconds=1)
    assert clock.ahead() == clock.behind() == timedelta()


def test_a_leap_back_leaves_nothing_open_longer(hands, counted):
    hands[0] = NOON - timedelta(seconds=120)
    assert clock.now() == NOON
    assert clock.behind() == timedelta(seconds=120)

    passes(hands, counted, HOUR)
    assert clock.now() == NOON + HOUR  # by the count
    assert clock.still() == timedelta() and clock.behind() == timedelta(seconds=120)


def test_a_small_step_back_is_followed_and_time_stands_still_for_as_long(hands, counted):
    hands[0] = NOON - timedelta(seconds=5)

    assert clock.now() == NOON
    assert clock.still() == clock.behind() == timedelta(seconds=5)

    passes(hands, counted, timedelta(seconds=6))
    assert clock.now() == NOON + timedelta(seconds=1) and clock.still() == timedelta()


@pytest.mark.parametrize("leap", [timedelta(seconds=-1), timedelta(seconds=1)])
def test_a_leap_second_opens_and_closes_nothing_twice(hands, counted, leap):
    """A kernel gives a second of the last night twice, or leaves it out."""
    midnight, tenth = datetime(2027, 1, 1, tzinfo=UTC), timedelta(seconds=0.1)
    hands[0], true = midnight - timedelta(seconds=3), midnight - timedelta(seconds=3)
    clock.forget(), clock.now(), clock.count()
    said = []
    for _ in range(60):
        true, counted[0] = true + tenth, counted[0] + 0.1
        hands[0] = true + (leap if true >= midnight - max(leap, timedelta()) else timedelta())
        said.append(clock.now())
        assert clock.still() <= timedelta(seconds=1)  # bids are taken through it
        assert clock.ahead() == timedelta()

    assert said == sorted(said)
    assert [at >= midnight for at in said] == sorted(at >= midnight for at in said)
    assert clock.now() == hands[0] == true + leap and clock.behind() == timedelta()


def test_a_year_ahead_and_back_leaves_no_trace(hands, counted):
    stored: list[datetime] = []
    hands[0] = NOON + timedelta(days=366)
    clock.refresh(load=lambda: NOON, save=stored.append)
    hands[0] = NOON
    clock.refresh(load=lambda: NOON, save=stored.append)

    assert stored == [NOON, NOON]
    assert clock.behind() == timedelta()


def test_the_mark_of_a_process_whose_clock_leapt_moves_nobody_else(hands, counted):
    clock.refresh(load=lambda: NOON + timedelta(days=366), save=lambda instant: None)

    assert clock.now() == NOON

    clock.refresh(load=lambda: NOON + timedelta(seconds=2), save=lambda instant: None)
    assert clock.now() == NOON + timedelta(seconds=2)


def test_a_clock_that_is_set_right_little_by_little_is_followed(hands, counted):
    for _ in range(20):
        passes(hands, counted, timedelta(minutes=1))
        hands[0] += timedelta(seconds=3)
        clock.now()

    assert clock.now() == hands[0] == NOON + timedelta(minutes=21)
    assert clock.ahead() == timedelta()


def test_a_machine_behind_goes_on_with_the_marks_of_the_others(hands, counted):
    hands[0] = NOON - HOUR
    counted[0] += 60

    clock.refresh(load=lambda: NOON + timedelta(minutes=1), save=lambda instant: None)
    assert clock.now() == NOON + timedelta(minutes=1)

    hands[0] = NOON + timedelta(minutes=1)  # set right: no leap
    assert clock.now() == NOON + timedelta(minutes=1)
    assert clock.ahead() == timedelta()


def test_a_restart_takes_the_new_time_for_the_true_one(hands, counted):
    hands[0] = NOON + timedelta(days=366)
    assert clock.now() == NOON

    clock.forget()

    assert clock.now() == NOON + timedelta(days=366)
