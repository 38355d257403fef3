"""One campaign: a world is made, clients act, the house is killed and starts again, and all they say is compared."""

import json
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from proofs import receipt
from proofs.merkle import Tree
from proofs.note import parse_vkey
from tests.engines import Breakable
from tests.hardening.crashes import clients, fuses
from tests.hardening.crashes.aims import Aims
from tests.hardening.crashes.dice import Dice
from tests.hardening.crashes.world import BEGINS
from tests.hardening.histories import Act, Fact, Head, Logged, faults
from tests.races.house import ROOT, House, ask

WORLD = "tests.hardening.crashes.world"
# Acts that only clients do, and so must be in a history of theirs.
KINDS = {"bidding.bid-sealed", "bidding.bid-withdrawn", "auction.quoted", "selection.enrolled", "draw.revealed",
         "selection.enrolment-withdrawn", "opening.bidder-released", "draw.key", "draw.committed", "draw.deal",
         "draw.pool-attested", "evaluation.sheet-sealed", "tender.deadline-moved", "market.award-published",
         "cases.decided"}  # fmt: skip
# Which acts of the clients lead into a phase, where it is not called the same.
LEADS = {"open": "open", "upload": "submit", "close": "submit", "checkpoint": "submit"}
MANY = {"submit", "upload", "withdraw", "release", "open", "quote", "enrol", "checkpoint"}  # there are enough of them
CLOSE = 4.0  # seconds before a closing in which the house starts
PATIENCE = 60.0  # seconds in which a fuse goes off, or the house is killed anyway; a slow machine needs as many
STRIKES = ("PostgreSQL at once", "the house", "Redis", "PostgreSQL killed", "the house while PostgreSQL is away")
# A phase and a moment in it, a moment of chance, or what dies beneath.
Death = tuple[str, str] | str | None


@dataclass
class Sum:
    """What a campaign came to."""

    kills: Counter[str] = field(default_factory=Counter)
    ends: Counter[str] = field(default_factory=Counter)
    met: Counter[str] = field(default_factory=Counter)
    found: list[str] = field(default_factory=list)
    starts: list[float] = field(default_factory=list)

    def __str__(self) -> str:
        middle = sorted(self.starts)[len(self.starts) // 2] if self.starts else 0
        return (
            f"{sum(self.kills.values())} kills {dict(sorted(self.kills.items()))}; acts {dict(self.ends)}; outages "
            f"{dict(self.met)}; ready again after {middle:.1f} s (median); {len(self.found)} wrong"
        )


class Campaign:
    """A house in a folder and its clients.

    engines: what may be crashed beneath it, where it stands on its own.  aims: what was hit before this world.
    """

    def __init__(
        self, house: House, folder: Path, seed: str, engines: Breakable | None = None, aims: Aims | None = None
    ) -> None:
        self.house, self.folder, self.seed, self.engines = house, folder, seed, engines
        self.dice, self.sum, self.aims = Dice(seed), Sum(), aims or Aims()

    def make(self, **sizes: float) -> None:
        """The world before; the house's clock stands at its beginning now."""
        self.began, self.ahead = datetime.now(UTC), 0.0
        self.house.set_clock((BEGINS - self.began).total_seconds())
        self.jobs = json.loads(self.house.run(f"{WORLD}:make", json.dumps(sizes)))

    def play(self, plan: Iterable[Death]) -> Sum:
        """All of it, a death after the other; what was wrong is in the sum."""
        told = {"seed": self.seed, "jobs": [{**job, "began": time.monotonic()} for job in self.jobs["jobs"]]}
        (self.folder / clients.JOBS).write_text(json.dumps(told))
        words = [sys.executable, "-m", "tests.hardening.crashes.clients", str(self.folder), str(self.house.port)]
        crowd, first = None, self.folder / "first.checkpoint"
        try:
            self.start()
            crowd = subprocess.Popen(words, cwd=ROOT)
            self.keys = {name: self.asked(f"/{name}/vkey").decode().strip() for name in ("log", "receipts")}
            first.write_bytes(self.asked("/log/checkpoint"))
            self.house.kill()
            for death in plan:
                self.strike(death) if isinstance(death, str) else self.kill(death)
            (self.folder / clients.WANTED).write_text("")
            self.house.kill()
            self.start()
            (self.folder / clients.OVER).touch()
            if crowd.wait(180):
                self.sum.found.append("a client has failed")
            time.sleep(1.5)  # the sequencer places what is left
            proofs = ["verify-log", "--url", f"http://127.0.0.1:{self.house.port}", "--vkey", self.keys["log"]]
            checked = subprocess.run([sys.executable, "-m", "proofs", *proofs, "--since", str(first)], cwd=ROOT,
                                     capture_output=True, text=True)  # fmt: skip
            if checked.returncode:
                self.sum.found.append(f"verify-log: {checked.stdout}{checked.stderr}")
            self.house.kill()
        finally:
            (self.folder / clients.OVER).touch()
            if crowd:
                crowd.wait(180)
        self.compare()
        return self.sum

    def asked(self, path: str) -> bytes:
        """What a public door says."""
        status, told = ask(self.house.port, "GET", path)
        assert status == 200, f"{path}: {status}"
        return told

    def start(self) -> bool:
        """Start it until it can keep a bid; False where its fuse went off before."""
        began, before = time.monotonic(), len(fuses.blown(self.folder))
        try:
            self.house.start("/readyz")
        except AssertionError:
            if len(fuses.blown(self.folder)) == before:
                raise
            self.house.kill()
            return False
        self.sum.starts.append(time.monotonic() - began)
        return True

    def kill(self, phase: tuple[str, str] | None) -> None:
        """One life, and how it ends."""
        fuses.take_away(self.folder)
        if phase:
            fuses.lay(self.folder, *phase, skip=self.dice.below(3) if phase[0] in MANY else 0)
            if phase[0] == "close":
                self.until_a_closing()
        (self.folder / clients.WANTED).write_text(LEADS.get(phase[0], phase[0]) if phase else "")
        before = len(fuses.blown(self.folder))
        if self.start():
            ends = time.monotonic() + (PATIENCE if phase else self.dice.between(0.05, 1.5))
            while time.monotonic() < ends and self.house.lives():
                time.sleep(0.01)
        missed = len(fuses.blown(self.folder)) == before
        self.house.kill()
        fuses.take_away(self.folder)
        if phase:
            self.aims.note(*phase, hit=not missed)
        self.sum.kills["any moment" if not phase else f"{phase[0]}, missed" if missed else phase[0]] += 1

    def strike(self, what: str) -> None:
        """Something beneath the house dies, or the house, or both; it goes on by itself where it lives."""
        assert self.engines
        if not self.house.pid:
            self.start()
        (self.folder / clients.WANTED).write_text("")
        time.sleep(self.dice.between(0.3, 1.5))
        gone = self.dice.between(0.1, 1.5)
        match what:
            case "PostgreSQL at once":
                self.engines.crash_postgres(gone=gone)
            case "PostgreSQL killed":
                self.engines.kill_postgres(gone=gone)
            case "Redis":
                self.engines.crash_redis(gone=gone)
            case "the house while PostgreSQL is away":
                self.house.kill()
                self.engines.kill_postgres(gone=0)
            case "the house":
                self.house.kill()
        self.sum.kills[what] += 1
        if self.house.pid:
            began = time.monotonic()
            while not self.ready():
                if time.monotonic() > began + 60:
                    self.sum.found.append(f"{what}: the house was not ready again within a minute")
                    self.house.kill()
                    return
                time.sleep(0.05)
            self.sum.starts.append(time.monotonic() - began)

    def ready(self) -> bool:
        """Whether it says that it could keep a bid."""
        try:
            return ask(self.house.port, "GET", "/readyz")[0] == 200
        except OSError:
            return False

    def until_a_closing(self) -> None:
        """The house's clock goes ahead to a little before the next tender is closed."""
        off = (BEGINS - self.began).total_seconds() + self.ahead
        now = datetime.now(UTC) + timedelta(seconds=off)
        ahead = [(at - now).total_seconds() for at in map(datetime.fromisoformat, self.jobs["closings"])]
        if later := [seconds for seconds in ahead if seconds > CLOSE]:
            self.ahead += min(later) - CLOSE
            self.house.set_clock((BEGINS - self.began).total_seconds() + self.ahead)

    def compare(self) -> None:
        """What everybody was told against what the house holds."""
        try:
            self.house.run("fsck_ledger")
        except AssertionError as faulty:
            self.sum.found.append(str(faulty)[:2000])
        told = json.loads(self.house.run(f"{WORLD}:told"))
        if told["whole"] != "ok":
            self.sum.found.append(f"integrity_check: {told['whole'][:500]}")
        acts, heads, notes = self.histories()
        entries = [Logged(*row[1:], old=row[0] <= self.jobs["began_after"]) for row in told["entries"]]
        self.sum.found += faults(acts, entries, heads, kinds=KINDS, roots=roots(told["leaves"]))
        sealed = Counter(entry.data["env_sha256"] for entry in entries if entry.kind == "bidding.bid-sealed")
        if Counter(told["bids"]) != sealed:
            self.sum.found.append("the rows of bids and their entries differ")
        waiting = [entry for entry in entries if entry.index is None and entry.log == "public"]
        if waiting:
            self.sum.found.append(f"{len(waiting)} public entries wait for their place")
        key = parse_vkey(self.keys["receipts"])
        for note in notes:
            receipt.opened(note, key)  # BadNote where it was not the house that signed it

    def histories(self) -> tuple[list[Act], list[Head], list[str]]:
        """What every client has written down."""
        acts, heads, notes = [], [], []
        for file in sorted(self.folder.glob("*.history")):
            begun: dict[str, Any] = {}
            for line in map(json.loads, file.read_text().splitlines()):
                if "wrong" in line:
                    self.sum.found.append(line["wrong"])
                elif "head" in line:
                    heads.append(Head(*line["head"]))
                elif "receipts" in line:
                    notes += line["receipts"]
                elif "invoke" in line:
                    begun[line["key"]] = line
                else:
                    first = begun.pop(line["key"])
                    facts = tuple(Fact(**fact) for fact in first["facts"])
                    acts.append(Act(file.stem, line["key"], first["op"], facts, first["invoke"], line["done"],
                                    line["type"], tuple(line["leaves"])))  # fmt: skip
                    self.sum.ends[line["type"]] += 1
                    self.sum.met.update(line["met"])
                    if line["type"] == "fail" and first["op"] not in ("submit", "quote"):
                        self.sum.met[f"{first['op']} refused {line['status']}"] += 1
            if begun:
                self.sum.found.append(f"{file.stem}: {list(begun)} never ended")
        return acts, heads, notes


def roots(leaves: dict[str, list[str]]) -> "Roots":
    """(log, size) ↦ root, computed when it is asked for."""
    return Roots({log: Tree(map(bytes.fromhex, own)) for log, own in leaves.items()})


class Roots(dict[tuple[str, int], str]):
    """The roots of two trees at every size they ever had."""

    def __init__(self, trees: dict[str, Tree]) -> None:
        super().__init__()
        self._trees = trees

    def get(self, place: tuple[str, int], default: Any = None) -> Any:  # type: ignore[override]
        log, size = place
        return self._trees[log].root(size).hex() if size <= self._trees[log].size else default


def plan(kills: int, aims: Aims, dice: Dice, phases: Sequence[str] = tuple(fuses.PHASES)) -> Iterator[Death]:
    """So many kills: each where the fewest have fallen so far, and one of three at a moment of chance."""
    for n in range(kills):
        yield None if n % 3 == 2 else aims.next(phases, dice)
