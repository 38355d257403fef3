"""Notices are found by their words and facts, the same on both engines, from the moment they are published."""

import json
import xml.etree.ElementTree as ET
from datetime import date

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from market.notices import index, services
from market.notices.index import Asked
from market.notices.rules import Type
from market.projects.models import Project
from market.projects.rules import Stage
from portal.notices import queries
from rulebook.actor import SYSTEM
from tests import cast
from tests.make import market

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"


def found(**asked):
    return [(each.notice.project.number, each.notice.number) for each in queries.found(Asked(**asked)).lines]


@pytest.fixture
def four():
    """A tender for heating pipes with its correction, one for water, a purchase of the supermarket; newest last."""
    pipes = market.project(number="T-1", title="城区供热管网改造工程", demand="DN300 保温管 2 公里")
    market.notice(pipes, content={"documents": [], "demand": "DN300 保温管 2 公里，含水压试验"})
    market.notice(
        pipes,
        type=Type.CORRECTION,
        content={"text": "管径改为 DN250", "documents": [], "deadline": "2026-12-01T04:00:00.000000Z"},
    )
    water = market.project(number="T-2", title="供水、热力管道检修", stage=Stage.FAILED)
    market.notice(water)
    market.notice(market.purchase(number="T-3").project)
    return pipes


@pytest.mark.parametrize("newest", [index.NEWEST, 2])
def test_words_of_every_length_find_what_says_them_and_nothing_else(four, newest, monkeypatch):
    monkeypatch.setattr(index, "NEWEST", newest)  # both of the walks PostgreSQL takes
    assert found(words="供热") == [("T-1", 2), ("T-1", 1)]
    assert found(words="供热管网") == found(words="热管网") == found(words="供热")
    assert found(words="供热管道") == [], "its pairs stand in two places, not side by side"
    assert found(words="水") == [("T-2", 1), ("T-1", 1)]
    assert found(words="ＤＮ300 供热") == found(words="dn300") == [("T-1", 1)]
    assert found(words="供热 检修") == []
    assert found(words="T-3") == [("T-3", 1)]
    assert found(words="%_' OR 1=1 --") == [], "what means something to an engine is looked for as it stands"


def test_filters_combine_with_words_and_each_other(four):
    everything = [("T-3", 1), ("T-2", 1), ("T-1", 2), ("T-1", 1)]
    day = market.PUBLISHED.date()

    assert found() == everything
    assert found(type="correction", words="供热") == [("T-1", 2)]
    assert found(place="services") == [("T-3", 1)]
    assert found(place="tenders", stage="failed") == [("T-2", 1)]
    assert found(regime="B", region="15", buyer=cast.BUYER, words="管") == everything[1:]
    assert found(regime="A") == found(region="11") == found(buyer=cast.HETAO) == []
    assert found(buyer="生态环境局") == everything and found(buyer="供热管网") == []
    assert found(since=day, until=day) == everything
    assert found(since=date(2020, 1, 1), until=date(2021, 3, 5)) == [] == found(since=day, until=date(2020, 1, 1))
    assert found(type="nonsense", regime="'", region="*", place='"') == everything


@pytest.mark.parametrize(("sparse", "stragglers"), [(1000, 20), (1000, 1), (0, 0)])
def test_a_stage_is_found_alike_whether_few_or_many_stand_in_it(four, sparse, stragglers, monkeypatch):
    monkeypatch.setattr(index, "SPARSE", sparse)
    monkeypatch.setattr(index, "STRAGGLERS", stragglers)

    assert found(stage="open") == [("T-3", 1), ("T-1", 2), ("T-1", 1)]
    assert found(stage="open", words="供热") == found(stage="open", words="供热管网") == [("T-1", 2), ("T-1", 1)]
    assert found(stage="open", type="tender", buyer="生态环境局") == [("T-3", 1), ("T-1", 1)]
    assert found(stage="failed", words="供热") == found(stage="completed") == []
    first, *rest = index.find(Asked(stage="open"), most=9)
    assert index.find(Asked(stage="open", words="供热"), before=rest[0], most=9) == rest[1:]
    Project.objects.filter(number="T-1").update(stage=Stage.DECIDING.value)
    assert found(stage="open", words="供热") == [] and found(stage="deciding", words="供热") != []


def test_a_notice_is_found_in_the_moment_it_is_published_and_never_where_it_was_not(four):
    act = {"project": four, "type": Type.CANCELLATION, "by": SYSTEM, "at": cast.NOON}
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        services.announce(content={"reasons": [{"text": "泵站迁址", "law": ""}]}, **act)
        assert found(words="泵站")
        raise ZeroDivisionError
    assert found(words="泵站") == []

    with transaction.atomic():
        services.announce(content={"reasons": [{"text": "泵站迁址", "law": ""}]}, **act)

    assert found(words="泵站迁址") == [("T-1", 3)]


def test_the_index_made_anew_finds_the_same(four, capsys):
    before = [found(words=words) for words in ("供热", "水", "T-3", "")]

    call_command("index_notices")

    assert capsys.readouterr().out.strip() == "4"
    assert [found(words=words) for words in ("供热", "水", "T-3", "")] == before


def test_a_page_goes_on_where_the_last_ended_and_costs_the_same_however_many_there_are(four):
    for n in range(queries.COUNTED + 5):
        market.notice(
            four,
            type=Type.CLARIFICATION,
            content={"text": f"第 {n} 次", "documents": [], "deadline": "2026-12-01T04:00:00.000000Z"},
        )
    first = queries.found(Asked(words="供热"))
    seen = [each.notice.pk for each in first.lines]
    with CaptureQueriesContext(connection) as asked:
        following = queries.found(Asked(words="供热"), before=first.more)

    assert len(asked) <= 4, "PostgreSQL takes two walks and asks where they begin"
    assert first.beyond and first.counted == queries.COUNTED and following.count is None
    assert [each.notice.pk for each in following.lines] == [pk - queries.PAGE for pk in seen]


@pytest.mark.embedded
def test_the_page_marks_the_words_and_keeps_the_search_in_its_address(four, client):
    page = client.get("/notices/", {"q": "保温管", "type": "tender"}).content.decode()

    assert "<mark>保温管</mark>" in page and "共 1 条" in page
    assert 'href="/notices.atom?q=%E4%BF%9D%E6%B8%A9%E7%AE%A1&amp;type=tender"' in page
    assert "<mark>" not in client.get("/notices/", {"q": "<script>alert(1)</script>"}).content.decode()
    assert "<script>alert" not in client.get("/notices/", {"q": "<script>alert(1)</script>"}).content.decode()
    assert "少写一个词" in client.get("/notices/", {"q": "查无此词"}).content.decode()
    wrong = client.get("/notices/", {"since": "昨天"})
    assert wrong.status_code == 200 and "请先改正以下各项" in wrong.content.decode()


@pytest.mark.embedded
def test_a_feed_holds_its_search_and_is_cheap_to_ask_again(four, client):
    answer = client.get("/notices.atom", {"q": "供热"})
    root = ET.fromstring(answer.content)
    again = client.get("/notices.atom", {"q": "供热"}, headers={"If-None-Match": answer["ETag"]})
    since = client.get("/notices.atom", {"q": "供热"}, headers={"If-Modified-Since": answer["Last-Modified"]})

    assert [each.find(f"{ATOM}title").text for each in root.iter(f"{ATOM}entry")] == [
        "更正公告：城区供热管网改造工程", "招标公告：城区供热管网改造工程"
    ]  # fmt: skip
    assert "供热" in root.find(f"{ATOM}title").text
    assert again.status_code == since.status_code == 304 and not again.content
    market.notice(
        four,
        type=Type.CLARIFICATION,
        content={"text": "补充", "documents": [], "deadline": "2026-12-01T04:00:00.000000Z"},
    )
    assert client.get("/notices.atom", {"q": "供热"}, headers={"If-None-Match": answer["ETag"]}).status_code == 200
    assert client.get("/notices.atom", {"q": "查无此词"}).status_code == 200


@pytest.mark.embedded
def test_robots_are_led_to_every_notice_and_to_no_desk(four, client):
    robots = client.get("/robots.txt").content.decode()
    maps = client.get("/sitemap.xml").content.decode()
    notices = client.get("/sitemap-notices-1.xml").content.decode()
    pages = client.get("/sitemap-pages.xml").content.decode()

    assert "Disallow: /desk/" in robots and "Sitemap: http://testserver/sitemap.xml" in robots
    assert "http://testserver/sitemap-notices-1.xml" in maps and "sitemap-notices-2" not in maps
    assert notices.count("<loc>") == 4 and "http://testserver/projects/T-1/notices/2/" in notices
    assert f"http://testserver/buyers/{cast.BUYER}/" in pages
    assert client.get("/sitemap-notices-2.xml").status_code == 404
    for address in ET.fromstring(pages.encode()).itertext():
        if address.strip().startswith("http"):
            assert client.get(address.removeprefix("http://testserver")).status_code == 200, address


@pytest.mark.embedded
def test_a_correction_shows_what_was_and_what_is_in_words(four, client):
    told = {"text": "", "documents": [], "may_affect": True, "deadline": "2026-12-01T04:00:00.000000Z",
            "differences": [{"place": "采购需求", "was": "保温管 2 公里", "now": "保温管 3 公里<b>"}]}  # fmt: skip
    market.notice(four, type=Type.CORRECTION, content=told)

    page = client.get("/projects/T-1/notices/3/").content.decode()
    history = client.get("/projects/T-1/corrections/")

    for each in ("〔删去：〕</span>2</del>", "〔新增：〕</span>3</ins>", "&lt;b&gt;", "原来", "现在", "合在一起看"):
        assert each in page
    assert "采购需求" in history.content.decode() and history.content.decode().count("<article") == 2
    text = client.get("/projects/T-1/notices/3.json")
    assert json.loads(text.content)["differences"] == told["differences"]
    assert "没有更正过" in client.get("/projects/T-2/corrections/").content.decode()
