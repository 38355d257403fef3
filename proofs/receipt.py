"""The receipt a bidder gets for what he sent: a signed note that names the sealed log's leaf.

A withdrawal is receipted alike, with the lines `withdrawal EID seq N` and `wd sha256:…` in place of the bid's.
The receipt's key is held by the web workers: a thief could forge receipts but not entries of the log.
Receipt and leaf are bound one way only; the entry's event does not contain the receipt.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from proofs import canonical, note, statement
from proofs.note import BadNote, Signer, Verifier

_HEX = "[0-9a-f]"
_NUMBER = r"(?:0|[1-9]\d{0,15})"
_HEAD = re.compile(
    r"receipt/v1\nunit (?P<unit>\{.*\})\nbidder (?P<bidder>[^ \n]{1,64}) gen (?P<gen>[1-9]\d{0,4})\n", re.ASCII
)
_BID = re.compile(
    rf"bid (?P<eid>{_HEX}{{32}}) seq (?P<seq>[1-9]\d{{0,4}}) slot (?P<slot>{_NUMBER})"
    rf" replaces sha256:(?P<replaces>{_HEX}{{64}}|-)\n"
    rf"envelope sha256:(?P<envelope>{_HEX}{{64}}) size (?P<size>[1-9]\d{{0,15}})\nsub sha256:(?P<sub>{_HEX}{{64}})\n",
    re.ASCII,
)
_WITHDRAWAL = re.compile(
    rf"withdrawal (?P<eid>{_HEX}{{32}}) seq (?P<seq>[1-9]\d{{0,4}})\nwd sha256:(?P<wd>{_HEX}{{64}})\n", re.ASCII
)
_TAIL = re.compile(rf"received (?P<received>[^\n]+)\nleaf sha256:(?P<leaf>{_HEX}{{64}})\n", re.ASCII)


@dataclass(frozen=True)
class Bid:
    """What was received: an envelope under its `sub/1`. `sub` and `envelope` are SHA-256 in hex."""

    eid: str
    seq: int
    slot: int
    replaces: str | None
    envelope: str
    size: int
    sub: str

    def lines(self) -> str:
        return (
            f"bid {self.eid} seq {self.seq} slot {self.slot} replaces sha256:{self.replaces or '-'}\n"
            f"envelope sha256:{self.envelope} size {self.size}\nsub sha256:{self.sub}\n"
        )


@dataclass(frozen=True)
class Withdrawal:
    """What was received: a `wd/1`. `wd` is its SHA-256 in hex."""

    eid: str
    seq: int
    wd: str

    def lines(self) -> str:
        return f"withdrawal {self.eid} seq {self.seq}\nwd sha256:{self.wd}\n"


@dataclass(frozen=True)
class Receipt:
    """One receipt. received: the UTC instant the last byte was in.  leaf: SHA-256(0x00 ‖ sealed log entry), hex."""

    unit: Mapping[str, Any]
    bidder: str
    gen: int
    what: Bid | Withdrawal
    received: str
    leaf: str

    def text(self) -> str:
        """The text that is signed."""
        unit = canonical.dumps(self.unit).decode()
        head = f"receipt/v1\nunit {unit}\nbidder {self.bidder} gen {self.gen}\n"
        return head + self.what.lines() + f"received {self.received}\nleaf sha256:{self.leaf}\n"

    def signed(self, signer: Signer) -> str:
        """The receipt as a note signed by the receipt key."""
        return note.sign(self.text(), [signer])


def for_statement(said: Mapping[str, Any], *, received: str, leaf: bytes) -> Receipt:
    """The receipt of a checked `sub/1` or `wd/1`. leaf: the leaf hash of the sealed entry."""
    digest = statement.digest(said)
    what: Bid | Withdrawal
    if said["v"] == "sub/1":
        keys = ("eid", "seq", "slot", "replaces")
        what = Bid(**{key: said[key] for key in keys}, envelope=said["env_sha256"], size=said["size"], sub=digest)
    elif said["v"] == "wd/1":
        what = Withdrawal(said["eid"], said["seq"], digest)
    else:
        raise ValueError(f"no receipt is given for {said['v']}")
    return parse(Receipt(said["unit"], said["org"], said["gen"], what, received, leaf.hex()).text())


def parse(text: str) -> Receipt:
    """The receipt a text spells. Raises BadNote unless it is spelt exactly so."""
    head = _HEAD.match(text)
    bid = _BID.match(text, head.end()) if head else None
    withdrawal = _WITHDRAWAL.match(text, head.end()) if head and not bid else None
    body = bid or withdrawal
    tail = _TAIL.fullmatch(text, body.end()) if body else None
    if head is None or body is None or tail is None:
        raise BadNote("not a receipt/v1")
    what: Bid | Withdrawal
    if bid:
        what = Bid(
            eid=bid["eid"],
            seq=int(bid["seq"]),
            slot=int(bid["slot"]),
            replaces=None if bid["replaces"] == "-" else bid["replaces"],
            envelope=bid["envelope"],
            size=int(bid["size"]),
            sub=bid["sub"],
        )
    else:
        what = Withdrawal(body["eid"], int(body["seq"]), body["wd"])
    try:
        unit = statement.unit(canonical.parse(head["unit"].encode()))
        statement.timestamp(tail["received"])
    except canonical.NotCanonical as wrong:
        raise BadNote(str(wrong)) from wrong
    return Receipt(unit, head["bidder"], int(head["gen"]), what, tail["received"], tail["leaf"])


def opened(text: str, verifier: Verifier) -> Receipt:
    """The receipt in a note signed by the receipt key. Raises BadNote when it is not."""
    return parse(note.opened(text, verifier))
