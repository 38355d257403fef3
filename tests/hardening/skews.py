"""Two processes on one PostgreSQL whose clocks differ: played by `python -m tests.hardening.clocks`.

One is right; the other's clock is set while it serves. Bids are handed in at both around a deadline: whoever takes one
takes it before the deadline as true clocks say, or says that it cannot tell (503), and what is closed stays closed.
"""

import json
import os
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from config.up.stack import SOCKETS
from tests import engines
from tests.config.processes import ROOT, eventually, run
from tests.races.house import Bidder, House, ask, environment

OFFSETS = tuple(
    os.environ.get("OFFSETS", "+120 -120 +5 -5").split()
)  # the smaller are no leap: clocks are set by as much
TENDERS = 3
CLOSE = 180.0  # seconds until tenders are closed, in which every bid is sealed and uploaded
AROUND = 3.0  # seconds before and after a deadline in which bids are handed in


@dataclass(frozen=True)
class Answer:
    """What one bid was told.  at: the door.  sent, told: by a clock that is right."""

    at: str
    sent: datetime
    told: datetime
    status: int
    said: str


def now() -> datetime:
    """As it is."""
    return datetime.now(UTC)


def opened(first: str) -> list[dict[str, Any]]:
    """Asked of the house: tenders that close soon, from this number on."""
    from tests.races.house import _open

    return _open(TENDERS, first=int(first), seconds=CLOSE)


def fixed() -> dict[str, Any]:
    """Asked of the house: which lists are fixed, and every bid with its arrival and its deadline."""
    from bidding.submission.models import Bid, Closing

    rows = Bid.objects.values_list("tender__project__number", "organisation", "received_at", "closes_at")
    return {
        "fixed": list(Closing.objects.values_list("tender__project__number", flat=True)),
        "bids": [[number, org, at.isoformat(), closes.isoformat()] for number, org, at, closes in rows],
    }


class Two:
    """Two processes of pages; `right` and `wrong` are their ports.  hands: sets the clock of the second.

    stop: ends all that serves.
    """

    def __init__(self, house: House, right: int, wrong: int, hands: Path, stop: Callable[[], None]) -> None:
        self.house, self.right, self.wrong, self.hands, self.stop = house, right, wrong, hands, stop
        self.faults: list[str] = []

    def ready(self, port: int) -> dict[str, bool]:
        try:
            return dict(json.loads(ask(port, "GET", "/readyz")[1]))
        except (OSError, ValueError):
            return {}

    def is_right(self, port: int) -> bool:
        return self.ready(port).get("clock") is True

    def hand_in(self, bidder: Bidder, port: int) -> Answer:
        path, sent = f"/api/projects/{bidder.number}/bids", now()
        status, said = ask(port, "POST", path, bidder.handed, bidder.cookies)
        return Answer("right" if port == self.right else "wrong", sent, now(), status, said.decode())

    def play(self, offset: str, first: int) -> Counter[str]:
        """One deadline with the second clock off by so much."""
        bidders = [Bidder(row) for row in json.loads(self.house.run("tests.hardening.skews:opened", str(first)))]
        closes = {bidder.number: datetime.fromisoformat(bidder.closes_at) for bidder in bidders}
        for bidder in bidders:
            bidder.prepare(self.right)
        deadline = max(closes.values())
        assert now() < min(closes.values()) - timedelta(seconds=10), "the machine is too slow: more seconds to CLOSE"
        self.hands.write_text(f"{offset}\n")
        eventually(lambda: not self.is_right(self.wrong))
        if not self.is_right(self.right):
            self.faults.append(f"{offset}: the right one follows the wrong one")
        answers: list[tuple[Bidder, Answer]] = []
        crowd = [threading.Thread(target=self._at, args=(bidder, n, len(bidders), closes[bidder.number], answers))
                 for n, bidder in enumerate(bidders)]  # fmt: skip
        for thread in crowd:
            thread.start()
        for thread in crowd:
            thread.join()
        met: Counter[str] = Counter()
        for bidder, answer in answers:
            met[f"{answer.at} {answer.status}"] += 1
            self._judge(offset, answer, closes[bidder.number])
        numbers = {bidder.number for bidder in bidders}
        eventually(lambda: numbers <= set(json.loads(self.house.run("tests.hardening.skews:fixed"))["fixed"]))
        if now() < deadline + timedelta(seconds=10):
            self.faults.append(f"{offset}: a list was fixed before its time")
        taken = {(bidder.number, bidder.org) for bidder, answer in answers if answer.status == 200}
        late = [bidder for bidder in bidders if (bidder.number, bidder.org) not in taken]
        self._stays_closed(offset, late)
        self.hands.write_text("+0\n")
        eventually(lambda: self.is_right(self.wrong))
        self._stays_closed(f"{offset}, right again", late)
        self._holds(offset, numbers, taken)
        return met

    def _at(self, bidder: Bidder, n: int, count: int, closes: datetime, answers: list[tuple[Bidder, Answer]]) -> None:
        """Hand it in at its moment: at the wrong door first, and where that cannot tell at the other."""
        moment = closes + timedelta(seconds=AROUND * (2 * n / (count - 1) - 1))
        time.sleep(max(0.0, (moment - now()).total_seconds()))
        for port in (self.wrong, self.right):
            answer = self.hand_in(bidder, port)
            answers.append((bidder, answer))
            if answer.status != 503:
                return

    def _judge(self, offset: str, answer: Answer, closes: datetime) -> None:
        off = (answer.sent - closes).total_seconds()
        if answer.status == 200 and answer.sent >= closes:
            self.faults.append(f"{offset}: {answer.at} took a bid {off:+.3f} s after the deadline")
        elif answer.status == 409 and answer.told < closes:
            self.faults.append(
                f"{offset}: {answer.at} refused a bid {off:+.3f} s before the deadline: {answer.said[:200]}"
            )
        elif answer.status not in (200, 409, 503) or (answer.status == 503 and answer.at == "right"):
            self.faults.append(f"{offset}: {answer.at} {answer.status} {answer.said[:200]}")

    def _stays_closed(self, offset: str, late: list[Bidder]) -> None:
        for bidder in late:
            for port in (self.wrong, self.right):
                answer = self.hand_in(bidder, port)
                if answer.status not in (409, 503):
                    self.faults.append(f"{offset}: {answer.at} answers {answer.status} after the list was fixed")

    def _holds(self, offset: str, numbers: set[str], taken: set[tuple[str, str]]) -> None:
        rows = [row for row in json.loads(self.house.run("tests.hardening.skews:fixed"))["bids"] if row[0] in numbers]
        if {(number, org) for number, org, *_ in rows} != taken:
            self.faults.append(f"{offset}: what is held is not what was acknowledged")
        self.faults += [f"{offset}: {row} is late" for row in rows if row[2] >= row[3]]


@contextmanager
def saying(log: Path, words: list[str], told: dict[str, str]) -> Iterator[None]:
    """A process as long as the block, and what it says in a file: a pipe nobody reads would stop it."""
    with log.open("w") as out:
        process = subprocess.Popen([sys.executable, *words], cwd=ROOT, env=told, stdout=out, stderr=out)
        try:
            yield
        finally:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


@contextmanager
def two(library: Path, folder: Path) -> Iterator[Two]:
    """Engines, a sequencer, a worker with its beat, two processes of pages: the second with hands of its own."""
    with ExitStack() as all_of_it:
        url, redis = all_of_it.enter_context(engines.postgres()), all_of_it.enter_context(engines.redis())
        os.environ.pop("TEST_TABLES", None)
        told = environment(engines.begin(folder / "data"), url) | {"REDIS_URL": redis, "MINGBIAO_READY_KEPT": "0"}
        run(["manage.py", "prepare"], told)
        hands = folder / "hands"
        hands.write_text("+0\n")
        faked = told | {
            "LD_PRELOAD": str(library), "FAKETIME_TIMESTAMP_FILE": str(hands), "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1", "DONT_FAKE_MONOTONIC": "1",
        }  # fmt: skip
        for offset in ("+120", "-120"):
            hands.write_text(f"{offset}\n")
            starts = subprocess.run([sys.executable, "manage.py", "may_start", "pages"], cwd=ROOT, env=faked,
                                    capture_output=True, text=True)  # fmt: skip
            assert "start.skew" in starts.stdout + starts.stderr, f"{offset}: {starts.stdout}{starts.stderr}"
        hands.write_text("+0\n")
        house = House(told)
        all_of_it.callback(house.close)
        served = all_of_it.enter_context(ExitStack())
        celery = ["-m", "celery", "--quiet", "-A", "config.celery", "worker", "-B", "--concurrency", "1", "--loglevel",
                  "WARNING", "--schedule", str(folder / "schedule")]  # fmt: skip
        served.enter_context(saying(folder / "sequence.log", ["manage.py", "sequence"], told))
        served.enter_context(saying(folder / "worker.log", celery, told))
        ports = [engines.free_port(), engines.free_port()]
        granian = ["-m", "granian", "--interface", "wsgi", "--http", "1", "--no-ws", "--workers", "1", "--log-level",
                   "warning", "--blocking-threads", "4", "--port", str(ports[0]), "config.scaled:pages"]  # fmt: skip
        # Its clock is set in Python: libfaketime stops the threads of granian, and of the pool of connections.
        uvicorn = [
            "-m",
            "tests.hardening.skews",
            str(hands),
            *SOCKETS,
            "--port",
            str(ports[1]),
            "config.scaled:sockets",
        ]
        served.enter_context(saying(folder / "right.log", granian, told))
        served.enter_context(saying(folder / "wrong.log", uvicorn, told))
        found = Two(house, ports[0], ports[1], hands, served.close)
        for port in ports:
            eventually(lambda port=port: found.is_right(port))  # type: ignore[misc]
        yield found


def played(library: Path, folder: Path) -> list[str]:
    """Every offset, one after the other; what was wrong."""
    with two(library, folder) as those:
        for n, offset in enumerate(OFFSETS):
            met = those.play(offset, n * TENDERS)
            print(f"a second clock at {offset} s: {dict(sorted(met.items()))}")  # noqa: T201
        those.stop()  # else a checkpoint may come while the logs are read
        those.house.run("fsck_ledger")
        return those.faults


def serve_wrong() -> None:
    """Serve as uvicorn is told to, by a clock that is off by what a file says."""
    import runpy

    from rulebook import clock

    hands = Path(sys.argv.pop(1))
    clock.system = lambda: now() + timedelta(seconds=float(hands.read_text() or 0))
    runpy.run_module("uvicorn", run_name="__main__")


if __name__ == "__main__":
    serve_wrong()
