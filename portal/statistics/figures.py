"""The figures of a scope, each with its definition, what it is over, what is left out and why.

Everything is added up by the database over the purchases of one scope, in a fixed number of statements: none for each
purchase, buyer or provider. Only deliveries after their day are looked at one by one, for working days are reckoned.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db.models import Avg, Count, F, Max, Min, Q, QuerySet, Sum
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from market.awards.models import Award
from market.notices.models import TYPE_WORDS, Notice
from market.notices.rules import Type
from market.projects.models import Project
from market.projects.rules import Stage
from portal.statistics import afterwards
from portal.statistics.figure import Bar, Figure, percent
from portal.statistics.groups import by_month
from portal.statistics.scope import COMPARED, DONE, Scope, purchases, with_result, with_takers

MOST_LINES = 20
TENTH = Decimal("0.1")
# A time of a purchase: from, to, its words.
TIMES: Mapping[str, tuple[str, str, Any]] = {
    "open": ("published_at", "over_at", lazy("发布至参加截止")),
    "decide": ("over_at", "won__determined_at", lazy("参加截止至结果公布")),
    "sign": ("won__determined_at", "contract__recorded_at", lazy("结果公布至合同登记")),
    "perform": ("contract__recorded_at", "stage_at", lazy("合同登记至全部验收")),
}


@dataclass(frozen=True)
class Told:
    """Everything a page or a file says of a scope."""

    scope: Scope
    figures: list[Figure]
    months: list[Bar]
    times: list[Bar]
    stars: list[Bar]
    wins: list[Mapping[str, Any]]
    pairs: list[Mapping[str, Any]]
    notices: list[tuple[str, int]] = field(default_factory=list)


def told(scope: Scope, *, today: Any) -> Told:
    """The figures of a scope as they are now."""
    found = purchases(scope)
    rows = with_result(found)
    sums = rows.aggregate(**_sums(), **_times())
    takers = with_takers(rows).aggregate(n=Count("takers"), sum=Sum("takers"))
    awards = Award.objects.filter(project__in=found.values("pk"))
    given = awards.aggregate(all=Count("pk"), declined=Count("pk", filter=Q(declined_at__isnull=False)))
    notices = _notices(found)
    wins, pairs = _wins(awards), _pairs(awards)
    rated, stars = afterwards.stars(found)
    figures = [
        *_counts(sums, notices),
        *_amounts(sums),
        _takers(takers, sums),
        *_concentration(wins, pairs, given),
        _entrusted(sums),
        _excluded(sums),
        _given_up(given),
        *_times_told(sums),
        *afterwards.delivered(found, today=today),
        *rated,
        *afterwards.complained(found),
        *afterwards.called(scope),
    ]
    if scope.supervised:
        figures += afterwards.supervised()
    return Told(
        scope=scope,
        figures=figures,
        months=_months(rows),
        times=_time_bars(sums),
        stars=stars,
        wins=list(wins["top"]),
        pairs=list(pairs["top"]),
        notices=[(str(TYPE_WORDS[Type(row["type"])]), row["n"]) for row in notices],
    )


def _sums() -> dict[str, Any]:
    ended = {"failed": Stage.FAILED.value, "cancelled": Stage.CANCELLED.value}
    return {
        "published": Count("pk"),
        "done": Count("pk", filter=DONE),
        **{key: Count("pk", filter=Q(stage=stage)) for key, stage in ended.items()},
        "budget": Sum("budget"),
        "won_sum": Sum("won__amount"),
        "compared": Count("pk", filter=COMPARED),
        "control": Sum("price_cap", filter=COMPARED),
        "award": Sum("won__amount", filter=COMPARED),
        "shop": Count("purchase"),
        "entrusted": Count("agent"),
        "excluding": Count("pk", filter=Q(purchase__isnull=False) & ~Q(purchase__excluded=[])),
    }


def _reached(key: str) -> Q:
    start, end, _words = TIMES[key]
    there = Q(**{f"{start}__isnull": False, f"{end}__isnull": False}) & DONE
    return there & Q(stage=Stage.COMPLETED.value) if key == "perform" else there


def _times() -> dict[str, Any]:
    return {
        f"{key}_{name}": how(F(end) - F(start), filter=_reached(key))
        for key, (start, end, _words) in TIMES.items()
        for name, how in (("mean", Avg), ("least", Min), ("most", Max), ("n", Count))
    }


def _notices(found: QuerySet[Project]) -> list[dict[str, Any]]:
    rows = Notice.objects.filter(project__in=found.values("pk")).values("type")
    return list(rows.annotate(n=Count("pk")).order_by("-n", "type"))


def _counts(sums: Mapping[str, Any], notices: list[dict[str, Any]]) -> list[Figure]:
    n, whole = sums["published"], _("期间内发布的采购")
    ended = sums["failed"] + sums["cancelled"]
    rest = n - sums["done"] - ended
    return [
        Figure(
            "notices",
            _("公告"),
            str(sum(row["n"] for row in notices)),
            _("这些采购发布的全部公告，含更正、结果、终止和合同公告"),
            whole,
            n,
            "purchases",
        ),
        Figure(
            "published", _("采购"), str(n), _("期间内发布采购公告的采购，按公告发布日期归期"), whole, n, "purchases"
        ),
        Figure(
            "done",
            _("成交"),
            f"{sums['done']}（{percent(sums['done'], n)}）",
            _("已公布结果且结果仍有效的采购；括号内为占全部采购的比例"),
            whole,
            n,
            "done",
            rest,
            _("尚在进行，没有结果"),
        ),
        Figure(
            "failed",
            _("流标和终止"),
            f"{ended}（{percent(ended, n)}）",
            _("已公告失败或者终止的采购"),
            whole,
            n,
            "failed",
            rest,
            _("尚在进行，没有结果"),
        ),
    ]


def _amounts(sums: Mapping[str, Any]) -> list[Figure]:
    control, award = sums["control"] or Decimal(), sums["award"] or Decimal()
    known = sums["done"] - sums["compared"]
    why = _("价格由业主事先定明、不竞争价格的采购，没有可比的控制价")
    compared = _("成交且竞争价格的采购")
    return [
        Figure(
            "budget",
            _("预算金额"),
            _yuan(sums["budget"]),
            _("采购预算之和"),
            _("期间内发布的采购"),
            sums["published"],
            "purchases",
        ),
        Figure(
            "won",
            _("成交金额"),
            _yuan(sums["won_sum"]),
            _("公布的成交金额之和，元"),
            _("成交的采购"),
            sums["done"],
            "done",
        ),
        Figure(
            "saved",
            _("节约资金"),
            _yuan(control - award),
            _("控制价合计减成交价合计，两个合计出自同一批采购"),
            compared,
            sums["compared"],
            "compared",
            known,
            why,
        ),
        Figure(
            "rate",
            _("节约率"),
            percent(control - award, control),
            _("节约资金除以控制价合计：先合计后相除，不是各项节约率的平均"),
            compared,
            sums["compared"],
            "compared",
            known,
            why,
        ),
    ]


def _takers(takers: Mapping[str, Any], sums: Mapping[str, Any]) -> Figure:
    n, out = takers["n"], sums["published"] - takers["n"]
    mean = "—" if not n else str((Decimal(takers["sum"]) / n).quantize(TENTH, ROUND_HALF_UP))
    return Figure(
        "takers",
        _("平均参加家数"),
        mean,
        _("报名或者投标、报价的单位数之和，除以采购项数"),
        _("已公布结果、且参加名单已公开的采购"),
        n,
        "takers",
        out,
        _("尚无结果的不计（依法保密），流标、终止和直接选取的不计"),
    )


def _wins(awards: QuerySet[Award]) -> dict[str, Any]:
    each = awards.filter(declined_at=None).values("organisation").annotate(n=Count("pk"), sum=Sum("amount"))
    told: dict[str, Any] = each.aggregate(
        all=Sum("n"), squares=Sum(F("n") * F("n")), most=Max("n"), firms=Count("organisation")
    )
    named = each.annotate(name=Max("name")).order_by("-n", "organisation")
    return told | {"top": [row | {"share": percent(row["n"], told["all"])} for row in named[:MOST_LINES]]}


def _pairs(awards: QuerySet[Award]) -> dict[str, Any]:
    each = awards.filter(declined_at=None).values("project__buyer_id", "organisation")
    again = each.annotate(n=Count("pk"), sum=Sum("amount")).filter(n__gte=2)
    told: dict[str, Any] = again.aggregate(pairs=Count("n"), all=Sum("n"))
    named = again.annotate(name=Max("name"), buyer=Max("project__buyer__name"), kind=Max("project__buyer__kind"))
    return told | {"top": list(named.order_by("-n", "-sum", "organisation")[:MOST_LINES])}


def _concentration(wins: Mapping[str, Any], pairs: Mapping[str, Any], given: Mapping[str, Any]) -> list[Figure]:
    n, whole = wins["all"] or 0, _("结果有效的成交")
    hhi = "—" if not n else str((Decimal(wins["squares"]) * 10_000 / n**2).quantize(Decimal(1), ROUND_HALF_UP))
    why = _("放弃的中选不计")
    return [
        Figure(
            "share",
            _("中选最多的一家所占份额"),
            percent(wins["most"] or 0, n),
            _("一家单位中选的最多次数，除以全部成交次数；共 {n} 家中选").format(n=wins["firms"]),
            whole,
            n,
            "wins",
            given["declined"],
            why,
        ),
        Figure(
            "hhi",
            _("集中度（HHI）"),
            hhi,
            _("各家中选次数份额的平方和 × 10000：10000 为全由一家中选"),
            whole,
            n,
            "wins",
            given["declined"],
            why,
        ),
        Figure(
            "pairs",
            _("同一业主与同一单位重复成交"),
            f"{pairs['pairs'] or 0}（{percent(pairs['all'] or 0, n)}）",
            _("成交两次及以上的业主—单位组合数；括号内为其成交次数占全部成交的比例。重复不等于违规"),
            whole,
            n,
            "pairs",
            given["declined"],
            why,
        ),
    ]


def _entrusted(sums: Mapping[str, Any]) -> Figure:
    return Figure(
        "entrusted",
        _("委托代理的采购"),
        f"{sums['entrusted']}（{percent(sums['entrusted'], sums['published'])}）",
        _("凭采购人的委托书由采购代理机构办理的采购，中途移交的按接手的一方计；括号内为占全部采购的比例"),
        _("期间内发布的采购"),
        sums["published"],
        "entrusted",
    )


def _excluded(sums: Mapping[str, Any]) -> Figure:
    return Figure(
        "excluded",
        _("使用排除名单的采购"),
        f"{sums['excluding']}（{percent(sums['excluding'], sums['shop'])}）",
        _("公告中写明理由、排除了至少一家单位的采购"),
        _("中介服务超市的采购"),
        sums["shop"],
        "excluded",
        sums["published"] - sums["shop"],
        _("其他制度的采购没有排除名单"),
    )


def _given_up(given: Mapping[str, Any]) -> Figure:
    return Figure(
        "given-up",
        _("中选后放弃率"),
        percent(given["declined"], given["all"]),
        _("公布后放弃（含逾期不确认）的中选次数，除以全部中选次数"),
        _("公布的中选，含递补"),
        given["all"],
        "awards",
    )


def _days(value: timedelta | None) -> Decimal:
    return (Decimal((value or timedelta()).total_seconds()) / 86_400).quantize(TENTH, ROUND_HALF_UP)


def _times_told(sums: Mapping[str, Any]) -> list[Figure]:
    return [
        Figure(
            f"time-{key}",
            str(words),
            "—"
            if not (n := sums[f"{key}_n"])
            else _("{mean} 天（最短 {least}，最长 {most}）").format(
                **{name: _days(sums[f"{key}_{name}"]) for name in ("mean", "least", "most")}
            ),
            _("各采购所用自然日的平均数，一位小数"),
            _("已走完这一段的成交采购"),
            n,
            "times",
            sums["published"] - n,
            _("没有走到或者没有走完这一段的不计"),
        )
        for key, (_start, _end, words) in TIMES.items()
    ]


def _time_bars(sums: Mapping[str, Any]) -> list[Bar]:
    return [
        Bar(str(words), days, _("{days} 天").format(days=days))
        for key, (_start, _end, words) in TIMES.items()
        if sums[f"{key}_n"] and (days := max(_days(sums[f"{key}_mean"]), Decimal())) is not None
    ]


def _months(rows: QuerySet[Project]) -> list[Bar]:
    return [
        Bar(
            f"{row['key']:%Y-%m}",
            Decimal(row["published"]),
            str(row["published"]),
            Decimal(row["done"]),
            str(row["done"]),
        )
        for row in by_month(rows)
    ]


def _yuan(value: Decimal | None) -> str:
    return f"{value or Decimal():,.2f} 元"
