"""The checker of histories lets a true one pass and rejects every forged one."""

import copy
import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest

from tests.bidding.auction.history import FAIL, INFO, OK, Asked, Watched, faults
from tests.bidding.auction.stories import NUMBER, told

pytestmark = pytest.mark.embedded


@dataclass
class History:
    entries: list[dict[str, Any]]
    asked: list[Asked]
    watched: list[Watched]
    log: dict[int, str]

    def faults(self) -> list[str]:
        return faults(NUMBER, self.entries, self.asked, self.watched, told=self.log)


def true() -> History:
    """The auction of scenario 10 as its clients saw it: one refused, one never answered and logged, one neither."""
    entries = copy.deepcopy(told().entries)
    for seq, entry in enumerate(entries, start=1):
        entry["seq"] = seq
    quotes = [entry["data"] for entry in entries if entry["kind"] == "auction.quoted"]
    asked = [
        Asked(row["alias"], f"q{row['number']}", row["price"], 10 * row["number"], 10 * row["number"] + 5, OK,
              row["number"], ("ok", "ok"))
        for row in quotes
    ]  # fmt: skip
    asked[2] = replace(asked[2], outcome=INFO, number=0, answers=())
    asked.append(Asked("01", "refused", "94000.00", 25, 28, FAIL, answers=("no",)))
    asked.append(Asked("04", "unknown", "80000.00", 45, 0, INFO))
    log = {entry["seq"]: json.dumps(entry["data"]) for entry in entries}
    frames = tuple(log.items())
    return History(entries, asked, [Watched("all", 0, frames), Watched("late", 4, frames[4:])], log)


def ask(at: int, **other: Any) -> Callable[[History], None]:
    def forge(history: History) -> None:
        history.asked[at] = replace(history.asked[at], **other)

    return forge


def frames(forged: Callable[[tuple[tuple[int, str], ...]], tuple[tuple[int, str], ...]]) -> Callable[[History], None]:
    def forge(history: History) -> None:
        history.watched[0] = replace(history.watched[0], frames=forged(history.watched[0].frames))

    return forge


def quote(at: int, **data: Any) -> Callable[[History], None]:
    def forge(history: History) -> None:
        [row for row in history.entries if row["kind"] == "auction.quoted"][at]["data"].update(data)

    return forge


def both(*forgeries: Callable[[History], None]) -> Callable[[History], None]:
    def forge(history: History) -> None:
        for forgery in forgeries:
            forgery(history)

    return forge


FORGED: dict[str, Callable[[History], None]] = {
    "an accepted quote is lost": lambda history: history.asked.append(Asked("03", "q", "1.00", 90, 95, OK, 6)),
    "a refused quote is in the log": ask(4, outcome=FAIL),
    "nobody asked for what is in the log": lambda history: history.asked.pop(1),
    "a quote is in the log twice": lambda history: history.entries.insert(6, copy.deepcopy(history.entries[5])),
    "two clients were told that the same entry is theirs": lambda history: history.asked.append(
        replace(history.asked[0], quote="again")
    ),
    "a client was told another number": ask(3, number=3),
    "the same quote sent twice got two answers": ask(0, answers=("ok", "no")),
    "the log's order is not that of time": both(ask(3, began=300, done=310), ask(4, began=100, done=110)),
    "a price not a step better was accepted": quote(3, price="89600.00"),
    "the end was not moved": quote(4, ends_at=told().entries[1]["data"]["ends_at"]),
    "a quote came after the end": lambda history: history.entries[7].update(at="2026-11-24T06:00:00.000000Z"),
    "a number is missing": lambda history: history.entries.pop(2),
    "a screen missed a line": frames(lambda rows: rows[:3] + rows[4:]),
    "a screen got a line twice": frames(lambda rows: rows[:3] + rows[2:]),
    "a screen got another order": frames(lambda rows: (rows[1], rows[0], *rows[2:])),
    "a screen was told something else": frames(lambda rows: ((1, "{}"), *rows[1:])),
    "a screen came back and missed what happened meanwhile": lambda history: history.watched.append(
        Watched("cut", 0, tuple(history.log.items())[:2] + tuple(history.log.items())[5:])
    ),
}  # fmt: skip


def test_a_true_history_passes():
    assert true().faults() == []


@pytest.mark.parametrize("name", FORGED)
def test_a_forged_history_is_rejected(name):
    history = true()
    FORGED[name](history)

    assert history.faults()
