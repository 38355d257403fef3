"""The embedded thread runs every tick of the table, whatever becomes of the others."""

import ast
import inspect

import pytest
from django.db import OperationalError
from django.utils.module_loading import import_string

from accounts.models import Message, Trouble
from config import embedded, ticks
from config.ticks import Tick
from portal.desk import queries
from rulebook.actor import SYSTEM
from rulebook.rows import left_for_next_time
from tests import cast
from tests.cast import HOUR, MINUTE, NOON, OPERATOR
from tests.config.processes import eventually

ran: list[str] = []


def counts(*, by, at):
    """A tick that works."""
    assert by == SYSTEM
    ran.append("counts")


def fails(*, by, at):
    """A tick with a bug in it."""
    ran.append("fails")
    raise ZeroDivisionError


def waits(*, by, at):
    """A tick that finds the database busy."""
    ran.append("waits")
    raise OperationalError("database is locked")


@pytest.mark.django_db(transaction=True)
def test_a_tick_that_fails_is_told_and_the_others_go_on(monkeypatch, caplog):
    ran.clear()
    table = tuple(Tick(f"{__name__}.{name}", 0.05) for name in ("fails", "waits", "counts"))
    monkeypatch.setattr(ticks, "TICKS", table)
    monkeypatch.setattr(embedded, "LOOK_EVERY", 0.01)

    ticker = embedded.Ticker()
    ticker.start()
    eventually(lambda: ran.count("counts") >= 3, within=20)
    ticker.stop()

    assert ran.count("fails") >= 2
    assert "ZeroDivisionError" in caplog.text
    assert "database is locked" in caplog.text


def dawdles(*, by, at):
    """A tick that waits for a machine elsewhere, until the others have run."""
    ran.append("dawdles")
    eventually(lambda: ran.count("counts") >= 5, within=20)


@pytest.mark.django_db(transaction=True)
def test_nothing_waits_for_a_tick_that_is_apart_and_it_is_not_begun_twice(monkeypatch):
    ran.clear()
    table = (Tick(f"{__name__}.dawdles", 0.05, apart=True), Tick(f"{__name__}.counts", 0.05))
    monkeypatch.setattr(ticks, "TICKS", table)
    monkeypatch.setattr(embedded, "LOOK_EVERY", 0.01)

    ticker = embedded.Ticker()
    ticker.start()
    eventually(lambda: ran.count("dawdles") >= 2, within=20)
    ticker.stop()

    assert ran.index("counts") < 5 <= ran[: len(ran) - 1 - ran[::-1].index("dawdles")].count("counts")


def stumbles(*, by, at):
    """A tick with rows, one of them broken."""
    for row in ("T-1", "T-2"):
        with left_for_next_time(row):
            ran.append(row)
            if row == "T-1":
                raise ValueError("1000000.00")


@pytest.mark.django_db
def test_a_broken_row_is_told_to_the_operators_once_and_stands_on_their_desk_while_it_lasts():
    ran.clear()
    later = [NOON, NOON + MINUTE, NOON + HOUR]
    for at in later:
        ticks.run(f"{__name__}.stumbles", at=at)

    assert ran == ["T-1", "T-2"] * 3
    (trouble,) = Trouble.objects.all()
    assert (trouble.what, trouble.times, trouble.first_at, trouble.last_at) == ("T-1", 3, NOON, NOON + HOUR)
    assert [message.posted_at for message in Message.objects.order_by("id")] == [NOON, NOON + HOUR]
    assert all("1000000" not in message.body for message in Message.objects.all())
    assert [duty.about for duty in queries.duties(OPERATOR, at=NOON + HOUR)] == ["T-1"]
    assert queries.duties(OPERATOR, at=NOON + 2 * HOUR) == []
    assert queries.duties(cast.OFFICER, at=NOON + HOUR) == []


@pytest.mark.django_db
def test_a_tick_that_fails_as_a_whole_is_told_as_well():
    with pytest.raises(ZeroDivisionError):
        ticks.run(f"{__name__}.fails", at=NOON)

    assert Trouble.objects.get().what == ""


def test_every_tick_that_goes_through_rows_isolates_them():
    for tick in ticks.TICKS:
        for node in ast.walk(ast.parse(inspect.getsource(import_string(tick.task)))):
            if isinstance(node, ast.For):
                assert "left_for_next_time" in ast.unparse(node), f"{tick.task}: one row holds up the others"


def test_one_process_holds_a_folder(tmp_path):
    held = embedded.only_one(tmp_path)

    with pytest.raises(embedded.AlreadyServed):
        embedded.only_one(tmp_path)

    held.close()
    embedded.only_one(tmp_path).close()
