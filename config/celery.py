"""The celery application of the scaled setup: the beat table is `config.ticks`, nothing else is scheduled."""

import os
from typing import Any

import django
from celery import Celery, signals
from celery.bootsteps import Step

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()  # the table of ticks below knows whom to tell of trouble
# Without celery's own care for Django: it closes the pool of connections after every task, forty times a second.
app = Celery("mingbiao", fixups=[])
app.config_from_object("django.conf:settings", namespace="CELERY")

from django.db import close_old_connections  # noqa: E402

from config import ticks  # noqa: E402
from config.starting.gate import begin, believe, let_go  # noqa: E402
from config.timekeeper import Timekeeper  # noqa: E402
from config.watching.lines import KIND  # noqa: E402
from ledger import golive  # noqa: E402
from rulebook import clock  # noqa: E402

if KIND in ("worker", "beat"):  # else somebody only looks at the table
    begin(KIND)


class NotBehind(Step):
    """A worker on a database that was set back does not start: its ticks would act on what is not so any more."""

    def __init__(self, parent: object, **options: object) -> None:
        golive.check()
        believe()
        let_go()


app.steps["worker"].add(NotBehind)


@app.task(name="config.tick")
def tick(*tasks: str) -> None:
    """Run some ticks of the table, one after the other."""
    try:
        ticks.run_all(tasks, at=clock.now())
    finally:
        close_old_connections()


@signals.worker_process_init.connect
def forked(**told: Any) -> None:
    """In each process that was forked, before its first task: it keeps the clock's mark as every one that serves.

    Before it no connection, thread or pool exists: what is inherited is shared, and would give one the other's answers.
    """
    Timekeeper().start()


def messages() -> dict[str, tuple[float, tuple[str, ...]]]:
    """The table as messages: name ↦ (seconds, ticks).

    Ticks of one package that come equally often go in one: to send and take a message costs more than most ticks.
    """
    together: dict[str, tuple[float, tuple[str, ...]]] = {}
    for each in ticks.TICKS:
        name = each.task if each.apart else f"{each.task.partition('.')[0]} {each.every:g}"
        together[name] = (each.every, (*together.get(name, (0.0, ()))[1], each.task))
    return together


app.conf.beat_schedule = {
    name: {
        "task": "config.tick",
        "schedule": every,
        "args": tasks,
        "options": {"expires": max(every, 1.0)},  # a backlog of ticks is worth one tick
    }
    for name, (every, tasks) in messages().items()
}
