"""Proves the whole ledger from what is stored, and says what does not hold, one line each."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module

import rfc8785
from django.db import connection
from django.db.models import Count, Max

from ledger import blobs, keys, storage, trees
from ledger.models import Blob, Checkpoint, Cosignature, Edge, Entry, Log, Pending, Placement, Stream, Tile
from ledger.queries import ROOM
from ledger.services import blinded
from ledger.witnesses import configured
from proofs import checkpoint as checkpoints
from proofs import note
from proofs.merkle import Tree, leaf_hash
from proofs.tiles import HEIGHT, WIDTH, decode_bundle, encode_bundle, tile_data
from proofs.tiles import Tile as Place


def faults() -> Iterator[str]:
    """Everything that does not hold; nothing when all is well, also while the house goes on writing."""
    with _one_moment():
        yield from _streams()
        yield from _entries()
        for log in Log.values:
            yield from _log(log)
        yield from _pending()
    yield from _blobs()
    yield from _triggers()


@contextmanager
def _one_moment() -> Iterator[None]:
    """Every statement sees the tables as they stood at the first: a leaf placed between two of them is no fault.

    Inside an act of the asker's own it sees what that act sees.
    """
    if connection.in_atomic_block:
        yield
        return
    postgresql = connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        # Not atomic(): on SQLite that would take the one writer's place for as long as the reading takes.
        cursor.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY" if postgresql else "BEGIN DEFERRED")
        try:
            if postgresql:
                cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")  # a great tree takes its time
            yield
        finally:
            cursor.execute("ROLLBACK")


def _streams() -> Iterator[str]:
    said = {(stream.log, stream.name): stream.last for stream in Stream.objects.all()}
    rows = Entry.objects.values("log", "stream").annotate(n=Count("pk"), last=Max("seq")).order_by("log", "stream")
    for row in rows:
        name = (row["log"], row["stream"])
        if not row["n"] == row["last"] == said.pop(name, None):
            yield f"stream {name[0]} {name[1]}: {row['n']} entries, the last is {row['last']}"
    for name, last in said.items():
        if last:
            yield f"stream {name[0]} {name[1]}: {last} entries are gone"


def _entries() -> Iterator[str]:
    for entry in Entry.objects.order_by("pk").iterator(2000):
        full, nonce = entry.event.encode(), entry.nonce
        event = json.loads(entry.event)
        stream = entry.stream.removesuffix(ROOM)  # what is told behind closed doors is told of the purchase itself
        if rfc8785.dumps(event) != full or event["t"] != entry.kind or event["d"]["stream"] != stream:
            yield f"{_name(entry)}: its event is not what was recorded"
        if nonce is None and event["d"]["seq"] != entry.seq:
            yield f"{_name(entry)}: its event has another number"
        if bytes(entry.leaf) != (full if nonce is None else blinded(full, bytes(nonce))):
            yield f"{_name(entry)}: its leaf is not its event's"


def _log(log: str) -> Iterator[str]:
    newest = Checkpoint.objects.filter(log=log).order_by("-size").first()
    if newest is None:
        return
    leaves = list(_leaves(log))
    if len(leaves) != newest.size:
        yield f"{log}: {len(leaves)} leaves, the checkpoint says {newest.size}"
    tree = Tree(leaf_hash(leaf) for leaf in leaves)
    yield from _tiles(log, tree, leaves)
    yield from _checkpoints(log, tree)
    placed: set[int] = set()
    for place in Placement.objects.filter(log=log).select_related("entry").order_by("index").iterator(2000):
        placed.add(place.index)
        if place.entry.log != log or place.index >= len(leaves) or leaves[place.index] != bytes(place.entry.leaf):
            yield f"{log}: leaf {place.index} is not {_name(place.entry)}"
    if log == Log.PUBLIC:
        for index in sorted(set(range(len(leaves))) - placed):
            yield f"{log}: leaf {index} belongs to no entry"


def _leaves(log: str) -> Iterator[bytes]:
    for row in Tile.objects.filter(log=log, level=trees.BUNDLE).order_by("n").iterator(100):
        yield from decode_bundle(bytes(row.data))
    for edge in Edge.objects.filter(log=log).order_by("index").iterator(2000):
        yield bytes(edge.leaf)


def _tiles(log: str, tree: Tree, leaves: list[bytes]) -> Iterator[str]:
    there = {(row.level, row.n): row for row in Tile.objects.filter(log=log).iterator(100)}
    for level in range(-1, 64 // HEIGHT):
        shift = HEIGHT * (max(level, 0) + 1)
        for n in range(tree.size >> shift):
            row = there.pop((level, n), None)
            if level == trees.BUNDLE:
                data, root = encode_bundle(leaves[n * WIDTH : (n + 1) * WIDTH]), b""
            else:
                data, root = tile_data(Place(level, n), tree.nodes), tree.nodes(shift, n)
            if row is None:
                yield f"{log}: tile {level}/{n} is missing"
            elif bytes(row.data) != data or bytes(row.root) != root:
                yield f"{log}: tile {level}/{n} is not what its leaves make"
    for level, n in there:
        yield f"{log}: tile {level}/{n} is beyond the log"
    for edge in Edge.objects.filter(log=log).iterator(2000):
        if bytes(edge.hash) != leaf_hash(bytes(edge.leaf)):
            yield f"{log}: the hash of leaf {edge.index} is wrong"


def _checkpoints(log: str, tree: Tree) -> Iterator[str]:
    known = {witness.key.name: witness.key for witness in configured()}
    if not (ours := keys.verifiers(keys.NAMES[log])):
        yield f"{log}: its public key is missing"
        return
    for row in Checkpoint.objects.filter(log=log).order_by("size").iterator(2000):
        if (key := keys.signer_among(ours, row.note)) is None:
            yield f"{log}: checkpoint {row.size} is signed by none of the log's keys"
            continue
        said = checkpoints.opened(row.note, key)
        if (said.size, said.root) != (row.size, bytes(row.root)) or row.size > tree.size:
            yield f"{log}: checkpoint {row.size} says something else"
        elif tree.root(row.size) != said.root:
            yield f"{log}: checkpoint {row.size} is of another history"
    rows = Cosignature.objects.filter(checkpoint__log=log, witness__in=known).select_related("checkpoint")
    for signed in rows.order_by("pk").iterator(2000):
        whole = signed.checkpoint.note + signed.line
        if known[signed.witness] not in checkpoints.cosigners(note.parse(whole), [known[signed.witness]]):
            yield f"{log}: the signature of {signed.witness} under {signed.checkpoint.size} does not verify"


def _pending() -> Iterator[str]:
    for entry in Entry.objects.filter(placement=None, pending=None).order_by("pk").iterator(2000):
        yield f"{_name(entry)}: neither placed nor waiting"
    for waiting in Pending.objects.filter(entry__placement__isnull=False).select_related("entry"):
        yield f"{_name(waiting.entry)}: placed and still waiting"


def _blobs() -> Iterator[str]:
    for blob in Blob.objects.order_by("sha256").iterator(500):
        try:
            with blobs.open_blob(blob.sha256) as file:
                size = sum(len(piece) for piece in iter(lambda: file.read(storage.PIECE), b""))
        except FileNotFoundError:
            yield f"blob {blob.sha256}: its bytes are gone"
        except storage.Differs:
            yield f"blob {blob.sha256}: its bytes have changed"
        else:
            if size != blob.size:
                yield f"blob {blob.sha256}: it has {size} bytes, not {blob.size}"


def _triggers() -> Iterator[str]:
    guarded = import_module("ledger.migrations.0001_tables").FINAL
    postgresql = connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'"
            if postgresql
            else "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        )
        there = {row[0] for row in cursor.fetchall()}
    needed = ("append_only", "no_truncate") if postgresql else ("no_update", "no_delete", "no_replace_0")
    for table in guarded:
        if not {f"{table}_{name}" for name in needed} <= there:
            yield f"{table}: the database does not keep it append-only"
    if "ledger_entry_waits" not in there:
        yield "ledger_entry: new entries are not put in the queue"


def _name(entry: Entry) -> str:
    return f"{entry.log} {entry.stream} #{entry.seq}"
