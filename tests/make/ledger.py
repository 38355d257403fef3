"""Entries, and a sequencer that has done its work."""

import json
import time
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from ledger import sequencer, services, underway
from ledger.events import Event
from ledger.models import Entry
from rulebook import clock
from tests.cast import NOON


@dataclass(frozen=True)
class Said(Event):
    """Something public."""

    kind = "test.said"
    text: str = "公开"


@dataclass(frozen=True)
class Whispered(Event):
    """Something sealed."""

    kind = "test.whispered"
    sealed = True
    text: str = "秘密"


def entry(text: str = "公开", *, stream: str = "project/T-1", at: datetime = NOON) -> Entry:
    """One public entry."""
    with transaction.atomic():
        return services.record(Said(stream, text), at=at)


def sealed_entry(text: str = "秘密", *, stream: str = "project/T-1", at: datetime = NOON) -> Entry:
    """One sealed entry."""
    with transaction.atomic():
        return services.record(Whispered(stream, text), at=at)


def sequenced(*, at: datetime = NOON) -> int:
    """Run the sequencer once over everything that is due."""
    return sequencer.turn(at=at)


async def seen(socket: Any, count: int) -> list[int]:
    """The numbers of the next entries: one a line, many in one message for who comes late."""
    told: list[int] = []
    while len(told) < count:
        told += [json.loads(line)["seq"] for line in (await socket.receive_from(timeout=10)).split("\n")]
    return told


def answered() -> None:
    """Until this process has answered everything it was asked: an act at the end of a time waits for that."""
    ends = time.monotonic() + 60
    while underway.oldest(at=clock.now()) is not None:
        assert time.monotonic() < ends, "a request hangs"
        time.sleep(0.02)
