"""The embedded thread runs every tick of the table, whatever becomes of the others."""

import pytest
from django.db import OperationalError

from config import embedded, ticks
from config.ticks import Tick
from rulebook.actor import SYSTEM
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


def test_one_process_holds_a_folder(tmp_path):
    held = embedded.only_one(tmp_path)

    with pytest.raises(embedded.AlreadyServed):
        embedded.only_one(tmp_path)

    held.close()
    embedded.only_one(tmp_path).close()
