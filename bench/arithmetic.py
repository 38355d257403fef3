"""Figures of the public arithmetic: opening, verifying, drawing, ranking. No database."""

import hashlib
import hmac
import io
import secrets
import tempfile
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from cryptography.cobblestone import Cobblestone256Decryptor
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from bench.figures import Figure, at_most, cpu
from proofs import envelope, index, lots, manifest, record, scoring, statement, verdict
from proofs.lots import Stratum
from proofs.organisation import Organisation
from proofs.record import archive
from proofs.releases import Releases
from proofs.verdict import Terms
from tests.proofs.procurement import Procurement, organisation

ROUNDS = 5
BIDS = 50
TS = "2026-11-21T08:00:00.000000Z"


def open_50() -> Iterator[Figure]:
    """Verdicts of 50 bids of 100 KB, 3 of 5, as an opening gives them, against the HPKE and AEAD operations alone."""
    verdicts, bare = _fifty()
    ratios = [cpu(verdicts) / cpu(bare) for _ in range(ROUNDS)]
    yield at_most("open-50", ratios, 2, "50 bids of 100 KB, 3 of 5, against their HPKE and AEAD operations alone")


def verify() -> Iterator[Figure]:
    """The whole record of a procurement of 50 bids, against the verdicts of open-50."""
    data, (verdicts, _) = _record_of_50(), _fifty()

    def whole() -> None:
        assert record.verify(data).holds

    pairs = [(cpu(whole), cpu(verdicts)) for _ in range(ROUNDS)]
    spent = sorted(one for one, _ in pairs)[ROUNDS // 2]
    text = (
        f"a record of {BIDS} bids ({len(data) // 1024} KiB, {spent * 1000:.0f} ms of CPU), against open-50's verdicts"
    )
    yield at_most("verify", [one / other for one, other in pairs], 2, text)


def _fifty() -> tuple[Callable[[], None], Callable[[], None]]:
    """What gives the verdicts on 50 bids, and what does the bare cryptography in them."""
    unit = {"tender": "T", "lot": "1", "part": "body"}
    holders = [organisation(f"H{i}") for i in range(5)]
    keys = [(who.org, who.slot_keys(unit=unit, role="c", count=BIDS + 1)) for who in holders]
    kcm = manifest.build(unit=unit, k=3, members=keys)
    bidders = {slot: organisation(f"B{slot}") for slot in range(1, BIDS + 1)}
    known = {who.org: {1: who.key} for who in bidders.values()}
    made = [_sealed(who, kcm, slot) for slot, who in bidders.items()]
    released = [
        {i: who.slot_key(unit=unit, role="c", slot=slot) for i, who in enumerate(holders[:3], start=1)}
        for slot in bidders
    ]
    suite = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)

    def verdicts() -> None:
        for (data, half, _, sub), sks in zip(made, released, strict=True):
            opened = verdict.open_envelope(
                io.BytesIO(data), kcm.data, Releases(b=half, c=sks), terms=Terms(cmh=kcm.cmh, policy="A"),
                env_sha256=sub["env_sha256"], sub=sub, identities=known,
            )  # fmt: skip
            assert opened.verdict == "OK"
            opened.close()

    def bare() -> None:
        for (data, _, (header, dek), _), sks in zip(made, released, strict=True):
            for i, sk in sks.items():
                info = b"sbe1/seal\0c" + header.eid + header.cmh + header.slot.to_bytes(2, "big") + bytes([i])
                suite.decrypt(header.c.s[i - 1].e, X25519PrivateKey.from_private_bytes(sk), info)
            decryptor = Cobblestone256Decryptor(dek, envelope.payload_context(header.prefix))
            decryptor.update(data[len(header.prefix) :])
            decryptor.finalize()

    return verdicts, bare


Sealed = tuple[bytes, bytes, tuple[envelope.Header, bytes], dict[str, Any]]


def _sealed(who: Organisation, kcm: manifest.Manifest, slot: int) -> Sealed:
    target, files = io.BytesIO(), [index.File("投标文件.pdf", secrets.token_bytes(100_000))]
    done = envelope.seal(target, by=who, manifest=kcm, slot=slot, policy="A", sheet={}, files=files, ts=TS)
    context = {"unit": kcm.unit, "cmh": kcm.cmh, "slot": slot, "eid": done.header.eid}
    half, polynomial = who.half(**context), who.polynomial(kcm.c.k, **context)  # type: ignore[arg-type]
    told = {
        "unit": kcm.unit, "eid": done.eid, "slot": slot, "cmh": kcm.cmh.hex(), "env_sha256": done.env_sha256,
        "size": done.size, "seq": 1, "replaces": None,
    }  # fmt: skip
    sub = statement.sign("sub/1", told, by=who, ts=TS)
    return target.getvalue(), half, (done.header, envelope.payload_key(done.header.eid, half, polynomial[0])), sub


def _record_of_50() -> bytes:
    """Made anew each time: it takes half a second, and a kept one would be of the format of the day it was kept."""
    bidders = [organisation(f"BIDDER{n}") for n in range(1, BIDS + 1)]
    with tempfile.TemporaryDirectory() as folder:
        files = {"投标文件.pdf": bytes(100_000)}
        return archive.write(Procurement(Path(folder), bidders=bidders, files=files).play().record())


def draw_100k() -> Iterator[Figure]:
    """A draw over 100,000 candidates with recusals, against one HMAC for each of them."""
    pool = [
        {"cid": hashlib.sha256(b"%d" % n).hexdigest(), "org": hashlib.sha256(b"o%d" % (n // 8)).hexdigest()[:16],
         "strata": ["A"]}
        for n in range(100_000)
    ]  # fmt: skip
    pool.sort(key=lambda item: str(item["cid"]))
    gone = {str(item["cid"]) for item in pool[::50]}
    seed, strata = secrets.token_bytes(32), (Stratum("A", 5, 10),)

    def drawn() -> None:
        eligible = [item for item in pool if item["cid"] not in gone]
        lots.select(seed, eligible, strata, max_per_org=1)

    def again() -> None:
        lots.select(seed, pool, strata, max_per_org=1)

    def floor() -> None:
        for item in pool:
            hmac.digest(seed, b"draw1/ticket\0A\0" + str(item["cid"]).encode(), hashlib.sha256)

    ratios = [(cpu(drawn), cpu(again), cpu(floor)) for _ in range(ROUNDS)]
    text = "100,000 candidates, against an HMAC for each"
    yield at_most("draw-100k", [one / bare for one, _, bare in ratios], 5, f"draw with 2,000 recusals, {text}")
    yield at_most("draw-100k", [one / bare for _, one, bare in ratios], 3, f"public re-run, {text}")


def rank() -> Iterator[Figure]:
    """30 bidders × 60 criteria × 7 experts from sheets to report data."""
    factors = [{"key": f"f{n}", "name": f"第{n}项", "max": "1.00", "objective": False} for n in range(60)]
    terms = {"price_weight": "40.00", "price_cap": "2000000.00", "small_deduction": "0.10", "category": "SERVICES",
             "factors": factors}  # fmt: skip
    points = [str(Decimal(secrets.randbelow(101)) / 100) for _ in range(997)]
    bids = [
        {"org": f"O{b:02d}", "name": f"投标人{b}", "quote": f"{900_000 + 1000 * b}.00", "small": b % 3 == 0,
         "compliant": True, "reasons": [],
         "scores": {str(s): {f"f{f}": points[(b * 420 + s * 60 + f) % 997] for f in range(60)} for s in range(7)}}
        for b in range(30)
    ]  # fmt: skip

    def report() -> None:
        scoring.build_report(number="T", scoring=terms, bids=bids, seats=7)

    def floor() -> None:
        for bid in bids:
            for given in bid["scores"].values():  # type: ignore[attr-defined]
                sum((Decimal(value) for value in given.values()), Decimal())

    pairs = [(cpu(report), cpu(floor)) for _ in range(ROUNDS)]
    bare = min(other for _, other in pairs) * 1000
    text = f"30 bidders × 60 criteria × 7 experts to report data, checked; summing alone takes {bare:.0f} ms"
    yield at_most("rank", [1000 * one for one, _ in pairs], 50, text, unit=" ms")
