"""Going on after a loss that the witnesses can see: said in the public log by two, and to each witness under our keys.

Not a way to have old entries forgotten: the entry names what every witness had signed, and a witness goes back only
when its own people let it (`python -m proofs witness-recover`). Until then nothing of ours is witnessed by it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from ledger import keys, queries, rules
from ledger.events import LogRecovered
from ledger.models import Checkpoint, Entry
from ledger.services import record
from proofs import checkpoint as checkpoints
from proofs.merkle import EMPTY_ROOT
from proofs.recovery import Recovery
from rulebook.actor import Actor
from rulebook.refusal import refuse_if


@dataclass(frozen=True)
class Loss:
    """A witness's head beyond what is held.  newest: our last checkpoint of that log, None where there is none."""

    witness: str
    log: str
    seen: int
    newest: Checkpoint | None

    @property
    def held(self) -> int:
        """Leaves there are."""
        return self.newest.size if self.newest else 0

    @property
    def root(self) -> bytes:
        """The root of these."""
        return bytes(self.newest.root) if self.newest else EMPTY_ROOT


@transaction.atomic
def declare(*, losses: Sequence[Loss], lost: str, by: Actor, auditor: Actor, at: datetime) -> Entry:
    """Say in the public log that the house goes on from what it could restore.

    losses: of every witness, asked just before, nothing serving or sequencing.  lost: what is known to be missing.
    Refused unless an operator and an auditor say so, and where nothing is lost.
    """
    refuse_if(rules.why_not_recover(losses=len(losses), lost=lost, by=by, auditor=auditor))
    told = [
        {"log": each.log, "witness": each.witness, "seen": each.seen, "held": each.held, "root": each.root.hex()}
        for each in losses
    ]
    event = LogRecovered(
        stream=queries.RECOVERY, losses=told, lost=lost.strip(), by=by.organisation, confirmed_by=auditor.organisation
    )
    return record(event, at=at)


def statement(losses: Sequence[Loss]) -> dict[str, Any]:
    """What each witness's people are handed: the loss and the restored checkpoint, each under the log's own key."""
    return {"v": "recovery/1", "logs": [_said(each) for each in losses]}


def _said(loss: Loss) -> dict[str, str]:
    signer, origin = keys.signer(keys.NAMES[loss.log]), keys.origin(loss.log)
    empty = checkpoints.Checkpoint(origin=origin, size=0, root=EMPTY_ROOT)
    return {
        "origin": origin,
        "statement": Recovery(origin, loss.seen, loss.held, loss.root).signed(signer),
        "checkpoint": loss.newest.note if loss.newest else empty.signed([signer]),
    }
