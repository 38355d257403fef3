"""Lists of others: two people bring one in, who offered is looked up once, what was found stays and is shown."""

from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Message
from blacklist.lists import queries, rules, services
from blacklist.lists.models import Inquiry, ListEntry, ListIssue
from blacklist.lists.rules import Gate
from config.ticks import run
from documents import sheets
from market.awards import services as awards
from market.projects import standing
from market.projects.rules import Stage
from rulebook import clock
from rulebook.calendar import day_in_china
from rulebook.refusal import Refused
from tests import cast
from tests.make import accounts, bidding_offers, blacklist, market

pytestmark = pytest.mark.django_db
TODAY = day_in_china(cast.NOON)
HEAD = list(rules.HEAD)
LINE = [cast.NAMES[cast.YINSHAN], cast.YINSHAN, "（2026）内08执1号", "有履行能力拒不履行", "2026-03-01", ""]


def staged(key: str = "enforcement", *rows: list[str], as_of: date = TODAY, by: Any = cast.SUPERVISOR) -> ListIssue:
    return services.stage(
        key=key, source="信用中国", as_of=as_of, file_name="名单.xlsx", sha256="a" * 64,
        table=[HEAD, *(rows or (LINE,))], by=by, at=cast.NOON,
    )  # fmt: skip


def held(key: str = "enforcement", *rows: list[str], as_of: date = TODAY) -> ListIssue:
    row = staged(key, *rows, as_of=as_of)
    return services.confirm(public_id=row.public_id, by=cast.SECOND_SUPERVISOR, at=cast.NOON)


def code_of(act: Any) -> str:
    with pytest.raises(Refused) as caught:
        act()
    return caught.value.reasons[0].code


def test_a_list_comes_in_by_two_people_whole_and_never_older() -> None:
    row = staged()
    assert queries.held() == {} and list(queries.waiting()) == [row] and not ListEntry.objects.exists()
    told = {"public_id": row.public_id, "at": cast.NOON}
    assert code_of(lambda: services.confirm(**told, by=cast.SUPERVISOR)) == "lists.own"
    assert code_of(lambda: services.confirm(**told, by=cast.OPERATOR)) == "lists.not-supervisor"
    services.confirm(**told, by=cast.SECOND_SUPERVISOR)
    assert code_of(lambda: services.confirm(**told, by=cast.SECOND_SUPERVISOR)) == "lists.done"
    assert queries.held()["enforcement"].sha256 == "a" * 64 and ListEntry.objects.get().code == cast.YINSHAN
    assert code_of(lambda: staged(as_of=date(2026, 11, 1))) == "lists.older"
    assert code_of(lambda: staged(as_of=date(2026, 12, 1))) == "lists.later"
    assert code_of(lambda: staged("friends")) == "lists.unknown"
    assert code_of(lambda: staged(by=cast.OFFICER)) == "lists.not-supervisor"
    bad = [[*LINE[:1], "15", *LINE[2:]], [*LINE[:4], "去年", ""], [*LINE[:5], "2026-02-01"], ["", *LINE[1:]]]
    assert [(each.row, each.column) for each in rules.read([HEAD, *bad])[1]] == [
        (2, "统一社会信用代码"), (3, "列入日期"), (4, "截止日期"), (5, "名称")
    ]  # fmt: skip
    assert code_of(lambda: staged("tax", *bad)) == "lists.row"
    again = staged("tax")
    services.drop(public_id=again.public_id, by=cast.SUPERVISOR, at=cast.NOON)
    assert "tax" not in queries.held() and not queries.waiting()


def test_who_offered_is_looked_up_once_after_the_opening_and_the_answer_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    held("enforcement", LINE, [*LINE[:4], "2025-01-01", "2025-12-31"])
    tender = bidding_offers.open_hall(3)
    run("bidding.evaluation.tasks.look_up", at=cast.NOON)
    assert not Inquiry.objects.exists(), "nobody is looked up before the bids are open"
    project = tender.project
    bodies = {code: cast.NAMES[code] for code in (cast.HETAO, cast.YINSHAN)}
    told: dict[str, Any] = {"about": project.log, "gate": Gate.REVIEW, "bodies": bodies, "regime": "B", "at": cast.NOON}
    assert code_of(lambda: services.look_up(**told, by=cast.OFFICER)) == "lists.not-system"
    assert services.look_up(**told | {"regime": "D"}, by=cast.SYSTEM) == 0
    assert services.look_up(**told, by=cast.SYSTEM) == 2 and services.look_up(**told, by=cast.SYSTEM) == 0
    hit, clean = Inquiry.objects.get(code=cast.YINSHAN), Inquiry.objects.get(code=cast.HETAO)
    assert (hit.listed, clean.listed) == (True, False)
    answers = {each["list"]: each for each in hit.answers}
    assert [each["document_no"] for each in answers["enforcement"]["found"]] == ["（2026）内08执1号"], (
        "what ended is over"
    )
    assert answers["enforcement"]["as_of"] == TODAY.isoformat() and answers["enforcement"]["sha256"] == "a" * 64
    assert not answers["tax"]["held"] and set(answers) == set(rules.ASKED["B"])
    held("enforcement", [*LINE[:1], cast.HETAO, *LINE[2:]], as_of=TODAY)
    assert services.look_up(**told, by=cast.SYSTEM) == 0 and not Inquiry.objects.get(code=cast.HETAO).listed

    monkeypatch.setattr(clock, "system", lambda: cast.NOON)
    path = f"/projects/{project.number}/inquiries/"
    for viewer in (cast.OFFICER, cast.SUPERVISOR, cast.AUDITOR):
        shown = accounts.client_of(viewer).get(path).content.decode()
        assert "（2026）内08执1号" in shown and "平台没有留存这份名单，未查询" in shown
    own = accounts.client_of(cast.PROVIDER).get(path).content.decode()
    assert cast.NAMES[cast.HETAO] in own and cast.YINSHAN not in own
    nobodies = (cast.OTHER_OFFICER, cast.THIRD, cast.OPERATOR, cast.EXPERT)
    assert {accounts.client_of(each).get(path).status_code for each in nobodies} == {404}


def test_the_tick_looks_up_everybody_whose_bid_is_open() -> None:
    held()
    tender = bidding_offers.opened_tender(3)
    with CaptureQueriesContext(connection) as first:
        run("bidding.evaluation.tasks.look_up", at=cast.NOON + cast.HOUR)
    with CaptureQueriesContext(connection) as again:
        run("bidding.evaluation.tasks.look_up", at=cast.NOON + cast.HOUR)
    read = [any("bidding_bid" in each["sql"] for each in asked) for asked in (first, again)]
    assert read == [True, False]  # whose bidders were looked up is not looked at with every tick
    rows = queries.inquiries(tender.project.log)
    assert {row.code: row.listed for row in rows} == {cast.HETAO: False, cast.YINSHAN: True, cast.WULIANG: False}


@pytest.mark.embedded
def test_the_tick_does_nothing_where_no_law_wants_the_lists_that_are_held() -> None:
    held("wages")
    bidding_offers.opened_tender(3)
    assert queries.askable() == {"A"}
    for _ in range(2):
        with CaptureQueriesContext(connection) as asked:
            run("bidding.evaluation.tasks.look_up", at=cast.NOON + cast.HOUR)
        assert not any("bidding_bid" in each["sql"] for each in asked)
    assert not Inquiry.objects.exists()


@pytest.mark.embedded
def test_the_winner_and_whoever_bids_with_it_is_looked_up_once_more_on_the_day_of_the_award() -> None:
    held()
    project = market.project(stage=Stage.PROPOSED)
    market.notice(project)
    market.proposal(project)
    standing.note_members(project=project, org=cast.HETAO, members={cast.WULIANG: "乌"}, at=cast.NOON)
    standing.note_members(project=project, org=cast.YINSHAN, members={cast.LANGSHAN: "狼山"}, at=cast.NOON)
    awards.determine(number=project.number, org=cast.YINSHAN, by=cast.OFFICER, at=cast.NOON)
    rows = Inquiry.objects.filter(about=project.log)
    assert {(row.gate, row.code, row.listed) for row in rows} == {
        ("award", cast.YINSHAN, True), ("award", cast.LANGSHAN, False)
    }  # fmt: skip
    told = Message.objects.filter(to_organisation_id=cast.BUYER, subject__contains="信用记录")
    assert [cast.NAMES[cast.YINSHAN] in each.body for each in told] == [True]
    assert queries.looked_up([project.log]) == set()  # the review's question is another


@pytest.mark.embedded
def test_by_its_pages_and_as_open_data(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "system", lambda: cast.NOON)
    accounts.world()
    first, second = accounts.client_of(cast.SUPERVISOR), accounts.client_of(cast.SECOND_SUPERVISOR)
    told = {"key": "procurement", "source": "中国政府采购网", "as_of": TODAY.isoformat()}

    def handed(*rows: list[str]) -> Any:
        book = SimpleUploadedFile("名单.xlsx", sheets.write(HEAD, rows, name="l"))
        return first.post("/lists/import/", told | {"file": book})

    assert handed(LINE, [*LINE[:1], "1", *LINE[2:]]).status_code == 422 and not ListIssue.objects.exists()
    assert handed(LINE).status_code == 302
    here = f"/lists/{ListIssue.objects.get().public_id}/"
    assert accounts.client_of(cast.OFFICER).get(here).status_code == 404
    assert accounts.client_of(cast.OFFICER).get("/lists/import/").status_code == 404
    assert "核对" in second.get("/lists/").content.decode() and cast.YINSHAN in second.get(here).content.decode()
    assert first.post(f"{here}confirm").status_code == 403 and second.post(f"{here}confirm").status_code == 302
    public = accounts.client_of(cast.STRANGER)
    assert "中国政府采购网" in public.get("/lists/").content.decode()
    blacklist.sanction(code=cast.LANGSHAN, name="=狼山", publish_until=date(2027, 1, 1))
    table = public.get("/blacklist.csv").content.decode("utf-8-sig").splitlines()
    assert len(table) == 2 and table[1].startswith("'=狼山,") and cast.LANGSHAN in table[1]
