"""The pages of a draft and of a project, and the doors beside them."""

import hashlib
import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from bidding.tender import committees, forms, queries, services
from bidding.tender.models import Taking
from ledger.models import Entry
from market.projects.models import Project
from market.projects.rules import Stage
from proofs import canonical, statement
from rulebook.actor import SYSTEM
from rulebook.times import iso
from tests import cast
from tests.bidding.tender import act
from tests.make import accounts, bidding, holding

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]
TYPED = {
    "title": "监测站设备采购", "category": "goods", "edition": "87-2017", "item": "监测站 2 套", "demand": "见附件",
    "budget": "1300000", "price_cap": "1280000", "contact_name": "王", "contact_phone": "1", "address": "路",
    "publish_at": "2026-12-01T09:00:00", "supply_ends_at": "2026-12-10T17:30:00", "closes_at": "2026-12-24T09:00:00",
    "qualifications": "依法缴纳税收\n有独立承担民事责任的能力", "price_weight": "30", "small_percent": "10",
    "factor-TOTAL_FORMS": "3", "factor-INITIAL_FORMS": "0", "factor-MIN_NUM_FORMS": "0", "factor-MAX_NUM_FORMS": "20",
    "factor-0-name": "技术", "factor-0-max": "40", "factor-0-objective": "on", "factor-0-standard": "逐项",
    "factor-1-name": "方案", "factor-1-max": "30", "factor-1-standard": "分档",
    "factor-2-name": "", "factor-2-max": "", "factor-2-standard": "",
}  # fmt: skip


def test_an_officer_types_a_draft_and_finds_it_as_typed():
    officer = accounts.client_of(cast.OFFICER)
    assert officer.get("/projects/new/").status_code == 200

    answer = officer.post("/projects/new/", TYPED)

    project = Project.objects.get()
    tender = queries.tender(project.number)
    assert answer.url == f"/projects/{project.number}/edit/"
    assert iso(tender.closes_at) == "2026-12-24T01:00:00.000000Z"
    assert [(each.name, each.objective) for each in tender.criteria] == [("技术", True), ("方案", False)]
    assert tender.qualifications == ["依法缴纳税收", "有独立承担民事责任的能力"]
    text = officer.get(answer.url).content.decode()
    for typed in ("监测站设备采购", "1280000.00", "2026-12-24T09:00:00", "逐项"):
        assert typed in text


def test_nothing_is_lost_when_something_is_wrong():
    officer = accounts.client_of(cast.OFFICER)

    answer = officer.post("/projects/new/", TYPED | {"budget": "很多", "factor-1-max": "x"})

    text = answer.content.decode()
    assert answer.status_code == 422
    assert not Project.objects.exists()
    for typed in ("监测站设备采购", "很多", "技术", "方案", "分档", "见附件"):
        assert typed in text


def test_a_row_that_is_emptied_is_gone():
    tender = act.draft()
    officer = accounts.client_of(cast.OFFICER)

    officer.post(f"/projects/{tender.project.number}/edit/", TYPED | {"factor-0-name": "", "factor-0-max": "",
                 "factor-0-standard": "", "factor-0-objective": ""})  # fmt: skip

    assert [each.name for each in queries.tender(tender.project.number).criteria] == ["方案"]


def test_drafts_are_nobodys_but_the_houses():
    tender = act.complete()
    number = tender.project.number

    for viewer in (cast.STRANGER, cast.PROVIDER, cast.OTHER_OFFICER, cast.SUPERVISOR, cast.OPERATOR):
        client = accounts.client_of(viewer)
        assert client.get(f"/projects/{number}/").status_code == 404
        assert client.get(f"/projects/{number}/award/").status_code == 404
        assert client.get(f"/projects/{number}/notice.json").status_code == 404
        held = queries.documents(tender)[0]
        assert client.get(f"/projects/{number}/documents/{held.sha256}").status_code == 404
        assert client.get(f"/blobs/{held.sha256}").status_code == 404
        if viewer.person:
            assert client.get(f"/projects/{number}/edit/").status_code == 404
            for act_on in ("submit", "approve", "return", "schedule", "schedule/cancel", "keys", "documents/remove"):
                assert client.post(f"/projects/{number}/edit/{act_on}").status_code == 404
    assert accounts.client_of(cast.APPROVER).get(f"/projects/{number}/edit/").status_code == 200


def test_a_provider_begins_no_project():
    assert accounts.client_of(cast.PROVIDER).get("/projects/new/").status_code == 403
    assert accounts.client_of(cast.STRANGER).get("/projects/new/").status_code == 302


def test_the_whole_way_by_clicks():
    tender = act.draft()
    act.ready_keys(tender)
    number = tender.project.number
    officer, approver = accounts.client_of(cast.OFFICER), accounts.client_of(cast.APPROVER)
    base = f"/projects/{number}/edit/"

    typed = TYPED | {"publish_at": "2099-12-01T09:00:00", "supply_ends_at": "2099-12-10T17:30:00",
                     "closes_at": "2099-12-24T09:00:00"}  # fmt: skip
    assert officer.post(base, typed).status_code == 302
    assert officer.post(f"{base}submit").status_code == 422
    file = SimpleUploadedFile("招标文件.pdf", b"%PDF-1.7")
    assert officer.post(f"{base}documents", {"file": file}).status_code == 302
    assert officer.post(f"{base}documents", {}).status_code == 302
    assert officer.post(f"{base}submit").status_code == 302
    assert officer.post(f"{base}approve").status_code == 403
    assert approver.post(f"{base}return", {"comment": ""}).status_code == 422
    assert approver.post(f"{base}approve").status_code == 409  # it does not say what he read
    seen = accounts.seen_on(approver.get(base), "edit/approve")
    assert approver.post(f"{base}approve", seen).status_code == 302
    assert officer.post(f"{base}schedule", {"publish_at": "soon"}).status_code == 422
    assert officer.post(f"{base}schedule", {"publish_at": "2099-12-01T09:00:00"}).status_code == 302
    assert "取消定时发布" in officer.get(base).content.decode()
    assert officer.post(f"{base}schedule/cancel").status_code == 302
    assert Project.objects.get(number=number).submitted_at is None
    held = queries.documents(tender)[0]
    assert b"".join(officer.get(f"/projects/{number}/documents/{held.sha256}")) == b"%PDF-1.7"
    assert officer.post(f"{base}documents/remove", {"name": held.name}).status_code == 302
    assert not queries.documents(tender)


def test_an_officer_asks_for_keys_and_returns_a_draft_on_the_page():
    tender = act.draft()
    holding.stand(*act.HOLDERS)
    officer = accounts.client_of(cast.OFFICER)

    assert officer.post(f"/projects/{tender.project.number}/edit/keys").status_code == 302
    assert officer.post(f"/projects/{tender.project.number}/edit/keys").status_code == 409
    assert "等待制钥" in officer.get(f"/projects/{tender.project.number}/edit/").content.decode()


def test_a_holder_posts_its_keys_with_nothing_but_its_signature(client):
    tender = act.draft()
    holding.stand(*act.HOLDERS)
    committees.request_keys(project_number=tender.project.number, by=cast.OFFICER, at=act.START)
    unit = queries.unit(tender, "body")
    keys = accounts.signer(cast.NOTARY).slot_keys(unit=unit, role="c", count=256)
    fields = {"unit": unit, "role": "c", "n": 256, "keys_sha256": hashlib.sha256(keys).hexdigest()}
    said = statement.sign("slots/1", fields, by=accounts.signer(cast.NOTARY), ts=iso(act.START))
    path = f"/api/projects/{tender.project.number}/committee/body"

    def post(body):
        return client.post(path, json.dumps(body), content_type="application/json")

    assert post({"statement": {**said, "n": 255}, "keys": canonical.b64u(keys)}).status_code == 422
    assert post({"statement": said, "keys": "=="}).status_code == 422
    assert post({"statement": said}).status_code == 422
    answer = post({"statement": said, "keys": canonical.b64u(keys)})
    assert (answer.status_code, answer.json()) == (200, {"org": cast.NOTARY, "i": 3})
    missing = client.post("/api/projects/none/committee/body", json.dumps({"statement": said, "keys": "AA"}),
                          content_type="application/json")  # fmt: skip
    assert missing.status_code == 404


@pytest.mark.parametrize("door", ["/projects/T-2026-001/take", "/api/projects/T-2026-001/take"])
def test_documents_are_taken_alike_through_every_door(door, monkeypatch):
    bidding.tender(closes_at=cast.NOON + 3650 * cast.DAY)

    def post(who):
        return accounts.client_of(who).post(door, content_type="application/json")

    assert post(cast.OFFICER).status_code == 403
    assert post(cast.STRANGER).status_code in (302, 401)
    assert post(cast.PROVIDER).status_code in (200, 302)
    assert post(cast.PROVIDER).status_code in (200, 302)
    assert Taking.objects.count() == 1


def test_a_taking_is_seen_by_its_taker_alone():
    """Two worlds, one in which rivals took the documents: nobody else's page differs."""
    tender = bidding.tender(closes_at=cast.NOON + 3650 * cast.DAY)
    path = f"/projects/{tender.project.number}/"

    def worlds():
        return {
            viewer.name: accounts.client_of(viewer).get(path).context["lines"]
            for viewer in (cast.STRANGER, cast.OFFICER, cast.RIVAL, cast.SUPERVISOR)
        }

    before, entries = worlds(), Entry.objects.filter(log="public").count()
    services.take_documents(project_number=tender.project.number, by=cast.PROVIDER, at=cast.NOON)

    assert worlds() == before
    assert Entry.objects.filter(log="public").count() == entries
    assert "获取文件的回执" in accounts.client_of(cast.PROVIDER).get(path).content.decode()
    for viewer in (cast.STRANGER, cast.OFFICER, cast.RIVAL, cast.SUPERVISOR):
        assert "获取文件的回执" not in accounts.client_of(viewer).get(path).content.decode()


def test_the_page_of_a_project_shows_notice_keys_criteria_and_record(client):
    tender = act.scheduled()
    services.publish(project_number=tender.project.number, by=SYSTEM, at=tender.project.publish_at)

    text = client.get(f"/projects/{tender.project.number}/").content.decode()

    for each in queries.committees(tender).values():
        assert each.cmh in text
    for fact in ("技术参数响应", "发布采购公告", "投标条款生效", "河套市公证处", "/notice/print/"):
        assert fact in text
    assert (
        b"".join(client.get(f"/projects/{tender.project.number}/documents/{queries.documents(tender)[0].sha256}"))
        == b"%PDF"
    )


def test_a_rehearsal_says_so_above_the_page(client):
    tender = bidding.tender()
    Project.objects.filter(pk=tender.project.pk).update(edition="rehearsal")

    assert "演练版次" in client.get(f"/projects/{tender.project.number}/").content.decode()


def test_editions_on_a_real_site_are_for_real(settings):
    assert "rehearsal" in dict(forms.editions())
    settings.PRODUCTION = True
    assert list(dict(forms.editions())) == ["87-2017", "ztb-2019", "214-2014", "74-talks-2014", "74-quotes-2014"]


def test_an_ended_project_says_so(client):
    tender = bidding.tender(stage=Stage.FAILED)

    assert "流标" in client.get(f"/projects/{tender.project.number}/").content.decode()
