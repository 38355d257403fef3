"""What a project may do and when: stages, procedures with their periods, the reasons against every act. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Protocol

from accounts.rules import Kind as Buyer
from market.projects.periods import Period
from market.projects.procedure import (
    Category as Category,
)
from market.projects.procedure import (
    Edition as Edition,
)
from market.projects.procedure import (
    Fund as Fund,
)
from market.projects.procedure import (
    Method as Method,
)
from market.projects.procedure import (
    Procedure as Procedure,
)
from market.projects.procedure import (
    Selection as Selection,
)
from market.projects.procedures import (
    METHODS as METHODS,
)
from market.projects.procedures import (
    PROCEDURES as PROCEDURES,
)
from market.projects.procedures import (
    T2_CONTRACT as T2_CONTRACT,
)
from market.projects.procedures import (
    T13_DETERMINATION as T13_DETERMINATION,
)
from market.projects.procedures import (
    TOO_FEW as TOO_FEW,
)
from market.projects.procedures import (
    TWO_PERSONS as TWO_PERSONS,
)
from market.projects.procedures import (
    procedure_of as procedure_of,
)
from market.projects.sides import WITHIN
from rulebook.actor import Actor, Role
from rulebook.law import Article
from rulebook.machine import Machine
from rulebook.refusal import Kind, Reason


class Stage(StrEnum):
    """Where a project is; the only answer to that question."""

    DRAFT = "draft"
    OPEN = "open"
    DECIDING = "deciding"
    PROPOSED = "proposed"
    AWARDED = "awarded"
    CONTRACTED = "contracted"
    COMPLETED = "completed"
    TERMINATED = "terminated"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def label(self) -> str:
        """What people call it."""
        return STAGE_LABELS[self]


STAGE_LABELS: Mapping[Stage, str] = {
    Stage.DRAFT: "编制",
    Stage.OPEN: "公告",
    Stage.DECIDING: "开启评审",
    Stage.PROPOSED: "待定标",
    Stage.AWARDED: "已定标",
    Stage.CONTRACTED: "合同",
    Stage.COMPLETED: "完成",
    Stage.TERMINATED: "合同解除",
    Stage.FAILED: "失败",
    Stage.CANCELLED: "终止",
}
LIFE: Machine[Stage] = Machine(
    {
        Stage.DRAFT: frozenset({Stage.OPEN}),
        Stage.OPEN: frozenset({Stage.DECIDING, Stage.FAILED, Stage.CANCELLED}),
        Stage.DECIDING: frozenset({Stage.PROPOSED, Stage.FAILED, Stage.CANCELLED}),
        Stage.PROPOSED: frozenset(
            {Stage.AWARDED, Stage.DECIDING, Stage.FAILED, Stage.CANCELLED}
        ),  # back to judge again
        Stage.AWARDED: frozenset({Stage.PROPOSED, Stage.CONTRACTED, Stage.FAILED}),  # back when the winner declines
        Stage.CONTRACTED: frozenset({Stage.COMPLETED, Stage.TERMINATED}),
        Stage.COMPLETED: frozenset(),
        Stage.TERMINATED: frozenset(),
        Stage.FAILED: frozenset(),
        Stage.CANCELLED: frozenset(),
    },
    code="project.stage",
)
# The stages a purchase passes when nothing goes wrong, as the stage bar shows them.
PATH = (Stage.OPEN, Stage.DECIDING, Stage.PROPOSED, Stage.AWARDED, Stage.CONTRACTED)
ENDS = frozenset({Stage.FAILED, Stage.CANCELLED})


@dataclass(frozen=True)
class Timetable:
    """When a tender is published, until when documents are supplied, when bids are due."""

    publish_at: datetime
    supply_ends_at: datetime
    closes_at: datetime


class Draft(Protocol):
    """What the rules of approval look at."""

    @property
    def stage(self) -> str: ...
    @property
    def buyer_id(self) -> str: ...
    @property
    def preparer(self) -> str: ...
    @property
    def unconfirmed(self) -> bool: ...
    @property
    def drafted_by(self) -> str: ...
    @property
    def submitted_at(self) -> datetime | None: ...
    @property
    def approved_at(self) -> datetime | None: ...
    @property
    def scheduled_at(self) -> datetime | None: ...
    @property
    def publish_at(self) -> datetime: ...


def why_not_officer(*, buyer: str, by: Actor) -> tuple[Reason, ...]:
    """Reasons why somebody is no officer of this buyer."""
    if by.role is Role.OFFICER and by.organisation == buyer:
        return ()
    return (Reason("project.not-officer", Kind.NOT_YOURS, "仅本单位的采购经办人可办理"),)


def why_not_draft(
    *, edition: str, production: bool, kind: Buyer, entrusted: bool = False, by: Actor
) -> tuple[Reason, ...]:
    """Reasons against beginning a project.

    production: this site serves real purchases, so an edition that is not for real has no place on it.
    kind: of the organisation that buys.  entrusted: its agent begins it, under a letter.
    Law: 政府采购法 第20条.
    """
    if by.role is not Role.OFFICER or not by.organisation:
        return (Reason("project.no-officer", Kind.NOT_YOURS, "仅{terms.buyer}的经办人可编制项目"),)
    if shut := why_not_edition(edition=edition, production=production):
        return shut
    row = PROCEDURES[METHODS[Edition(edition)], Edition(edition)]
    if kind not in row.buyers:
        return (Reason("project.not-this-buyer", Kind.NOT_YOURS, "自然人只在中介服务超市采购"),)
    if kind is Buyer.AGENT and row.selection is None and not entrusted:
        text = "采购代理机构凭{terms.buyer}的委托编制项目，请先选定委托书"
        return (Reason("project.no-letter", Kind.NOT_YOURS, text, Article("政府采购法", "第20条")),)
    return ()


def why_not_edition(*, edition: str, production: bool) -> tuple[Reason, ...]:
    """Reasons against an edition: unknown, or a rehearsal's on a site that serves real purchases."""
    row = PROCEDURES[METHODS[Edition(edition)], Edition(edition)] if edition in tuple(Edition) else None
    if row is None:
        return (Reason("project.unknown-edition", Kind.NOT_VALID, "没有这个程序版次"),)
    if production and not row.for_real:
        return (Reason("project.rehearsal-for-real", Kind.NOT_VALID, "正式运行的平台不得使用演练版次"),)
    return ()


def why_not_edit(project: Draft, *, by: Actor) -> tuple[Reason, ...]:
    """Reasons against changing a draft: only before it is handed in, only by its buyer's officers."""
    shut = why_not_officer(buyer=project.preparer, by=by)
    if shut:
        return shut
    if project.stage != Stage.DRAFT:
        return (Reason("project.published", Kind.NOT_NOW, "项目已发布，不能再改动草稿"),)
    if project.submitted_at is not None:
        return (Reason("project.in-approval", Kind.NOT_NOW, "项目已送审，退回后方可修改"),)
    return ()


def why_not_complete(
    *,
    category: Category = Category.GOODS,
    ground: str = "",
    budget: Decimal,
    price_cap: Decimal,
    procedure: Procedure,
    timetable: Timetable,
    at: datetime,
) -> tuple[Reason, ...]:
    """Everything wrong with a draft's money and timetable, all at once.

    Law: 87号令 第12条.
    """
    reasons: list[Reason] = []
    if category not in procedure.price_weights:
        reasons.append(Reason("project.category", Kind.NOT_VALID, "该采购类别不适用所选程序，请改选程序版次"))
    named = procedure.ground(ground)
    if procedure.grounds and named is None:
        text = "请选定采用{method}的适用情形"
        reasons.append(
            Reason("project.no-ground", Kind.NOT_VALID, text, procedure.grounds[0].law, {"method": procedure.title})
        )
    if named and named.only not in (None, category):
        text = "该适用情形不适用于所选采购类别"
        reasons.append(Reason("project.ground-of-another-category", Kind.NOT_VALID, text, named.law))
    if budget <= 0:
        reasons.append(Reason("project.no-budget", Kind.NOT_VALID, "采购预算应大于零", procedure.budget_law))
    if price_cap <= 0:
        reasons.append(Reason("project.no-price-cap", Kind.NOT_VALID, "最高限价应大于零", procedure.budget_law))
    if price_cap > budget:
        text = "最高限价 {cap} 元高于采购预算 {budget} 元"
        values = {"cap": f"{price_cap:,.2f}", "budget": f"{budget:,.2f}"}
        reasons.append(Reason("project.cap-above-budget", Kind.NOT_VALID, text, procedure.budget_law, values))
    if timetable.publish_at < at:
        text = "计划发布时间已过，请重新选定"
        reasons.append(Reason("project.publish-in-the-past", Kind.NOT_VALID, text))
    return (*reasons, *why_not_timetable(procedure, timetable))


def why_not_timetable(procedure: Procedure, timetable: Timetable) -> tuple[Reason, ...]:
    """Every period of the edition a timetable falls short of, each with its article.

    Law: 政府采购法 第35条; 政府采购法实施条例 第31条.
    """
    reasons: list[Reason] = []
    start = timetable.publish_at
    if not procedure.preparation.met(start, timetable.closes_at):
        text = "自发布起至{terms.deadline}不得少于{period}，截止时间最早为{earliest}"
        reasons.append(_too_short("timetable.preparation", text, procedure.preparation, start))
    if not procedure.supply.met(start, timetable.supply_ends_at):
        text = "{terms.documents}提供期限自发布起不得少于{period}，最早于{earliest}结束"
        reasons.append(_too_short("timetable.supply", text, procedure.supply, start))
    if timetable.supply_ends_at > timetable.closes_at:
        text = "{terms.documents}提供期限不得晚于{terms.deadline}时间"
        reasons.append(Reason("timetable.supply-after-deadline", Kind.NOT_VALID, text, procedure.supply.law))
    return tuple(reasons)


def _too_short(code: str, text: str, period: Period, start: datetime) -> Reason:
    values = {"period": period.words, "earliest": period.earliest_words(start)}
    return Reason(code, Kind.NOT_VALID, text, period.law, values)


def why_not_submit_for_approval(project: Draft, *, missing: tuple[Reason, ...], by: Actor) -> tuple[Reason, ...]:
    """Reasons against handing a draft in for approval.  missing: everything the draft still lacks."""
    return why_not_edit(project, by=by) or missing


def why_not_review(project: Draft, *, by: Actor) -> tuple[Reason, ...]:
    """Reasons against approving or returning: a second officer of the same buyer, never the drafter.

    Law: 政府采购法实施条例 第11条.
    """
    shut = why_not_officer(buyer=project.preparer, by=by)
    if shut:
        return shut
    if by.person == project.drafted_by:
        text = "编制人不得审批自己编制的项目，应由本单位另一名经办人审批"
        return (Reason("approval.own-draft", Kind.NOT_YOURS, text, TWO_PERSONS),)
    if project.stage != Stage.DRAFT or project.submitted_at is None:
        return (Reason("approval.not-submitted", Kind.NOT_NOW, "项目未在送审"),)
    if project.approved_at is not None:
        return (Reason("approval.done", Kind.NOT_NOW, "项目已审批通过"),)
    return ()


def why_not_return(project: Draft, *, comment: str, by: Actor) -> tuple[Reason, ...]:
    """Reasons against sending a draft back: as for approving, and it says why."""
    shut = why_not_review(project, by=by)
    if shut:
        return shut
    if not comment.strip():
        return (Reason("approval.no-comment", Kind.NOT_VALID, "退回应写明修改意见"),)
    return ()


def why_not_confirm(project: Draft, *, by: Actor) -> tuple[Reason, ...]:
    """Reasons against the buyer's confirming what its agent drafted: a person of the buyer's own, once the agent's
    second officer has approved it.

    Law: 政府采购法实施条例 第16条.
    """
    if shut := why_not_officer(buyer=project.buyer_id, by=by):
        return shut
    if project.preparer == project.buyer_id:
        return (Reason("confirm.no-agent", Kind.NOT_NOW, "本项目由本单位自行编制，无须另行确认"),)
    if project.stage != Stage.DRAFT or project.approved_at is None:
        return (Reason("confirm.not-approved", Kind.NOT_NOW, "代理机构尚未编制完成并送请确认"),)
    if not project.unconfirmed:
        return (Reason("confirm.done", Kind.NOT_NOW, "采购文件已确认"),)
    return ()


def why_not_refuse_documents(project: Draft, *, comment: str, by: Actor) -> tuple[Reason, ...]:
    """Reasons against giving a draft back to the agent: as for confirming it, and it says why."""
    if shut := why_not_confirm(project, by=by):
        return shut
    if not comment.strip():
        return (Reason("approval.no-comment", Kind.NOT_VALID, "退回应写明修改意见"),)
    return ()


def why_not_schedule(
    project: Draft, *, procedure: Procedure, timetable: Timetable, by: Actor, at: datetime
) -> tuple[Reason, ...]:
    """Reasons against setting the minute of publication; the system does where it follows from the last yes."""
    shut = () if by.role is Role.SYSTEM else why_not_officer(buyer=project.preparer, by=by)
    if shut:
        return shut
    if project.stage != Stage.DRAFT:
        return LIFE.why_not(Stage(project.stage), Stage.OPEN)
    if project.approved_at is None:
        return (Reason("schedule.not-approved", Kind.NOT_NOW, "项目未经审批，不能发布"),)
    if project.unconfirmed:
        return (Reason("schedule.not-confirmed", Kind.NOT_NOW, "采购文件未经{terms.buyer}确认，不能发布", WITHIN),)
    if project.scheduled_at is not None:
        return (Reason("schedule.already", Kind.NOT_NOW, "已定时发布；如需更改，请先取消定时"),)
    reasons: tuple[Reason, ...] = ()
    if timetable.publish_at < at - timedelta(minutes=1):
        reasons = (Reason("schedule.past", Kind.NOT_VALID, "发布时间不能早于现在"),)
    return (*reasons, *why_not_timetable(procedure, timetable))


def why_not_cancel_schedule(project: Draft, *, by: Actor, at: datetime) -> tuple[Reason, ...]:
    """Reasons against taking the minute of publication back: until that minute."""
    shut = why_not_officer(buyer=project.preparer, by=by)
    if shut:
        return shut
    if project.stage != Stage.DRAFT or project.scheduled_at is None:
        return (Reason("schedule.none", Kind.NOT_NOW, "没有待执行的定时发布"),)
    if at >= project.publish_at:
        return (Reason("schedule.too-late", Kind.NOT_NOW, "发布时间已到，不能取消"),)
    return ()


def why_not_publish(
    project: Draft, *, procedure: Procedure, timetable: Timetable, terms: str | None, by: Actor, at: datetime
) -> tuple[Reason, ...]:
    """Reasons against publishing now: the system at the scheduled minute, with the terms where offers are taken."""
    if by.role is not Role.SYSTEM:
        return (Reason("publish.not-system", Kind.NOT_YOURS, "公告由平台按定时发布"),)
    reasons = LIFE.why_not(Stage(project.stage), Stage.OPEN)
    if reasons:
        return reasons
    if project.approved_at is None or project.scheduled_at is None or at < project.publish_at:
        return (Reason("publish.not-due", Kind.NOT_NOW, "未到定时发布的时间"),)
    if procedure.takes_offers and not terms:
        return (Reason("publish.no-terms", Kind.NOT_VALID, "本程序应附{terms.bid}条款方可发布"),)
    return why_not_timetable(procedure, Timetable(at, timetable.supply_ends_at, timetable.closes_at))


def why_not_end(*, stage: str, buyer: str, to: Stage, reasons: tuple[Reason, ...], by: Actor) -> tuple[Reason, ...]:
    """Reasons against ending a purchase in failure or cancelling it: the buyer's officer (or the system), with grounds.

    Law: 政府采购法 第36条.
    """
    if by.role is not Role.SYSTEM:
        shut = why_not_officer(buyer=buyer, by=by)
        if shut:
            return shut
    shut = LIFE.why_not(Stage(stage), to)
    if shut:
        return shut
    if not reasons:
        return (Reason("project.no-grounds", Kind.NOT_VALID, "应写明理由", Article("政府采购法", "第36条")),)
    return ()
