"""One tick, sent once, by workers that are killed in it: `python -m tests.config.dying worker`.

The first is killed before its first commit, the second after its last and before the broker is answered, the third
lives.  Says of each what it was asked, how it ended, and how many messages are delivered then.  Each is forked from one
that has read the house in; nothing of the house knows of it.
"""

import os
import signal
import sys
from typing import Any

QUEUE = "dying"  # nobody else takes from it
COUNT = "SELECT count(*) FROM accounts_message WHERE link = '/dying/' AND delivered_at IS NOT NULL"


def say(*words: object) -> None:
    os.write(1, (" ".join(["·", *map(str, words)]) + "\n").encode())


def killed() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def work(dies: str) -> None:
    """Be a worker of the house, of one process, that is ended as told."""
    from celery import signals
    from django.db import connection

    from config import celery
    from config.postgresql.base import DatabaseWrapper

    celery.app.conf.broker_transport_options = {"visibility_timeout": 1}  # seconds: an hour in earnest
    celery.app.conf.worker_redirect_stdouts = False

    def before(**told: Any) -> None:
        say(dies or "lives", "asked again" if told["task"].request.delivery_info["redelivered"] else "asked")
        if dies == "before":
            commit = DatabaseWrapper._commit
            wrote: list[str] = []

            def noted(execute: Any, sql: str, *more: Any) -> Any:
                wrote.append(sql) if sql.startswith('INSERT INTO "accounts_delivery"') else None
                return execute(sql, *more)

            connection.execute_wrappers.append(noted)
            DatabaseWrapper._commit = lambda self: killed() if wrote else commit(self)  # type: ignore[method-assign]

    def after(**told: Any) -> None:  # all is committed; the broker hears of it next
        killed() if dies == "after" else os.kill(os.getpid(), signal.SIGTERM)

    signals.task_prerun.connect(before, weak=False)
    signals.task_postrun.connect(after, weak=False)
    words = ["--quiet", "worker", "--pool", "solo", "--queues", QUEUE, "--without-gossip", "--without-mingle"]
    celery.app.worker_main([*words, "--without-heartbeat", "--loglevel", "ERROR"])


def main() -> None:
    import psycopg

    from config import celery  # the gate of a worker

    celery.NotBehind(None)
    for dies in ("before", "after", ""):
        if (pid := os.fork()) == 0:
            try:
                if dies == "before":
                    celery.tick.apply_async(("accounts.tasks.deliver",), queue=QUEUE, expires=3600)
                work(dies)
            finally:
                os._exit(0)
        _, status = os.waitpid(pid, 0)
        with psycopg.connect(os.environ["DATABASE_URL"]) as held:
            done = held.execute(COUNT).fetchone()
        say(dies or "lives", signal.Signals(os.WTERMSIG(status)).name if os.WIFSIGNALED(status) else "ended", *done)


if __name__ == "__main__":
    sys.path.insert(0, os.getcwd())
    main()
