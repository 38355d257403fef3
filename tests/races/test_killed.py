"""The house is killed again and again under load: nothing it acknowledged is gone, nothing is there twice."""

import json
import os
import secrets
import threading
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from proofs import canonical, receipt, statement
from proofs.note import parse as parse_note
from tests import engines
from tests.races.house import Bidder, House, ask, environment

# So often in every run; KILLS=200 asks for more than every run pays for: a start of the house costs seconds.
KILLS = int(os.environ.get("KILLS", "8"))
TENDERS = 6
HALLS, LEAST_KILLS = 2, max(5, KILLS // 8)
RECORD = b"opening.record"


def load(house: House, bidders: list[Bidder], stop: threading.Event, wrong: list[str]) -> None:
    """One thread of bidders, each handing in versions until the house is gone or told to stop."""
    while not stop.is_set():
        busy = [bidder for bidder in bidders if not bidder.full]
        if not busy:
            return
        for bidder in busy:
            try:
                bidder.turn(house.port)
            except OSError:
                return
            except AssertionError as refused:
                wrong.append(str(refused))
                return


def round_of_load(house: House, bidders: list[Bidder], wrong: list[str]) -> None:
    """Load, and a kill somewhere in the middle of it: after a few answers, at no particular moment."""
    stop = threading.Event()
    before, few = answered(bidders), 1 + secrets.randbelow(6)
    groups = [bidders[at::4] for at in range(4)]
    threads = [threading.Thread(target=load, args=(house, group, stop, wrong)) for group in groups]
    for thread in threads:
        thread.start()
    give_up = time.monotonic() + 30
    while answered(bidders) < before + few and any(thread.is_alive() for thread in threads):
        assert time.monotonic() < give_up, "nothing was answered"
        time.sleep(0.005)
    time.sleep(secrets.randbelow(150) / 1000)
    house.kill()
    stop.set()
    for thread in threads:
        thread.join()


def answered(bidders: list[Bidder]) -> int:
    """How many submissions have been acknowledged."""
    return sum(len(bidder.receipts) // 2 for bidder in bidders)


def killed_again_and_again(data: Path, database_url: str) -> None:
    house, wrong = House(environment(data, database_url)), []
    try:
        house.run("migrate", "--verbosity", "0")
        bidders = [Bidder(row) for row in json.loads(house.run("open", str(TENDERS)))]
        for _ in range(KILLS):
            house.start()
            round_of_load(house, bidders, wrong)
        assert wrong == []
        house.start()
        for bidder in bidders:
            if bidder.handed is not None:
                bidder.turn(house.port)
        time.sleep(1.5)  # the sequencer places what is left
        house.kill()
        house.run("fsck_ledger")
        compare(bidders, json.loads(house.run("told")))
    finally:
        house.close()


def compare(bidders: list[Bidder], held: dict[str, list[str]]) -> None:
    """Every receipt has its bid and its sealed entry, once; every bid has its receipt; versions have no gap."""
    leaves = Counter(held["leaves"])
    subs = [statement.check(json.loads(sub)) for sub in held["subs"]]
    digests = Counter(statement.digest(sub) for sub in subs)
    acknowledged = [receipt.parse(parse_note(row["note"]).text) for bidder in bidders for row in bidder.receipts]
    assert len(acknowledged) >= 2 * KILLS, "there was no load to speak of"
    for one in acknowledged:
        assert isinstance(one.what, receipt.Bid)
        assert digests[one.what.sub] == 1, "an acknowledged bid is gone, or there twice"
        assert leaves[one.leaf] == 1, "an acknowledged entry is gone, or there twice"
    assert set(digests.values()) == {1}
    assert set(leaves.values()) == {1}
    versions: dict[bytes, list[int]] = {}
    for sub in subs:
        versions.setdefault(canonical.dumps({"unit": sub["unit"], "org": sub["org"]}), []).append(sub["seq"])
    for seqs in versions.values():
        assert sorted(seqs) == list(range(1, len(seqs) + 1)), "a version is there twice, or missing"
    assert len(digests) == len({one.what.sub for one in acknowledged if isinstance(one.what, receipt.Bid)})


def opened_although_killed(data: Path, database_url: str) -> None:
    """Halls are opened while the house is killed: between any two steps, and while it opens envelopes by itself."""
    house, wrong = House(environment(data, database_url)), []
    try:
        house.run("migrate", "--verbosity", "0")
        halls = json.loads(house.run("halls", str(HALLS)))
        left = {hall["number"]: [list(turn) for turn in hall["turns"]] for hall in halls}
        kills = 0
        while unsaid(left) or kills < LEAST_KILLS:
            house.start()
            speaking = threading.Thread(target=speak, args=(house, left, wrong))
            before, few = unsaid(left), secrets.randbelow(12)
            speaking.start()
            while speaking.is_alive() and before - unsaid(left) < few:
                time.sleep(0.002)
            time.sleep(secrets.randbelow(200) / 1000)
            house.kill()
            speaking.join()
            kills += 1
            assert wrong == [] and kills < 80, wrong
        house.start()
        give_up = time.monotonic() + 60
        while ask(house.port, "GET", f"/api/streams/project/{halls[-1]['number']}/entries")[1].count(RECORD) < 1:
            assert time.monotonic() < give_up, "the last hall was not read out"
            time.sleep(0.2)
        time.sleep(1.5)  # the other halls, and what the sequencer has still to place
        house.kill()
        house.run("fsck_ledger")
        told = json.loads(house.run("opened"))
        assert told["verdicts"] == ["OK"] * 6 * HALLS
        said = Counter(map(tuple, told["said"]))
        assert set(said.values()) == {1}, [fact for fact in said if said[fact] > 1]
        kinds = Counter(fact[0] for fact in said)
        assert kinds["opening.bidder-released"] == kinds["opening.verdict"] == 6 * HALLS
        assert kinds["opening.bidders-done"] == kinds["opening.record"] == HALLS
    finally:
        house.close()


def unsaid(left: dict[str, list[list[Any]]]) -> int:
    """How many statements have not been answered yet."""
    return sum(len(turn) for turns in left.values() for turn in turns)


def speak(house: House, left: dict[str, list[list[Any]]], wrong: list[str]) -> None:
    """Say what is left to say, a hall after the other, until the house is gone; what was answered is said no more."""
    for number, turns in left.items():
        for turn in turns:
            while turn:
                try:
                    body = json.dumps(turn[0]).encode()
                    status, told = ask(house.port, "POST", f"/api/projects/{number}/statements", body)
                except OSError:
                    return
                if status != 200:
                    wrong.append(f"{status} {told[:300]!r}")
                    return
                turn.pop(0)


@pytest.mark.embedded
@pytest.mark.timeout(600)
def test_halls_open_although_killed_on_sqlite(tmp_path: Path) -> None:
    opened_although_killed(engines.begin(tmp_path), "")


@pytest.mark.scaled
@pytest.mark.timeout(600)
def test_halls_open_although_killed_on_postgresql(tmp_path: Path) -> None:
    opened_although_killed(tmp_path, engines.beside(os.environ["DATABASE_URL"]))


@pytest.mark.embedded
@pytest.mark.timeout(1500)
def test_killed_on_sqlite(tmp_path: Path) -> None:
    killed_again_and_again(engines.begin(tmp_path), "")


@pytest.mark.scaled
@pytest.mark.timeout(1500)
def test_killed_on_postgresql(tmp_path: Path) -> None:
    killed_again_and_again(tmp_path, engines.beside(os.environ["DATABASE_URL"]))
