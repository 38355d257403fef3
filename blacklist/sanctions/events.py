"""Public facts about bans."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from ledger.events import Event

SANCTIONS = "sanctions"


@dataclass(frozen=True)
class SanctionImposed(Event):
    """A competent authority's decision was recorded; every gate asks for it from here on."""

    kind: ClassVar[str] = "sanctions.imposed"
    org: str
    name: str
    authority: str
    decision_no: str
    law: str
    grounds: str
    regimes: str
    starts_on: date
    ends_on: date


@dataclass(frozen=True)
class SanctionLifted(Event):
    """A ban ended before its term: annulled, or the credit repaired."""

    kind: ClassVar[str] = "sanctions.lifted"
    org: str
    authority: str
    decision_no: str
    lifted_on: date
    reason: str
