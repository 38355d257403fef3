"""A key holder releases only what the witnessed log shows to be right, and says why not otherwise."""

from collections.abc import Callable
from copy import deepcopy
from datetime import UTC, datetime
from typing import Any

import pytest

from proofs import canonical, closing, commitment, holder, merkle, note, statement
from proofs.canonical import NotCanonical
from proofs.checkpoint import Checkpoint, quorum_of
from proofs.holder import Book, Trust
from proofs.manifest import Manifest
from proofs.organisation import Organisation
from proofs.registry import Registry
from tests.proofs import sealed
from tests.proofs.sealed import TS, unit

KCM = sealed.kcm(k=2, n=3, slots=8)
HOLDERS = sealed.holders(3)
ME = HOLDERS[0]
BIDDERS = [Organisation(f"9153000000000000{n}B", 1, bytes([n]) * 32) for n in range(1, 5)]
NONCE = bytes(range(32))
LATER = datetime(2026, 11, 22, 1, 0, 16, tzinfo=UTC)
SEALED_KEY = note.parse_private(note.generate("site/sealed"))
WITNESS = note.parse_private(note.generate("witness"), kind=note.COSIGNATURE)


class World:
    """One closed tender: three live bids, a fourth withdrawn. Change a field, then ask the holder."""

    def __init__(self) -> None:
        self.blobs: dict[str, bytes] = {KCM.cmh.hex(): KCM.data}
        self.registry = Registry()
        for who in [*HOLDERS, *BIDDERS]:
            self.registry.take(
                statement.sign("idk/1", {"key": canonical.b64u(who.key), "not_before": TS}, by=who, ts=TS)
            )
        self.terms = {
            "pol": "A",
            "units": {"sheet": KCM.cmh.hex()},
            "k": 2,
            "n": 3,
            "min": 3,
            "drain": 15,
            "deadline": "2026-11-22T01:00:00.000000Z",
        }
        self.subs = [self.sub(bidder, slot) for slot, bidder in enumerate(BIDDERS, start=1)]
        self.events = [self.sealed_event(sub) for sub in self.subs]
        leaves = [commitment.blinded_entry(event, NONCE) for event in self.events]
        self.tree = merkle.Tree(map(merkle.leaf_hash, leaves))
        text = Checkpoint("site/sealed", self.tree.size, self.tree.root()).signed([SEALED_KEY])
        cosigned = WITNESS.sign(note.parse(text).text, seconds=1)
        self.note, self.uncosigned = text + cosigned.line(), text
        self.rows = [self.row(sub) for sub in self.subs[:3]]
        self.proofs = [
            {"event": self.events[i], "nonce": NONCE.hex(), "index": i, "sub": self.subs[i],
             "proof": [each.hex() for each in self.tree.inclusion(i)]}
            for i in range(3)
        ]  # fmt: skip
        self.released = {"sheet": [row["eid"] for row in self.rows[:2]]}
        self.late_note = ""

    def sub(self, bidder: Organisation, slot: int) -> dict[str, Any]:
        fields = {
            "unit": unit(),
            "eid": f"{slot:032x}",
            "slot": slot,
            "cmh": KCM.cmh.hex(),
            "env_sha256": "ab" * 32,
            "size": 70_000,
            "seq": 1,
            "replaces": None,
        }
        return statement.sign("sub/1", fields, by=bidder, ts=TS)

    def row(self, sub: dict[str, Any]) -> dict[str, Any]:
        return {
            "part": "sheet",
            "eid": sub["eid"],
            "slot": sub["slot"],
            "env_sha256": sub["env_sha256"],
            "sub_sha256": statement.digest(sub),
        }

    def sealed_event(self, sub: dict[str, Any]) -> dict[str, Any]:
        d = {"stream": "project/T-2026-001", "org": sub["org"], **self.row(sub)}
        return {"v": "ev/1", "t": "bidding.bid-sealed", "ts": TS, "d": d}

    def put(self, data: bytes) -> str:
        digest = canonical.sha256(data).hex()
        self.blobs[digest] = data
        return digest

    def choice(self, *, at: datetime = LATER, done: bool = True, more: Callable[[Book], None] | None = None) -> Any:
        book = Book("T-2026-001")
        book.take("tender.terms", self.terms)
        listed = closing.build("T-2026-001", self.rows)
        closed = {
            "closing": closing.commitment(NONCE, listed),
            "note": self.note,
            "sealed": {"size": self.tree.size, "root": self.tree.root().hex()},
        }
        book.take("tender.closed", closed)
        book.take(
            "opening.hall-opened",
            {
                "closing": closed["closing"],
                "nonce": NONCE.hex(),
                "live_sha256": self.put(listed),
                "sealed_sha256": self.put(canonical.dumps(self.proofs)),
            },
        )
        if done:
            book.take("opening.bidders-done", {"released": self.released})
        if more:
            more(book)
        policy = quorum_of([WITNESS.verifier], 1)
        trust = Trust(SEALED_KEY.verifier, policy, self.registry, self.blobs.__getitem__, lambda: self.late_note)
        return holder.choice(book, "sheet", KCM, trust=trust, at=at)


def test_when_everything_holds_it_releases_what_the_bidders_released_and_no_more() -> None:
    world = World()

    chosen = world.choice()
    said = list(holder.releases(chosen, KCM, 1, me=ME, ts=TS))

    assert chosen.slots == {world.rows[0]["eid"]: 1, world.rows[1]["eid"]: 2}
    assert [s["sk"] for s in said] == [
        canonical.b64u(ME.slot_key(unit=KCM.unit, role="c", slot=slot)) for slot in (1, 2)
    ]
    assert all(statement.verify(statement.check(s, v="rel/1"), ME.key) for s in said)


def test_under_policy_c_it_releases_every_live_envelope_without_a_hall() -> None:
    world = World()
    world.terms["pol"] = "C"

    assert set(world.choice(done=False).slots) == {row["eid"] for row in world.rows}


def test_cosignatures_that_came_late_count() -> None:
    world = World()
    world.note, world.late_note = world.uncosigned, world.note

    assert world.choice().slots


def fewer(world: World) -> None:
    world.rows, world.proofs, world.released = world.rows[:2], world.proofs[:2], {"sheet": []}


def edited_row(world: World) -> None:
    world.rows[0]["env_sha256"] = "00" * 32


def slot_of_another(world: World) -> None:
    world.rows[0]["slot"] = 7


def foreign_sub(world: World) -> None:
    world.proofs[0]["sub"] = {**world.subs[0], "seq": 2}


def never_sealed(world: World) -> None:
    late = world.sub(BIDDERS[3], 6)
    world.rows.append(world.row(late))
    world.proofs.append({**world.proofs[0], "event": world.sealed_event(late), "sub": late})


def missing_proof(world: World) -> None:
    world.proofs.pop()


def stranger(world: World) -> None:
    world.registry.keys.pop(BIDDERS[1].org)


def other_manifest(world: World) -> None:
    world.terms["units"] = {"sheet": "00" * 32}


def unwitnessed(world: World) -> None:
    world.note = world.uncosigned


def not_on_the_list(world: World) -> None:
    world.released["sheet"].append(world.subs[3]["eid"])


@pytest.mark.parametrize(
    "wrong",
    [fewer, edited_row, slot_of_another, foreign_sub, never_sealed, missing_proof, stranger, other_manifest,
     unwitnessed, not_on_the_list],
)  # fmt: skip
def test_it_releases_nothing_when_anything_is_wrong(wrong: Callable[[World], None]) -> None:
    world = World()
    wrong(world)

    with pytest.raises(NotCanonical):
        world.choice()


def test_it_goes_by_its_own_clock() -> None:
    with pytest.raises(NotCanonical, match="my clock"):
        World().choice(at=datetime(2026, 11, 22, 1, 0, 14, tzinfo=UTC))


def test_it_waits_for_the_bidders_and_for_a_paused_opening() -> None:
    with pytest.raises(NotCanonical, match="bidders are not done"):
        World().choice(done=False)
    with pytest.raises(NotCanonical, match="paused"):
        World().choice(more=lambda book: book.take("opening.paused", {}))


def test_an_announced_correction_moves_the_deadline_and_only_later() -> None:
    was = World().terms["deadline"]
    later, earlier = was.replace("2026", "2027"), was.replace("2026", "2025")

    def after(*moves: tuple[str, str]) -> Book:
        book = Book("T-2026-001")
        book.take("tender.terms", deepcopy(World().terms))
        for old, new in moves:
            book.take("tender.deadline-moved", {"was": old, "deadline": new})
        return book

    assert (after((was, later)).terms or {})["deadline"] == later
    assert not after((was, later)).shortened
    for moves in ([(was, earlier)], [(was, was)], [(earlier, later)], [(was, later), (was, later)]):
        assert after(*moves).shortened


def test_terms_may_move_the_deadline_later_and_nothing_else() -> None:
    def moved(**change: Any) -> Callable[[Book], None]:
        return lambda book: book.take("tender.terms", {**deepcopy(World().terms), **change})

    with pytest.raises(NotCanonical, match="my clock"):
        World().choice(more=moved(deadline="2026-11-23T01:00:00.000000Z"))
    for change in ({"deadline": "2026-11-22T00:00:00.000000Z"}, {"pol": "C"}, {"min": 1}, {"units": {}}):
        with pytest.raises(NotCanonical, match="terms were changed"):
            World().choice(more=moved(**change))


def test_the_first_closing_stays_the_one() -> None:
    world = World()

    first = world.choice()
    again = world.choice(more=lambda book: book.take("tender.closed", {"closing": "00" * 32}))

    assert first == again


def posted_book(kcm: Manifest) -> Book:
    book = Book("T-2026-001")
    listed = [{"i": i, "org": h.org} for i, h in enumerate(HOLDERS, start=1)]
    book.take("tender.keys-wanted", {"unit": unit(), "k": 2, "slots": 8, "holders": listed, "number": "T-2026-001"})
    for h in HOLDERS:
        keys = h.slot_keys(unit=unit(), role="c", count=8)
        fields = {"unit": unit(), "role": "c", "n": 8, "keys_sha256": canonical.sha256(keys).hex()}
        said = statement.sign("slots/1", fields, by=h, ts=TS)
        book.take("tender.slots-posted", {"part": "sheet", "org": h.org, "statement": said})
    book.take("tender.manifest", {"unit": unit(), "cmh": kcm.cmh.hex(), "k": kcm.c.k, "n": kcm.c.n})
    return book


def test_it_accepts_a_manifest_with_its_own_keys_and_the_threshold_asked_for() -> None:
    kcm, i = holder.accepted(
        posted_book(KCM), "sheet", me=HOLDERS[1], registry=World().registry, blob={KCM.cmh.hex(): KCM.data}.__getitem__
    )

    assert (kcm, i) == (KCM, 2)


@pytest.mark.parametrize(
    "other",
    [sealed.kcm(k=3, n=3, slots=8), sealed.kcm(k=2, n=4, slots=8), sealed.kcm(k=2, n=3, slots=7),
     sealed.kcm(k=2, n=3, slots=8, tender="T-2")],
)  # fmt: skip
def test_it_accepts_no_other_manifest(other: Manifest) -> None:
    with pytest.raises(NotCanonical):
        holder.accepted(
            posted_book(other),
            "sheet",
            me=ME,
            registry=World().registry,
            blob={other.cmh.hex(): other.data}.__getitem__,
        )


def test_a_registration_needs_the_key_itself_or_the_one_before() -> None:
    registry, first, thief = Registry(), BIDDERS[0], Organisation(BIDDERS[0].org, 2, bytes([77]) * 32)
    own = statement.sign("idk/1", {"key": canonical.b64u(first.key), "not_before": TS}, by=first, ts=TS)
    unsigned = {**own, "key": canonical.b64u(thief.key)}

    assert not registry.take(unsigned)
    assert registry.take(own)
    assert not registry.take(own)


def test_it_gives_no_price_before_it_is_published_who_passed_and_only_theirs() -> None:
    owner = {"a" * 32: "PASSED", "b" * 32: "FAILED"}
    book = Book("T-2026-001")

    assert holder.may_be_opened(book, "tech", owner) == set(owner)
    with pytest.raises(NotCanonical, match="not published who passed"):
        holder.may_be_opened(book, "price", owner)
    book.take("tech.passed", {"passed": ["PASSED"]})
    book.take("tech.passed", {"passed": ["FAILED"]})  # a second list changes nothing
    assert holder.may_be_opened(book, "price", owner) == {"a" * 32}


def test_the_second_session_takes_up_what_the_first_ended() -> None:
    book = Book("T-2026-001")
    for kind in ("opening.ended", "opening.session-opened"):
        book.take(kind, {"record_sha256": "", "bidders": []})
    assert not book.ended
    book.take("opening.bidders-done", {"released": {"tech": ["a" * 32]}, "absent": {"tech": []}})
    assert set(book.done) == {"tech"}
