"""A record of an honest procurement holds; with any byte changed, or any lie in it, it does not."""

import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from proofs import __main__ as command_line
from proofs import canonical, note, record, scoring
from proofs.record import archive
from proofs.record.archive import Unreadable
from tests.proofs.procurement import BEFORE, BIDDERS, DEADLINE, NUMBER, Procurement, organisation


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return archive.write(Procurement(tmp_path_factory.mktemp("whole")).play().record())


def broken(data: bytes) -> list[str]:
    """The names of the checks that fail, or ["unreadable"]."""
    try:
        return [check.name for check in record.verify(data).checks if check.holds is False]
    except Unreadable:
        return ["unreadable"]


def test_an_honest_record_holds_in_every_check(whole: bytes) -> None:
    found = record.verify(whole)
    assert [check.line() for check in found.checks if not check.holds] == []
    assert found.holds and found.witnessed and not found.authenticated
    assert len(found.checks) == len(record.CHECKS)


def test_the_logs_key_from_elsewhere_authenticates_it_and_another_does_not(whole: bytes) -> None:
    own = archive.read(whole).log
    assert record.verify(whole, log=own).authenticated
    other = note.parse_private(note.generate(own.name)).verifier
    assert not record.verify(whole, log=other).holds


def test_a_record_is_read_as_it_was_written(whole: bytes) -> None:
    assert archive.write(archive.read(whole)) == whole


@pytest.mark.parametrize("story", ["prepare", "submit", "close", "open", "draw"])
def test_a_record_taken_half_way_holds_as_far_as_it_goes(tmp_path: Path, story: str) -> None:
    play = Procurement(tmp_path)
    for act in ("prepare", "submit", "close", "open", "draw"):
        getattr(play, act)()
        if act == story:
            break
    found = record.verify(archive.write(play.record()))
    assert found.holds
    assert any(check.holds is None for check in found.checks)


def test_an_absent_bidders_offer_stays_sealed(tmp_path: Path) -> None:
    play = Procurement(tmp_path, bidders=[*BIDDERS, organisation("BIDDER4")])
    for act in (play.prepare, play.submit, play.close):
        act()
    play.open(absent="BIDDER4")
    told = play.record()
    assert record.verify(archive.write(told)).holds
    sealed = [unit.sub["env_sha256"] for unit in play.units if unit.who.org == "BIDDER4"]
    assert not set(sealed) & set(told.blobs)


def test_without_cosignatures_it_says_unwitnessed(tmp_path: Path) -> None:
    play = Procurement(tmp_path).play()
    found = record.verify(archive.write(play.record(cosign=False)))
    [check] = [check for check in found.checks if check.name == "witnesses"]
    assert check.holds is False and "unwitnessed" in check.line()
    assert not found.witnessed


def mutated(members: dict[str, bytes], chance: random.Random) -> dict[str, bytes]:
    """The members with one thing changed."""
    names = sorted(members)
    name = chance.choice(names)
    data = members[name]
    lines = data.splitlines(keepends=True)
    match chance.choice(["flip", "flip", "flip", "drop", "swap", "twice", "replace", "lose", "cut", "add"]):
        case "flip":
            at, bit = chance.randrange(len(data)), 1 << chance.randrange(8)
            return {**members, name: data[:at] + bytes([data[at] ^ bit]) + data[at + 1 :]}
        case "drop":
            name = chance.choice(["entries.jsonl", "keys.jsonl"])
            lines = members[name].splitlines(keepends=True)
            del lines[chance.randrange(len(lines))]
            return {**members, name: b"".join(lines)}
        case "swap":
            name = chance.choice(["entries.jsonl", "keys.jsonl"])
            lines = members[name].splitlines(keepends=True)
            one, other = chance.sample(range(len(lines)), 2)
            lines[one], lines[other] = lines[other], lines[one]
            return {**members, name: b"".join(lines)}
        case "twice":
            at = chance.randrange(len(lines))
            return {**members, name: b"".join([*lines[: at + 1], *lines[at:]])}
        case "replace":
            blobs = [name for name in names if name.startswith("blobs/")]
            one, other = chance.sample(blobs, 2)
            return {**members, one: members[other]}
        case "lose":
            return {key: value for key, value in members.items() if key != name}
        case "cut":
            return {**members, name: data[: chance.randrange(len(data))]}
        case _:
            return {**members, f"blobs/{chance.randbytes(32).hex()}": data}


@pytest.mark.parametrize("tenth", range(10))
def test_no_single_change_goes_unnoticed(whole: bytes, tenth: int) -> None:
    members = archive.unpack(whole)
    for number in range(20 * tenth, 20 * tenth + 20):
        changed = mutated(members, random.Random(number))
        assert changed != members
        assert broken(archive.pack(changed)), f"change {number} went unnoticed"


def test_a_flipped_bit_in_the_file_itself_is_never_taken_for_the_record(whole: bytes) -> None:
    """A zip has bytes that mean nothing (dates, attributes): then the members are the same, and so is the answer."""
    chance, members = random.Random(7), archive.unpack(whole)
    for _ in range(40):
        at = chance.randrange(len(whole))
        data = whole[:at] + bytes([whole[at] ^ 1 << chance.randrange(8)]) + whole[at + 1 :]
        try:
            same = archive.unpack(data) == members
        except Unreadable:
            continue
        assert bool(broken(data)) != same


Lie = Callable[[dict[str, Any]], dict[str, Any]]


def with_price(data: dict[str, Any]) -> dict[str, Any]:
    return {**data, "sheet": {**data["sheet"], "price": "1.00"} if data["sheet"] else None}


def another_seed(data: dict[str, Any]) -> dict[str, Any]:
    return {**data, "seed": "00" * 32}


def another_choice(data: dict[str, Any]) -> dict[str, Any]:
    part = data["result"]["A"]
    return {**data, "result": {"A": {"chosen": part["chosen"][::-1], "standby": part["standby"]}}}


LIES: list[tuple[str, Lie, str]] = [
    ("opening.verdict", with_price, "verdicts"),
    ("opening.verdict", lambda data: {**data, "verdict": "INVALID:PAYLOAD", "sheet": None}, "verdicts"),
    ("opening.verdict", lambda data: {**data, "findings": ["WRONG_KEY(2)"]}, "verdicts"),
    ("bidders", lambda bidders: bidders[1:], "sealed"),
    ("opening.hall-opened", lambda data: {**data, "count": 9}, "sealed"),
    ("opening.hall-opened", lambda data: {**data, "nonce": "00" * 32}, "closing"),
    ("opening.hall-opened", lambda data: {**data, "closing": "00" * 32}, "closing"),
    ("tender.closed", lambda data: {**data, "closing": "00" * 32}, "closing"),
    ("tender.closed", lambda data: {**data, "sealed": {**data["sealed"], "size": 1}}, "closing"),
    ("tender.terms", lambda data: {**data, "deadline": "2026-11-21T07:00:00.000000Z"}, "sealed"),
    ("tender.terms", lambda data: {**data, "min": 4}, "sealed"),
    ("tender.terms", lambda data: {**data, "k": 3}, "committees"),
    ("opening.ended", lambda data: {**data, "record_sha256": "00" * 32}, "opening-record"),
    ("opening.acknowledged", lambda data: {**data, "org": "BIDDER1"}, "opening-record"),
    ("draw.result", another_seed, "draws"),
    ("draw.result", another_choice, "draws"),
    ("draw.dealt", lambda data: {**data, "h": {}}, "draws"),
    ("draw.fixed", lambda data: {**data, "dealers": [1, 2]}, "draws"),
    ("draw.pool-attested", lambda data: {**data, "id": "another"}, "draws"),
    ("evaluation.seated", lambda data: {"seats": ["ab" * 32, *data["seats"]]}, "seats"),
    ("evaluation.replaced", lambda data: {**data, "in": data["out"]}, "seats"),
    ("evaluation.replaced", lambda data: {**data, "in": ""}, "seats"),
    ("evaluation.replaced", lambda data: {**data, "out": "ab" * 32}, "seats"),
    ("evaluation.reported", lambda data: {"commitment": "00" * 32}, "report"),
    ("evaluation.qualified", lambda data: {"results": data["results"][1:]}, "report"),
    ("market.award-published", lambda data: {**data, "amount": "1.00"}, "award"),
    ("market.award-published", lambda data: {**data, "org": "BIDDER3", "name": "BIDDER3公司"}, "award"),
    ("market.award-published", lambda data: {**data, "salt": "00" * 32}, "report"),
    ("market.award-published", lambda data: {**data, "sheets_sha256": ""}, "sheets"),
    ("evaluation.sheet-locked", lambda data: {**data, "commitment": "00" * 32}, "sheets"),
    ("evaluation.sheet-corrected", lambda data: {**data, "seat": 3}, "sheets"),
    ("sheets", lambda told: told[:-1], "sheets"),
    ("sheets", lambda told: [told[0], told[2], told[1], *told[3:]], "sheets"),
    ("sheets", lambda told: [{**told[0], "salt": "00" * 32}, *told[1:]], "sheets"),
    ("market.contract-recorded", lambda data: {**data, "amount": "903000.00"}, "award"),
    ("market.notice-published", lambda data: {**data, "notice": 7}, "notices"),
]


@pytest.mark.parametrize(("kind", "lie", "check"), LIES)
def test_a_lie_the_log_itself_tells_is_found(tmp_path: Path, kind: str, lie: Lie, check: str) -> None:
    """The log is whole, signed and witnessed: what it says is still compared with what follows."""
    told = Procurement(tmp_path, lies={kind: lie}).play().record()
    assert check in broken(archive.write(told))


class Outside(Procurement):
    """Another pool drew the panel; the buyer signs another file's hash, or none, or the right one."""

    signs = "ab" * 32

    def evaluate(self) -> None:
        seats = [f"{n:064x}" for n in range(3)]
        imported = {"source": "省库", "reference": "17", "evidence_sha256": "ab" * 32, "seats": seats}
        self.tell("evaluation.external-imported", **imported)
        if self.signs:
            self.tell("evaluation.external-confirmed", evidence_sha256=self.signs)
        self.tell("evaluation.seated", seats=seats)


@pytest.mark.parametrize(("signs", "holds"), [("ab" * 32, True), ("cd" * 32, False), ("", False)])
def test_a_panel_drawn_elsewhere_is_signed_by_the_buyer(tmp_path: Path, signs: str, holds: bool) -> None:
    play = Outside(tmp_path)
    play.signs = signs
    play.prepare()
    play.evaluate()
    assert ("seats" not in broken(archive.write(play.record()))) is holds


class Owned(Procurement):
    """The buyer names so many of its own people beside those drawn; `by_hand` calls whom the draw did not put next."""

    own, by_hand = 1, False

    def evaluate(self) -> None:
        named = [f"{n:064x}" for n in range(self.own)]
        self.tell("evaluation.representatives-named", seats=named, reason="")
        *stay, gone = self.chosen
        self.tell("evaluation.replaced", **{"out": gone, "in": self.standby[self.by_hand], "reason": "recused"})
        self.tell("evaluation.seated", seats=[*named, *stay, self.standby[self.by_hand]])


@pytest.mark.parametrize(("own", "by_hand", "holds"), [(1, False, True), (2, False, False), (1, True, False)])
def test_a_third_may_be_named_and_nobody_is_called_by_hand(
    tmp_path: Path, own: int, by_hand: bool, holds: bool
) -> None:
    play = Owned(tmp_path)
    play.own, play.by_hand = own, by_hand
    play.prepare()
    play.draw()
    play.evaluate()
    assert ("seats" not in broken(archive.write(play.record()))) is holds


def favouring_the_last(report: dict[str, Any]) -> dict[str, Any]:
    bids = sorted(report["bids"], key=lambda bid: bid["rank"])
    bids[0]["rank"], bids[-1]["rank"] = bids[-1]["rank"], bids[0]["rank"]
    return report


def dearer(report: dict[str, Any]) -> dict[str, Any]:
    """The same arithmetic, done right, over a price that was not read out."""
    keys = ("org", "name", "quote", "small", "compliant", "reasons", "scores")
    bids = [{key: bid[key] for key in keys} for bid in report["bids"]]
    bids[0]["quote"] = "999999.00"
    return scoring.build_report(number=NUMBER, scoring=report["scoring"], bids=bids, seats=report["seats"])


@pytest.mark.parametrize(("lie", "why"), [(favouring_the_last, "rank"), (dearer, "唱标不符")])
def test_a_false_report_is_found_though_it_was_committed_to(tmp_path: Path, lie: Lie, why: str) -> None:
    told = Procurement(tmp_path, lies={"report": lie}).play().record()
    [failed] = [check for check in record.verify(archive.write(told)).checks if check.name == "report"]
    assert failed.holds is False and why in failed.text


def test_an_offer_slipped_in_after_the_deadline_is_found(tmp_path: Path) -> None:
    """It is not under the sealed checkpoint that witnesses saw at the closing."""
    play = Procurement(tmp_path)
    play.prepare()
    play.submit()
    late = play.units.pop()
    other = play.units.pop()
    play.close()
    play.units += [other, late]
    listing = play.listing
    play.sealed.append(b"later")
    play.listing = canonical.dumps(
        {**json.loads(listing), "live": sorted((u.live for u in play.units), key=lambda row: (row["part"], row["eid"]))}
    )
    play.open()
    assert {"closing", "sealed"} & set(broken(archive.write(play.record())))


LATER, SIX = "2026-11-21T09:00:10.000000Z", "2026-11-21T06:00:00.000000Z"


def moved(tmp_path: Path, *, at: str = BEFORE, announced: bool = True, **told: str) -> bytes:
    """A record whose deadline was moved ten seconds on, by an announced correction unless told otherwise."""
    play = Procurement(tmp_path)
    play.prepare()
    sha256 = play.blob({"number": NUMBER, "title": "更正公告"})
    if announced:
        play.tell("market.notice-published", number=NUMBER, notice=2, type="correction", sha256=sha256,
                  edition="87-2017")  # fmt: skip
    play.log.at = at
    play.tell("tender.deadline-moved", **{"notice": 2, "sha256": sha256, "was": DEADLINE, "deadline": LATER} | told)
    play.submit()
    play.close()
    return archive.write(play.record())


def test_an_announced_later_deadline_is_the_one_that_counts(tmp_path: Path) -> None:
    data = moved(tmp_path)
    assert broken(data) == []
    assert archive.read(data).deadline == LATER


@pytest.mark.parametrize(
    ("case", "told"),
    [
        ("earlier", {"deadline": SIX}),
        ("the same", {"deadline": DEADLINE}),
        ("from another", {"was": SIX}),
        ("too late", {"at": DEADLINE}),
        ("unannounced", {"announced": False}),
    ],
)
def test_a_deadline_moved_back_late_or_in_silence_is_found(tmp_path: Path, case: str, told: Any) -> None:
    assert {"notices", "closing"} <= set(broken(moved(tmp_path, **told))), case


def test_a_deadline_moved_after_the_list_was_closed_is_found(tmp_path: Path) -> None:
    play = Procurement(tmp_path)
    play.prepare()
    play.submit()
    sha256 = play.blob({"number": NUMBER, "title": "更正公告"})
    play.close()
    play.log.at = BEFORE
    play.tell("market.notice-published", number=NUMBER, notice=2, type="correction", sha256=sha256, edition="87-2017")
    play.tell("tender.deadline-moved", notice=2, sha256=sha256, was=DEADLINE, deadline=LATER)
    assert "closing" in broken(archive.write(play.record()))


def test_the_command_prints_a_line_for_every_check(
    tmp_path: Path, whole: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "record.zip"
    path.write_bytes(whole)
    assert command_line.main(["verify", str(path)]) == 0
    out = capsys.readouterr().out
    assert out.count("✓ ") == len(record.CHECKS) and NUMBER in out and "unauthenticated" in out
    key = archive.read(whole).log.vkey
    assert command_line.main(["verify", str(path), "--vkey", key, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["holds"] and told["authenticated"] and told["witnessed"]
    members = archive.unpack(whole)
    members["entries.jsonl"] = members["entries.jsonl"].replace(b"opening.record", b"opening.recore")
    path.write_bytes(archive.pack(members))
    assert command_line.main(["verify", str(path)]) == 1
    path.write_bytes(b"no zip")
    assert command_line.main(["verify", str(path)]) == 2
