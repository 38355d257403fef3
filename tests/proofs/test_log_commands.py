"""verify-log and verify-draw, as a stranger runs them."""

import json
import threading
from collections.abc import Callable
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from proofs import __main__ as command_line
from proofs.tiles import tiles_of
from tests.proofs.logged import MemoryLog

VECTOR: dict[str, Any] = json.loads((Path(__file__).parents[1] / "vectors" / "draw1.json").read_text())
Run = Callable[..., tuple[int, dict[str, Any]]]


@pytest.fixture
def told(capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command with --json: its exit code and its object."""

    def run(*words: str) -> tuple[int, dict[str, Any]]:
        code = command_line.main([*words, "--json"])
        out = capsys.readouterr().out
        return code, json.loads(out) if out else {}

    return run


@pytest.fixture
def log(tmp_path: Path) -> MemoryLog:
    made = MemoryLog(tmp_path / "witness")
    for number in range(700):
        made.append(b"%d" % number)
    return made


def files(log: MemoryLog, folder: Path) -> Path:
    """The log as a folder of files."""
    for tile in tiles_of(log.tree.size):
        path = folder / tile.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(log.read(tile.path))
    (folder / "checkpoint").write_text(log.served)
    return folder


def test_an_honest_log_holds_from_files_and_over_http(log: MemoryLog, tmp_path: Path, told: Run) -> None:
    old = tmp_path / "old"
    old.write_text(log.publish())
    log.append(b"later")
    log.publish()
    folder = files(log, tmp_path / "site" / "log")
    key, witness = log.signer.verifier.vkey, log.witness_key.verifier.vkey
    code, data = told("verify-log", "--vkey", key, "--dir", str(folder), "--since", str(old), "--witness", witness)
    assert code == 0 and data["holds"] and data["witnessed"]
    assert (data["size"], data["since"], data["cosigners"]) == (701, 700, ["witness.example.cn"])

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(tmp_path / "site")))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    base = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        for url in (base, base + "/log"):
            code, data = told("verify-log", "--vkey", key, "--url", url)
            assert (code, data["size"], data["witnessed"]) == (0, 701, False)
    finally:
        server.shutdown()
        server.server_close()


def test_a_log_without_the_witness_asked_for_does_not_hold(log: MemoryLog, tmp_path: Path, told: Run) -> None:
    log.publish(cosign=False)
    key, witness = log.signer.verifier.vkey, log.witness_key.verifier.vkey
    code, data = told("verify-log", "--vkey", key, "--dir", str(files(log, tmp_path / "f")), "--witness", witness)
    assert (code, data["witnessed"]) == (1, False)


@pytest.mark.parametrize("path", ["tile/entries/001", "tile/entries/002.p/188", "tile/0/000", "tile/0/002.p/188",
                                  "tile/1/000.p/2", "checkpoint"])  # fmt: skip
def test_a_changed_file_is_found(log: MemoryLog, tmp_path: Path, told: Run, path: str) -> None:
    log.publish()
    folder = files(log, tmp_path / "f")
    data = bytearray((folder / path).read_bytes())
    data[40] ^= 1
    (folder / path).write_bytes(data)
    assert told("verify-log", "--vkey", log.signer.verifier.vkey, "--dir", str(folder))[0] == 1


def test_a_rewritten_or_shortened_past_is_found(log: MemoryLog, tmp_path: Path, told: Run) -> None:
    old = tmp_path / "old"
    old.write_text(log.publish())
    key = log.signer.verifier.vkey
    fork = MemoryLog(tmp_path / "fork")
    fork.signer = log.signer
    for number in range(800):
        fork.append(b"%d" % (number + 1))
    fork.publish(cosign=False)
    code, data = told("verify-log", "--vkey", key, "--dir", str(files(fork, tmp_path / "f")), "--since", str(old))
    assert code == 1 and "not those" in data["why"]
    short = MemoryLog(tmp_path / "short")
    short.signer = log.signer
    short.append(b"0")
    short.publish(cosign=False)
    code, data = told("verify-log", "--vkey", key, "--dir", str(files(short, tmp_path / "s")), "--since", str(old))
    assert code == 1 and "now it has 1" in data["why"]


def test_what_cannot_be_read_is_no_answer(tmp_path: Path, told: Run, log: MemoryLog) -> None:
    key = log.signer.verifier.vkey
    assert told("verify-log", "--vkey", "x", "--dir", str(tmp_path))[0] == 2
    assert told("verify-log", "--vkey", key, "--dir", str(tmp_path / "none"))[0] == 2


def document(**changes: Any) -> dict[str, Any]:
    names = ("spec", "pool", "commits", "deals", "reveals", "result")
    return {**{name: VECTOR[name] for name in names}, "complaints": [], "keys": [], **changes}


def test_the_known_draw_is_run_again(tmp_path: Path, told: Run) -> None:
    path = tmp_path / "DRAW.json"
    path.write_text(json.dumps(document()))
    code, data = told("verify-draw", str(path))
    assert (code, data["seed"], data["result"]) == (0, VECTOR["seed"], VECTOR["result"])
    assert data["authenticated"] is False
    recovered = [{"holder": int(i), "dealer": 3, "sk": sk} for i, sk in VECTOR["recovery_keys_for_3"].items()]
    reveals = {j: row for j, row in VECTOR["reveals"].items() if j != "3"}
    path.write_text(json.dumps(document(reveals=reveals, keys=recovered, result=None)))
    code, data = told("verify-draw", str(path))
    assert (code, data["seed"], data["recovered"]) == (0, VECTOR["seed"], [3])


@pytest.mark.parametrize(
    ("changes", "code"),
    [({"result": [{**VECTOR["result"][0], "chosen": ["E0042", "E0024"]}, VECTOR["result"][1]]}, 1),
     ({"pool": VECTOR["pool"][1:]}, 1), ({"reveals": {}}, 1), ({"deals": {}}, 1), ({"deals": {}, "result": None}, 0),
     ({"spec": {}}, 2), ({"pool": None}, 2), ({"keys": [{"holder": 1}]}, 2), ({"reveals": {"9": []}}, 2)],
)  # fmt: skip
def test_a_draw_that_is_not_the_known_one_is_told_apart(
    tmp_path: Path, told: Run, changes: dict[str, Any], code: int
) -> None:
    path = tmp_path / "DRAW.json"
    path.write_text(json.dumps(document(**changes)))
    assert told("verify-draw", str(path))[0] == code


def test_unsigned_messages_are_not_authentic(tmp_path: Path, told: Run) -> None:
    path, keys = tmp_path / "DRAW.json", tmp_path / "ids.json"
    path.write_text(json.dumps(document(statements=[])))
    keys.write_text("{}")
    code, data = told("verify-draw", str(path), "--identities", str(keys))
    assert code == 1 and "contributor 1 has not signed its keys" in data["why"]
