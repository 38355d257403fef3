"""The reported set that comes with the house."""

import pytest
from django.core.management import call_command
from django.db import IntegrityError

from market.history import queries, services
from market.history.models import Transaction
from rulebook.actor import SYSTEM
from tests import cast

pytestmark = pytest.mark.django_db
KEY = "xinbaerhuyouqi-2021"


def load():
    return services.load(key=KEY, by=SYSTEM, at=cast.NOON)


def test_loading_twice_loads_it_once():
    load()
    load()

    assert queries.rows(KEY).count() == 36
    assert queries.notices(KEY) == 36


def test_the_command_loads_every_set(capsys):
    call_command("load_history")

    assert "36" in capsys.readouterr().out
    assert [each.key for each in queries.sets()] == [KEY]


def test_an_award_above_its_control_price_cannot_be_kept():
    kept = load()

    with pytest.raises(IntegrityError):
        Transaction.objects.create(set=kept, number="x", control=1, award=2)


def test_a_set_nobody_reported_is_not_there():
    with pytest.raises(FileNotFoundError):
        services.load(key="nowhere", by=SYSTEM, at=cast.NOON)
