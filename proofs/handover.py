"""From one key of a log to the next: a note that both sign, so that whoever knows the one is led to the other.

A thief of the old key can write such a note as well. So nobody follows one by himself: a witness's people, a mirror,
whoever pinned the old key hear of the change by another way, too; the old key signs beside the new until they have.
"""

from collections.abc import Iterable, Iterator

from proofs import note
from proofs.note import ED25519, BadNote, Signer, Verifier

HEAD = "handover/1"


def made(old: Signer, new: Signer, *, seconds: int) -> str:
    """The note that hands a name over.  seconds: POSIX, when. Raises BadNote for two names or the same key."""
    if old.name != new.name or old.verifier == new.verifier:
        raise BadNote("a hand-over is from one key to another of the same name")
    text = f"{HEAD}\n{old.verifier.vkey}\n{new.verifier.vkey}\n{seconds}\n"
    return note.sign(text, [old, new])


def opened(text: str) -> tuple[Verifier, Verifier]:
    """The key before and the key after. Raises BadNote where it is no hand-over that both signed."""
    parsed = note.parse(text)
    lines = parsed.text.split("\n")
    if len(lines) != 5 or lines[0] != HEAD or lines[4]:
        raise BadNote("not a hand-over")
    old, new = note.parse_vkey(lines[1]), note.parse_vkey(lines[2])
    note.decimal(lines[3])
    if old.name != new.name or old == new or {old.kind, new.kind} != {ED25519}:
        raise BadNote("a hand-over is from one key to another of the same name")
    if len(note.verify(parsed, [old, new])) != 2:
        raise BadNote("a hand-over is signed by both keys")
    return old, new


def chain(notes: Iterable[str], *, first: Verifier) -> Iterator[Verifier]:
    """The keys a name has had, from this one on; each note must begin where the last ended. Raises BadNote."""
    yield first
    for each in notes:
        old, new = opened(each)
        if old != first:
            raise BadNote("a hand-over by another key")
        yield new
        first = new
