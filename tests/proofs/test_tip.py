"""The known protected tip: what its code leads to, whom it opens to, and what each change does to it."""

import json
from pathlib import Path

import pytest

from proofs import tip
from proofs.canonical import b64u, b64u_bytes
from proofs.organisation import Organisation

KNOWN = json.loads((Path(__file__).parents[1] / "vectors" / "tip1.json").read_text())
ME = tip.tipster(KNOWN["code"])
THREAD = bytes.fromhex(KNOWN["thread"])
BODIES = [Organisation(org, KNOWN["gens"][org], b64u_bytes(seed, "seed")) for org, seed in KNOWN["seeds"].items()]


@pytest.mark.parametrize("name", ["sealed", "sealed_fixed"])
def test_the_known_tip_opens_to_its_three_readers_and_to_nobody_else(name: str) -> None:
    """The second was sealed by the browser's half."""
    sealed = b64u_bytes(KNOWN[name], name)
    readers = [ME, *BODIES]
    for place, reader in enumerate(readers):
        for other in readers:
            copy, key = tip.copy_of(sealed, place), tip.reading_key(other)
            told = tip.open_copy(copy, key, thread=THREAD, seq=1, whose=reader.org)
            assert bool(told) is (other is reader)
        assert tip.open_copy(copy, tip.reading_key(reader), thread=THREAD, seq=2, whose=reader.org) is None
    told = tip.open_copy(tip.copy_of(sealed, 0), tip.reading_key(ME), thread=THREAD, seq=1, whose=tip.TIPSTER)
    assert told and {key: told[key] for key in KNOWN["said"]} == KNOWN["said"]
    assert tip.verify(told, ME.key) and not tip.verify({**told, "text": "别的"}, ME.key)
    assert [b64u(tip.public_reading_key(reader)) for reader in readers] == [key for _, key in KNOWN["readers"]]


def test_its_code_leads_to_it_and_its_work_is_known() -> None:
    assert b64u(tip.lookup_of(KNOWN["code"])) == KNOWN["lookup"]
    assert tip.thread_of(tip.lookup_of(KNOWN["code"])) == THREAD
    digest = tip.digest_of(THREAD, 1, b64u_bytes(KNOWN["sealed"], "sealed"))
    assert digest.hex() == KNOWN["digest"] and tip.worked(digest, KNOWN["work"])
    assert not tip.worked(digest, KNOWN["work"] - 1)


def test_every_text_is_one_of_the_fixed_sizes() -> None:
    readers = [(tip.TIPSTER, tip.public_reading_key(ME))] * 3
    sizes = set()
    for length in (0, 1, 900, 3_000, tip.LONGEST):
        told = {"number": "", "name": "", "text": "字" * length}
        sizes.add(tip.size_of(tip.seal(told, by=ME, thread=THREAD, seq=1, readers=readers)))
    assert sizes == set(tip.SIZES)
