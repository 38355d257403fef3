"""The envelope layer against known answers made by another implementation."""

import io
import json
from pathlib import Path
from typing import Any

import pytest

from proofs import canonical, envelope, manifest, organisation, verdict
from proofs.releases import Releases
from proofs.verdict import Terms

KNOWN = json.loads((Path(__file__).parents[1] / "vectors" / "sbe1.json").read_text())
KCM = canonical.b64u_bytes(KNOWN["manifest"], "manifest")


def released(case: dict[str, Any]) -> Releases:
    """The case's releases; its keys are hex."""
    return Releases(
        b=case["b"] and canonical.b64u_bytes(case["b"], "b"),
        c={int(i): bytes.fromhex(key) for i, key in case["c_keys"].items()},
        r={int(i): bytes.fromhex(key) for i, key in case["r_keys"].items()},
        rescue=case["rescue"] and tuple(canonical.b64u_bytes(a, "a") for a in case["rescue"]),
    )


@pytest.mark.parametrize("case", KNOWN["cases"], ids=lambda case: case["name"])
def test_every_known_case_gets_its_known_verdict(case: dict[str, Any]) -> None:
    source = io.BytesIO(canonical.b64u_bytes(case["env"] or KNOWN["env"], "env"))
    header = envelope.read_header(source)

    halves = verdict.unlock(header, KCM, released(case), Terms())
    plaintext = verdict.decrypt(source, header, halves.dek) if halves.dek else None

    status = halves.verdict if plaintext or not halves.dek else "INVALID:PAYLOAD"
    assert status == case["expect"]["status"]
    assert [list(finding) for finding in halves.findings] == case["expect"]["findings"]
    assert (canonical.sha256(plaintext.read()).hex() if plaintext else None) == case["expect"]["sha256"]


def test_the_known_manifest_is_read_and_its_slot_keys_are_derived() -> None:
    kcm = manifest.parse(KCM)
    holder = organisation.Organisation("member-c1", 1, bytes.fromhex(KNOWN["seeds_c"][0]))

    keys = holder.slot_keys(unit=kcm.unit, role="c", count=kcm.slots)

    assert kcm.cmh.hex() == KNOWN["cmh"]
    assert keys == kcm.c.members[0].keys
    assert keys[:32].hex() == KNOWN["slot_pub_c1"]
    assert holder.slot_key(unit=kcm.unit, role="c", slot=2).hex() == KNOWN["cases"][0]["c_keys"]["1"]


def test_the_known_envelope_has_its_known_hash() -> None:
    assert verdict.file_sha256(io.BytesIO(canonical.b64u_bytes(KNOWN["env"], "env"))) == KNOWN["env_sha256"]
