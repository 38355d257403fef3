"""The lines of a desk about purchases in the supermarket, for their buyers and for the supervision."""

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.rules import Kind
from market.projects.models import Project
from market.projects.rules import TWO_PERSONS, Stage
from market.projects.sides import Work
from market.projects.supermarket import ENROLMENT, LIMITS
from market.purchases import queries
from market.purchases.limits import SPLITTING
from market.purchases.models import Purchase
from market.purchases.rules import ANOTHER_WAY
from market.selection import queries as choices
from market.selection.rules import LOTS
from portal.desk import entrusted
from portal.desk.duties import Duty
from rulebook.actor import Actor


def duties(viewer: Actor, *, at: datetime) -> Iterator[Duty]:
    """What a buyer has to do about purchases until a provider is chosen, and when none could be."""
    rows = queries.of_buyer(viewer).filter(
        project__stage__in=[each.value for each in (Stage.DRAFT, Stage.OPEN, Stage.DECIDING)]
    )
    for row in rows:
        project, own = row.project, row.project.buyer_id == viewer.organisation
        match Stage(row.project.stage):
            case Stage.DRAFT if project.unconfirmed and project.approved_at:
                yield entrusted.whose(project, Work.CONFIRM, entrusted.documents(project), viewer)
            case Stage.DRAFT:
                yield entrusted.whose(project, Work.PREPARE, _draft(project, viewer), viewer)
            case Stage.DECIDING if row.auction and own:
                pass  # said by `auctions`
            case Stage.OPEN | Stage.DECIDING if project.procedure.takes_offers and at >= row.closes_at and own:
                pass  # said by `sealed`
            case _:
                yield entrusted.whose(project, Work.DETERMINE, _under_way(row, at=at), viewer)
    for row in queries.to_begin_again(viewer):
        yield entrusted.whose(row.project, Work.DETERMINE, _failed(row.project), viewer)


def _draft(project: Project, viewer: Actor) -> Duty:
    edit = reverse("market:purchase_edit", args=[project.number])
    if project.submitted_at is None:
        why = project.returned_comment or _("草稿随时可以接着编")
        return Duty(_("编制采购"), project.title, why, edit, _("接着编"), law=ENROLMENT)
    if project.approved_at is None:
        own = project.drafted_by == viewer.person
        then = _("批准后送请采购人确认") if project.unconfirmed else _("批准后立即公告")
        why = _("编制人不能审批自己的采购") if own else then
        what = _("等待审批采购") if own else _("审批采购")
        return Duty(what, project.title, why, edit, _("查看") if own else _("去审批"), law=TWO_PERSONS, waits=own)
    why = _("到时自动公告，此前可以取消")
    return Duty(_("等待公告"), project.title, why, edit, _("查看"), project.publish_at, ENROLMENT, waits=True)


def _under_way(row: Purchase, *, at: datetime) -> Duty:
    project, here = row.project, row.project.get_absolute_url()
    selection = project.procedure.selection
    assert selection is not None  # a purchase has a row of the supermarket
    if project.stage == Stage.OPEN and selection.picks:
        there = reverse("market:pick_directly", args=[project.number])
        return Duty(_("选定机构"), project.title, _("已公告，请写明价格和理由"), there, _("去选定"), law=LIMITS)
    if project.stage == Stage.OPEN and at < row.closes_at:
        why = _("截止前谁参加、有几家，对任何人保密")
        return Duty(_("等待截止"), project.title, why, here, _("查看公告"), row.closes_at, ENROLMENT, waits=True)
    if (listed := choices.short_list(project)) and not choices.pick(project):
        there, by = reverse("market:choice", args=[project.number]), project.procedure.determination.due(listed.at)
        why = _("小名单已抽出；逾期未选定的，按摇号顺序第一名确定")
        return Duty(_("从小名单中选定一家"), project.title, why, there, _("去选定"), by, LOTS)
    return Duty(_("等待选取"), project.title, _("到时由系统选取"), here, _("查看"), row.selects_at, LOTS, waits=True)


def _failed(project: Project) -> Duty:
    why = _("流标后可以重新采购：条件可以降低，限价不能提高；两次流标改用其他方式")
    return Duty(_("重新采购"), project.title, why, project.get_absolute_url(), _("去办理"), law=ANOTHER_WAY)


def alerts(viewer: Actor) -> Iterator[Duty]:
    """Split purchases that nobody has looked into, and those this supervisor has taken."""
    for each in queries.open_alerts(viewer):
        if each.owner in ("", viewer.person):
            here = reverse("market:split_alert", args=[each.public_id])
            about = f"{each.project.buyer.name} · {each.project.item}"
            what = _("写明拆分采购预警的结论") if each.owner else _("接办拆分采购预警")
            why = _("全年累计超过直接选取的限额，已阻止公告")
            yield Duty(what, about, why, here, _("去办理"), law=SPLITTING)


def rooms(viewer: Actor) -> dict[str, bool]:
    """Which doors of the desk are this buyer's: tenders, the directory's items, the supermarket."""
    kind = queries.kind_of(viewer.organisation) if viewer.organisation else Kind.PLATFORM
    return {
        "drafts": kind in (Kind.BUYER, Kind.ENTERPRISE),
        "entrusts": kind in (Kind.BUYER, Kind.AGENT, Kind.ENTERPRISE),
        "is_agent": kind is Kind.AGENT,
        "keeps_items": kind is Kind.BUYER,
        "buys": True,
        "has_keys": kind is not Kind.CITIZEN,
    }
