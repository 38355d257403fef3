"""Lines that are cut, reset and slow: nothing that was acknowledged is gone, nothing happened twice, every screen ends
with the same story.

Three in twenty answers never arrive though the act was done, one request in twenty is reset half-way, and everybody
shares 256 kbit/s. `TURNS=300` in the environment asks for more than every run pays for; `LOSS=10` has the whole of it
played in a network of its own, where one packet in ten is lost (iptables, as root).
"""

import asyncio
import json
import os
import random
import subprocess
import sys
import threading
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from websockets.exceptions import WebSocketException
from websockets.sync.client import connect

from proofs import note, receipt, statement
from tests import engines
from tests.races.house import ROOT, Bidder, House, ask, environment
from tests.races.nemesis import Wire

TURNS = int(os.environ.get("TURNS", "6"))  # versions of bids handed in
SCREENS = min(40, TURNS // 3)
KBIT = int(os.environ.get("KBIT", "8000"))
SIZE = 150_000  # bytes of a bid's envelopes and what else is asked for them
CUT, RESET = 0.15, 0.05
RATE = KBIT * 1000 / 8  # bytes a second for everybody together, each way
RECORD = b"opening.record"
AGAIN = 0.05  # seconds until who was cut off asks again
PATIENCE = 90 + TURNS * (3 + 2 * SIZE / RATE)  # seconds
pytestmark = [pytest.mark.embedded, pytest.mark.timeout(60 + PATIENCE)]


class BadWire(Wire):
    """Cuts answers, resets requests, and lets through no more than its rate. What befalls a line is drawn by a seed."""

    def __init__(self, port: int, seed: int) -> None:
        self.befell: Counter[str] = Counter()
        self._chance = random.Random(seed)  # which fault befalls whom must be the same again
        self._free = {"there": 0.0, "back": 0.0}
        super().__init__(port)

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        luck = self._chance.random()
        fault = "reset" if luck < RESET else "cut" if luck < RESET + CUT else "none"
        self.befell[fault] += 1
        left = self._chance.randrange(1, 600)  # bytes that still come by before
        try:
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self._far)
        except OSError:
            writer.transport.abort()
            return
        ends = {writer, far_writer}
        self._pairs |= ends
        there = asyncio.ensure_future(self._slow(reader, far_writer, "there", left if fault == "reset" else None))
        back = asyncio.ensure_future(self._slow(far_reader, writer, "back", left if fault == "cut" else None))
        await asyncio.wait({there, back}, return_when=asyncio.FIRST_COMPLETED if fault != "none" else "ALL_COMPLETED")
        self._pairs -= ends
        for end in ends:
            end.transport.abort()
        for way in (there, back):
            way.cancel()

    async def _slow(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, way: str, left: int | None
    ) -> None:
        """Carry one way at the rate all share; after `left` bytes no more."""
        try:
            while data := await reader.read(4096):
                loop = asyncio.get_running_loop()
                self._free[way] = max(self._free[way], loop.time()) + len(data) / RATE
                await asyncio.sleep(self._free[way] - loop.time())
                writer.write(data if left is None else data[:left])
                await writer.drain()
                if left is not None and (left := left - len(data)) <= 0:
                    return
            writer.write_eof()
        except (OSError, RuntimeError):
            return


def turns(bidders: list[Bidder], port: int, wrong: list[str], ends: float) -> None:
    """A thread of bidders: each hands in, and asks again whatever was not answered, until all have had their turns."""
    for bidder in bidders:
        before = len(bidder.receipts)
        while len(bidder.receipts) == before:
            if time.monotonic() > ends:
                wrong.append("no answer in time")
                return
            try:
                bidder.turn(port)
            except (OSError, ValueError):  # cut off, or half an answer
                time.sleep(AGAIN)
            except AssertionError as refused:
                wrong.append(str(refused))
                return


def said(release: dict[str, Any], port: int, number: str, wrong: list[str], ends: float) -> None:
    """Say what is to be said in a hall, again until it is answered."""
    while time.monotonic() < ends:
        try:
            status, told = ask(port, "POST", f"/api/projects/{number}/statements", json.dumps(release).encode())
        except OSError:
            time.sleep(AGAIN)
            continue
        if status != 200:
            wrong.append(f"{status} {told[:300]!r}")
        return
    wrong.append("no answer in time")


def watch(port: int, stream: str, seen: list[str], over: threading.Event) -> None:
    """One screen: from where it was, whatever happens to the line."""
    while not over.is_set():
        try:
            with connect(
                f"ws://127.0.0.1:{port}/ws/streams/{stream}/?after={len(seen)}",
                origin=f"http://127.0.0.1:{port}",  # type: ignore[arg-type]
                open_timeout=20, close_timeout=1,
            ) as line:  # fmt: skip
                while not over.is_set():
                    try:
                        for each in str(line.recv(timeout=0.2)).split("\n"):
                            frame = json.loads(each)
                            assert frame["seq"] == len(seen) + 1, (
                                "a screen was shown an entry twice, or passed one over"
                            )
                            seen.append(json.dumps([frame["kind"], frame["at"], frame["data"]], sort_keys=True))
                    except TimeoutError:
                        continue
        except (OSError, WebSocketException):
            time.sleep(AGAIN)


def told(house: House, stream: str) -> list[str]:
    """The story as the house holds it."""
    found: list[dict[str, Any]] = []
    while page := json.loads(ask(house.port, "GET", f"/api/streams/{stream}/entries?after={len(found)}")[1])["entries"]:
        found += page
    return [json.dumps([one["kind"], one["at"], one["data"]], sort_keys=True) for one in found]


def test_bids_and_a_hall_through_bad_lines(tmp_path: Path) -> None:
    seed = int(os.environ.get("SEED", "20261123"))
    house, wrong = House(environment(engines.begin(tmp_path))), []
    bidders = [Bidder(row) for row in json.loads(house.run("open", "3"))][:TURNS]
    halls = json.loads(house.run("tests.races.halls:halls", "1"))
    wire = BadWire(house.port, seed)
    over, stream = threading.Event(), f"project/{halls[0]['number']}"
    screens: list[list[str]] = [[] for _ in range(SCREENS)]
    watching = [threading.Thread(target=watch, args=(wire.port, stream, seen, over)) for seen in screens]
    try:
        house.start()
        for each in watching:
            each.start()
        ends = time.monotonic() + PATIENCE
        while sum(len(bidder.receipts) // 2 for bidder in bidders) < TURNS and not wrong:
            groups = [bidders[at::4] for at in range(4)]
            busy = [threading.Thread(target=turns, args=(group, wire.port, wrong, ends)) for group in groups]
            for each in busy:
                each.start()
            for each in busy:
                each.join()
        for release in halls[0]["releases"]:
            said(release, wire.port, halls[0]["number"], wrong, ends)
        assert wrong == []
        while ask(house.port, "GET", f"/api/streams/{stream}/entries")[1].count(RECORD) < 1:
            assert time.monotonic() < ends, "the hall was not read out"
            time.sleep(0.2)
        story = told(house, stream)
        while any(seen != story for seen in screens):
            assert time.monotonic() < ends, [len(seen) for seen in screens]
            time.sleep(0.2)
        time.sleep(1.5)  # the sequencer places what is left
    finally:
        over.set()
        for each in watching:
            each.join()
        wire.close()
        house.kill()
    try:
        house.run("fsck_ledger")
        held = json.loads(house.run("tests.races.halls:told"))
    finally:
        house.close()
    handed = [statement.check(json.loads(sub)) for sub in held["subs"] if halls[0]["number"] not in sub]
    receipts = [receipt.parse(note.parse(row["note"]).text) for bidder in bidders for row in bidder.receipts]
    digests = Counter(statement.digest(sub) for sub in handed)
    assert digests == Counter(one.what.sub for one in receipts), "a bid without a receipt, a receipt without its bid"
    assert set(digests.values()) == set(Counter(held["leaves"]).values()) == {1}, "a bid is there twice"
    assert {one.leaf for one in receipts} <= set(held["leaves"]), "an acknowledged entry is gone"
    facts = Counter(map(tuple, held["said"]))
    assert set(facts.values()) == {1}, [fact for fact in facts if facts[fact] > 1]
    assert wire.befell["cut"] and wire.befell["reset"], wire.befell
    print(f"seed {seed}: lines {dict(wire.befell)}, {sum(len(one.receipts) for one in bidders)} receipts")  # noqa: T201


def lossy(percent: int, words: list[str]) -> int:
    """Run a command in a network of its own in which so many of a hundred packets are lost."""
    rule = f"iptables -A INPUT -m statistic --mode random --probability {percent / 100} -j DROP"
    return subprocess.run(
        ["unshare", "-n", "sh", "-ec", f'ip link set lo up; {rule}; exec "$@"', "sh", *words]
    ).returncode


if __name__ == "__main__":
    sys.exit(
        lossy(
            int(os.environ["LOSS"]),
            [sys.executable, "-m", "pytest", "-q", "-s", "-n", "0", str(Path(__file__).relative_to(ROOT))],
        )
    )
