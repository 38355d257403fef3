"""Where a house dies by its own hand: SIGKILL when an act of a named phase has come just so far.

The campaign lays a fuse before the house starts; inside the house it is tied to the few places every act goes through:
the ledger's append, the database's COMMIT, the sequencer's batch, the storage's last step. Nothing of the house's own
code knows of it, and what dies is a process as it serves.
"""

import json
import os
import signal
import threading
from collections.abc import Callable, Sequence
from functools import wraps
from pathlib import Path
from typing import Any

FUSE, BLOWN = "fuse.json", "blown.txt"
# Before its entry is written; after it; before COMMIT; after COMMIT; while the answer is on its way.
MOMENTS = ("recording", "recorded", "committing", "committed", "answering")
BATCH, ENVELOPE = "checkpoint", "envelope"
# Every phase of quality.md §3.1: the facts of the log in whose writing it dies.
PHASES: dict[str, tuple[str, ...]] = {
    "submit": ("bidding.bid-sealed",),
    "upload": (ENVELOPE,),
    "withdraw": ("bidding.bid-withdrawn",),
    "close": ("tender.closed",),
    "release": ("opening.bidder-released", "opening.holder-released"),
    "open": ("opening.bidders-done", "opening.verdict", "opening.record"),
    "commit": ("draw.key", "draw.pool-attested", "draw.committed", "draw.deal"),
    "reveal": ("draw.revealed", "draw.result"),
    "score": ("evaluation.sheet-sealed",),
    "quote": ("auction.quoted",),
    "enrol": ("selection.enrolled", "selection.enrolment-withdrawn"),
    "extend": ("tender.deadline-moved",),
    "award": ("market.award-published",),
    "sanction": ("cases.decided",),
    "checkpoint": (BATCH,),
}


def lay(folder: Path, phase: str, moment: str, *, skip: int = 0) -> None:
    """The house that starts next dies in this phase.  skip: so many such moments are let pass before."""
    (folder / FUSE).write_text(json.dumps({"phase": phase, "moment": moment, "skip": skip}))


def take_away(folder: Path) -> None:
    """It lives until it is killed."""
    (folder / FUSE).unlink(missing_ok=True)


def blown(folder: Path) -> list[str]:
    """Every fuse that has gone off in this folder: `phase moment`."""
    try:
        return (folder / BLOWN).read_text().splitlines()
    except FileNotFoundError:
        return []


class Fuse:
    """One fuse inside a house."""

    def __init__(self, folder: Path, phase: str, moment: str, skip: int) -> None:
        self.folder, self.phase, self.moment, self.left = folder, phase, moment, skip
        self.kinds = PHASES[phase]
        self.written = threading.local()  # whether this thread's transaction holds what it waits for
        self.guard = threading.Lock()

    def at(self, moment: str) -> None:
        """Such a moment has come: the last but it is let pass."""
        if moment != self.moment:
            return
        with self.guard:
            self.left -= 1
            if self.left >= 0:
                return
            if moment == "answering":
                threading.Timer(0.001, self.die).start()
            else:
                self.die()

    def die(self) -> None:
        said = os.open(self.folder / BLOWN, os.O_CREAT | os.O_APPEND | os.O_WRONLY)
        os.write(said, f"{self.phase} {self.moment}\n".encode())
        os.kill(os.getpid(), signal.SIGKILL)

    def around(self, write: Callable[..., Any], concerns: Callable[..., bool]) -> Callable[..., Any]:
        """A function that writes: before it, after it, and remembered until its transaction ends."""

        @wraps(write)
        def written(*args: Any, **more: Any) -> Any:
            if not concerns(*args):
                return write(*args, **more)
            self.at("recording")
            done = write(*args, **more)
            self.at("recorded")
            self.written.yes = True
            return done

        return written

    def around_commit(self, commit: Callable[[Any], None]) -> Callable[[Any], None]:
        """COMMIT of a transaction that may hold it."""

        @wraps(commit)
        def committed(connection: Any) -> None:
            holds, self.written.yes = getattr(self.written, "yes", False), False
            if holds:
                self.at("committing")
            commit(connection)
            if holds:
                self.at("committed")
                self.at("answering")

        return committed


def tie(folder: Path) -> None:
    """Tie the fuse that lies in the folder, if one does, to this process. Called before it serves."""
    if not (folder / FUSE).exists():
        return
    from django.db.backends.base.base import BaseDatabaseWrapper

    from ledger import sequencer, services
    from ledger.storage.folder import Folder

    fuse = Fuse(folder, **json.loads((folder / FUSE).read_text()))

    def told(log: str, stream: str, events: Sequence[Any], *rest: Any) -> bool:
        return any(event.kind in fuse.kinds for event, _ in events)

    services._appended = fuse.around(services._appended, told)
    sequencer._append = fuse.around(sequencer._append, lambda *args: BATCH in fuse.kinds)
    Folder._settle = fuse.around(Folder._settle, lambda *args: ENVELOPE in fuse.kinds)  # type: ignore[method-assign]
    BaseDatabaseWrapper._commit = fuse.around_commit(BaseDatabaseWrapper._commit)  # type: ignore[method-assign]
