"""Who bids together: a small file among the technical documents, signed with them by the lead member's index.

`consortium.json` = {"v": "consortium/1", "agreement": name of the file that holds the agreement,
                     "members": [{"org": credit code, "name", "work": what this member does}, …]}

The lead, who signs the bid, is not among the members. Each member says itself that it takes part: it signs `con/1` for
the unit that holds the documents, the lead and the agreement's hash, on its own machine, and gives it to the lead, who
seals it as `consent-<credit code>.json`, a list of such statements (one for each lot they bid for). Nobody else learns
of it before the opening.
"""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from proofs import canonical, statement
from proofs.canonical import NotCanonical

FILE = "consortium.json"
MOST_BYTES = 65_536
MOST_MEMBERS = 10
CONSENT = "con/1"
MOST_CONSENTS = 20


@dataclass(frozen=True)
class Member:
    """A member besides the lead.  org: credit code as written.  work: what it does."""

    org: str
    name: str
    work: str


@dataclass(frozen=True)
class Consortium:
    """The members besides the lead, and the name of the agreement's file."""

    members: tuple[Member, ...]
    agreement: str


def parse(data: bytes, *, lead: str, files: Collection[str]) -> Consortium:
    """The consortium these bytes name.  lead: who signs the bid.  files: names of the files beside it.

    Refused (NotCanonical) when they name none, a member twice or the lead himself, or an agreement that is not there.
    """
    if len(data) > MOST_BYTES:
        raise NotCanonical("consortium: too long")
    try:
        told: Any = json.loads(data)
    except (ValueError, RecursionError) as wrong:
        raise NotCanonical(f"consortium: no JSON: {wrong}") from wrong
    canonical.require_keys(told, ("v", "agreement", "members"), "consortium")
    if told["v"] != "consortium/1" or not isinstance(told["members"], list):
        raise NotCanonical("consortium: not consortium/1")
    if not 1 <= len(told["members"]) <= MOST_MEMBERS:
        raise NotCanonical("consortium: no members, or too many")
    members = tuple(_member(each) for each in told["members"])
    codes = {member.org for member in members} | {lead}
    if len(codes) != len(members) + 1:
        raise NotCanonical("consortium: a member occurs twice, or the lead among them")
    agreement = canonical.text(told["agreement"], "consortium.agreement")
    if agreement not in files or agreement == FILE:
        raise NotCanonical("consortium: its agreement is not among the files")
    return Consortium(members, agreement)


def consent_file(org: str) -> str:
    """The name of the file in which a member's consent is sealed."""
    return f"consent-{org}.json"


def consents(
    data: bytes,
    *,
    org: str,
    lead: str,
    unit: Mapping[str, Any],
    agreement_sha256: str,
    keys: Mapping[int, bytes],
) -> bool:
    """Whether these bytes hold a member's own word that it bids with this lead under this agreement for this unit.

    keys: the member's pinned identity keys by generation. Bytes that spell no statements hold no word.
    """
    if len(data) > MOST_BYTES:
        return False
    try:
        told: Any = json.loads(data)
        said = [statement.check(one, v=CONSENT) for one in told[:MOST_CONSENTS]] if isinstance(told, list) else []
    except (ValueError, RecursionError):
        return False
    return any(
        one["org"] == org
        and one["lead"] == lead
        and one["unit"] == dict(unit)
        and one["agreement_sha256"] == agreement_sha256
        and one["gen"] in keys
        and statement.verify(one, keys[one["gen"]])
        for one in said
    )


def _member(value: Any) -> Member:
    canonical.require_keys(value, ("org", "name", "work"), "consortium.member")
    return Member(
        canonical.text(value["org"], "consortium.org", longest=18),
        canonical.text(value["name"], "consortium.name", longest=200),
        canonical.text(value["work"], "consortium.work", longest=500),
    )
