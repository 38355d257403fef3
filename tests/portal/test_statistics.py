"""The public figures are computed from rows anyone can take away."""

import csv
import io
import re
from decimal import Decimal

import pytest

from market.awards.models import Award
from market.history import services
from market.history.models import Transaction
from market.notices.rules import Type
from market.projects.rules import Stage
from rulebook.actor import SYSTEM
from tests import cast
from tests.make import market

pytestmark = pytest.mark.django_db
KEY = "xinbaerhuyouqi-2021"


@pytest.fixture
def loaded():
    return services.load(key=KEY, by=SYSTEM, at=cast.NOON)


def text_of(answer):
    """What a reader sees, without tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()).replace("&nbsp;", " "))


def test_the_page_says_when_there_is_nothing_to_count(client):
    assert "还没有可统计的交易" in text_of(client.get("/statistics/"))


@pytest.mark.usefixtures("loaded")
def test_the_page_shows_the_figures_of_the_source_and_whose_the_rows_are(client):
    page = text_of(client.get("/statistics/"))

    for figure in ("36 项", "4,707 万元", "4,571 万元", "136 万元", "2.89 %", "47,070,000.00", "1,360,000.00"):
        assert figure in page
    assert "分成 36 行是本站所为" in page
    assert "剔除 0 项" in page


def test_the_figures_follow_the_rows(client, loaded):
    Transaction.objects.filter(set=loaded).exclude(number__endswith="-01").delete()

    page = text_of(client.get(f"/statistics/{KEY}/"))

    assert "1 项" in page
    assert "2.89 %" not in page


@pytest.mark.usefixtures("loaded")
def test_the_rows_can_be_taken_away_and_add_up_to_the_same(client):
    answer = client.get(f"/statistics/{KEY}.csv")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    told = client.get(f"/statistics/{KEY}.json").json()

    assert answer["Content-Disposition"].startswith("attachment")
    assert len(rows) == len(told["rows"]) == 36
    assert sum(Decimal(row["control"]) for row in rows) == Decimal(told["figures"]["control"]) == 47070000
    assert sum(Decimal(row["saved"]) for row in rows) == Decimal(told["figures"]["saved"]) == 1360000
    assert told["figures"]["rate_percent"] == "2.89"


def awarded(number, *, edition="87-2017"):
    """An award of 1,100,000 yuan under a price cap of 1,280,000."""
    project = market.project(number=number, stage=Stage.AWARDED, edition=edition)
    Award.objects.create(
        project=project, notice=market.notice(project, type=Type.AWARD), rank=1, organisation=cast.YINSHAN,
        name=cast.NAMES[cast.YINSHAN], amount=Decimal("1100000.00"), determined_at=cast.NOON,
    )  # fmt: skip


def test_the_platform_s_own_purchases_are_a_set_of_their_own(client):
    awarded("T-1")
    awarded("T-2", edition="rehearsal")
    market.project(number="T-3", stage=Stage.FAILED)
    market.project(number="T-4", stage=Stage.OPEN)

    told = client.get("/statistics/here.json").json()

    assert [(row["number"], row["outcome"], row["award"]) for row in told["rows"]] == [
        ("T-1", "done", "1100000.00"),
        ("T-3", "failed", None),
    ]
    assert (told["figures"]["count"], told["figures"]["rate_percent"]) == (1, "14.06")
    assert "流标" in text_of(client.get("/statistics/here/"))


def test_what_runs_here_is_offered_once_there_is_something(client, loaded):
    assert "本平台项目" not in text_of(client.get("/statistics/"))

    awarded("T-1")

    assert "本平台项目" in text_of(client.get("/statistics/"))


@pytest.mark.parametrize("address", ["/statistics/nowhere/", "/statistics/nowhere.csv", "/statistics/nowhere.json"])
def test_a_set_nobody_reported_is_not_there(client, address):
    assert client.get(address).status_code == 404
