"""One spelling for every instant."""

import time
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rulebook.calendar import CHINA, day_in_china
from rulebook.times import iso, parse_iso


@given(st.datetimes(timezones=st.sampled_from([UTC, timezone(timedelta(hours=8))]), min_value=datetime(2, 1, 1)))  # noqa: DTZ001
def test_an_instant_survives_being_written(instant):
    assert parse_iso(iso(instant)) == instant
    assert len(iso(instant)) == 27


def test_an_instant_is_written_in_utc_with_microseconds():
    beijing = datetime(2026, 11, 22, 6, 58, 3, tzinfo=timezone(timedelta(hours=8)))

    assert iso(beijing) == "2026-11-21T22:58:03.000000Z"


def test_an_instant_without_a_zone_is_no_instant():
    with pytest.raises(ValueError, match="time zone"):
        iso(datetime(2026, 11, 22))  # noqa: DTZ001


@pytest.mark.parametrize(
    "text",
    ["2026-11-21T22:58:03Z", "2026-11-21T22:58:03.000000+00:00", "2026-11-21 22:58:03.000000Z",
     "2026-13-21T22:58:03.000000Z", "2026-12-31T23:59:60.000000Z", "2026-11-21T22:58:03.000000Z ",
     "２026-11-21T22:58:03.000000Z", ""],
)  # fmt: skip
def test_any_other_spelling_is_refused(text):
    with pytest.raises(ValueError):
        parse_iso(text)


@pytest.mark.parametrize("host", ["Europe/Berlin", "America/New_York", "Asia/Shanghai", "UTC"])
@pytest.mark.parametrize("day", [(2026, 10, 25), (2026, 11, 1), (2026, 3, 29), (2026, 12, 31)])
def test_where_the_machine_stands_changes_no_day_and_no_hour(monkeypatch, host, day):
    """On the days on which Berlin and New York set their clocks, through the hour that is there twice or not at all."""
    monkeypatch.setenv("TZ", host)
    time.tzset()
    try:
        midnight = datetime(*day, tzinfo=CHINA)
        for minutes in range(0, 24 * 60, 30):
            instant = midnight + timedelta(minutes=minutes)
            assert parse_iso(iso(instant)) == instant
            assert day_in_china(instant.astimezone(UTC)) == midnight.date()
        assert day_in_china(midnight - timedelta(microseconds=1)) == midnight.date() - timedelta(days=1)
    finally:
        monkeypatch.undo()
        time.tzset()
