"""The scaled setup: a real worker and beat run the table of ticks, and one sequencer holds the log key."""

import pytest
from django.conf import settings
from django.db import connection
from django.utils.module_loading import import_string

from accounts import inbox
from accounts.models import Message
from accounts.reaching.models import Sending
from accounts.reaching.rules import Way
from config import celery, ticks
from ledger import queries
from ledger.models import Log
from rulebook.actor import SYSTEM, Role
from rulebook.refusal import Kind, Reason, Refused
from tests.cast import NOON, OFFICER
from tests.config.processes import eventually, running
from tests.make import ledger as make
from tests.make import reaching


def database_url() -> str:
    """Where the tests' own database is, as a process is told."""
    told = connection.settings_dict
    return f"postgresql://{settings.RUN_ROLE}@/{told['NAME']}?host={told['HOST']}&port={told['PORT'] or 5432}"


@pytest.mark.scaled
@pytest.mark.django_db(transaction=True)
def test_worker_and_beat_deliver_what_an_act_left_in_the_outbox():
    reaching.has(OFFICER, Way.PHONE)
    inbox.post(to_role=Role.OFFICER, subject="开标", body="请到大厅", topic=inbox.Topic.TODAY, at=NOON)
    environ = {"DATABASE_URL": database_url(), "MINGBIAO_EXPERT_KEYS": str(settings.EXPERT_KEYS)}
    words = ["-m", "celery", "-A", "config.celery"]

    with (
        running([*words, "worker", "--concurrency", "1", "--loglevel", "WARNING"], **environ),
        running([*words, "beat", "--schedule", str(settings.DATA / "beat"), "--loglevel", "WARNING"], **environ),
    ):
        eventually(lambda: Message.objects.filter(delivered_at__isnull=False).exists())
        eventually(lambda: Sending.objects.filter(channel="sms", tries__gte=1).exists())  # and on its way outside


@pytest.mark.scaled
@pytest.mark.django_db(transaction=True)
def test_the_sequencer_runs_as_a_process_of_its_own(tmp_path):
    entry = make.entry()

    environ = {"DATABASE_URL": database_url(), "MINGBIAO_DATA": str(tmp_path)}
    with running(["manage.py", "sequence"], **environ):
        eventually(lambda: queries.covered(entry, cosigned=False))
        eventually(lambda: queries.newest(Log.SEALED) is not None)


def test_beat_schedules_exactly_the_table_and_late_ticks_lapse():
    scheduled = celery.app.conf.beat_schedule

    assert {each["args"][0] for each in scheduled.values()} == {tick.task for tick in ticks.TICKS}
    assert all(each["options"]["expires"] >= 1 for each in scheduled.values())


@pytest.mark.parametrize("tick", ticks.TICKS, ids=lambda tick: tick.task)
@pytest.mark.django_db
def test_every_tick_runs_on_an_empty_house_and_twice(tick):
    ticks.run(tick.task, at=NOON)
    import_string(tick.task)(by=SYSTEM, at=NOON)


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
