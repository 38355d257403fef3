"""The key-committee manifest (KCM): whose slot keys a unit is sealed to, and how many of them open it.

KCM = JCS{"v":"kcm/1","suite":"i1","unit","slots":N,"c":{"k","members":[{"i","id","keys"}…]},"r":null|{k,members}}
cmh = H(KCM)
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from proofs import canonical
from proofs import statement as statements
from proofs.canonical import NotCanonical

SUITE = "i1"
MOST_MEMBERS = 20


@dataclass(frozen=True)
class Member:
    """A key holder: its place i, its organisation, its public slot keys one after another."""

    i: int
    org: str
    keys: bytes

    def key(self, slot: int) -> bytes:
        """The public key of a slot."""
        return self.keys[32 * slot : 32 * slot + 32]


@dataclass(frozen=True)
class Committee:
    """k of these members open (role c) or recover the bidder's half (role r)."""

    k: int
    members: tuple[Member, ...]

    @property
    def n(self) -> int:
        return len(self.members)


@dataclass(frozen=True)
class Manifest:
    """A parsed KCM. `data` are its bytes."""

    data: bytes
    unit: Mapping[str, Any]
    slots: int
    c: Committee
    r: Committee | None

    @cached_property
    def cmh(self) -> bytes:
        return canonical.sha256(self.data)


@lru_cache(maxsize=16)
def parse(data: bytes) -> Manifest:
    """The manifest these bytes spell, read once for all the envelopes sealed under it.

    Refused (NotCanonical) when they spell none.
    """
    kcm = canonical.require_keys(canonical.parse(data), ("v", "suite", "unit", "slots", "c", "r"), "manifest")
    if (kcm["v"], kcm["suite"]) != ("kcm/1", SUITE):
        raise NotCanonical("manifest: not kcm/1 of suite i1")
    slots = canonical.integer(kcm["slots"], 1, 65_536, "slots")
    unit = statements.unit(kcm["unit"])
    r = None if kcm["r"] is None else _committee(kcm["r"], slots, "r")
    return Manifest(data, unit, slots, _committee(kcm["c"], slots, "c"), r)


def build(
    *,
    unit: Mapping[str, Any],
    k: int,
    members: Sequence[tuple[str, bytes]],
    recovery: tuple[int, Sequence[tuple[str, bytes]]] | None = None,
) -> Manifest:
    """The manifest of these members (organisation, public slot keys) in this order.

    Refused (NotCanonical) when k is not 2…n, an organisation sits twice, or the numbers of keys differ.
    """
    slots = len(members[0][1]) // 32 if members else 0
    kcm = {
        "v": "kcm/1",
        "suite": SUITE,
        "unit": dict(unit),
        "slots": slots,
        "c": _spelled(k, members),
        "r": None if recovery is None else _spelled(*recovery),
    }
    return parse(canonical.dumps(kcm))


def why_not_posted(posted: Mapping[str, Any], keys: bytes, manifest: Manifest, role: str = "c") -> tuple[str, ...]:
    """Reasons why a member's `slots/1` and keys are not the ones this manifest holds for its organisation."""
    committee = manifest.c if role == "c" else manifest.r
    member = next((m for m in committee.members if m.org == posted["org"]), None) if committee else None
    if member is None:
        return (f"{posted['org']} is no member",)
    wrong = []
    if posted["unit"] != manifest.unit or posted["role"] != role:
        wrong.append("the statement is about another unit or role")
    if posted["n"] != manifest.slots or posted["keys_sha256"] != canonical.sha256(keys).hex() or keys != member.keys:
        wrong.append(f"the keys are not those {posted['org']} signed")
    return tuple(wrong)


def _spelled(k: int, members: Sequence[tuple[str, bytes]]) -> dict[str, Any]:
    listed = [{"i": i, "id": org, "keys": canonical.b64u(keys)} for i, (org, keys) in enumerate(members, start=1)]
    return {"k": k, "members": listed}


def _committee(value: Any, slots: int, role: str) -> Committee:
    named = canonical.require_keys(value, ("k", "members"), f"manifest.{role}")
    listed = named["members"]
    if not isinstance(listed, list) or not 2 <= len(listed) <= MOST_MEMBERS:
        raise NotCanonical(f"manifest.{role}: not 2…{MOST_MEMBERS} members")
    members = []
    for i, member in enumerate(listed, start=1):
        canonical.require_keys(member, ("i", "id", "keys"), f"manifest.{role}.members")
        canonical.integer(member["i"], i, i, "i")
        org = canonical.text(member["id"], "id", longest=64)
        members.append(Member(i, org, canonical.b64u_bytes(member["keys"], "keys", length=32 * slots)))
    if len({member.org for member in members}) != len(members):
        raise NotCanonical(f"manifest.{role}: an organisation sits twice")
    return Committee(canonical.integer(named["k"], 2, len(members), "k"), tuple(members))
