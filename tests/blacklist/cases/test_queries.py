"""Who is restricted by the platform, to the second."""

import pytest

from blacklist.cases import queries
from blacklist.cases.rules import Kind
from tests import cast
from tests.make import cases

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
