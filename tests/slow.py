"""Nothing slow inside an act: who waits for the rows it holds would wait for a stranger's machine, or for a printer.

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
from django.db.transaction import Atomic

from ledger import blobs
from notifier import client

TESTS = str(Path(__file__).parent)
FAR = {"socket.connect", "socket.getaddrinfo", "subprocess.Popen", "os.posix_spawn"}
found: list[str] = []


class HeldOver(AssertionError):
    """Something slow was begun inside a transaction of an act."""


def told(event: str, args: Any) -> None:
    """The hook; raises HeldOver."""
    if event in FAR:
        refuse_in_act(f"{event}{args[1:2] if event == 'socket.connect' else args[:1]}")


def refuse_in_act(what: str) -> None:
    """Raise HeldOver inside a transaction that the house began; a test may play whole worlds in one of its own."""
    if connection.in_atomic_block and any(
        not block._from_testcase and not block.of_test for block in connection.atomic_blocks
    ):
        found.append(what)
        raise HeldOver(what)


def _told_apart(enter: Callable[[Atomic], None]) -> Callable[[Atomic], None]:
    @functools.wraps(enter)
    def entered(block: Atomic) -> None:
        block.of_test = sys._getframe(1).f_code.co_filename.startswith(TESTS)  # type: ignore[attr-defined]
        enter(block)

    return entered


def _watched(function: Callable[..., Any], what: str) -> Callable[..., Any]:
    @functools.wraps(function)
    def asked(*args: Any, **more: Any) -> Any:
        refuse_in_act(what)
        return function(*args, **more)

    return asked


def watch() -> None:
    """From now on, in this process, an act that begins something slow fails (decision 0046)."""
    Atomic.__enter__ = _told_apart(Atomic.__enter__)  # type: ignore[method-assign]
    sys.addaudithook(told)
    for owner, name in (
        (client, "_post"),
        (blobs, "opened"),  # it may lie in a bucket; a connection that is kept open would not tell
        (argon2.low_level, "hash_secret"),
        (argon2.PasswordHasher, "verify"),
        (typst.Compiler, "compile"),
    ):
        setattr(owner, name, _watched(getattr(owner, name), f"{owner.__name__}.{name}"))
