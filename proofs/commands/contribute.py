"""contribute, attest-pool: taking part in draws, by hand or as an unattended service."""

import argparse
import json
import sys
import time
import urllib.parse
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from proofs import canonical, checkpoint, lots, note, statement
from proofs.canonical import NotCanonical
from proofs.checkpoint import Policy
from proofs.commands.answer import Answer, Unreadable, read_bytes
from proofs.commands.inputs import add_passphrase, add_signed_by, now, open_keyfile, open_signing, reading
from proofs.commands.log import add_witnesses, read_policy
from proofs.contribute import Contributor, Facts, Refusing, Step, facts_of, is_over, speaking, why_not_attest
from proofs.follow import Follower, Misbehaved
from proofs.note import COSIGNATURE
from proofs.organisation import Organisation
from proofs.registry import Registry
from proofs.site import NotServed, Site

KEYS = "keys"


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add these commands to the command line."""
    parser = commands.add_parser("contribute", help="take part in a draw, or unattended in every draw that names you")
    parser.add_argument("keyfile", metavar="KEYFILE")
    where = parser.add_mutually_exclusive_group(required=True)
    where.add_argument("--draw", metavar="URL", help="one draw: BASE/api/draws/ID")
    where.add_argument("--site", metavar="BASE", help="every draw of this site, until stopped")
    parser.add_argument("--unattended", action="store_true", help="keep going until the draw is over")
    parser.add_argument("--state", metavar="DIR", default="contributions", help="what it has committed to")
    parser.add_argument("--log", metavar="VKEY", help="the public log's key (default: the site's, as first seen)")
    parser.add_argument("--every", type=float, default=1.0, metavar="SECONDS")
    add_witnesses(parser)
    add_signed_by(parser)
    add_passphrase(parser)
    parser.set_defaults(run=contribute)

    parser = commands.add_parser("attest-pool", help="the supervisor's look behind the masks of a draw's pool")
    parser.add_argument("keyfile", metavar="KEYFILE")
    where = parser.add_mutually_exclusive_group(required=True)
    where.add_argument("--draw", metavar="URL")
    where.add_argument("--site", metavar="BASE")
    parser.add_argument("--user", required=True)
    parser.add_argument("--password-file", required=True, metavar="FILE")
    parser.add_argument("--unattended", action="store_true", help="keep going until stopped")
    parser.add_argument("--every", type=float, default=1.0, metavar="SECONDS")
    add_passphrase(parser)
    parser.set_defaults(run=attest_pool)


@dataclass
class Draws:
    """The draws of a site as its streams tell them: where each stands, followed from entry to entry."""

    site: Site
    cursors: dict[str, int] = field(default_factory=dict)
    entries: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    def look(self, only: str = "") -> None:
        """Read what is new, of one stream or of all."""
        streams = [only] if only else [row["name"] for row in self._streams() if row["last"] > self._seen(row["name"])]
        for stream in streams:
            for entry in self.site.entries(stream, self._seen(stream)):
                self.cursors[stream] = entry["seq"]
                if entry["kind"].startswith("draw.") or stream == KEYS:
                    self.entries.setdefault(stream, []).append(entry)

    def open(self) -> Iterator[tuple[str, dict[str, Any], Facts]]:
        """Stream, announcement and facts of every draw that is not over."""
        for stream, entries in list(self.entries.items()):
            for entry in entries:
                if entry["kind"] == "draw.announced":
                    facts = facts_of(entries, entry["data"]["id"])
                    if not is_over(facts):
                        yield stream, entry, facts

    def registry(self) -> Registry:
        """The identity keys registered and revoked in the stream of keys."""
        made = Registry()
        for entry in self.entries.get(KEYS, []):
            said = entry["data"].get("statement")
            if entry["kind"] == "accounts.key-registered":
                made.take(said)
            elif entry["kind"] == "accounts.key-revoked":
                made.revoke(said, at=statement.timestamp(entry["at"]))
        return made

    def _streams(self) -> Any:
        return self.site.json("/api/streams")["streams"]

    def _seen(self, stream: str) -> int:
        return self.cursors.get(stream, 0)


def contribute(arguments: argparse.Namespace) -> Answer:
    """Say whatever may be said now; unattended, again and again."""
    who = open_signing(arguments.keyfile, arguments)
    site, draw_id = _draw_of(arguments)
    memory = Path(arguments.state)
    memory.mkdir(parents=True, exist_ok=True, mode=0o700)
    draws = Draws(site)
    said: list[str] = []
    followers: list[Follower] = []

    def turn() -> bool:
        # Inside the turn, because an unattended service may be up before its site is.
        follower = followers[0] if followers else _follower(arguments, site, memory)
        followers[:] = [follower]
        follower.refresh()
        draws.look()
        busy = False
        for _, announced, facts in draws.open():
            data = announced["data"]
            mine = [row for row in data["contributors"] if row["org"] == who.org]
            if mine and draw_id in ("", data["id"]):
                busy = True
                one = Contributor(speaking(who, facts), data["id"], mine[0]["i"], len(data["contributors"]), memory)
                said.extend(_speak(site, one, facts, follower, draws.registry(), data["id"]))
        return busy

    _repeat(turn, every=arguments.every, forever=not draw_id, until_over=arguments.unattended)
    return Answer(True, {"said": said}, tuple(said) or ("nothing to say",))


def _speak(
    site: Site, one: Contributor, facts: Facts, follower: Follower, registry: Registry, draw_id: str
) -> list[str]:
    deals = {}
    for entry in facts.get("draw.deal", []):
        digest = entry["data"]["deal_sha256"]
        data = site.get(f"/blobs/{digest}")
        if canonical.sha256(data).hex() == digest:
            deals[digest] = data.decode()
    state = site.json(_path(draw_id)) if "draw.fixed" in facts else {}
    said = []
    try:
        recover = state.get("phase") == "recovery"
        for step in one.next_steps(facts, follower, deals, registry, now(), recover=recover):
            _post(site, draw_id, step)
            said.append(step.what)
    except Refusing as why:
        _tell(f"{draw_id}: {why}")
    return said


def attest_pool(arguments: argparse.Namespace) -> Answer:
    """Look behind the masks of each pool that waits for it, and sign for those in which nobody stands twice."""
    who = open_keyfile(arguments.keyfile, arguments)
    site, draw_id = _draw_of(arguments)
    password = read_bytes(arguments.password_file).decode().splitlines()[0]
    draws = Draws(site)
    said: list[str] = []
    refused: dict[str, tuple[str, ...]] = {}

    def turn() -> bool:
        draws.look()
        busy = False
        for _, announced, facts in draws.open():
            at = announced["data"]["id"]
            if draw_id not in ("", at) or "draw.pool-attested" in facts or at in refused:
                continue
            busy = True
            if "draw.spec" in facts:
                # A session of its own for every look: an unattended client outlives any session.
                site.log_in(arguments.user, password)
                if why := _attest(site, who, at, facts["draw.spec"][0]["data"]["pool_sha256"]):
                    refused[at] = why
                    _tell(f"{at}: {'; '.join(why)}")
                else:
                    said.append(f"pool/1 {at}")
        return busy

    _repeat(turn, every=arguments.every, forever=not draw_id and arguments.unattended, until_over=arguments.unattended)
    lines = (*said, *(f"✗ {at}: {'; '.join(why)}" for at, why in refused.items()))
    return Answer(not refused, {"said": said, "refused": {at: list(why) for at, why in refused.items()}}, lines)


def _attest(site: Site, who: Organisation, draw_id: str, pool_sha256: str) -> tuple[str, ...]:
    shown = site.json(_path(draw_id) + "/openings")
    data = site.get(f"/blobs/{pool_sha256}")
    if canonical.sha256(data).hex() != pool_sha256:
        return ("the pool's bytes are not those of its hash",)
    try:
        pool = canonical.parse(data)
        lots.check_pool(pool)
        why = why_not_attest(pool, shown["openings"])
    except (NotCanonical, KeyError, TypeError) as wrong:
        why = (f"the openings cannot be read: {wrong!r}",)
    if not why:
        body = {"statement": statement.sign("pool/1", {"pool_sha256": pool_sha256}, by=who, ts=now())}
        _post(site, draw_id, Step(f"pool/1 {draw_id}", body))
    return why


def _draw_of(arguments: argparse.Namespace) -> tuple[Site, str]:
    """The site, and the draw where one is named."""
    if arguments.site:
        return Site(arguments.site), ""
    base, found, draw_id = arguments.draw.rstrip("/").partition("/api/draws/")
    if not found or not draw_id:
        raise Unreadable("--draw is BASE/api/draws/ID")
    return Site(base), urllib.parse.unquote(draw_id)


def _follower(arguments: argparse.Namespace, site: Site, memory: Path) -> Follower:
    """The log's reader. Keys that were not given are taken from the site once and remembered."""
    pinned = memory / "pinned.json"
    if not pinned.exists():
        told = site.json("/witnesses")
        trusted = {"log": site.get("/log/vkey").decode().strip(), "vkeys": told["vkeys"], "quorum": told["quorum"]}
        pinned.write_text(json.dumps(trusted))
    trusted = json.loads(pinned.read_text())
    with reading("keys of the log"):
        key = checkpoint.parse_vkey_of((arguments.log or trusted["log"]).strip(), note.ED25519)
        policy: Policy = read_policy(arguments)
        if not arguments.witness:
            witnesses = [checkpoint.parse_vkey_of(vkey, COSIGNATURE) for vkey in trusted["vkeys"]]
            policy = checkpoint.quorum_of(witnesses, min(len(witnesses), trusted["quorum"]))
    return Follower(lambda path: site.get(f"/log/{path}"), key, policy, memory=memory / "log.json")


def _post(site: Site, draw_id: str, step: Step) -> None:
    try:
        site.post(_path(draw_id) + "/statements", step.body)
    except NotServed as refused:
        if refused.status in (401, 404) or refused.status >= 500:
            raise
        _tell(f"{step.what}: {refused}")
        return
    _tell(step.what)


def _path(draw_id: str) -> str:
    return "/api/draws/" + urllib.parse.quote(draw_id)


def _repeat(turn: Callable[[], bool], *, every: float, forever: bool, until_over: bool) -> None:
    """Once; or until there is nothing more to wait for; or for ever. A site that is away is asked again."""
    while True:
        try:
            busy = turn()
        except Misbehaved as wrong:
            raise Unreadable(f"the log contradicts itself, nothing more is said: {wrong}") from wrong
        except OSError as away:
            if not (forever or until_over):
                raise
            _tell(str(away))
            busy = True
        if not forever and not (until_over and busy):
            return
        time.sleep(every)


def _tell(line: str) -> None:
    print(f"{now()} {line}", file=sys.stderr, flush=True)
