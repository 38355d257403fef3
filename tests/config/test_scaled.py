"""The scaled setup: a real worker and beat run the table of ticks, and one sequencer holds the log key."""

import contextlib

import pytest
from django.utils.module_loading import import_string

from config import celery, ticks
from config.watching.tasks import NotReady
from rulebook.actor import SYSTEM
from rulebook.refusal import Kind, Reason, Refused
from tests.cast import NOON

APART = {tick.task for tick in ticks.TICKS if tick.apart}


def test_beat_schedules_exactly_the_table_and_late_ticks_lapse():
    scheduled = celery.app.conf.beat_schedule

    sent = [(task, each["schedule"]) for each in scheduled.values() for task in each["args"]]
    assert sorted(sent) == sorted((tick.task, tick.every) for tick in ticks.TICKS)
    assert all(len(each["args"]) == 1 for each in scheduled.values() if {*each["args"]} & APART)
    assert all(each["options"]["expires"] >= 1 for each in scheduled.values())


@pytest.mark.parametrize("tick", ticks.TICKS, ids=lambda tick: tick.task)
@pytest.mark.django_db
def test_every_tick_runs_on_an_empty_house_and_twice(tick):
    ticks.run(tick.task, at=NOON)
    with contextlib.suppress(NotReady):  # of one of them that is the answer: an empty house takes no bids
        import_string(tick.task)(by=SYSTEM, at=NOON)  # and here nobody gathers what goes wrong with a row


refused = []


def refuse(*, by, at):
    """A tick that finds its act refused."""
    refused.append((by, at))
    raise Refused(Reason("test.refused", Kind.NOT_NOW, "还不行"))


def test_a_refused_tick_is_logged_and_left_for_the_next_time(caplog):
    refused.clear()
    with caplog.at_level("INFO", logger="config.ticks"):
        ticks.run("tests.config.test_scaled.refuse", at=NOON)

    assert refused == [(SYSTEM, NOON)]
    assert "test.refused" in caplog.text


def fail(*, by, at):
    """A tick with a bug."""
    raise ValueError("a bug")


@pytest.mark.django_db
def test_a_bug_in_one_tick_of_a_message_leaves_the_others_to_run():
    refused.clear()

    celery.tick("tests.config.test_scaled.fail", "tests.config.test_scaled.refuse")

    assert len(refused) == 1
