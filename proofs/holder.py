"""A key holder's conscience: what it may post and release, derived from the public log alone.

The holder keeps a `Book` for each tender, made by folding the log's events; its duties are read off the book, so a
restart, a late event or a repeated one changes nothing. Nothing is released unless every reason against it is gone.
Spec: docs/proofs.md §1.3 (closing 4, opening 3), §1.6.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from proofs import canonical, checkpoint, closing, earlier, manifest, merkle
from proofs import statement as statements
from proofs.canonical import NotCanonical, b64u, hex_bytes
from proofs.checkpoint import Policy
from proofs.commitment import blinded_entry
from proofs.manifest import Manifest
from proofs.note import BadNote, Verifier
from proofs.organisation import Organisation
from proofs.registry import Registry

LATER = "price"  # the part that is opened in a session of its own, for those who passed
Blob = Callable[[str], bytes]
"""The bytes under a SHA-256 in hex, already compared with it."""
Event = Mapping[str, Any]


@dataclass
class Book:
    """What the log says about one tender, in the order of the log; the first of each counts."""

    number: str
    wanted: dict[str, Event] = field(default_factory=dict)  # part ↦ keys-wanted of that unit
    posted: dict[str, dict[str, Event]] = field(default_factory=dict)  # part ↦ organisation ↦ its slots-posted
    manifests: dict[str, Event] = field(default_factory=dict)  # part ↦ the latest manifest
    rehearsals: dict[str, Event] = field(default_factory=dict)  # eid ↦ rehearsal-wanted
    rehearsed: set[tuple[str, str]] = field(default_factory=set)  # (part, cmh)
    terms: Event | None = None
    shortened: bool = False  # somebody tried to move the deadline forward
    closed: Event | None = None
    hall: Event | None = None
    done: dict[str, Event] = field(default_factory=dict)  # part ↦ the bidders-done of its session
    passed: frozenset[str] | None = None  # who may be opened after the first session, once that is published
    paused: bool = False
    released: set[tuple[str, str]] = field(default_factory=set)  # (part, organisation)
    ended: bool = False
    called: dict[int, Event] = field(default_factory=dict)  # round of quotes ↦ how it was called
    shut: dict[int, Event] = field(default_factory=dict)  # round ↦ its closing
    round: Event | None = None  # the session in which a round's quotes are opened
    heard: int = 0  # how many facts told behind closed doors were folded in

    def take(self, kind: str, d: Event) -> None:
        """Fold one event in."""
        d = earlier.present(kind, dict(d))
        match kind:
            case "tender.keys-wanted":
                for unit in units_of(d):
                    self.wanted[unit["part"]] = {**d, "unit": unit}
            case "tender.slots-posted":
                self.posted.setdefault(d["part"], {})[d["org"]] = d
            case "tender.manifest":
                self.manifests[d["unit"]["part"]] = d
            case "tender.rehearsal-wanted":
                self.rehearsals[d["eid"]] = d
            case "tender.rehearsed":
                self.rehearsed.add((d["unit"]["part"], d["cmh"]))
            case "tender.terms":
                self._take_terms(d)
            case "tender.deadline-moved":
                self._move_deadline(d)
            case "tender.closed":
                self.closed = self.closed or d
            case "opening.hall-opened":
                self.hall = self.hall or d
            case "opening.bidders-done":
                for part in d["released"]:
                    self.done.setdefault(part, d)
            case "tech.passed":
                self.passed = frozenset(d["passed"]) if self.passed is None else self.passed
            case "bidding.round-called":
                self.called.setdefault(d["round"], d)
            case "bidding.round-closed":
                self.shut.setdefault(d["round"], d)
            case "opening.session-opened":
                self.ended = False
                if "round" in d and (self.round is None or d["round"] > self.round["round"]):
                    self._next_round(d)
            case "opening.holder-released":
                self.released.add((d["part"], d["org"]))
            case "opening.paused":
                self.paused = True
            case "opening.resumed":
                self.paused = False
            case "opening.ended" | "opening.not-opened":
                self.ended = True

    def _next_round(self, d: Event) -> None:
        """Another round's quotes are opened: keys of the same part are asked for again, of other slots."""
        self.round = d
        self.done.pop(LATER, None)
        self.released = {(part, org) for part, org in self.released if part != LATER}

    def _take_terms(self, d: Event) -> None:
        if self.terms is None:
            self.terms = d
            return
        fixed = ("pol", "units", "k", "n", "min")
        later = statements.timestamp(d["deadline"]) >= statements.timestamp(self.terms["deadline"])
        if later and all(d[key] == self.terms[key] for key in fixed):
            self.terms = d
        else:
            self.shortened = True

    def _move_deadline(self, d: Event) -> None:
        """Only later, only from where it stood, and only before the list was closed."""
        stands = self.terms is not None and self.closed is None and d["was"] == self.terms["deadline"]
        if stands and statements.timestamp(d["deadline"]) > statements.timestamp(d["was"]):
            self.terms = {**(self.terms or {}), "deadline": d["deadline"]}
        else:
            self.shortened = True


@dataclass
class Ahead:
    """What one holder has still to make slot keys for: numbers that were set aside, in the order of the log."""

    org: str
    standing: bool = False
    slots: dict[str, int] = field(default_factory=dict)  # number ↦ keys asked for each part
    missing: dict[str, list[str]] = field(default_factory=dict)  # number ↦ parts not posted yet

    def take(self, kind: str, d: Event) -> None:
        """Fold one event in."""
        match kind:
            case "holding.standing" if d["org"] == self.org:
                self.standing = d["standing"] is True
            case "holding.numbers-reserved":
                slots = canonical.integer(d["slots"], 2, 65_536, "slots")
                for number in d["numbers"]:
                    self.slots[number], self.missing[number] = slots, list(d["parts"])
            case "tender.slots-posted" if d["org"] == self.org and d["number"] in self.missing:
                self.missing[d["number"]] = [part for part in self.missing[d["number"]] if part != d["part"]]
            case "tender.keys-wanted":
                self.missing.pop(d["number"], None)  # from here on the tender itself says what it wants

    def due(self) -> list[tuple[dict[str, Any], int]]:
        """Units still to be made, each with its number of keys; none while it does not stand on the roster."""
        if not self.standing:
            return []
        return [
            (statements.unit({"tender": number, "lot": "1", "part": part}), self.slots[number])
            for number, parts in self.missing.items()
            for part in parts
        ]


def posting(me: Organisation, unit: Mapping[str, Any], count: int, *, ts: str) -> dict[str, Any]:
    """The slot keys of a unit under a signed `slots/1`, as the doors take them."""
    keys = me.slot_keys(unit=unit, role="c", count=count)
    fields = {"unit": dict(unit), "role": "c", "n": count, "keys_sha256": canonical.sha256(keys).hex()}
    return {"statement": statements.sign("slots/1", fields, by=me, ts=ts), "keys": b64u(keys)}


def units_of(d: Event) -> list[dict[str, Any]]:
    """The units an event is about: `unit`, or each of `units`."""
    listed = d["units"] if "units" in d else [d["unit"]]
    return [statements.unit(unit) for unit in listed]


def accepted(book: Book, part: str, *, me: Organisation, registry: Registry, blob: Blob) -> tuple[Manifest, int]:
    """The logged manifest of a part and my place in it.

    Refused (NotCanonical) unless it is for the unit, the threshold and the holders that were asked for, holds my own
    keys at my place, and every other member's keys were signed by that member in the log.
    """
    wanted, logged = book.wanted[part], book.manifests[part]
    kcm = manifest.parse(blob(logged["cmh"]))
    if kcm.unit != wanted["unit"] or kcm.unit["tender"] != book.number or kcm.slots != wanted["slots"]:
        raise NotCanonical("manifest: not for the unit and slots that were asked for")
    if not kcm.c.k == wanted["k"] == logged["k"] or kcm.c.n != logged["n"]:
        raise NotCanonical("manifest: another threshold than was asked for")
    if [(m.i, m.org) for m in kcm.c.members] != [(h["i"], h["org"]) for h in wanted["holders"]]:
        raise NotCanonical("manifest: other holders than were asked for")
    for member in kcm.c.members:
        posted = statements.check(book.posted[part][member.org]["statement"], v="slots/1")
        if manifest.why_not_posted(posted, member.keys, kcm) or not registry.signed(posted):
            raise NotCanonical(f"manifest: {member.org} did not sign these keys")
    mine = next(m for m in kcm.c.members if m.org == me.org)
    if mine.keys != me.slot_keys(unit=kcm.unit, role="c", count=kcm.slots):
        raise NotCanonical("manifest: the keys under my name are not mine")
    return kcm, mine.i


@dataclass(frozen=True)
class Choice:
    """What is released for a part: the closing, and the envelopes with their slots."""

    closing: str
    slots: Mapping[str, int]  # eid ↦ slot


@dataclass(frozen=True)
class Trust:
    """What the holder believes in: its own clock, the logs' keys and the witnesses; never the site's word."""

    sealed_log: Verifier
    policy: Policy
    registry: Registry
    blob: Blob
    sealed_note: Callable[[], str]  # the sealed log's newest checkpoint, in case the cosignatures came late


def choice(book: Book, part: str, kcm: Manifest, *, trust: Trust, at: datetime) -> Choice:
    """What to release for a part now. Refused (NotCanonical) with the first reason why nothing may be released yet.

    Law of the protocol: own clock past deadline + drain; the quorum's cosignatures on the sealed checkpoint S (those
    on the log that holds `tender.closed` are the mirror's condition for every event); every live entry included in
    S; at least `min` bidders; under policy A, only what the bidders released.
    """
    terms, closed, hall = book.terms, book.closed, book.hall
    if terms is None or closed is None or hall is None:
        raise NotCanonical("not closed, or the list is not published")
    if book.shortened:
        raise NotCanonical("the terms were changed against the bidders")
    if terms["units"].get(part) != kcm.cmh.hex():
        raise NotCanonical("the terms pin another manifest")
    if at < statements.timestamp(terms["deadline"]) + timedelta(seconds=terms["drain"]):
        raise NotCanonical("my clock has not passed the deadline and the drain")
    if book.paused or book.ended:
        raise NotCanonical("the opening is paused or over")
    if terms.get("rounds") is True and part == LATER:
        closed, hall = _round(book, terms, at=at)
    live = _live(book, trust, closed, hall)
    if hall is book.hall and len({org for org, _ in live.values()}) < terms["min"]:
        raise NotCanonical("fewer bidders than the terms demand")
    mine = {eid: row["slot"] for eid, (_, row) in live.items() if row["part"] == part}
    opened = may_be_opened(book, part, {eid: live[eid][0] for eid in mine})
    mine = {eid: slot for eid, slot in mine.items() if eid in opened}
    if terms["pol"] != "C":
        if part not in book.done:
            raise NotCanonical("the bidders are not done")
        released = set(book.done[part]["released"][part])
        if not released <= set(mine):
            raise NotCanonical("bidders-done names envelopes that may not be opened")
        mine = {eid: slot for eid, slot in mine.items() if eid in released}
    return Choice(closed["closing"], mine)


def _round(book: Book, terms: Event, *, at: datetime) -> tuple[Event, Event]:
    """The closing of the round whose quotes are opened, and the entry that opens them.

    Refused (NotCanonical) before it was called and closed in the log, and before its time and the drain are over.
    """
    opened = book.round
    number = opened["round"] if opened else 0
    if opened is None or number not in book.called or number not in book.shut:
        raise NotCanonical("no round of quotes is closed and open")
    if at < statements.timestamp(book.called[number]["until"]) + timedelta(seconds=terms["drain"]):
        raise NotCanonical("my clock has not passed the end of the round and the drain")
    return book.shut[number], opened


def may_be_opened(book: Book, part: str, owner: Mapping[str, str]) -> set[str]:
    """Of these envelopes of a part, those that may be opened at all: of prices sealed apart, only of who passed.

    owner: envelope ↦ organisation.  Refused (NotCanonical) before it is published who passed.
    """
    if part != LATER:
        return set(owner)
    if book.passed is None:
        raise NotCanonical("it is not published who passed: no price is opened before")
    return {eid for eid, org in owner.items() if org in book.passed}


def releases(choice: Choice, kcm: Manifest, i: int, *, me: Organisation, ts: str) -> Iterator[dict[str, Any]]:
    """The signed `rel/1` of a choice, one for each envelope."""
    for eid in sorted(choice.slots):
        slot = choice.slots[eid]
        sk = b64u(me.slot_key(unit=kcm.unit, role="c", slot=slot))
        fields = {"eid": eid, "role": "c", "closing": choice.closing, "i": i, "slot": slot, "sk": sk}
        yield statements.sign("rel/1", {"unit": dict(kcm.unit), **fields}, by=me, ts=ts)


def _live(book: Book, trust: Trust, closed: Event, hall: Event) -> dict[str, tuple[str, Event]]:
    """eid ↦ (organisation, its row of the closing list), each proven to be in the sealed log at the closing."""
    listed = trust.blob(hall["live_sha256"])
    rows = closing.parse(listed)
    nonce = hex_bytes(hall["nonce"], 32, "nonce")
    if hall["closing"] != closed["closing"] or closing.commitment(nonce, listed) != closed["closing"]:
        raise NotCanonical("the published list is not the one that was closed")
    if rows["tender"] != book.number:
        raise NotCanonical("the published list is another tender's")
    size, root = _sealed_checkpoint(trust, closed)
    proofs = canonical.parse(trust.blob(hall["sealed_sha256"]))
    found: dict[str, tuple[str, Event]] = {}
    for row, proof in zip(rows["live"], _in_order(rows["live"], proofs), strict=True):
        leaf = merkle.leaf_hash(blinded_entry(proof["event"], hex_bytes(proof["nonce"], 32, "nonce")))
        path = [hex_bytes(each, 32, "proof") for each in proof["proof"]]
        if not merkle.verify_inclusion(leaf=leaf, index=proof["index"], size=size, proof=path, root=root):
            raise NotCanonical(f"{row['eid']} is not in the sealed log at the closing")
        found[row["eid"]] = (_submitted(book, row, proof, trust.registry), row)
    return found


def _in_order(rows: list[dict[str, Any]], proofs: Any) -> list[dict[str, Any]]:
    """The proofs in the order of the rows, one each."""
    by_eid = {proof["sub"]["eid"]: proof for proof in proofs}
    if len(by_eid) != len(proofs) or set(by_eid) != {row["eid"] for row in rows}:
        raise NotCanonical("not one sealed entry for each envelope on the list")
    return [by_eid[row["eid"]] for row in rows]


def _submitted(book: Book, row: Event, proof: Event, registry: Registry) -> str:
    """The bidder of a row. Refused unless row, sealed event and signed `sub/1` say the same."""
    sub = statements.check(proof["sub"], v="sub/1")
    assert book.terms is not None
    said = {**sub, "part": sub["unit"]["part"], "sub_sha256": statements.digest(sub)}
    logged = proof["event"]["d"]
    if any(said[key] != row[key] or logged[key] != row[key] for key in row):
        raise NotCanonical(f"{row['eid']}: list, log and bidder's statement differ")
    if sub["unit"]["tender"] != book.number or sub["cmh"] != book.terms["units"][row["part"]]:
        raise NotCanonical(f"{row['eid']}: submitted for another unit or manifest")
    stood = registry.stood(sub, at=statements.timestamp(proof["event"]["ts"]))
    if logged["org"] != sub["org"] or not stood or not registry.signed(sub):
        raise NotCanonical(f"{row['eid']}: not signed by its bidder's registered key")
    return str(sub["org"])


def _sealed_checkpoint(trust: Trust, closed: Event) -> tuple[int, bytes]:
    """Size and root of S, signed by the sealed log and cosigned by the quorum."""
    for text in (closed["note"], trust.sealed_note()):
        try:
            said = checkpoint.opened(text, trust.sealed_log)
        except BadNote:
            continue
        same = said.size == closed["sealed"]["size"] and said.root.hex() == closed["sealed"]["root"]
        if same and trust.policy.is_witnessed(text):
            return said.size, said.root
    raise NotCanonical("the sealed checkpoint of the closing is not cosigned by the quorum")


WAIT, RELEASE, PAUSED, DONE = "wait", "release", "paused", "done"


@dataclass(frozen=True)
class Standing:
    """Where one opening stands for one holder.  state: of the opening.  due: what the holder has to do now."""

    number: str
    deadline: datetime
    state: str
    due: str
    parts: tuple[str, ...]  # still to be released

    def as_json(self) -> dict[str, Any]:
        return {"number": self.number, "deadline": self.deadline.isoformat(), "state": self.state, "due": self.due}


def standing(book: Book, org: str, *, at: datetime) -> Standing | None:
    """Where an opening stands for this holder; None where it holds nothing, nothing is published yet, or it is over."""
    held = [part for part, wanted in book.wanted.items() if org in [member["org"] for member in wanted["holders"]]]
    if book.terms is None or book.ended or not held:
        return None
    deadline = statements.timestamp(book.terms["deadline"])
    # Without bidders' halves there is no turn of theirs to wait for.
    ready = set(held) if book.terms["pol"] == "C" else set(book.done)
    left = tuple(part for part in held if part in ready and (part, org) not in book.released)
    if at < deadline:
        state, due = "bidding", WAIT
    elif book.closed is None:
        state, due = "sealing", WAIT
    elif book.hall is None:
        state, due = "closed", WAIT
    elif book.paused:
        state, due = "paused", PAUSED
    elif left:
        state, due = "holders", RELEASE
    elif set(held) <= ready:
        state, due = "holders", DONE
    else:
        state, due = "bidders", WAIT
    return Standing(book.number, deadline, state, due, left)


SOON, AGAIN = timedelta(days=3), timedelta(hours=6)


def confirmation(
    book: Book, me: Organisation, *, last: datetime | None, at: datetime, ts: str
) -> dict[str, Any] | None:
    """The signed `rdy/1` of a tender whose opening is near; None when none is due.  last: when it was last taken."""
    if book.terms is None or book.closed is not None or book.ended:
        return None
    left = statements.timestamp(book.terms["deadline"]) - at
    part, cmh = next(iter(book.terms["units"].items()))
    held = part in book.wanted and me.org in [member["org"] for member in book.wanted[part]["holders"]]
    if not held or not timedelta() < left <= SOON or (last is not None and at - last < AGAIN):
        return None
    return statements.sign("rdy/1", {"unit": book.wanted[part]["unit"], "cmh": cmh}, by=me, ts=ts)
