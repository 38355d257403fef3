"""What the clients of an auction saw, held against what the log says: nothing lost, nothing twice, one order for all.

Every client notes what it asked and what it was told, with a clock of its own machine that only ever runs forward. The
log is the truth; the question is whether anybody was told otherwise. Pure: `faults` reads notes and entries.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from proofs import auction

OK, FAIL, INFO = "ok", "fail", "info"  # accepted; refused; nobody knows, no answer ever came


@dataclass(frozen=True)
class Asked:
    """One quote as its client saw it, however often it was sent.

    began, done: nanoseconds of one monotonic clock; done of an `info` means nothing.
    number: what the answer of an accepted one said.  answers: every answer to the same number, in order.
    """

    alias: str
    quote: str
    price: str
    began: int
    done: int
    outcome: str
    number: int = 0
    answers: tuple[str, ...] = ()


@dataclass(frozen=True)
class Watched:
    """What one screen was sent over all its connections: (seq, what it said) in the order of arrival."""

    name: str
    after: int
    frames: tuple[tuple[int, str], ...]


def faults(
    number: str,
    entries: Sequence[Mapping[str, Any]],
    asked: Iterable[Asked],
    watched: Iterable[Watched] = (),
    *,
    told: Mapping[int, str] | None = None,
) -> list[str]:
    """Everything that must not have happened; empty where the house kept its word.

    told: what each public entry says, by its seq, to hold screens against; None: not looked at.
    """
    asked = list(asked)
    found = _replayed(number, entries)
    logged = [entry["data"] for entry in entries if entry["kind"] == auction.QUOTED]
    found += _accounted(logged, asked)
    found += _in_real_time(asked)
    for screen in watched:
        found += _without_gap(screen, told)
    return found


def _replayed(number: str, entries: Sequence[Mapping[str, Any]]) -> list[str]:
    """Each accepted price is a step better, in time; each end follows from the announced rule."""
    try:
        auction.replay(number, entries)
    except auction.NoSuchAuction as wrong:
        return [f"the log breaks its own rules: {wrong}"]
    return []


def _accounted(logged: Sequence[Mapping[str, Any]], asked: Sequence[Asked]) -> list[str]:
    """Every ok is logged exactly once as it was told, no fail is, an info at most once, and nothing else is there."""
    found: list[str] = []
    rows: dict[tuple[str, str], list[Mapping[str, Any]]] = defaultdict(list)
    for row in logged:
        rows[row["alias"], row["price"]].append(row)
    known: dict[tuple[str, str], list[Asked]] = defaultdict(list)
    for one in asked:
        known[one.alias, one.price].append(one)
        if len(set(one.answers)) > 1:
            found.append(f"{one.quote}: one quote got two answers")
    for place, those in known.items():
        have, sure = len(rows[place]), sum(one.outcome == OK for one in those)
        maybe = sum(one.outcome == INFO for one in those)
        if have < sure:
            found.append(f"{place}: {sure} accepted, {have} in the log")
        if have > sure + maybe:
            found.append(f"{place}: {have} in the log, {sure} accepted and {maybe} unknown")
        if have > 1:
            found.append(f"{place}: the same price {have} times")
        for one in those:
            if one.outcome == OK and one.number not in {row["number"] for row in rows[place]}:
                found.append(f"{one.quote}: told it was number {one.number}, which it is not")
    found += [f"{place}: in the log, asked by nobody" for place in rows if rows[place] and place not in known]
    return found


def _in_real_time(asked: Sequence[Asked]) -> list[str]:
    """What was answered before something else was asked stands before it."""
    sure = [one for one in asked if one.outcome == OK]
    ended = sorted(sure, key=lambda one: one.done)
    found, highest, place = [], 0, 0
    for one in sorted(sure, key=lambda one: one.began):
        while place < len(ended) and ended[place].done < one.began:
            highest = max(highest, ended[place].number)
            place += 1
        if one.number < highest:
            found.append(f"{one.quote}: number {one.number}, though {highest} was answered before it was asked")
    return found


def _without_gap(screen: Watched, told: Mapping[int, str] | None) -> list[str]:
    """A screen has every entry after its first once, in order, through every reconnection, and as the log has it."""
    seqs = [seq for seq, _ in screen.frames]
    found = []
    if seqs != list(range(screen.after + 1, screen.after + 1 + len(seqs))):
        found.append(f"{screen.name}: a gap, a repetition or another order on the screen")
    if told is not None:
        found += [f"{screen.name}: entry {seq} reads otherwise" for seq, said in screen.frames if told.get(seq) != said]
    return found
