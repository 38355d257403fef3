"""A sealed unit and everyone's keys, made once for the tests of the opening."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from proofs import envelope, manifest, statement
from proofs.envelope import Header
from proofs.index import File
from proofs.manifest import Manifest
from proofs.organisation import Organisation
from proofs.releases import Releases

TS = "2026-11-21T22:58:03.000000Z"
SHEET = {"price": "1000000.00", "delivery": "45 日", "small": False, "note": ""}
BIDDER = Organisation("91530000000000009X", 1, bytes(range(32)))


def unit(part: str = "sheet", tender: str = "T-2026-001") -> dict[str, Any]:
    return {"tender": tender, "lot": "1", "part": part}


def holders(n: int, role: str = "c") -> list[Organisation]:
    return [Organisation(f"holder-{role}{i}", 1, bytes([i]) * 31 + role.encode()) for i in range(1, n + 1)]


def kcm(
    *,
    k: int,
    n: int,
    part: str = "sheet",
    tender: str = "T-2026-001",
    recovery: tuple[int, int] | None = None,
    slots: int = 4,
) -> Manifest:
    """The manifest of holders(n), with recovery (k, n) if given."""
    named = unit(part, tender)

    def keys(role: str, count: int) -> list[tuple[str, bytes]]:
        return [(h.org, h.slot_keys(unit=named, role=role, count=slots)) for h in holders(count, role)]

    recover = (recovery[0], keys("r", recovery[1])) if recovery else None
    return manifest.build(unit=named, k=k, members=keys("c", n), recovery=recover)


@dataclass(frozen=True)
class Bid:
    """An envelope with its manifest and its `sub/1`."""

    data: bytes
    kcm: Manifest
    sub: dict[str, Any]

    @property
    def header(self) -> Header:
        return envelope.read_header(io.BytesIO(self.data))

    def source(self) -> io.BytesIO:
        return io.BytesIO(self.data)

    def key(self, i: int, role: str = "c") -> bytes:
        """The slot key member i releases."""
        return holders(i, role)[-1].slot_key(unit=self.kcm.unit, role=role, slot=self.header.slot)

    @property
    def half(self) -> bytes:
        return BIDDER.half(**self._context())

    @property
    def rescue(self) -> tuple[bytes, ...]:
        return tuple(BIDDER.polynomial(self.kcm.c.k, **self._context()))

    def released(self, members: Sequence[int], recovery: Sequence[int] = (), *, b: bool = True) -> Releases:
        """B and the slot keys of these members."""
        return Releases(
            b=self.half if b else None,
            c={i: self.key(i) for i in members},
            r={i: self.key(i, "r") for i in recovery},
        )

    def _context(self) -> dict[str, Any]:
        return {"unit": self.kcm.unit, "cmh": self.kcm.cmh, "slot": self.header.slot, "eid": self.header.eid}


def bid(*, committee: Manifest, policy: str = "A", slot: int = 2, files: Sequence[File] = ()) -> Bid:
    """A unit sealed by BIDDER."""
    target = io.BytesIO()
    sheet = SHEET if committee.unit["part"] in ("sheet", "price") else {}
    made = envelope.seal(
        target, by=BIDDER, manifest=committee, slot=slot, policy=policy, sheet=sheet, files=files, ts=TS
    )
    fields = {
        "unit": dict(committee.unit),
        "eid": made.eid,
        "slot": slot,
        "cmh": committee.cmh.hex(),
        "env_sha256": made.env_sha256,
        "size": made.size,
        "seq": 1,
        "replaces": None,
    }
    return Bid(target.getvalue(), committee, statement.sign("sub/1", fields, by=BIDDER, ts=TS))
