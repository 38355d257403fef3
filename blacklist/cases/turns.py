"""Whose turn a case is, and until when. Pure."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from blacklist.cases import process
from blacklist.cases.process import File, State


class Whose(StrEnum):
    """Who has the next act."""

    KEEPER = "keeper"
    EXAMINER = "examiner"
    PARTY = "party"
    CHAIR = "chair"
    SECOND = "second"
    OTHERS = "others"  # keepers who did not sign the decision


@dataclass(frozen=True, slots=True)
class Turn:
    """Whose turn it is.  until: the act is late from then on; None when nothing limits it."""

    whose: Whose
    until: datetime | None

    def late(self, *, at: datetime) -> bool:
        """Whether it should have been done. A party is never late: its time is a right that ends."""
        return self.whose is not Whose.PARTY and self.until is not None and at >= self.until


def turn(file: File, *, at: datetime) -> Turn | None:
    """Whose turn it is at an instant; None when nobody has anything left to do but what he may do."""
    match file.state:
        case State.REPORTED:
            whose = Whose.KEEPER
        case State.EXAMINING:
            whose = Whose.EXAMINER
        case State.NOTICED if file.defence_until is not None and at < file.defence_until:
            return Turn(Whose.PARTY, file.defence_until)
        case State.HEARING if file.hearing_at is not None and not file.heard:
            whose = Whose.CHAIR
        case State.NOTICED | State.HEARING | State.DECIDED:
            whose = Whose.KEEPER
        case State.PROPOSED | State.RULING:
            whose = Whose.SECOND
        case State.APPEALED:
            whose = Whose.OTHERS
        case _:
            until = process.repair_due(file)
            return None if until is None else Turn(Whose.SECOND if file.repair else Whose.KEEPER, until)
    return Turn(whose, process.due(file))
