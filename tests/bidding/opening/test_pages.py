"""The hall as people see it: the same truth for everyone, in words a bystander understands."""

import pytest
from django.test import Client

from bidding.opening import services
from bidding.opening.models import Opening
from rulebook import clock
from tests import cast
from tests.cast import HOUR, MINUTE, NOON
from tests.make import accounts
from tests.make import bidding_offers as make
from tests.make.market import NUMBER

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]
HALL = f"/projects/{NUMBER}/hall/"


@pytest.fixture
def at(monkeypatch):
    """Sets the moment at which requests arrive."""

    def set_to(instant):
        clock.forget()
        monkeypatch.setattr(clock, "system", lambda: instant)

    return set_to


def page(client: Client, path: str = "") -> str:
    response = client.get(HALL + path)
    assert response.status_code == 200
    return response.content.decode()


def test_before_the_deadline_the_hall_shows_the_countdown_and_nothing_else(at):
    make.sealed_bid(make.open_tender())
    at(NOON - HOUR)

    seen = page(Client())

    assert 'data-act="waiting"' in seen
    assert "data-countdown" in seen
    assert 'id="hall-table"' not in seen
    assert cast.NAMES[cast.HETAO] not in seen
    assert "hall-host" not in seen  # who can never act as host is not shown his buttons, not even grey


def test_the_host_may_open_only_when_closed_and_everyone_sees_the_names_then(at):
    tender = make.closed_tender()
    at(NOON + MINUTE)
    host = accounts.client_of(cast.OFFICER)
    assert cast.NAMES[cast.HETAO] not in page(Client())
    assert f'action="{HALL}open"' in page(host)

    assert host.post(f"{HALL}open").status_code == 302

    seen = page(Client())
    for code in (cast.HETAO, cast.YINSHAN, cast.WULIANG):
        assert cast.NAMES[code] in seen
    assert "公布投标人名单，共 3 家" in seen
    assert 'data-act="bidders"' in seen
    assert Opening.objects.get(tender=tender)


def test_nobody_else_opens_the_hall_and_the_count_stays_behind_the_gate(at):
    make.closed_tender(2)
    at(NOON + MINUTE)

    for viewer in (cast.PROVIDER, cast.SUPERVISOR, cast.OTHER_OFFICER, cast.WITNESS, cast.EXPERT):
        client = accounts.client_of(viewer)
        response = client.post(f"{HALL}open")

        assert response.status_code == 403
        assert "不足" not in response.content.decode()
        assert "不足 3 家" not in page(client) and "hall-host" not in page(client)


def test_with_two_bids_the_host_is_told_there_are_too_few_and_not_how_many(at):
    make.closed_tender(2)
    at(NOON + MINUTE)
    host = accounts.client_of(cast.OFFICER)

    seen = page(host)

    assert "投标人不足 3 家，不得开标" in seen
    assert "《87号令》第41条" in seen
    assert host.post(f"{HALL}open").status_code == 409


def test_the_read_out_shows_prices_small_firms_and_what_was_said(at):
    make.read_out_tender()
    at(NOON + 5 * MINUTE)

    seen = page(Client())

    for price in ("1,000,000.00", "1,100,000.00", "1,250,000.00"):
        assert price in seen
    assert "小微" in seen
    assert "唱标：河套仪器有限公司，报价 1,000,000.00 元，交货期 45 日" in seen
    assert "等待" not in page(Client(), "fragment").split('id="hall-table"')[0].split('id="hall-holders"')[0]
    assert "本单位的技术方案" not in seen


def test_an_absent_bidder_is_told_what_that_means(at):
    tender = make.open_hall(4)
    make.halves_released(tender, [cast.HETAO, cast.YINSHAN, cast.WULIANG])
    over = NOON + MINUTE + 31 * MINUTE
    make.advance_openings(by=cast.SYSTEM, at=over)
    make.keys_released(tender, at=over + MINUTE)
    at(over + 2 * MINUTE)

    seen = page(Client())

    assert "投标人未释放解密凭据" in seen
    assert "视为撤销其投标文件" in seen
    assert "（《电子招标投标办法》第31条）" in seen
    assert "1,180,000.00" not in seen


def test_the_shared_part_is_the_same_for_everyone_and_the_tools_are_not(at):
    make.read_out_tender()
    at(NOON + 5 * MINUTE)
    people = [Client(), *(accounts.client_of(one) for one in (cast.OFFICER, cast.PROVIDER, cast.SUPERVISOR))]

    assert len({page(client, "fragment") for client in people}) == 1
    tools = [page(client, "actions") for client in people]
    assert len(set(tools)) == 4
    assert 'data-is-bidder="1"' in tools[2]
    assert "暂停开标" in tools[3]
    assert "hall-tools" not in tools[0]


def test_pausing_shows_and_the_objection_can_be_answered_on_the_page(at):
    tender = make.open_hall()
    objection = make.said("obj/1", cast.HETAO, {"text": "开标时间有误"}, number=NUMBER)
    [heard] = make.heard(tender, [objection], at=NOON + 2 * MINUTE)
    at(NOON + 3 * MINUTE)
    supervisor, host = accounts.client_of(cast.SUPERVISOR), accounts.client_of(cast.OFFICER)

    assert supervisor.post(f"{HALL}pause", {"reason": ""}).status_code == 422
    assert supervisor.post(f"{HALL}pause", {"reason": "核对异议"}).status_code == 302
    assert "暂停开标，计时停止" in page(Client())
    shown = page(Client()).split('id="hall-pause"')[1].split("</div>")[0]
    for told in (f"{cast.NAMES[cast.BUREAU]}责令暂停", "核对异议", "<b>28:00</b>"):  # two of thirty minutes had run
        assert told in shown
    at(NOON + 13 * MINUTE)
    assert "<b>28:00</b>" in page(Client(), "actions") + page(Client())
    assert host.post(f"{HALL}objections/{heard.entry}/answer", {"text": "以服务器时间为准"}).status_code == 302
    assert supervisor.post(f"{HALL}resume").status_code == 302

    seen = page(Client())
    assert "开标时间有误" in seen
    assert "以服务器时间为准" in seen


def test_the_end_is_closed_by_the_host_and_the_record_stays(at):
    tender = make.read_out_tender()
    at(NOON + 5 * MINUTE)

    said = {"reason": "见证人离场"}
    bidder = accounts.client_of(cast.PROVIDER)
    assert 'id="hall-price"' in page(bidder) and 'id="hall-talk"' in page(bidder)
    assert accounts.client_of(cast.OFFICER).post(f"{HALL}close", said).status_code == 302
    ended = page(bidder)  # nothing is offered that would be refused, and no card is empty
    assert 'id="hall-price"' not in ended and 'id="hall-talk"' not in ended

    seen = page(Client())
    assert "开标结束" in seen
    assert Opening.objects.get(tender=tender).record_sha256 in seen
    with pytest.raises(services.Refused):
        services.close_hall(project_number=NUMBER, by=cast.OFFICER, at=NOON + 6 * MINUTE)


def test_a_draft_has_no_hall():
    make.bidding.tender(stage=make.bidding.Stage.DRAFT)

    assert Client().get(HALL).status_code == 404
    assert Client().get(f"{HALL}fragment").status_code == 404
    assert Client().get("/projects/T-0/hall/").status_code == 404
