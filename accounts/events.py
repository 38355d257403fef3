"""Public facts about who may sign for whom."""

from dataclasses import dataclass
from typing import Any, ClassVar

from ledger.events import Event

KEYS = "keys"


@dataclass(frozen=True)
class KeyRegistered(Event):
    """An organisation's identity key is pinned from here. The statement is the signed `idk/1`."""

    kind: ClassVar[str] = "accounts.key-registered"
    statement: dict[str, Any]


@dataclass(frozen=True)
class KeyRevoked(Event):
    """A generation of an identity key signs nothing from here on. The statement is the signed `idr/1`."""

    kind: ClassVar[str] = "accounts.key-revoked"
    statement: dict[str, Any]
