"""The celery application of the scaled setup: the beat table is `config.ticks`, nothing else is scheduled."""

import os

import django
from celery import Celery
from celery.bootsteps import Step

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()  # the table of ticks below knows whom to tell of trouble
app = Celery("mingbiao")
app.config_from_object("django.conf:settings", namespace="CELERY")

from config import ticks  # noqa: E402
from config.starting.gate import begin  # noqa: E402
from config.watching.lines import KIND  # noqa: E402
from ledger import golive  # noqa: E402
from rulebook import clock  # noqa: E402

if KIND in ("worker", "beat"):  # else somebody only looks at the table
    begin(KIND)


class NotBehind(Step):
    """A worker on a database that was set back does not start: its ticks would act on what is not so any more."""

    def __init__(self, parent: object, **options: object) -> None:
        golive.check()


app.steps["worker"].add(NotBehind)


@app.task(name="config.tick")
def tick(task: str) -> None:
    """Run one tick of the table."""
    ticks.run(task, at=clock.now())


app.conf.beat_schedule = {
    each.task: {
        "task": "config.tick",
        "schedule": each.every,
        "args": (each.task,),
        "options": {"expires": max(each.every, 1.0)},  # a backlog of ticks is worth one tick
    }
    for each in ticks.TICKS
}
