"""The pages after the notice: for takers, for officers, for everybody."""

import io
import re
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from bidding.changes import queries, services
from bidding.changes.models import Change
from bidding.tender import queries as tenders
from bidding.tender import rules as tender_rules
from bidding.tender import services as tender_services
from tests import cast
from tests.make import accounts, bidding

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]
FAR = cast.NOON + 3650 * cast.DAY
NO_ROWS = {"difference-TOTAL_FORMS": "1", "difference-INITIAL_FORMS": "0"}


def opened():
    tender = bidding.tender(closes_at=FAR)
    accounts.user(cast.PROVIDER)
    tender_services.take_documents(project_number=tender.project.number, by=cast.PROVIDER, at=cast.NOON)
    return tender, f"/projects/{tender.project.number}/"


def test_a_question_is_asked_answered_by_two_and_read_by_everybody():
    tender, path = opened()
    provider, officer = accounts.client_of(cast.PROVIDER), accounts.client_of(cast.OFFICER)

    assert provider.post(f"{path}changes/ask", {"text": ""}).status_code == 422
    assert provider.post(f"{path}changes/ask", {"text": "验收以何时为准？"}).status_code == 302
    assert "验收以何时为准？" in provider.get(f"{path}changes/").content.decode()
    assert "验收以何时为准？" in officer.get(f"{path}correct/").content.decode()
    asked = queries.open_questions(tender, viewer=cast.OFFICER)[0]
    typed = NO_ROWS | {
        f"answer-{asked.public_id}": "以调试完成为准。", "may_affect": "yes", "difference-0-place": "第三章第 2 条",
        "difference-0-was": "30 日", "difference-0-now": "60 日",
        "documents": SimpleUploadedFile("招标文件.pdf", b"%PDF-1.7 new"),
    }  # fmt: skip
    assert officer.post(f"{path}correct/", NO_ROWS | {"text": "x"}).status_code == 422
    assert officer.post(f"{path}correct/", typed).status_code == 302
    assert "60 日" in officer.get(f"{path}changes/").content.decode()
    assert "60 日" not in provider.get(f"{path}changes/").content.decode()
    assert officer.post(f"{path}changes/approve").status_code == 403
    approver = accounts.client_of(cast.APPROVER)
    assert approver.post(f"{path}changes/return", {"comment": ""}).status_code == 422
    assert approver.post(f"{path}changes/approve", seen(approver, path)).status_code == 302

    for viewer in (cast.STRANGER, cast.RIVAL, cast.PROVIDER, cast.SUPERVISOR):
        text = accounts.client_of(viewer).get(f"{path}changes/").content.decode()
        marked = ("〔删去：〕</span>3</del>0 日", "〔新增：〕</span>6</ins>0 日")
        for fact in ("验收以何时为准？", "以调试完成为准。", "第 2 版", *marked):
            assert fact in text
        assert viewer is cast.PROVIDER or cast.NAMES[cast.HETAO] not in text
    shown = accounts.client_of(cast.STRANGER).get(path).content.decode()
    assert "已被替代的版本" in shown and "发布更正公告" in shown
    assert "以调试完成为准。" in accounts.client_of(cast.STRANGER).get(f"{path}notices/2/").content.decode()


def seen(client, path):
    return accounts.seen_on(client.get(f"{path}changes/"), "changes/approve")


def test_an_approval_is_of_the_draft_that_was_read_and_of_no_other():
    tender, path = opened()
    approver = accounts.client_of(cast.APPROVER)
    api = f"/api{path}changes/"

    def drafted(text):
        services.propose(
            project_number=tender.project.number, text=text, may_affect=False, by=cast.OFFICER, at=cast.NOON
        )

    def approves(read):
        return approver.post(f"{api}approval", read, content_type="application/json")

    assert approver.get(f"{api}pending").status_code == 404
    drafted("交货期 30 日")
    read = seen(approver, path)
    assert approver.get(f"{api}pending").json().items() >= (read | {"text": "交货期 30 日"}).items()
    assert accounts.client_of(cast.RIVAL).get(f"{api}pending").status_code == 404
    back = {"comment": "写明地点"}
    assert approver.post(f"{path}changes/return", back).status_code == 409
    assert approver.post(f"{api}return", back, content_type="application/json").status_code == 409
    assert approver.post(f"{path}changes/return", back | read).status_code == 302
    drafted("交货期 90 日")

    for other in (read, {}, {"seen": ""}):
        told = approver.post(f"{path}changes/approve", other)
        assert told.status_code == 409 and "读过的内容已被修改或者替换" in told.content.decode()
    assert approves(read).json()["reasons"][0]["code"] == "seen.replaced"
    assert approves({}).status_code == 422
    assert not queries.published(tender)
    assert approves(seen(approver, path)).status_code == 200
    assert queries.published(tender)[0].text == "交货期 90 日"


def test_what_waits_is_nobodys_but_the_houses():
    """Two worlds: with questions asked and a change waiting, nobody else's page differs by a byte."""
    tender, path = opened()
    others = (cast.STRANGER, cast.RIVAL, cast.OTHER_OFFICER, cast.SUPERVISOR, cast.OPERATOR, cast.EXPERT)

    def worlds():
        return {
            who.name: [visible(accounts.client_of(who).get(f"{path}{page}")) for page in ("", "changes/")]
            for who in others
        }  # fmt: skip

    def visible(answer):
        text = answer.content.decode()
        return text[text.index("<main") : text.index("</main>")]

    worlds()
    before = worlds()
    for n in range(3):
        services.ask(project_number=tender.project.number, text=f"问题 {n}", by=cast.PROVIDER, at=cast.NOON)
    services.propose(
        project_number=tender.project.number, text="拟稿", may_affect=False, by=cast.OFFICER, at=cast.NOON,
        documents=[("招标文件.pdf", io.BytesIO(b"%PDF-1.7 new"))],
    )  # fmt: skip

    assert stripped(worlds()) == stripped(before)
    pending = Change.objects.get().documents.get()
    for who in (*others, cast.PROVIDER):
        client = accounts.client_of(who)
        assert client.get(f"{path}documents/{pending.sha256}").status_code == 404
        assert client.get(f"/blobs/{pending.sha256}").status_code == 404
        if who.person:
            assert client.post(f"{path}changes/approve").status_code == 404
            assert client.post(f"{path}changes/return").status_code == 404
            assert client.get(f"{path}correct/").status_code == 404


def stripped(worlds):
    """Forms carry a fresh token each time."""
    return {who: [re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page) for page in pages]
            for who, pages in worlds.items()}  # fmt: skip


def test_whoever_took_the_documents_downloads_them_in_one_file():
    tender, path = opened()

    answer = accounts.client_of(cast.PROVIDER).get(f"{path}documents.zip")
    with zipfile.ZipFile(io.BytesIO(b"".join(answer))) as whole:
        assert {name: whole.read(name) for name in whole.namelist()} == {"招标文件.pdf": b"%PDF-1.7 tender"}
    assert accounts.client_of(cast.RIVAL).get(f"{path}documents.zip").status_code == 404
    assert tenders.documents(tender)


def test_an_upload_that_is_too_long_is_cut_off(monkeypatch):
    _, path = opened()
    monkeypatch.setattr(tender_rules, "LARGEST_DOCUMENT", 100_000)
    typed = NO_ROWS | {"text": "", "may_affect": "no", "documents": SimpleUploadedFile("a.pdf", b"%PDF" * 50_000)}

    answer = accounts.client_of(cast.OFFICER).post(f"{path}correct/", typed)

    assert answer.status_code in (302, 422)
    assert not Change.objects.exists()
