"""Public facts about a moved deadline, and the sealed fact that somebody asked."""

from dataclasses import dataclass
from typing import ClassVar

from ledger.events import Event


@dataclass(frozen=True)
class DeadlineMoved(Event):
    """Bids are due later than before.

    notice: number of the notice that says so.  sha256: of its text.  was, deadline: instants.
    """

    kind: ClassVar[str] = "tender.deadline-moved"
    notice: int
    sha256: str
    was: str
    deadline: str


@dataclass(frozen=True)
class QuestionAsked(Event):
    """A provider that took the documents asked about them. Sealed: nobody may know who, or how many."""

    kind: ClassVar[str] = "tender.question-asked"
    sealed: ClassVar[bool] = True
    number: str
    org: str
    question: str
    text: str
