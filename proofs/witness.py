"""A witness: it remembers how far each log was, cosigns what only adds to that, and never goes back.

Spec: C2SP tlog-witness (`POST /add-checkpoint`), tlog-cosignature. Its word is worth as much as its memory, so the new
checkpoint is on disk, and synced, before the answer leaves.
"""

import fcntl
import json
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import IO

from proofs import checkpoint, note
from proofs.checkpoint import Checkpoint
from proofs.follow import write_durably
from proofs.merkle import EMPTY_ROOT, HASH_SIZE, verify_consistency
from proofs.note import BadNote, Signer, Verifier

LONGEST_REQUEST = 64 * 1024
MOST_LINES = 63


@dataclass(frozen=True)
class Reply:
    """An answer by HTTP status and body."""

    status: int
    body: str
    content_type: str = "text/plain; charset=utf-8"


def _conflict(size: int) -> Reply:
    return Reply(409, f"{size}\n", "text/x.tlog.size")


class Witness:
    """The witness of these logs. seconds: tells the POSIX time it vouches for.

    One process may use a state folder at a time; a second one gets BlockingIOError.
    """

    def __init__(self, signer: Signer, logs: Iterable[Verifier], state: Path, seconds: Callable[[], int]) -> None:
        if signer.kind != note.COSIGNATURE:
            raise ValueError("a witness signs with a cosignature key")
        self._signer = signer
        self._logs: dict[str, list[Verifier]] = {}
        for log in logs:
            self._logs.setdefault(log.name, []).append(log)
        self._state = state
        self._seconds = seconds
        state.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._held = _hold(state / "lock")
        self._lock = threading.Lock()
        self._seen = {origin: self._load(origin) for origin in self._logs}

    @property
    def vkey(self) -> str:
        """The key others know it by."""
        return self._signer.verifier.vkey

    def close(self) -> None:
        """Let another process have the state folder."""
        self._held.close()

    def latest(self, origin: str) -> Checkpoint | None:
        """The last checkpoint of a log it has cosigned."""
        return self._seen[origin]

    def add_checkpoint(self, body: str) -> Reply:
        """Answer one request: 200 with the cosignature, or 400, 403, 404, 409 (with the size it knows) or 422."""
        try:
            old, proof, text = _read_request(body)
            parsed = note.parse(text)
            offered = checkpoint.parse(parsed.text)
        except BadNote as wrong:
            return Reply(400, f"{wrong}\n")
        keys = self._logs.get(offered.origin)
        if keys is None:
            return Reply(404, "unknown log\n")
        try:
            signed = note.verify(parsed, keys)
        except BadNote as wrong:
            return Reply(403, f"{wrong}\n")
        if not signed:
            return Reply(403, "not signed by the log\n")
        if old > offered.size:
            return Reply(400, "old is larger than the checkpoint\n")
        with self._lock:
            return self._advance(old, proof, offered, parsed)

    def _advance(self, old: int, proof: list[bytes], offered: Checkpoint, parsed: note.Note) -> Reply:
        seen = self._seen[offered.origin] or Checkpoint(offered.origin, 0, EMPTY_ROOT)
        if old != seen.size or (old == offered.size and seen.root != offered.root):
            return _conflict(seen.size)
        if not verify_consistency(old=old, new=offered.size, old_root=seen.root, new_root=offered.root, proof=proof):
            return Reply(422, "not consistent with what this witness has seen\n")
        cosignature = self._signer.sign(parsed.text, seconds=self._seconds())
        self._save(offered, parsed)
        self._seen[offered.origin] = offered
        return Reply(200, cosignature.line())

    def _file(self, origin: str) -> Path:
        return self._state / f"{sha256(origin.encode()).hexdigest()[:32]}.json"

    def _load(self, origin: str) -> Checkpoint | None:
        path = self._file(origin)
        if not path.exists():
            return None
        seen = checkpoint.parse(note.parse(json.loads(path.read_text())["note"]).text)
        if seen.origin != origin:
            raise ValueError(f"{path} is the memory of another log")
        return seen

    def _save(self, offered: Checkpoint, parsed: note.Note) -> None:
        kept = {"origin": offered.origin, "size": offered.size, "note": str(parsed)}
        write_durably(self._file(offered.origin), json.dumps(kept, ensure_ascii=False).encode())


def serve(witness: Witness, *, host: str, port: int) -> ThreadingHTTPServer:
    """The HTTP server of a witness, not running yet: `/add-checkpoint` and `/vkey`."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = 30

        def do_POST(self) -> None:
            length = self.headers.get("Content-Length", "")
            if not length.isdigit() or int(length) > LONGEST_REQUEST:
                self.close_connection = True
                self._answer(Reply(413, "too long\n"))
                return
            body = self.rfile.read(int(length))
            if self.path != "/add-checkpoint":
                self._answer(Reply(404, "unknown path\n"))
                return
            try:
                text = body.decode()
            except UnicodeDecodeError:
                self._answer(Reply(400, "not UTF-8\n"))
                return
            self._answer(witness.add_checkpoint(text))

        def do_GET(self) -> None:
            found = Reply(200, witness.vkey + "\n") if self.path == "/vkey" else Reply(404, "unknown path\n")
            self._answer(found)

        def log_message(self, format: str, *args: object) -> None:
            return

        def _answer(self, reply: Reply) -> None:
            data = reply.body.encode()
            self.send_response(reply.status)
            self.send_header("Content-Type", reply.content_type)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

    return ThreadingHTTPServer((host, port), Handler)


def _read_request(body: str) -> tuple[int, list[bytes], str]:
    head, gap, text = body.partition("\n\n")
    first, *lines = head.split("\n")
    if not gap or not first.startswith("old ") or len(lines) > MOST_LINES:
        raise BadNote("not an add-checkpoint request")
    proof = [note.decode64(line) for line in lines]
    if any(len(digest) != HASH_SIZE for digest in proof):
        raise BadNote("a hash has 32 bytes")
    return note.decimal(first.removeprefix("old ")), proof, text


def _hold(path: Path) -> IO[str]:
    file = path.open("w")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.close()
        raise
    return file
