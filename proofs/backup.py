"""A backup: a folder of sealed files, signed for by the house, readable with one key that the house does not have.

    objects/<ab>/<id>      one kept file, sealed;  id = H("backup1/name\\0" ‖ its name), so names tell nothing
    snapshots/<stamp>/     database (sealed), names (sealed), objects (lines `<id> <sha256 of the sealed file> <size>`)
    snapshots/<stamp>/note the house's signed note, which names the three by their SHA-256 and the heads of both logs
    sealed = "MBB1" ‖ HPKE(DEK; info = "backup1/key\\0" ‖ H(recipient)) ‖ Cobblestone-256(DEK, context, plaintext)
    context = "backup1/payload\\0" ‖ H(the 84 bytes before) ‖ what it is: `database`, `names`, or a kept file's name

A kept file is put once under its name and never changes, so it is sealed once and every later snapshot names it anew.
The recipient's key is slot key 0 of the unit {"draw": "backups"} of an organisation's seed (`docs/proofs.md`): the
private half lies in a key file under a passphrase, apart from the backup and from the house.
"""

import hashlib
import secrets
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from cryptography.cobblestone import Cobblestone256Decryptor, Cobblestone256Encryptor
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from proofs import canonical, note
from proofs.canonical import NotCanonical
from proofs.note import BadNote, Signer, Verifier
from proofs.organisation import Organisation

UNIT = {"draw": "backups"}
MAGIC = b"MBB1"
HEAD = len(MAGIC) + 80  # bytes before the payload
BLOCK = 1 << 20
DATABASE, NAMES, OBJECTS, NOTE = "database", "names", "objects", "note"
_FIRST = "backup/v1"
_IN_MEMORY = 1 << 24
_HPKE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)


class Damaged(ValueError):
    """This is not what was backed up; the text says where."""


def recipient(by: Organisation) -> bytes:
    """The public key a backup is sealed to."""
    return by.slot_keys(unit=UNIT, role="c", count=1)


def reading_key(by: Organisation) -> bytes:
    """The private key that opens it."""
    return by.slot_key(unit=UNIT, role="c", slot=0)


def object_id(name: str) -> str:
    """Under which name a kept file lies in a backup."""
    return canonical.sha256(b"backup1/name\0", name.encode()).hex()


def object_path(folder: Path, identity: str) -> Path:
    """Where it lies."""
    return folder / "objects" / identity[:2] / identity


# --- one sealed file --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Written:
    """What was sealed: SHA-256 in hex and bytes, of the plaintext and of the sealed file."""

    plain_sha256: str
    plain_size: int
    sha256: str
    size: int


def seal(target: BinaryIO, blocks: Iterable[bytes], *, to: bytes, what: str) -> Written:
    """Seal a file to its recipient, block by block.  what: binds it to its place."""
    dek = secrets.token_bytes(32)
    head = MAGIC + _HPKE.encrypt(dek, X25519PublicKey.from_public_bytes(to), _info(to))
    plain, sealed, sizes = hashlib.sha256(), hashlib.sha256(), [0, 0]
    encryptor = Cobblestone256Encryptor(dek, _context(head, what))

    def write(data: bytes) -> None:
        target.write(data)
        sealed.update(data)
        sizes[1] += len(data)

    write(head)
    for block in blocks:
        plain.update(block)
        sizes[0] += len(block)
        write(encryptor.update(block))
    write(encryptor.finalize())
    return Written(plain.hexdigest(), sizes[0], sealed.hexdigest(), sizes[1])


def unsealed(source: BinaryIO, key: bytes, *, what: str) -> Iterator[bytes]:
    """What was sealed, block by block; each is genuine, and the end is: Damaged before it where anything is not."""
    private = X25519PrivateKey.from_private_bytes(key)
    head = source.read(HEAD)
    try:
        if len(head) != HEAD or head[:4] != MAGIC:
            raise Damaged(f"{what}: not a sealed file")
        dek = _HPKE.decrypt(head[4:], private, _info(private.public_key().public_bytes_raw()))
        decryptor = Cobblestone256Decryptor(dek, _context(head, what))
        for block in blocks(source):
            yield decryptor.update(block)
        yield decryptor.finalize()
    except (InvalidTag, ValueError) as wrong:
        if isinstance(wrong, Damaged):
            raise
        raise Damaged(f"{what}: does not open with this key, or was altered") from wrong


def blocks(source: BinaryIO) -> Iterator[bytes]:
    """A file in pieces."""
    while block := source.read(BLOCK):
        yield block


def _info(public: bytes) -> bytes:
    return b"backup1/key\0" + hashlib.sha256(public).digest()


def _context(head: bytes, what: str) -> bytes:
    return b"backup1/payload\0" + hashlib.sha256(head).digest() + what.encode()


# --- the note of a snapshot -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Snapshot:
    """What the house signs for.  heads: each log's signed checkpoint, empty where it had none.

    files: `database`, `names`, `objects` by the SHA-256 of what lies there.  engine: which wrote the database.
    """

    origin: str
    at: str
    engine: str
    version: str
    heads: Mapping[str, str]
    files: Mapping[str, str]

    def signed(self, signer: Signer) -> str:
        """As the house's signed note."""
        said = {
            "at": self.at, "engine": self.engine, "version": self.version, "heads": dict(self.heads),
            "files": dict(self.files),
        }  # fmt: skip
        lines = (_FIRST, self.origin, canonical.dumps(said).decode())
        return note.sign("".join(f"{line}\n" for line in lines), [signer])


def opened(text: str, key: Verifier | None) -> Snapshot:
    """What a note says. key: the house's, as its reader knows it; None takes the word as it stands.

    Damaged unless it is such a note, signed by that key.
    """
    try:
        body = note.opened(text, key) if key else note.parse(text).text
        lines = body.split("\n")
        if len(lines) != 4 or lines[0] != _FIRST or (key and not key.name.startswith(lines[1] + "/")):
            raise BadNote("not the note of a backup of this house")
        told = canonical.require_keys(
            canonical.parse(lines[2].encode()), ("at", "engine", "version", "heads", "files"), "backup"
        )
        canonical.require_keys(told["files"], (DATABASE, NAMES, OBJECTS), "backup.files")
    except (BadNote, NotCanonical) as wrong:
        raise Damaged(f"note: {wrong}") from wrong
    return Snapshot(lines[1], told["at"], told["engine"], told["version"], told["heads"], told["files"])


# --- a backup as it lies ----------------------------------------------------------------------------------------------


def snapshots(folder: Path) -> list[str]:
    """The stamps of what was finished, oldest first."""
    made = folder / "snapshots"
    return sorted(path.name for path in made.iterdir() if (path / NOTE).exists()) if made.is_dir() else []


@dataclass(frozen=True)
class Backup:
    """One snapshot of a folder, its note read.  sealed: id ↦ (SHA-256, size) of each object it needs."""

    folder: Path
    stamp: str
    said: Snapshot
    sealed: Mapping[str, tuple[str, int]]

    @property
    def place(self) -> Path:
        return self.folder / "snapshots" / self.stamp


def read(folder: Path, *, stamp: str = "", key: Verifier | None) -> Backup:
    """A snapshot, the newest unless one is named. Damaged where there is none, or its note or list does not hold."""
    found = snapshots(folder)
    if not found or (stamp and stamp not in found):
        raise Damaged(f"{folder}: no backup" + (f" of {stamp}" if stamp else ""))
    place = folder / "snapshots" / (stamp or found[-1])
    said = opened((place / NOTE).read_text(), key)
    listed = (place / OBJECTS).read_bytes()
    if hashlib.sha256(listed).hexdigest() != said.files[OBJECTS]:
        raise Damaged("objects: not the list that was signed for")
    rows = (line.split(" ") for line in listed.decode().splitlines())
    return Backup(folder, place.name, said, {row[0]: (row[1], int(row[2])) for row in rows})


def faults(backup: Backup) -> Iterator[str]:
    """Every sealed file that is missing or altered; needs no key."""
    for name in (DATABASE, NAMES):
        if _sha256_of(backup.place / name) != backup.said.files[name]:
            yield f"{name}: missing or altered"
    for identity, (sha256, _size) in backup.sealed.items():
        if _sha256_of(object_path(backup.folder, identity)) != sha256:
            yield f"object {identity}: missing or altered"


def names(backup: Backup, key: bytes) -> dict[str, tuple[str, int]]:
    """The kept files: name ↦ SHA-256 and size of its plaintext. Damaged unless they are just the objects there are."""
    with (backup.place / NAMES).open("rb") as source:
        data = b"".join(unsealed(source, key, what=NAMES))
    told = canonical.parse_object(data)
    if {object_id(name) for name in told} != set(backup.sealed):
        raise Damaged("names: not those of the objects there are")
    return {name: (str(each[0]), int(each[1])) for name, each in told.items()}


@contextmanager
def kept_file(backup: Backup, name: str, sha256: str, key: bytes) -> Iterator[BinaryIO]:
    """One kept file, whole and genuine, for reading. Damaged otherwise."""
    with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY) as plain:
        digest = hashlib.sha256()
        try:
            with object_path(backup.folder, object_id(name)).open("rb") as source:
                for block in unsealed(source, key, what=name):
                    digest.update(block)
                    plain.write(block)
        except FileNotFoundError as gone:
            raise Damaged(f"{name}: missing") from gone
        if digest.hexdigest() != sha256:
            raise Damaged(f"{name}: other bytes than were listed")
        plain.seek(0)
        yield plain  # type: ignore[misc]


def _sha256_of(path: Path) -> str:
    if not path.exists():
        return ""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
