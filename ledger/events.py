"""A public fact is one frozen dataclass: the log stores it, the hall shows it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import ClassVar
from uuid import UUID

from proofs.canonical import LARGEST
from rulebook.times import iso

Json = None | bool | int | str | list["Json"] | dict[str, "Json"]


@dataclass(frozen=True)
class Event:
    """Something that is true from the commit on.

    kind: `package.what-happened`, never reused for another meaning.
    sealed: it goes to the sealed log, blinded, and is nobody's to see before its procurement is opened.
    names_parties: it names or counts those who take part, or leads to it.
    stream: the story it belongs to: `project/<number>`, `keys`, `sanctions`.
    """

    kind: ClassVar[str]
    sealed: ClassVar[bool] = False
    names_parties: ClassVar[bool] = False
    stream: str

    def data(self) -> dict[str, Json]:
        """Its fields besides the stream, as JSON values."""
        return {field.name: plain(getattr(self, field.name)) for field in fields(self) if field.name != "stream"}


@dataclass(frozen=True)
class ScriptsServed(Event):
    """From here on the site serves these scripts and no others. sha256: of their published list. count: how many."""

    kind: ClassVar[str] = "ledger.scripts-served"
    sha256: str
    count: int


@dataclass(frozen=True)
class LogRecovered(Event):
    """The house goes on after a loss that its witnesses can see; two persons of two houses said so.

    losses: [{"log", "witness", "seen", "held", "root"}], sizes in leaves, root of what was restored, hex.  lost: what
    is known to be missing, in words.  by, confirmed_by: the houses of the operator and of the auditor.
    """

    kind: ClassVar[str] = "ledger.log-recovered"
    losses: Sequence[Mapping[str, int | str]]
    lost: str
    by: str
    confirmed_by: str


def plain(value: object) -> Json:
    """A value as JSON knows it: instants in one spelling, decimals and ids as text, no floats."""
    if isinstance(value, Enum):
        return plain(value.value)
    if isinstance(value, int) and abs(value) > LARGEST:
        raise TypeError(f"{value} is no number in every language: an event carries it as text")
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, datetime):
        return iso(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (Decimal, UUID)):
        return str(value)
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, Mapping):
        return {_key(key): plain(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(each) for each in value]
    raise TypeError(f"an event cannot carry {type(value).__name__}: {value!r}")


def _key(key: object) -> str:
    if not isinstance(key, str):
        raise TypeError(f"an event's mapping has the key {key!r}, which is no text")
    return key
