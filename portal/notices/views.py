"""Pages: all notices, searched; the same as open data."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from market.notices import index
from market.notices import queries as published
from portal.notices import queries
from portal.notices.forms import Filters
from rulebook.times import iso

FEED = 500


@require_safe
def notices(request: HttpRequest) -> HttpResponse:
    """Notices by words, type, region, regime, buyer and day, newest first; the address is the search."""
    filters, before = Filters(request.GET), below(request)
    found, query = queries.found(filters.asked(), before=before), filters.query()
    told = {
        "nav": "notices", "filters": filters, "found": found, "query": query, "first": before is None,
        "following": urlencode({**filters.told(), "before": found.more}) if found.more else "",
    }  # fmt: skip
    return render(request, "portal/notices/notices.html", told)


def below(request: HttpRequest) -> int | None:
    """Where a page goes on, as its address says it."""
    held = request.GET.get("before", "")
    return int(held) if held.isascii() and held.isdigit() and len(held) < 19 else None


@require_safe
def feed(request: HttpRequest) -> JsonResponse:
    """The same search as data, so many at a time; next: where the next ones are.

    text_sha256 is the hash that stands in the log; the text lies under it at /blobs/.
    """
    filters = Filters(request.GET)
    ids = index.find(filters.asked(), before=below(request), most=FEED + 1)
    told: dict[str, Any] = {
        "notices": [
            {
                "project": row.project.number,
                "title": row.project.title,
                "buyer": {"code": row.project.buyer.code, "name": row.project.buyer.name},
                "notice": row.number,
                "type": row.type,
                "stage": row.project.stage,
                "edition": row.project.edition,
                "published_at": iso(row.published_at),
                "text_sha256": row.sha256,
                "text": f"/blobs/{row.sha256}",
                "page": request.build_absolute_uri(row.get_absolute_url()),
            }
            for row in published.these(ids[:FEED])
        ]
    }
    if len(ids) > FEED:
        on = urlencode({**filters.told(), "before": ids[FEED - 1]})
        told["next"] = request.build_absolute_uri(f"{request.path}?{on}")
    return JsonResponse(told, json_dumps_params={"ensure_ascii": False})
