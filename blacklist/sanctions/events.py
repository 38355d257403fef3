"""Public facts about bans."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from ledger.events import Event

SANCTIONS = "sanctions"


@dataclass(frozen=True)
class SanctionImposed(Event):
    """A competent authority's decision was recorded and confirmed; every gate asks for it from here on.

    org: credit code; empty for a person, whose name is masked.  region: empty for everywhere.
    """

    kind: ClassVar[str] = "sanctions.imposed"
    org: str
    name: str
    authority: str
    decision_no: str
    law: str
    grounds: str
    regimes: str
    region: str
    starts_on: date
    ends_on: date
    shown_until: date


@dataclass(frozen=True)
class SanctionStayed(Event):
    """The authority or a court stayed the execution of a decision, or let it go on.  by: who said so."""

    kind: ClassVar[str] = "sanctions.stayed"
    org: str
    authority: str
    decision_no: str
    by: str
    document_no: str
    on: date
    goes_on: bool


@dataclass(frozen=True)
class SanctionLifted(Event):
    """A ban ended before its term: annulled, or the credit repaired.  by: who decided so."""

    kind: ClassVar[str] = "sanctions.lifted"
    org: str
    authority: str
    decision_no: str
    lifted_on: date
    reason: str
    by: str
    document_no: str
    repaired: bool
