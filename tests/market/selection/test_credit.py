"""Choosing by credit: who is on the long list, how many lots each has, the short list, the buyer's pick."""

from collections import Counter
from decimal import Decimal

import pytest

from blacklist.cases.rules import Kind
from blacklist.credit.rules import Score
from market.awards import queries as awards
from market.awards.models import Proposal
from market.projects.models import Project
from market.projects.rules import Stage
from market.selection import credit, queries, services
from market.selection import tasks as choice
from market.selection.credit import Record
from proofs import canonical, contribute, lots
from proofs.selection import why_not_selection
from rulebook.actor import SYSTEM
from rulebook.refusal import Refused
from tests import cast
from tests.cells import cell
from tests.make import accounts, cases, choices

pytestmark = pytest.mark.embedded  # rules and pages
DAY = choices.SELECTS


def firms(count: int, *, value: str = "100", jobs: int = 0, first: int = 0) -> list[Record]:
    return [Record(f"{n:018}", f"第{n}家", Score(Decimal(value)), jobs) for n in range(first, first + count)]


def test_tickets_follow_the_one_score_by_grade():
    values = ("110", "100", "99.9", "75", "74.9", "0")
    assert [credit.tickets(Record("a", "a", Score(Decimal(each)))) for each in values] == [4, 4, 3, 2, 1, 1]
    assert credit.score(Record("a", "a")) == 100 and Record("a", "a").is_new


def test_incumbents_do_not_shut_newcomers_out_and_chance_decides_nothing_on_the_long_list():
    old, new = firms(20, value="110", jobs=9), firms(6, first=50)
    listed = credit.long_list([*old, *new], places=10)

    assert {each.org for each in new} <= {each.org for each in listed}  # two places are kept, and all six are equal
    assert len(credit.long_list([*firms(8, value="110", jobs=1), *firms(1, first=50)], places=10)) == 9
    worse = [Record("z" * 18, "末", Score(Decimal(70)), jobs=1)]
    assert worse[0] not in credit.long_list([*firms(10, value="105", jobs=2), *worse], places=10)
    assert credit.long_list([*old, *new], places=10) == credit.long_list([*new, *reversed(old)], places=10)


@pytest.mark.django_db
def test_a_finding_costs_lots_and_a_place_given_up_alone_does_not():
    """The one score: a decided finding is in the published weights, and whoever has history is no newcomer."""
    cases.restriction(subject=cast.YINSHAN, kind=Kind.POINTS, ground="not-signing", starts_at=DAY - cast.DAY)
    project = choices.closed(choices.open_choice(edition="zjcs-credit"), *choices.FIRMS)
    choices.chosen(project)

    told = {each["org"]: (each["score"], each["tickets"]) for each in queries.pool(project).content["eligible"]}
    assert told[cast.YINSHAN] == ("90.0", 3)
    assert {told[org] for org in told if org != cast.YINSHAN} == {("100.0", 4)}
    assert [each.is_new for each in queries.records([cast.HETAO, cast.YINSHAN], at=DAY)] == [True, False]


def test_lots_fall_in_proportion_to_tickets():
    """20 000 fixed seeds: who comes first, as often as its tickets have it; |z| < 4 for each."""
    weights = {"A" * 18: 4, "B" * 18: 3, "C" * 18: 2, "D" * 18: 1}
    pool = credit.pool(weights, stratum="provider")
    strata = (lots.Stratum("provider", 1, 0),)
    rounds, first = 20_000, Counter()
    for n in range(rounds):
        [part] = lots.select(canonical.sha256(b"%d" % n), pool, strata, max_per_org=1)
        first[part["chosen"][0][:18]] += 1
    for org, tickets in weights.items():
        share = tickets / 10
        assert abs(first[org] - rounds * share) < 4 * (rounds * share * (1 - share)) ** 0.5


def test_a_firm_with_many_lots_has_one_place_and_the_supervisors_client_signs_for_it():
    pool = credit.pool({"A" * 18: 4, "B" * 18: 1}, stratum="provider")

    [part] = lots.select(b"\1" * 32, pool, (lots.Stratum("provider", 2, 0),), max_per_org=1)
    assert sorted(cid[:18] for cid in part["chosen"]) == ["A" * 18, "B" * 18]
    assert contribute.why_not_attest(pool, []) == ()
    hidden = {"cid": "a" * 64, "org": "b" * 64, "strata": ["provider"]}
    assert contribute.why_not_attest([*pool, hidden], [])


def short_listed(**other) -> Project:
    project = choices.closed(choices.open_choice(edition="zjcs-credit", **other), *choices.FIRMS)
    return choices.drawn(project)


@cell("credit", "many", "tied")  # four with the same score: lots decide among them
@pytest.mark.django_db
def test_the_weights_are_public_before_the_draw_and_lots_make_the_short_list():
    project = short_listed()

    held, row = queries.pool(project), queries.draw(project)
    assert {each["tickets"] for each in held.content["eligible"]} == {4}
    assert len(row.pool) == 16 and row.max_per_org == 1
    assert [each["org"] for each in queries.short_list(project).listed] == queries.order_of(row)
    assert (len(queries.short_list(project).listed), project.stage) == (3, Stage.DECIDING)
    page = accounts.client_of(cast.STRANGER).get(f"/purchases/{project.number}/choice/").content.decode()
    assert "小名单" in page and "100.0" in page and "选定的理由" not in page
    assert "选定的理由" in accounts.client_of(cast.OFFICER).get(f"/purchases/{project.number}/choice/").content.decode()


@pytest.mark.django_db
def test_the_buyer_picks_one_with_a_reason_that_is_published_and_lots_say_who_follows():
    project = short_listed()
    first, second, third = (each["org"] for each in queries.short_list(project).listed)
    off = next(f.organisation for f in choices.FIRMS if f.organisation not in (first, second, third))
    act = {"number": project.number, "at": DAY + cast.HOUR}
    assert "从小名单中选定一家" in accounts.client_of(cast.OFFICER).get("/desk/").content.decode()
    for told in (
        {"org": second, "reason": " ", "by": cast.OFFICER}, {"org": off, "reason": "熟", "by": cast.OFFICER},
        {"org": second, "reason": "有同类业绩", "by": cast.OTHER_OFFICER},
        {"org": second, "reason": "有同类业绩", "by": cast.PROVIDER},
    ):  # fmt: skip
        with pytest.raises(Refused):
            services.pick(**told, **act)

    services.pick(org=second, reason="有同类业绩", by=cast.OFFICER, **act)

    assert choices.ranked(project) == [second, first, third]
    report = Proposal.objects.get(project=project).content
    assert why_not_selection(report) == ()
    basis = report["basis"] | {"picked": first}
    assert why_not_selection({**report, "basis": basis}) == ("the ranks are not those of the lots",)
    with pytest.raises(Refused):
        services.pick(org=first, reason="改主意", by=cast.OFFICER, **act)
    page = accounts.client_of(cast.STRANGER).get(f"/purchases/{project.number}/choice/").content.decode()
    assert "有同类业绩" in page and awards.publicity(Project.objects.get(pk=project.pk)).ends_at


@pytest.mark.django_db
def test_a_buyer_who_does_not_pick_leaves_it_to_the_lots():
    project = short_listed(weights={"long": 10, "short": 2})
    listed = [each["org"] for each in queries.short_list(project).listed]

    choice.choose(by=SYSTEM, at=DAY + cast.DAY)
    assert Project.objects.get(pk=project.pk).stage == Stage.DECIDING
    choice.choose(by=SYSTEM, at=DAY + 30 * cast.DAY)

    assert len(listed) == 2 and choices.ranked(project) == listed


@pytest.mark.django_db
def test_the_page_of_the_draw_names_the_firms_and_offers_to_run_it_again():
    project = short_listed()

    page = accounts.client_of(cast.STRANGER).get(f"/draws/{queries.draw(project).pk}/").content.decode()
    listed = queries.short_list(project).listed
    assert all(each["name"] in page for each in listed)
    assert "重算这次抽取" in page and "draws/rerun.js" in page
