"""Ties: one word for a thing, and a list reads those of the organisations that take part."""

from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Organisation
from experts.panels import ties
from experts.panels.eligibility import TieKind
from experts.panels.listing import _ties, why_left_out
from experts.panels.models import Tie
from experts.registry.rules import Post
from tests import cast
from tests.cast import NOON
from tests.make import accounts
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


def test_a_board_seat_that_was_declared_as_a_tie_is_an_employment_now():
    assert "role" not in {kind.value for kind in TieKind}
    expert, moved = make.expert(1), import_module("experts.migrations.0010_one_word_for_a_seat_on_a_board")
    accounts.organisation(cast.HETAO)
    with connection.cursor() as cursor:  # as it stood before
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA ignore_check_constraints = ON")
        else:
            cursor.execute("ALTER TABLE experts_tie DROP CONSTRAINT tie_kind_known")
        Tie.objects.create(expert=expert, organisation=cast.HETAO, kind="role", declared_at=NOON)
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA ignore_check_constraints = OFF")
    moved.employ(apps, None)
    row = expert.employments.get(post=Post.BOARD)
    assert not Tie.objects.exists() and row.name == Organisation.objects.get(code=cast.HETAO).name
    assert why_left_out([expert], avoid={cast.HETAO: "employer-of-bidder"}, at=NOON)
