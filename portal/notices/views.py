"""Pages: all notices, and the same as open data."""

from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from portal.notices import queries
from portal.notices.forms import Filters
from rulebook.times import iso

FEED = 500


@require_safe
def notices(request: HttpRequest) -> HttpResponse:
    """Every notice, newest first, with filters by place, type and stage."""
    chosen = {field: request.GET.get(field, "") for field in ("place", "type", "stage")}
    page = Paginator(queries.narrowed(**chosen), 20).get_page(request.GET.get("page"))
    query = urlencode({field: value for field, value in chosen.items() if value})
    told = {"nav": "notices", "filters": Filters(initial=chosen), "page": page, "notices": page, "query": query}
    return render(request, "portal/notices/notices.html", told)


@require_safe
def feed(request: HttpRequest) -> JsonResponse:
    """The newest notices as data. text_sha256 is the hash that stands in the log; the text lies under it at /blobs/."""
    chosen = {field: request.GET.get(field, "") for field in ("place", "type", "stage")}
    told = [
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
        for row in queries.narrowed(**chosen)[:FEED]
    ]
    return JsonResponse({"notices": told}, json_dumps_params={"ensure_ascii": False})
