"""What the log says of deletion."""

from dataclasses import dataclass
from typing import ClassVar

from keeping.archives.events import STREAM
from ledger.events import Event

__all__ = ["STREAM", "Deleted"]


@dataclass(frozen=True)
class Deleted(Event):
    """The kept contents of a procurement were deleted by rule.  digest: of the salted list of names and hashes.

    The list itself is the supervision's: of a procurement that was never opened it would tell how many took part.
    """

    kind: ClassVar[str] = "keeping.deleted"
    number: str
    law: str
    digest: str
