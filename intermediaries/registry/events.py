"""Public facts of the register of providers. Each provider has a stream of its own."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from ledger.events import Event


def stream(code: str) -> str:
    """The story of one provider."""
    return f"provider/{code}"


@dataclass(frozen=True)
class ProviderEntered(Event):
    """A provider signed the promise and is in the register from here.  sha256: of the promise's text."""

    kind: ClassVar[str] = "providers.entered"
    org: str
    name: str
    region: str
    edition: str
    sha256: str


@dataclass(frozen=True)
class ProviderListed(Event):
    """A provider came in with another register; its promise is awaited.  sha256: of the table that was confirmed."""

    kind: ClassVar[str] = "providers.listed"
    org: str
    name: str
    region: str
    sha256: str


@dataclass(frozen=True)
class ProviderChanged(Event):
    """Something the register says of a provider is different from here.  what: of `words.CHANGE_WORDS`."""

    kind: ClassVar[str] = "providers.changed"
    org: str
    what: str
    told: str


@dataclass(frozen=True)
class ProviderLeft(Event):
    """A provider left the register."""

    kind: ClassVar[str] = "providers.left"
    org: str


@dataclass(frozen=True)
class ProviderChecked(Event):
    """A spot check and what it found.  outcome: of `rules.Outcome`."""

    kind: ClassVar[str] = "providers.checked"
    org: str
    checked_on: date
    subject: str
    outcome: str
    note: str


@dataclass(frozen=True)
class ObjectionFound(Event):
    """What came of an objection to a provider's data. Who objected is not told.  finding: of `rules.Finding`."""

    kind: ClassVar[str] = "providers.objection-found"
    org: str
    objection: str
    finding: str
    text: str
