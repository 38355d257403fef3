"""From a seed to the chosen: every candidate has a ticket, and the lowest tickets win.

No stream of random numbers and no order of drawing: a candidate's ticket depends on the seed, the stratum and his id
alone, so each can check his own with one HMAC, and neither the order of the list nor who else is on it shifts it.
"""

import hashlib
import hmac
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from proofs import canonical
from proofs.canonical import NotCanonical

_CID = re.compile(r"[A-Za-z0-9._-]{1,64}", re.ASCII)


@dataclass(frozen=True)
class Stratum:
    """A group to draw from: how many to choose, how many to keep in reserve."""

    key: str
    need: int
    standby: int


def parse_strata(value: Any) -> tuple[Stratum, ...]:
    """The strata a list spells, in the order they are drawn. Refused (NotCanonical) when it spells none."""
    if not isinstance(value, list) or not value:
        raise NotCanonical("strata: not a list of at least one")
    strata = []
    for item in value:
        canonical.require_keys(item, ("key", "need", "standby"), "strata")
        # The key is followed by a zero byte in the ticket: a text without control characters cannot imitate that.
        canonical.text(item["key"], "strata.key", longest=64)
        canonical.integer(item["need"], 0, 1_000_000, "need")
        canonical.integer(item["standby"], 0, 1_000_000, "standby")
        strata.append(Stratum(item["key"], item["need"], item["standby"]))
    if len({stratum.key for stratum in strata}) != len(strata):
        raise NotCanonical("strata: a key occurs twice")
    return tuple(strata)


def check_pool(pool: Any) -> None:
    """Refused (NotCanonical) unless it is a list of {"cid","org","strata"} sorted by cid, each cid once."""
    if not isinstance(pool, list | tuple):
        raise NotCanonical("pool: not a list")
    last = ""
    for item in pool:
        canonical.require_keys(item, ("cid", "org", "strata"), "pool")
        cid = item["cid"]
        if not isinstance(cid, str) or not _CID.fullmatch(cid):
            raise NotCanonical("pool: a cid is 1…64 of A–Z a–z 0–9 . _ -")
        if cid <= last:
            raise NotCanonical("pool: not sorted by cid, or a cid occurs twice")
        last = cid
        canonical.text(item["org"], "pool.org", longest=128)
        keys = item["strata"]
        if not isinstance(keys, list) or not all(isinstance(key, str) for key in keys) or len(set(keys)) != len(keys):
            raise NotCanonical("pool.strata: not a list of different texts")


def pool_sha256(pool: Sequence[Mapping[str, Any]]) -> str:
    """The hash of a frozen pool in hex. Refused (NotCanonical) when it is none."""
    check_pool(pool)
    return canonical.sha256(canonical.dumps(list(pool))).hex()


def is_plain(item: Mapping[str, Any]) -> bool:
    """Whether a candidate wears no mask: a value, or an organisation under its own code, `CODE.2` … for further lots.

    A mask is 64 hex digits without a dot, so nobody can hide a person behind the name of another's employer.
    """
    return bool(re.fullmatch(re.escape(item["org"]) + r"(\.[1-9][0-9]{0,3})?", item["cid"], re.ASCII))


def masked(number: str, salt: bytes) -> str:
    """The masked id of a person or employer in a pool: HMAC-SHA256(salt, number) in hex."""
    return hmac.digest(salt, number.encode(), hashlib.sha256).hex()


def ticket(seed: bytes, stratum: str, cid: str) -> bytes:
    """A candidate's ticket in a stratum: HMAC-SHA256(seed, "draw1/ticket\\0" ‖ stratum ‖ 0x00 ‖ cid)."""
    return hmac.digest(seed, b"draw1/ticket\0" + stratum.encode() + b"\0" + cid.encode(), hashlib.sha256)


def select(
    seed: bytes, pool: Sequence[Mapping[str, Any]], strata: Sequence[Stratum], *, max_per_org: int | None = None
) -> list[dict[str, Any]]:
    """For each stratum {"key","chosen","standby","skipped","short"}, the lowest tickets first.

    Walked over are those taken in an earlier stratum ("already"; a place in reserve counts as taken) and, among the
    chosen, those whose organisation has its number over all strata ("org"). The reserve is not limited by
    organisation: `seats` looks at that when one of them is called. short: how many of `need` could not be found.
    """
    taken: set[str] = set()
    places: Counter[str] = Counter()
    result = []
    for stratum in strata:
        key = stratum.key
        row = sorted(
            (ticket(seed, key, item["cid"]), item["cid"], item["org"]) for item in pool if key in item["strata"]
        )
        chosen: list[str] = []
        standby: list[str] = []
        skipped: list[list[str]] = []
        for _, cid, org in row:
            choosing = len(chosen) < stratum.need
            if not choosing and len(standby) == stratum.standby:
                break
            if cid in taken:
                skipped.append([cid, "already"])
            elif choosing and max_per_org is not None and places[org] >= max_per_org:
                skipped.append([cid, "org"])
            else:
                (chosen if choosing else standby).append(cid)
                taken.add(cid)
                places[org] += choosing
        result.append(
            {
                "key": key,
                "chosen": chosen,
                "standby": standby,
                "skipped": skipped,
                "short": stratum.need - len(chosen),
            }
        )
    return result


def summary(result: Sequence[Mapping[str, Any]]) -> dict[str, dict[str, list[str]]]:
    """A result by stratum, as the public event `draw.result` gives it: who was chosen, who stands by."""
    return {part["key"]: {"chosen": list(part["chosen"]), "standby": list(part["standby"])} for part in result}


def after_striking(
    result: Sequence[Mapping[str, Any]],
    pool: Sequence[Mapping[str, Any]],
    struck: Sequence[str],
    *,
    max_per_org: int | None = None,
) -> dict[str, list[str]]:
    """Who is asked first in each stratum once these were struck from an order that nobody has been called by yet.

    All of them leave before any place is filled; then each place, in the order struck, goes to the first in reserve
    whose organisation has room. Nobody else's place moves.
    """
    org = {item["cid"]: item["org"] for item in pool}
    asked = {part["key"]: [cid for cid in part["chosen"] if cid not in struck] for part in result}
    waits = {part["key"]: [cid for cid in part["standby"] if cid not in struck] for part in result}
    for cid in struck:
        for key in (part["key"] for part in result if cid in part["chosen"]):
            places = Counter(org[other] for others in asked.values() for other in others)
            room = (other for other in waits[key] if max_per_org is None or places[org[other]] < max_per_org)
            if (following := next(room, None)) is not None:
                waits[key].remove(following)
                asked[key].append(following)
    return asked


def seats(
    result: Sequence[Mapping[str, Any]],
    pool: Sequence[Mapping[str, Any]],
    gone: Sequence[str],
    *,
    max_per_org: int | None = None,
) -> dict[str, list[str]]:
    """Who sits in each stratum after these have refused or fallen out, in the order they did.

    Each freed seat goes to the first in reserve who is not gone, not seated, and whose organisation has room.
    Fewer than were needed: the reserve is used up.
    """
    org = {item["cid"]: item["org"] for item in pool}
    seated = {part["key"]: list(part["chosen"]) for part in result}
    left: set[str] = set()
    called: set[str] = set()
    for cid in gone:
        left.add(cid)
        for part in result:
            row = seated[part["key"]]
            if cid not in row:
                continue
            row.remove(cid)
            places = Counter(org[other] for others in seated.values() for other in others)
            for other in part["standby"]:
                room = max_per_org is None or places[org[other]] < max_per_org
                if other not in left and other not in called and room:
                    called.add(other)
                    row.append(other)
                    break
    return seated
