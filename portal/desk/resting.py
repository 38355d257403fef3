"""What a rest does to a desk: what it holds up waits, and says until when; whoever may end the rest is told."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.templatetags.parts import due
from market.projects.models import Suspension
from market.projects.stops import Act
from portal.desk.duties import Duty
from rulebook.actor import Actor, Role
from rulebook.jurisdiction import has_jurisdiction

# Rooms in which a rest holds something up; what is handed in, corrected or given back goes on.
HELD_UP = {"hall": Act.OPENING, "panel": Act.JUDGING, "evaluation": Act.JUDGING, "award": Act.AWARD,
           "choice": Act.CHOICE}  # fmt: skip


def held_up(duties: Iterable[Duty], viewer: Actor) -> Iterator[Duty]:
    """The same lines; what rests waits.  One look at what rests now, however much rested before."""
    rests = {each.project.number: each for each in Suspension.objects.filter(ended_at=None).select_related("project")}
    for duty in duties:
        number, room = [*duty.href.split("/"), "", "", ""][2:4]
        rest = rests.get(number)
        if rest is None or HELD_UP.get(room) not in rest.row.stops:
            yield duty
            continue
        why = _suspended(rest)
        yield replace(duty, why=why, law=rest.row.law, by=rest.until, waits=True)
    for rest in rests.values():
        if _may_end(rest, viewer):
            here, ends = reverse("market:suspension", args=[rest.project.number]), rest.until
            why = _suspended(rest)
            yield Duty(_("处理事由后恢复项目"), rest.project.title, why, here, _("去恢复"), ends, rest.row.law)


def _suspended(rest: Suspension) -> str:
    return _("项目暂停中，最迟至 {until} 自行恢复；恢复后办理，期限顺延").format(until=due(rest.until))


def _may_end(rest: Suspension, viewer: Actor) -> bool:
    if rest.row.orders is not viewer.role:
        return False
    if viewer.role is Role.SUPERVISOR:
        return has_jurisdiction(viewer, rest.project.region)
    return bool(rest.project.buyer_id == viewer.organisation)
