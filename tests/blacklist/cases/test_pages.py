"""Pages of cases: who sees what, and what the public is never told."""

import io
import re

import pytest

from blacklist.cases import appeals, services
from documents.evidence.models import Evidence
from tests import cast
from tests.make import accounts, cases

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]


@pytest.fixture(autouse=True)
def world():
    accounts.world()


@pytest.fixture
def now(monkeypatch):
    def at(moment):
        monkeypatch.setattr("rulebook.clock.now", lambda: moment)

    at(cast.NOON)
    return at


def read(actor, path):
    answer = accounts.client_of(actor).get(path)
    return answer.content.decode() if answer.status_code == 200 else answer.status_code


def test_a_case_is_there_for_its_keepers_and_from_its_notice_on_for_its_party(now):
    row = cases.case(project="T-2026-009")
    path = f"/cases/{row.public_id}/"
    for actor in (cast.PROVIDER, cast.RIVAL, cast.OFFICER, cast.WITNESS, cast.EXPERT):
        assert read(actor, path) == 404
        assert read(actor, f"{path}decision/") == 404
    assert "开始核查" in read(cast.SUPERVISOR, path)
    assert cases.FACTS in read(cast.AUDITOR, path)

    row = cases.noticed(project="T-2026-010")
    path = f"/cases/{row.public_id}/"
    page = read(cast.PROVIDER, path)
    assert cases.FACTS in page and "您的权利" in page and "2026-12-01 24:00" in page
    for word in (cast.OFFICER.name, cast.SUPERVISOR.name, "开始核查", "采购人报告"):
        assert word not in page
    assert read(cast.RIVAL, path) == read(cast.OFFICER, path) == 404
    assert "已告知" in read(cast.OFFICER, "/cases/")
    assert "T-2026" not in read(cast.OFFICER, "/cases/")
    assert accounts.client_of(cast.RIVAL).post(f"{path}state/", {"text": "不是当事人"}).status_code == 404


def test_two_worlds_the_public_never_learns_what_a_subject_takes_part_in(now):
    """The same decision, of an act in a running purchase and of one in none: the same page, the same data."""
    shown = []
    for project in ("", "T-2026-009"):
        _, row = cases.served(project=project, facts=f"在{project or '某项目'}中放弃")
        now(row.starts_at)
        shown.append([read(cast.STRANGER, path) for path in ("/restrictions/", "/restrictions.json")])
        appeals.appeal(public_id=row.case.public_id, text="事实不清", by=cast.PROVIDER, at=row.starts_at)
        assert "没有正在执行的平台限制" in read(cast.STRANGER, "/restrictions/")
        now(cast.NOON)

    uuid = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}")  # of the decision's page
    mask = [[uuid.sub("", text.replace(f"〕{n}号", "〕号")) for text in texts] for n, texts in enumerate(shown, 1)]
    strip = [[text.split("data-clock")[0] + text.split("</header>", 2)[-1] for text in texts] for texts in mask]
    assert "T-2026" not in "".join(shown[1])
    assert strip[0] == strip[1]
    assert "不是行政处罚" in shown[0][0] and "禁入名单" in shown[0][0]
    assert "平台限制公示" in read(cast.STRANGER, "/blacklist/")


def test_a_decision_has_its_six_items_for_the_party_once_served(now):
    row = cases.decided()
    path = f"/cases/{row.public_id}/decision/"
    now(cast.NOON + 9 * cast.DAY)
    assert read(cast.PROVIDER, path) == 404
    assert "复核同意" not in read(cast.PROVIDER, f"/cases/{row.public_id}/")
    client = accounts.client_of(cast.SECOND_SUPERVISOR)
    assert client.post(f"/cases/{row.public_id}/serve/").status_code == 302
    page = read(cast.PROVIDER, path)
    for item in (
        "一、当事人",
        "二、事实和证据",
        "三、处理结果和依据",
        "四、履行方式和期限",
        "五、救济途径",
        "六、作出",
    ):
        assert item in page
    assert "催告函.pdf" in page and "暂停参与 6 个月" in page
    now(cast.NOON + 11 * cast.DAY)  # it is in force
    refused = read(cast.PROVIDER, f"/cases/{row.public_id}/")
    assert "起才可以申请修复" in refused and "Restriction" not in refused  # a grey button says why, in words


def test_files_of_a_case_are_its_deciders_and_from_its_notice_on_its_partys_and_nobody_elses(now):
    row = cases.noticed()
    services.state(
        public_id=row.public_id, text="已按期确认", evidence=[("确认单.pdf", b"%PDF-1.7 yes %%EOF")], by=cast.PROVIDER,
        at=cast.NOON,
    )  # fmt: skip
    reported, told, said = Evidence.objects.order_by("pk")
    may = {
        reported: {cast.OFFICER, cast.SUPERVISOR, cast.OPERATOR},
        told: {cast.SUPERVISOR, cast.OPERATOR, cast.PROVIDER},
        said: {cast.SUPERVISOR, cast.OPERATOR, cast.PROVIDER},
    }
    for file, whose in may.items():
        for actor in (cast.OFFICER, cast.SUPERVISOR, cast.OPERATOR, cast.PROVIDER, cast.RIVAL, cast.AUDITOR):
            answer = accounts.client_of(actor).get(f"/evidence/{file.public_id}/")
            assert answer.status_code == (200 if actor in whose else 404), (file.name, actor.name)
    for file in may:
        assert accounts.client_of(cast.STRANGER).get(f"/evidence/{file.public_id}/").status_code == 404
    page = read(cast.PROVIDER, f"/cases/{row.public_id}/")
    assert [str(file.public_id) in page for file in may] == [False, True, True]
    assert "确认单.pdf" in read(cast.OPERATOR, f"/cases/{row.public_id}/")


def test_a_report_and_a_notice_are_typed_and_what_is_wrong_stays_typed(now):
    told = {"subject": cast.HETAO, "ground": "giving-up", "occurred_on": "2026-11-20", "facts": cases.FACTS}
    client = accounts.client_of(cast.OFFICER)
    answer = client.post("/cases/report/", {**told, "evidence": io.BytesIO(b"<html>%PDF-")})
    assert answer.status_code == 422 and cases.FACTS in answer.content.decode()
    letters = [io.BytesIO(b"%%PDF-1.7 letter %d %%%%EOF" % number) for number in range(2)]
    assert client.post("/cases/report/", {**told, "evidence": letters}).status_code == 302
    assert accounts.client_of(cast.RIVAL).post("/cases/report/", told).status_code == 403

    row = cases.Case.objects.get()
    assert len(row.steps.get().evidence) == 2
    keeper = accounts.client_of(cast.SUPERVISOR)
    assert keeper.post(f"/cases/{row.public_id}/take-up/").status_code == 302
    charge = {"points": 6, "kind": "suspension", "months": 3, "text": "查明属实"}
    answer = keeper.post(f"/cases/{row.public_id}/notice/", {**charge, "points": "many"})
    assert answer.status_code == 422 and "查明属实" in answer.content.decode()
    assert keeper.post(f"/cases/{row.public_id}/notice/", {**charge, "points": 7}).status_code == 422
    assert keeper.post(f"/cases/{row.public_id}/notice/", charge).status_code == 302
    assert keeper.post(f"/cases/{row.public_id}/nothing/").status_code == 404
