"""What the log says of archive packages."""

from dataclasses import dataclass
from typing import ClassVar

from ledger.events import Event

STREAM = "archives"


@dataclass(frozen=True)
class Packed(Event):
    """A package of an ended procurement was made.  level: `public` or `full`.  upto: the last entry it knows of.

    Of a full package only the hash is told: its size would say what is sealed.
    """

    kind: ClassVar[str] = "keeping.packed"
    number: str
    level: str
    upto: int
    sha256: str
