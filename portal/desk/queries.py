"""Each role's desk."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime

from blacklist.cases.refusals import KEEPERS
from portal.desk import cases, grievances, house, officer, others, provider, resting
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
    """What this person has to do, sorted by time; a role without a desk has only what its house wants of it."""
    desk = DESKS.get(viewer.role)
    if desk is None:
        return in_turn(house.duties(viewer))
    own = cases.keeper if viewer.role in KEEPERS else cases.party
    parts = (desk(viewer, at=at), grievances.duties(viewer), own(viewer, at=at), house.duties(viewer))
    return in_turn(resting.held_up((duty for part in parts for duty in part), viewer))
