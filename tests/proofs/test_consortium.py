"""Who bids together: what the file among the technical documents may say."""

import json
from typing import Any

import pytest

from proofs import consortium
from proofs.canonical import NotCanonical

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
