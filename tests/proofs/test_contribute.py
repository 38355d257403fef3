"""What a contributor says, and above all what he refuses to say before its time."""

import dataclasses
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from proofs import canonical, draw, lots, statement
from proofs.contribute import Contributor, Facts, Refusing, facts_of, speaking, why_not_attest
from proofs.draw import Messages, Released
from proofs.organisation import Organisation, succeeded
from proofs.registry import Registry
from tests.proofs.logged import TS, MemoryLog

ID = "T/panel/1"
STREAM = "project/T"
SUPERVISOR = Organisation("supervisor", 1, b"S" * 32)
KEYS = Registry()
KEYS.keys["supervisor"] = {1: SUPERVISOR.key}
POOL = [{"cid": f"c{n}", "org": f"o{n}", "strata": ["A"]} for n in range(9)]


class Hall:
    """The server's side of a draw, and m contributors with their memories."""

    def __init__(self, folder: Path, m: int = 3) -> None:
        self.log = MemoryLog(folder / "witness")
        self.people = [Organisation(f"org{i}", 1, bytes([i]) * 32) for i in range(1, m + 1)]
        self.parts = [Contributor(who, ID, i, m, folder / who.org) for i, who in enumerate(self.people, 1)]
        self.followers = [self.log.follower() for _ in self.people]
        self.told: list[dict[str, Any]] = []
        self.deals: dict[str, str] = {}
        self.messages = Messages({}, {}, [], {}, [])
        self.phase = ""

    def tell(self, kind: str, *, cosign: bool = True, **data: Any) -> None:
        self.told.append(self.log.tell(STREAM, f"draw.{kind}", id=ID, **data))
        self.log.publish(cosign=cosign)

    @property
    def facts(self) -> Facts:
        return facts_of(self.told, ID)

    def says(self, i: int) -> list[dict[str, Any]]:
        """What contributor i would post now."""
        self.followers[i - 1].refresh()
        recover = self.phase == "recovery"
        part = self.parts[i - 1]
        steps = part.next_steps(self.facts, self.followers[i - 1], self.deals, KEYS, TS, recover=recover)
        return [step.body for step in steps]

    def kinds(self, i: int) -> list[str]:
        return [body["statement"]["v"] for body in self.says(i)]

    def turn(self, *places: int) -> None:
        """Let these contributors speak, and log what they say."""
        for i in places or range(1, len(self.people) + 1):
            for body in self.says(i):
                self.take(body)

    def take(self, body: dict[str, Any]) -> None:
        said = statement.check(body["statement"])
        assert statement.verify(said, next(who.key for who in self.people if who.org == said["org"]))
        match said["v"]:
            case "dk/1":
                assert said["keys_sha256"] == canonical.sha256(canonical.b64u_bytes(body["keys"], "keys")).hex()
                self.tell("key", statement=said, keys=body["keys"])
            case "dc/1":
                self.messages.commits[said["j"]] = said["h"]  # type: ignore[index]
                self.tell("committed", j=said["j"], statement=said)
            case "dd/1":
                self.messages.deals[said["j"]] = body["deal"]  # type: ignore[index]
                self.deals[said["deal_sha256"]] = body["deal"]
                self.tell("deal", j=said["j"], statement=said, deal_sha256=said["deal_sha256"])
            case "dr/1":
                self.messages.reveals[said["j"]] = [bytes.fromhex(a) for a in said["r"]]  # type: ignore[index]
                self.tell("revealed", j=said["j"], statement=said)
            case "dp/1":
                sk = canonical.b64u_bytes(said["sk"], "sk")
                released = Released(said["j"], said["dealer"], sk)
                kind, kept = ("key-released", "keys") if self.phase == "recovery" else ("complained", "complaints")
                self.messages = dataclasses.replace(self.messages, **{kept: [*getattr(self.messages, kept), released]})
                self.tell(kind, holder=said["j"], dealer=said["dealer"], sk=said["sk"], statement=said)

    def specify(self, **changes: Any) -> draw.Spec:
        keys = {entry["data"]["statement"]["org"]: entry["data"]["keys"] for entry in self.facts["draw.key"]}
        listed = [(who.org, canonical.b64u_bytes(keys[who.org], "keys")) for who in self.people]
        strata = [{"key": "A", "need": 2, "standby": 1}]
        spec = draw.build_spec(id=ID, pool=POOL, strata=strata, contributors=listed) | changes
        parsed = draw.parse_spec(spec)
        self.tell("spec", sid=parsed.sid.hex(), spec=spec, pool_sha256=parsed.pool_sha256)
        return parsed

    def attest(self, by: Organisation = SUPERVISOR, **fields: Any) -> None:
        said = statement.sign("pool/1", {"pool_sha256": lots.pool_sha256(POOL), **fields}, by=by, ts=TS)
        self.tell("pool-attested", statement=said)

    def dealt(self, *, cosign: bool = True) -> None:
        self.tell("dealt", cosign=cosign, h={str(j): h for j, h in self.messages.commits.items()})

    def fix(self, spec: draw.Spec, *, cosign: bool = True) -> None:
        self.tell("fixed", cosign=cosign, dealers=sorted(draw.dealers(spec, self.messages)))

    def to_commits(self) -> draw.Spec:
        self.turn()
        spec = self.specify()
        self.attest()
        return spec

    def to_deals(self) -> draw.Spec:
        spec = self.to_commits()
        self.turn()
        self.dealt()
        return spec


@pytest.mark.parametrize("m", [3, 5, 7])
def test_a_draw_runs_from_announcement_to_result(tmp_path: Path, m: int) -> None:
    hall = Hall(tmp_path, m)
    spec = hall.to_deals()
    hall.turn()
    hall.fix(spec)
    hall.turn()
    outcome = draw.conclude(spec, POOL, hall.messages)
    assert outcome.counted == tuple(range(1, m + 1)) and outcome.recovered == ()
    assert [hall.kinds(i) for i in range(1, m + 1)] == [[]] * m


@pytest.mark.parametrize("m", [3, 5, 7])
def test_the_silent_are_recovered_by_the_others(tmp_path: Path, m: int) -> None:
    hall = Hall(tmp_path, m)
    spec = hall.to_deals()
    hall.turn()
    hall.fix(spec)
    hall.turn(*range(1, spec.t + 1))
    assert hall.kinds(1) == []
    hall.phase = "recovery"
    hall.turn(*range(1, spec.t + 1))
    outcome = draw.conclude(spec, POOL, hall.messages)
    assert outcome.recovered == tuple(range(spec.t + 1, m + 1))
    assert hall.kinds(1) == []


def test_a_draw_goes_on_under_a_later_generation_and_none_begins_under_a_revoked_one(tmp_path: Path) -> None:
    hall = Hall(tmp_path)
    later = Organisation("org1", 2, b"L" * 32)
    both = succeeded(hall.people[0], later)
    assert speaking(both, hall.facts) == later  # nothing of it is in the draw yet
    spec = hall.to_deals()
    hall.people[0] = speaking(both, hall.facts)
    hall.parts[0] = Contributor(hall.people[0], ID, 1, 3, tmp_path / "org1")

    assert hall.people[0] == both and hall.kinds(1) == ["dd/1"]  # nothing is said again
    hall.turn()
    hall.fix(spec)
    hall.turn()
    assert draw.conclude(spec, POOL, hall.messages).counted == (1, 2, 3) and hall.kinds(1) == []


def test_nobody_commits_before_the_pool_is_attested_by_somebody_outside(tmp_path: Path) -> None:
    hall = Hall(tmp_path)
    hall.turn()
    hall.specify()
    assert hall.kinds(1) == []
    hall.attest(by=hall.people[1])
    hall.attest(by=Organisation("supervisor", 1, b"X" * 32))
    hall.attest(pool_sha256="00" * 32)
    assert hall.kinds(1) == []
    hall.attest()
    assert hall.kinds(1) == ["dc/1"]


def test_nobody_commits_under_a_specification_without_his_own_keys(tmp_path: Path) -> None:
    hall = Hall(tmp_path)
    hall.turn()
    keys = [(who.org, Organisation("x", 1, b"x" * 32).slot_keys(unit={"draw": ID}, role="d", count=3, first=1))
            for who in hall.people]  # fmt: skip
    other = draw.build_spec(id=ID, pool=POOL, strata=[{"key": "A", "need": 2, "standby": 1}], contributors=keys)
    hall.specify(contributors=other["contributors"])
    hall.attest()
    with pytest.raises(Refusing, match="own|keys"):
        hall.says(1)


def test_nobody_commits_under_a_specification_that_is_not_in_the_log(tmp_path: Path) -> None:
    hall = Hall(tmp_path)
    hall.turn()
    spec = hall.specify()
    hall.attest()
    hall.told[-2] = {**hall.told[-2], "at": "2026-11-21T22:58:04.000000Z"}
    assert hall.kinds(1) == []
    assert spec.id == ID


def test_nobody_deals_before_witnesses_saw_every_commitment(tmp_path: Path) -> None:
    hall = Hall(tmp_path)
    hall.to_commits()
    hall.turn()
    assert hall.kinds(1) == []
    hall.dealt(cosign=False)
    assert hall.kinds(1) == []
    hall.log.publish()
    assert hall.kinds(1) == ["dd/1"]


def test_nobody_deals_where_his_commitment_was_changed(tmp_path: Path) -> None:
    hall = Hall(tmp_path)
    hall.to_commits()
    hall.turn()
    hall.tell("dealt", h={"1": "00" * 32})
    with pytest.raises(Refusing, match="commitment"):
        hall.says(1)


def test_nobody_reveals_before_witnesses_saw_who_counts(tmp_path: Path) -> None:
    hall = Hall(tmp_path)
    spec = hall.to_deals()
    hall.turn()
    assert hall.kinds(1) == []
    hall.fix(spec, cosign=False)
    hall.phase = "recovery"
    assert hall.kinds(1) == []
    hall.log.publish()
    assert hall.kinds(1) == ["dr/1", "dp/1", "dp/1"]


def test_who_does_not_count_does_not_reveal(tmp_path: Path) -> None:
    hall = Hall(tmp_path)
    hall.to_deals()
    hall.turn()
    hall.tell("fixed", dealers=[2, 3])
    assert hall.kinds(1) == []
    assert hall.kinds(2) == ["dr/1"]


def test_a_cheated_holder_complains_before_the_set_is_fixed_and_not_after(tmp_path: Path) -> None:
    hall = Hall(tmp_path)
    spec = hall.to_deals()
    hall.turn()
    cheat = json.loads(hall.messages.deals[3])
    cheat["s"][0]["m"] = "00" * 32
    text = canonical.dumps(cheat).decode()
    for entry in hall.told:
        if entry["kind"] == "draw.deal" and entry["data"]["j"] == 3:
            entry["data"]["deal_sha256"] = canonical.sha256(text.encode()).hex()
    hall.deals[canonical.sha256(text.encode()).hex()] = text
    [body] = hall.says(1)
    assert (body["statement"]["v"], body["statement"]["dealer"]) == ("dp/1", 3)
    key = canonical.b64u_bytes(body["statement"]["sk"], "sk")
    assert draw.why_not_complain(spec, draw.parse_deal(spec, 3, text), 1, key) == ""
    assert hall.kinds(2) == []
    hall.tell("fixed", dealers=[1, 2, 3])
    assert hall.kinds(1) == ["dr/1"]


def test_the_same_specification_id_is_never_committed_to_twice(tmp_path: Path) -> None:
    hall = Hall(tmp_path)
    hall.to_commits()
    hall.turn()
    again = Hall(tmp_path / "again")
    again.parts = [Contributor(who, ID, i, 3, tmp_path / who.org) for i, who in enumerate(again.people, 1)]
    again.turn()
    again.specify(max_per_org=1)
    again.attest()
    with pytest.raises(Refusing, match="another specification"):
        again.says(1)


def test_a_restarted_contributor_goes_on_with_what_he_committed_to(tmp_path: Path) -> None:
    hall = Hall(tmp_path)
    spec = hall.to_deals()
    hall.parts = [Contributor(who, ID, i, 3, tmp_path / who.org) for i, who in enumerate(hall.people, 1)]
    hall.turn()
    hall.fix(spec)
    hall.parts = [Contributor(who, ID, i, 3, tmp_path / who.org) for i, who in enumerate(hall.people, 1)]
    hall.turn()
    assert draw.conclude(spec, POOL, hall.messages).recovered == ()


def test_the_memory_alone_does_not_tell_the_value(tmp_path: Path) -> None:
    hall = Hall(tmp_path)
    spec = hall.to_deals()
    hall.turn()
    kept = "".join(path.read_text() for path in (tmp_path / "org1").glob("*.json"))
    hall.fix(spec)
    hall.turn()
    assert hall.messages.reveals[1][0].hex() not in kept


def test_an_ended_draw_is_left_alone(tmp_path: Path) -> None:
    hall = Hall(tmp_path)
    hall.tell("void", reason="x")
    assert hall.kinds(1) == []


def openings() -> tuple[list[dict[str, Any]], list[dict[str, str]]]:
    rows = [
        {"number": f"E{n}", "salt": f"{n:064x}", "employer": f"单位{n % 2}", "employer_salt": f"{n % 2:064x}"}
        for n in range(4)
    ]
    for row in rows:
        row["cid"] = lots.masked(row["number"], bytes.fromhex(row["salt"]))
        row["org"] = lots.masked(row["employer"], bytes.fromhex(row["employer_salt"]))
    pool = sorted(
        ({"cid": row["cid"], "org": row["org"], "strata": ["A"]} for row in rows), key=lambda p: str(p["cid"])
    )
    return pool, rows


def changed(rows: list[dict[str, str]], at: int, **fields: str) -> list[dict[str, str]]:
    return [{**row, **fields} if n == at else row for n, row in enumerate(rows)]


def test_a_pool_is_attested_when_every_mask_fits_and_nobody_is_in_twice() -> None:
    pool, rows = openings()
    assert why_not_attest(pool, rows) == ()


def wrong_openings() -> Iterable[tuple[list[dict[str, Any]], list[dict[str, str]], str]]:
    pool, rows = openings()
    yield pool, rows[1:], "not those of this pool"
    yield pool, [*rows, rows[0]], "not those of this pool"
    yield pool, changed(rows, 0, number="E9"), "number"
    yield pool, changed(rows, 0, employer="单位9"), "employer"
    twice = dict(rows[1], number="E0", salt="ff" * 32)
    twice["cid"] = lots.masked("E0", bytes.fromhex("ff" * 32))
    both = [rows[0], twice, *rows[2:]]
    as_pool = [{"cid": row["cid"], "org": row["org"], "strata": ["A"]} for row in both]
    yield as_pool, both, "E0: is in the pool twice"
    resalted = dict(rows[2], employer_salt="ee" * 32)
    resalted["org"] = lots.masked(resalted["employer"], bytes.fromhex("ee" * 32))
    both = [*rows[:2], resalted, rows[3]]
    yield [{"cid": row["cid"], "org": row["org"], "strata": ["A"]} for row in both], both, "masked in two ways"


@pytest.mark.parametrize(("pool", "rows", "why"), wrong_openings())
def test_a_pool_with_a_false_mask_or_a_double_is_not(pool: list[Any], rows: list[Any], why: str) -> None:
    assert why in "; ".join(why_not_attest(pool, rows))
