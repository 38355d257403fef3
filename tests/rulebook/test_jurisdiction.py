"""An office acts where its division reaches, and is a member of the public elsewhere."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rulebook.actor import Role
from rulebook.jurisdiction import STAFF, has_jurisdiction, in_region
from rulebook.regions import NAMES, containing, is_division, reaches, span
from tests import cast

DIGITS = st.builds(
    lambda province, rest, size: f"{province}{rest:04d}"[: 2 * size],
    st.sampled_from([code for code in NAMES if len(code) == 2]), st.integers(101, 9999), st.integers(1, 3),
).filter(is_division)  # fmt: skip


def test_nobody_is_narrowed_while_nobody_was_given_a_division() -> None:
    for actor in (*cast.PEOPLE, cast.SYSTEM, cast.STRANGER):
        assert has_jurisdiction(actor, "1508") and has_jurisdiction(actor, "") and in_region(actor, "44") is actor


@pytest.mark.parametrize("role", sorted(STAFF))
def test_an_office_is_itself_in_its_division_and_beneath_and_the_public_elsewhere(role: Role) -> None:
    city = replace(cast.SUPERVISOR, role=role, region="1508")
    for inside in ("1508", "150802"):
        assert in_region(city, inside) is city
    for outside in ("15", "1507", "150721", "44", ""):
        there = in_region(city, outside)
        assert (there.role, there.organisation, there.person) == (Role.STRANGER, "", city.person)
    everywhere = replace(city, region="15")
    assert in_region(everywhere, "150802") is everywhere


@given(DIGITS, DIGITS)
def test_a_range_of_an_index_holds_just_what_a_scope_reaches(scope: str, region: str) -> None:
    first, beyond = span(scope)
    assert (first <= region.ljust(6, "0") < beyond) == reaches(scope, region)
    assert reaches(scope, region) == (scope in containing(region))
