"""Auctions under faults, and what their clients saw held against the log: nobody was told what is not so.

Every run is a few seconds of quotes by four bidders, lines of one of them cut before the answer, while something goes
wrong (`tests.races.nemesis`). `RUNS=50 SECONDS=60` in the environment plays it in full; `ENGINE=postgresql` on
PostgreSQL and Redis of its own, which are crashed as well.
"""

import http.client
import json
import os
import secrets
import sys
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from websockets.exceptions import WebSocketException
from websockets.sync.client import connect

from proofs import auction
from tests import engines
from tests.bidding.auction.history import FAIL, INFO, OK, Asked, Watched, faults
from tests.races.house import House, ask, environment
from tests.races.nemesis import BENEATH, FAULTS, Nemesis, Wire

ENGINE = os.environ.get("ENGINE", "sqlite")
RUNS, SECONDS = int(os.environ.get("RUNS", "1")), float(os.environ.get("SECONDS", "4"))
PACE, CALM = 0.15, 0.8  # seconds a bidder rests between two quotes, in the thick of it and while all wait for the end
START = 12  # seconds the house may take to begin: other tests are at work beside it
pytestmark = pytest.mark.embedded


@dataclass
class Run:
    """One auction while it lasts."""

    house: House
    wire: Wire
    told: dict[str, Any]
    over: threading.Event = field(default_factory=threading.Event)
    calm: threading.Event = field(default_factory=threading.Event)
    asked: list[Asked] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    @property
    def stream(self) -> str:
        return f"project/{self.told['number']}"

    def entries(self, after: int | None = None) -> list[dict[str, Any]]:
        """The public story, after an entry or whole, as the house tells it; OSError while it is away."""
        found: list[dict[str, Any]] = []
        last = self.told["after"] if after is None else after
        while True:
            status, body = ask(self.house.port, "GET", f"/api/streams/{self.stream}/entries?after={last}")
            page = json.loads(body)["entries"] if status == 200 else []
            if not page:
                return found
            found += page
            last = page[-1]["seq"]


def bid(run: Run, org: str, cut: bool) -> None:
    """One bidder: a step below the best it knows, sent again until it is answered.  cut: some lines of it are cut."""
    cookies, number = run.told["cookies"][org], run.told["number"]
    alias, best, last = "", 100_000, run.told["after"]
    while not run.over.is_set():
        try:
            if not alias:
                alias = json.loads(ask(run.wire.port, "GET", f"/api/projects/{number}/my-quotes", None, cookies)[1])[
                    "alias"
                ]
            for entry in run.entries(last):
                last = entry["seq"]
                best = int(float(entry["data"]["price"])) if entry["kind"] == auction.QUOTED else best
        except (OSError, ValueError, KeyError):
            time.sleep(0.05)
            continue
        price = f"{best - 1 - secrets.randbelow(3)}.00"
        run.asked.append(_quoted(run, cookies, alias, price, cut=cut and secrets.randbelow(3) == 0))
        time.sleep(CALM if run.calm.is_set() else PACE)


def _quoted(run: Run, cookies: str, alias: str, price: str, *, cut: bool) -> Asked:
    made = Asked(alias, str(uuid.uuid4()), price, time.monotonic_ns(), 0, INFO)
    body = json.dumps({"quote": made.quote, "price": price}).encode()
    path = f"/api/projects/{run.told['number']}/quotes"
    if cut:
        _sent_and_cut(run.wire.port, path, body, cookies)
        if secrets.randbelow(2):
            return made  # nobody ever learns what became of it
    answers: list[str] = []
    while len(answers) < (2 if cut else 1):
        if run.over.is_set() and not answers:
            return made
        try:
            status, told = ask(run.wire.port, "POST", path, body, cookies)
        except OSError:
            time.sleep(0.05)
            continue
        if status == 503:
            time.sleep(0.05)
            continue
        if status not in (200, 409, 422):
            run.wrong.append(f"{status} {told[:300]!r}")
            return made
        answers.append(told.decode())
    done = replace(made, done=time.monotonic_ns(), answers=tuple(answers))
    accepted = json.loads(answers[0]).get("number")
    return replace(done, outcome=OK, number=accepted) if accepted else replace(done, outcome=FAIL)


def _sent_and_cut(port: int, path: str, body: bytes, cookies: str) -> None:
    """The whole request is sent, and the line cut before the answer."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    headers = {"Cookie": cookies, "X-CSRFToken": "t" * 32, "Content-Type": "application/json"}
    try:
        connection.request("POST", path, body, headers)
        time.sleep(secrets.randbelow(20) / 1000)
    except OSError:
        pass
    finally:
        connection.close()


def watch(run: Run, seen: list[tuple[int, str]], *, restless: bool) -> None:
    """One screen: from where it was, whatever happens to the line.  restless: it hangs up by itself now and then."""
    last = run.told["after"]
    while not run.over.is_set():
        try:
            with connect(
                f"ws://127.0.0.1:{run.wire.port}/ws/streams/{run.stream}/?after={last}",
                origin=f"http://127.0.0.1:{run.wire.port}",  # type: ignore[arg-type]
                open_timeout=2, close_timeout=1,
            ) as line:  # fmt: skip
                until = time.monotonic() + (1 if restless else 3600)
                while not run.over.is_set() and time.monotonic() < until:
                    try:
                        text = line.recv(timeout=0.2)
                    except TimeoutError:
                        continue
                    for each in str(text).split("\n"):
                        frame = json.loads(each)
                        seen.append((frame["seq"], said(frame)))
                        last = frame["seq"]
        except (OSError, WebSocketException):
            time.sleep(0.05)


def said(entry: dict[str, Any]) -> str:
    """What an entry says, wherever it is read."""
    return json.dumps([entry["kind"], entry["at"], entry["data"]], sort_keys=True)


@pytest.mark.timeout(max(600, int(RUNS * SECONDS * 20)))
def test_whatever_goes_wrong_nobody_was_told_what_is_not_so(tmp_path: Path, capsys) -> None:
    engines.begin(tmp_path)
    own = engines.Breakable() if ENGINE == "postgresql" else None
    under = {"REDIS_URL": own.redis_url} if own else {}
    house = House(environment(tmp_path, own.url if own else os.environ.get("DATABASE_URL", "")) | under)
    wire, sum_of = Wire(house.port), Counter[str]()
    wrongs: list[str] = []
    try:
        house.run("migrate", "--verbosity", "0")
        for number in range(RUNS):
            plays = FAULTS + (BENEATH if own else ())
            fault, restarts = plays[number % len(plays)]
            told = json.loads(house.run("auction", f"A-{number:03d}", str(SECONDS + START * (1 + restarts))))
            nemesis = Nemesis(house, wire, told, SECONDS, own)
            found, count = played(Run(house, wire, told), partial(fault, nemesis))
            sum_of += count + Counter({fault.__name__: 1, "missed": nemesis.missed})
            wrongs += [f"{told['number']} {fault.__name__}: {wrong}" for wrong in found]
    finally:
        wire.close()
        house.close()
        if own:
            own.close()
        if RUNS > 1:
            with capsys.disabled():
                sys.stdout.write(f"\n{ENGINE}: {RUNS} runs, {len(wrongs)} wrong, {dict(sum_of)}\n")
    assert wrongs == []
    assert not sum_of["missed"] or RUNS > 1, "the house was too slow for its fault"
    assert sum_of["in the log"] > 3 * RUNS, "there were no auctions to speak of"


def played(run: Run, fault: Callable[[], None]) -> tuple[list[str], Counter[str]]:
    """What was wrong with one auction, and how many quotes of each kind there were in it."""
    told, house = run.told, run.house
    house.start()
    screens: list[list[tuple[int, str]]] = [[], []]
    orgs = [org for org in told["cookies"] if org != told["buyer"]]
    clients = [threading.Thread(target=bid, args=(run, org, org == orgs[0])) for org in orgs]
    clients += [threading.Thread(target=watch, args=(run, seen), kwargs={"restless": n == 1})
                for n, seen in enumerate(screens)]  # fmt: skip
    for client in clients:
        client.start()
    try:
        fault()
        time.sleep(SECONDS / 4)
        run.calm.set()
        entries = _to_the_end(run)
    finally:
        run.over.set()
        for client in clients:
            client.join(30)
    log = {entry["seq"]: said(entry) for entry in entries}
    watched = [Watched(f"screen {n}", told["after"], tuple(seen)) for n, seen in enumerate(screens)]
    house.kill()
    house.set_clock(0)
    found = run.wrong + faults(told["number"], entries, run.asked, watched, told=log)
    logged = sum(entry["kind"] == auction.QUOTED for entry in entries)
    return found, Counter(one.outcome for one in run.asked) + Counter({"in the log": logged})


def _to_the_end(run: Run) -> list[dict[str, Any]]:
    """The whole story, once the house has noted the end; bidders bid on meanwhile, and come too late."""
    give_up = time.monotonic() + 3 * SECONDS + 120
    while time.monotonic() < give_up:
        try:
            entries = run.entries()
        except OSError:
            entries = []
        if any(entry["kind"] == auction.ENDED for entry in entries):
            run.over.set()
            time.sleep(0.5)  # the screens are told of the end
            return run.entries()
        time.sleep(0.5)
    raise AssertionError("the auction did not end")
