"""Every door of an auction: the room for everybody, a quote by program and by form, and the same refusals."""

import json
from uuid import uuid4

import pytest
from django.test import Client

from bidding.auction import queries, services
from bidding.auction.models import PriceExplanation, Quote
from bidding.auction.tasks import call_auctions, end_auctions
from intermediaries.registry import services as register
from market.projects.models import Project
from market.selection import services as selection
from market.selection.queries import shown
from rulebook import clock
from rulebook.actor import SYSTEM, Actor
from rulebook.refusal import Refused
from tests import cast
from tests.make import accounts, auctions, choices
from tests.make.auctions import BEGINS, ENDS, NUMBER, quoted
from tests.make.blacklist import sanction

pytestmark = pytest.mark.django_db
ROOM = f"/purchases/{NUMBER}/auction/"
API = f"/api/projects/{NUMBER}/quotes"


@pytest.fixture
def now(monkeypatch):
    """Set the clock of the doors."""

    def put(instant) -> None:
        clock.forget()
        monkeypatch.setattr(clock, "system", lambda: instant)

    yield put
    clock.forget()


def seen(viewer: Actor, path: str = ROOM) -> str:
    answer = accounts.client_of(viewer).get(path)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def posted(viewer: Actor, quote: str, price: str):
    told = json.dumps({"quote": quote, "price": price})
    return accounts.client_of(viewer).post(API, told, content_type="application/json")


def test_the_room_shows_everybody_the_same_ladder_and_each_bidder_his_own_place(now):
    auctions.announced()
    assert Client().get(ROOM).status_code == 404
    services.call(project_number=NUMBER, entrants=auctions.ORGS, by=SYSTEM, at=cast.NOON)
    now(cast.NOON)
    assert "还没有报价" in seen(cast.STRANGER)
    quoted(cast.PROVIDER, "99000")
    quoted(cast.RIVAL, "98000", BEGINS + cast.MINUTE)
    now(BEGINS + 2 * cast.MINUTE)

    pages = {viewer: seen(viewer) for viewer in (cast.STRANGER, cast.PROVIDER, cast.RIVAL, cast.OFFICER)}

    assert all("98,000.00" in page and "第 2 次报价" in page for page in pages.values())
    assert "您排第 2 位（2 家已报价）" in pages[cast.PROVIDER] and "您的报价目前最低" in pages[cast.RIVAL]
    assert 'id="auction-quote"' not in pages[cast.STRANGER] + pages[cast.OFFICER]
    assert "对所有人暂停" in pages[cast.OFFICER] and "对所有人暂停" not in pages[cast.PROVIDER]
    names = [cast.NAMES[org] for org in auctions.ORGS]
    assert not any(name in page for page in pages.values() for name in names)
    assert not any(org in page for page in pages.values() for org in auctions.ORGS)


def test_after_the_end_the_room_names_whoever_was_behind_an_alias(now):
    auctions.auction()
    quoted(cast.RIVAL, "98000")
    auctions.ended()
    now(ENDS + cast.HOUR)

    page = seen(cast.STRANGER)

    assert cast.NAMES[cast.YINSHAN] in page and "最终最低价" in page


@pytest.mark.embedded
def test_who_is_banned_or_leaves_while_it_runs_keeps_his_rung_quotes_no_more_and_is_passed_over_before_all(now):
    auctions.auction()
    quoted(cast.THIRD, "95000")
    quoted(cast.RIVAL, "92000")
    quoted(cast.PROVIDER, "90000")
    sanction(basis="apl-9", regimes="ABCD")
    register.leave(code=cast.YINSHAN, open_contracts=(), by=cast.RIVAL, at=BEGINS)
    now(BEGINS + cast.MINUTE)

    page = seen(cast.PROVIDER)  # it stays on the ladder, is what others have to beat, and is told why it may not go on
    assert "90,000.00" in page and "河财采罚〔2026〕3号" in page and 'aria-disabled="true"' in page
    for who, code in ((cast.PROVIDER, "blacklist.banned"), (cast.RIVAL, "provider.not-entered")):
        refused = posted(who, str(uuid4()), "89000").json()["reasons"]
        assert [each["code"] for each in refused] == [code]
    assert posted(cast.THIRD, str(uuid4()), "91000").json()["reasons"][0]["code"] == "auction.not-better"
    other = seen(cast.STRANGER)
    assert "河财采罚" not in other and cast.NAMES[cast.HETAO] not in other  # an alias stays one until the end

    auctions.ended()
    now(ENDS + cast.HOUR)
    page = seen(cast.STRANGER)
    told = page[page.index("报价未列入名次的") : page.index('id="auction-rungs"')]
    assert cast.NAMES[cast.HETAO] in told and "河财采罚〔2026〕3号" in told and cast.NAMES[cast.YINSHAN] in told
    assert cast.NAMES[cast.WULIANG] not in told


def test_a_quote_by_program_counts_once_and_gets_the_same_answer(now):
    auctions.auction()
    now(BEGINS)
    number = str(uuid4())

    answers = [posted(cast.PROVIDER, number, "99000.00") for _ in range(3)]
    refused = [posted(cast.RIVAL, str(uuid4()), "98500.01") for _ in range(2)]

    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.content for answer in answers}) == 1
    assert answers[0].json()["number"] == 1 and answers[0].json()["price"] == "99000.00"
    assert [answer.json()["reasons"][0]["code"] for answer in refused] == ["auction.not-better"] * 2
    assert Quote.objects.filter(number__isnull=False).count() == 1
    now(ENDS)
    late = posted(cast.RIVAL, str(uuid4()), "98000")
    assert (late.status_code, late.json()["reasons"][0]["code"]) == (409, "auction.over")
    assert posted(cast.PROVIDER, number, "99000.00").content == answers[0].content  # a dropped phone, long after
    own = accounts.client_of(cast.RIVAL).get(f"/api/projects/{NUMBER}/my-quotes").json()
    assert [row["number"] for row in own["quotes"]] == [None, None, None]


def test_who_has_no_part_is_refused_at_the_door(now):
    auctions.auction()
    now(BEGINS)
    given = {"content_type": "application/json"}

    assert Client().post(API, json.dumps({"quote": str(uuid4()), "price": "1"}), **given).status_code == 401
    assert posted(cast.OFFICER, str(uuid4()), "99000").status_code == 403
    assert accounts.client_of(cast.OFFICER).get(f"/api/projects/{NUMBER}/my-quotes").status_code == 404
    assert accounts.client_of(cast.PROVIDER).post("/api/projects/X-1/quotes", json.dumps(
        {"quote": str(uuid4()), "price": "1"}), **given).status_code == 404  # fmt: skip
    assert posted(cast.PROVIDER, "no number", "99000").status_code == 422


def test_without_a_script_a_quote_is_read_back_before_it_counts(now):
    auctions.auction()
    now(BEGINS)
    client, form = accounts.client_of(cast.PROVIDER), {"quote": str(uuid4()), "price": "99000"}

    asked = client.post(f"{ROOM}quotes", form)
    assert "99,000.00" in asked.content.decode() and not Quote.objects.exists()
    for _ in range(2):
        done = client.post(f"{ROOM}quotes", form | {"confirmed": "1"}, follow=True)
    assert "第 1 次报价" in done.content.decode() and Quote.objects.count() == 1
    page = client.post(f"{ROOM}quotes", {"quote": str(uuid4()), "price": "x"}, HTTP_ACCEPT="text/html")
    assert page.status_code == 422 and "报价应为金额" in page.content.decode()
    assert client.post(f"{ROOM}quotes", {"quote": "?", "price": "x"}).status_code == 422


def test_the_clock_is_stopped_and_a_low_price_explained_through_the_pages(now):
    auctions.auction()
    quoted(cast.PROVIDER, "40000")
    now(BEGINS + cast.MINUTE)
    host, supervisor = accounts.client_of(cast.OFFICER), accounts.client_of(cast.SUPERVISOR)
    assert host.post(f"{ROOM}pause", {"reason": ""}).status_code == 422
    assert accounts.client_of(cast.RIVAL).post(f"{ROOM}pause", {"reason": "停"}).status_code == 403
    assert supervisor.post(f"{ROOM}pause", {"reason": "断网"}).status_code == 302
    page = seen(cast.PROVIDER)
    assert "监督人员责令暂停" in page and "断网" in page and "04:00" in page
    assert host.post(f"{ROOM}resume").status_code == 403
    assert "监督人员责令暂停的，由监督人员恢复" in seen(cast.OFFICER, f"{ROOM}actions")
    assert supervisor.post(f"{ROOM}resume").status_code == 302
    ended = auctions.ended()
    now(ended.ended_at + cast.MINUTE)
    first = accounts.client_of(cast.PROVIDER)
    assert host.post(f"{ROOM}judge", {"accepted": "1", "reason": "好"}).status_code == 409
    assert first.post(f"{ROOM}explain", {"text": "设备自有"}).status_code == 302
    assert "设备自有" in seen(cast.OFFICER) and "设备自有" not in seen(cast.RIVAL)
    assert host.post(f"{ROOM}judge", {"accepted": "1", "reason": "成本可信"}).status_code == 302

    assert PriceExplanation.objects.get().accepted and Project.objects.get(number=NUMBER).stage == "proposed"
    assert "成本可信" in seen(cast.STRANGER)


def test_the_desks_and_the_purchase_lead_to_the_room(now):
    auctions.auction()
    now(cast.NOON)
    assert "到点开始，以代号当众报价" in seen(cast.PROVIDER, "/desk/") and "旁观竞价" in seen(cast.OFFICER, "/desk/")
    assert "竞价大厅" in seen(cast.STRANGER, f"/purchases/{NUMBER}/")
    quoted(cast.PROVIDER, "40000")
    ended = auctions.ended()
    now(ended.ended_at)
    assert "说明报价" in seen(cast.PROVIDER, "/desk/") and "说明报价" not in seen(cast.RIVAL, "/desk/")
    services.explain(project_number=NUMBER, text="设备自有", by=cast.PROVIDER, at=ended.ended_at)
    assert "认定报价说明" in seen(cast.OFFICER, "/desk/")


def test_who_enrolled_may_quote_and_is_told_of_after_the_end(now):
    """From the closing of enrolment to the result, by the house's own ticks; who withdrew has no part."""
    project = choices.open_choice(edition="zjcs-auction", fund="fiscal", auction=auctions.TERMS)
    choices.enrolled(project, *choices.FIRMS)
    selection.withdraw(number=project.number, by=cast.FOURTH, at=choices.CLOSES - cast.MINUTE)
    call_auctions(by=SYSTEM, at=choices.CLOSES + cast.MINUTE)
    assert queries.of(project) is None  # the closing is not logged yet

    choices.closed(project)
    for _ in range(2):
        call_auctions(by=SYSTEM, at=choices.CLOSES + 2 * cast.MINUTE)
    made = queries.auction(project.number)
    assert (made.starts_at, made.bidders.count()) == (choices.SELECTS, 3)
    assert shown(project) is None
    quoted(cast.RIVAL, "3000", made.opens_at, number=project.number)
    with pytest.raises(Refused, match="auction.not-a-bidder"):
        quoted(cast.FOURTH, "2000", made.opens_at, number=project.number)
    end_auctions(by=SYSTEM, at=made.ends_at + cast.MINUTE)
    call_auctions(by=SYSTEM, at=made.ends_at + cast.MINUTE)

    assert len(shown(project)) == 3
    assert PriceExplanation.objects.get().organisation == cast.YINSHAN  # 3,000 of 100,000 has to be explained
