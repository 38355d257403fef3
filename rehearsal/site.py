"""A site of one's own: a fresh database in a folder, served by `manage.py serve`, with its witness and notifier."""

import json
import os
import socket
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rehearsal.actors import Actors, Keys, register_all, until_answering, witness_vkey
from rehearsal.cast import ROOT, Cast
from rehearsal.client import Client, Refusal

FOLDER = ROOT / "demo-keys"
WITNESS = "cosigner.example"
BANNER = "演示：所有各方的密钥都由同一操作者保管（demo-keys/），仅用于演示"


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(data: Path, keys: Keys, *, port: int, witness_port: int, notifier_port: int = 0) -> dict[str, str]:
    """What the site is told: where its data lie, which witness must have seen its logs, who calls its experts.

    notifier_port: a free one unless told.
    """
    witness = {"url": f"http://127.0.0.1:{witness_port}", "vkey": witness_vkey(keys, WITNESS)}
    return {
        "MINGBIAO_DATA": str(data.absolute()),
        "MINGBIAO_WITNESSES": json.dumps([witness]),
        "MINGBIAO_QUORUM": "1",
        "MINGBIAO_NOTIFIER": f"http://127.0.0.1:{notifier_port or free_port()}",
        "MINGBIAO_NOTIFIER_TOKEN": str(keys.folder / "notifier" / "token"),
        "MINGBIAO_BANNER": os.environ.get("MINGBIAO_BANNER", BANNER),
        "PORT": str(port),
    }


def serve(actors: Actors, told: Mapping[str, str], *, witness_port: int) -> dict[str, Any]:
    """Start the site, which makes its own tables and world, then its witness and notifier; who is in the world."""
    actors.start("site", [sys.executable, "manage.py", "serve", "--demo"], told)
    until_answering_with(actors)
    logs = [vkey(actors.base, "log"), vkey(actors.base, "sealed")]
    actors.witness(logs, name=WITNESS, port=witness_port)
    actors.notifier(told, log=logs[0])
    return dict(json.loads((Path(told["MINGBIAO_DATA"]) / "demo.json").read_text()))


def until_answering_with(actors: Actors, *, seconds: float = 300.0) -> None:
    """Wait for the site, or tell why it ended."""
    ends = time.monotonic() + seconds
    while True:
        actors.all_alive()
        try:
            until_answering(actors.base, seconds=1.0)
            return
        except Refusal:
            if time.monotonic() > ends:
                raise


def vkey(base: str, which: str, *, seconds: float = 30.0) -> str:
    """The key of a log; its keeper makes it a moment after the site first answers."""
    ends = time.monotonic() + seconds
    while True:
        try:
            return Client(base).get(f"/{which}/vkey").decode().strip()
        except Refusal:
            if time.monotonic() > ends:
                raise
            time.sleep(0.2)


def beside(actors: Actors, cast: Cast) -> None:
    """Every organisation's key is registered; holders, contributors and the supervisor's client run."""
    register_all(actors.keys, cast, cast.acting)
    actors.holders(cast.holders)
    actors.contributors(cast.contributors)
    actors.supervisor(cast.people["supervisor"])
