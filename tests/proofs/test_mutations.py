"""Every field of header, manifest, index, submission and releases changed once: the verdict, and whom it names.

Raw, an edited envelope is not the one promised, and blames nobody; here its own bidder has made it so, payload and
all, so that the verdict is about him. The tables name every field there is: a new one has to be put on them.
"""

import io
from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations
from typing import Any

import pytest

from proofs import canonical, envelope, index, sharing, statement, verdict
from proofs.index import File
from proofs.organisation import Organisation
from proofs.releases import Releases
from proofs.verdict import NotThisEnvelope, Opened, Terms, Verdict
from tests.proofs import sealed
from tests.proofs.sealed import BIDDER, Bid
from tests.proofs.test_loss import TABLES

BID = sealed.bid(committee=sealed.kcm(k=2, n=4))
FILE = File("方案.pdf", b"%PDF-1.7 " * 9)
BODY = sealed.bid(committee=sealed.kcm(k=2, n=4, part="body"), files=[FILE])
HERE = (1, 2, 3)  # whose keys are there
ALL_WRONG = [("WRONG_KEY", "c", i) for i in HERE]
Path = tuple[str | int, ...]


def opened(bid: Bid, released: Releases | None = None, **more: Any) -> Opened:
    terms = Terms(cmh=bid.kcm.cmh, policy="A")
    trusted = {"identities": {BIDDER.org: {1: BIDDER.key}}} | more
    return verdict.open_envelope(bid.source(), bid.kcm.data, released or bid.released(HERE), terms=terms, **trusted)


def leaves(value: Any, path: Path = ()) -> Iterator[Path]:
    """The way to every value that holds no other."""
    if isinstance(value, dict | list) and value:
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from leaves(inner, (*path, key))
    else:
        yield path


def changed(value: Any, path: Path, to: Any) -> Any:
    """A copy with one value another; with `...`, without it."""
    if not path:
        return to
    key, *rest = path
    if isinstance(value, list):
        return [changed(inner, tuple(rest), to) if at == key else inner for at, inner in enumerate(value)]
    if to is ... and not rest:
        return {name: inner for name, inner in value.items() if name != key}
    return {**value, key: changed(value.get(key), tuple(rest), to)}


def another(value: Any) -> Any:
    """A value of the same form that is another."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + 1
    return "x" + str(value)[1:] if value else "x"


def headed(bid: Bid, fields: dict[str, Any]) -> Bid:
    """The envelope under another header, its payload sealed anew to it where there is a header to seal to."""
    data = canonical.dumps(fields)
    prefix = b"SBE1" + len(data).to_bytes(4, "big") + data
    try:
        header = envelope.read_header(io.BytesIO(prefix))
    except canonical.NotCanonical:
        return replace(bid, data=prefix + bytes(100))
    key, made = envelope.payload_key(header.eid, bid.half, bid.rescue[0]), io.BytesIO()
    inside = index.build(unit=bid.kcm.unit, eid=header.eid.hex(), sheet=sealed.SHEET, files=[], by=BIDDER, ts=sealed.TS)
    envelope.write(made, header, key, index.plaintext(inside, []))
    return replace(bid, data=made.getvalue())


SHARE = canonical.b64u(bytes(80))
HEADER: dict[Path, tuple[Any, Verdict, list[Any]]] = {
    ("v",): ("sbe/2", Verdict.HEADER, []),
    ("suite",): ("i2", Verdict.HEADER, []),
    ("eid",): ("00" * 16, Verdict.BAD_BIDDER_HALF, []),
    ("unit", "tender"): ("T-2", Verdict.HEADER, []),
    ("unit", "lot"): ("2", Verdict.HEADER, []),
    ("unit", "part"): ("body", Verdict.HEADER, []),
    ("cmh",): ("00" * 32, Verdict.MANIFEST, []),
    ("slot",): (3, Verdict.INSUFFICIENT, ALL_WRONG),  # keys of a slot he never had: no submission names it
    ("pol",): ("C", Verdict.HEADER, []),
    ("bcm",): ("00" * 32, Verdict.BAD_BIDDER_HALF, []),
    ("ccm",): ("00" * 32, Verdict.CCM, []),
    ("c", "k"): (3, Verdict.HEADER, []),
    ("c", "n"): (3, Verdict.HEADER, []),
    ("r",): (BID.header.fields()["c"], Verdict.HEADER, []),
} | {
    ("c", "s", at, key): made
    for at in range(4)
    for key, made in {
        "i": (9, Verdict.HEADER, []),
        "e": (SHARE, Verdict.OK, [("BAD_SHARE", "c", at + 1)] if at + 1 in HERE else []),
        # A mark that is none is found by everybody: by its own member as a bad share, by the others as a bad dealing.
        "m": ("00" * 32, Verdict.BAD_DEAL, [("BAD_SHARE", "c", at + 1)] if at + 1 in HERE else []),
    }.items()
}  # fmt: skip


def test_every_field_of_a_header() -> None:
    fields = BID.header.fields()
    assert set(leaves(fields)) == set(HEADER)
    for path, (to, wanted, findings) in HEADER.items():
        edited = headed(BID, changed(fields, path, to))
        told = opened(edited, BID.released(HERE))
        assert (told.verdict, list(told.findings)) == (wanted, findings), path
        with pytest.raises(NotThisEnvelope):
            opened(edited, BID.released(HERE), sub=BID.sub)
        assert opened(headed(BID, changed(fields, path, ...)), BID.released(HERE)).verdict is Verdict.HEADER, path


def test_every_field_of_a_manifest() -> None:
    """Whoever shows another manifest than the terms pin opens nothing with it, and blames nobody."""
    fields = canonical.parse_object(BID.kcm.data)
    assert {path[0] for path in leaves(fields)} == {"v", "suite", "unit", "slots", "c", "r"}
    for path in leaves(fields):
        value = fields
        for key in path:
            value = value[key]  # type: ignore[index]
        data = canonical.dumps(changed(fields, path, another(value)))
        told = verdict.open_envelope(BID.source(), data, BID.released(HERE), terms=Terms(cmh=BID.kcm.cmh))
        assert (told.verdict, told.findings) == (Verdict.MANIFEST, ()), path


def filled(bid: Bid, inside: dict[str, Any], tail: bytes) -> Bid:
    """The envelope with this index and what follows it, padded as it must be."""
    head = canonical.dumps(inside)
    plain = len(head).to_bytes(4, "big") + head + tail
    length = index.padded_length(len(plain), bid.kcm.unit["part"])
    made = io.BytesIO()
    key = envelope.payload_key(bid.header.eid, bid.half, bid.rescue[0])
    envelope.write(made, bid.header, key, [plain.ljust(length, b"\0")])
    return replace(bid, data=made.getvalue())


INDEX: dict[Path, tuple[Any, Verdict, Verdict]] = {  # as it stands; signed anew by the bidder
    ("v",): ("idx/2", Verdict.INDEX, Verdict.INDEX),
    ("unit", "tender"): ("T-2", Verdict.INDEX, Verdict.INDEX),
    ("unit", "lot"): ("2", Verdict.INDEX, Verdict.INDEX),
    ("unit", "part"): ("tech", Verdict.INDEX, Verdict.INDEX),
    ("eid",): ("00" * 16, Verdict.INDEX, Verdict.INDEX),
    ("sheet",): ({"price": "1.00"}, Verdict.INDEX, Verdict.INDEX),  # in a part that is not read out
    ("files", 0, "name"): ("其他.pdf", Verdict.SIGNATURE, Verdict.OK),
    ("files", 0, "size"): (80, Verdict.INDEX, Verdict.INDEX),
    ("files", 0, "sha256"): ("00" * 32, Verdict.INDEX, Verdict.INDEX),
    ("org",): ("91530000000000008W", Verdict.SIGNATURE, Verdict.SIGNATURE),
    ("gen",): (2, Verdict.SIGNATURE, Verdict.SIGNATURE),
    ("ts",): ("2026-11-21T22:58:04.000000Z", Verdict.SIGNATURE, Verdict.OK),
    ("sig",): (canonical.b64u(bytes(64)), Verdict.SIGNATURE, Verdict.OK),
}


def test_every_field_of_an_index_and_every_kind_of_byte_behind_it() -> None:
    made = index.build(unit=BODY.kcm.unit, eid=BODY.header.eid.hex(), sheet={}, files=[FILE], by=BIDDER, ts=sealed.TS)
    assert set(leaves(made)) == set(INDEX)
    data = FILE.source
    assert isinstance(data, bytes) and opened(filled(BODY, made, data)).verdict is Verdict.OK
    for path, (to, as_it_stands, signed) in INDEX.items():
        edited = changed(made, path, to)
        assert opened(filled(BODY, edited, data)).verdict is as_it_stands, path
        again = {**edited, "sig": canonical.b64u(BIDDER.sign(statement.message(edited)))}
        assert opened(filled(BODY, again, data)).verdict is signed, path
        assert opened(filled(BODY, changed(made, path, ...), data)).verdict is Verdict.INDEX, path
    for tail in (b"", data[:-1], data + b"\1", b"x" + data[1:], data + bytes(70_000)):
        assert opened(filled(BODY, made, tail)).verdict is Verdict.INDEX, tail[:9]


SUB: dict[Path, tuple[Any, Verdict]] = {
    ("v",): ("sub/2", Verdict.SIGNATURE),
    ("unit", "tender"): ("T-2", Verdict.INDEX),
    ("unit", "lot"): ("2", Verdict.INDEX),
    ("unit", "part"): ("body", Verdict.INDEX),
    ("eid",): ("00" * 16, Verdict.INDEX),
    ("slot",): (3, Verdict.SIGNATURE),
    ("cmh",): ("00" * 32, Verdict.SIGNATURE),
    ("size",): (1, Verdict.SIGNATURE),
    ("seq",): (2, Verdict.SIGNATURE),
    ("replaces",): ("00" * 32, Verdict.SIGNATURE),
    ("org",): ("91530000000000008W", Verdict.SIGNATURE),
    ("gen",): (2, Verdict.SIGNATURE),
    ("ts",): ("2026-11-21T22:58:04.000000Z", Verdict.SIGNATURE),
    ("sig",): (canonical.b64u(bytes(64)), Verdict.SIGNATURE),
}


def test_every_field_of_a_submission() -> None:
    assert set(leaves(BID.sub)) == {*SUB, ("env_sha256",)}
    assert opened(BID, sub=BID.sub).verdict is Verdict.OK
    for path, (to, wanted) in SUB.items():
        assert opened(BID, sub=changed(BID.sub, path, to)).verdict is wanted, path
    with pytest.raises(NotThisEnvelope):
        opened(BID, sub={**BID.sub, "env_sha256": "00" * 32})


def test_everything_that_is_released() -> None:
    right = BID.released(HERE)
    assert opened(BID, replace(right, b=bytes(32))).verdict is Verdict.BAD_BIDDER_HALF
    for i in HERE:
        told = opened(BID, replace(right, c={**right.c, i: bytes([7]) * 32}))
        assert (told.verdict, told.findings) == (Verdict.OK, (("WRONG_KEY", "c", i),))
    for at in range(2):
        rescue = tuple(bytes(32) if at == place else a for place, a in enumerate(BID.rescue))
        assert opened(BID, Releases(b=BID.half, rescue=rescue)).verdict is Verdict.BAD_RESCUE
    other = Organisation(BIDDER.org, 2, bytes(32))
    assert opened(BID, identities={BIDDER.org: {1: other.key}}).verdict is Verdict.SIGNATURE


@pytest.mark.parametrize(("k", "n"), TABLES)
def test_a_dealing_that_fits_no_polynomial_is_found_by_every_set_of_holders(k: int, n: int) -> None:
    """One member has a well marked share of another polynomial. Where all n are needed, any n shares fit one."""
    bid = sealed.bid(committee=sealed.kcm(k=k, n=n))
    header, polynomial = bid.header, [bytes([9 + at]) * 32 for at in range(k)]
    other = envelope.deal(
        manifest=bid.kcm, slot=header.slot, policy="A", eid=header.eid, b=bid.half, polynomial=polynomial
    )
    assert sharing.share(polynomial, 1) != sharing.share(list(bid.rescue), 1)
    for cheated in range(1, n + 1):
        fields = header.fields()
        fields["c"]["s"][cheated - 1] = other.fields()["c"]["s"][cheated - 1]
        cheat = headed(bid, fields)
        for left in combinations(range(1, n + 1), k) if cheated == n else [tuple(range(1, n + 1))]:
            told = opened(cheat, cheat.released(left))
            assert (told.verdict, told.findings) == (Verdict.CCM if k == n else Verdict.BAD_DEAL, ()), left
