"""verify-log, witness: is the log what it says; and being the one who makes it stay so."""

import argparse
import signal
import sys
import threading
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from proofs import checkpoint, note, recovery
from proofs.checkpoint import Policy
from proofs.commands.answer import Answer, Unreadable, read_bytes, read_json
from proofs.commands.inputs import add_passphrase, open_keyfile, present, reading, write_new
from proofs.follow import Follower, Misbehaved, Read, directory
from proofs.merkle import Tree
from proofs.note import COSIGNATURE, BadNote, Signer
from proofs.organisation import expand
from proofs.site import NotServed, Site
from proofs.tiles import TileNodes, tile_data, tiles_of
from proofs.witness import Witness, serve


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add these commands to the command line."""
    parser = commands.add_parser("verify-log", help="check a log's signature, its tree, and that it only grew")
    parser.add_argument("--vkey", required=True, help="the log's key")
    where = parser.add_mutually_exclusive_group(required=True)
    where.add_argument("--url", metavar="BASE", help="the site, or the log's own prefix")
    where.add_argument("--dir", metavar="DIR", help="a log kept as files")
    parser.add_argument("--since", metavar="CHECKPOINT", help="an older checkpoint it must be consistent with")
    add_witnesses(parser)
    parser.set_defaults(run=verify_log)

    parser = commands.add_parser("witness", help="cosign logs that only grow (C2SP tlog-witness)")
    parser.add_argument("--key", required=True, metavar="FILE", help="a key file, or a plain note key")
    parser.add_argument("--name", help="the witness's name; with it a missing plain key is made")
    parser.add_argument("--state", metavar="DIR", help="where it remembers what it has seen")
    parser.add_argument("--log", action="append", default=[], metavar="VKEY", help="a log it watches; repeatable")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8900)
    parser.add_argument("--vkey", action="store_true", help="print its key and stop")
    add_passphrase(parser)
    parser.set_defaults(run=witness)

    parser = commands.add_parser(
        "witness-recover", help="let a stopped witness go back once, as the log's own word says"
    )
    parser.add_argument("statement", metavar="RECOVERY.json", help="what the site wrote at its recovery")
    parser.add_argument("--state", metavar="DIR", required=True, help="where the witness remembers what it has seen")
    parser.add_argument("--log", action="append", required=True, metavar="VKEY", help="a log it watches; repeatable")
    parser.set_defaults(run=witness_recover)


def add_witnesses(parser: argparse.ArgumentParser) -> None:
    """Whose cosignatures count, and how many of them are needed."""
    parser.add_argument("--witness", action="append", default=[], metavar="VKEY", help="a witness; repeatable")
    parser.add_argument("--quorum", type=int, metavar="N", help="how many must have cosigned (default: all named)")


def read_policy(arguments: argparse.Namespace) -> Policy:
    """The quorum those options name."""
    with reading("--witness"):
        witnesses = [checkpoint.parse_vkey_of(vkey, COSIGNATURE) for vkey in arguments.witness]
        return checkpoint.quorum_of(witnesses, len(witnesses) if arguments.quorum is None else arguments.quorum)


def verify_log(arguments: argparse.Namespace) -> Answer:
    """The log's signature, its entries against its root and its tiles, and its growth since an older checkpoint."""
    with reading("--vkey"):
        key = checkpoint.parse_vkey_of(arguments.vkey.strip(), note.ED25519)
    policy = read_policy(arguments)
    read = directory(Path(arguments.dir)) if arguments.dir else over_http(arguments.url)
    follower = Follower(read, key, policy)
    data: dict[str, Any] = {"origin": key.name}
    try:
        newest = follower.refresh()
        seen = checkpoint.cosigners(follower.note, policy.witnesses.values())
        data |= {"size": newest.size, "root": newest.root.hex(), "cosigners": sorted(one.name for one in seen)}
        data["witnessed"] = policy.quorum != "none" and policy.is_witnessed(follower.note)
        _check_tiles(read, newest.size, newest.root)
        if arguments.since:
            _check_since(arguments.since, key, follower, data)
    except (Misbehaved, BadNote, ValueError) as wrong:
        return Answer(False, {**data, "holds": False, "why": str(wrong)}, (f"✗ {wrong}",))
    missing = policy.quorum != "none" and not data["witnessed"]
    lines = [f"✓ {key.name}：{newest.size} 条记录，根 {newest.root.hex()}"]
    if arguments.since:
        lines.append(f"✓ 与 {data['since']} 条时的检查点一致，只增未改")
    lines.append(_cosigned_line(data["cosigners"], missing, bool(data["witnessed"])))
    return Answer(not missing, {**data, "holds": not missing}, tuple(lines))


def _cosigned_line(names: list[str], missing: bool, witnessed: bool) -> str:
    if missing:
        return "✗ unwitnessed：见证签名不足"
    return f"✓ 见证：{'、'.join(names)}" if witnessed else "· unwitnessed：未指定见证人，分叉无从排除"


def _check_tiles(read: Read, size: int, root: bytes) -> None:
    """The published hash tiles say the same as the entries: their root is the same, and each follows from those below.

    The lowest tiles make the root only if they are right; a tile above them is compared with what they make.
    """
    low = TileNodes(size, lambda tile: read(tile.path))
    leaves = Tree(low(0, index) for index in range(size))
    if leaves.root() != root:
        raise Misbehaved("the tiles do not make the root")
    for tile in tiles_of(size):
        if tile.level and read(tile.path) != tile_data(tile, leaves.nodes):
            raise Misbehaved(f"{tile.path} does not follow from the tiles beneath it")


def _check_since(path: str, key: note.Verifier, follower: Follower, data: dict[str, Any]) -> None:
    old = checkpoint.opened(read_bytes(path).decode(), key)
    if old.size > follower.size:
        raise Misbehaved(f"the log had {old.size} entries, now it has {follower.size}")
    if follower.root(old.size) != old.root:
        raise Misbehaved(f"the first {old.size} entries are not those of the older checkpoint")
    data["since"] = old.size


def over_http(base: str) -> Read:
    """Read a log over HTTP, by its own prefix or by its site's."""
    site = Site(base)
    try:
        site.get("checkpoint")
    except NotServed as missing:
        if missing.status != 404:
            raise
        return lambda path: site.get(f"log/{path}")
    return site.get


def witness(arguments: argparse.Namespace) -> Answer:
    """Serve until stopped."""
    signer = _signer(arguments)
    if arguments.vkey:
        return Answer(data={"vkey": signer.verifier.vkey}, lines=(signer.verifier.vkey,))
    if not arguments.log or not arguments.state:
        raise Unreadable("a witness needs --state DIR and at least one --log VKEY")
    with reading("--log"):
        logs = [checkpoint.parse_vkey_of(vkey.strip(), note.ED25519) for vkey in arguments.log]
    with reading("--state"):
        made = Witness(signer, logs, Path(arguments.state), lambda: int(present().timestamp()))
    server = serve(made, host=arguments.host, port=arguments.port)
    signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=server.shutdown).start())
    started = present().isoformat(timespec="seconds")
    print(f"{started} {made.vkey} http://{arguments.host}:{server.server_address[1]}", file=sys.stderr, flush=True)
    try:
        server.serve_forever(poll_interval=0.2)
    finally:
        server.server_close()
        made.close()
    return Answer()


def witness_recover(arguments: argparse.Namespace) -> Answer:
    """Go back to what the log could restore, log by log; what the witness knew of the lost end stays beside it."""
    with reading("--log"):
        logs = {
            key.name: key for key in (checkpoint.parse_vkey_of(each.strip(), note.ED25519) for each in arguments.log)
        }
    told = read_json(arguments.statement)
    lines = []
    with reading(arguments.statement):
        for each in told["logs"]:
            key = logs[each["origin"]]
            said = recovery.opened(each["statement"], key)
            if not recovery.is_head(Path(arguments.state), said):
                continue
            kept = recovery.go_back(Path(arguments.state), said, each["checkpoint"], key)
            lines.append(f"✓ {said.origin}：{said.lost} → {said.restored}，丢失部分的见证记录留存于 {kept.name}")
    if not lines:
        return Answer(False, {"holds": False}, ("✗ 声明所说的不是本见证方见证过的日志",))
    return Answer(True, {"holds": True, "logs": len(lines)}, tuple(lines))


def _signer(arguments: argparse.Namespace) -> Signer:
    """The witness's key: an organisation's identity key out of its key file, or a plain note key."""
    path = Path(arguments.key)
    if not path.exists() and arguments.name:
        with reading("--name"):
            write_new(str(path), (note.generate(arguments.name) + "\n").encode(), secret=True)
    text = read_bytes(str(path)).decode()
    with reading(arguments.key):
        if text.startswith("PRIVATE+KEY+"):
            return note.parse_private(text, kind=COSIGNATURE)
    who = open_keyfile(arguments.key, arguments)
    identity = Ed25519PrivateKey.from_private_bytes(expand(who.seed, b"sbe1/identity\0"))
    return Signer(arguments.name or who.org, identity, COSIGNATURE)
