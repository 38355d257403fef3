"""What a bidder leaves as a guarantee: a small file among the sealed documents, signed with them by the bid's index.

`guarantee.json` = {"v": "guarantee/1", "kind": "bank"|"insurance"|"transfer", "amount": yuan, "number", "issuer",
                    "until": "YYYY-MM-DD" or "", "file": name of the file that shows it}
"""

import json
import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from proofs import canonical
from proofs.canonical import NotCanonical

FILE = "guarantee.json"
MOST_BYTES = 16_384
KINDS = ("bank", "insurance", "transfer")
AMOUNT = re.compile(r"(0|[1-9][0-9]{0,12})\.[0-9]{2}")


@dataclass(frozen=True)
class Guarantee:
    """kind: of `KINDS`.  amount: yuan, two decimals.  until: last day it holds, empty where it has none."""

    kind: str
    amount: str
    number: str
    issuer: str
    until: str
    file: str


def parse(data: bytes, *, files: Collection[str]) -> Guarantee:
    """The guarantee these bytes name.  files: names of the files beside it.

    Refused (NotCanonical) where a word is not as it is spelt above, or the file it names is not there.
    """
    if len(data) > MOST_BYTES:
        raise NotCanonical("guarantee: too long")
    try:
        told: Any = json.loads(data)
    except (ValueError, RecursionError) as wrong:
        raise NotCanonical(f"guarantee: no JSON: {wrong}") from wrong
    canonical.require_keys(told, ("v", "kind", "amount", "number", "issuer", "until", "file"), "guarantee")
    if told["v"] != "guarantee/1" or told["kind"] not in KINDS:
        raise NotCanonical("guarantee: not guarantee/1, or of no known kind")
    amount = canonical.text(told["amount"], "guarantee.amount", longest=16)
    if not AMOUNT.fullmatch(amount):
        raise NotCanonical("guarantee: no amount")
    until = canonical.text(told["until"], "guarantee.until", longest=10) if told["until"] != "" else ""
    if until:
        try:
            date.fromisoformat(until)
        except ValueError as wrong:
            raise NotCanonical(f"guarantee: no day: {until}") from wrong
    file = canonical.text(told["file"], "guarantee.file")
    if file not in files or file == FILE:
        raise NotCanonical("guarantee: its file is not among the files")
    number = canonical.text(told["number"], "guarantee.number", longest=100)
    return Guarantee(
        told["kind"], amount, number, canonical.text(told["issuer"], "guarantee.issuer", longest=200), until, file
    )
