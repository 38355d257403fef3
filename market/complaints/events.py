"""Public facts about complaints: that one was decided; and the sealed fact that one was filed."""

from dataclasses import dataclass
from typing import ClassVar

from ledger.events import Event


@dataclass(frozen=True)
class ComplaintFiled(Event):
    """Somebody complained. Sealed: nobody may know who, or how many.  sha256: of what was filed."""

    kind: ClassVar[str] = "market.complaint-filed"
    sealed: ClassVar[bool] = True
    complaint: str
    org: str
    sha256: str


@dataclass(frozen=True)
class ComplaintDecided(Event):
    """A decision that the law has announced.  decision: a random id.  sha256: of its text, which names no complainant.

    outcome: of `rules.Outcome`.
    """

    kind: ClassVar[str] = "market.complaint-decided"
    decision: str
    outcome: str
    body: str
    sha256: str
