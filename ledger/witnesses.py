"""Collects the witnesses' signatures under our checkpoints.

Spec: C2SP tlog-witness (`POST /add-checkpoint`). Run by the sequencer's process; a witness that is away costs nobody
anything but time: what he has not signed, the next checkpoint he signs covers.
"""

import logging
import urllib.error
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime

from django.conf import settings
from django.db import transaction

from ledger import errands, keys, trees
from ledger.locks import hold_final
from ledger.models import Checkpoint, Cosignature, Log, Witnessed
from ledger.queries import is_declared
from ledger.sequencer import newest_checkpoint
from proofs import checkpoint as checkpoints
from proofs import note
from proofs.merkle import EMPTY_ROOT, consistency_proof
from proofs.note import BadNote, Verifier
from rulebook import clock
from rulebook.clock import OFF
from rulebook.watched import watched

log = logging.getLogger(__name__)

TIMEOUT = 5.0  # seconds
LONGEST_ANSWER = 64 * 1024  # bytes
_skews: dict[str, float] = {}  # seconds, by the witness's name


class LogRolledBack(RuntimeError):
    """A witness has signed a larger tree of ours than we have, or another: this is not what we published from.

    seen: leaves he has signed.  held: leaves we have.
    """

    def __init__(self, witness: str, log: str, *, seen: int, held: int) -> None:
        told = f"{witness} has seen {seen} leaves of {log}, we have {held}"
        super().__init__(told if seen > held else f"{told}, and they are of another history")
        self.witness, self.log, self.seen, self.held = witness, log, seen, held


@dataclass(frozen=True)
class Witness:
    """Where a witness is asked, and the key it signs with."""

    url: str
    key: Verifier


def configured() -> tuple[Witness, ...]:
    """The witnesses of the settings."""
    return tuple(Witness(each["url"].rstrip("/"), note.parse_vkey(each["vkey"])) for each in settings.WITNESSES)


def ask(witness: Witness, log_name: Log, *, at: datetime) -> bool:
    """Have a witness sign the newest checkpoint of a log, unless it has. Tells whether there was anything to do.

    OSError when it cannot be reached.
    """
    newest = newest_checkpoint(log_name)
    if newest is None or newest.cosignatures.filter(witness=witness.key.name).exists():
        return False
    status, answer = _add(witness, newest, old=_last_signed(witness, log_name))
    if status == 409 and answer.strip().isdigit():
        size = int(answer)
        if size > newest.size:
            if is_declared(witness.key.name, log_name, size):
                return False  # he signs again once his own people have taken note of the loss
            raise LogRolledBack(witness.key.name, log_name, seen=size, held=newest.size)
        status, answer = _add(witness, newest, old=size)
    if status != 200:
        log.warning("witness %s refuses %s at %s: %s %s", witness.key.name, log_name, newest.size, status, answer[:200])
        return False
    keep(newest, witness, answer, at=at)
    return True


def seen_by(witness: Witness, log_name: str) -> int | None:
    """How many leaves of a log a witness has signed; None where he does not watch it. OSError when he is away.

    Asked with what is signed already, or with the empty tree where nothing is: the question commits to nothing new.
    """
    newest = newest_checkpoint(log_name)
    if newest is None:
        if not keys.kept(keys.NAMES[log_name]):
            return None  # a house that has never signed anything
        empty = checkpoints.Checkpoint(origin=keys.origin(log_name), size=0, root=EMPTY_ROOT)
        said = empty.signed(keys.signers(keys.NAMES[log_name]))
    else:
        said = newest.note
    status, answer = _post(witness, ["old 0", "", said])
    if status == 409 and answer.strip().isdigit():
        return int(answer)
    return 0 if status == 200 else None


def agrees(witness: Witness, newest: Checkpoint, size: int) -> bool:
    """Whether our tree only adds to the `size` leaves a witness has signed. OSError when he is away."""
    status, answer = _add(witness, newest, old=size)
    forked = status == 422 or (status == 409 and answer.strip() == str(size))
    return not forked


@transaction.atomic
def keep(checkpoint: Checkpoint, witness: Witness, lines: str, *, at: datetime) -> None:
    """Keep a witness's line if it verifies, and note when the quorum is reached. BadNote when it does not verify."""
    signed = note.parse(checkpoints.with_cosignatures(checkpoint.note, lines, [witness.key]))
    own = [line for line in signed.signatures if line.key_id == witness.key.key_id and line.name == witness.key.name]
    if not own:
        raise BadNote(f"{witness.key.name} answered without a signature of its own")
    # The row is the lock: two witnesses may answer at once, and one of them completes the quorum.
    hold_final(checkpoint)
    Cosignature.objects.get_or_create(
        checkpoint=checkpoint, witness=witness.key.name, defaults={"line": own[0].line(), "at": at}
    )
    known = [each.key.name for each in configured()]
    count = checkpoint.cosignatures.filter(witness__in=known).count()
    if count >= max(1, settings.QUORUM):
        Witnessed.objects.get_or_create(
            checkpoint=checkpoint, defaults={"log": checkpoint.log, "size": checkpoint.size}
        )


def _last_signed(witness: Witness, log_name: Log) -> int:
    signed = Cosignature.objects.filter(witness=witness.key.name, checkpoint__log=log_name)
    return signed.order_by("-checkpoint__size").values_list("checkpoint__size", flat=True).first() or 0


def skews() -> dict[str, float]:
    """How far the clock of each witness that has answered is from ours, in seconds; positive: his is ahead.

    Only what exceeds what a date in whole seconds and the way of the answer explain.
    """
    return dict(_skews)


def _note_skew(witness: Witness, said: str | None, *, asked: datetime, answered: datetime) -> None:
    try:
        his = parsedate_to_datetime(said or "")
    except ValueError:
        return
    if his.tzinfo is None:
        return
    # He may have said it at any moment of that second and between our asking and his answer's coming.
    ahead, behind = (his - answered).total_seconds(), (asked - his).total_seconds() - 1
    before, skew = _skews.get(witness.key.name, 0.0), ahead if ahead > 0 else -behind if behind > 0 else 0.0
    _skews[witness.key.name] = skew
    if abs(skew) > OFF.total_seconds() >= abs(before):
        log.warning("the clock of witness %s is %+.1f s from ours: one of the two is wrong", witness.key.name, skew)


def _add(witness: Witness, checkpoint: Checkpoint, *, old: int) -> tuple[int, str]:
    """One request: the size it last signed, the proof from there to here, the checkpoint."""
    proof = consistency_proof(old, checkpoint.size, trees.nodes(checkpoint.log, checkpoint.size)) if old else []
    return _post(witness, [f"old {old}", *(note.encode64(each) for each in proof), "", checkpoint.note])


def _post(witness: Witness, lines: Sequence[str]) -> tuple[int, str]:
    request = urllib.request.Request(f"{witness.url}/add-checkpoint", data="\n".join(lines).encode(), method="POST")
    asked = clock.system()
    try:
        with watched("witness.ask"), errands.ask(request, timeout=TIMEOUT) as response:
            _note_skew(witness, response.headers.get("Date"), asked=asked, answered=clock.system())
            return response.status, response.read(LONGEST_ANSWER).decode()
    except urllib.error.HTTPError as error:
        _note_skew(witness, error.headers.get("Date"), asked=asked, answered=clock.system())
        return error.code, error.read(LONGEST_ANSWER).decode("utf-8", "replace")
