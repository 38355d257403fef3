"""Before anything is signed or accepted: have the witnesses signed more of our logs than this database holds?

A database set back (an old backup, a standby that lagged) would go on under the same keys and make a second history.
So every process that serves, sequences or works asks first and does not start. The way out is `ledger.recovery`.
"""

import logging
from collections.abc import Iterator

from ledger import keys, setback, witnesses
from ledger.models import Log
from ledger.queries import is_declared
from ledger.recovery import Loss
from ledger.sequencer import newest_checkpoint
from ledger.witnesses import LogRolledBack, Witness
from proofs import checkpoint as checkpoints
from proofs.note import BadNote

__all__ = ["KeysMissing", "LogRolledBack", "check", "held_back", "keys_are_here", "losses"]

log = logging.getLogger(__name__)


class KeysMissing(RuntimeError):
    """The logs were signed under keys that are not in the key folder: with fresh ones nobody would believe them."""


def check(*, signs: bool = False) -> None:
    """Let the process start only if no witness has signed more than we have, or another history.

    LogRolledBack when one has, unless its loss was declared; KeysMissing without the keys the logs were signed with.
    signs: this process holds the logs' keys.  A witness that is away is logged and holds nobody up: he is asked again
    before he signs anything.
    """
    if signs:
        keys_are_here()
    all_answered = True
    for witness in witnesses.configured():
        for name in (Log.PUBLIC, Log.SEALED):
            try:
                held_back(witness, name)
            except OSError as error:
                log.warning("witness %s cannot be asked before the start: %s", witness.key.name, error)
                all_answered = False
                break
    if signs and all_answered:
        setback.over()


def keys_are_here() -> None:
    """KeysMissing unless the keys are there that signed each log's newest checkpoint."""
    for name in Log.values:
        newest = newest_checkpoint(name)
        if newest is None:
            continue
        try:
            key = keys.signed_by(keys.NAMES[name], newest.note)
            if key is None or not keys.kept(keys.NAMES[name]):
                raise BadNote("the key is missing")
            checkpoints.opened(newest.note, key)
        except BadNote as wrong:
            told = f"keys/{keys.NAMES[name]}.key is not the key this database was signed with: {wrong}"
            raise KeysMissing(f"{told}; bring the keys back before anything else") from wrong


def held_back(witness: Witness, name: str) -> None:
    """LogRolledBack when a witness has signed more of a log than we hold, or another history; OSError when away."""
    if (size := witnesses.seen_by(witness, name)) is None or is_declared(witness.key.name, name, size):
        return
    newest = newest_checkpoint(name)  # read after the answer: a sequencer elsewhere may be signing meanwhile
    if size > (newest.size if newest else 0):
        raise LogRolledBack(witness.key.name, name, seen=size, held=newest.size if newest else 0)
    if newest is not None and size and not witnesses.agrees(witness, newest, size):
        raise LogRolledBack(witness.key.name, name, seen=size, held=newest.size)


def losses() -> Iterator[Loss]:
    """Each witness's head beyond what we hold, of each log. OSError when one of them is away: all must be asked."""
    for witness in witnesses.configured():
        for name in Log.values:
            try:
                held_back(witness, name)
            except LogRolledBack as found:
                yield Loss(witness.key.name, name, found.seen, newest_checkpoint(name))
