"""One spelling for every instant."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

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
     "2026-13-21T22:58:03.000000Z", "2026-11-21T22:58:03.000000Z ", "２026-11-21T22:58:03.000000Z", ""],
)  # fmt: skip
def test_any_other_spelling_is_refused(text):
    with pytest.raises(ValueError):
        parse_iso(text)
