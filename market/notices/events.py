"""Public facts about announcements."""

from dataclasses import dataclass
from typing import ClassVar

from ledger.events import Event


@dataclass(frozen=True)
class NoticePublished(Event):
    """A notice is public. notice: its number within the project.  sha256: of its canonical JSON, a public blob."""

    kind: ClassVar[str] = "market.notice-published"
    number: str
    notice: int
    type: str
    sha256: str
    edition: str
