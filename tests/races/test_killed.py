"""The house is killed again and again under load: nothing it acknowledged is gone, nothing is there twice."""

import contextlib
import json
import secrets
import threading
import time
from collections import Counter
from pathlib import Path

import pytest

from proofs import canonical, receipt, statement
from proofs.note import parse as parse_note
from tests import engines
from tests.races.house import Bidder, House, environment

KILLS = 20
TENDERS = 6


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


@pytest.mark.embedded
@pytest.mark.timeout(1500)
def test_killed_on_sqlite(tmp_path: Path) -> None:
    killed_again_and_again(tmp_path, "")


@pytest.mark.scaled
@pytest.mark.timeout(1500)
def test_killed_on_postgresql(tmp_path: Path) -> None:
    with contextlib.ExitStack() as engine:
        killed_again_and_again(tmp_path, engine.enter_context(engines.postgres()))
