"""How the house's ids, instants and amounts are spelled in OCDS, and how releases become a record. Pure.

Spec: OCDS 1.1.5 with the extensions named in EXTENSIONS.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from rulebook.calendar import CHINA
from rulebook.times import parse_iso

Json = dict[str, Any]
VERSION = "1.1"
_HOME = "https://raw.githubusercontent.com/open-contracting-extensions/ocds_{}_extension/{}/extension.json"
EXTENSIONS = (
    _HOME.format("bid", "v1.1.5"),
    _HOME.format("lots", "v1.1.5"),
    _HOME.format("enquiry", "v1.1.5"),
    _HOME.format("bidOpening", "master"),  # it has no release of its own
)
# The lists of org-id.guide know Chinese firms alone (CN-SAIC). The unified code is one register for firms, offices
# and institutions alike, so that one scheme keeps whoever buys here and sells there one party.
SCHEME = "CN-USCC"
CITIZEN = "GR"  # how the platform's own codes of citizens begin: no register knows them
LISTS_WHOLE = frozenset({"tag", "roles", "submissionMethod", "relationship"})  # replaced, not joined, in a record


def ocid_of(number: str, *, prefix: str) -> str:
    """The id of a contracting process: one lot of one purchase, which the house runs as one project."""
    return f"{prefix}-{number}"


def release_id(ocid: str, seq: int) -> str:
    """The id of a release: its process, and the number of the log's entry it tells."""
    return f"{ocid}-{seq}"


def instant(value: datetime | str) -> str:
    """An instant in the time of China, as OCDS writes it."""
    at = parse_iso(value) if isinstance(value, str) else value
    return at.astimezone(CHINA).isoformat(timespec="seconds")


def exactly(value: datetime) -> str:
    """The same with microseconds, all in one length: releases are put in order by this text."""
    return value.astimezone(CHINA).isoformat(timespec="microseconds")


def day_end(day: str) -> str:
    """The last second of a day in China: a day is due until it is over."""
    return f"{day}T23:59:59+08:00"


def yuan(amount: str | Decimal) -> Json:
    """An amount in yuan. JSON knows only one kind of number: two decimals under 10¹³ yuan survive it unchanged."""
    value = Decimal(amount)
    return {"amount": int(value) if value == value.to_integral_value() else float(value), "currency": "CNY"}


def reference(org: str, name: str = "") -> Json:
    """How a party is named from elsewhere in a release."""
    return {"id": party_id(org), **({"name": name} if name else {})}


def party_id(org: str) -> str:
    return org if org.startswith(CITIZEN) else f"{SCHEME}-{org}"


def party(org: str, name: str, *roles: str, **more: Any) -> Json:
    """A party to the process with what it is there.  more: address, contactPoint; empty ones are left out."""
    known = {} if org.startswith(CITIZEN) else {"identifier": {"scheme": SCHEME, "id": org, "legalName": name}}
    told = {key: value for key, value in more.items() if value}
    return {"id": party_id(org), "name": name, "roles": list(roles), **known, **told}


def award_id(number: str, org: str) -> str:
    return f"{number}-award-{org}"


def contract_id(number: str) -> str:
    """A process has one contract at most: who declines never signs."""
    return f"{number}-contract"


def compiled(releases: Iterable[Json]) -> Json:
    """What the releases of one process say together, the latest word on everything.

    releases: in the order of the log, at least one.
    Spec: the merging routine of OCDS: whoever merges the releases himself comes to the same.
    """
    told: Json = {}
    for release in releases:
        told = merged(told, release)
    told["id"], told["tag"] = f"{told['ocid']}-{told['date']}", ["compiled"]
    return told


def merged(old: Mapping[str, Any], new: Mapping[str, Any]) -> Json:
    told = dict(old)
    for key, value in new.items():
        held = told.get(key)
        if isinstance(value, Mapping) and isinstance(held, Mapping):
            told[key] = merged(held, value)
        elif isinstance(value, list) and isinstance(held, list) and key not in LISTS_WHOLE:
            told[key] = _joined(held, value)
        else:
            told[key] = value
    return told


def _joined(old: list[Any], new: list[Any]) -> list[Any]:
    """Objects with an id are one object; whatever has none takes the place of the whole list."""
    if not all(isinstance(each, Mapping) and "id" in each for each in (*old, *new)):
        return new
    rows = {each["id"]: each for each in old}
    for each in new:
        rows[each["id"]] = merged(rows[each["id"]], each) if each["id"] in rows else each
    return list(rows.values())
