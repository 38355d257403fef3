"""Pages: the figures of the purchases run here, the rows behind each, both as files a spreadsheet opens."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.templatetags.parts import MINUS
from documents import sheets
from portal.statistics import behind, figures
from portal.statistics.forms import Narrow, scope_of
from portal.statistics.groups import groups
from portal.statistics.queries import sets
from portal.statistics.scope import DIMENSIONS, LONGEST, NARROWED, Scope
from rulebook.calendar import CHINA, day_in_china


def _asked(request: HttpRequest) -> tuple[Narrow, Scope]:
    form = Narrow(request.GET or None)
    scope = scope_of(form, viewer=request.actor, at=request.arrived_at)
    shown = {key: getattr(scope, key) for key in ("since", "until", *NARROWED, "by", "played")}
    return Narrow(initial=shown), scope


@require_safe
def trade(request: HttpRequest) -> HttpResponse:
    """Figures of a scope with charts that print, and its purchases side by side."""
    form, scope = _asked(request)
    told = figures.told(scope, today=day_in_china(request.arrived_at))
    page = {
        "nav": "statistics",
        "form": form,
        "scope": scope,
        "told": told,
        "groups": groups(scope),
        "sets": sets(),
        "by": DIMENSIONS[scope.by],
        "longest": LONGEST.days,
        "empty": not told.figures[1].n,
    }
    return render(request, "portal/statistics/trade.html", page)


@require_safe
def trade_csv(request: HttpRequest) -> HttpResponse:
    """The figures with their definitions, what each is over and what is left out; and the groups side by side."""
    _form, scope = _asked(request)
    told = figures.told(scope, today=day_in_china(request.arrived_at))
    heads = (_("指标"), _("数值"), _("定义"), _("范围"), _("范围内数量"), _("未计入数量"), _("未计入的原因"))
    rows = [(each.title, each.value, each.definition, each.over, each.n, each.out, each.why) for each in told.figures]
    period = (_("期间（按发布日期）"), f"{scope.since:%Y-%m-%d}", f"{scope.until:%Y-%m-%d}")
    names = (_("采购"), _("成交"), _("流标、终止"), _("成交金额（元）"), _("节约率（%）"), _("平均参加家数"))
    columns = ("published", "done", "ended", "won_sum", "rate", "takers")
    side = [(row["title"], *(row[column] for column in columns)) for row in groups(scope)]
    return _file("statistics", [heads, *rows, (), period, (), (str(DIMENSIONS[scope.by]), *names), *side])


@require_safe
def rows(request: HttpRequest, kind: str) -> HttpResponse:
    """The rows behind a figure, page after page."""
    _form, scope = _asked(request)
    table = behind.table(kind, scope, today=day_in_china(request.arrived_at))
    if table is None:
        raise Http404
    page = Paginator(table.found, behind.PAGE).get_page(request.GET.get("page"))
    told = {
        "nav": "statistics",
        "scope": scope,
        "kind": kind,
        "table": table,
        "page": page,
        "query": scope.query,
        "lines": [(link, [_read(cell) for cell in cells]) for link, cells in table.lines(list(page))],
    }
    return render(request, "portal/statistics/rows.html", told)


@require_safe
def rows_csv(request: HttpRequest, kind: str) -> HttpResponse:
    """All of them as a file, up to `behind.MOST`; a last line says so where there are more."""
    _form, scope = _asked(request)
    table = behind.table(kind, scope, today=day_in_china(request.arrived_at))
    if table is None:
        raise Http404
    found = list(table.found[: behind.MOST + 1])
    lines: list[Sequence[Any]] = [cells for _link, cells in table.lines(found[: behind.MOST])]
    if len(found) > behind.MOST:
        lines.append((_("只列出前 {n} 行，请缩短期间分次下载").format(n=behind.MOST),))
    return _file(kind, [table.columns, *lines])


def _file(name: str, lines: Iterable[Sequence[Any]]) -> HttpResponse:
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    sheets.write_csv(
        answer, ([_shown(cell) if isinstance(cell, datetime) else cell for cell in line] for line in lines)
    )
    return answer


def _read(cell: Any) -> tuple[str, bool]:
    """The cell as a page shows it: an amount with its separators, nothing as a dash; whether it is a number."""
    if isinstance(cell, Decimal):
        return f"{cell:,}".replace("-", MINUS), True
    return _shown(cell) or "—", isinstance(cell, int)


def _shown(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return f"{cell.astimezone(CHINA):%Y-%m-%d %H:%M}"
    return cell.isoformat() if isinstance(cell, date) else str(cell)
