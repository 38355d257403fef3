"""A log that lost its end says so under its own key, and each witness's own people let their witness go back once.

    recovery/v1
    <origin>
    lost <leaves the witness has signed>
    restored <leaves there are> <base64 root of these>

Signed by the log as a note. A witness never goes back by itself: the promise of a log is that it does not. What was
lost stays on record on both sides, here beside the witness's memory, there as a public entry.
Spec: C2SP signed-note; tlog-witness knows no way back, so this is a person's act on the witness's own machine.
"""

import fcntl
import json
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from proofs import checkpoint, note
from proofs.follow import write_durably
from proofs.merkle import HASH_SIZE
from proofs.note import BadNote, Signer, Verifier

_FIRST = "recovery/v1"


@dataclass(frozen=True)
class Recovery:
    """What a log says of its loss.  lost, restored: leaves.  root: of those restored."""

    origin: str
    lost: int
    restored: int
    root: bytes

    def signed(self, signer: Signer) -> str:
        """As the log's signed note."""
        lines = (_FIRST, self.origin, f"lost {self.lost}", f"restored {self.restored} {note.encode64(self.root)}")
        return note.sign("".join(f"{line}\n" for line in lines), [signer])


def opened(text: str, log: Verifier) -> Recovery:
    """What a signed statement says. BadNote unless this log signed exactly such a statement."""
    lines = note.opened(text, log).split("\n")
    if len(lines) != 5 or lines[0] != _FIRST or lines[1] != log.name or lines[4]:
        raise BadNote("not a recovery of this log")
    words, last = lines[2].split(" "), lines[3].split(" ")
    if len(words) != 2 or len(last) != 3 or (words[0], last[0]) != ("lost", "restored"):
        raise BadNote("not a recovery of this log")
    root = note.decode64(last[2])
    if len(root) != HASH_SIZE:
        raise BadNote("a root has 32 bytes")
    return Recovery(log.name, note.decimal(words[1]), note.decimal(last[1]), root)


def is_head(state: Path, told: Recovery) -> bool:
    """Whether the witness of this folder stands just where the log says it lost its end."""
    path = _memory(state, told.origin)
    return path.exists() and json.loads(path.read_bytes())["size"] == told.lost


def go_back(state: Path, told: Recovery, restored: str, log: Verifier) -> Path:
    """Let the witness of this folder go on from what was restored; its memory of what was lost stays beside it.

    restored: the log's own checkpoint of that.  Returns where the lost memory lies.  BlockingIOError while the witness
    runs; BadNote unless it is just this witness's head that the log says it lost, and that checkpoint.
    """
    said = checkpoint.opened(restored, log)
    if (said.size, said.root) != (told.restored, told.root):
        raise BadNote("the checkpoint is not the one the statement restores")
    with (state / "lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        path = _memory(state, told.origin)
        if not path.exists():
            raise BadNote(f"this witness has never seen {told.origin}")
        known = path.read_bytes()
        seen = checkpoint.parse(note.parse(json.loads(known)["note"]).text)
        if (seen.origin, seen.size) != (told.origin, told.lost):
            raise BadNote(f"this witness has seen {seen.size} leaves, the log speaks of {told.lost}")
        lost = path.with_name(f"{path.stem}.lost-{told.lost}.json")
        write_durably(lost, known)
        kept = {"origin": told.origin, "size": told.restored, "note": restored}
        write_durably(path, json.dumps(kept, ensure_ascii=False).encode())
    return lost


def _memory(state: Path, origin: str) -> Path:
    return state / f"{sha256(origin.encode()).hexdigest()[:32]}.json"
