"""Purchases side by side: by month, regime, way, region, item, department, buyer, agent."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import TruncMonth
from django.utils.translation import gettext as _

from accounts.models import Organisation
from market.catalogue.models import ItemVersion
from market.history.rules import rate_of
from market.projects.models import CATEGORY_WORDS, Project
from market.projects.rules import PROCEDURES, Stage
from portal.statistics.scope import (
    COMPARED,
    DONE,
    NARROWED,
    OWN,
    REGIME_WORDS,
    Scope,
    dimension,
    purchases,
    with_result,
    with_takers,
)  # fmt: skip
from rulebook.calendar import CHINA
from rulebook.money import yuan

CITIZENS = "citizen"  # the key of all people who buy for themselves
MOST = 50  # groups of a page, the largest first
ENDED = Q(stage__in=[Stage.FAILED.value, Stage.CANCELLED.value])


def by_month(rows: QuerySet[Project]) -> list[dict[str, Any]]:
    """How many were published and came to a result, by the month of publication."""
    each = rows.values(key=TruncMonth("published_at", tzinfo=CHINA))
    return list(each.annotate(published=Count("pk"), done=Count("pk", filter=DONE)).order_by("key"))


def groups(scope: Scope) -> list[dict[str, Any]]:
    """The largest groups of a scope, each with its figures. Two statements, whatever their number, and their names."""
    rows = with_takers(with_result(purchases(scope)))
    each = (
        rows.annotate(key=dimension(scope))
        .values("key")
        .annotate(
            published=Count("pk"),
            done=Count("pk", filter=DONE),
            ended=Count("pk", filter=ENDED),
            won_sum=Sum("won__amount"),
            control=Sum("price_cap", filter=COMPARED),
            award=Sum("won__amount", filter=COMPARED),
            taken=Count("takers"),
            takers_sum=Sum("takers"),
        )
    )
    order = "key" if scope.by == "month" else "-published"
    found = list(each.order_by(order, "key")[:MOST])
    names = _names(scope, [row["key"] for row in found])
    return [row | {"title": names(row["key"]), "rows": _rows(scope, row["key"])} | _rates(row) for row in found]


def _rows(scope: Scope, key: Any) -> str:
    """The query of the purchases of one group; empty where a scope cannot be narrowed to it."""
    named = scope.by in NARROWED and key and key != CITIZENS
    return replace(scope, **{scope.by: key}).query if named else ""


def _called(codes: list[Any]) -> dict[str, Any]:
    return dict(Organisation.objects.filter(code__in=codes).values_list("code", "name"))


def _rates(row: Mapping[str, Any]) -> dict[str, Any]:
    control, award = row["control"] or Decimal(), row["award"] or Decimal()
    mean = (Decimal(row["takers_sum"]) / row["taken"]).quantize(Decimal("0.1")) if row["taken"] else None
    won = None if row["won_sum"] is None else yuan(Decimal(row["won_sum"]))
    return {"rate": rate_of(control - award, control), "takers": mean, "won_sum": won}


def _names(scope: Scope, keys: list[Any]) -> Any:
    """What the groups of a dimension are called."""
    none = _("未注明")
    if scope.by == "month":
        return lambda key: f"{key:%Y-%m}" if isinstance(key, datetime) else none
    known: dict[str, Any] = {}
    if scope.by == "regime":
        known = dict(REGIME_WORDS)
    elif scope.by == "method":
        known = {row.method.value: _(row.title) for row in reversed(list(PROCEDURES.values()))}
    elif scope.by == "item":
        known = {each.value: words for each, words in CATEGORY_WORDS.items()}
        rows = ItemVersion.objects.filter(item__code__in=keys).order_by("number")
        known |= {code: f"{name}（{code}）" for code, name in rows.values_list("item__code", "name")}
    elif scope.by == "buyer":
        known = {CITIZENS: _("自然人业主（合计）")} | _called(keys)
    elif scope.by == "agent":
        known = {OWN: _("采购人自行办理，没有代理")} | _called(keys)
    return lambda key: str(known.get(key) or key or none)
