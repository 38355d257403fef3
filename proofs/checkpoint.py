"""Checkpoints: what a log says of itself, and who must have seen it.

Spec: C2SP tlog-checkpoint, tlog-policy.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from proofs import note as notes
from proofs.merkle import HASH_SIZE
from proofs.note import COSIGNATURE, ED25519, BadNote, Note, Signer, Verifier


@dataclass(frozen=True)
class Checkpoint:
    """A log's origin, its size and its root. Extension lines are not made here, and refused when read:
    nobody can audit them."""

    origin: str
    size: int
    root: bytes

    def text(self) -> str:
        """The body of the note."""
        return f"{self.origin}\n{self.size}\n{notes.encode64(self.root)}\n"

    def signed(self, signers: Sequence[Signer]) -> str:
        """The checkpoint as a note signed by the log's keys."""
        return notes.sign(self.text(), signers)


def parse(text: str) -> Checkpoint:
    """A checkpoint from a note's text. Raises BadNote when it is not one."""
    lines = text.split("\n")
    if len(lines) != 4 or lines[3] or not lines[0]:
        raise BadNote("a checkpoint has three lines")
    root = notes.decode64(lines[2])
    if len(root) != HASH_SIZE:
        raise BadNote("a root has 32 bytes")
    return Checkpoint(origin=lines[0], size=notes.decimal(lines[1]), root=root)


def opened(note: str, verifier: Verifier) -> Checkpoint:
    """The checkpoint in a note signed by the log's key, which bears the origin's name. Raises BadNote otherwise."""
    checkpoint = parse(notes.opened(note, verifier))
    if checkpoint.origin != verifier.name:
        raise BadNote(f"the checkpoint is of {checkpoint.origin}, the key of {verifier.name}")
    return checkpoint


def cosigners(note: str | Note, witnesses: Iterable[Verifier]) -> dict[Verifier, int]:
    """Which of the witnesses cosigned, with the POSIX seconds they gave.

    A line of a witness that does not verify counts as missing here, not as an error: an intermediary who garbles
    one witness's line must not be able to take away the others.
    """
    parsed = notes.parse(note) if isinstance(note, str) else note
    seen: dict[Verifier, int] = {}
    for witness in witnesses:
        for signature in parsed.signatures:
            if (signature.name, signature.key_id) == (witness.name, witness.key_id) and witness.kind == COSIGNATURE:
                seconds = witness.signed_at(parsed.text, signature)
                if seconds:
                    seen[witness] = seconds
    return seen


def with_cosignatures(note: str, lines: str, witnesses: Iterable[Verifier]) -> str:
    """The note with those signature lines added that are by one of the witnesses, verify, and are not there yet.

    Raises BadNote when `lines` are not signature lines.
    """
    parsed = notes.parse(note)
    offered = notes.parse(parsed.text + "\n" + lines)
    witnesses = tuple(witnesses)
    missing = [witness for witness in witnesses if witness not in cosigners(parsed, witnesses)]
    added = [
        next(
            line
            for line in offered.signatures
            if line.key_id == witness.key_id and witness.signed_at(parsed.text, line)
        )
        for witness in cosigners(offered, missing)
    ]
    return str(Note(parsed.text, (*parsed.signatures, *added)))


@dataclass(frozen=True)
class Policy:
    """Whose signatures make a checkpoint count: any of the logs, and the quorum of witnesses."""

    logs: tuple[Verifier, ...] = ()
    witnesses: Mapping[str, Verifier] = field(default_factory=dict)
    groups: Mapping[str, tuple[int, tuple[str, ...]]] = field(default_factory=dict)
    quorum: str = "none"
    urls: Mapping[str, str] = field(default_factory=dict)

    def is_witnessed(self, note: str) -> bool:
        """Whether the quorum cosigned the note."""
        if self.quorum == "none":
            return True
        seen = cosigners(note, self.witnesses.values())
        return self._holds(self.quorum, seen)

    def why_not(self, note: str) -> str:
        """Empty when the note is signed by one of the logs and witnessed; else what is missing."""
        try:
            parsed = notes.parse(note)
            signed = notes.verify(parsed, self.logs)
        except BadNote as wrong:
            return str(wrong)
        if self.logs and parse(parsed.text).origin not in {log.name for log in signed}:
            return "not signed by a known log"
        return "" if self.is_witnessed(note) else "unwitnessed"

    def _holds(self, name: str, seen: Mapping[Verifier, int]) -> bool:
        if name in self.witnesses:
            return self.witnesses[name] in seen
        threshold, members = self.groups[name]
        return sum(self._holds(member, seen) for member in members) >= threshold


def quorum_of(witnesses: Sequence[Verifier], quorum: int, *, logs: Sequence[Verifier] = ()) -> Policy:
    """The policy `quorum` of these witnesses (0: none needed)."""
    if not 0 <= quorum <= len(witnesses):
        raise ValueError(f"no quorum of {quorum} among {len(witnesses)}")
    named = {f"w{number}": witness for number, witness in enumerate(witnesses, 1)}
    if len({witness.key for witness in witnesses}) != len(witnesses):
        raise ValueError("a witness is named twice")
    if not quorum:
        return Policy(tuple(logs), named)
    return Policy(tuple(logs), named, {"quorum": (quorum, tuple(named))}, "quorum")


def parse_policy(text: str) -> Policy:
    """A tlog-policy file. Raises BadNote when it is not one."""
    logs: list[Verifier] = []
    witnesses: dict[str, Verifier] = {}
    groups: dict[str, tuple[int, tuple[str, ...]]] = {}
    urls: dict[str, str] = {}
    used: set[str] = set()
    quorum = ""
    if any(ord(letter) < 0x20 and letter not in "\t\n" or ord(letter) == 0x7F for letter in text):
        raise BadNote("a policy has no control characters but tab and newline")
    for line in text.split("\n"):
        match line.strip(" \t").replace("\t", " ").split():
            case []:
                continue
            case [first, *_] if first.startswith("#"):
                continue
            case ["log", vkey, *url] if len(url) <= 1:
                log = parse_vkey_of(vkey, ED25519)
                if any(log.key == other.key for other in logs):
                    raise BadNote("a log is listed twice")
                logs.append(log)
                urls[vkey] = "".join(url)
            case ["witness", name, vkey, *url] if len(url) <= 1:
                witness = parse_vkey_of(vkey, COSIGNATURE)
                _check_new(name, witnesses, groups)
                if any(witness.key == other.key for other in witnesses.values()):
                    raise BadNote("a witness is listed twice")
                witnesses[name] = witness
                urls[vkey] = "".join(url)
            case ["group", name, threshold, *members] if members:
                _check_new(name, witnesses, groups)
                for member in members:
                    if member not in witnesses and member not in groups or member in used:
                        raise BadNote(f"{member} is unknown here, or in a group already")
                    used.add(member)
                count = {"all": len(members), "any": 1}.get(threshold) or notes.decimal(threshold)
                if not 1 <= count <= len(members):
                    raise BadNote(f"no {threshold} of {len(members)}")
                groups[name] = (count, tuple(members))
            case ["quorum", name] if not quorum and (name == "none" or name in witnesses or name in groups):
                quorum = name
            case _:
                raise BadNote(f"not a line of a policy: {line[:80]!r}")
    if not quorum:
        raise BadNote("a policy has one quorum line")
    return Policy(tuple(logs), witnesses, groups, quorum, urls)


def parse_vkey_of(vkey: str, kind: int) -> Verifier:
    """A vkey of this kind. Raises BadNote when it is of another."""
    verifier = notes.parse_vkey(vkey)
    if verifier.kind != kind:
        raise BadNote("a log signs with a plain Ed25519 key, a witness with a cosignature key")
    return verifier


def _check_new(name: str, *tables: Mapping[str, object]) -> None:
    if name == "none" or any(name in table for table in tables):
        raise BadNote(f"{name} is taken")
