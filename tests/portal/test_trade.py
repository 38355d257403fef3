"""The figures of the purchases run here: right, explained, with their rows, and silent about what runs."""

import csv
import io
import re
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from market.awards.models import Award
from market.complaints.models import Complaint, Decision
from market.notices.rules import Type
from market.performance.models import Delivery
from market.projects.rules import Stage
from market.selection import tasks
from portal.statistics import behind, figures, groups
from portal.statistics.scope import DIMENSIONS, Scope
from rulebook import clock
from rulebook.actor import SYSTEM
from rulebook.calendar import day_in_china
from tests import cast
from tests.make import accounts, agency, choices, market, performance, purchases
from tests.make.ledger import sequenced

pytestmark = pytest.mark.django_db
TODAY = day_in_china(cast.NOON)
SCOPE = Scope(since=TODAY - timedelta(days=365), until=TODAY)
CHANCE = re.compile(rb"[A-Za-z0-9+/_=-]{22,}")
PAGES = (
    "/statistics/trade/", "/statistics/trade/figures.csv", "/statistics/trade/rows/purchases/",
    "/statistics/trade/rows/takers.csv", "/statistics/trade/rows/purchases.csv",
)  # fmt: skip


def won(number, *, provider=cast.HETAO, amount="900.00", cap="1000.00", declined=False, edition="zjcs-price", **other):
    """A purchase with an announced result."""
    facts = {"price_cap": Decimal(cap), "budget": Decimal(cap)} | other.pop("facts", {})
    other = {"price_known": False} | other
    made = market.purchase(number=number, edition=edition, stage=Stage.AWARDED, facts=facts, **other).project
    Award.objects.create(
        project=made, notice=market.notice(made, type=Type.AWARD), rank=1, organisation=provider,
        name=cast.NAMES[provider], amount=Decimal(amount), determined_at=cast.NOON,
        declined_at=cast.NOON if declined else None, decline_reason="排期已满" if declined else "",
    )  # fmt: skip
    return made


def told(scope=SCOPE):
    return {each.key: each for each in figures.told(scope, today=TODAY).figures}


def test_the_rate_is_a_ratio_of_sums_and_says_what_is_left_out():
    """Worked number 1 in small: a mean of ratios would be 45 %; a price nobody competed for is not compared."""
    won("P-1", cap="1000.00", amount="100.00")
    won("P-2", cap="9000.00", amount="9000.00")
    won("P-3", cap="500.00", amount="500.00", price_known=True, edition="zjcs-random")
    market.purchase(number="P-4", stage=Stage.FAILED)
    market.purchase(number="P-5", edition="rehearsal-random")

    rate = told()["rate"]

    assert (rate.value, rate.n, rate.out) == ("9.00 %", 2, 1)
    assert told()["done"].value == "3（75.00 %）"
    assert told()["published"].value == "4", "a rehearsal is no purchase"
    assert told()["failed"].n == 4


def test_who_wins_how_often_and_who_gives_up():
    for n in range(3):
        won(f"P-{n}")
    won("P-8", provider=cast.YINSHAN)
    won("P-9", provider=cast.YINSHAN, declined=True)
    found = told()

    assert found["share"].value == "75.00 %"
    assert found["hhi"].value == "6250", "0.75² + 0.25²"
    assert found["pairs"].value == "1（75.00 %）"
    assert (found["given-up"].value, found["given-up"].n) == ("20.00 %", 5)
    assert found["done"].n - found["done"].out == 4


def test_exclusions_are_counted_where_they_can_be_made():
    won("P-1", excluded=[{"org": cast.WULIANG, "name": "乌梁素海", "reason": "与业主有利害关系"}])
    won("P-2")
    market.project(number="T-1")

    row = told()["excluded"]

    assert (row.value, row.n, row.out) == ("1（50.00 %）", 2, 1)
    [line] = behind.table("excluded", SCOPE, today=TODAY).found
    assert line.number == "P-1"


def test_milestones_in_time_are_counted_by_working_days():
    """Due on a Friday and handed over on the Saturday is in time; a day never kept is not, once it is past."""
    made = performance.agreed(days=(3, 20), number="T-1", edition="87-2017")  # due on Friday 27 November
    performance.accepted(made, 1, at=cast.NOON + 4 * cast.DAY)
    assert Delivery.objects.count() == 1

    early = told_on(TODAY + timedelta(days=6))["on-time"]
    late = told_on(TODAY + timedelta(days=40))["on-time"]

    assert (early.value, early.n, early.out) == ("100.00 %", 1, 1)
    assert (late.value, late.n, late.out) == ("50.00 %", 2, 0)
    scope = Scope(since=SCOPE.since, until=TODAY + timedelta(days=40))
    table = behind.table("milestones", scope, today=scope.until)
    assert [cells[-1] == 0 for _link, cells in table.lines(list(table.found))] == [True, False]


def told_on(day):
    found = figures.told(Scope(since=SCOPE.since, until=day), today=day)
    return {each.key: each for each in found.figures}


def test_stars_are_of_what_is_shown_and_counts():
    for n, level in enumerate((5, 2), 1):
        made = performance.completed(number=f"T-{n}")
        performance.rated(made.project.number, level=level, points=(level,))
        if n == 1:
            assert told()["stars"].value == "—", "one side's word is sealed"
        performance.rated(made.project.number, by=performance.accounts_of(made))

    found = told()
    assert (found["stars"].value, found["stars"].n, found["low"].value) == ("3.50", 2, "50.00 %")
    table = behind.table("ratings", SCOPE, today=TODAY)
    assert len(table.lines(list(table.found))) == 2


@pytest.mark.embedded  # it is about pages
def test_how_many_take_part_moves_no_figure_before_the_result(client, monkeypatch):
    """Two worlds: nobody enrols, three do; until the result is announced every page and file is the same."""
    project = choices.open_choice()
    accounts.world()
    clock.forget()
    monkeypatch.setattr(clock, "system", lambda: cast.NOON - cast.MINUTE)
    viewers = [accounts.client_of(each) for each in (cast.STRANGER, cast.SUPERVISOR, cast.OPERATOR)]

    def seen():
        return [CHANCE.sub(b"~", viewer.get(path).content) for viewer in viewers for path in PAGES]

    before = seen()
    assert all(b"P-2026-001" in page for page in before[2::5] + before[4::5])
    choices.enrolled(project, *choices.FIRMS[:3])
    assert seen() == before

    tasks.close_enrolment(by=SYSTEM, at=cast.NOON + cast.MINUTE)
    sequenced(at=cast.NOON + cast.MINUTE)
    tasks.close_enrolment(by=SYSTEM, at=cast.NOON + cast.MINUTE)
    assert told()["takers"].n == 0

    Award.objects.create(
        project=project, notice=market.notice(project, type=Type.AWARD), rank=1, organisation=cast.HETAO,
        name=cast.NAMES[cast.HETAO], amount=Decimal(3000), determined_at=cast.NOON,
    )  # fmt: skip
    assert (told()["takers"].value, told()["takers"].n) == ("3.0", 1)


@pytest.mark.embedded  # it is about pages
def test_a_page_costs_the_same_for_one_purchase_as_for_many(client):
    def cost(path):
        with CaptureQueriesContext(connection) as asked:
            assert client.get(path).status_code == 200
        return len(asked)

    query = f"?since={SCOPE.since}&until={SCOPE.until}&by="
    paths = [f"/statistics/trade/{query}{by}" for by in ("month", "buyer", "item")]
    paths += [f"/statistics/trade/rows/{kind}/{query}month" for kind in (*behind.PURCHASES, "awards", "wins", "pairs")]
    won("P-100"), won("P-101")
    one = [cost(path) for path in paths]
    for n in range(12):
        won(f"P-{n}", provider=(cast.HETAO, cast.YINSHAN, cast.WULIANG)[n % 3])

    assert [cost(path) for path in paths] == one
    assert max(one) <= 30


@pytest.mark.embedded  # it is about pages
def test_files_hold_no_formula_and_pages_no_code_of_a_person(client):
    citizen = purchases.citizen()
    for n in (1, 2):
        won(f"P-{n}", facts={"title": "=1+1", "buyer_id": citizen.organisation})
    query = f"?since={SCOPE.since}&until={SCOPE.until}"
    text = client.get(f"/statistics/trade/rows/purchases.csv{query}").content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    pairs = f"/statistics/trade/rows/pairs/{query}"

    assert [row[1] for row in rows[1:]] == ["'=1+1", "'=1+1"]
    assert citizen.organisation not in text
    for path in (pairs, f"/statistics/trade/{query}&by=buyer"):
        assert citizen.organisation not in client.get(path).content.decode()
        assert citizen.organisation in accounts.client_of(cast.SUPERVISOR).get(path).content.decode()
    assert "拆分采购预警" not in client.get(f"/statistics/trade/{query}").content.decode()
    assert client.get("/statistics/trade/rows/nothing/").status_code == 404


def test_only_announced_decisions_on_complaints_are_counted():
    made = won("P-1")
    told_of = {
        "project": made,
        "route": "services",
        "about": "result",
        "name": "某公司",
        "points": [],
        "request": "重新选取",
        "interest": "参加了报名",
        "body": cast.BUREAU,
        "filed_at": cast.NOON,
        "check_by": cast.NOON,
    }
    Complaint.objects.create(**told_of)
    assert told()["complaints"].value == "0 件，成立 0 件"
    for outcome in ("unfounded", "correct"):
        held = Complaint.objects.create(**told_of, state="decided", outcome=outcome, ended_at=cast.NOON)
        Decision.objects.create(complaint=held, text="{}", sha256="0" * 64, published_at=cast.NOON)

    assert (told()["complaints"].value, told()["complaints"].n) == ("2 件，成立 1 件", 2)
    table = behind.table("complaints", SCOPE, today=TODAY)
    assert len(table.lines(list(table.found))) == 2


def test_every_figure_says_what_it_is_and_leads_to_its_rows():
    won("P-1")
    for each in figures.told(Scope(since=SCOPE.since, until=SCOPE.until, supervised=True), today=TODAY).figures:
        assert each.definition and each.over
        assert bool(each.out) <= bool(each.why)
        assert not each.rows or behind.table(each.rows, SCOPE, today=TODAY) is not None
    for by in DIMENSIONS:
        [row] = groups.groups(Scope(since=SCOPE.since, until=SCOPE.until, by=by))
        assert row["published"] == 1 and row["title"]


@pytest.mark.embedded  # it is about pages
def test_agents_stand_side_by_side_with_their_rows_and_a_file(client):
    accounts.world()
    letter = agency.agreed()
    agency.entrust(won("P-1"), letter), won("P-2", amount="800.00"), won("P-3")
    query = f"since={SCOPE.since}&until={SCOPE.until}&by=agent"
    one, own = sorted(groups.groups(replace(SCOPE, by="agent")), key=lambda row: row["published"])

    assert (one["title"], one["published"], str(one["rate"])) == (cast.NAMES[cast.AGENT], 1, "10.00")
    assert (own["title"], own["published"], str(own["rate"])) == ("采购人自行办理，没有代理", 2, "15.00")
    assert told()["entrusted"].value == "1（33.33 %）"
    assert one["rows"] in client.get(f"/statistics/trade/?{query}").content.decode().replace("&amp;", "&")
    for row, numbers in ((one, {"P-1"}), (own, {"P-2", "P-3"})):
        text = client.get(f"/statistics/trade/rows/purchases.csv?{row['rows']}").content.decode("utf-8-sig")
        assert {line[0] for line in list(csv.reader(io.StringIO(text)))[1:]} == numbers
    figures_too = client.get(f"/statistics/trade/figures.csv?{query}").content.decode("utf-8-sig")
    assert f"{cast.NAMES[cast.AGENT]},1,1,0,900.00,10.00," in figures_too
