"""The lines of a supervisor's desk about alerts, his own and those anybody may take; and about protected tips."""

from collections.abc import Iterator
from datetime import datetime, time

from django.urls import reverse
from django.utils.translation import gettext as _

from portal.desk.duties import Duty
from rulebook.actor import Actor
from rulebook.calendar import CHINA, add_days
from supervision.monitors import queries
from supervision.monitors.rules import OWNED
from supervision.tips import queries as protected
from supervision.tips.rules import LAW, day_of


def alerts(viewer: Actor) -> Iterator[Duty]:
    """What waits for this supervisor's finding by when, and what waits for somebody to take it."""
    for row in queries.mine(viewer):
        own = row.owner == viewer.person
        what = _("写明预警的结论") if own else _("接办逾期的预警") if row.owner else _("接办预警")
        about = row.project.title if row.project else row.subject
        here = reverse("supervision:alert", args=[row.public_id])
        yield Duty(what, about, row.what, here, _("去办理"), row.due_at, OWNED)


def tips(viewer: Actor, *, at: datetime) -> Iterator[Duty]:
    """What was sealed to the viewer's body and waits: to be acknowledged by a day, to be read."""
    for row in protected.of_body(viewer):
        mine = next(each for each in protected.states(row, on=day_of(at)) if each.body == viewer.organisation)
        waits = mine.acknowledged is None and mine.closed is None
        if not waits and not mine.unread:
            continue
        what = _("确认收到密封举报") if waits else _("查看密封举报的新消息")
        about = f"{row.day:%Y-%m-%d} · {row.thread[:8]}"
        due = datetime.combine(add_days(mine.by, 1), time(), CHINA) if waits else None
        why = _("内容只能用本单位密钥文件打开")
        yield Duty(what, about, why, reverse("supervision:tip", args=[row.id]), _("去打开"), due, LAW)
