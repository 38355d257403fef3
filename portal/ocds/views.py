"""Doors of open data: a page that says what there is, packages as JSON, packed files of days and months.

Everybody is told the same, from any site's page: nothing here looks at who asks.
"""

import json
from datetime import date, timedelta
from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import condition, require_safe

from accounts.regions.queries import regions
from ledger import blobs
from ledger import queries as ledger
from portal.ocds import bulk, packages, queries, rules
from rulebook.calendar import day_in_china
from rulebook.regions import is_division

MONTHS = 24  # on the page
GZIP = "application/gzip"


def _etag(request: HttpRequest, number: str) -> str | None:
    """A story has changed when it has a further entry."""
    return f'"{ledger.last_seq(queries.project(number).log)}-{rules.VERSION}"'


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    """What there is, by month and day, and how it is to be read."""
    region = _region(request)
    found = bulk.days(region=region)
    months = sorted({day.replace(day=1) for day in found}, reverse=True)
    told = {
        "nav": "statistics",
        "months": [(month, [day for day in found if day.replace(day=1) == month]) for month in months[:MONTHS]],
        "today": day_in_china(request.arrived_at),
        "regions": [row for row in regions() if not region or row.code == region],
        "region": region,
        "asked": f"?region={region}" if region else "",
        "extensions": rules.EXTENSIONS,
        "scheme": rules.SCHEME,
        "license": packages.LICENSE,
    }
    return render(request, "portal/ocds/about.html", told)


@require_safe
@condition(etag_func=_etag)
def releases(request: HttpRequest, number: str) -> HttpResponse:
    """Every release of a procurement, one a public fact, in their order."""
    found = queries.releases(queries.project(number))
    if not found:
        raise Http404
    return _json(packages.of_releases(request.path, found, at=request.arrived_at))


@require_safe
@condition(etag_func=_etag)
def record(request: HttpRequest, number: str) -> HttpResponse:
    """The same with what the releases say together."""
    return _json(packages.of_record(request.path, queries.record(queries.project(number))))


@require_safe
def day(request: HttpRequest, day: date) -> HttpResponse:
    """The releases of a day, of a region where one is named, a page at a time."""
    return _stretch(request, day, day + timedelta(days=1))


@require_safe
def month(request: HttpRequest, month: date) -> HttpResponse:
    """The releases of a month, a page at a time."""
    return _stretch(request, month, queries.next_month(month))


def _stretch(request: HttpRequest, first: date, until: date) -> HttpResponse:
    word = request.GET.get("page", "1")
    number = int(word) if word.isascii() and word.isdecimal() and len(word) < 6 else 0
    region = _region(request)
    if number < 1:
        raise Http404
    found, more = queries.page(first, until, number=number, region=region)
    if not found and not more:
        raise Http404
    path = f"{request.path}?region={region}&page=" if region else f"{request.path}?page="
    answer = _json(packages.of_releases(f"{path}{number}", found, at=request.arrived_at))
    links = [f'<{path}{number - 1}>; rel="prev"'] if number > 1 else []
    links += [f'<{path}{number + 1}>; rel="next"'] if more else []
    if links:
        answer["Link"] = ", ".join(links)
    return answer


@require_safe
def day_file(request: HttpRequest, day: date) -> FileResponse:
    """A day that is over, packed, one release a line; of a region where one is named."""
    region = _region(request)
    try:
        file = blobs.opened(bulk.name_of(day, region))
    except FileNotFoundError as none:
        raise Http404 from none
    return _open(FileResponse(file, as_attachment=True, filename=_called(f"{day}", region), content_type=GZIP))


@require_safe
def month_file(request: HttpRequest, month: date) -> StreamingHttpResponse:
    """The days of a month that are over, one after the other; of a region where one is named."""
    region = _region(request)
    if not bulk.days(month, region):
        raise Http404
    answer = StreamingHttpResponse(bulk.pieces(month, region), content_type=GZIP)
    answer["Content-Disposition"] = f'attachment; filename="{_called(f"{month:%Y-%m}", region)}"'
    return _open(answer)


def _called(stretch: str, region: str) -> str:
    return f"ocds-{stretch}{f'-{region}' if region else ''}.jsonl.gz"


def _region(request: HttpRequest) -> str:
    """The region a question is about, empty for all. Http404 for what is none."""
    region = request.GET.get("region", "")
    if region and not is_division(region):
        raise Http404
    return region


def _json(told: dict[str, Any]) -> HttpResponse:
    text = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
    return _open(HttpResponse(text, content_type="application/json; charset=utf-8"))


def _open(answer: Any) -> Any:
    answer["Access-Control-Allow-Origin"] = "*"
    return answer
