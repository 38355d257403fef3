"""A project's record, line by line, for everybody."""

import pytest

from market.projects.rules import Stage
from tests import cast
from tests.make import accounts, bidding_offers, market

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]


def test_every_entry_is_there_in_order_with_what_vouches_for_it(client):
    bidding_offers.closed_tender(3)

    page = client.get("/projects/T-2026-001/log/").content.decode()

    assert "投标截止，封存清单已固定" in page
    assert "第 1 条" in page
    assert "尚无见证" in page or "已见证" in page
    assert "/projects/T-2026-001/record.zip" in page


def test_a_published_project_without_entries_says_so(client):
    market.project()

    assert "还没有公开记录" in client.get("/projects/T-2026-001/log/").content.decode()


def test_the_pages_go_on_and_back(client, monkeypatch):
    monkeypatch.setattr("portal.log.views.LINES", 1)
    bidding_offers.open_hall(3)

    first = client.get("/projects/T-2026-001/log/").content.decode()
    last = client.get("/projects/T-2026-001/log/", {"after": "99"}).content.decode()

    assert 'href="?after=1"' in first
    assert "没有更多了" in last and "回到开头" in last


@pytest.mark.parametrize("word", ["x", "-1", "1e3", "²", "9" * 40])
def test_a_cursor_that_is_none_is_the_beginning(client, word):
    market.project()

    assert client.get("/projects/T-2026-001/log/", {"after": word}).status_code == 200


def test_a_draft_s_record_is_its_own_house_s(client):
    market.project(stage=Stage.DRAFT)

    assert client.get("/projects/T-2026-001/log/").status_code == 404
    assert accounts.client_of(cast.OTHER_OFFICER).get("/projects/T-2026-001/log/").status_code == 404
    assert accounts.client_of(cast.OFFICER).get("/projects/T-2026-001/log/").status_code == 200
