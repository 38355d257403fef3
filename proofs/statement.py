"""Signed statements: what an organisation says, in exactly one spelling, under its identity key.

Every statement has `v, org, gen, ts, sig` and its kind's own keys, no more and no less; those about a unit have
`unit`. Statements about a whole tender (present, ack, obj, few) name its `sheet` unit (the first that is opened).

    signature = Ed25519("sbe1/" ‖ v ‖ "\\0" ‖ JCS(statement without "sig"))
"""

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Protocol

from proofs import canonical, ed25519
from proofs.canonical import NotCanonical

PARTS = ("sheet", "body", "tech", "price")
LONGEST_SHEET = 16_384  # bytes
SHEET_DEPTH = 4  # objects and lists within one another
REHEARSAL = "rehearsal"

Check = Callable[[Any, str], Any]
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?Z", re.ASCII)
_CODE = re.compile(r"[0-9A-Z]{18}")


class Signer(Protocol):
    """Who signs: an organisation's key file today, a certificate or a hardware key tomorrow."""

    @property
    def org(self) -> str: ...

    @property
    def gen(self) -> int: ...

    def sign(self, message: bytes) -> bytes: ...


def unit(value: Any, what: str = "unit") -> dict[str, Any]:
    """A unit `{"tender","lot":"1","part"}`, or a draw's `{"draw"}`. Refused (NotCanonical) otherwise."""
    if isinstance(value, dict) and "draw" in value:
        drawn = canonical.require_keys(value, ("draw",), what)
        canonical.text(drawn["draw"], f"{what}.draw", longest=128)
        return drawn
    named = canonical.require_keys(value, ("tender", "lot", "part"), what)
    canonical.text(named["tender"], f"{what}.tender", longest=128)
    if named["lot"] != "1":
        raise NotCanonical(f'{what}.lot: one project is one lot, "1"')
    if named["part"] not in PARTS:
        raise NotCanonical(f"{what}.part: not one of {PARTS}")
    return named


def timestamp(value: Any, what: str = "ts") -> datetime:
    """A UTC instant `2026-11-21T22:58:03.000000Z`, 0 to 6 digits of a second. Refused (NotCanonical) otherwise."""
    if isinstance(value, str) and _TIME.fullmatch(value):
        try:
            return datetime.fromisoformat(value)
        except ValueError:
            pass
    raise NotCanonical(f"{what}: not a UTC time like 2026-11-21T22:58:03.000000Z")


def message(statement: Mapping[str, Any]) -> bytes:
    """The bytes a statement's signature is over."""
    unsigned = {key: value for key, value in statement.items() if key != "sig"}
    return b"sbe1/" + str(statement["v"]).encode() + b"\0" + canonical.spelled(unsigned)


def sign(v: str, fields: Mapping[str, Any], *, by: Signer, ts: str) -> dict[str, Any]:
    """The signed statement of kind v. Refused (NotCanonical) when the fields are not exactly its own."""
    statement = {**fields, "v": v, "org": by.org, "gen": by.gen, "ts": ts}
    signed = {**statement, "sig": canonical.b64u(by.sign(message(statement)))}
    check(signed, v=v)
    return signed


def check(value: Any, *, v: str | None = None) -> dict[str, Any]:
    """The statement, well formed and of kind v if given. Refused (NotCanonical) otherwise. Not its signature."""
    kind = value.get("v") if isinstance(value, dict) else None
    if not isinstance(kind, str) or kind not in KINDS or (v is not None and kind != v):
        raise NotCanonical(f"not a statement of kind {v}" if v else "not a statement of a known kind")
    fields = _fields(value, kind)
    statement = canonical.require_keys(value, ("v", "org", "gen", "ts", "sig", *fields), kind)
    canonical.text(statement["org"], "org", longest=64)
    canonical.integer(statement["gen"], 1, 65_535, "gen")
    timestamp(statement["ts"])
    canonical.b64u_bytes(statement["sig"], "sig", length=64)
    for key, test in fields.items():
        test(statement[key], key)
    return statement


def verify(statement: Mapping[str, Any], key: bytes) -> bool:
    """True when a well formed statement carries this identity key's strict signature."""
    signature = canonical.b64u_bytes(statement["sig"], "sig", length=64)
    return ed25519.verify(key, signature, message(statement))


def read(data: bytes, *, v: str | None = None) -> dict[str, Any]:
    """The well formed statement these canonical bytes spell. Refused (NotCanonical) otherwise."""
    return check(canonical.parse(data), v=v)


def digest(statement: Mapping[str, Any]) -> str:
    """H(JCS(statement with sig)) in hex: `sub_sha256` of the closing manifest."""
    return canonical.sha256(canonical.spelled(statement)).hex()


def _hex(length: int) -> Check:
    return lambda value, what: canonical.hex_bytes(value, length, what)


def _b64u(length: int) -> Check:
    return lambda value, what: canonical.b64u_bytes(value, what, length=length)


def _int(low: int, high: int) -> Check:
    return lambda value, what: canonical.integer(value, low, high, what)


def _optional(test: Check) -> Check:
    return lambda value, what: None if value is None else test(value, what)


def _one_of(*allowed: str) -> Check:
    def test(value: Any, what: str) -> None:
        if value not in allowed:
            raise NotCanonical(f"{what}: not one of {allowed}")

    return test


def _text(longest: int) -> Check:
    return lambda value, what: canonical.text(value, what, longest=longest)


def _credit_code(value: Any, what: str) -> None:
    """An organisation's code as GB 32100-2015 spells it; not its check character."""
    if not isinstance(value, str) or not _CODE.fullmatch(value):
        raise NotCanonical(f"{what}: not 18 digits and capitals")


def _closing(value: Any, what: str) -> None:
    """A closing's hash; empty where a release is bound to none, "rehearsal" at the trial opening."""
    if value not in ("", REHEARSAL):
        canonical.hex_bytes(value, 32, what)


def _eid_or_none(value: Any, what: str) -> None:
    """An envelope; empty where a holder releases a slot by hand without saying for which."""
    if value != "":
        canonical.hex_bytes(value, 16, what)


def _prose(value: Any, what: str) -> None:
    """What a person wrote: 1…2,000 characters, line breaks allowed."""
    if not isinstance(value, str) or not 1 <= len(value) <= 2_000:
        raise NotCanonical(f"{what}: not a text of 1…2000 characters")
    canonical.dumps(value)


def _sheet(value: Any, what: str) -> None:
    """What is read out: it goes into a public entry as it is, so it must fit one and be kept by any database."""
    if not isinstance(value, dict):
        raise NotCanonical(f"{what}: not an object")
    _shallow(value, what, SHEET_DEPTH)
    if len(canonical.dumps(value)) > LONGEST_SHEET:
        raise NotCanonical(f"{what}: longer than {LONGEST_SHEET} bytes")


def _shallow(value: Any, what: str, left: int) -> None:
    if isinstance(value, str) and "\0" in value:
        raise NotCanonical(f"{what}: holds a null character")
    if isinstance(value, dict | list):
        if not left:
            raise NotCanonical(f"{what}: deeper than {SHEET_DEPTH}")
        for item in [*value, *value.values()] if isinstance(value, dict) else value:
            _shallow(item, what, left - 1)


def _files(value: Any, what: str) -> None:
    """The files of an envelope: plain, different names, so that none can be written outside its folder."""
    if not isinstance(value, list):
        raise NotCanonical(f"{what}: not a list")
    for file in value:
        canonical.require_keys(file, ("name", "size", "sha256"), what)
        name = canonical.text(file["name"], f"{what}.name")
        if name in (".", "..") or "/" in name or "\\" in name or len(name.encode()) > 255:
            raise NotCanonical(f"{what}.name: not a plain file name")
        canonical.integer(file["size"], 0, canonical.LARGEST, f"{what}.size")
        canonical.hex_bytes(file["sha256"], 32, f"{what}.sha256")
    if len({file["name"] for file in value}) != len(value):
        raise NotCanonical(f"{what}: a name occurs twice")


def _coefficients(value: Any, what: str) -> None:
    if not isinstance(value, list) or not 1 <= len(value) <= 20:
        raise NotCanonical(f"{what}: not a list of 1…20")
    for item in value:
        canonical.hex_bytes(item, 32, what)


def _rescue_coefficients(value: Any, what: str) -> None:
    if not isinstance(value, list) or not 2 <= len(value) <= 20:
        raise NotCanonical(f"{what}: not a list of 2…20")
    for item in value:
        canonical.b64u_bytes(item, what, length=32)


_EID, _HASH, _SLOT, _SEQ, _KEY = _hex(16), _hex(32), _int(0, 65_535), _int(1, 65_535), _b64u(32)
_UNIT: Mapping[str, Check] = {"unit": unit}
_DRAW: Mapping[str, Check] = {"sid": _HASH, "j": _int(1, 20)}

KINDS: Mapping[str, Mapping[str, Check]] = {
    "idk/1": {"key": _KEY, "not_before": timestamp},
    "idr/1": {"revokes": _int(1, 65_535)},
    "slots/1": {**_UNIT, "role": _one_of("c", "r", "d"), "n": _int(1, 65_536), "keys_sha256": _HASH},
    "idx/1": {**_UNIT, "eid": _EID, "sheet": _sheet, "files": _files},
    "sub/1": {
        **_UNIT,
        "eid": _EID,
        "slot": _SLOT,
        "cmh": _HASH,
        "env_sha256": _HASH,
        "size": _int(1, canonical.LARGEST),
        "seq": _SEQ,
        "replaces": _optional(_HASH),
    },
    "wd/1": {**_UNIT, "eid": _EID, "seq": _SEQ},
    "present/1": _UNIT,
    "rel/1": _UNIT,  # and the keys of its role: RELEASES
    "ack/1": {**_UNIT, "record_sha256": _HASH},
    "rdy/1": {**_UNIT, "cmh": _HASH},
    "obj/1": {**_UNIT, "text": _prose},
    "con/1": {**_UNIT, "lead": _credit_code, "agreement_sha256": _HASH},
    "drill/1": {"person": _text(36), "challenge": _HASH},
    "few/1": {**_UNIT, "closing": _HASH, "min": _int(1, 1_000)},
    "pool/1": {"pool_sha256": _HASH},
    "dk/1": {"id": _text(128), "j": _int(1, 20), "keys_sha256": _HASH},
    "dc/1": {**_DRAW, "h": _HASH},
    "dd/1": {**_DRAW, "deal_sha256": _HASH},
    "dp/1": {**_DRAW, "dealer": _int(1, 20), "sk": _KEY},
    "dr/1": {**_DRAW, "r": _coefficients},
}
RELEASES: Mapping[str, Mapping[str, Check]] = {
    "b": {"eid": _EID, "role": _one_of("b"), "closing": _closing, "b": _KEY},
    "c": {
        "eid": _eid_or_none,
        "role": _one_of("c"),
        "closing": _closing,
        "i": _int(1, 20),
        "slot": _SLOT,
        "sk": _KEY,
    },
    "r": {"eid": _EID, "role": _one_of("r"), "closing": _closing, "i": _int(1, 20), "slot": _SLOT, "sk": _KEY},
    # The bidder's own rescue where holders fail: C's polynomial, a_0 … a_(k−1).
    "rescue": {"eid": _EID, "role": _one_of("rescue"), "closing": _closing, "rescue": _rescue_coefficients},
}


def _fields(statement: Mapping[str, Any], kind: str) -> Mapping[str, Check]:
    if kind != "rel/1":
        return KINDS[kind]
    role = statement.get("role")
    if not isinstance(role, str) or role not in RELEASES:
        raise NotCanonical("rel/1: role is none of b, c, r, rescue")
    return {**KINDS[kind], **RELEASES[role]}
