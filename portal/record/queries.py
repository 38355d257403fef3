"""What a stranger is handed to check a procurement without us: RECORD.zip, out of the ledger; and the full one."""

import json
import shutil
import zipfile
from collections.abc import Collection, Iterable, Iterator
from tempfile import TemporaryFile
from typing import IO, Any

from bidding.evaluation import queries as evaluations
from bidding.opening import doors
from bidding.opening import queries as openings
from bidding.submission import envelopes
from bidding.tender.models import Tender
from ledger import blobs, keys, queries
from ledger.models import Entry, Log
from ledger.queries import Head
from ledger.storage import PIECE
from proofs import canonical
from proofs.record import archive, full
from proofs.record.archive import Record
from proofs.record.named import named_blobs
from proofs.record.proven import ROOM, Proven, facts, merged
from proofs.record.trail import FIRST_OF_ALL
from rulebook.actor import Actor, Role

KEYS = "keys"


def record_of(number: str) -> bytes:
    """The RECORD.zip of a procurement, as far as the newest checkpoint covers its story.

    Raises Entry.DoesNotExist where nothing about it is public yet.
    """
    head = queries.latest_checkpoint(Log.PUBLIC)
    log, sealed = keys.signed_by("log", head.note) if head else None, keys.verifier("sealed")
    entries = _covered(_all(f"project/{number}"), head) if head else []
    if head is None or log is None or sealed is None or not entries:
        raise Entry.DoesNotExist
    told = list(merged(entries, _disclosed(entries)))
    named = list(dict.fromkeys(named_blobs(told)))
    held = {sha256: blobs.read(sha256) for sha256 in named}
    made = Record(
        number=number,
        log=log,
        sealed=sealed,
        checkpoint=head.note,
        entries=tuple(entries),
        keys=tuple(_covered(_concerning(number, _parties(told, held.values())), head)),
        blobs=held,
    )
    return archive.write(archive.with_draws(made))


def _disclosed(entries: Iterable[Proven]) -> list[Proven]:
    """What happened behind closed doors, once it is published."""
    return [
        fact
        for entry in entries
        if entry.kind == ROOM
        for fact in facts(canonical.parse(blobs.read(entry.data["sha256"])))
    ]


def entitled(tender: Tender, *, viewer: Actor) -> Collection[str] | None:
    """Whose sealed documents the full record holds for this viewer: None for all.

    All for supervision, audit and the panel while it works; his own for a bidder. Raises Tender.DoesNotExist for
    everybody else, for all before the first session has ended, and behind closed doors before the result.
    """
    if not openings.is_over(tender) or doors.is_shut(tender.project):
        raise Tender.DoesNotExist
    if viewer.role in (Role.SUPERVISOR, Role.AUDITOR):
        return None
    evaluation, seat = evaluations.of(tender.project), evaluations.member(tender.project, viewer)
    if evaluation and seat and seat.declared and evaluations.works(evaluation):
        return None
    own = {bid.org for bid in openings.opened_bids(tender)} & {viewer.organisation}
    if viewer.role is not Role.PROVIDER or not own:
        raise Tender.DoesNotExist
    return own


def has_full(number: str, *, viewer: Actor) -> bool:
    """Whether the viewer is entitled to a full record of this procurement, or a part of it."""
    tender = Tender.objects.filter(project__number=number).select_related("project").first()
    if tender is None:
        return False
    try:
        entitled(tender, viewer=viewer)
    except Tender.DoesNotExist:
        return False
    return True


def full_record_of(tender: Tender, *, viewer: Actor) -> IO[bytes]:
    """The RECORD-FULL.zip of a procurement as a temporary file, for who is entitled to it.

    Raises Tender.DoesNotExist for everybody else, Entry.DoesNotExist where nothing is public yet.
    """
    return _full(tender, entitled(tender, viewer=viewer))


def everything_of(tender: Tender) -> IO[bytes] | None:
    """The same with every bidder's documents, for the archive; None before the first session has ended, and where
    what happened is not public: what was never opened stays sealed."""
    if not openings.is_over(tender) or doors.is_shut(tender.project):
        return None
    return _full(tender, None)


def _full(tender: Tender, orgs: Collection[str] | None) -> IO[bytes]:
    number = tender.project.number
    public = record_of(number)
    kept = openings.released_documents(tender, orgs)
    units = [{"eid": unit.bid.eid, "releases": said} for unit, said in kept]
    made = TemporaryFile()  # noqa: SIM115 - the answer closes it when it is sent
    with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as target:
        target.writestr(full.RECORD, public)
        target.writestr(full.FILE, canonical.dumps({"v": "full/1", "number": number, "units": units}))
        for unit, _ in kept:
            with (
                envelopes.streamed(unit.bid.env_sha256) as source,
                target.open(full.FOLDER + unit.bid.env_sha256, "w", force_zip64=True) as copy,
            ):
                shutil.copyfileobj(source, copy, PIECE)
    made.seek(0)
    return made


def _all(stream: str) -> Iterator[Entry]:
    """Every public entry of a stream, in order, read in pages."""
    after = 0
    while page := queries.entries_after(stream, after):
        yield from page
        after = page[-1].seq


def _covered(entries: Iterable[Entry], head: Head) -> list[Proven]:
    """The entries up to the first that the checkpoint does not cover, each with its proof."""
    listed = list(entries)
    found: list[Proven] = []
    for entry, place in zip(listed, queries.inclusions(listed, against=head), strict=True):
        if place is None:
            break
        proof = tuple(bytes.fromhex(each) for each in place["proof"])  # type: ignore[attr-defined]
        found.append(Proven(bytes(entry.leaf), int(str(place["index"])), proof))
    return found


def _concerning(number: str, parties: set[str]) -> Iterator[Entry]:
    """Of the stream of keys: how the parties' keys began and ended, and what the holders posted for it."""
    for entry in _all(KEYS):
        data = json.loads(entry.event)["d"]
        known = entry.kind in ("accounts.key-registered", "accounts.key-revoked")
        registered = known and data["statement"]["org"] in parties
        own = data.get("number") == number or data.get("unit", {}).get("tender") == number
        if entry.kind in FIRST_OF_ALL and (registered or own):
            yield entry


def _parties(entries: Iterable[Proven], held: Iterable[bytes]) -> set[str]:
    """Every organisation that signed or is named, in the entries or in what they name."""
    found: set[str] = set()
    for entry in entries:
        _gather(entry.event, found)
    for data in held:
        if data[:1] in (b"{", b"["):
            _gather(json.loads(data), found)
    return found


def _gather(value: Any, found: set[str]) -> None:
    if isinstance(value, dict):
        # `id` names a key holder in a manifest and a contributor in a draw.
        found.update(value[key] for key in ("org", "id") if isinstance(value.get(key), str))
        for inner in value.values():
            _gather(inner, found)
    elif isinstance(value, list):
        for inner in value:
            _gather(inner, found)
