"""Figures of what came after the award: deliveries, ratings; and of what only the supervision sees."""

from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from django.db.models import Count, Q, QuerySet, Sum
from django.utils.translation import gettext as _

from intermediaries.ratings.models import Rating
from intermediaries.ratings.rules import LEVELS, Finding, Side
from intermediaries.ratings.words import LEVEL_WORDS
from market.complaints.models import Decision
from market.complaints.rules import FOUNDED
from market.projects.models import Project
from market.purchases.models import SplitAlert
from market.tickets.models import TicketAnswer
from portal.statistics import performed
from portal.statistics.figure import Bar, Figure, percent
from portal.statistics.scope import Scope


def delivered(found: QuerySet[Project], *, today: date) -> list[Figure]:
    row = performed.punctual(found, today=today)
    return [
        Figure(
            "on-time",
            _("按期交付率"),
            percent(row.on_time, row.counted),
            _("按期交付的节点数除以应交付的节点数；逾期按工作日计，等待业主验收的日子不算乙方的"),
            _("合同中已验收、或者到期未交的节点"),
            row.counted,
            "milestones",
            row.rest,
            _("未到期、等待验收和合同已解除的节点不计"),
        )
    ]


def stars(found: QuerySet[Project]) -> tuple[list[Figure], list[Bar]]:
    shown = Rating.objects.filter(
        side=Side.PROVIDER.value, occasion__project_number__in=found.values("number"), occasion__shown_at__isnull=False
    )
    counts = Q(by_default=False, occasion__completed=True) & ~Q(follow_up__finding=Finding.UNFOUNDED.value)
    counts |= Q(by_default=False, occasion__completed=True, follow_up=None)
    row = shown.aggregate(
        all=Count("pk"),
        n=Count("pk", filter=counts),
        sum=Sum("level", filter=counts),
        low=Count("pk", filter=counts & Q(low=True)),
        **{f"at_{level}": Count("pk", filter=counts & Q(level=level)) for level in LEVELS},
    )
    n, why = row["n"], _("系统默认、查明不属实、合同解除后的评价不计入；未公开的评价不在其中")
    mean = "—" if not n else str((Decimal(row["sum"]) / n).quantize(Decimal("0.01"), ROUND_HALF_UP))
    over = _("双方评价公开后计入均值的评价")
    figures = [
        Figure(
            "stars",
            _("服务机构总体评价"),
            mean,
            _("1 至 5 级总体评价之和除以评价数"),
            over,
            n,
            "ratings",
            row["all"] - n,
            why,
        ),
        Figure(
            "low",
            _("差评率"),
            percent(row["low"], n),
            _("总体或任一项为 2 级及以下的评价，除以评价数"),
            over,
            n,
            "ratings",
            row["all"] - n,
            why,
        ),
    ]
    bars = [Bar(str(LEVEL_WORDS[at]), Decimal(row[f"at_{at}"]), str(row[f"at_{at}"])) for at in LEVELS] if n else []
    return figures, bars


def complained(found: QuerySet[Project]) -> list[Figure]:
    """What was announced of complaints about these purchases. Of one that is not decided nothing is told: it could
    tell who bids."""
    rows = Decision.objects.filter(complaint__project__in=found.values("pk"))
    founded = Q(complaint__outcome__in=[each.value for each in FOUNDED])
    row = rows.aggregate(all=Count("pk"), founded=Count("pk", filter=founded))
    value = _("{all} 件，成立 {founded} 件").format(**row)
    return [
        Figure(
            "complaints",
            _("已公告的投诉处理决定"),
            value,
            _("对期间内发布的采购的投诉，处理决定已公告的件数；成立包括影响和不影响结果的"),
            _("已公告的处理决定"),
            row["all"],
            "complaints",
            0,
            _("尚未决定、撤回和不予受理的投诉不公开，不在其中"),
        )
    ]


def called(scope: Scope) -> list[Figure]:
    """What came of tickets of the hotline. Only answered ones are counted, and none by its purchase."""
    rows = TicketAnswer.objects.filter(answered_on__gte=scope.since, answered_on__lte=scope.until)
    row = rows.aggregate(all=Count("pk"), in_time=Count("pk", filter=Q(in_time=True)))
    return [
        Figure(
            "tickets",
            _("12345 工单答复"),
            _("{all} 件，按期 {in_time} 件").format(**row),
            _("期间内答复的热线工单；按期是在热线写明的期限、没有写明的在派单后 5 个工作日内答复。不分采购方式、地区"),
            _("期间内答复的工单"),
            row["all"],
            "",
        )
    ]


def supervised() -> list[Figure]:
    row = SplitAlert.objects.aggregate(all=Count("pk"), open=Count("pk", filter=Q(closed_at=None)))
    return [
        Figure(
            "splits",
            _("拆分采购预警"),
            _("{all} 件，未办结 {open} 件").format(**row),
            _("全年累计超过限额、未能发布的采购；只有监督人员看得到"),
            _("全部预警，不分期间"),
            row["all"],
            "",
        ),
    ]
