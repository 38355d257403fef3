"""Each role's desk."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime

from portal.desk import grievances, officer, others, provider
from portal.desk.duties import Duty, in_turn
from rulebook.actor import Actor, Role

Desk = Callable[..., Iterator[Duty]]
DESKS: Mapping[Role, Desk] = {
    Role.OFFICER: officer.duties,
    Role.PROVIDER: provider.duties,
    Role.EXPERT: others.expert,
    Role.SUPERVISOR: others.supervisor,
    Role.WITNESS: others.witness,
    Role.HOLDER: others.holder,
    Role.OPERATOR: others.operator,
}


def duties(viewer: Actor, *, at: datetime) -> list[Duty]:
    """What this person has to do, sorted by time; a role without a desk of its own has nothing to do here."""
    desk = DESKS.get(viewer.role)
    return in_turn([*desk(viewer, at=at), *grievances.duties(viewer)]) if desk else []
