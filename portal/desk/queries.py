"""Each role's desk."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime

from blacklist.cases.refusals import KEEPERS
from portal.desk import cases, grievances, officer, others, provider
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
    own = cases.keeper if viewer.role in KEEPERS else cases.party
    return in_turn([*desk(viewer, at=at), *grievances.duties(viewer), *own(viewer, at=at)]) if desk else []
