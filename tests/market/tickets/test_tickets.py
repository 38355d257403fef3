"""Tickets of the hotline: a file comes in whole or not at all, each is answered once, the answers go back."""

import io
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from documents import sheets
from market.complaints import services as complaints
from market.complaints.rules import About, Outcome
from market.tickets import queries, rules, services
from market.tickets.models import Ticket, TicketAnswer
from portal.desk import queries as desks
from portal.statistics import afterwards
from portal.statistics.scope import Scope
from rulebook import clock
from rulebook.calendar import day_in_china
from rulebook.refusal import Refused
from tests import cast
from tests.make import accounts, market

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]
TODAY = day_in_china(cast.NOON)
HEAD = ["诉求人", "联系电话", "工单编号", "派单日期", "标题", "诉求内容", "项目编号", "办结期限"]


def line(number: str, **other: str) -> list[str]:
    told = {"工单编号": number, "派单日期": "2026/11/23 09:30", "标题": "开标时间太早", "诉求内容": "赶不到现场",
            "诉求人": "张三", "联系电话": "13800000000"} | other  # fmt: skip
    return [told.get(name, "") for name in HEAD]


def brought(*rows: list[str], by: Any = cast.SUPERVISOR) -> list[Ticket]:
    return services.bring_in(table=[HEAD, *rows], sha256="0" * 64, by=by, at=cast.NOON)


@pytest.fixture(autouse=True)
def people(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "system", lambda: cast.NOON)
    accounts.world()


def test_a_file_comes_in_whole_with_days_and_without_the_caller() -> None:
    project = market.project()
    first, second = brought(line("A1"), line("A2", 项目编号=project.number, 办结期限="2026-11-25"))
    assert (first.received_on.isoformat(), first.due_on.isoformat()) == ("2026-11-23", "2026-11-30")
    assert (second.project, second.due_on.isoformat()) == (project.number, "2026-11-25")
    kept = str(list(Ticket.objects.values()))
    assert "张三" not in kept and "13800000000" not in kept
    assert rules.ignored(HEAD) == ["诉求人", "联系电话"]


def test_every_bad_row_is_told_and_nothing_is_half_imported() -> None:
    brought(line("A1"))
    table = [
        HEAD, line("B1"), line("A1"), line("B1"), line(""), line("B2", 派单日期="昨天"),
        line("B3", 派单日期="2026-12-01"),
        line("B4", 项目编号="T-9"), line("B5", 标题="长" * 101), line("B6", 办结期限="2026-11-01"),
    ]  # fmt: skip
    wrong = queries.checked(table, body=cast.BUREAU, on=TODAY)[1]
    assert [(each.row, each.column) for each in wrong] == [
        (3, "工单编号"), (4, "工单编号"), (5, "工单编号"), (6, "派单日期"), (7, "派单日期"), (8, "项目编号"),
        (9, "标题"), (10, "办结期限"),
    ]  # fmt: skip
    with pytest.raises(Refused) as caught:
        brought(*table[1:])
    assert len(caught.value.reasons) == 8 and Ticket.objects.count() == 1
    assert [each.why for each in rules.read([["标题"]], known=(), projects=(), on=TODAY)[1]] == ["缺少这一列"] * 3
    with pytest.raises(Refused):
        brought(line("C1"), by=cast.OPERATOR)


def test_by_the_pages_of_its_own_body_and_nobody_elses() -> None:
    client = accounts.client_of(cast.SUPERVISOR)

    def handed(name: str, data: bytes) -> Any:
        return client.post("/tickets/import/", {"file": SimpleUploadedFile(name, data)}, follow=True)

    book = sheets.write(HEAD, [line("A1"), line("")], name="t")
    shown = handed("t.xlsx", book)
    assert (shown.status_code, Ticket.objects.count()) == (422, 0) and "一件也没有导入" in shown.content.decode()
    rows = "\n".join(",".join(each) for each in (HEAD, line("A1"), line("A2")))
    shown = handed("t.csv", rows.encode("gb18030"))
    assert "没有导入的列：诉求人、联系电话" in shown.content.decode() and Ticket.objects.count() == 2
    row = Ticket.objects.get(number="A2")
    here = f"/tickets/{row.public_id}/"
    assert any(duty.href == here for duty in desks.duties(cast.SUPERVISOR, at=cast.NOON))
    for nobody in (cast.OFFICER, cast.OPERATOR, cast.PROVIDER):
        other = accounts.client_of(nobody)
        paths = ("/tickets/", "/tickets/import/", "/tickets/answers.xlsx", here)
        assert [other.get(path).status_code for path in paths] == [404] * 4
        assert other.post(f"{here}answer", {"result": "founded", "text": "x"}).status_code == 404
    assert client.post(f"{here}answer", {"result": "unfounded", "text": "=查无此事"}).status_code == 302
    assert client.post(f"{here}answer", {"result": "founded", "text": "再答"}).status_code == 409
    assert "不属实" in client.get(here).content.decode() and "已答复" in client.get("/tickets/").content.decode()
    told = client.get("/tickets/answers.xlsx?since=2026-11-24")
    table, _wrong = sheets.read(io.BytesIO(told.content))
    assert table[1][:3] == ["A2", "2026-11-24", "不属实"] and table[1][4] == "是" and len(table) == 2
    assert client.get("/tickets/answers.xlsx?since=2026-11-25").status_code == 200


def test_a_linked_complaint_keeps_its_clock_and_is_decided_before_its_ticket_says_what_came_of_it() -> None:
    first, late = brought(line("A1"), line("A2", 办结期限="2026-11-23"))
    held = complaints.file(
        about=About.STAFF, subject="某工作人员", body=cast.BUREAU, points=["索要好处费"], request="查处",
        interest="经办人", known_at=cast.NOON, by=cast.THIRD, at=cast.NOON,
    )  # fmt: skip
    told: dict[str, Any] = {"by": cast.SUPERVISOR, "at": cast.NOON}

    def refused(**asked: Any) -> str:
        with pytest.raises(Refused) as caught:
            services.answer(public_id=first.public_id, **{"text": "答复"} | asked, **told)
        return caught.value.reasons[0].code

    assert refused(result="turned") == "tickets.not-linked"
    with pytest.raises(Refused) as caught:
        services.link(public_id=first.public_id, complaint="00000000-0000-4000-8000-000000000000", **told)
    assert caught.value.reasons[0].code == "tickets.foreign-complaint"
    row = services.link(public_id=first.public_id, complaint=str(held.public_id), **told)
    assert row.complaint == held and row.complaint.next_due == held.check_by
    assert refused(result="founded") == "tickets.complaint-open"
    assert refused(result="turned", text=" ") == "tickets.no-answer"
    assert refused(result="buried") == "tickets.no-result"
    assert services.answer(public_id=first.public_id, result="turned", text="已转入", **told).in_time
    with pytest.raises(Refused):
        services.link(public_id=first.public_id, complaint="", **told)

    services.link(public_id=late.public_id, complaint=str(held.public_id), **told)
    complaints.accept(public_id=held.public_id, **told)
    complaints.decide(public_id=held.public_id, outcome=Outcome.UNFOUNDED, text="查无实据", **told)
    assert not services.answer(public_id=late.public_id, result="unfounded", text="查无实据", **told).in_time
    scope = Scope(since=TODAY - timedelta(days=30), until=TODAY)
    figure = afterwards.called(scope)[0]
    assert (figure.value, figure.n) == ("2 件，按期 1 件", 2) and TicketAnswer.objects.count() == 2
