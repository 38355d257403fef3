"""A draw nobody can steer or stop: commit, deal, reveal with recovery (draw1).

m contributors (3, 5 or 7), t = (m+1)/2. Each deals its random value r_j as t-of-m shares before anyone reveals, so a
contributor who stays silent after seeing the others is recovered, and withholding changes nothing. Fewer than t
dishonest contributors can neither bias nor stop it. Whoever counts is fixed before the first value is known.

Everything here is a pure function of published messages; `proofs.lots` turns the seed into chosen candidates.
"""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from proofs import canonical, lots, sharing
from proofs.canonical import NotCanonical, sha256
from proofs.organisation import public_slot_key

SIZES = (3, 5, 7)
_HPKE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
_SPEC_KEYS = ("v", "id", "t", "beacon", "max_per_org", "pool_sha256", "strata", "contributors")


class BadDraw(ValueError):
    """A draw's published data are malformed or contradict each other."""


class Unfinished(BadDraw):
    """Too few messages are published yet to say how the draw ended."""


class Void(BadDraw):
    """Fewer than t dealers count: the draw has no result and needs a new specification."""


@dataclass(frozen=True)
class Contributor:
    """A contributor: place i, organisation, and its slot keys, the one for dealer j at offset 32·(j−1)."""

    i: int
    org: str
    keys: bytes

    def key(self, dealer: int) -> bytes:
        """The public key a dealer seals this contributor's share to."""
        return self.keys[32 * (dealer - 1) : 32 * dealer]


@dataclass(frozen=True)
class Spec:
    """A draw's specification: everything that decides it, fixed before anyone commits. `data` are its bytes."""

    data: bytes
    id: str
    t: int
    beacon: Mapping[str, Any] | None
    max_per_org: int | None
    pool_sha256: str
    strata: tuple[lots.Stratum, ...]
    contributors: tuple[Contributor, ...]

    @cached_property
    def sid(self) -> bytes:
        """H("draw1/spec\\0" ‖ spec): what every later message names."""
        return sha256(b"draw1/spec\0", self.data)

    @property
    def m(self) -> int:
        """How many contributors."""
        return len(self.contributors)

    def place(self, org: str) -> int | None:
        """The place of an organisation, None where it takes no part."""
        return next((contributor.i for contributor in self.contributors if contributor.org == org), None)


def parse_spec(value: Any) -> Spec:
    """The specification an object spells. Raises BadDraw when it spells none."""
    try:
        spec = canonical.require_keys(value, _SPEC_KEYS, "spec")
        if spec["v"] != "draw/1":
            raise BadDraw("spec: not draw/1")
        canonical.text(spec["id"], "id", longest=128)
        if spec["beacon"] is not None:
            canonical.require_keys(spec["beacon"], ("chain", "round"), "beacon")
        if spec["max_per_org"] is not None:
            canonical.integer(spec["max_per_org"], 1, canonical.LARGEST, "max_per_org")
        canonical.hex_bytes(spec["pool_sha256"], 32, "pool_sha256")
        listed = spec["contributors"]
        if not isinstance(listed, list) or len(listed) not in SIZES:
            raise BadDraw(f"spec: the contributors are {SIZES}, no other number")
        contributors = tuple(_contributor(item, i, len(listed)) for i, item in enumerate(listed, start=1))
        if len({contributor.org for contributor in contributors}) != len(contributors):
            raise BadDraw("spec: a contributor is named twice")
        t = (len(listed) + 1) // 2
        canonical.integer(spec["t"], t, t, "t")
        strata = lots.parse_strata(spec["strata"])
        data = canonical.dumps(spec)
    except NotCanonical as wrong:
        raise BadDraw(str(wrong)) from wrong
    return Spec(data, spec["id"], t, spec["beacon"], spec["max_per_org"], spec["pool_sha256"], strata, contributors)


def build_spec(
    *,
    id: str,
    pool: Sequence[Mapping[str, Any]],
    strata: Sequence[Mapping[str, Any]],
    contributors: Sequence[tuple[str, bytes]],
    max_per_org: int | None = None,
) -> dict[str, Any]:
    """The specification object of these strata and contributors (organisation, slot keys), in this order.

    Raises BadDraw when they make none.
    """
    listed = [{"i": i, "id": org, "keys": canonical.b64u(keys)} for i, (org, keys) in enumerate(contributors, start=1)]
    spec = {
        "v": "draw/1",
        "id": id,
        "t": (len(listed) + 1) // 2,
        "beacon": None,
        "max_per_org": max_per_org,
        "pool_sha256": lots.pool_sha256(pool),
        "strata": [dict(stratum) for stratum in strata],
        "contributors": listed,
    }
    parse_spec(spec)
    return spec


@dataclass(frozen=True)
class Deal:
    """A parsed deal of dealer j: the commitment to r_j, and for each holder the sealed share and its commitment."""

    j: int
    rc: bytes
    sealed: tuple[bytes, ...]
    marks: tuple[bytes, ...]


def value_commitment(sid: bytes, j: int, r: bytes) -> bytes:
    """rc."""
    return sha256(b"draw1/r\0", sid, bytes([j]), r)


def share_mark(sid: bytes, j: int, i: int, share: bytes) -> bytes:
    """m, the commitment to holder i's share of dealer j."""
    return sha256(b"draw1/share\0", sid, bytes([j, i]), share)


def deal_commitment(spec: Spec, j: int, deal: str) -> str:
    """h_j of a deal's text, in hex."""
    return sha256(b"draw1/deal\0", spec.sid, bytes([j]), deal.encode()).hex()


def make_deal(spec: Spec, j: int, coefficients: Sequence[bytes]) -> str:
    """The deal of dealer j with the polynomial r_j = a_0, a_1 … a_(t−1), each 32 random bytes."""
    if len(coefficients) != spec.t:
        raise BadDraw(f"a deal of this draw has {spec.t} coefficients")
    sealed = []
    for contributor in spec.contributors:
        share, i = sharing.share(coefficients, contributor.i), contributor.i
        key = X25519PublicKey.from_public_bytes(contributor.key(j))
        e = _HPKE.encrypt(share, key, info=_seal_info(spec, j, i))
        sealed.append({"i": i, "e": canonical.b64u(e), "m": share_mark(spec.sid, j, i, share).hex()})
    rc = value_commitment(spec.sid, j, coefficients[0]).hex()
    deal = {"v": "deal/1", "sid": spec.sid.hex(), "j": j, "rc": rc, "s": sealed}
    return canonical.dumps(deal).decode()


def random_coefficients(spec: Spec) -> list[bytes]:
    """r_j and what hides it: t times 32 bytes from the operating system."""
    return [secrets.token_bytes(32) for _ in range(spec.t)]


def parse_deal(spec: Spec, j: int, text: str) -> Deal:
    """The deal a text spells. Raises BadDraw when it is not a deal of this dealer in this draw."""
    try:
        deal = canonical.require_keys(canonical.parse(text.encode()), ("v", "sid", "j", "rc", "s"), "deal")
        if deal["v"] != "deal/1" or deal["sid"] != spec.sid.hex():
            raise BadDraw("deal: of another draw")
        canonical.integer(deal["j"], j, j, "deal.j")
        rc = canonical.hex_bytes(deal["rc"], 32, "rc")
        if not isinstance(deal["s"], list) or len(deal["s"]) != spec.m:
            raise BadDraw(f"deal: not {spec.m} shares")
        sealed, marks = [], []
        for i, item in enumerate(deal["s"], start=1):
            canonical.require_keys(item, ("i", "e", "m"), "deal.s")
            canonical.integer(item["i"], i, i, "deal.s.i")
            sealed.append(canonical.b64u_bytes(item["e"], "e", length=80))
            marks.append(canonical.hex_bytes(item["m"], 32, "m"))
    except NotCanonical as wrong:
        raise BadDraw(str(wrong)) from wrong
    return Deal(j, rc, tuple(sealed), tuple(marks))


def is_key_of(spec: Spec, holder: int, dealer: int, sk: bytes) -> bool:
    """Whether sk is the holder's private slot key for that dealer."""
    if not (1 <= holder <= spec.m and 1 <= dealer <= spec.m and len(sk) == 32):
        return False
    return public_slot_key(sk) == spec.contributors[holder - 1].key(dealer)


def open_share(spec: Spec, deal: Deal, holder: int, sk: bytes) -> bytes | None:
    """The holder's share, None where it does not open to its commitment: then the dealer cheated him, provably."""
    private = X25519PrivateKey.from_private_bytes(sk)
    try:
        share = _HPKE.decrypt(deal.sealed[holder - 1], private, info=_seal_info(spec, deal.j, holder))
    except (InvalidTag, ValueError):
        return None
    right = len(share) == 32 and share_mark(spec.sid, deal.j, holder, share) == deal.marks[holder - 1]
    return share if right else None


def why_not_complain(spec: Spec, deal: Deal, holder: int, sk: bytes) -> str:
    """Empty when this key proves that the deal cheats this holder."""
    if not is_key_of(spec, holder, deal.j, sk):
        return "not the holder's slot key for this dealer"
    return "" if open_share(spec, deal, holder, sk) is None else "the share opens as it should"


@dataclass(frozen=True)
class Released:
    """A published slot key: the holder's, for one dealer."""

    holder: int
    dealer: int
    sk: bytes


@dataclass(frozen=True)
class Messages:
    """What was published in a draw. Text of deals, hex of commitments; everything by place."""

    commits: Mapping[int, str] = field(default_factory=dict)
    deals: Mapping[int, str] = field(default_factory=dict)
    complaints: Sequence[Released] = ()
    reveals: Mapping[int, Sequence[bytes]] = field(default_factory=dict)
    keys: Sequence[Released] = ()


def dealers(spec: Spec, messages: Messages) -> dict[int, Deal]:
    """Whose values count as far as the deals show: what `draw.fixed` must list.

    A dealer is out when his deal is missing, malformed, not the one he committed to, or proven bad by a complaint.
    """
    counted: dict[int, Deal] = {}
    for j in range(1, spec.m + 1):
        text = messages.deals.get(j)
        if text is None or messages.commits.get(j) != deal_commitment(spec, j, text):
            continue
        try:
            deal = parse_deal(spec, j, text)
        except BadDraw:
            continue
        accused = [complaint for complaint in messages.complaints if complaint.dealer == j]
        if all(why_not_complain(spec, deal, complaint.holder, complaint.sk) for complaint in accused):
            counted[j] = deal
    return counted


def matches(spec: Spec, deal: Deal, coefficients: Sequence[bytes]) -> bool:
    """Whether a polynomial is the one this deal commits to, value and every share."""
    if len(coefficients) != spec.t or any(len(coefficient) != 32 for coefficient in coefficients):
        return False
    if value_commitment(spec.sid, deal.j, coefficients[0]) != deal.rc:
        return False
    shares = sharing.shares(coefficients, spec.m)
    return all(share_mark(spec.sid, deal.j, i, share) == deal.marks[i - 1] for i, share in enumerate(shares, start=1))


def value(spec: Spec, deal: Deal, messages: Messages) -> bytes | None:
    """r_j of a dealer that counts: revealed, or recovered from t slot keys; None where it is proven to match nothing.

    Raises Unfinished while neither is published.
    """
    j = deal.j
    if j in messages.reveals and matches(spec, deal, messages.reveals[j]):
        return messages.reveals[j][0]
    keys = {key.holder: key.sk for key in messages.keys if key.dealer == j and is_key_of(spec, key.holder, j, key.sk)}
    shares = {holder: open_share(spec, deal, holder, sk) for holder, sk in sorted(keys.items())}
    good = {holder: share for holder, share in shares.items() if share is not None}
    if len(good) >= spec.t:
        # Any t of them will do: either one polynomial fits all m commitments, and every t shares give it, or none does.
        polynomial = sharing.recover(dict(list(good.items())[: spec.t]))
        return polynomial[0] if matches(spec, deal, polynomial) else None
    if len(keys) == spec.m:
        return None
    raise Unfinished(f"contributor {j} has not revealed, and {len(good)} of {spec.t} shares are published")


@dataclass(frozen=True)
class Outcome:
    """How a draw ended: the seed, what it selects, and who counted, was recovered or fell out."""

    seed: bytes
    result: list[dict[str, Any]]
    fixed: tuple[int, ...]
    counted: tuple[int, ...]
    recovered: tuple[int, ...]


def seed(spec: Spec, values: Mapping[int, bytes], randomness: bytes | None = None) -> bytes:
    """The seed of the values that count. randomness: the beacon's, exactly where the specification names one."""
    if (randomness is None) != (spec.beacon is None):
        raise BadDraw("the beacon's randomness belongs to a draw that names a beacon, and only there")
    parts = b"".join(bytes([j]) + values[j] for j in sorted(values))
    return sha256(b"draw1/seed\0", spec.sid, parts, b"\x00" if randomness is None else b"\x01" + randomness)


def conclude(
    spec: Spec, pool: Sequence[Mapping[str, Any]], messages: Messages, randomness: bytes | None = None
) -> Outcome:
    """Run a draw to its end from what was published.

    Raises Void when fewer than t dealers count, Unfinished while a value is still to be revealed or recovered,
    BadDraw when the pool is not the one of the specification.
    """
    if lots.pool_sha256(pool) != spec.pool_sha256:
        raise BadDraw("the pool is not the one of the specification")
    fixed = dealers(spec, messages)
    if len(fixed) < spec.t:
        raise Void(f"{len(fixed)} dealers count, {spec.t} are needed")
    found = {j: value(spec, deal, messages) for j, deal in fixed.items()}
    values = {j: r for j, r in found.items() if r is not None}
    if not values:
        raise Void("no value counts")
    drawn = seed(spec, values, randomness)
    recovered = tuple(
        j for j in values if j not in messages.reveals or not matches(spec, fixed[j], messages.reveals[j])
    )
    result = lots.select(drawn, pool, spec.strata, max_per_org=spec.max_per_org)
    return Outcome(drawn, result, tuple(fixed), tuple(values), recovered)


def _contributor(item: Any, i: int, m: int) -> Contributor:
    named = canonical.require_keys(item, ("i", "id", "keys"), "contributors")
    canonical.integer(named["i"], i, i, "i")
    canonical.text(named["id"], "id", longest=64)
    return Contributor(i, named["id"], canonical.b64u_bytes(named["keys"], "keys", length=32 * m))


def _seal_info(spec: Spec, j: int, i: int) -> bytes:
    return b"draw1/seal\0" + spec.sid + bytes([j, i])
