"""The note keys of this house: `<origin>/log` and `<origin>/sealed` for the sequencer alone, `<origin>/receipts`.

Each is a file of its own, readable by its owner alone; its public half lies beside it for everyone.
"""

import os
import stat
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from ledger.models import Log
from proofs import note
from proofs.note import Signer, Verifier

NAMES = {Log.PUBLIC.value: "log", Log.SEALED.value: "sealed"}
RECEIPTS = "receipts"


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


def kept(name: str) -> bool:
    """Whether the private key is there; `signer` would make it."""
    return _path(name, "key").exists()


@lru_cache(maxsize=16)
def _signer(path: Path, name: str) -> Signer:
    if not path.exists():
        _make(path, name)
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise Unsafe(f"{path} can be read by others: chmod 600")
    found = note.parse_private(path.read_text())
    path.with_suffix(".vkey").write_text(found.verifier.vkey + "\n")
    return found


def _make(path: Path, name: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(note.generate(name) + "\n")
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)  # fails when another process was first: its key is the key
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def _path(name: str, suffix: str) -> Path:
    return Path(settings.KEYS) / f"{name}.{suffix}"
