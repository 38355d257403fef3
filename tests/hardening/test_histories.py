"""The checker of histories is checked: an honest one passes, each forged one is found out."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from tests.hardening.histories import FAIL, INFO, OK, Act, Fact, Head, Logged, faults

STREAM, KINDS = "project/K-1", ("bidding.bid-sealed", "bidding.bid-withdrawn", "auction.quoted")
ROOTS = {("public", 4): "aa", ("public", 9): "bb", ("sealed", 16): "cc"}


def sealed(version: int, org: str = "A") -> tuple[Fact, ...]:
    return tuple(Fact("bidding.bid-sealed", STREAM, {"eid": f"{org}{version}{part}"}) for part in ("sheet", "body"))


def entry(seq: int, version: int, part: str, org: str = "A") -> Logged:
    data = {"eid": f"{org}{version}{part}", "org": org, "part": part, "version": version}
    return Logged("sealed", STREAM, seq, "bidding.bid-sealed", data, leaf=f"leaf-{org}{version}{part}")


class History:
    """Two bidders, one of them killed over; a refusal, an answer that never came, an auction, a closing."""

    def __init__(self) -> None:
        receipt = ("leaf-A1sheet", "leaf-A1body")
        self.acts = {
            "a1": Act("p1", "a1", "submit", sealed(1), 10, 20, OK, receipt),
            "a2": Act("p1", "a2", "submit", sealed(2), 30, 90, OK),
            "b1": Act("p2", "b1", "submit", sealed(1, "B"), 25, 40, INFO),
            "b2": Act("p2", "b2", "submit", sealed(2, "B"), 50, 60, FAIL),
            "b3": Act("p2", "b3", "submit", sealed(3, "B"), 70, 80, INFO),
            "q1": Act("p3", "q1", "quote", (Fact("auction.quoted", "project/A-1", {"price": "99"}),), 15, 35, OK),
            "q2": Act("p4", "q2", "quote", (Fact("auction.quoted", "project/A-1", {"price": "98"}),), 36, 45, OK),
        }
        self.entries = [
            entry(1, 1, "sheet"), entry(2, 1, "body"), entry(3, 1, "sheet", "B"), entry(4, 1, "body", "B"),
            entry(5, 2, "sheet"), entry(6, 2, "body"),
            Logged("public", "project/A-1", 1, "auction.quoted", {"price": "99"}),
            Logged("public", "project/A-1", 2, "auction.quoted", {"price": "98"}),
            Logged("public", STREAM, 1, "tender.closed", {}),
        ]  # fmt: skip
        self.heads = [Head("public", 4, "aa", 1, 2), Head("public", 9, "bb", 3, 4), Head("sealed", 16, "cc", 1, 9)]

    def faults(self) -> list[str]:
        return faults(list(self.acts.values()), self.entries, self.heads, kinds=KINDS, roots=ROOTS)

    def act(self, key: str, **facts: Any) -> None:
        self.acts[key] = replace(self.acts[key], **facts)

    def swap(self, one: int, other: int) -> None:
        """Two entries change places in their stream."""
        first, second = self.entries[one], self.entries[other]
        self.entries[one], self.entries[other] = replace(first, seq=second.seq), replace(second, seq=first.seq)


FORGED: dict[str, Callable[[History], Any]] = {
    "an acknowledged act is lost with all after it": lambda it: it.entries.__delitem__(slice(4, 6)),
    "half of an acknowledged act is lost": lambda it: it.entries.pop(5),
    "an acknowledged act is there twice": lambda it: it.entries.append(replace(it.entries[7], seq=3)),
    "a refused act is there": lambda it: it.entries.extend([entry(7, 2, "sheet", "B"), entry(8, 2, "body", "B")]),
    "half of an unanswered act is there": lambda it: (it.entries.append(entry(7, 2, "sheet", "B")),
                                                      it.act("b2", type=INFO)),
    "an unanswered act is there twice": lambda it: it.entries.extend([entry(7, 1, "sheet", "B"),
                                                                      entry(8, 1, "body", "B")]),
    "somebody acted whom nobody knows": lambda it: it.entries.append(entry(7, 3, "sheet")),
    "a quote nobody made": lambda it: it.entries.append(Logged("public", "project/A-1", 3, "auction.quoted",
                                                               {"price": "97"})),
    "two acknowledgements for one entry": lambda it: it.acts.update(
        q3=replace(it.acts["q2"], process="p5", key="q3")),
    "an earlier act stands behind a later one": lambda it: it.swap(6, 7),
    "a number of a stream is missing": lambda it: it.entries.__setitem__(8, replace(it.entries[8], seq=2)),
    "a number of a stream is there twice": lambda it: it.entries.append(replace(it.entries[8], kind="other")),
    "a version is skipped": lambda it: [it.entries.__setitem__(n, replace(it.entries[n], data={
        **it.entries[n].data, "version": 3})) for n in (4, 5)],
    "a tender is closed twice": lambda it: it.entries.append(replace(it.entries[8], seq=2)),
    "a receipt is for another's entry": lambda it: it.act("a1", leaves=("leaf-B1sheet",)),
    "a receipt is for nothing": lambda it: it.act("a1", leaves=("leaf-gone",)),
    "a checkpoint of another history was shown": lambda it: it.heads.append(Head("public", 4, "ee", 5, 6)),
    "a checkpoint of more than there is was shown": lambda it: it.heads.append(Head("sealed", 32, "dd", 10, 11)),
    "a log has shrunk": lambda it: it.heads.append(Head("public", 4, "aa", 5, 6)),
    "an act ended before it began": lambda it: it.act("a1", done=5),
    "one process did two acts at once": lambda it: it.act("a2", invoke=15),
    "an end nobody knows": lambda it: it.act("b3", type="maybe"),
    "two acts under one key": lambda it: it.acts.update(a3=replace(it.acts["a2"], invoke=95, done=99)),
}  # fmt: skip


def test_an_honest_history_is_not_blamed():
    assert History().faults() == []


@pytest.mark.parametrize("forged", FORGED)
def test_a_forged_history_is_found_out(forged):
    history = History()
    FORGED[forged](history)
    assert history.faults()
