"""Who bids together: a small file among the technical documents, signed with them by the lead member's index.

`consortium.json` = {"v": "consortium/1", "agreement": name of the file that holds the agreement,
                     "members": [{"org": credit code, "name", "work": what this member does}, …]}

The lead, who signs the bid, is not among the members.
"""

import json
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from proofs import canonical
from proofs.canonical import NotCanonical

FILE = "consortium.json"
MOST_BYTES = 65_536
MOST_MEMBERS = 10


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


def _member(value: Any) -> Member:
    canonical.require_keys(value, ("org", "name", "work"), "consortium.member")
    return Member(
        canonical.text(value["org"], "consortium.org", longest=18),
        canonical.text(value["name"], "consortium.name", longest=200),
        canonical.text(value["work"], "consortium.work", longest=500),
    )
