"""Evidence: known by its own bytes, kept once, handed out as a file to whom its slice says and to nobody else."""

import hashlib
import io

import pytest
from django.conf import settings
from django.test import Client

from documents.evidence import queries, rules, services
from documents.evidence.models import Evidence
from rulebook.actor import STRANGER
from rulebook.refusal import Refused
from tests import cast
from tests.make import accounts, stored

PDF = b"%PDF-1.7\nwhat happened\n%%EOF\n"
ABOUT = "trial:one"


def its_owner(evidence, viewer):
    """The slice of these tests: whoever handed a file in may have it."""
    return viewer.organisation == evidence.organisation


@pytest.fixture(autouse=True)
def _a_slice(settings):
    settings.EVIDENCE_OWNERS = {"trial": f"{__name__}.its_owner"}


def keep(*, about=ABOUT, name="现场照片.pdf", blob=PDF, by=cast.OFFICER):
    return services.keep(about=about, name=name, blob=blob, by=by, at=cast.NOON)


@pytest.mark.django_db
@pytest.mark.embedded
def test_a_file_is_kept_once_and_handed_out_to_whom_its_slice_says_only():
    row = keep(blob=io.BytesIO(PDF))
    assert keep(name="again.pdf") == row and queries.of(ABOUT) == [row] and queries.of_all([ABOUT, "trial:two"]) == {
        ABOUT: [row]
    }  # fmt: skip
    assert (row.sha256, row.size, row.media_type) == (hashlib.sha256(PDF).hexdigest(), len(PDF), rules.PDF)
    assert not stored.path_of(row.sha256).exists()  # nothing of it lies where anyone may fetch it

    address = f"/evidence/{row.public_id}/"
    got = accounts.client_of(cast.OFFICER).get(address)
    assert b"".join(got.streaming_content) == PDF
    assert got["Content-Type"] == rules.PDF and got["X-Content-Type-Options"] == "nosniff"
    assert got["Content-Disposition"].startswith("attachment") and "no-store" in got["Cache-Control"]
    assert accounts.client_of(cast.SUPERVISOR).get(address).status_code == 404
    assert Client().get(address).status_code == Client().get(f"/blobs/{row.sha256}").status_code == 404
    settings.EVIDENCE_OWNERS.clear()  # no slice answers for it: nobody has it
    assert accounts.client_of(cast.OFFICER).get(address).status_code == 404


@pytest.mark.django_db
@pytest.mark.embedded
@pytest.mark.parametrize(
    ("blob", "by", "code"),
    [
        (PDF, STRANGER, "evidence.stranger"),
        (b"", cast.OFFICER, "evidence.size"),
        (PDF + b" " * rules.LARGEST, cast.OFFICER, "evidence.size"),
        (b"<html>%PDF-%%EOF", cast.OFFICER, "evidence.type"),
        (b"%PDF-1.7 cut off", cast.OFFICER, "evidence.type"),
    ],
)
def test_what_is_not_kept(blob, by, code):
    with pytest.raises(Refused) as refused:
        keep(blob=blob, by=by)
    assert refused.value.reasons[0].code == code
    assert not Evidence.objects.exists()


@pytest.mark.django_db
@pytest.mark.embedded
def test_there_are_so_many_files_of_one_thing_and_no_more():
    for n in range(rules.MOST):
        keep(blob=b"%%PDF-%d%%%%EOF" % n)
    with pytest.raises(Refused, match="evidence.too-many"):
        keep()
    assert keep(about="trial:two")


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("照片.PDF", "照片.pdf"),
        ("C:\\temp\\..\\发票.hta", "发票.hta.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("a\u202efdp.exe\n", "afdp.exe.pdf"),
        ("", "文件.pdf"),
        ("长" * 300 + ".pdf", "长" * 116 + ".pdf"),
    ],
)
def test_a_name_holds_no_path_nothing_unseen_and_says_what_the_file_is(given, told):
    assert rules.name_of(given, rules.PDF) == told
