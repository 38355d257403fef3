"""One campaign: a world is made, clients act, the house is killed and starts again, and all they say is compared."""

import json
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from proofs import receipt
from proofs.merkle import Tree
from proofs.note import parse_vkey
from tests.hardening.crashes import clients, fuses
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
PATIENCE = 12.0  # seconds in which a fuse goes off, or the house is killed anyway


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

    phases: where it is killed, in this order: a phase and a moment, or None for a moment of chance.
    trouble: what else is done to it before it starts again.
    """

    def __init__(self, house: House, folder: Path, seed: str, *, trouble: Callable[[], str] | None = None) -> None:
        self.house, self.folder, self.seed = house, folder, seed
        self.dice, self.sum, self.trouble = Dice(seed), Sum(), trouble

    def make(self, **sizes: float) -> None:
        """The world before; the house's clock stands at its beginning now."""
        self.house.set_clock((BEGINS - datetime.now(UTC)).total_seconds())
        self.jobs = json.loads(self.house.run(f"{WORLD}:make", json.dumps(sizes)))

    def play(self, phases: Sequence[tuple[str, str] | None]) -> Sum:
        """All of it; what was wrong is in the sum."""
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
            for phase in phases:
                self.kill(phase)
            (self.folder / clients.WANTED).write_text("")
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
            fuses.lay(self.folder, *phase, skip=self.dice.below(3))
        (self.folder / clients.WANTED).write_text(LEADS.get(phase[0], phase[0]) if phase else "")
        before = len(fuses.blown(self.folder))
        if self.start():
            ends = time.monotonic() + (PATIENCE if phase else self.dice.between(0.05, 1.5))
            while time.monotonic() < ends and self.house.lives():
                time.sleep(0.01)
        missed = len(fuses.blown(self.folder)) == before
        self.house.kill()
        fuses.take_away(self.folder)
        self.sum.kills["any moment" if not phase else f"{phase[0]}, missed" if missed else phase[0]] += 1
        if self.trouble:
            self.sum.kills[self.trouble()] += 1

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


def plan(kills: int, dice: Dice, phases: Sequence[str] = tuple(fuses.PHASES)) -> Iterator[tuple[str, str] | None]:
    """So many kills: every phase in turn, each at the next of its moments, and one of three at a moment of chance."""
    turn = 0
    for n in range(kills):
        if n % 3 == 2:
            yield None
        else:
            phase = phases[turn % len(phases)]
            yield phase, fuses.MOMENTS[(turn // len(phases) + turn + dice.below(2)) % len(fuses.MOMENTS)]
            turn += 1
