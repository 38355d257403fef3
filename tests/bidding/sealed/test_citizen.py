"""Sealed quotes a citizen asks for keep their days; her three screens are played in Chromium."""

import pytest

from market.projects.rules import Method
from market.purchases import guess
from market.purchases import queries as bought
from tests import cast

pytestmark = pytest.mark.embedded


def test_keys_made_after_midnight_leave_the_quotes_their_days():
    late = cast.NOON.replace(hour=15, minute=30)  # half an hour before midnight in China
    row, lots = (bought.row_of(method=each, real=True) for each in (Method.SEALED_PRICE, Method.RANDOM))
    assert guess.times(row, at=late) == guess.times(row, at=late + cast.HOUR) > guess.times(lots, at=late)
    assert guess.times(row, at=cast.NOON) == guess.times(lots, at=cast.NOON)
