"""The award letter: signed, its hash in the log, the same bytes ever after, checked by means that are not ours."""

import hashlib
import json
import re
import stat
import subprocess
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from documents import signing
from documents.issued import tasks as papers
from documents.issued.models import Issued
from ledger import blobs, keys
from ledger.keys import Unsafe
from ledger.models import Entry
from market.awards import services as awards
from market.awards.models import Letter
from market.contracts import letters, tasks
from market.projects.models import Project
from market.projects.rules import Stage
from proofs import tlogproof
from proofs.checkpoint import Policy
from rulebook.actor import SYSTEM
from rulebook.refusal import Refused
from tests import cast
from tests.make import accounts, market
from tests.make.ledger import sequenced

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]


@pytest.fixture
def awarded(settings, tmp_path) -> Project:
    """A purchase whose winner is determined; the house has no key for papers yet."""
    settings.KEYS = tmp_path / "keys"
    project = market.project(stage=Stage.PROPOSED)
    market.notice(project)
    for org in (cast.HETAO, cast.YINSHAN, cast.WULIANG):
        accounts.organisation(org)
    market.proposal(project)
    awards.determine(number=project.number, org=cast.YINSHAN, by=cast.OFFICER, at=cast.NOON)
    return Project.objects.get(pk=project.pk)


def signed_parts(pdf: bytes) -> tuple[bytes, bytes]:
    """What the signature in a PDF covers, and the signature itself (CMS, DER)."""
    spans = re.search(rb"/ByteRange \[(\d+) (\d+) (\d+) (\d+)\s*\]", pdf)
    assert spans is not None
    a, b, c, d = (int(each) for each in spans.groups())
    assert (a, c + d) == (0, len(pdf))  # nothing of the file is left out but the signature's own place
    return pdf[:b] + pdf[c:], bytes.fromhex(pdf[b + 1 : c - 1].decode())


def openssl_says(folder: Path, data: bytes, cms: bytes) -> bool:
    """Whether another program finds that this signature is over this data, under the certificate it carries."""
    (folder / "data").write_bytes(data)
    (folder / "cms").write_bytes(cms)
    command = ["openssl", "cms", "-verify", "-binary", "-inform", "DER", "-in", "cms", "-content", "data", "-noverify",
               "-out", "out", "-signer", "signer.pem"]  # fmt: skip
    return subprocess.run(command, cwd=folder, capture_output=True).returncode == 0


def test_a_letter_is_signed_logged_and_the_same_for_ever(awarded: Project, tmp_path: Path) -> None:
    page, base = Client(), f"/projects/{awarded.number}/award"
    assert page.get(f"{base}/letter.pdf").status_code == 404
    assert "正在签发" in page.get(f"{base}/").content.decode()
    with pytest.raises(Refused, match="letter.not-system"):
        letters.issue_letter(award=awarded.awards.get(), by=cast.OFFICER, at=cast.NOON)

    papers.announce_certificate(by=SYSTEM, at=cast.NOON)
    papers.announce_certificate(by=SYSTEM, at=cast.NOON)
    tasks.issue_letters(by=SYSTEM, at=cast.NOON)
    first = b"".join(page.get(f"{base}/letter.pdf").streaming_content)
    tasks.issue_letters(by=SYSTEM, at=cast.NOON + cast.DAY)
    letters.issue_letter(award=awarded.awards.get(), by=SYSTEM, at=cast.NOON + cast.DAY)
    paper = Letter.objects.get().paper
    assert b"".join(page.get(f"/papers/{paper.public_id}/file.pdf").streaming_content) == first
    assert b"".join(page.get(f"{base}/letter.pdf").streaming_content) == first

    sha256 = hashlib.sha256(first).hexdigest()
    [entry] = Entry.objects.filter(kind="documents.issued")
    assert entry.stream == awarded.log and json.loads(entry.event)["d"] == {
        "stream": awarded.log, "seq": entry.seq, "title": "中标通知书", "sha256": sha256, "size": len(first),
        "certificate": paper.certificate,
    }  # fmt: skip
    [named] = Entry.objects.filter(kind="documents.certificate")  # once, however often it is looked at
    facts = json.loads(named.event)["d"]
    assert facts["own"] is True and facts["sha256"] == paper.certificate
    assert signing.fingerprint(blobs.read(facts["sha256"])) == facts["sha256"]

    data, cms = signed_parts(first)
    assert openssl_says(tmp_path, data, cms)
    pem = (tmp_path / "signer.pem").read_text()
    der = subprocess.run(["openssl", "x509", "-outform", "DER"], input=pem.encode(), capture_output=True).stdout
    assert signing.fingerprint(der) == paper.certificate
    assert not openssl_says(tmp_path, data.replace(b"%PDF-1.7", b"%PDF-1.6"), cms)

    # Who holds the file asks by its hash alone, and can check the answer without believing it.
    sequenced(at=cast.NOON)
    told = page.get(f"/papers/by-hash/{sha256}.json").json()
    assert json.loads(told["entry"])["d"]["sha256"] == sha256
    log = Policy(logs=(keys.verifier("log"),))
    assert tlogproof.why_not(told["proof"], told["entry"].encode(), log) == ""
    assert tlogproof.why_not(told["proof"], told["entry"].replace("中标", "落标").encode(), log)
    assert page.get(f"/papers/by-hash/{'0' * 64}.json").json()["entry"] == ""
    shown = page.get(f"/papers/{paper.public_id}/").content.decode()
    assert sha256 in shown and paper.certificate in shown
    assert paper.certificate in page.get("/papers/certificate/").content.decode()


def test_a_key_that_others_can_read_signs_nothing(awarded: Project) -> None:
    made = signing.certificate(at=cast.NOON)
    path = Path(settings.KEYS) / "documents.pem"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert signing.certificate(at=cast.NOON + cast.DAY) == made  # made once
    path.chmod(0o644)
    with pytest.raises(Unsafe):
        letters.issue_letter(award=awarded.awards.get(), by=SYSTEM, at=cast.NOON)
    assert not Issued.objects.exists()
