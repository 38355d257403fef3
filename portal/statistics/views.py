"""Pages: figures computed from rows, the rows behind them, the same as CSV and JSON."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from documents import sheets
from portal.statistics import queries

COLUMNS = ("number", "outcome", "control", "award", "saved", "rate")


@require_safe
def statistics(request: HttpRequest, key: str = "") -> HttpResponse:
    """A set of transactions: its figures, their definitions, its rows."""
    sets = queries.sets()
    key = key or (sets[0].key if sets else "")
    told = queries.told(key) if key else None
    return render(request, "portal/statistics/statistics.html", {"nav": "statistics", "sets": sets, "told": told})


@require_safe
def as_json(request: HttpRequest, key: str) -> JsonResponse:
    """The set for programs: amounts in yuan as decimal strings."""
    told = queries.told(key)
    figures = told.figures
    return JsonResponse(
        {
            "set": told.head.key,
            "title": told.head.title,
            "period": told.head.period,
            "source": told.head.source,
            "basis": told.head.basis,
            "figures": {
                "count": figures.count,
                "compared": figures.compared,
                "excluded": figures.excluded,
                "control": str(figures.control),
                "award": str(figures.award),
                "saved": str(figures.saved),
                "rate_percent": None if figures.rate is None else str(figures.rate),
                "notices": told.notices,
            },
            "rows": [
                {column: None if (value := getattr(row, column)) is None else str(value) for column in COLUMNS}
                for row in told.rows
            ],
        },
        json_dumps_params={"ensure_ascii": False},
    )


@require_safe
def as_csv(request: HttpRequest, key: str) -> HttpResponse:
    """The rows as a spreadsheet opens them."""
    told = queries.told(key)
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{told.head.key}.csv"'
    sheets.write_csv(answer, [COLUMNS, *([getattr(row, column) for column in COLUMNS] for row in told.rows)])
    return answer
