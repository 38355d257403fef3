"""What people should not be sent does not come in, at whatever door: refused with its reason, soon, never an error."""

import io
import re
import resource
import time

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from bidding.tender.models import Document
from documents import harmless
from documents.evidence import rules as evidence
from market.projects.rules import Stage
from tests import cast
from tests.config.declaring import rows
from tests.config.test_matrix import filled
from tests.hardening import corpus
from tests.make import accounts
from tests.make import bidding_offers as make
from tests.make.market import NUMBER

pytestmark = pytest.mark.embedded
MEBIBYTE = 1 << 20


def test_what_acts_or_grows_is_refused_with_its_reason():
    for name, (data, reason) in corpus.bad().items():
        file, before, began = io.BytesIO(data), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
        file.seek(1)

        found = harmless.why_not_take(file, name=name)

        assert [(one.code, one.values["name"]) for one in found] == [(reason, name)]
        assert file.tell() == 1, name
        assert time.process_time() - began < 2, name
        assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100 * MEBIBYTE / 1024, name


def test_what_only_looks_like_it_comes_in():
    assert {name: why for name, data in corpus.good().items()
            if (why := harmless.why_not_take(io.BytesIO(data), name=name))} == {}  # fmt: skip


def test_a_large_file_that_lies_on_disk_is_looked_at_where_it_lies(tmp_path):
    path = tmp_path / "large.pdf"
    path.write_bytes(corpus.pdf(corpus.stream(bytes(50 * MEBIBYTE)), corpus.SCRIPT))
    began = time.process_time()
    with path.open("rb") as file:
        assert [one.code for one in harmless.why_not_take(file, name="large.pdf")] == ["file.acts"]
    assert time.process_time() - began < 2


@pytest.mark.django_db
def test_no_page_that_takes_a_form_takes_it(monkeypatch):
    """Every address that takes anything, whoever asks: the file is refused before its own door is asked."""
    make.open_tender()
    told = {"": NUMBER}
    files = [(name, *found) for name, found in corpus.bad().items() if len(found[0]) < 100_000]
    clients = [accounts.client_of(actor) for actor in (cast.OFFICER, cast.PROVIDER, cast.SUPERVISOR)]
    doors = [path for path, (_, acts, _) in rows("pages").items() if acts != "-"]
    assert len(doors) > 150
    for turn, path in enumerate(doors):
        name, data, reason = files[turn % len(files)]
        answer = clients[turn % 3].post(
            filled(path, told), {"file": SimpleUploadedFile(name, data)}, HTTP_ACCEPT="application/json"
        )
        assert answer.status_code == 422, (path, answer.status_code)
        assert [one["code"] for one in answer.json()["reasons"]] == [reason], path


@pytest.mark.django_db
def test_whatever_a_file_is_called_it_lies_and_leaves_under_a_harmless_name():
    make.open_tender(number="T-2026-008", stage=Stage.DRAFT)
    officer = accounts.client_of(cast.OFFICER)
    for name in corpus.NAMES:
        sent = SimpleUploadedFile("x.pdf", corpus.pdf(), content_type="application/pdf")
        sent._name = name  # as a program sends it; a browser would not
        answer = officer.post("/projects/T-2026-008/edit/documents", {"file": sent}, HTTP_ACCEPT="application/json")
        assert answer.status_code < 500, (name, answer.status_code)
        handed_out = evidence.name_of(name, evidence.PDF)
        assert re.fullmatch(r"[^/\\\x00-\x1f\u202a-\u202e\u200b]+\.pdf", handed_out), handed_out
    assert Document.objects.count() > 8
    for row in Document.objects.all():
        assert not set(row.name) & set("/\\\0\n\u202e\u200b"), row.name
        assert ".." not in row.file.name and "exe" not in row.file.name
