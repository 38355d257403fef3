"""release-service: a key holder that works unattended.

It mirrors the site's public log, posts slot keys when it is asked to hold for a tender, answers the trial opening,
and releases slot keys at the opening once everything it can check holds. What it released for a part it remembers
for ever in --state, before the first key leaves: a second closing list gets nothing.
"""

import argparse
import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from proofs import canonical, holder, note
from proofs import statement as statements
from proofs.canonical import NotCanonical
from proofs.checkpoint import quorum_of
from proofs.commands.answer import Answer
from proofs.commands.inputs import add_passphrase, add_signed_by, now, open_signing, present, reading
from proofs.doors import Doors, Unreachable
from proofs.holder import Book, Choice, Trust
from proofs.manifest import Manifest
from proofs.mirror import Forked, Mirror
from proofs.organisation import Organisation, Succeeded
from proofs.registry import Registry

AGAIN = 5.0  # seconds before something the log does not show yet is posted again


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command to the command line."""
    parser = commands.add_parser("release-service", help="hold keys for tenders, unattended")
    add_site(parser)
    parser.add_argument("--every", type=float, default=1.0, metavar="SECONDS")
    parser.add_argument("--once", action="store_true", help="look once and stop")
    parser.set_defaults(run=serve)


def add_site(parser: argparse.ArgumentParser) -> None:
    """The words every command of a key holder takes: its key, the site, its memory, the keys it believes in."""
    parser.add_argument("keyfile", metavar="KEYFILE")
    parser.add_argument("--site", required=True, metavar="URL")
    parser.add_argument("--state", required=True, metavar="DIR", help="what it remembers for ever")
    parser.add_argument("--vkey", metavar="VKEY", help="the public log's key (default: pinned at the first start)")
    parser.add_argument("--sealed-vkey", metavar="VKEY", help="the sealed log's key (default: likewise)")
    parser.add_argument("--witness", action="append", metavar="VKEY", help="a witness's key (default: likewise)")
    parser.add_argument("--quorum", type=int, help="how many must have cosigned (default: likewise)")
    add_signed_by(parser)
    add_passphrase(parser)


def serve(arguments: argparse.Namespace) -> Answer:
    """Look, do what is due, wait; until it is stopped. Ends with 1 when the log contradicts itself."""
    me = open_signing(arguments.keyfile, arguments)
    state = Path(arguments.state)
    state.mkdir(parents=True, exist_ok=True)
    service: Service | None = None
    while True:
        try:
            service = service or service_of(arguments, me, state)
            service.turn()
        except Unreachable as wrong:
            tell(f"waiting: {wrong}")
        except Forked as forked:
            tell(f"ALARM: {forked}")
            return Answer(holds=False, data={"error": str(forked)})
        if arguments.once:
            return Answer(data={"org": me.org, "tenders": sorted(service.books) if service else []})
        time.sleep(arguments.every)


def tell(line: str) -> None:
    """A line for whoever reads this service's output."""
    print(f"{now()} {line}", file=sys.stderr, flush=True)


@dataclass
class Service:
    """A holder, its mirror of the log, and a book for each tender it was asked to hold for."""

    me: Organisation
    site: Doors
    state: Path
    log: Mirror
    trust: Trust
    books: dict[str, Book] = field(default_factory=dict)
    tried: dict[str, float] = field(default_factory=dict)
    said: dict[str, str] = field(default_factory=dict)
    answers: dict[str, int] = field(default_factory=dict)  # the site's last status, by what was posted
    confirmed: dict[str, datetime] = field(default_factory=dict)  # number ↦ when I last said that I am ready
    disclosed: set[str] = field(default_factory=set)  # tenders of which nothing is behind closed doors any more
    ahead: holder.Ahead = field(init=False)

    def __post_init__(self) -> None:
        self.ahead = holder.Ahead(self.me.org)

    def turn(self) -> None:
        """Read what is new in the log, then do what is due."""
        self.read()
        self.make_ahead()
        self.confirm()
        for book in self.books.values():
            for part in book.wanted:
                self._tend(book, part)

    def read(self) -> None:
        """Fold in what is new in the log, and what happened behind closed doors."""
        for event in self.log.grow():
            self.take(event)
        for book in self.books.values():
            if book.number not in self.disclosed:
                self._ask(book)

    def _ask(self, book: Book) -> None:
        """Read what happened behind the doors of a tender it holds for; every fact is folded in once, in order."""
        said = _question(book, self.me, ts=now())
        if said is None:
            return
        status, body = self.site.post("api/holders/room", said)
        if status >= 400:
            self.say(f"{book.number} room", f"not told: {status}")
            return
        told = [entry for entry in json.loads(body)["entries"] if entry.get("room")]
        for entry in told[book.heard :]:
            self.take({"t": entry["kind"], "d": {"stream": entry["stream"], **entry["data"]}})
        book.heard = max(book.heard, len(told))

    def make_ahead(self) -> int:
        """Post slot keys for the reserved numbers that have none of mine yet. Returns how many were posted."""
        units = [] if isinstance(self.me, Succeeded) else self.ahead.due()  # nothing new under a revoked seed
        for unit, count in units:
            key = _ahead(unit)
            if self.answers.get(key, 0) < 400:  # what the site refused is not asked again
                self.post("api/holders/slots", partial(self._posting, unit, count), key=key)
        return sum(self.answers.get(_ahead(unit)) == 200 for unit, _ in units)

    def _posting(self, unit: dict[str, Any], count: int) -> dict[str, Any]:
        return holder.posting(self.me, unit, count, ts=now())

    def confirm(self) -> int:
        """Say for every opening that is near that I am ready, every few hours. Returns how many were told."""
        told = 0
        for book in self.books.values():
            at = present()
            said = holder.confirmation(book, self.me, last=self.confirmed.get(book.number), at=at, ts=now())
            if said is not None:
                key = f"ready {book.number}"
                self.answers.pop(key, None)
                self.post("api/holders/ready", said, key=key)
                if self.answers.get(key) == 200:
                    self.confirmed[book.number] = at
                    told += 1
        return told

    def take(self, event: dict[str, Any]) -> None:
        """Fold one event of the log into the registry or its tender's book."""
        kind, d = event["t"], event["d"]
        if kind == "opening.room-disclosed":
            self.disclosed.add(str(d["stream"]).removeprefix("project/"))
        try:
            if kind == "accounts.key-registered":
                if not self.trust.registry.take(d["statement"]):
                    self.say("registry", f"ignored a registration that does not stand: {d['statement'].get('org')}")
                self._watch_own_key(d["statement"])
            elif kind == "accounts.key-revoked":
                self._revoke(event)
            elif kind == "tender.slots-posted" and not self.trust.registry.stood(d["statement"]):
                self.say("slots", f"ignored slot keys under a revoked key: {d['statement'].get('org')}")
                return
            self.ahead.take(kind, d)
            if (number := _number(kind, d)) is not None:
                self.books.setdefault(number, Book(number)).take(kind, d)
        except (NotCanonical, LookupError, TypeError, AttributeError) as wrong:
            tell(f"ignored a malformed {kind}: {wrong}")

    def _revoke(self, event: dict[str, Any]) -> None:
        said, at = event["d"]["statement"], statements.timestamp(event["ts"])
        if not self.trust.registry.revoke(said, at=at):
            self.say("registry", f"ignored a revocation that does not stand: {said.get('org')}")
            return
        for book in self.books.values():  # what a stolen seed makes is in no manifest still to come: others are posted
            for part, posted in book.posted.items():
                own = posted.get(said["org"])
                if own and own["statement"]["gen"] == said["revokes"] and part not in book.manifests:
                    del posted[said["org"]]
        if said["org"] == self.me.org:
            tell(f"ALARM: the log revokes {said['org']} generation {said['revokes']}; generation {said['gen']} says so")

    def _watch_own_key(self, statement: dict[str, Any]) -> None:
        mine = self.trust.registry.keys.get(self.me.org, {}).get(self.me.gen)
        if statement["org"] == self.me.org and mine not in (None, self.me.key):
            tell(f"ALARM: the log has a key for {self.me.org} generation {self.me.gen} that is not mine")

    def _tend(self, book: Book, part: str) -> None:
        wanted = book.wanted[part]
        if self.me.org not in [member["org"] for member in wanted["holders"]] or book.ended:
            return
        try:
            if self.me.org not in book.posted.get(part, {}) and not isinstance(self.me, Succeeded):
                self._post_slots(book, part)
            if part in book.manifests:
                self.hold(book, part)
        except (NotCanonical, LookupError, TypeError) as wrong:
            self.say(f"{book.number} {part}", f"not now: {wrong}")

    def _post_slots(self, book: Book, part: str) -> None:
        unit, count = book.wanted[part]["unit"], canonical.integer(book.wanted[part]["slots"], 2, 65_536, "slots")
        door = f"api/projects/{Doors.quoted(book.number)}/committee/{part}"
        self.post(door, partial(self._posting, unit, count))

    def hold(self, book: Book, part: str) -> None:
        """Answer the trial opening of a part, or release what is to be released. Refused (NotCanonical) where the log
        gives no right to."""
        asked = [eid for eid, wanted in book.rehearsals.items() if wanted["unit"]["part"] == part]
        trial = asked and (part, book.manifests[part]["cmh"]) not in book.rehearsed
        opening = book.hall is not None and (part, self.me.org) not in book.released
        if not (trial or opening):
            return  # for weeks: to make my keys anew to compare them costs too much to do it every second
        kcm, i = holder.accepted(book, part, me=self.me, registry=self.trust.registry, blob=self.trust.blob)
        if trial:
            self._release(book, kcm, i, Choice(statements.REHEARSAL, {asked[-1]: 0}))
        if not opening:
            return
        chosen = self.remembered(book.number, _sitting(book, part)) or self._choose(book, part, kcm)
        self._release(book, kcm, i, chosen)

    def _choose(self, book: Book, part: str, kcm: Manifest) -> Choice:
        chosen = holder.choice(book, part, kcm, trust=self.trust, at=present())
        path = self._memory(book.number, _sitting(book, part))
        value = {"closing": chosen.closing, "slots": dict(chosen.slots)}
        with path.open("xb") as file:
            file.write(canonical.dumps(value))
            file.flush()
            os.fsync(file.fileno())
        tell(f"{book.number} {part}: releasing {len(chosen.slots)} of closing {chosen.closing[:16]}…")
        return chosen

    def remembered(self, number: str, part: str) -> Choice | None:
        """What was chosen for a part, or for one round of its quotes, ever."""
        path = self._memory(number, part)
        if not path.exists():
            return None
        value = json.loads(path.read_text())
        return Choice(value["closing"], value["slots"])

    def _memory(self, number: str, part: str) -> Path:
        return self.state / f"{Doors.quoted(number)}.{part}.json"

    def _release(self, book: Book, kcm: Manifest, i: int, chosen: Choice) -> None:
        door = f"api/projects/{Doors.quoted(book.number)}/statements"
        for said in holder.releases(chosen, kcm, i, me=self.me, ts=now()):
            self.post(door, said, key=f"{door} {kcm.unit['part']} {said['eid']}")

    def post(self, path: str, value: dict[str, Any] | Callable[[], dict[str, Any]], *, key: str = "") -> None:
        """Post once, and again only when the log has not shown it after a while.  value: or what makes it."""
        key = key or path
        if time.monotonic() - self.tried.get(key, -AGAIN) < AGAIN:
            return
        self.tried[key] = time.monotonic()
        status, body = self.site.post(path, value() if callable(value) else value)
        self.answers[key] = status
        tell(f"{path}: {status}" + ("" if status < 400 else f" {body[:300]}"))

    def say(self, about: str, line: str) -> None:
        """Tell a thing once, until it changes."""
        if self.said.get(about) != line:
            self.said[about] = line
            tell(f"{about}: {line}")


def _question(book: Book, me: Organisation, *, ts: str) -> dict[str, Any] | None:
    """A fresh `rdy/1` by which a holder asks what happened behind closed doors; None where there is nothing to ask.

    What it is told there stands in no public log yet: the list is checked against the closing that does, the rest is
    checked by everybody with the result.
    """
    if book.terms is None or book.terms.get("closed_hall") is not True or book.closed is None:
        return None
    for part, cmh in book.terms["units"].items():
        if part in book.wanted and me.org in [member["org"] for member in book.wanted[part]["holders"]]:
            return statements.sign("rdy/1", {"unit": book.wanted[part]["unit"], "cmh": cmh}, by=me, ts=ts)
    return None


def _sitting(book: Book, part: str) -> str:
    """What a choice is remembered under: the part, and of quotes in rounds the round, for each is opened once."""
    return f"{part}-{book.round['round']}" if part == holder.LATER and book.round else part


def _number(kind: str, d: dict[str, Any]) -> str | None:
    """The tender an event is about, from its stream, its number or its unit."""
    if not kind.startswith(("tender.", "opening.", "tech.", "bidding.round")):
        return None
    stream = str(d["stream"])
    if stream.startswith("project/"):
        return stream.removeprefix("project/")
    if "number" in d:
        return str(d["number"])
    return str((d if "unit" in d else d["statement"])["unit"]["tender"])


def _ahead(unit: dict[str, Any]) -> str:
    return f"ahead {unit['tender']} {unit['part']}"


def service_of(arguments: argparse.Namespace, me: Organisation, state: Path) -> Service:
    site = Doors(arguments.site, cache=state / "blobs")
    pins = dict(_pins(arguments, site, state))
    with reading("pinned keys"):
        witnesses = [note.parse_vkey(vkey) for vkey in pins["witnesses"]]
        policy = quorum_of(witnesses, pins["quorum"])
        log = Mirror(site.log, note.parse_vkey(pins["log"]), policy)
        sealed = note.parse_vkey(pins["sealed"])
    tell(f"{me.org} holds for {site.base}; quorum {pins['quorum']} of {len(witnesses)} witnesses")
    return Service(me, site, state, log, Trust(sealed, policy, Registry(), site.blob, site.sealed_note))


def _pins(arguments: argparse.Namespace, site: Doors, state: Path) -> Iterator[tuple[str, Any]]:
    """The keys believed in: given on the command line, else what the site showed at the first start."""
    path = state / "pins.json"
    if path.exists():
        pinned = json.loads(path.read_text())
    else:
        shown = {"vkeys": arguments.witness} if arguments.witness is not None else site.json("witnesses")
        witnesses = list(shown["vkeys"])
        pinned = {
            "log": arguments.vkey or site.vkey("log").vkey,
            "sealed": arguments.sealed_vkey or site.vkey("sealed").vkey,
            "witnesses": witnesses,
            "quorum": shown.get("quorum", len(witnesses) // 2 + 1 if witnesses else 0),
        }
        if arguments.quorum is not None:
            pinned["quorum"] = arguments.quorum
        path.write_text(json.dumps(pinned))
    yield from pinned.items()
