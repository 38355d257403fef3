"""Forks as a Celery worker does, once it may start: each child says a secret, or what is wrong."""

import os
import sys
import threading

CHILDREN = 6
ASKED = 100  # times each asks the database for its own number


def child(number: int) -> None:
    """Ask for a number that is nobody else's, again and again, while the others do the same."""
    from django.db import connection
    from django.utils.crypto import get_random_string

    from config import celery

    celery.forked()
    for _ in range(ASKED):
        with connection.cursor() as cursor:
            cursor.execute("SELECT %s::int", [number])
            assert cursor.fetchone() == (number,), "another's answer"
    os.write(1, f"{get_random_string(20)}\n".encode())


def main() -> None:
    from config import celery  # the gate of a worker

    celery.NotBehind(None)
    # `/proc` counts threads of extensions as well.
    assert threading.active_count() == len(os.listdir("/proc/self/task")) == 1, threading.enumerate()
    started = []
    for number in range(CHILDREN):
        if (pid := os.fork()) == 0:
            code = 1
            try:
                child(number)
                code = 0
            finally:
                os._exit(code)
        started.append(pid)
    sys.exit(any(os.waitpid(pid, 0)[1] for pid in started))


if __name__ == "__main__":
    sys.path.insert(0, os.getcwd())
    main()
