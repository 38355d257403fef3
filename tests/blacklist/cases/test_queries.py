"""Who is restricted by the platform, to the second."""

import pytest

from blacklist.cases import appeals, queries
from blacklist.cases.process import Outcome
from blacklist.cases.rules import Kind
from tests import cast
from tests.make import accounts, cases

pytestmark = pytest.mark.django_db
SECOND = cast.MINUTE / 60


def test_a_restriction_keeps_out_from_its_first_second_to_its_last_and_leaves_nothing():
    row = cases.restriction()

    for at, kept_out in (
        (row.starts_at - SECOND, False),
        (row.starts_at, True),
        (row.ends_at - SECOND, True),
        (row.ends_at, False),
    ):
        assert bool(queries.restricted({cast.HETAO, cast.YINSHAN}, at=at)) is kept_out
        assert bool(queries.findings(cast.HETAO, at=at)) is kept_out

    (reason,) = queries.restricted([cast.HETAO], at=cast.NOON)[cast.HETAO]
    assert row.decision_no in reason.sentence()
    assert "不是行政处罚" in reason.sentence()
    assert str(reason.law) == "明标平台规则 第31条"


def test_points_keep_nobody_out_and_persons_are_found_by_their_tag(django_assert_num_queries):
    cases.restriction(kind=Kind.POINTS)
    cases.restriction(subject="f" * 64, ground="leak", person=True)

    with django_assert_num_queries(1):
        assert set(queries.restricted([cast.HETAO, "f" * 64], at=cast.NOON)) == {"f" * 64}
    assert [row.points for row in queries.findings(cast.HETAO, at=cast.NOON)] == [6]


def test_a_desk_costs_the_same_with_many_cases_and_has_repairs_of_closed_ones(django_assert_num_queries):
    accounts.organisation(cast.HETAO)
    later = cast.NOON + 9 * cast.DAY
    for number in range(3):
        cases.noticed(project=f"P{number}")
        with django_assert_num_queries(2):  # the cases, their steps
            assert len(queries.open_cases(cast.SUPERVISOR, at=later)) == number + 1
        with django_assert_num_queries(3):  # and what they came to
            assert len(queries.open_of_party(cast.PROVIDER)) == number + 1

    points, _ = cases.served(at=cast.NOON - 40 * cast.DAY)
    about, at = {"public_id": points.case.public_id}, cast.NOON - 29 * cast.DAY
    appeals.appeal(**about, text="事实不清", by=cast.PROVIDER, at=at)
    appeals.propose_ruling(**about, outcome=Outcome.UPHELD, text="事实清楚", by=cast.OPERATOR, at=at)
    appeals.second_ruling(**about, agrees=True, by=cases.THIRD_SUPERVISOR, at=at)
    at = points.starts_at + 100 * cast.DAY
    assert points.case_id not in {case.pk for case, _ in queries.open_cases(cast.SUPERVISOR, at=at)}
    done = {"duty_done": "已经整改到位", "promise": True, "by": cast.PROVIDER}
    appeals.ask_repair(restriction=points.public_id, **done, at=at)
    assert points.case_id in {case.pk for case, _ in queries.open_cases(cast.SUPERVISOR, at=at)}
    assert points.case_id not in {case.pk for case, _ in queries.open_cases(cast.SUPERVISOR, at=points.ends_at)}
