"""Many writers and two sequencers at once, on the real engines."""

import threading
from collections.abc import Callable

import pytest
from django.db import connection, transaction

from ledger import audit, sequencer, services
from ledger.models import Checkpoint, Entry, Log, Pending, Placement
from tests.cast import NOON
from tests.make import ledger as make

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*works: Callable[[], object]) -> None:
    """Run each work in a thread with a connection of its own; the first failure is raised here."""
    failures: list[BaseException] = []
    start = threading.Barrier(len(works))

    def one(work: Callable[[], object]) -> None:
        start.wait()
        try:
            work()
        except (AssertionError, RuntimeError, ValueError) as failure:
            failures.append(failure)
        finally:
            connection.close()

    threads = [threading.Thread(target=one, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures


def test_a_stream_has_no_gaps_however_many_write():
    def write() -> None:
        for n in range(20):
            make.entry(str(n))

    at_once(*[write] * 6)

    numbers = list(Entry.objects.order_by("pk").values_list("seq", flat=True))
    assert sorted(numbers) == list(range(1, 121))


def test_numbers_follow_the_order_of_commits():
    """Whoever reads number n has already been able to read n − 1: the tail can never skip an entry."""
    seen: list[list[int]] = []
    ended = threading.Event()

    def write() -> None:
        for n in range(25):
            make.entry(str(n))

    def read() -> None:
        while not ended.is_set():
            seen.append(list(Entry.objects.order_by("seq").values_list("seq", flat=True)))

    def write_all() -> None:
        at_once(*[write] * 4)
        ended.set()

    at_once(write_all, read)

    assert seen
    assert all(numbers == list(range(1, len(numbers) + 1)) for numbers in seen)


def test_acts_on_different_streams_do_not_wait_for_one_another():
    if connection.vendor == "sqlite":  # one writer at a time is what that engine promises
        at_once(lambda: make.entry(stream="keys"), lambda: make.entry(stream="project/T-1"))
        assert Entry.objects.count() == 2
        return
    with transaction.atomic():
        services.record(make.Said("keys"), at=NOON)
        at_once(lambda: make.entry(stream="project/T-1"))
        assert Entry.objects.filter(stream="project/T-1").exists()


def test_two_sequencers_make_one_history():
    ended = threading.Event()

    def write() -> None:
        for n in range(120):
            make.entry(str(n), stream=f"project/T-{n % 3}")
        ended.set()

    def place() -> None:
        while not ended.is_set() or Pending.objects.filter(entry__log=Log.PUBLIC).exists():
            sequencer.place_public(at=NOON)

    at_once(write, place, place)

    assert Placement.objects.filter(log=Log.PUBLIC).count() == 120
    assert Checkpoint.objects.filter(log=Log.PUBLIC).order_by("-size").first().size == 120
    assert list(audit.faults()) == []
