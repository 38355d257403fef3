"""Who bids together: what the file among the technical documents may say."""

import json
from typing import Any

import pytest

from proofs import consortium, statement
from proofs.canonical import NotCanonical
from tests.proofs.sealed import BIDDER, TS, unit

LEAD = "91152900MA0A000117"
ONE = {"org": "91152900MA0A00012A", "name": "阴山", "work": "土建"}
FILES = ("consortium.json", "联合体协议.pdf", "技术方案.txt")


def told(**other: Any) -> bytes:
    return json.dumps({"v": "consortium/1", "agreement": "联合体协议.pdf", "members": [ONE]} | other).encode()


def test_members_and_agreement_are_read() -> None:
    found = consortium.parse(told(), lead=LEAD, files=FILES)
    assert found.agreement == "联合体协议.pdf" and [member.org for member in found.members] == [ONE["org"]]


@pytest.mark.parametrize(
    "data",
    [
        b"no json", b"[]", told(v="consortium/2"), told(members=[]), told(members=[ONE, ONE]), told(members="x"),
        told(members=[{**ONE, "org": LEAD}]), told(members=[{"org": ONE["org"]}]), told(more=1),
        told(members=[ONE] * 11),
        told(agreement="别的文件.pdf"), told(agreement="consortium.json"), b" " * 70_000, b"[" * 60_000,
    ],
)  # fmt: skip
def test_anything_else_is_refused(data: bytes) -> None:
    with pytest.raises(NotCanonical):
        consortium.parse(data, lead=LEAD, files=FILES)


HASH = "cd" * 32
ASKED: dict[str, Any] = {"org": BIDDER.org, "lead": LEAD, "unit": unit("body"), "agreement_sha256": HASH}


def said(**other: Any) -> list[dict[str, Any]]:
    fields = {key: ASKED[key] for key in ("unit", "lead", "agreement_sha256")} | other
    return [statement.sign("con/1", fields, by=BIDDER, ts=TS)]


def test_a_member_says_itself_that_it_takes_part_and_nobody_says_it_for_him() -> None:
    def holds(told: Any, keys: dict[int, bytes] | None = None, **other: Any) -> bool:
        pinned = {BIDDER.gen: BIDDER.key} if keys is None else keys
        return consortium.consents(json.dumps(told).encode(), **(ASKED | other), keys=pinned)

    elsewhere = said(unit={**unit("body"), "tender": "T-9"})
    assert holds(said()) and holds([*elsewhere, *said()])
    assert not holds(elsewhere) and not holds(said(lead="91152900MA0A00012A")) and not holds(said(unit=unit("tech")))
    assert not holds(said(agreement_sha256="ef" * 32)) and not holds([{**said()[0], "lead": LEAD[:-1] + "0"}])
    assert not holds(said(), keys={}) and not holds(said(), keys={BIDDER.gen: bytes(32)})
    assert not holds(said(), org="91152900MA0A00012A")
    assert not holds([]) and not holds({}) and not holds("x") and not holds([7])
    for data in (b"", b"no json", b"[" * 60_000, b" " * 70_000):
        assert not consortium.consents(data, **ASKED, keys={BIDDER.gen: BIDDER.key})
