"""The lines of a desk about first steps and complaints: for the supplier, the buyer and the competent body."""

from collections.abc import Iterator
from datetime import datetime, time

from django.urls import reverse
from django.utils.translation import gettext as _

from market.complaints import queries
from market.complaints.rules import State
from market.tickets import queries as tickets
from market.tickets.rules import LAW
from portal.desk.duties import Duty
from rulebook.actor import Actor, Role
from rulebook.calendar import CHINA, add_days

TICKETS = 20  # shown of those that wait, the most pressing


def duties(viewer: Actor) -> Iterator[Duty]:
    """What this viewer has to answer, check, decide or complete, by when, because of what."""
    for row in tickets.waiting(viewer)[:TICKETS]:
        due = datetime.combine(add_days(row.due_on, 1), time(), CHINA)
        here = reverse("market:ticket", args=[row.public_id])
        about, why = f"{row.number} {row.title}", _("热线转来的工单，应在期限内答复一次")
        yield Duty(_("答复 12345 工单"), about, why, here, _("去答复"), due, LAW)
    if viewer.role is Role.OFFICER:
        for each in queries.challenges(viewer).filter(answered_at=None):
            here = reverse("market:challenge", args=[each.public_id])
            yield Duty(_("答复质疑（异议）"), each.project.title, _("期满未答复的，提出人可以投诉"), here, _("去答复"),
                       each.due_at)  # fmt: skip
    for held in queries.visible_to(viewer).filter(ended_at=None):
        about = held.project.title if held.project else held.subject
        here, law = held.get_absolute_url(), held.row.law
        if viewer.role is Role.SUPERVISOR:
            if held.state == State.FILED:
                yield Duty(
                    _("审查投诉是否受理"), about, _("材料不全的只能告知补正一次"), here, _("去审查"), held.check_by, law
                )
            elif held.state == State.ACCEPTED:
                yield Duty(
                    _("作出投诉处理决定"), about, _("受理后在期限内决定"), here, _("去处理"), held.decide_by, law
                )
            else:
                yield Duty(
                    _("等待投诉人补正"),
                    about,
                    _("期满不补正的不予受理"),
                    here,
                    _("查看"),
                    held.supplement_by,
                    law,
                    waits=True,
                )
        elif queries.is_own(held, viewer) and held.state == State.INCOMPLETE:
            yield Duty(_("补正投诉"), about, _("需要补正的内容已一次告知"), here, _("去补正"), held.supplement_by, law)
        elif queries.is_own(held, viewer):
            yield Duty(
                _("等待投诉处理"), about, _("受理部门在期限内办理"), here, _("查看"), held.next_due, law, waits=True
            )
        elif not held.steps.filter(what="reply").exists():
            yield Duty(_("对投诉作出说明"), about, _("被投诉人应提交说明和依据"), here, _("去说明"), held.reply_by, law)
