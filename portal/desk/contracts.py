"""What both sides of a contract have to do, from its signature to their ratings."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _

from intermediaries.ratings import queries as ratings
from intermediaries.ratings.rules import FOLLOW_LAW, RATING_LAW, Side
from market.contracts.models import Contract
from market.performance import queries as performance
from market.performance.ends import NOTICE, REPLY
from market.performance.models import Delivery
from market.performance.rules import INSPECTION, PAYMENT, PERFORMANCE, Line
from portal.desk.duties import Duty
from portal.places import place
from rulebook.actor import Actor, Role
from rulebook.calendar import CHINA


def duties(viewer: Actor, *, at: datetime) -> Iterator[Duty]:
    """Of one person's house, on the side it stands."""
    for made in performance.under_way(viewer):
        side = performance.parties(made).side_of(viewer)
        if side is not None:
            yield from _plan(made, side)
            yield from _milestones(made, side)
            yield from _notice(made, side)
    for made, due in performance.unpaid(viewer) if viewer.role is Role.OFFICER else ():
        here, why = place(made.project.number, "performance"), _("已验收、尚未登记付款")
        yield Duty(_("付款并登记"), made.project.title, why, here, _("去登记"), due, PAYMENT.law)
    for payment in performance.unanswered(viewer):
        project, told = payment.contract.project, _("对方登记付款 {amount} 元").format(amount=f"{payment.amount:,.2f}")
        yield Duty(
            _("确认收款"), project.title, told, place(project.number, "performance"), _("去确认"), law=PAYMENT.law
        )
    for occasion in ratings.to_rate(viewer, at=at):
        here, why = place(occasion.project_number, "ratings"), _("双方都评价后才公开，逾期标为系统默认")
        yield Duty(_("评价对方"), occasion.title, why, here, _("去评价"), occasion.closes_at, RATING_LAW)
    for held in ratings.to_answer(viewer):
        here = place(held.rating.occasion.project_number, "ratings")
        why, law = _("差评应在期限内核实、整改并答复"), FOLLOW_LAW
        yield Duty(_("答复差评"), held.rating.occasion.title, why, here, _("去答复"), held.due_at, law)


def supervision(viewer: Actor, *, at: datetime) -> Iterator[Duty]:
    """Bad ratings to find on, disputes whose decision is to be written down."""
    for held in ratings.to_find(viewer, at=at):
        here, why = reverse("intermediaries:follow_ups"), _("被评价方已答复，或者答复期限已满")
        yield Duty(_("核查差评"), held.rating.occasion.title, why, here, _("去核查"), held.finding_due_at, FOLLOW_LAW)
    for row in performance.disputed(viewer):
        project = row.contract.project
        why, here = _("双方对解除合同有争议，有处理结果后登记"), place(project.number, "performance")
        yield Duty(_("登记解除争议的处理结果"), project.title, why, here, _("查看"), law=NOTICE, waits=True)


def _plan(made: Contract, side: Side) -> Iterator[Duty]:
    project, waiting = made.project, performance.waiting_plan(made)
    here = place(project.number, "performance")
    if waiting is not None:
        own = waiting.side == side
        what = _("等待对方确认履约计划") if own else _("确认履约计划")
        why = _("双方确认后生效，逾期按它计算")
        yield Duty(what, project.title, why, here, _("查看") if own else _("去确认"), law=PERFORMANCE, waits=own)
    elif performance.plan(made) is None:
        why = _("任一方填写，另一方确认后才能交付和验收")
        yield Duty(_("填写履约计划"), project.title, why, here, _("去填写"), law=PERFORMANCE)


def _milestones(made: Contract, side: Side) -> Iterator[Duty]:
    given = performance.deliveries(made)
    for line in performance.lines(performance.plan(made)):
        rows = given.get(line.number, [])
        seen = getattr(rows[-1], "inspection", None) if rows else None
        if rows and seen is None:
            yield _inspect(made, line, rows[-1], side)
        elif seen is None or not seen.accepted:
            yield _deliver(made, line, side, again=seen is not None)


def _inspect(made: Contract, line: Line, last: Delivery, side: Side) -> Duty:
    here, due = place(made.project.number, "performance"), INSPECTION.due(last.delivered_at)
    about = f"{made.project.title} · {line.what}"
    if side is Side.BUYER:
        return Duty(_("验收成果"), about, _("逾期记为验收超期"), here, _("去验收"), due, INSPECTION.law)
    return Duty(_("等待验收"), about, _("已交付，验收期间不计逾期"), here, _("查看"), due, INSPECTION.law, waits=True)


def _deliver(made: Contract, line: Line, side: Side, *, again: bool) -> Duty:
    here = place(made.project.number, "performance")
    due = datetime.combine(line.due_on + timedelta(days=1), time(), CHINA)
    about = f"{made.project.title} · {line.what}"
    if side is Side.PROVIDER:
        what = _("整改后再次交付") if again else _("交付成果")
        why = _("已退回，理由见履约页") if again else _("逾期按工作日自动计算并公开")
        return Duty(what, about, why, here, _("去交付"), due, PERFORMANCE)
    return Duty(_("等待交付"), about, _("逾期按工作日自动计算并公开"), here, _("查看"), due, PERFORMANCE, waits=True)


def _notice(made: Contract, side: Side) -> Iterator[Duty]:
    project, row = made.project, performance.termination(made)
    here = place(project.number, "performance")
    if row is not None and row.side != side and row.replied_at is None:
        why = _("逾期未答复的，合同自期限届满时解除")
        yield Duty(_("答复解除通知"), project.title, why, here, _("去答复"), row.due_at, REPLY.law)
