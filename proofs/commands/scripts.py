"""check-scripts: does a site serve the scripts its log says, and do its pages run no others."""

import argparse
import gzip
import hashlib
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from proofs import checkpoint, note, scripts
from proofs.commands.answer import Answer
from proofs.commands.inputs import reading
from proofs.commands.log import add_witnesses, read_policy
from proofs.follow import Follower, Misbehaved, entry_bytes
from proofs.note import BadNote
from proofs.site import Site

try:
    import brotli
except ImportError:  # it is not needed elsewhere; without it what browsers get as `br` is not compared, and said so
    brotli = None

PAGES = ("/", "/verify/")


def _gunzip(body: bytes) -> bytes:
    return gzip.decompress(body) if body.startswith(b"\x1f\x8b") else body


def _unbrotli(body: bytes) -> bytes:
    try:
        return bytes(brotli.decompress(body))
    except brotli.error:
        return body  # it was not packed


CODINGS: dict[str, Callable[[bytes], bytes]] = {"gzip": _gunzip}
if brotli is not None:
    CODINGS["br"] = _unbrotli


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add this command to the command line."""
    parser = commands.add_parser("check-scripts", help="compare the scripts a site serves with those in its log")
    parser.add_argument("site", metavar="BASE_URL")
    parser.add_argument("--vkey", metavar="VKEY", help="the public log's key: check that the list is in the log")
    parser.add_argument("--page", action="append", default=[], metavar="PATH", help="a page to look at; repeatable")
    parser.add_argument("--saved", action="append", default=[], metavar="FILE.html", help="a page saved by a browser")
    add_witnesses(parser)
    parser.set_defaults(run=check_scripts)


@dataclass
class Findings:
    """What does not hold, and what was looked at."""

    listed: dict[str, str]
    wrong: list[str] = field(default_factory=list)
    seen: dict[str, bytes] = field(default_factory=dict)


def check_scripts(arguments: argparse.Namespace) -> Answer:
    """Every listed script has its hash; every script that the pages lead to is listed; the list is in the log."""
    site = Site(arguments.site)
    lists = [entry for entry in site.entries(scripts.STREAM) if entry["kind"] == scripts.KIND]
    if not lists:
        return _wrong({"authenticated": False}, ["the site has logged no list of scripts"])
    newest = lists[-1]
    digest = str(newest["data"]["sha256"])
    data: dict[str, Any] = {"authenticated": False, "at": newest["at"], "seq": newest["seq"], "sha256": digest}
    try:
        found = Findings(scripts.read(site.get(f"/blobs/{digest}"), sha256=digest))
        if arguments.vkey:
            data |= _in_log(arguments, site, newest)
    except (Misbehaved, BadNote, ValueError) as wrong:
        return _wrong(data, [str(wrong)])
    for path in found.listed:
        _compare(site, path, found)
    for page in arguments.page or PAGES:
        _look(site, site.get(page).decode(errors="replace"), page, found)
    for saved in arguments.saved:
        with reading(saved):
            _look(site, Path(saved).read_text(errors="replace"), saved, found)
    data["scripts"] = len(found.listed)
    if found.wrong:
        return _wrong(data, found.wrong)
    lines = [f"✓ {len(found.listed)} 个脚本与日志所载一致（清单 {digest}，{newest['at']} 起）"]
    unchecked = "· 未给出 --vkey，没有核对清单在日志里"
    lines.append(f"✓ 该清单在公开日志的位置 {data['index']}" if "index" in data else unchecked)
    if "br" not in CODINGS:
        lines.append("· 本机没有 brotli，没有核对以 br 压缩发送的脚本")
    return Answer(True, {**data, "codings": ["identity", *CODINGS], "holds": True}, tuple(lines))


def _in_log(arguments: argparse.Namespace, site: Site, newest: dict[str, Any]) -> dict[str, Any]:
    with reading("--vkey"):
        key = checkpoint.parse_vkey_of(arguments.vkey.strip(), note.ED25519)
    policy = read_policy(arguments)
    follower = Follower(lambda path: site.get(f"/log/{path}"), key, policy)
    follower.refresh()
    entry = entry_bytes(newest)
    index = follower.index_of(entry)
    if index is None:
        raise Misbehaved("the list of scripts is not in the log")
    if policy.quorum != "none" and not follower.witnesses_saw(entry):
        raise Misbehaved("unwitnessed: the list of scripts lacks the cosignatures that were asked for")
    return {"authenticated": True, "index": index, "witnessed": policy.quorum != "none"}


def _compare(site: Site, path: str, found: Findings) -> None:
    try:
        found.seen[path] = site.get(path)
    except OSError as wrong:
        found.wrong.append(f"{path}: {wrong}")
        return
    if hashlib.sha256(found.seen[path]).hexdigest() != found.listed[path]:
        found.wrong.append(f"{path}: not what the log says")
    for coding, unpack in CODINGS.items():  # a browser asks for these, and could be given another file
        try:
            unpacked = unpack(site.packed(path, coding))
        except (OSError, EOFError, zlib.error) as wrong:
            found.wrong.append(f"{path}, packed as {coding}: {wrong}")
            continue
        if hashlib.sha256(unpacked).hexdigest() != found.listed[path]:
            found.wrong.append(f"{path}, packed as {coding}: not what the log says")


def _look(site: Site, html: str, page: str, found: Findings) -> None:
    """Everything the page would run is on the list, from its own script tags to the last import."""
    todo, own = scripts.of_page(html, address=f"{site.base}/")
    if own:
        found.wrong.append(f"{page}: holds a script of its own")
    done: set[str] = set()
    while todo:
        address = todo.pop()
        if address in done:
            continue
        done.add(address)
        path = scripts.path_on(site.base, address)
        if path is None or path not in found.listed:
            found.wrong.append(f"{page}: runs {address}, which is not on the list")
        elif path in found.seen:
            todo += scripts.named_by(found.seen[path].decode(errors="replace"), address=address)


def _wrong(data: dict[str, Any], why: list[str]) -> Answer:
    return Answer(False, {**data, "holds": False, "why": why}, tuple(f"✗ {each}" for each in why))
