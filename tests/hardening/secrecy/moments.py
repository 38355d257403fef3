"""Who asks, and what a moment of a world is."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from rulebook.actor import Actor, Role
from tests import cast
from tests.make import (
    accounts,
    tips,
)

SECOND = timedelta(seconds=1)
COLLEAGUE = Actor("00000000-0000-4000-8000-000000000091", Role.PROVIDER, cast.HETAO, "苏同事")
ALOOF = Actor("00000000-0000-4000-8000-000000000092", Role.PROVIDER, cast.COLLEGE, "白投标")  # bids nowhere
# Who asks, by the letters of `tests/config`: n is a provider that takes no part in anything.
PEOPLE: dict[str, Actor] = {
    "s": cast.STRANGER, "o": cast.OFFICER, "c": cast.APPROVER, "O": cast.OTHER_OFFICER, "g": cast.AGENT_OFFICER,
    "p": cast.PROVIDER, "q": COLLEAGUE, "r": cast.RIVAL, "t": cast.FOURTH, "n": ALOOF, "y": cast.EXPERTS[9],
    "v": cast.SUPERVISOR, "u": cast.SECOND_SUPERVISOR, "V": tips.INSPECTOR, "a": cast.AUDITOR, "w": cast.WITNESS,
    "h": cast.HOLDER, "m": cast.OPERATOR, "k": cast.SECURITY,
}  # fmt: skip


@dataclass(frozen=True)
class Moment:
    """A state in which the secret is one.  told: what fills the holes of addresses.  knows: the letters of those who
    may know.  people: who else is asked here."""

    name: str
    at: datetime
    told: dict[str, Any]
    knows: str
    people: dict[str, Actor] = field(default_factory=dict)


World = Callable[[int], Iterator[Moment]]


@dataclass(frozen=True)
class Ground:
    """What worlds stand on, and the secrets that are kept there."""

    make: Callable[[], Any]
    secrets: dict[str, World]


def people() -> None:
    """Everybody who asks."""
    accounts.world()
    for actor in (COLLEAGUE, ALOOF):
        accounts.user(actor)
    for actor in (tips.INSPECTOR, tips.OUTSIDER):
        tips.regulator(actor)
