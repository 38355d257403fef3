"""The clock's high-water mark outlives every process."""

import gc
import weakref
from datetime import timedelta

import pytest

from config import memory, ticks, timekeeper
from ledger.models import HighWater
from rulebook import clock
from tests.cast import HOUR, NOON
from tests.config.processes import eventually

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def before_noon() -> None:
    """The database's clock is the other here: this process shares its time."""


def test_the_mark_only_rises():
    timekeeper.save(NOON)
    timekeeper.save(NOON - HOUR)
    assert timekeeper.load() == NOON

    timekeeper.save(NOON + HOUR)

    assert timekeeper.load() == NOON + HOUR
    assert HighWater.objects.count() == 1


def test_a_process_started_with_the_clock_set_back_goes_on_from_the_mark(monkeypatch):
    timekeeper.save(NOON)
    monkeypatch.setattr(clock, "system", lambda: NOON - HOUR)

    timekeeper.refresh()

    assert clock.now() == NOON
    assert timekeeper.load() == NOON


def test_readiness_tells_of_a_clock_set_back(monkeypatch, client):
    clock.now()
    earlier = clock.system() - timedelta(minutes=5)
    monkeypatch.setattr(clock, "system", lambda: earlier)

    ready = client.get("/readyz")

    assert ready.status_code == 503
    assert ready.json()["clock"] is False
    assert client.get("/healthz").content == b"ok"


def test_who_cannot_say_who_is_in_time_takes_no_act_and_ends_nothing(monkeypatch, client):
    ran = []
    monkeypatch.setattr(ticks, "import_string", lambda task: lambda **told: ran.append(task))
    assert client.post("/accounts/login/").status_code != 503

    monkeypatch.setattr(timekeeper, "skew", lambda ours: timedelta(seconds=5))
    before = timekeeper.load()
    timekeeper.refresh()
    refused = client.post("/accounts/login/")
    for task in ("bidding.submission.tasks.close_bidding", "config.watching.tasks.watch"):
        ticks.run(task, at=clock.now())

    assert (refused.status_code, refused["Retry-After"]) == (503, "5")
    assert client.get("/").status_code == 200
    assert ran == ["config.watching.tasks.watch"]
    assert timekeeper.load() == before  # its time is nobody else's

    monkeypatch.setattr(timekeeper, "skew", lambda ours: timedelta())
    timekeeper.refresh()
    assert client.post("/accounts/login/").status_code != 503

    standing = clock.system() - timedelta(seconds=3)
    monkeypatch.setattr(clock, "system", lambda: standing)
    assert client.post("/accounts/login/").status_code == 503


def test_readiness_tells_of_a_sequencer_that_stands_still(client):
    from tests.make import ledger as make

    assert client.get("/readyz").json()["sequencer"] is False

    make.sequenced(at=clock.now())

    assert client.get("/readyz").json() == dict.fromkeys(("database", "clock", "sequencer", "storage"), True)


@pytest.mark.django_db(transaction=True)
def test_a_timekeeper_knows_the_mark_when_it_has_started():
    timekeeper.save(clock.system() + HOUR)

    keeper = timekeeper.Timekeeper()
    keeper.start()

    assert clock.behind() > timedelta(minutes=59)
    keeper.stop()


@pytest.mark.django_db(transaction=True)
def test_whoever_keeps_the_time_sees_to_what_nobody_holds_any_more(monkeypatch):
    class Held:
        """Something that holds itself."""

        def __init__(self) -> None:
            self.own = self

    monkeypatch.setattr(memory, "EVERY", 0.0)
    monkeypatch.setattr(timekeeper, "EVERY", 0.1)
    keeper = timekeeper.Timekeeper()
    gc.disable()
    try:
        keeper.start()
        left = weakref.ref(Held())

        eventually(lambda: left() is None)
    finally:
        gc.enable()
        keeper.stop()
