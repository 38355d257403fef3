"""Who had enrolled at the deadline of a choice in the supermarket, committed to before anybody may know how many.

closing  = H("sbe1/entrants\\0" ‖ nonce32 ‖ JCS{"v":"ent/1","number","deadline","live":[{"org","leaf"}…]})
           live sorted by org, each once; leaf = H(0x00 ‖ entry of the sealed log) of its enrolment
entrants = JCS{"v":"entrants/1","number","deadline","closing","nonce","sealed_log":{"size","root"},"note",
           "live":[{"org","name","event","nonce","index","proof"}…]}       published once names may be known

A firm that was left out shows its receipt, which names a leaf that is not in `live`; one that was put in afterwards
has no leaf under the checkpoint that was logged with the closing.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from proofs import canonical, merkle
from proofs.canonical import NotCanonical

_LISTED = ("org", "leaf")
_KEYS = ("v", "number", "deadline", "closing", "nonce", "sealed_log", "note", "live")
_ROW = ("org", "name", "event", "nonce", "index", "proof")
ENROLLED = "selection.enrolled"


def build(number: str, deadline: str, live: Iterable[Mapping[str, str]]) -> bytes:
    """The list's canonical bytes. Refused (NotCanonical) when an organisation is on it twice."""
    rows = sorted(({key: row[key] for key in _LISTED} for row in live), key=lambda row: row["org"])
    if len({row["org"] for row in rows}) != len(rows):
        raise NotCanonical("entrants.live: an organisation is on the list twice")
    for row in rows:
        canonical.hex_bytes(row["leaf"], 32, "leaf")
    return canonical.dumps({"v": "ent/1", "number": number, "deadline": deadline, "live": rows})


def commitment(nonce: bytes, listing: bytes) -> str:
    """The hash that is logged at the closing, in hex."""
    if len(nonce) != 32:
        raise NotCanonical("entrants: the nonce is not 32 bytes")
    return canonical.sha256(b"sbe1/entrants\0", nonce, listing).hex()


def leaf_of(event: Mapping[str, Any], nonce: bytes) -> bytes:
    """H(0x00 ‖ entry) of a blinded event in the sealed log."""
    blinded = canonical.sha256(b"ev1/blind\0", nonce, canonical.dumps(event)).hex()
    return canonical.sha256(b"\0", canonical.dumps({"v": "ev/1", "c": blinded}))


def why_not_entrants(told: Any) -> tuple[str, ...]:
    """What does not hold of a published list. Empty: it is the list of the closing, all of it logged before then."""
    try:
        return tuple(_faults(told))
    except (NotCanonical, KeyError, TypeError, ValueError, AttributeError) as wrong:
        return (f"not entrants/1: {wrong}",)


def _faults(told: Any) -> list[str]:
    canonical.require_keys(told, _KEYS, "entrants")
    if told["v"] != "entrants/1":
        raise NotCanonical("not entrants/1")
    size, root = told["sealed_log"]["size"], canonical.hex_bytes(told["sealed_log"]["root"], 32, "root")
    faults: list[str] = []
    listed = []
    for row in told["live"]:
        canonical.require_keys(row, _ROW, "entrants.live")
        event, org = row["event"], row["org"]
        leaf = leaf_of(event, canonical.hex_bytes(row["nonce"], 32, "nonce"))
        listed.append({"org": org, "leaf": leaf.hex()})
        said = event["d"]
        if (event["t"], said["stream"], said["org"]) != (ENROLLED, f"project/{told['number']}", org):
            faults.append(f"{org}: its entry says something else")
        if not said["received"] < told["deadline"]:
            faults.append(f"{org}: enrolled after the deadline")
        proof = [canonical.hex_bytes(each, 32, "proof") for each in row["proof"]]
        if not merkle.verify_inclusion(leaf=leaf, index=row["index"], size=size, proof=proof, root=root):
            faults.append(f"{org}: its entry is not in the sealed log of the closing")
    listing = build(told["number"], told["deadline"], listed)
    if commitment(canonical.hex_bytes(told["nonce"], 32, "nonce"), listing) != told["closing"]:
        faults.append("the list is not the one of the closing")
    return faults
