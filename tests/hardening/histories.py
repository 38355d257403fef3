"""What clients of a house that was killed were told, held against what it holds: nothing lost, nothing twice.

Every act has a key of its client's own and says beforehand what the log will hold of it. An act is `ok` (acknowledged),
`fail` (refused, and it was never left unanswered) or `info`: nobody knows. `faults` is pure: it reads notes and rows.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

OK, FAIL, INFO = "ok", "fail", "info"

# What the house writes down by itself: how one such fact is known from another on its stream.
BY_ITSELF: Mapping[str, tuple[str, ...]] = {
    "tender.closed": (), "opening.bidders-done": (), "opening.record": (), "opening.verdict": ("eid",),
    "opening.holder-released": ("org", "part"), "draw.spec": ("id",), "draw.dealt": ("id",), "draw.fixed": ("id",),
    "draw.result": ("id",), "draw.void": ("id",), "evaluation.sheet-locked": ("seat",), "evaluation.reported": (),
    "selection.enrolment-closed": (),
}  # fmt: skip
COUNTED = ("bidding.bid-sealed", "bidding.bid-withdrawn")  # versions of one bidder's part: 1, 2, 3 …


@dataclass(frozen=True)
class Fact:
    """What the log holds of an act: an entry of this kind and stream whose data have at least these values."""

    kind: str
    stream: str
    has: Mapping[str, Any]

    def is_in(self, entry: "Logged") -> bool:
        return all(entry.data.get(name) == value for name, value in self.has.items())


@dataclass(frozen=True)
class Act:
    """One act as its client saw it, however often it was sent.

    invoke, done: nanoseconds of the machine's one monotonic clock, of the first sending and of the last word.
    leaves: of the receipts the answer held, in hex.
    """

    process: str
    key: str
    op: str
    facts: tuple[Fact, ...]
    invoke: int
    done: int
    type: str
    leaves: tuple[str, ...] = ()


@dataclass(frozen=True)
class Logged:
    """An entry of the house.  leaf: its hash, in hex.  index: its place in the tree; None while it waits.

    old: it was there before the clients began.
    """

    log: str
    stream: str
    seq: int
    kind: str
    data: Mapping[str, Any]
    leaf: str = ""
    index: int | None = None
    old: bool = False


@dataclass(frozen=True)
class Head:
    """A checkpoint as it was shown to somebody, asked at `invoke` and answered at `done`."""

    log: str
    size: int
    root: str
    invoke: int
    done: int


def faults(
    acts: Sequence[Act], entries: Sequence[Logged], heads: Sequence[Head] = (), *,
    kinds: Iterable[str], roots: Mapping[tuple[str, int], str] | None = None,
) -> list[str]:  # fmt: skip
    """Everything that must not have happened; empty where the house kept its word.

    kinds: of entries that only these clients may have caused.  roots: (log, size) ↦ the root of what the house holds.
    """
    return [
        *_well_formed(acts), *_accounted(acts, entries, frozenset(kinds)), *_in_real_time(acts, entries),
        *_without_gap(entries), *_once(entries), *_receipts(acts, entries),
        *_heads(heads, {} if roots is None else roots),
    ]  # fmt: skip


def _well_formed(acts: Sequence[Act]) -> Iterable[str]:
    """A history that could not have been: its checks would prove nothing."""
    keys, last = set[str](), dict[str, Act]()
    for act in sorted(acts, key=lambda act: act.invoke):
        if act.key in keys:
            yield f"{act.key}: two acts under one key"
        if act.type not in (OK, FAIL, INFO) or act.done < act.invoke:
            yield f"{act.key}: no history says {act.type} like this"
        before = last.get(act.process)
        if before is not None and before.done > act.invoke:
            yield f"{act.process}: began {act.key} before {before.key} had ended"
        keys.add(act.key)
        last[act.process] = act


def _matched(acts: Sequence[Act], entries: Sequence[Logged]) -> dict[tuple[str, int], list[Logged]]:
    """(key, which of its facts) ↦ the entries that hold it."""
    shelves = defaultdict[tuple[str, str], list[Logged]](list)
    for entry in entries:
        shelves[entry.kind, entry.stream].append(entry)
    return {
        (act.key, n): [entry for entry in shelves[fact.kind, fact.stream] if fact.is_in(entry)]
        for act in acts
        for n, fact in enumerate(act.facts)
    }


def _accounted(acts: Sequence[Act], entries: Sequence[Logged], kinds: frozenset[str]) -> Iterable[str]:
    """Every ok is there once and whole, no fail is, an info whole or not at all, and nothing else is there."""
    found, claimed = _matched(acts, entries), defaultdict[int, list[str]](list)
    for act in acts:
        counts = [len(found[act.key, n]) for n in range(len(act.facts))]
        for n in range(len(act.facts)):
            for entry in found[act.key, n]:
                claimed[id(entry)].append(act.key)
        if any(count > 1 for count in counts):
            yield f"{act.op} {act.key}: in the log {max(counts)} times"
        if act.type == OK and not all(counts):
            yield f"{act.op} {act.key}: acknowledged, and not in the log"
        if act.type == FAIL and any(counts):
            yield f"{act.op} {act.key}: refused, and in the log all the same"
        if act.type == INFO and any(counts) and not all(counts):
            yield f"{act.op} {act.key}: half of it is in the log"
    for entry in entries:
        if entry.kind in kinds and not entry.old and not claimed[id(entry)]:
            yield f"{entry.kind} {entry.stream} {entry.seq}: in the log, and nobody did it"
        if len(set(claimed[id(entry)])) > 1:
            yield f"{entry.kind} {entry.stream} {entry.seq}: one entry for {claimed[id(entry)]}"


def _in_real_time(acts: Sequence[Act], entries: Sequence[Logged]) -> Iterable[str]:
    """What was acknowledged before something else was asked for stands before it, in every stream."""
    found, rows = _matched(acts, entries), defaultdict[tuple[str, str], list[tuple[Act, int]]](list)
    for act in acts:
        for n in range(len(act.facts) if act.type == OK else 0):
            for entry in found[act.key, n]:
                rows[entry.log, entry.stream].append((act, entry.seq))
    for those in rows.values():
        ended = sorted(those, key=lambda row: row[0].done)
        highest, before, place = 0, "", 0
        for act, seq in sorted(those, key=lambda row: row[0].invoke):
            while place < len(ended) and ended[place][0].done < act.invoke:
                if ended[place][1] > highest:
                    highest, before = ended[place][1], ended[place][0].key
                place += 1
            if seq < highest:
                yield f"{act.op} {act.key}: stands before {before}, which was acknowledged before it was asked for"


def _without_gap(entries: Sequence[Logged]) -> Iterable[str]:
    """Streams run 1, 2, 3 …, and so do the versions of a bidder's part."""
    streams, versions = defaultdict[Any, list[int]](list), defaultdict[Any, list[int]](list)
    for entry in entries:
        streams[entry.log, entry.stream].append(entry.seq)
        if entry.kind in COUNTED:
            versions[entry.stream, entry.data["org"], entry.data["part"]].append(entry.data["version"])
    for name, numbers in (*streams.items(), *versions.items()):
        if sorted(numbers) != list(range(1, len(numbers) + 1)):
            yield f"{name}: a number is missing, or there twice"


def _once(entries: Sequence[Logged]) -> Iterable[str]:
    """What the house does by itself it does once, however often it was killed over it."""
    seen = set[Any]()
    for entry in entries:
        if entry.kind in BY_ITSELF:
            fact = (entry.kind, entry.stream, *(str(entry.data.get(name)) for name in BY_ITSELF[entry.kind]))
            if fact in seen:
                yield f"{fact}: said twice"
            seen.add(fact)


def _receipts(acts: Sequence[Act], entries: Sequence[Logged]) -> Iterable[str]:
    """A receipt names the leaf of its own entry, and of no other."""
    found = _matched(acts, entries)
    for act in acts:
        own = {entry.leaf for n in range(len(act.facts)) for entry in found[act.key, n]}
        if act.type == OK and act.leaves and not own.issuperset(act.leaves):
            yield f"{act.op} {act.key}: its receipt is for another entry"


def _heads(heads: Sequence[Head], roots: Mapping[tuple[str, int], str]) -> Iterable[str]:
    """Whatever checkpoint was ever shown is one of the log that is there now, and none is smaller than one before."""
    for head in heads:
        if roots.get((head.log, head.size)) != head.root:
            yield f"{head.log}: a checkpoint of {head.size} was shown that is of another history"
    for log in {head.log for head in heads}:
        own = [head for head in heads if head.log == log]
        ended, place, largest = sorted(own, key=lambda head: head.done), 0, 0
        for head in sorted(own, key=lambda head: head.invoke):
            while place < len(ended) and ended[place].done < head.invoke:
                largest, place = max(largest, ended[place].size), place + 1
            if head.size < largest:
                yield f"{log}: {head.size} was shown after {largest}"
