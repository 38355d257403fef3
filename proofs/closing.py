"""The closing manifest: which envelopes were live at the deadline, committed to before anyone may know how many.

closing = H("sbe1/closing\\0" ‖ nonce32 ‖ JCS{"v":"cls/1","tender","live":[{"part","eid","slot","env_sha256",
          "sub_sha256"}…]})        live sorted by (part, eid), eid unique, slot unique per part
"""

from collections.abc import Iterable, Mapping
from typing import Any

from proofs import canonical
from proofs.canonical import NotCanonical
from proofs.statement import PARTS

_KEYS = ("part", "eid", "slot", "env_sha256", "sub_sha256")


def build(tender: str, live: Iterable[Mapping[str, Any]]) -> bytes:
    """The list's canonical bytes. Refused (NotCanonical) when an eid, or a slot within its part, occurs twice."""
    chosen = sorted(({key: row[key] for key in _KEYS} for row in live), key=_order)
    data = canonical.dumps({"v": "cls/1", "tender": tender, "live": chosen})
    parse(data)
    return data


def parse(data: bytes) -> dict[str, Any]:
    """The list these bytes spell. Refused (NotCanonical) when they spell none."""
    cls = canonical.require_keys(canonical.parse(data), ("v", "tender", "live"), "closing")
    if cls["v"] != "cls/1":
        raise NotCanonical("closing: not cls/1")
    canonical.text(cls["tender"], "tender", longest=128)
    if not isinstance(cls["live"], list):
        raise NotCanonical("closing.live: not a list")
    for row in cls["live"]:
        canonical.require_keys(row, _KEYS, "closing.live")
        if row["part"] not in PARTS:
            raise NotCanonical("closing.live.part: unknown")
        canonical.hex_bytes(row["eid"], 16, "eid")
        canonical.integer(row["slot"], 1, 65_535, "slot")
        canonical.hex_bytes(row["env_sha256"], 32, "env_sha256")
        canonical.hex_bytes(row["sub_sha256"], 32, "sub_sha256")
    live = cls["live"]
    if live != sorted(live, key=_order):
        raise NotCanonical("closing.live: not sorted by part and eid")
    if len({row["eid"] for row in live}) != len(live):
        raise NotCanonical("closing.live: an eid occurs twice")
    if len({(row["part"], row["slot"]) for row in live}) != len(live):
        raise NotCanonical("closing.live: a slot occurs twice within its part")
    return cls


def commitment(nonce: bytes, data: bytes) -> str:
    """The closing hash in hex."""
    if len(nonce) != 32:
        raise NotCanonical("closing: the nonce is not 32 bytes")
    return canonical.sha256(b"sbe1/closing\0", nonce, data).hex()


def _order(row: Mapping[str, Any]) -> tuple[str, str]:
    return str(row["part"]), str(row["eid"])
