"""The standing roster: holders with a key in the log and somebody who acts for them."""

from bidding.holding.models import Keeper, StandingHolder
from bidding.holding.rules import Duty
from rulebook.actor import Actor, Role
from tests import cast
from tests.make import accounts

HOLDERS = (cast.BUYER, cast.CENTRE, cast.NOTARY)
ENTERED = cast.NOON - 60 * cast.DAY


def keeper(code: str, *, duty: Duty = Duty.MEMBER, number: int = 0) -> Actor:
    """A key holder of an organisation of the cast, made once.  number: of his account, else from the code."""
    place = number or 900 + list(cast.NAMES).index(code)
    actor = Actor(f"00000000-0000-4000-8000-{place:012d}", Role.HOLDER, code, f"保管人{place}")
    if code == cast.NOTARY and not number:
        actor = cast.HOLDER
    user = accounts.user(actor)
    Keeper.objects.get_or_create(person=user, defaults={"organisation": code, "duty": duty.value})
    return actor


def stand(*codes: str) -> None:
    """These organisations stand ready, in this order."""
    for place, code in enumerate(codes or HOLDERS):
        accounts.key(code)
        keeper(code)
        at = ENTERED + place * cast.MINUTE
        StandingHolder.objects.get_or_create(organisation_id=code, defaults={"entered_at": at})
