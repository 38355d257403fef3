"""The front page and the list of notices show what is so, and nothing that is not yet anybody's to know."""

import pytest

from market.history import services as history
from market.notices.rules import Type
from market.projects.rules import Stage
from rulebook.actor import SYSTEM
from tests import cast
from tests.make import bidding, bidding_offers, market

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]


@pytest.fixture(autouse=True)
def now(monkeypatch):
    at = [cast.NOON - cast.HOUR]
    monkeypatch.setattr("rulebook.clock.now", lambda: at[0])
    return at


def read(client, address="/", **query):
    answer = client.get(address, query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_an_empty_house_says_so(client):
    page = read(client)

    assert "还没有公告" in page
    assert "现在没有进行中的项目" in page
    assert "还没有公告" in read(client, "/notices/")


def test_the_front_page_shows_the_figures_the_newest_notices_and_what_is_going_on(client):
    history.load(key="xinbaerhuyouqi-2021", by=SYSTEM, at=cast.NOON)
    bidding.tender()

    page = read(client)

    for told in (
        "36 项",
        "2.89 %",
        "招标公告",
        "城区空气质量自动监测站设备采购",
        "河套市生态环境局",
        "正在招标",
        "2026-11-24 12:00",
    ):
        assert told in page
    assert 'href="/projects/T-2026-001/"' in page


def test_a_draft_is_nobody_s_to_see(client):
    bidding.tender(stage=Stage.DRAFT)

    for address in ("/", "/notices/", "/notices.json"):
        assert "城区空气质量" not in read(client, address)


def test_the_words_follow_the_deadline_and_the_hall(client, now):
    tender = bidding_offers.closed_tender(3)
    now[0] = cast.NOON + cast.MINUTE
    assert "已截止，等待开标" in read(client)

    bidding_offers.services.open_hall(project_number=tender.project.number, by=cast.OFFICER, at=now[0])

    assert "正在开标" in read(client)


def test_what_came_to_an_end_is_not_going_on(client):
    market.notice(market.project(stage=Stage.FAILED), type=Type.FAILURE)

    page = read(client)

    assert "流标公告" in page
    assert "现在没有进行中的项目" in page


class TestNotices:
    @pytest.fixture(autouse=True)
    def three(self):
        market.notice(market.project(number="T-1", title="甲项目"))
        failed = market.project(number="T-2", title="乙项目", stage=Stage.FAILED)
        market.notice(failed)
        market.notice(failed, type=Type.FAILURE)

    def test_all_of_them_are_there(self, client):
        page = read(client, "/notices/")

        assert "甲项目" in page and page.count("乙项目") == 2
        assert "共 3 条" in page

    def test_they_can_be_narrowed_down_by_type_and_stage(self, client):
        assert "甲项目" not in read(client, "/notices/", type="failure")
        assert "共 1 条" in read(client, "/notices/", type="failure")
        assert "共 2 条" in read(client, "/notices/", stage="failed")
        assert "共 1 条" in read(client, "/notices/", type="tender", stage="failed")

    def test_nothing_found_leads_back_to_all(self, client):
        assert "没有符合条件的公告" in read(client, "/notices/", type="contract")

    def test_a_word_that_is_no_filter_narrows_nothing(self, client):
        assert "共 3 条" in read(client, "/notices/", type="'; DROP TABLE", stage="draft")

    def test_a_page_that_is_none_is_the_nearest_one(self, client):
        assert "共 3 条" in read(client, "/notices/", page="99999999999")

    def test_programs_get_the_same_with_the_hash_that_stands_in_the_log(self, client):
        told = client.get("/notices.json", {"type": "failure"}).json()["notices"]

        assert [(each["project"], each["type"], each["stage"]) for each in told] == [("T-2", "failure", "failed")]
        text = client.get(told[0]["text"])
        assert text.status_code == 200
        assert b'"type":"failure"' in b"".join(text.streaming_content) if text.streaming else text.content


def test_the_page_for_checking_takes_nothing_and_says_how_to_check_without_it(client):
    page = read(client, "/verify/")

    assert "python -m proofs verify record.zip" in page
    assert "不会上传" in page
    assert client.post("/verify/", {"file": "x"}).status_code == 405
