"""A PDF is the one a record names, or it is not; a record that does not hold proves nothing."""

import hashlib
import json
from pathlib import Path

import pytest

from proofs import __main__ as command_line
from proofs.record import archive
from tests.proofs.procurement import Procurement

PDF = b"%PDF-1.7 letter %%EOF"


def said(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, dict[str, object]]:
    code = command_line.main(["verify-paper", *words, "--json"])
    told = capsys.readouterr().out
    return code, json.loads(told) if told else {}


def test_a_paper_is_compared_with_the_record_that_names_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    play = Procurement(tmp_path)
    play.prepare()
    facts = {
        "title": "中标通知书",
        "sha256": hashlib.sha256(PDF).hexdigest(),
        "size": len(PDF),
        "certificate": "00" * 32,
    }
    play.tell("documents.issued", **facts)
    data = archive.write(play.record())
    kept, bent, other = tmp_path / "record.zip", tmp_path / "bent.zip", tmp_path / "other.pdf"
    kept.write_bytes(data)
    (tmp_path / "letter.pdf").write_bytes(PDF)
    other.write_bytes(PDF + b" ")
    letter, record = str(tmp_path / "letter.pdf"), ("--record", str(kept))

    code, told = said(capsys, letter, *record)
    assert (code, told["holds"], told["seqs"]) == (0, True, [len(play.record().entries)])
    code, told = said(capsys, str(other), *record)
    assert (code, told["holds"], told["seqs"]) == (1, False, [])

    read = archive.read(data)
    rows = [entry for entry in read.entries if entry.kind != "documents.issued"]
    bent.write_bytes(archive.write(archive.replace(read, entries=(*rows[:-1], read.entries[-1]))))
    code, told = said(capsys, letter, "--record", str(bent))  # an entry is missing: what it says is not believed
    assert (code, told["holds"]) == (1, False)
    assert said(capsys, letter, "--record", letter)[0] == 2
