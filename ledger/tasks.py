"""What the ledger does by itself."""

from datetime import datetime

from ledger.storage import outgoing
from rulebook.actor import Actor
from rulebook.rows import left_for_next_time


def carry_files(*, by: Actor, at: datetime) -> None:
    """Put into the storage what acts have written and it did not take at once."""
    for name in outgoing.names():
        with left_for_next_time(name.partition("/")[0]):
            outgoing.carry(name)
