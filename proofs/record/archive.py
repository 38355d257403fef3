"""RECORD.zip: everything public about one procurement, in one file that needs no server to be checked.

    record.json      JCS {"v":"record/1","number","log":vkey,"sealed":vkey,"entries":n,"keys":m}
    checkpoint       the public log's checkpoint, with cosignatures: every entry below is proven against it
    entries.jsonl    the project's stream, one JCS {"entry","index","proof":[hex …]} a line, seq 1…n
    keys.jsonl       of the stream of keys, what concerns this procurement, in the same form, in the log's order
    draws/<k>.json   the k-th draw as a DRAW.json, for `verify-draw`
    blobs/<sha256>   the large objects the entries name

Nothing else may be in it, and each member has one spelling, so that no byte can be changed unnoticed.
"""

import io
import json
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from proofs import canonical, checkpoint, closing, note, transcript, words
from proofs import statement as statements
from proofs.canonical import NotCanonical
from proofs.draw import Void
from proofs.note import Verifier
from proofs.record.proven import ROOM, Proven, facts, merged
from proofs.registry import Registry

MOST_BYTES = 4 * 1024**3
_EPOCH = (1980, 1, 1, 0, 0, 0)
_DAMAGED = (zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, EOFError, OSError, ValueError,
            RuntimeError)  # fmt: skip


class Unreadable(ValueError):
    """Not a RECORD.zip."""


@dataclass(frozen=True)
class Record:
    """A record as read: well formed, nothing of it checked."""

    number: str
    log: Verifier
    sealed: Verifier
    checkpoint: str
    entries: tuple[Proven, ...]
    keys: tuple[Proven, ...]
    blobs: Mapping[str, bytes]
    draws: Mapping[int, bytes] = field(default_factory=dict)

    @property
    def stream(self) -> str:
        """The stream of its entries."""
        return f"project/{self.number}"

    @cached_property
    def told(self) -> tuple[Proven, ...]:
        """The entries, and in their places among them the facts that were told behind closed doors, once disclosed."""
        room = [entry for entry in self.entries if entry.kind == ROOM]
        return tuple(merged(self.entries, [fact for entry in room for fact in facts(self.room(entry))]))

    def room(self, entry: Proven) -> Any:
        """The rows that an entry discloses. Not to be changed."""
        return self.json_blob(entry.data["sha256"])

    def of(self, *kinds: str) -> list[Proven]:
        """The entries of these kinds, in order, with those that were told behind closed doors."""
        if len(kinds) == 1:
            return list(self._by_kind.get(kinds[0], ()))
        return [entry for entry in self.told if entry.kind in kinds]

    @cached_property
    def _by_kind(self) -> dict[str, list[Proven]]:
        found: dict[str, list[Proven]] = {}
        for entry in self.told:
            found.setdefault(entry.kind, []).append(entry)
        return found

    def one(self, kind: str) -> Proven | None:
        """The entry of a kind that is recorded at most once. ValueError when it is there twice."""
        found = self.of(kind)
        if len(found) > 1:
            raise ValueError(f"{kind} 出现了 {len(found)} 次")
        return found[0] if found else None

    def blob(self, sha256: str) -> bytes:
        """A large object by its hash. ValueError when it is missing."""
        if sha256 not in self.blobs:
            raise ValueError(f"缺少 blobs/{sha256}")
        return self.blobs[sha256]

    def json_blob(self, sha256: str) -> Any:
        """A large object that is canonical JSON. Not to be changed: it is read once for all who ask."""
        if sha256 not in self._parsed:
            self._parsed[sha256] = canonical.parse(self.blob(sha256))
        return self._parsed[sha256]

    @cached_property
    def _parsed(self) -> dict[str, Any]:
        return {}

    @cached_property
    def words(self) -> words.Words:
        """What its law calls things; as tenders do before there are terms."""
        pinned = next((entry for entry in self.entries if entry.kind == "tender.terms"), None)
        return words.of(pinned.data.get("edition") if pinned else None)

    @cached_property
    def live(self) -> dict[str, dict[str, Any]]:
        """The closing manifests that the hall showed, of rounds as well, eid ↦ its row. Not to be changed."""
        return {row["eid"]: row for opened in self.lists for row in self.listed(opened)}

    @cached_property
    def lists(self) -> list[Proven]:
        """The entries that show a closing's list: the opening of the hall, and of each round of quotes."""
        later = [entry for entry in self.of("opening.session-opened") if "round" in entry.data]
        return [*self.of("opening.hall-opened"), *later]

    def listed(self, opened: Proven) -> list[dict[str, Any]]:
        """The rows of the list such an entry shows."""
        rows: list[dict[str, Any]] = closing.parse(self.blob(opened.data["live_sha256"]))["live"]
        return rows

    @cached_property
    def submitted(self) -> dict[str, dict[str, Any]]:
        """eid ↦ the signed `sub/1` of everything on those lists. Not to be changed."""
        shown = [row for opened in self.lists for row in self.json_blob(opened.data["sealed_sha256"])]
        return {row["sub"]["eid"]: row["sub"] for row in shown}

    @property
    def bidders(self) -> list[dict[str, Any]]:
        """Who bid and with what, as the hall showed it; nobody before that. Not to be changed."""
        opened = self.one("opening.hall-opened")
        if opened is None:
            return []
        within = opened.data.get("bidders")
        return list(self.json_blob(opened.data["bidders_sha256"]) if within is None else within)

    @cached_property
    def releases(self) -> list[dict[str, Any]]:
        """Every `rel/1` the record publishes, in the order of the log."""
        said: list[dict[str, Any]] = []
        for entry in self.of("opening.bidders-done", "opening.holder-released", "opening.rescued"):
            if entry.kind == "opening.rescued":
                if entry.data["part"] in self.read_out:
                    said.append(self.json_blob(entry.data["statement_sha256"]))
            elif entry.kind == "opening.bidders-done" or entry.data["part"] in self.read_out:
                said += self.json_blob(entry.data["releases_sha256"])
        said += [one for row in self.disclosed.values() for one in row["releases"]]
        return [statements.check(one, v="rel/1") for one in said]

    @cached_property
    def read_out(self) -> tuple[str, ...]:
        """The parts everybody learns when they are opened: no quotes of rounds."""
        terms = self.one("tender.terms")
        return () if terms and terms.data.get("rounds") is True else READ_OUT

    @cached_property
    def disclosed(self) -> dict[str, dict[str, Any]]:
        """Envelope ↦ {"sheet", "releases"} of quotes that were disclosed with the result. Not to be changed."""
        told = self.one("opening.quotes-disclosed")
        rows = self.json_blob(told.data["sha256"]) if told else []
        return {row["eid"]: canonical.require_keys(row, ("eid", "sheet", "releases"), "disclosed") for row in rows}

    def sheet_of(self, data: Mapping[str, Any]) -> Any:
        """What a verdict's envelope says, read out then or disclosed with the result."""
        return self.disclosed[data["eid"]]["sheet"] if data["eid"] in self.disclosed else data["sheet"]

    @property
    def registry(self) -> Registry:
        """The identity keys registered and revoked in its part of the stream of keys."""
        return self._known[0]

    @property
    def revocations_stand(self) -> bool:
        """Whether every revocation in it is one."""
        return self._known[1]

    @cached_property
    def _known(self) -> tuple[Registry, bool]:
        made, stand = Registry(), True
        for entry in self.keys:
            if entry.kind == "accounts.key-registered":
                made.take(entry.data.get("statement"))
            elif entry.kind == "accounts.key-revoked":
                at = statements.timestamp(entry.event["ts"])
                stand &= made.revoke(entry.data.get("statement"), at=at, index=entry.index)
        return made, stand

    def signed(self, said: Mapping[str, Any], entry: Proven) -> bool:
        """Whether a statement that this entry acknowledges is signed by a key that had not been revoked there."""
        at = statements.timestamp(entry.event["ts"])
        index = entry.index if entry.after is None else None
        return self.registry.signed(said) and self.registry.stood(said, at=at, index=index)

    @property
    def terms(self) -> dict[str, Any]:
        """The terms bids were made under; ValueError before they were published."""
        found = self.one("tender.terms")
        if found is None:
            raise ValueError("尚未发布投标条件 tender.terms")
        return found.data

    @property
    def deadline(self) -> str:
        """When bids were due: as the terms pin it, or as announced corrections moved it.

        ValueError when a move goes back, came after the deadline it moves, or no notice says so.
        """
        due = str(self.terms["deadline"])
        announced = {(entry.data["notice"], entry.data["sha256"]) for entry in self.of("market.notice-published")}
        for moved in self.of("tender.deadline-moved"):
            told, shut = moved.data, self.one("tender.closed")
            if told["was"] != due or statements.timestamp(told["deadline"]) <= statements.timestamp(due):
                raise ValueError(f"{self.words.deadline}时间被提前，或者前后不相接")
            if statements.timestamp(moved.event["ts"]) >= statements.timestamp(due) or (
                shut is not None and shut.order < moved.order
            ):
                raise ValueError(f"{self.words.deadline}后又改动截止时间")
            if (told["notice"], told["sha256"]) not in announced:
                raise ValueError("截止时间的改动没有公告")
            due = str(told["deadline"])
        return due


def write(record: Record) -> bytes:
    """The bytes of a record. The same record gives the same bytes."""
    head = {
        "v": "record/1",
        "number": record.number,
        "log": record.log.vkey,
        "sealed": record.sealed.vkey,
        "entries": len(record.entries),
        "keys": len(record.keys),
    }
    members = {
        "record.json": canonical.dumps(head),
        "checkpoint": record.checkpoint.encode(),
        "entries.jsonl": b"".join(entry.line() for entry in record.entries),
        "keys.jsonl": b"".join(entry.line() for entry in record.keys),
        **{f"draws/{k}.json": data for k, data in sorted(record.draws.items())},
        **{f"blobs/{sha256}": data for sha256, data in sorted(record.blobs.items())},
    }
    return pack(members)


def pack(members: Mapping[str, bytes]) -> bytes:
    """A zip of these members."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in members.items():
            # What is sealed does not compress; what is text does.
            how = zipfile.ZIP_STORED if name.startswith("blobs/") and data[:4] == b"SBE1" else zipfile.ZIP_DEFLATED
            archive.writestr(zipfile.ZipInfo(name, _EPOCH), data, how)
    return out.getvalue()


def unpack(data: bytes) -> dict[str, bytes]:
    """The members of a zip. Raises Unreadable when it is none, is damaged, or names a member twice."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            listed = archive.infolist()
            if len({info.filename for info in listed}) != len(listed):
                raise Unreadable("a member occurs twice")
            if sum(info.file_size for info in listed) > MOST_BYTES:
                raise Unreadable("too large")
            return {info.filename: archive.read(info) for info in listed}
    except _DAMAGED as wrong:
        raise Unreadable(f"not a zip, or damaged: {wrong}") from wrong


def read(data: bytes) -> Record:
    """The record in a zip. Raises Unreadable unless every member is there, spelt in its one way, and no other is."""
    members = unpack(data)
    try:
        head = canonical.require_keys(
            canonical.parse(members.pop("record.json")),
            ("v", "number", "log", "sealed", "entries", "keys"),
            "record.json",
        )
        if head["v"] != "record/1":
            raise Unreadable("record.json: not record/1")
        entries = tuple(_lines(members.pop("entries.jsonl")))
        keys = tuple(_lines(members.pop("keys.jsonl")))
        if (len(entries), len(keys)) != (head["entries"], head["keys"]):
            raise Unreadable("record.json counts other entries than there are")
        record = Record(
            number=canonical.text(head["number"], "number", longest=128),
            log=checkpoint.parse_vkey_of(head["log"], note.ED25519),
            sealed=checkpoint.parse_vkey_of(head["sealed"], note.ED25519),
            checkpoint=members.pop("checkpoint").decode(),
            entries=entries,
            keys=keys,
            blobs={name.removeprefix("blobs/"): members.pop(name) for name in list(members) if name[:6] == "blobs/"},
            draws={_place(name): members.pop(name) for name in list(members) if name[:6] == "draws/"},
        )
    except (KeyError, ValueError, TypeError, AttributeError) as wrong:
        raise Unreadable(f"malformed: {wrong}") from wrong
    if members:
        raise Unreadable(f"has a member that belongs to no record: {sorted(members)[0]}")
    return record


def transcripts(record: Record) -> dict[int, dict[str, Any]]:
    """Every draw of the record that came to a specification, as a DRAW.json, in the order of announcement."""
    found: dict[int, dict[str, Any]] = {}
    for announced in record.of("draw.announced"):
        told = _transcript(record, announced.data["id"])
        if told is not None:
            found[len(found) + 1] = told
    return found


def _transcript(record: Record, draw_id: str) -> dict[str, Any] | None:
    about = [entry for entry in record.entries if entry.kind[:5] == "draw." and entry.data.get("id") == draw_id]
    kinds: dict[str, list[dict[str, Any]]] = {}
    for entry in about:
        kinds.setdefault(entry.kind, []).append(entry.data)
    if "draw.spec" not in kinds:
        return None
    spec = kinds["draw.spec"][0]

    def by_place(kind: str, value: Any) -> dict[str, Any]:
        return {str(row["j"]): value(row) for row in kinds.get(kind, [])}

    def released(kind: str) -> list[dict[str, Any]]:
        return [{key: row[key] for key in ("holder", "dealer", "sk")} for row in kinds.get(kind, [])]

    told: dict[str, Any] = {
        "spec": spec["spec"],
        "pool": record.json_blob(spec["pool_sha256"]),
        "commits": by_place("draw.committed", lambda row: row["statement"]["h"]),
        "deals": by_place("draw.deal", lambda row: record.blob(row["deal_sha256"]).decode()),
        "complaints": released("draw.complained"),
        "reveals": by_place("draw.revealed", lambda row: row["statement"]["r"]),
        "keys": released("draw.key-released"),
        "statements": [entry.data["statement"] for entry in about if "statement" in entry.data],
        "result": None,
    }
    if "draw.result" in kinds:
        try:
            told["result"] = transcript.rerun(transcript.read(told)).result
        except Void:
            told["result"] = None
    return told


READ_OUT = ("sheet", "price")


def _lines(data: bytes) -> Iterator[Proven]:
    if data and not data.endswith(b"\n"):
        raise Unreadable("the last line is cut")
    for line in data.splitlines():
        row = canonical.require_keys(canonical.parse(line), ("entry", "index", "proof"), "entry")
        index = canonical.integer(row["index"], 0, canonical.LARGEST, "index")
        proof = canonical.hashes(row["proof"], "proof")
        # The line is canonical, so the entry's bytes are those between `{"entry":` and the last `,"index":`.
        entry = Proven(line[9 : line.rindex(b',"index":')], index, proof, row["entry"])
        if set(entry.event) != {"v", "t", "ts", "d"} or entry.event["v"] != "ev/1" or not isinstance(entry.data, dict):
            raise NotCanonical("not a public event ev/1")
        yield entry


def _place(name: str) -> int:
    number = name.removeprefix("draws/").removesuffix(".json")
    if not number.isdecimal() or name != f"draws/{int(number)}.json":
        raise Unreadable(f"{name}: not a member of a record")
    return int(number)


def draw_files(record: Record) -> dict[int, bytes]:
    """The `draws/<k>.json` members that follow from a record's entries."""
    return {k: json_bytes(told) for k, told in transcripts(record).items()}


def with_draws(record: Record) -> Record:
    """The record with those members."""
    return replace(record, draws=draw_files(record))


def json_bytes(value: Any) -> bytes:
    """JSON for people and programs: one spelling, sorted, with a newline at the end."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, indent=1).encode() + b"\n"
