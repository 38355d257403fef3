"""Where a fact of an opening goes: to everybody at once, or, behind closed doors, to everybody with the result."""

from datetime import datetime

from bidding.opening.closed_events import DoorsShut
from bidding.tender import queries as tenders
from ledger.events import Event
from ledger.models import Entry, Log
from ledger.services import record, record_in_room
from market.projects.models import Project


def tell(project: Project, event: Event, *, at: datetime) -> Entry:
    """Record a fact as the procedure wants it, inside the caller's transaction and as its last statement.

    Law: 政府采购法 第38条 (no party to a negotiation tells of the other suppliers).
    """
    behind = event.names_parties and tenders.closed_hall(project) is not None
    return (record_in_room if behind else record)(event, at=at)


def shut_doors(project: Project, *, session: int, closing: str, at: datetime) -> None:
    """Say publicly that a session has begun behind closed doors, and nothing of who is in it."""
    if tenders.closed_hall(project) is not None:
        record(DoorsShut(stream=project.log, session=session, closing=closing), at=at)


def told_number(entry: Entry) -> int | None:
    """The number a speaker is told of the entry his word made; none behind closed doors, where it counts the others."""
    return entry.seq if entry.log == Log.PUBLIC else None
