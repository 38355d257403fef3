"""Two administrators at once, on the real engines: whatever they do to each other, the house keeps one."""

from collections.abc import Callable
from contextlib import suppress

import pytest

from people.colleagues import queries, services
from rulebook.actor import SYSTEM, Actor
from rulebook.refusal import Refused
from tests import cast
from tests.ledger.test_races import at_once
from tests.make import accounts
from tests.people.test_colleagues import COLLEAGUE

pytestmark = pytest.mark.django_db(transaction=True)


def acts(by: Actor, on: Actor) -> list[Callable[[], object]]:
    """Each way in which one may take the other's administration away, or his own."""
    told = {"by": by, "at": cast.NOON}
    return [
        lambda: services.dismiss(person=on.person, **told),
        lambda: services.dismiss(person=by.person, **told),
        lambda: services.block(person=on.person, **told),
        lambda: services.hand_over(person=on.person, to=by.person, **told),
    ]


def test_however_two_administrators_shut_each_other_out_at_once_one_stays():
    def tried(act: Callable[[], object]) -> Callable[[], None]:
        def one() -> None:
            with suppress(Refused):
                act()

        return one

    for actor in (cast.PROVIDER, COLLEAGUE):
        accounts.user(actor)
    services.appoint_first(person=cast.PROVIDER.person, by=SYSTEM, at=cast.NOON)
    for mine in range(4):
        for his in range(mine, 4):
            for actor in (cast.PROVIDER, COLLEAGUE):
                if not queries.administers(actor):
                    row = accounts.user(actor)
                    row.is_active = True
                    row.save()
                    services._appoint(row, by=SYSTEM, at=cast.NOON)
            assert queries.administrators(cast.HETAO).count() == 2

            at_once(tried(acts(cast.PROVIDER, COLLEAGUE)[mine]), tried(acts(COLLEAGUE, cast.PROVIDER)[his]))

            assert queries.administrators(cast.HETAO).count() == 1, (mine, his)
