"""Nothing slow while rows are held: who waits for a lock would wait for a stranger's machine, or for a printer.

Python itself tells of every connection and every process that is begun (`sys.addaudithook`), whoever begins it; what is
slow without either (a page being set, a password being hashed) is told of by the packages that do it.
"""

import functools
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import argon2
import typst
from django.db import connection
from django.db.models import QuerySet
from django.db.transaction import Atomic

from notifier import client

TESTS = str(Path(__file__).parent)
FAR = {"socket.connect", "socket.getaddrinfo", "subprocess.Popen", "os.posix_spawn"}
found: list[str] = []


class HeldOver(AssertionError):
    """Something slow was begun inside a transaction of an act."""


def told(event: str, args: Any) -> None:
    """The hook; raises HeldOver."""
    if event in FAR:
        refuse_while_holding(f"{event}{args[1:2] if event == 'socket.connect' else args[:1]}")


def refuse_in_act(what: str) -> None:
    """Raise HeldOver inside a transaction that the house began; a test may play whole worlds in one of its own."""
    if any(not block._from_testcase and not block.of_test for block in connection.atomic_blocks):
        found.append(what)
        raise HeldOver(what)


def _told_apart(enter: Callable[[Atomic], None]) -> Callable[[Atomic], None]:
    @functools.wraps(enter)
    def entered(block: Atomic) -> None:
        block.of_test = sys._getframe(1).f_code.co_filename.startswith(TESTS)  # type: ignore[attr-defined]
        enter(block)

    return entered


def refuse_while_holding(what: str) -> None:
    """Raise HeldOver inside a transaction that holds rows."""
    if connection.in_atomic_block and any(getattr(block, "holds", False) for block in connection.atomic_blocks):
        found.append(what)
        raise HeldOver(what)


def _holds(function: Callable[..., Any]) -> Callable[..., Any]:
    """SQLite is not asked for the lock, and the same act is looked at on it: so Django's word for it counts."""

    @functools.wraps(function)
    def locked(*args: Any, **more: Any) -> Any:
        for block in connection.atomic_blocks if connection.in_atomic_block else ():
            block.holds = not block._from_testcase
        return function(*args, **more)

    return locked


def _watched(
    function: Callable[..., Any], what: str, refuse: Callable[[str], None] = refuse_while_holding
) -> Callable[..., Any]:
    @functools.wraps(function)
    def asked(*args: Any, **more: Any) -> Any:
        refuse(what)
        return function(*args, **more)

    return asked


def watch_asking() -> None:
    """From now on, in this process, nobody asks the notifier inside an act (decision 0046)."""
    Atomic.__enter__ = _told_apart(Atomic.__enter__)  # type: ignore[method-assign]
    client._post = _watched(client._post, "notifier", refuse_in_act)


def watch() -> None:
    """From now on, in this process, everything that is slow."""
    from market.projects import queries  # the apps are there by now

    sys.addaudithook(told)
    QuerySet.select_for_update = _holds(QuerySet.select_for_update)  # type: ignore[method-assign]
    queries.lock = _holds(queries.lock)  # written out by hand
    for owner, name in (
        (argon2.low_level, "hash_secret"),
        (argon2.PasswordHasher, "verify"),
        (typst.Compiler, "compile"),
    ):
        setattr(owner, name, _watched(getattr(owner, name), name))
