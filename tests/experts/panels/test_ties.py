"""Ties: one word for a thing, and a list reads those of the organisations that take part."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from experts.panels import ties
from experts.panels.listing import _ties, why_left_out
from tests import cast
from tests.cast import NOON
from tests.make import experts as make

pytestmark = pytest.mark.django_db


def test_a_list_reads_the_ties_to_those_who_take_part_and_to_nobody_else():
    people = make.register(3)
    for n in range(3):
        ties.declare_tie(organisation=cast.HETAO if n else cast.BUYER, kind="interest", by=make.actor(n + 1), at=NOON)
    assert _ties({cast.BUYER: "employer-of-buyer"}) == {people[0].pk: [cast.BUYER]}
    with CaptureQueriesContext(connection) as few:
        left_out = why_left_out(people[:1], avoid={cast.BUYER: "employer-of-buyer"}, at=NOON)
    assert left_out == {"expert-001": "declared-tie"}
    with CaptureQueriesContext(connection) as many:
        assert why_left_out(people, avoid={"x": "employer-of-bidder"}, at=NOON) == {}
    assert len(many) - len(few) == len(people) - 1  # a read each of the employers that nobody fetched ahead here
