"""A witness keeps its word over restarts, and answers as C2SP tlog-witness says."""

import json
import threading
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from proofs import checkpoint, note
from proofs.checkpoint import Checkpoint
from proofs.merkle import Tree, leaf_hash
from proofs.note import COSIGNATURE, Signer, Verifier
from proofs.witness import Witness, serve

LOG = note.parse_private(note.generate("log.example.cn/log"))
KEY = note.parse_private(note.generate("w.example.cn"), kind=COSIGNATURE)
TREE = Tree(leaf_hash(b"%d" % n) for n in range(20))


def signed(size: int, tree: Tree = TREE, log: Signer = LOG) -> str:
    return Checkpoint(log.name, size, tree.root(size)).signed([log])


def request(old: int, new: int, tree: Tree = TREE, log: Signer = LOG) -> str:
    proof = [note.encode64(digest) for digest in tree.consistency(old, new)]
    return "\n".join([f"old {old}", *proof, "", signed(new, tree, log)])


def awake(state: Path, *logs: Verifier) -> Witness:
    return Witness(KEY, logs or [LOG.verifier], state, lambda: 1_760_000_000)


def test_it_cosigns_what_only_grew(tmp_path: Path) -> None:
    witness = awake(tmp_path)
    for old, new in ((0, 3), (3, 3), (3, 8), (8, 20)):
        reply = witness.add_checkpoint(request(old, new))
        assert reply.status == 200
        assert list(checkpoint.cosigners(signed(new) + reply.body, [KEY.verifier]).values()) == [1_760_000_000]


def test_it_never_goes_back_and_never_sideways(tmp_path: Path) -> None:
    witness = awake(tmp_path)
    fork = Tree(leaf_hash(b"%d" % n) for n in [*range(9), 99, *range(10, 20)])
    assert witness.add_checkpoint(request(0, 10)).status == 200
    for body in (request(0, 5), request(5, 10), request(3, 20), request(10, 10, fork)):
        reply = witness.add_checkpoint(body)
        assert (reply.status, reply.body, reply.content_type) == (409, "10\n", "text/x.tlog.size")
    assert witness.add_checkpoint(request(10, 15, fork)).status == 422
    assert (
        witness.add_checkpoint(request(10, 15).replace("old 10\n", "old 10\n" + note.encode64(bytes(32)) + "\n")).status
        == 422
    )
    assert witness.add_checkpoint(request(10, 15)).status == 200


def test_it_remembers_over_a_restart(tmp_path: Path) -> None:
    first = awake(tmp_path)
    assert first.add_checkpoint(request(0, 10)).status == 200
    first.close()
    second = awake(tmp_path)
    latest = second.latest(LOG.name)
    assert latest is not None and (latest.size, latest.root) == (10, TREE.root(10))
    assert second.add_checkpoint(request(0, 5)).status == 409
    assert second.add_checkpoint(request(10, 12)).status == 200


def test_what_it_answered_is_on_disk_before_the_answer(tmp_path: Path) -> None:
    """Whoever reads the folder at the moment of the answer finds the new checkpoint there."""
    witness = awake(tmp_path)
    for old, new in ((0, 4), (4, 9)):
        assert witness.add_checkpoint(request(old, new)).status == 200
        [kept] = tmp_path.glob("*.json")
        assert checkpoint.parse(note.parse(json.loads(kept.read_text())["note"]).text).size == new


def test_an_answer_it_cannot_keep_is_not_given(tmp_path: Path) -> None:
    witness = awake(tmp_path)
    assert witness.add_checkpoint(request(0, 4)).status == 200
    [kept] = tmp_path.glob("*.json")
    kept.with_name(f".{kept.name}.new").mkdir()
    with pytest.raises(OSError):
        witness.add_checkpoint(request(4, 9))
    latest = witness.latest(LOG.name)
    assert latest is not None and latest.size == 4


def test_two_processes_cannot_share_a_memory(tmp_path: Path) -> None:
    witness = awake(tmp_path)
    with pytest.raises(BlockingIOError):
        awake(tmp_path)
    witness.close()
    awake(tmp_path).close()


def test_it_watches_several_logs_and_no_others(tmp_path: Path) -> None:
    other = note.parse_private(note.generate("log.example.cn/sealed"))
    stranger = note.parse_private(note.generate("stranger"))
    impostor = note.parse_private(note.generate(LOG.name))
    witness = awake(tmp_path, LOG.verifier, other.verifier)
    assert witness.add_checkpoint(request(0, 4)).status == 200
    assert witness.add_checkpoint(request(0, 7, log=other)).status == 200
    assert witness.add_checkpoint(request(0, 7, log=stranger)).status == 404
    assert witness.add_checkpoint(request(4, 7, log=impostor)).status == 403


@pytest.mark.parametrize(
    "body",
    ["", "old 0", "old 0\n\n", "old 00\n\n" + signed(1), "old -1\n\n" + signed(1), "new 0\n\n" + signed(1),
     "old 0\nAAAA\n\n" + signed(1), "old 5\n\n" + signed(4), "old 0\n" + "\n" * 3 + signed(1),
     "old 0\n" + (note.encode64(bytes(32)) + "\n") * 64 + "\n" + signed(1)],
)  # fmt: skip
def test_what_is_not_a_request_is_a_bad_one(tmp_path: Path, body: str) -> None:
    assert awake(tmp_path).add_checkpoint(body).status == 400


def test_over_http_concurrent_requests_leave_one_history(tmp_path: Path) -> None:
    server = serve(awake(tmp_path), host="127.0.0.1", port=0)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    base = f"http://127.0.0.1:{server.server_address[1]}"
    statuses: list[int] = []

    def post(body: str) -> None:
        sent = urllib.request.Request(base + "/add-checkpoint", body.encode(), method="POST")
        try:
            with urllib.request.urlopen(sent, timeout=10) as answer:
                statuses.append(answer.status)
        except urllib.error.HTTPError as error:
            statuses.append(error.code)

    try:
        rush = [threading.Thread(target=post, args=(request(0, size),)) for size in range(1, 13)]
        for one in rush:
            one.start()
        for one in rush:
            one.join()
        assert statuses.count(200) == 1 and statuses.count(409) == 11
        assert urllib.request.urlopen(base + "/vkey", timeout=10).read().decode().strip() == KEY.verifier.vkey
        post("x" * 70_000)
        assert statuses[-1] == 413
    finally:
        server.shutdown()
        server.server_close()
