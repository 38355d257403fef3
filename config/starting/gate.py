"""The one gate every process of the house goes through before it does anything."""

from collections.abc import Sequence
from datetime import timedelta

from django.conf import settings
from django.db import connection

from config import timekeeper
from config.starting.facts import gathered
from config.starting.rules import why_not_believe, why_not_start
from config.watching import metrics
from config.watching.lines import tell_of_threads
from ledger import witnesses
from rulebook import clock
from rulebook.refusal import Reason
from rulebook.watched import watch


class Unsafe(RuntimeError):
    """This process must not start; it says everything that has to be put right first."""

    def __init__(self, reasons: Sequence[Reason]) -> None:
        super().__init__("不能启动：\n" + listed(reasons))
        self.reasons = tuple(reasons)


def listed(reasons: Sequence[Reason]) -> str:
    """A line for each reason: its code, as docs/operations.md has it, and what to do."""
    return "\n".join(f"- {reason.code}: {reason.sentence()}" for reason in reasons)


def begin(kind: str) -> None:
    """Go through, or Unsafe; from here on what is marked as watched is told to whoever asks for it.

    kind: serve, sequence, pages, sockets, worker, beat or metrics.
    """
    if reasons := why_not_start(gathered(kind)):
        raise Unsafe(reasons)
    tell_of_threads()
    let_go()
    if metrics.on():
        watch(metrics.failures)
    if settings.OTLP:
        from config.watching import traces

        traces.begin(kind)


def believe() -> None:
    """Go on with the clock this process starts with, or Unsafe. The witnesses have just been asked (`golive.check`).

    On PostgreSQL its clock was asked before (`start.skew`), but may be of the same machine.
    """
    mark = timekeeper.load()
    away = clock.system() - mark if mark else timedelta()
    outside = [timedelta(seconds=skew) for skew in witnesses.skews().values()]
    if reasons := why_not_believe(production=settings.PRODUCTION, away=away, outside=outside):
        raise Unsafe(reasons)


def let_go() -> None:
    """Leave nothing of the database to whoever is forked from here: no connection, nor a pool of them and its threads.

    Two that write into one connection are given each other's answers.
    """
    connection.close()
    if connection.vendor == "postgresql":
        connection.close_pool()
