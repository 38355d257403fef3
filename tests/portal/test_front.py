"""What anybody may know of those who buy and of those who judge, and a front page that costs the same for ever."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from market.awards.models import Award
from market.notices.rules import Type
from market.projects.rules import Stage
from portal.buyers.queries import span
from rulebook.times import parse_iso
from tests import cast
from tests.make import accounts, bidding, market, providers

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]
EXPERTS = [{"name": "专家甲", "employer": "河套大学", "selected": True}, {"name": "专家乙", "employer": "阴山院"}]


@pytest.fixture(autouse=True)
def now(monkeypatch):
    at = [cast.NOON - cast.HOUR]
    monkeypatch.setattr("rulebook.clock.now", lambda: at[0])
    return at


def awarded(number, *, amount="1100000.00", **other):
    project = market.project(number=number, stage=Stage.AWARDED, **other)
    market.notice(project)
    content = market.AWARDED | {"winner": market.AWARDED["winner"] | {"amount": amount}, "experts": EXPERTS}
    notice = market.notice(project, type=Type.AWARD, content=content)
    Award.objects.create(
        project=project, notice=notice, rank=1, organisation=cast.YINSHAN, name=cast.NAMES[cast.YINSHAN],
        amount=amount, determined_at=market.PUBLISHED,
    )  # fmt: skip
    return project


def test_a_buyers_page_adds_up_the_year_and_leaves_rehearsals_out(client):
    awarded("T-1")
    awarded("T-2", amount="900000.00")
    market.notice(market.project(number="T-3", stage=Stage.FAILED))
    awarded("T-4", edition="rehearsal")
    market.project(number="T-5", stage=Stage.DRAFT)

    page = client.get(f"/buyers/{cast.BUYER}/").content.decode()
    told = client.get(f"/buyers/{cast.BUYER}.json").json()

    assert (told["published"], told["awarded"], told["amount"], told["ended"]) == (3, 2, "2000000.00", 1)
    assert [(each["code"], each["count"]) for each in told["providers"]] == [(cast.YINSHAN, 2)]
    assert (told["complaints_decided"], told["complaints_founded"]) == (0, 0)
    for each in ("2,000,000.00", cast.NAMES[cast.YINSHAN], "公开招标", "口径"):
        assert each in page
    assert "T-4" not in page and "T-5" not in page
    assert 'href="/projects/T-1/award/"' in page and f'href="/providers/{cast.YINSHAN}/"' not in page
    providers.entered(cast.RIVAL)
    assert f'href="/providers/{cast.YINSHAN}/"' in client.get(f"/buyers/{cast.BUYER}/").content.decode()


def test_only_who_published_something_and_is_no_private_person_has_a_page(client):
    draft = market.project(stage=Stage.DRAFT)
    assert client.get(f"/buyers/{draft.buyer_id}/").status_code == 404
    assert draft.buyer.name not in client.get("/buyers/").content.decode()

    market.notice(market.project(number="T-9"))
    assert draft.buyer.name in client.get("/buyers/", {"q": "生态"}).content.decode()
    assert "没有这样的采购人" in client.get("/buyers/", {"q": "无此单位"}).content.decode()
    draft.buyer.kind = "citizen"
    draft.buyer.save(update_fields=["kind"])
    assert client.get(f"/buyers/{draft.buyer_id}/").status_code == 404
    assert client.get("/buyers/%27/").status_code == client.get("/buyers/none.json").status_code == 404


def test_a_year_is_a_year_in_china():
    assert span(2026) == (parse_iso("2025-12-31T16:00:00.000000Z"), parse_iso("2026-12-31T16:00:00.000000Z"))


def test_judges_are_named_by_notices_of_results_and_by_nothing_else(client):
    assert "还没有公告过评审专家" in client.get("/judges/").content.decode()
    awarded("T-1")
    awarded("T-2")

    listed = client.get("/judges/")
    key = listed.content.decode().split('href="/judges/')[1].split("/")[0]
    page = client.get(f"/judges/{key}/").content.decode()

    assert listed.content.decode().count("专家甲") == 2 and "自行选定" in listed.content.decode()
    assert "河套大学" in page and "T-1" in page and "T-2" in page
    assert listed["X-Robots-Tag"] == "noindex, nofollow"
    assert client.get("/judges/0000000000000000/").status_code == 404


def test_an_expert_of_the_register_is_nobodys_to_see_before_the_notice(client):
    accounts.user(cast.EXPERT)
    market.proposal(bidding.tender(stage=Stage.PROPOSED).project)

    for page in ("/judges/", "/notices/?q=专家", "/notices.atom?q=专家", "/", f"/buyers/{cast.BUYER}/"):
        assert "专家甲" not in client.get(page).content.decode()


def test_the_front_page_says_what_is_open_soonest_first_and_what_was_just_decided(client, now):
    bidding.tender()
    market.notice(market.purchase(number="T-P", closes_at=cast.NOON - cast.MINUTE).project)
    awarded("T-1", title="学校取暖锅炉采购")

    page = client.get("/").content.decode()
    open_now, decided = page.split('id="open"')[1].split('id="decided"')[0], page.split('id="decided"')[1]

    assert open_now.index("T-P") < open_now.index("T-2026-001") and "data-countdown" in open_now
    assert "学校取暖锅炉采购" in decided and "1,100,000.00" in decided
    assert 'action="/notices/"' in page and 'href="/verify/"' in page
    now[0] = cast.NOON - cast.MINUTE
    assert "T-P" not in client.get("/").content.decode().split('id="open"')[1].split('id="decided"')[0]


def test_the_front_page_asks_as_much_of_a_long_history_as_of_a_short_one(client):
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert client.get("/").status_code == 200
        return len(asked)

    bidding.tender()
    for n in range(2):
        awarded(f"A-{n}")
        market.notice(market.purchase(number=f"P-{n}", closes_at=cast.NOON).project)
    few = queries()
    for n in range(2, 12):
        awarded(f"A-{n}")
        market.notice(market.purchase(number=f"P-{n}", closes_at=cast.NOON).project)

    assert queries() == few <= 16


def test_the_front_page_is_made_once_a_second_for_all_who_are_not_signed_in(client, now, settings, monkeypatch):
    monkeypatch.setattr("portal.home.views._kept", {})
    settings.HOME_KEPT = 1.0
    first = client.get("/").content.decode()
    market.notice(market.project(title="新的项目"))

    now[0] += cast.MINUTE / 120
    with CaptureQueriesContext(connection) as asked:
        second = client.get("/").content.decode()
    assert not asked and "新的项目" not in second
    assert 'data-clock datetime="2026-11-24T03:00:00.5' in second and first != second
    assert "新的项目" in accounts.client_of(cast.OFFICER).get("/").content.decode()
    now[0] += cast.MINUTE / 60
    assert "新的项目" in client.get("/").content.decode()
