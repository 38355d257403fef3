"""What the house learns when a bid is handed in — from where and with which device — sealed before it is stored.

It is dealt at once to the key holders of the tender, as an envelope without a bidder's half to the slot of the bid: the
keys that open the bid open this, of live bids alone, and nothing else does. What was replaced or taken back stays
sealed for good. In the clear it is in no row, no file and no log before.
Law: 87号令 第37条; 招标投标法实施条例 第40条; 个人信息保护法 第13条 (for a duty of the law), 第6条 (no more than that).
Spec: docs/proofs.md, traces.
"""

import io
import json
import secrets
from dataclasses import asdict, dataclass

from proofs import envelope
from proofs.canonical import NotCanonical
from proofs.manifest import Manifest
from proofs.releases import Releases
from proofs.verdict import Terms, decrypt, unlock

POLICY = "C"  # the house seals it, so no bidder holds a half
ROOM = 1024  # bytes of every plaintext: a long name of a browser makes no longer blob
LONGEST_AGENT = 256  # bytes; twice that where every one has to be escaped


@dataclass(frozen=True)
class Traces:
    """What one handing in left behind.

    address: of the network it came from.  agent: how the browser calls itself.  device: the random word this site gave
    that browser.  person: public id of who handed in.
    """

    address: str = ""
    agent: str = ""
    device: str = ""
    person: str = ""


NO_TRACES = Traces()


def sealed(traces: Traces, *, manifest: Manifest, slot: int) -> bytes:
    """The blob to store beside the bid; as long for every bidder of a tender."""
    agent = (
        "".join(sign for sign in traces.agent if sign.isprintable()).encode()[:LONGEST_AGENT].decode(errors="ignore")
    )
    told = json.dumps({**asdict(traces), "agent": agent}, ensure_ascii=False).encode()[: ROOM - 4]
    room = ROOM + 5 - len(str(slot))  # the header spells the slot
    plaintext = (len(told).to_bytes(4, "big") + told).ljust(room, b"\0")
    eid = secrets.token_bytes(16)
    polynomial = [secrets.token_bytes(32) for _ in range(manifest.c.k)]
    header = envelope.deal(
        manifest=manifest, slot=slot, policy=POLICY, eid=eid, b=envelope.NO_HALF, polynomial=polynomial
    )
    target = io.BytesIO()
    dek = envelope.payload_key(eid, envelope.NO_HALF, polynomial[0])
    envelope.write(target, header, dek, [plaintext])
    return target.getvalue()


def opened(blob: bytes, *, kcm: bytes, releases: Releases) -> Traces | None:
    """What was sealed, with the slot keys the holders released; None while they do not suffice, and of nothing."""
    source = io.BytesIO(blob)
    try:
        header = envelope.read_header(source)
    except NotCanonical:
        return None
    halves = unlock(header, kcm, releases, Terms(policy=POLICY))
    plaintext = decrypt(source, header, halves.dek) if halves.dek else None
    if plaintext is None:
        return None
    with plaintext:
        told = plaintext.read()
    return Traces(**json.loads(told[4 : 4 + int.from_bytes(told[:4], "big")]))
