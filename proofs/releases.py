"""What its owners released for one envelope at the opening: B, slot keys, a rescue.

`RELEASES.json` is `{"b": b64u|null, "c": {"1": b64u sk, …}, "r": {…}, "rescue": [b64u …]|null}`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from proofs.canonical import NotCanonical, b64u, b64u_bytes


@dataclass(frozen=True)
class Releases:
    """b: the bidder's half.  c, r: member ↦ private slot key.  rescue: C's polynomial a_0 … a_(k−1)."""

    b: bytes | None = field(default=None, repr=False)
    c: Mapping[int, bytes] = field(default_factory=dict, repr=False)
    r: Mapping[int, bytes] = field(default_factory=dict, repr=False)
    rescue: tuple[bytes, ...] | None = field(default=None, repr=False)

    def as_json(self) -> dict[str, Any]:
        """The object of RELEASES.json."""
        return {
            "b": None if self.b is None else b64u(self.b),
            "c": {str(i): b64u(self.c[i]) for i in sorted(self.c)},
            "r": {str(i): b64u(self.r[i]) for i in sorted(self.r)},
            "rescue": None if self.rescue is None else [b64u(a) for a in self.rescue],
        }


def from_json(value: Any) -> Releases:
    """The releases an object spells; a missing key is as good as null. Refused (NotCanonical) when it spells none."""
    if not isinstance(value, dict) or not set(value) <= {"b", "c", "r", "rescue"}:
        raise NotCanonical("releases: not an object with b, c, r, rescue")
    b, rescue = value.get("b"), value.get("rescue")
    if rescue is not None and not isinstance(rescue, list):
        raise NotCanonical("releases.rescue: not a list")
    return Releases(
        b=None if b is None else b64u_bytes(b, "b", length=32),
        c=_keys(value.get("c") or {}, "c"),
        r=_keys(value.get("r") or {}, "r"),
        rescue=None if rescue is None else tuple(b64u_bytes(a, "rescue", length=32) for a in rescue),
    )


def from_statements(statements: Iterable[Mapping[str, Any]], eid: str) -> Releases:
    """The releases of one envelope among well formed `rel/1` statements. Where one repeats, the first counts."""
    b: bytes | None = None
    rescue: tuple[bytes, ...] | None = None
    keys: dict[str, dict[int, bytes]] = {"c": {}, "r": {}}
    for said in statements:
        if said["v"] != "rel/1" or said["eid"] != eid:
            continue
        match said["role"]:
            case "b":
                b = b or b64u_bytes(said["b"], "b", length=32)
            case "rescue":
                rescue = rescue or tuple(b64u_bytes(a, "rescue", length=32) for a in said["rescue"])
            case role:
                keys[role].setdefault(said["i"], b64u_bytes(said["sk"], "sk", length=32))
    return Releases(b, keys["c"], keys["r"], rescue)


def _keys(value: Any, what: str) -> dict[int, bytes]:
    if not isinstance(value, dict):
        raise NotCanonical(f"releases.{what}: not an object")
    keys = {}
    for i, key in value.items():
        if not (i.isdecimal() and i.isascii() and str(int(i)) == i and 1 <= int(i) <= 20):
            raise NotCanonical(f"releases.{what}: {i} is no member's number")
        keys[int(i)] = b64u_bytes(key, f"releases.{what}", length=32)
    return keys
