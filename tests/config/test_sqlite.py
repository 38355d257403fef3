"""Writers are served in the order in which they came."""

import threading

import pytest
from django.db import OperationalError, connection, transaction

from accounts.models import Organisation
from config.sqlite.base import Queue

pytestmark = pytest.mark.embedded


def test_the_turn_goes_round_in_order_of_arrival():
    queue, served = Queue(), []
    queue.take(0)

    def wait_for_a_turn(number: int) -> None:
        assert queue.take(10)
        served.append(number)
        queue.give_back()

    threads = []
    for number in range(20):
        threads.append(threading.Thread(target=wait_for_a_turn, args=(number,)))
        threads[-1].start()
        while len(queue._waiting) <= number:
            pass
    queue.give_back()
    for thread in threads:
        thread.join()

    assert served == list(range(20))
    assert queue.take(0)


def test_who_gives_up_does_not_keep_the_others_waiting():
    queue = Queue()
    queue.take(0)

    assert not queue.take(0.01)

    queue.give_back()
    assert queue.take(0)


def run(*works) -> None:
    """Run each work in a thread with a connection of its own."""

    def one(work) -> None:
        try:
            work()
        finally:
            connection.close()

    threads = [threading.Thread(target=one, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


@pytest.mark.django_db(transaction=True)
def test_many_writers_at_once_all_get_their_turn():
    def write(number: int) -> None:
        with transaction.atomic():
            count = Organisation.objects.count()
            Organisation.objects.create(code=f"{count:018d}", name=str(number), kind="buyer")

    run(*[lambda number=number: write(number) for number in range(30)])

    assert sorted(Organisation.objects.values_list("code", flat=True)) == [f"{n:018d}" for n in range(30)]


@pytest.mark.django_db(transaction=True)
def test_a_writer_who_fails_leaves_the_way_free():
    def fail() -> None:
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            raise ZeroDivisionError

    def lose_the_connection() -> None:
        with pytest.raises(Exception, match="closed"), transaction.atomic():
            connection.close()
            Organisation.objects.create(code="x", name="x", kind="buyer")

    run(fail)
    run(lose_the_connection)

    with transaction.atomic():
        Organisation.objects.create(code="1", name="", kind="buyer")
    assert Organisation.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_whoever_waits_too_long_is_told_that_the_database_is_busy():
    told = []

    def wait() -> None:
        connection.settings_dict = {**connection.settings_dict, "OPTIONS": {**connection.settings_dict["OPTIONS"]}}
        connection.settings_dict["OPTIONS"]["timeout"] = 0.05
        try:
            with transaction.atomic():
                told.append("in")
        except OperationalError as error:
            told.append(str(error))

    with transaction.atomic():
        run(wait)

    assert len(told) == 1
    assert "locked" in told[0]
