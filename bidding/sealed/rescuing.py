"""When too few unattended holders have released: who may open his own quote himself, and until when. Reads.

Spec: docs/proofs.md, quotes that open by themselves.
"""

from dataclasses import dataclass
from datetime import datetime

from bidding.opening.models import Opening, OpeningUnit, Release
from bidding.tender.models import Tender
from rulebook.actor import Actor, Role


@dataclass(frozen=True)
class Rescue:
    """A rescue that runs.

    until: when whatever is not opened by then stays shut.  waiting, done: names of those who have not, and have,
    released what opens their own.  asks_viewer: the viewer's own firm is one of those it waits for.
    """

    until: datetime
    waiting: list[str]
    done: list[str]
    asks_viewer: bool


def of(tender: Tender, *, viewer: Actor) -> Rescue | None:
    """The rescue that runs now; None before it was declared, when it is over, and of what came to nothing."""
    opening = Opening.objects.filter(tender=tender, rescue_from__isnull=False, read_out_at=None).first()
    if opening is None or tender.project.ended:
        return None
    units = list(OpeningUnit.objects.filter(opening=opening, verdict="").select_related("bid").order_by("bid__name"))
    released = Release.objects.filter(unit__in=units, role=Release.Role.RESCUE, good=True)
    rescued = set(released.values_list("unit_id", flat=True))
    left = {unit.bid.organisation for unit in units if unit.pk not in rescued}
    names = {unit.bid.organisation: unit.bid.name for unit in units}
    return Rescue(
        opening.turn_ends,
        [name for org, name in names.items() if org in left],
        [name for org, name in names.items() if org not in left],
        viewer.role is Role.PROVIDER and viewer.organisation in left,
    )
