"""What an entrusted purchase puts on two desks: the purchaser's and its agent's, each told what waits for whom."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, time

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.queries import name_of
from market.agency import queries as agency
from market.awards import queries as awards
from market.awards.models import Proposal
from market.projects.models import Project
from market.projects.rules import T13_DETERMINATION
from market.projects.sides import WITHIN, Work
from portal.desk.duties import Duty
from portal.places import place
from rulebook.actor import Actor
from rulebook.calendar import CHINA, add_days


def letters(viewer: Actor) -> Iterator[Duty]:
    """Letters the viewer's house has to answer."""
    for row in agency.waiting(viewer):
        why = _("接受后方可凭委托编制采购文件；不接受的写明原因")
        yield Duty(_("答复采购委托"), f"{row.owner.name} · {row.title}", why, row.get_absolute_url(), _("去答复"),
                   datetime.combine(add_days(row.last, 1), time(), CHINA), WITHIN)  # fmt: skip


def whose(project: Project, work: Work, duty: Duty, viewer: Actor) -> Duty:
    """The duty as it stands on this desk: the viewer's own house's, or the other's, which it waits for.

    On an agent's desk each line names the purchaser.  What waits for somebody else altogether stays as it is.
    """
    if viewer.organisation == project.agent_id:
        duty = replace(duty, about=f"{project.buyer.name} · {duty.about}")
    doer = project.doer(work)
    if duty.waits or doer == viewer.organisation or project.agent_id is None:
        return duty
    what = _("等待{name}：{what}").format(name=name_of(doer), what=duty.what)
    return replace(duty, what=what, button=_("查看"), waits=True)


def documents(project: Project) -> Duty:
    """The purchaser confirms what its agent drafted."""
    why = _("代理机构已编制完成并审批，确认后方可发布")
    here = reverse(project.procedure.publish_url, args=[project.number])
    return Duty(_("确认采购文件"), project.title, why, here, _("去确认"), project.publish_at, WITHIN)


def report(project: Project, held: Proposal, *, at: datetime) -> Duty:
    """The purchaser takes the report its agent had made; its days run since it came."""
    what = _("确认{terms.evaluation}报告").format(terms=project.terms)
    why = _("确认后按排序确定；法定期限自报告送达之日起算")
    due = awards.due(held, at=at)
    return Duty(what, project.title, why, place(project.number, "award"), _("去确认"), due, T13_DETERMINATION)
