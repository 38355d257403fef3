"""The scaled setup: a real worker and beat run the table of ticks, and one sequencer holds the log key."""

import pytest

from config import celery, ticks
from rulebook.actor import SYSTEM
from rulebook.refusal import Kind, Reason, Refused
from tests.cast import NOON


def test_beat_schedules_exactly_the_table_and_late_ticks_lapse():
    scheduled = celery.app.conf.beat_schedule

    assert {each["args"][0] for each in scheduled.values()} == {tick.task for tick in ticks.TICKS}
    assert all(each["options"]["expires"] >= 1 for each in scheduled.values())


@pytest.mark.parametrize("tick", ticks.TICKS, ids=lambda tick: tick.task)
@pytest.mark.django_db
def test_every_tick_runs_on_an_empty_house_and_twice(tick):
    for _ in range(2):
        ticks.run(tick.task, at=NOON)


refused = []


def refuse(*, by, at):
    """A tick that finds its act refused."""
    refused.append((by, at))
    raise Refused(Reason("test.refused", Kind.NOT_NOW, "还不行"))


def test_a_refused_tick_is_logged_and_left_for_the_next_time(caplog):
    with caplog.at_level("INFO", logger="config.ticks"):
        ticks.run("tests.config.test_scaled.refuse", at=NOON)

    assert refused == [(SYSTEM, NOON)]
    assert "test.refused" in caplog.text
