"""What every act on the people of a house begins and ends with: hold the house, find the colleague, write it down."""

from datetime import datetime
from uuid import UUID

from accounts.models import Organisation, User
from people.colleagues import queries
from people.colleagues.models import Step
from people.colleagues.rules import What
from rulebook.actor import Actor
from rulebook.refusal import refuse_if


def note(code: str, what: What, *, user: User | None = None, told: str = "", by: Actor, at: datetime) -> Step:
    """Write down what was done with the people of a house."""
    return Step.objects.create(
        organisation_id=code, what=what.value, user=user, told=told[:200], person=by.person, by_name=by.name, at=at
    )


def hold_own(*, by: Actor) -> Organisation:
    """The house of this administrator, held. Refused for anybody else."""
    house = Organisation.objects.select_for_update().filter(code=by.organisation).first()
    refuse_if(queries.why_not_administer(by))
    assert house is not None, "the rule refuses who has none"
    return house


def colleague(public_id: UUID, *, by: Actor) -> User:
    """Somebody of one's own house, held. Raises User.DoesNotExist for everybody else's."""
    rows = User.objects.select_for_update(of=("self",)).select_related("organisation")
    return rows.get(public_id=public_id, organisation_id=by.organisation)
