"""Whom a bidder would have lead the project: a small file among the sealed documents, signed with them by the index.

`leader.json` = {"v": "leader/1", "name", "id_number", "certificate"}; certificate: its kind and number, or "".
"""

import json
from dataclasses import dataclass
from typing import Any

from proofs import canonical
from proofs.canonical import NotCanonical

FILE = "leader.json"
MOST_BYTES = 4096


@dataclass(frozen=True)
class Leader:
    """id_number: of 18 characters; whoever reads it hashes and forgets it."""

    name: str
    id_number: str
    certificate: str


def parse(data: bytes) -> Leader:
    """The leader these bytes name. Refused (NotCanonical) where a word is not as it is spelt above."""
    if len(data) > MOST_BYTES:
        raise NotCanonical("leader: too long")
    try:
        told: Any = json.loads(data)
    except (ValueError, RecursionError) as wrong:
        raise NotCanonical(f"leader: no JSON: {wrong}") from wrong
    canonical.require_keys(told, ("v", "name", "id_number", "certificate"), "leader")
    if told["v"] != "leader/1":
        raise NotCanonical("leader: not leader/1")
    number = canonical.text(told["id_number"], "leader.id_number", longest=18)
    certificate = canonical.text(told["certificate"], "leader.certificate", longest=100) if told["certificate"] else ""
    return Leader(canonical.text(told["name"], "leader.name", longest=64), number, certificate)
