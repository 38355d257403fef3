"""The rows behind the figures: one table for each set of them, for a page at a time or as a file."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, F, Max, Q, QuerySet, Sum
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from intermediaries.ratings.models import Rating
from intermediaries.ratings.rules import Finding, Side
from market.awards.models import Award
from market.complaints.forms import ABOUT_WORDS, OUTCOME_WORDS
from market.complaints.models import Decision
from market.complaints.rules import Outcome
from market.history.rules import rate_of
from market.performance.models import Milestone
from market.performance.rules import days_late
from market.projects.models import Project
from market.projects.rules import Stage
from portal.statistics import performed
from portal.statistics.scope import COMPARED, DONE, REGIME_WORDS, Scope, purchases, with_result, with_takers

PAGE = 50
MOST = 20_000  # rows of a file; who wants more narrows the time
Cells = Sequence[Any]


@dataclass(frozen=True)
class Table:
    """title: what the rows are.  columns: their heads.  found: the rows.  lines: as cells, with an address each."""

    title: str
    columns: tuple[str, ...]
    found: QuerySet[Any]
    lines: Callable[[Sequence[Any]], list[tuple[str, Cells]]]


PURCHASES: Mapping[str, tuple[Any, Q]] = {
    "purchases": (lazy("期间内发布的采购"), Q()),
    "done": (lazy("成交的采购"), DONE),
    "compared": (lazy("成交且竞争价格的采购"), COMPARED),
    "failed": (lazy("流标和终止的采购"), Q(stage__in=[Stage.FAILED.value, Stage.CANCELLED.value])),
    "entrusted": (lazy("委托代理的采购"), Q(agent__isnull=False)),
    "takers": (lazy("已公布结果、参加名单已公开的采购"), Q(takers__isnull=False)),
    "excluded": (lazy("使用排除名单的采购"), Q(purchase__isnull=False) & ~Q(purchase__excluded=[])),
    "times": (lazy("成交的采购及各段日期"), DONE),
}
OUTCOMES = {Stage.FAILED.value: lazy("流标"), Stage.CANCELLED.value: lazy("终止")}


def table(kind: str, scope: Scope, *, today: date) -> Table | None:
    """The rows of a kind; None where there is no such kind."""
    found = purchases(scope)
    if kind in PURCHASES:
        return _purchases(kind, found)
    made = {"awards": _awards, "wins": _wins, "pairs": _pairs, "ratings": _ratings, "complaints": _complaints}
    if kind in made:
        return made[kind](found, scope)
    return _milestones(found, today) if kind == "milestones" else None


def _purchases(kind: str, found: QuerySet[Project]) -> Table:
    title, only = PURCHASES[kind]
    rows = (
        with_takers(with_result(found))
        .filter(only)
        .annotate(
            won_amount=F("won__amount"),
            won_at=F("won__determined_at"),
            won_name=F("won__name"),
            signed_at=F("contract__recorded_at"),
        )
    )
    rows = rows.select_related("buyer", "agent", "purchase").order_by("published_at", "pk")

    def line(row: Any) -> tuple[str, Cells]:
        compared = row.won_amount is not None and not (hasattr(row, "purchase") and row.purchase.price_known)
        saved = row.price_cap - row.won_amount if compared else None
        ended = OUTCOMES.get(row.stage)
        return row.get_absolute_url(), [
            row.number,
            row.title,
            row.buyer.name,
            row.agent.name if row.agent else "",
            str(REGIME_WORDS[row.procedure.regime]),
            _(row.procedure.title),
            row.purchase.region if hasattr(row, "purchase") else "",
            row.published_at,
            row.over_at,
            row.won_at,
            row.signed_at,
            row.stage_at if row.stage == Stage.COMPLETED.value else None,
            str(ended) if ended else _("成交") if row.won_amount is not None else _("进行中"),
            row.takers,
            row.price_cap,
            row.won_amount,
            saved,
            None if saved is None else rate_of(saved, row.price_cap),
            row.won_name or "",
            "；".join(f"{each['name']}：{each['reason']}" for each in row.purchase.excluded)
            if hasattr(row, "purchase")
            else "",
        ]

    columns = (
        _("编号"),
        _("名称"),
        _("采购人（业主）"),
        _("代理机构"),
        _("适用制度"),
        _("采购方式"),
        _("服务地区"),
        _("发布"),
        _("参加截止"),
        _("结果公布"),
        _("合同登记"),
        _("全部验收"),
        _("结果"),
        _("参加家数"),
        _("控制价（元）"),
        _("成交价（元）"),
        _("节约（元）"),
        _("节约率（%）"),
        _("成交单位"),
        _("排除的单位和理由"),
    )
    return Table(str(title), columns, rows, lambda rows: [line(row) for row in rows])


def _awards(found: QuerySet[Project], scope: Scope) -> Table:
    rows = Award.objects.filter(project__in=found.values("pk")).select_related("project")
    return Table(
        _("公布的中选，含放弃的"),
        (_("编号"), _("名称"), _("中选单位"), _("名次"), _("金额（元）"), _("公布"), _("放弃"), _("放弃的理由")),
        rows.order_by("determined_at", "pk"),
        lambda rows: [
            (
                reverse("market:award", args=[row.project.number]),
                [
                    row.project.number,
                    row.project.title,
                    row.name,
                    row.rank,
                    row.amount,
                    row.determined_at,
                    row.declined_at,
                    row.decline_reason,
                ],
            )
            for row in rows
        ],
    )


def _standing(found: QuerySet[Project]) -> QuerySet[Award]:
    return Award.objects.filter(project__in=found.values("pk"), declined_at=None)


def _wins(found: QuerySet[Project], scope: Scope) -> Table:
    rows = _standing(found).values("organisation").annotate(n=Count("pk"), sum=Sum("amount"), name=Max("name"))
    return Table(
        _("各家中选次数"),
        (_("统一社会信用代码"), _("单位"), _("中选次数"), _("金额（元）")),
        rows.order_by("-n", "organisation"),
        lambda rows: [("", [row["organisation"], row["name"], row["n"], row["sum"]]) for row in rows],
    )


def _pairs(found: QuerySet[Project], scope: Scope) -> Table:
    rows = (
        _standing(found)
        .values("project__buyer_id", "organisation")
        .annotate(
            n=Count("pk"),
            sum=Sum("amount"),
            name=Max("name"),
            buyer=Max("project__buyer__name"),
            kind=Max("project__buyer__kind"),
        )
    )

    def line(row: Mapping[str, Any]) -> tuple[str, Cells]:
        person = row["kind"] == "citizen" and not scope.supervised  # of people the public reads a masked name, no more
        code = "" if person else row["project__buyer_id"]
        return "", [code, row["buyer"], row["organisation"], row["name"], row["n"], row["sum"]]

    return Table(
        _("重复成交的业主和单位"),
        (_("业主代码"), _("业主"), _("单位代码"), _("单位"), _("成交次数"), _("金额（元）")),
        rows.filter(n__gte=2).order_by("-n", "-sum", "organisation"),
        lambda rows: [line(row) for row in rows],
    )


def _ratings(found: QuerySet[Project], scope: Scope) -> Table:
    rows = Rating.objects.filter(
        side=Side.PROVIDER.value, occasion__project_number__in=found.values("number"), occasion__shown_at__isnull=False
    ).select_related("occasion", "follow_up")

    def why_not(row: Rating) -> str:
        held = getattr(row, "follow_up", None)
        if row.by_default:
            return _("系统默认")
        if not row.occasion.completed:
            return _("合同解除")
        return _("查明不属实") if held and held.finding == Finding.UNFOUNDED else ""

    return Table(
        _("已公开的对服务机构的评价"),
        (_("编号"), _("服务机构"), _("总体评价"), _("差评"), _("不计入的原因"), _("公开")),
        rows.order_by("occasion__shown_at", "pk"),
        lambda rows: [
            (
                "",
                [
                    row.occasion.project_number,
                    row.occasion.provider_name,
                    row.level,
                    _("是") if row.low else "",
                    why_not(row),
                    row.occasion.shown_at,
                ],
            )
            for row in rows
        ],
    )


def _complaints(found: QuerySet[Project], scope: Scope) -> Table:
    rows = Decision.objects.filter(complaint__project__in=found.values("pk")).select_related("complaint__project")

    def line(row: Decision) -> tuple[str, Cells]:
        held = row.complaint
        words = str(OUTCOME_WORDS[Outcome(held.outcome)])
        cells = [held.project.number, held.project.title, str(ABOUT_WORDS[held.kind]), words, row.published_at]
        return reverse("market:complaint_decisions"), cells

    columns = (_("编号"), _("名称"), _("事项"), _("处理结果"), _("公告"))
    ordered = rows.order_by("published_at", "pk")
    return Table(_("已公告的投诉处理决定"), columns, ordered, lambda rows: [line(row) for row in rows])


def _milestones(found: QuerySet[Project], today: date) -> Table:
    rows = performed.milestones(found).filter(Q(came_on__isnull=False) | performed.overdue(today))
    rows = rows.select_related("plan__contract__project", "plan__contract__award").order_by("due_on", "pk")

    def lines(held: Sequence[Milestone]) -> list[tuple[str, Cells]]:
        given = performed.handed_of({row.plan.contract_id for row in held})
        return [
            (
                row.plan.contract.project.get_absolute_url(),
                [
                    row.plan.contract.project.number,
                    row.number,
                    row.plan.contract.award.name,
                    row.due_on,
                    getattr(row, "came_on", None),
                    days_late(row.due_on, given.get((row.plan.contract_id, row.number), []), on=today),
                ],
            )
            for row in held
        ]

    columns = (_("编号"), _("节点"), _("单位"), _("约定交付日"), _("交付日"), _("逾期工作日"))
    return Table(_("应交付的节点"), columns, rows, lines)
