"""A page that explains every point, to whom it may; where the points come from, and what they do."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from blacklist.cases.models import Restriction
from blacklist.cases.rules import Kind
from blacklist.credit import queries, services
from blacklist.credit.models import Merit
from blacklist.credit.rules import GRADES, MERITS, Good
from rulebook import clock
from rulebook.actor import SYSTEM
from rulebook.refusal import Refused
from tests import cast
from tests.make import accounts, cases, choices, performance, providers

pytestmark = pytest.mark.django_db
PAGE = f"/providers/{cast.HETAO}/credit/"


def test_the_tables_know_no_negative_item_without_a_case():
    """A merit adds points by its kind; a finding's row hangs on a case: the database takes neither otherwise."""
    with pytest.raises(IntegrityError), transaction.atomic():
        Merit.objects.create(code=cast.HETAO, kind="late", evidence="P-1", on=cast.NOON, recorded_at=cast.NOON)
    with pytest.raises(IntegrityError), transaction.atomic():
        Merit.objects.create(code=cast.HETAO, kind="praised", evidence="", on=cast.NOON, recorded_at=cast.NOON)
    assert not Restriction._meta.get_field("case").null
    with pytest.raises(Refused):
        services.note_merit(code=cast.HETAO, kind="late", evidence="P-1", title="", by=SYSTEM, at=cast.NOON)


def test_a_contract_in_time_and_the_highest_rating_add_points_once():
    made = performance.completed(number="T-1")
    assert queries.score(cast.HETAO, at=cast.NOON).value == 102
    performance.rated("T-1")
    assert queries.score(cast.HETAO, at=cast.NOON).value == 102, "one side's word is sealed"
    performance.rated("T-1", by=performance.accounts_of(made))

    told = queries.score(cast.HETAO, at=cast.NOON)

    assert (told.value, told.grade.name) == (103, "A")
    assert {item.evidence for item in told.items} == {"T-1"}
    assert queries.score(cast.BUYER, at=cast.NOON).value == 100, "the buyer is praised, and has no credit"
    services.note_merit(code=cast.HETAO, kind=Good.PERFORMED, evidence="T-1", title="", by=SYSTEM, at=cast.NOON)
    assert Merit.objects.count() == 2


def test_a_late_contract_a_low_rating_and_a_place_given_up_cost_nothing_without_a_decision():
    made = performance.agreed(days=(1,), amounts=("1000000",), number="T-1")
    performance.accepted(made, 1, at=cast.NOON + 20 * cast.DAY)
    at = cast.NOON + 20 * cast.DAY
    performance.rated("T-1", level=1, points=(1,), at=at)
    performance.rated("T-1", by=performance.accounts_of(made), at=at)

    assert queries.score(cast.HETAO, at=cast.NOON + 21 * cast.DAY).items == ()


@pytest.mark.embedded  # it is about pages
def test_the_page_explains_every_point_and_nothing_of_what_is_over(monkeypatch):
    clock.forget()
    monkeypatch.setattr(clock, "system", lambda: cast.NOON)
    providers.entered(cast.PROVIDER, at=cast.NOON - 60 * cast.DAY)
    accounts.user(cast.SUPERVISOR)
    cases.restriction(kind=Kind.POINTS, ground="giving-up", starts_at=cast.NOON - cast.DAY)
    cases.restriction(kind=Kind.POINTS, ground="late", starts_at=cast.NOON - 2 * cast.DAY)
    cases.restriction(kind=Kind.POINTS, ground="collusion", starts_at=cast.NOON - 30 * cast.DAY, lasts=20 * cast.DAY)
    services.note_merit(
        code=cast.HETAO, kind=Good.PERFORMED, evidence="T-9", title="桥梁检测", by=SYSTEM, at=cast.NOON - cast.DAY
    )
    public = accounts.client_of(cast.STRANGER).get(PAGE).content.decode()
    own = accounts.client_of(cast.PROVIDER).get(PAGE).content.decode()
    rival = accounts.client_of(cast.RIVAL).get(PAGE).content.decode()
    supervised = accounts.client_of(cast.SUPERVISOR).get(PAGE).content.decode()

    for page in (public, own, rival, supervised):
        assert "93.0" in page and "无正当理由放弃中选" in page and "−6.0" in page and "明处〔2026〕" in page
        assert "桥梁检测" in page and "起不计" in page and "/credit/rules/" in page
    for page in (own, supervised):
        assert "逾期提交成果" in page and "73.0" not in page
        assert "80.0" in page, "its own history as it was"
    for page in (public, rival):
        assert "逾期提交成果" not in page and "轻微失信行为" in page
        assert "80.0" not in page, "what is over has left no residue"
    front = accounts.client_of(cast.STRANGER).get(f"/providers/{cast.HETAO}/").content.decode()
    assert PAGE in front and "93.0" in front


def test_scores_of_many_cost_two_reads():
    codes = [each.organisation for each in choices.FIRMS]
    for code in codes:
        cases.restriction(subject=code, kind=Kind.POINTS, ground="giving-up")
    with CaptureQueriesContext(connection) as asked:
        told = queries.scores(codes, at=cast.NOON)
    assert len(asked) == 2
    assert {score.value for score in told.values()} == {94}


@pytest.mark.embedded  # it is about pages
def test_the_rules_are_published_with_every_number(client):
    page, told = client.get("/credit/rules/").content.decode(), client.get("/credit/rules.json").json()
    for row in MERITS.values():
        assert row.words in page
    assert [(row["after_months"], row["months"], row["shown"]) for row in told["repair"]] == [
        (0, 3, False), (3, 12, True), (12, 36, True),
    ]  # fmt: skip
    for words in ("谁申请", "何时可以", "要什么", "谁决定", "修复以后", "10 个工作日", "信用修复管理办法", "第45条"):
        assert words in page, words
    assert [row["tickets"] for row in told["grades"]] == [row.tickets for row in GRADES]
    assert told["edition"] in page and "串通投标、串通报价" in page


@pytest.mark.embedded  # it is about pages
def test_a_purchase_that_asks_for_a_least_score_lets_in_whoever_has_it():
    from market.selection import gate

    project = choices.open_choice(edition="zjcs-credit", weights={"long": 10, "short": 2, "least": 90})
    at = choices.CLOSES - cast.HOUR
    assert not gate.why_not_take_part(project, org=cast.YINSHAN, at=at)
    cases.restriction(subject=cast.YINSHAN, kind=Kind.POINTS, ground="not-signing", points=10, starts_at=at - cast.DAY)
    assert not gate.why_not_take_part(project, org=cast.YINSHAN, at=at)
    cases.restriction(subject=cast.YINSHAN, kind=Kind.POINTS, ground="late", starts_at=at - timedelta(hours=1))
    [reason] = gate.why_not_take_part(project, org=cast.YINSHAN, at=at)
    assert reason.code == "credit.below" and reason.values == {"value": "87.0", "least": "90"}
