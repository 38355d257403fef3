"""Acts: give a project to a person, take it back, and let only who is authorised act."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from people.colleagues.houses import colleague, hold_own, note
from people.colleagues.rules import What
from people.powers import rules
from people.powers.models import EVERY, OnlyAuthorised, Power
from rulebook.actor import Actor, Role
from rulebook.refusal import refuse_if


@transaction.atomic
def switch(*, only_authorised: bool, by: Actor, at: datetime) -> None:
    """Let only who is authorised act for the house, or everybody of it. From the next word on."""
    house = hold_own(by=by)
    if only_authorised:
        _, changed = OnlyAuthorised.objects.get_or_create(organisation=house, defaults={"since": at})
    else:
        changed = bool(OnlyAuthorised.objects.filter(organisation=house).delete()[0])
    if changed:
        note(house.code, What.ONLY_AUTHORISED if only_authorised else What.EVERYBODY, by=by, at=at)


@transaction.atomic
def give(*, person: UUID, number: str = "", every: bool = False, by: Actor, at: datetime) -> Power:
    """Authorise a colleague.  number: of the project as its notice says.  every: all, and new ones.

    Whether there is such a project is not asked: the answer would tell of drafts that are secret.
    """
    house = hold_own(by=by)
    user = colleague(person, by=by)
    number = EVERY if every else number.strip()
    given = Power.objects.filter(user=user, project_number=number).exists()
    refuse_if(rules.why_not_give(number=number, every=every, active=user.is_active, role=Role(user.role), given=given))
    row = Power.objects.create(user=user, project_number=number, given_at=at)
    note(house.code, What.GIVEN, user=user, told=number, by=by, at=at)
    return row


@transaction.atomic
def withdraw(*, power: int, by: Actor, at: datetime) -> None:
    """Take an authorisation back. What was done under it stands."""
    house = hold_own(by=by)
    row = Power.objects.select_for_update(of=("self",)).get(pk=power, user__organisation=house)
    note(house.code, What.WITHDRAWN, user=row.user, told=row.project_number, by=by, at=at)
    row.delete()
