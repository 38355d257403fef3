"""DRAW.json: a draw's published messages, read strictly, run again, and checked against who signed them.

{"spec","pool","commits":{"1":hex},"deals":{"1":JCS text},"complaints":[{"holder","dealer","sk"}],
 "reveals":{"1":[hex …]},"keys":[{"holder","dealer","sk"}],"statements":[signed …]|absent,"result"}; a slot key is
written in b64u as in its `dp/1`, or in hex. What else a site adds to it (phase, names) is not looked at.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from proofs import canonical, draw, statement
from proofs.canonical import NotCanonical
from proofs.draw import BadDraw, Messages, Outcome, Released, Spec, Void
from proofs.verdict import Identities


@dataclass(frozen=True)
class Transcript:
    """A draw as published. result: what was published as its outcome, None where nothing was."""

    spec: Spec
    pool: list[dict[str, Any]]
    messages: Messages
    statements: list[dict[str, Any]] | None
    result: Any
    randomness: bytes | None = None


def read(value: Any) -> Transcript:
    """The transcript an object spells. Raises BadDraw when it spells none."""
    if not isinstance(value, dict):
        raise BadDraw("not a JSON object")
    try:
        spec = draw.parse_spec(value["spec"])
        beacon = value.get("beacon")
        return Transcript(
            spec=spec,
            pool=_pool(value["pool"]),
            messages=Messages(
                commits=_placed(spec, value["commits"], lambda row: canonical.hex_bytes(row, 32, "commits").hex()),
                deals=_placed(spec, value["deals"], _deal),
                complaints=[_released(row, "complaints") for row in value.get("complaints") or []],
                reveals=_placed(spec, value["reveals"], _reveal),
                keys=[_released(row, "keys") for row in value.get("keys") or []],
            ),
            statements=value.get("statements"),
            result=value.get("result"),
            randomness=None if beacon is None else canonical.hex_bytes(beacon, 32, "beacon"),
        )
    except (NotCanonical, KeyError, TypeError, AttributeError) as wrong:
        raise BadDraw(f"not a DRAW.json: {wrong!r}") from wrong


def rerun(transcript: Transcript) -> Outcome:
    """Run the draw again. Raises Void, Unfinished or BadDraw as `draw.conclude` does, or when the result differs."""
    outcome = draw.conclude(transcript.spec, transcript.pool, transcript.messages, transcript.randomness)
    if transcript.result is not None and transcript.result != outcome.result:
        raise BadDraw("the published result is not the one this draw comes to")
    return outcome


def why_not_authentic(transcript: Transcript, identities: Identities) -> tuple[str, ...]:
    """What of the transcript no trusted key has signed. Empty: every message is its contributor's own.

    A pool attested by one of the contributors counts as not attested.
    """
    signed = [_checked(said, identities) for said in transcript.statements or []]
    spec, messages = transcript.spec, transcript.messages
    sid = spec.sid.hex()
    wrong = [f"a statement does not verify: {why}" for why in signed if isinstance(why, str)]
    said = [row for row in signed if isinstance(row, dict)]

    def has(v: str, org: str, **fields: Any) -> bool:
        return any(row["v"] == v and row["org"] == org and fields.items() <= row.items() for row in said)

    for one in spec.contributors:
        digest = canonical.sha256(one.keys).hex()
        if not has("dk/1", one.org, id=spec.id, j=one.i, keys_sha256=digest):
            wrong.append(f"contributor {one.i} has not signed its keys")
        if one.i in messages.commits and not has("dc/1", one.org, sid=sid, j=one.i, h=messages.commits[one.i]):
            wrong.append(f"contributor {one.i} has not signed its commitment")
        deal = messages.deals.get(one.i)
        if deal is not None:
            digest = canonical.sha256(deal.encode()).hex()
            if not has("dd/1", one.org, sid=sid, j=one.i, deal_sha256=digest):
                wrong.append(f"contributor {one.i} has not signed its deal")
        if one.i in messages.reveals:
            row = [coefficient.hex() for coefficient in messages.reveals[one.i]]
            if not has("dr/1", one.org, sid=sid, j=one.i, r=row):
                wrong.append(f"contributor {one.i} has not signed its reveal")
    for released in (*messages.complaints, *messages.keys):
        org = next((one.org for one in spec.contributors if one.i == released.holder), "")
        fields = {"sid": sid, "j": released.holder, "dealer": released.dealer, "sk": canonical.b64u(released.sk)}
        if not has("dp/1", org, **fields):
            wrong.append(f"contributor {released.holder} has not signed its slot key for {released.dealer}")
    contributors = {one.org for one in spec.contributors}
    if not any(
        row["v"] == "pool/1" and row["pool_sha256"] == spec.pool_sha256 and row["org"] not in contributors
        for row in said
    ):
        wrong.append("nobody outside the draw has attested the pool")
    return tuple(wrong)


def is_void(transcript: Transcript) -> bool:
    """Whether the published messages make the draw void, as far as they go."""
    try:
        rerun(transcript)
    except Void:
        return True
    except BadDraw:
        return False
    return False


def _checked(said: Any, identities: Identities) -> dict[str, Any] | str:
    try:
        checked = statement.check(said)
    except NotCanonical as wrong:
        return str(wrong)
    key = identities.get(checked["org"], {}).get(checked["gen"])
    if key is None:
        return f"no trusted key of {checked['org']} generation {checked['gen']}"
    return checked if statement.verify(checked, key) else f"{checked['v']} of {checked['org']}"


def _pool(value: Any) -> list[dict[str, Any]]:
    if not isinstance(value, list):
        raise NotCanonical("pool: not a list")
    return value


def _placed(spec: Spec, table: Mapping[str, Any], read_row: Any) -> dict[int, Any]:
    places = {str(i): i for i in range(1, spec.m + 1)}
    if not set(table) <= set(places):
        raise NotCanonical(f"a place is none of 1…{spec.m}")
    return {places[place]: read_row(row) for place, row in sorted(table.items())}


def _deal(value: Any) -> str:
    if not isinstance(value, str):
        raise NotCanonical("deals: not a text")
    return value


def _reveal(value: Any) -> Sequence[bytes]:
    if not isinstance(value, list):
        raise NotCanonical("reveals: not a list")
    return [canonical.hex_bytes(row, 32, "reveals") for row in value]


def _released(value: Any, what: str) -> Released:
    row = canonical.require_keys(value, ("holder", "dealer", "sk"), what)
    sk = row["sk"]
    key = canonical.hex_bytes(sk, 32, what) if len(str(sk)) == 64 else canonical.b64u_bytes(sk, what, length=32)
    holder, dealer = (canonical.integer(row[name], 1, 255, what) for name in ("holder", "dealer"))
    return Released(holder, dealer, key)
