"""Public facts about the regions served."""

from dataclasses import dataclass
from typing import ClassVar

from ledger.events import Event

REGIONS = "regions"


@dataclass(frozen=True)
class RegionEntered(Event):
    """A division is served from here on, or said anew.  body: credit code of its supervising body.

    offices: which two of the three did it; empty at the first set-up, from the command line.
    """

    kind: ClassVar[str] = "accounts.region-entered"
    code: str
    name: str
    body: str
    offices: list[str]


@dataclass(frozen=True)
class RegionStruck(Event):
    """A division is no longer served by itself."""

    kind: ClassVar[str] = "accounts.region-struck"
    code: str
    name: str
    offices: list[str]


@dataclass(frozen=True)
class OfficePosted(Event):
    """An office reaches a division from here on, empty for all of them: in which role, of which house; not who."""

    kind: ClassVar[str] = "accounts.office-posted"
    role: str
    org: str
    region: str
    offices: list[str]
