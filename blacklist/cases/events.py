"""Public facts about the platform's own cases. They name nobody: whoever holds a paper of a case finds it by its hash.

What is over is gone from show, and the log is for ever: so subjects stand on the public page alone, while it lasts.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from ledger.events import Event

CASES = "cases"


@dataclass(frozen=True)
class CaseReported(Event):
    """Somebody was charged with an act of the catalogue. sha256: of the report."""

    kind: ClassVar[str] = "cases.reported"
    case: str
    sha256: str


@dataclass(frozen=True)
class CaseNoticed(Event):
    """The party was told facts, basis and rights, and may answer before `until`."""

    kind: ClassVar[str] = "cases.noticed"
    case: str
    until: datetime
    sha256: str


@dataclass(frozen=True)
class CaseHeard(Event):
    """A hearing took place. sha256: of its minutes."""

    kind: ClassVar[str] = "cases.heard"
    case: str
    sha256: str


@dataclass(frozen=True)
class CaseDecided(Event):
    """Two persons decided. outcome: restrict, dismiss or refer. sha256: of the decision."""

    kind: ClassVar[str] = "cases.decided"
    case: str
    decision_no: str
    outcome: str
    sha256: str


@dataclass(frozen=True)
class CaseLetBe(Event):
    """A report was dismissed or recommended to an authority before anybody was charged. outcome: dismiss or refer."""

    kind: ClassVar[str] = "cases.let-be"
    case: str
    outcome: str
    sha256: str


@dataclass(frozen=True)
class CaseServed(Event):
    """A decision was served. late: after its working days. restrictions: kind, start and end of each."""

    kind: ClassVar[str] = "cases.served"
    case: str
    decision_no: str
    late: bool
    restrictions: list[dict[str, str]]


@dataclass(frozen=True)
class CaseAppealed(Event):
    """The party appealed. stayed: the kinds that it puts off."""

    kind: ClassVar[str] = "cases.appealed"
    case: str
    decision_no: str
    stayed: list[str]


@dataclass(frozen=True)
class CaseRuled(Event):
    """Two others ruled on the appeal. outcome: upheld, changed or annulled."""

    kind: ClassVar[str] = "cases.ruled"
    case: str
    decision_no: str
    outcome: str
    sha256: str


@dataclass(frozen=True)
class CaseRepaired(Event):
    """A restriction was repaired, or its repair refused.

    restriction: its public id.  promise: what its subject promised in public, published with the repair, by no name.
    """

    kind: ClassVar[str] = "cases.repaired"
    case: str
    restriction: str
    outcome: str
    sha256: str
    promise: str = ""
