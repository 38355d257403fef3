"""Pages of cases: who sees what, and what the public is never told."""

import pytest

from blacklist.cases import appeals
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
    assert cases.FACTS in page and "您的权利" in page and "2026-12-02 00:00" in page
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

    mask = [[text.replace(f"〕{n}号", "〕号") for text in texts] for n, texts in enumerate(shown, 1)]
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


def test_a_report_and_a_notice_are_typed_and_what_is_wrong_stays_typed(now):
    told = {"subject": cast.HETAO, "ground": "giving-up", "occurred_on": "2026-11-20", "facts": cases.FACTS}
    client = accounts.client_of(cast.OFFICER)
    answer = client.post("/cases/report/", {**told, "evidence": "没有散列值"})
    assert answer.status_code == 422 and cases.FACTS in answer.content.decode()
    assert client.post("/cases/report/", {**told, "evidence": "函.pdf " + "a" * 64}).status_code == 302
    assert accounts.client_of(cast.RIVAL).post("/cases/report/", told).status_code == 403

    row = cases.Case.objects.get()
    keeper = accounts.client_of(cast.SUPERVISOR)
    assert keeper.post(f"/cases/{row.public_id}/take-up/").status_code == 302
    charge = {"points": 6, "kind": "suspension", "months": 3, "text": "查明属实"}
    answer = keeper.post(f"/cases/{row.public_id}/notice/", {**charge, "points": "many"})
    assert answer.status_code == 422 and "查明属实" in answer.content.decode()
    assert keeper.post(f"/cases/{row.public_id}/notice/", {**charge, "points": 7}).status_code == 422
    assert keeper.post(f"/cases/{row.public_id}/notice/", charge).status_code == 302
    assert keeper.post(f"/cases/{row.public_id}/nothing/").status_code == 404


def test_desks_say_what_to_decide_and_what_to_answer_by_when(now):
    row = cases.noticed()
    assert "陈述、申辩" in read(cast.PROVIDER, "/desk/") and "2026-12-02 00:00" in read(cast.PROVIDER, "/desk/")
    assert str(row.public_id) not in read(cast.RIVAL, "/desk/") + read(cast.OFFICER, "/desk/")
    now(cast.NOON + 9 * cast.DAY)
    assert "提出处理意见" in read(cast.SECOND_SUPERVISOR, "/desk/")
    assert str(row.public_id) not in read(cast.PROVIDER, "/desk/")
