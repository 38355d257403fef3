"""Public facts of the directory of service items."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from ledger.events import Event

CATALOGUE = "catalogue"


@dataclass(frozen=True)
class ItemPublished(Event):
    """A version of a service item.  sha256: of its text, which lies under it at /blobs/.  department: credit code."""

    kind: ClassVar[str] = "catalogue.item-published"
    code: str
    version: int
    name: str
    department: str
    effective_from: date
    sha256: str


@dataclass(frozen=True)
class BundleOutdated(Event):
    """A part of a bundle asks for something else from a day on: the bundle is not ordered before its next version.

    version: of the bundle.  differs: elements, of `bundling.TAKEN`.
    """

    kind: ClassVar[str] = "catalogue.bundle-outdated"
    code: str
    version: int
    name: str
    part: str
    part_version: int
    part_name: str
    since: date
    differs: list[str]


@dataclass(frozen=True)
class ItemWithdrawn(Event):
    """A version is offered no longer.  why: of `rules.Withdrawn`."""

    kind: ClassVar[str] = "catalogue.item-withdrawn"
    code: str
    version: int
    name: str
    why: str
    reason: str
