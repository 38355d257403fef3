"""Taking part in a draw: each step only after what must come before it is in the log (draw1).

A contributor protects the draw by what he refuses: he commits only under a specification that holds his own keys, deals
only once every commitment is where witnesses have seen it, reveals only once the list of those who count is, and gives
a slot key away only to prove a cheat before that, or to recover the silent after it.
"""

import hashlib
import json
import secrets
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from proofs import canonical, draw, lots, statement
from proofs.canonical import NotCanonical
from proofs.draw import BadDraw, Released, Spec
from proofs.follow import Follower, entry_bytes, write_durably
from proofs.organisation import Organisation, Succeeded, expand
from proofs.registry import Registry

Facts = Mapping[str, list[dict[str, Any]]]
"""A draw's public entries by kind, as its stream tells them, in order."""


class Refusing(Exception):
    """What is published would make the next step unsafe. The contributor stops and says why."""


@dataclass(frozen=True)
class Step:
    """A statement to post, what it is about, and what goes with it."""

    what: str
    body: dict[str, Any]


def facts_of(entries: Iterable[Mapping[str, Any]], draw_id: str) -> Facts:
    """The entries of a stream that are about one draw."""
    found: dict[str, list[dict[str, Any]]] = {}
    for entry in entries:
        if entry["kind"].startswith("draw.") and entry["data"].get("id") == draw_id:
            found.setdefault(entry["kind"], []).append(dict(entry))
    return found


def is_over(facts: Facts) -> bool:
    """Whether the draw has ended, with a result or void."""
    return "draw.result" in facts or "draw.void" in facts


def speaking(who: Organisation, facts: Facts) -> Organisation:
    """Who speaks in a draw: where a later generation signs for a revoked one, that alone in what began under it.

    A revoked generation goes on in the draws that have its slot keys, which nobody else has; it makes none anew.
    """
    if not isinstance(who, Succeeded):
        return who
    made = [entry["data"].get("statement") for entry in facts.get("draw.key", [])]
    return who if any(_by(said, "dk/1", who.org, (_own_key(who),)) for said in made) else who.successor


def _own_key(who: Organisation) -> bytes:
    """The identity key of its own seed, whoever signs for it."""
    return Organisation(who.org, who.gen, who.seed).key


def _by(said: Any, v: str, org: str, keys: Iterable[bytes]) -> bool:
    """Whether it is a statement of this kind by this organisation, signed by one of these keys."""
    try:
        checked = statement.check(said, v=v)
    except NotCanonical:
        return False
    return checked["org"] == org and any(statement.verify(checked, key) for key in keys)


class Contributor:
    """One organisation's part in one draw. `memory` keeps what it committed to, over restarts.

    The memory alone gives nothing away: the value is derived from the organisation's seed and what is stored.
    """

    def __init__(self, who: Organisation, draw_id: str, place: int, size: int, memory: Path) -> None:
        self._who = who
        self._signers = {who.key, _own_key(who)}
        self._id = draw_id
        self._j = place
        self._m = size
        self._unit = {"draw": draw_id}
        self._memory = memory / (hashlib.sha256(draw_id.encode()).hexdigest()[:32] + ".json")

    def next_steps(
        self,
        facts: Facts,
        log: Follower,
        deals: Mapping[str, str],
        registry: Registry,
        ts: str,
        *,
        recover: bool,
    ) -> Iterator[Step]:
        """What this contributor may say now, in order; nothing that it has said already.

        deals: the texts behind the hashes of `draw.deal`, by hash.  registry: the registered keys.
        recover: the time for the silent to speak is over.
        Raises Refusing when the published facts contradict each other or what it committed to.
        """
        if is_over(facts):
            return
        if not self._said(facts, "draw.key", "dk/1"):
            yield self._keys(ts)
            return
        spec = self._spec(facts, log)
        if spec is None:
            return
        if not self._said(facts, "draw.committed", "dc/1"):
            if self._pool_is_attested(facts, spec, registry):
                yield self._commit(spec, ts)
            return
        yield from self._after_commit(facts, log, deals, spec, ts, recover=recover)

    def _after_commit(
        self, facts: Facts, log: Follower, deals: Mapping[str, str], spec: Spec, ts: str, *, recover: bool
    ) -> Iterator[Step]:
        mine = self._recall(spec)
        dealt = self._one(facts, "draw.dealt")
        if mine is None or dealt is None or not log.witnesses_saw(entry_bytes(dealt)):
            return
        if dealt["data"]["h"].get(str(self._j)) != mine["h"]:
            raise Refusing("draw.dealt does not list the commitment this contributor made")
        fixed = self._one(facts, "draw.fixed")
        if not self._said(facts, "draw.deal", "dd/1") and fixed is None:
            digest = canonical.sha256(mine["deal"].encode()).hex()
            yield self._step("dd/1", {"sid": mine["sid"], "j": self._j, "deal_sha256": digest}, ts, deal=mine["deal"])
        if fixed is None:
            yield from self._complaints(facts, deals, spec, ts)
            return
        if not log.witnesses_saw(entry_bytes(fixed)):
            return
        counted = fixed["data"]["dealers"]
        if self._j in counted and not self._said(facts, "draw.revealed", "dr/1"):
            row = [a.hex() for a in self._coefficients(spec, mine["salt"])]
            yield self._step("dr/1", {"sid": mine["sid"], "j": self._j, "r": row}, ts)
        if recover:
            yield from self._recovery(facts, counted, mine["sid"], ts)

    def _keys(self, ts: str) -> Step:
        keys = self._who.slot_keys(unit=self._unit, role="d", count=self._m, first=1)
        fields = {"id": self._id, "j": self._j, "keys_sha256": canonical.sha256(keys).hex()}
        return self._step("dk/1", fields, ts, keys=canonical.b64u(keys))

    def _spec(self, facts: Facts, log: Follower) -> Spec | None:
        """The logged specification, once the log covers it and it holds this contributor's own keys."""
        told = self._one(facts, "draw.spec")
        if told is None or log.index_of(entry_bytes(told)) is None:
            return None
        try:
            spec = draw.parse_spec(told["data"]["spec"])
        except BadDraw as wrong:
            raise Refusing(str(wrong)) from wrong
        keys = self._who.slot_keys(unit=self._unit, role="d", count=spec.m, first=1)
        own = spec.contributors[self._j - 1] if self._j <= spec.m else None
        if spec.id != self._id or own is None or (own.org, own.keys) != (self._who.org, keys):
            raise Refusing("the specification does not hold this contributor's keys at its place")
        if spec.pool_sha256 != told["data"]["pool_sha256"] or spec.sid.hex() != told["data"]["sid"]:
            raise Refusing("the specification contradicts the entry that announces it")
        return spec

    def _pool_is_attested(self, facts: Facts, spec: Spec, registry: Registry) -> bool:
        """Somebody outside the draw, under a key that stood, has signed that nobody is in the pool twice."""
        contributors = {contributor.org for contributor in spec.contributors}
        for entry in facts.get("draw.pool-attested", []):
            try:
                said = statement.check(entry["data"].get("statement"), v="pool/1")
            except NotCanonical:
                continue
            apt = said["org"] not in contributors and said["pool_sha256"] == spec.pool_sha256
            stood = registry.stood(said, at=statement.timestamp(entry["at"]))
            if apt and stood and registry.signed(said):
                return True
        return False

    def _commit(self, spec: Spec, ts: str) -> Step:
        mine = self._recall(spec)
        if mine is None:
            salt = secrets.token_hex(32)
            deal = draw.make_deal(spec, self._j, self._coefficients(spec, salt))
            mine = {"v": "contribution/1", "id": self._id, "sid": spec.sid.hex(), "salt": salt, "deal": deal,
                    "h": draw.deal_commitment(spec, self._j, deal)}  # fmt: skip
            self._memory.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            write_durably(self._memory, json.dumps(mine).encode())
        return self._step("dc/1", {"sid": mine["sid"], "j": self._j, "h": mine["h"]}, ts)

    def _complaints(self, facts: Facts, deals: Mapping[str, str], spec: Spec, ts: str) -> Iterator[Step]:
        """A slot key for every deal that cheats this holder; while the set is not fixed yet."""
        done = {entry["data"]["dealer"] for entry in self._mine(facts, "draw.complained", "dp/1")}
        for entry in facts.get("draw.deal", []):
            j, text = entry["data"]["j"], deals.get(entry["data"]["deal_sha256"])
            if text is None or j in done or j == self._j:
                continue
            try:
                deal = draw.parse_deal(spec, j, text)
            except BadDraw:
                continue  # out without a complaint
            sk = self._who.slot_key(unit=self._unit, role="d", slot=j)
            if draw.open_share(spec, deal, self._j, sk) is None:
                yield self._slot_key(spec.sid.hex(), j, ts)

    def _recovery(self, facts: Facts, counted: list[int], sid: str, ts: str) -> Iterator[Step]:
        revealed = {entry["data"]["j"] for entry in facts.get("draw.revealed", [])}
        given = {entry["data"]["dealer"] for entry in self._mine(facts, "draw.key-released", "dp/1")}
        for j in counted:
            if j not in revealed and j not in given and j != self._j:
                yield self._slot_key(sid, j, ts)

    def _slot_key(self, sid: str, dealer: int, ts: str) -> Step:
        released = Released(self._j, dealer, self._who.slot_key(unit=self._unit, role="d", slot=dealer))
        fields = {"sid": sid, "j": self._j, "dealer": dealer, "sk": canonical.b64u(released.sk)}
        return self._step("dp/1", fields, ts)

    def _step(self, v: str, fields: Mapping[str, Any], ts: str, **beside: str) -> Step:
        said = statement.sign(v, fields, by=self._who, ts=ts)
        return Step(f"{v} {self._id}", {"statement": said, **beside})

    def _coefficients(self, spec: Spec, salt: str) -> list[bytes]:
        """r_j and what hides it: from the seed and 32 random bytes, so that neither alone tells them."""
        label = b"draw1/coefficient\0" + spec.sid + bytes.fromhex(salt)
        return [expand(self._who.seed, label + bytes([c])) for c in range(spec.t)]

    def _recall(self, spec: Spec) -> dict[str, str] | None:
        if not self._memory.exists():
            return None
        mine: dict[str, str] = json.loads(self._memory.read_text())
        if mine["sid"] != spec.sid.hex():
            raise Refusing("this contributor has committed under another specification of the same draw")
        return mine

    def _one(self, facts: Facts, kind: str) -> dict[str, Any] | None:
        found = facts.get(kind, [])
        if len(found) > 1:
            raise Refusing(f"{kind} was logged twice")
        return found[0] if found else None

    def _mine(self, facts: Facts, kind: str, v: str) -> list[dict[str, Any]]:
        """The entries that hold this contributor's own statements of a kind, by its own signature."""
        return [entry for entry in facts.get(kind, []) if self._signed(entry["data"].get("statement"), v)]

    def _signed(self, said: Any, v: str) -> bool:
        return _by(said, v, self._who.org, self._signers) and said["j"] == self._j

    def _said(self, facts: Facts, kind: str, v: str) -> bool:
        return bool(self._mine(facts, kind, v))


def why_not_attest(pool: Any, openings: Any) -> tuple[str, ...]:
    """Reasons against signing `pool/1`: what is behind the masks is not what the pool says, or somebody is in twice.

    openings: [{"cid","number","salt","org","employer","employer_salt"}], salts in hex. What is no person, such as the
    values of a coefficient or a firm with its lots, stands in the pool as it is, its own employer, and is not opened.
    """
    pool = [item for item in pool if not lots.is_plain(item)]
    by_cid = {row["cid"]: row for row in openings}
    wrong = []
    if len(by_cid) != len(openings) or set(by_cid) != {item["cid"] for item in pool}:
        wrong.append("the openings are not those of this pool")
        return tuple(wrong)
    salts: dict[str, str] = {}
    for item in pool:
        row = by_cid[item["cid"]]
        if _masked(row["number"], row["salt"]) != item["cid"]:
            wrong.append(f"{item['cid']}: does not hide the number it is said to hide")
        if _masked(row["employer"], row["employer_salt"]) != item["org"] or row["org"] != item["org"]:
            wrong.append(f"{item['cid']}: does not hide the employer it is said to hide")
        if salts.setdefault(row["employer"], row["employer_salt"]) != row["employer_salt"]:
            wrong.append(f"{row['employer']}: is masked in two ways, so that the limit per employer fails")
    numbers = [row["number"] for row in openings]
    wrong += [f"{number}: is in the pool twice" for number in sorted({n for n in numbers if numbers.count(n) > 1})]
    return tuple(wrong)


def _masked(number: str, salt: str) -> str:
    return lots.masked(number, canonical.hex_bytes(salt, 32, "salt"))
