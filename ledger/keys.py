"""The note keys of this house: `<origin>/log` and `<origin>/sealed` for the sequencer alone, `<origin>/receipts`.

Each is a file of its own, readable by its owner alone; its public half lies beside it for everyone. When one is changed
the one before stays as `<name>.before.key` and signs as well, until whoever pinned it has pinned the new one; the
notes by which they were handed over stay for good (`proofs.handover`).
"""

import os
import stat
import tempfile
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from ledger.models import Log
from proofs import handover, note
from proofs.note import BadNote, Signer, Verifier
from rulebook.lasting import make_last

NAMES = {Log.PUBLIC.value: "log", Log.SEALED.value: "sealed"}
RECEIPTS = "receipts"
EVERY = (*NAMES.values(), RECEIPTS)


class Unsafe(RuntimeError):
    """A private key that others can read; the process must not start with it."""


def origin(log: str) -> str:
    """The name a log signs under."""
    return f"{settings.LOG_ORIGIN}/{NAMES[log]}"


def signer(name: str) -> Signer:
    """The private key `log`, `sealed` or `receipts`; made on first use."""
    return _signer(_path(name, "key"), f"{settings.LOG_ORIGIN}/{name}")


def verifier(name: str) -> Verifier | None:
    """Its public half, None before the key was made."""
    path = _path(name, "vkey")
    return note.parse_vkey(path.read_text().strip()) if path.exists() else None


def signers(name: str) -> list[Signer]:
    """Who signs now: the key, and while a hand-over lasts the one before it."""
    found, before = [signer(name)], _path(name, "before.key")
    return found + ([_read(before)] if before.exists() else [])


def handovers(name: str) -> list[str]:
    """The notes that led to the present key, the oldest first."""
    return [path.read_text() for path in sorted(Path(settings.KEYS).glob(f"{name}.handover.*"))]


def verifiers(name: str) -> list[Verifier]:
    """Every key it has had, the present one first. Raises BadNote where a note does not lead to it."""
    present = verifier(name)
    if present is None or not (notes := handovers(name)):
        return [present] if present else []
    known = list(handover.chain(notes, first=handover.opened(notes[0])[0]))
    if known[-1] != present:
        raise BadNote(f"the hand-overs of {name} lead to another key than {name}.key")
    return known[::-1]


def signed_by(name: str, text: str) -> Verifier | None:
    """Which of its keys signed a note, the newest; None for none of them."""
    return signer_among(verifiers(name), text)


def signer_among(known: list[Verifier], text: str) -> Verifier | None:
    """The first of these that signed a note; for who asks of many notes and reads the keys once."""
    parsed = note.parse(text)
    return next((each for each in known if each in note.verify(parsed, [each])), None)


def hand_over(name: str, *, seconds: int) -> str:
    """Make a new key for a name; the present one becomes the one before. Returns the note both signed.

    Broken off, it is gone on with by doing it again. FileExistsError while the last hand-over still goes on.
    """
    place, before, fresh = (_path(name, suffix) for suffix in ("key", "before.key", "next.key"))
    if before.exists() and not fresh.exists():
        raise FileExistsError(f"{before} still signs: finish the last hand-over first")
    old = signer(name)
    if not fresh.exists():
        _make(fresh, old.name)
    new, notes = _read(fresh), handovers(name)
    if not notes or handover.opened(notes[-1])[1] != new.verifier:
        _write(_path(name, f"handover.{len(notes) + 1:04}"), handover.made(old, new, seconds=seconds), mode=0o644)
    if not before.exists():
        os.link(place, before)
    os.replace(fresh, place)
    _signer.cache_clear()
    signer(name)  # writes the public half
    return handovers(name)[-1]


def finish(name: str) -> None:
    """The key before signs no longer: whoever pinned it has pinned the new one. Raises FileNotFoundError."""
    _path(name, "before.key").unlink()


def kept(name: str) -> bool:
    """Whether the private key is there; `signer` would make it."""
    return _path(name, "key").exists()


@lru_cache(maxsize=16)
def _signer(path: Path, name: str) -> Signer:
    if not path.exists():
        _make(path, name)
    found = _read(path)
    public, vkey = path.with_suffix(".vkey"), found.verifier.vkey + "\n"
    if not public.exists() or public.read_text() != vkey:
        _write(public, vkey, mode=0o644, anew=True)
    return found


def _read(path: Path) -> Signer:
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise Unsafe(f"{path} can be read by others: chmod 600")
    return note.parse_private(path.read_text())


def _make(path: Path, name: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    _write(path, note.generate(name) + "\n", mode=0o600)


def _write(path: Path, text: str, *, mode: int, anew: bool = False) -> None:
    """Write a file whole or not at all: a power cut must leave readers no empty one.

    anew: in place of what is there; else what is there stays, for another process was first and its key is the key.
    """
    # A name of its own: a draft that a power cut left would be in the way of the next process of that number.
    handle, draft = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w") as file:
            os.fchmod(handle, mode)
            file.write(text)
            file.flush()
            os.fsync(handle)
        with suppress(FileExistsError):
            (os.replace if anew else os.link)(draft, path)
    finally:
        Path(draft).unlink(missing_ok=True)
    make_last(path)


def _path(name: str, suffix: str) -> Path:
    return Path(settings.KEYS) / f"{name}.{suffix}"
