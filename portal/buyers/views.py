"""Pages: those who buy, and one of them."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from portal.buyers import queries


@require_safe
def buyers(request: HttpRequest) -> HttpResponse:
    """Bodies that have published a purchase."""
    words = request.GET.get("q", "")[:60]
    rows, following = queries.listed(words=words, after=request.GET.get("after", "")[:18])
    query = {"q": words} if words else {}
    told = {
        "nav": "notices", "rows": rows, "words": words, "first": "after" not in request.GET,
        "following": urlencode({**query, "after": following}) if following else "",
    }  # fmt: skip
    return render(request, "portal/buyers/buyers.html", told)


@require_safe
def buyer(request: HttpRequest, code: str) -> HttpResponse:
    """What one of them bought in a year, from whom and how, and what came of complaints."""
    return render(request, "portal/buyers/buyer.html", {"nav": "notices", **_told(request, code)})


@require_safe
def as_json(request: HttpRequest, code: str) -> JsonResponse:
    """The same figures as data."""
    told = _told(request, code)
    year: queries.Year = told["told"]
    data = {
        "code": code, "name": told["row"].name, "year": told["year"],
        "published": year.published, "awarded": year.awarded, "amount": str(year.amount), "ended": year.ended,
        "complaints_decided": year.decided, "complaints_founded": year.founded,
        "ways": [{"name": each.name, "count": each.count, "amount": str(each.amount)} for each in year.ways],
        "providers": [{"code": each.code, "name": each.name, "count": each.count, "amount": str(each.amount)}
                      for each in year.providers],
    }  # fmt: skip
    return JsonResponse(data, json_dumps_params={"ensure_ascii": False})


def _told(request: HttpRequest, code: str) -> dict[str, Any]:
    row = queries.buyer(code)
    years = queries.years(row)
    asked = request.GET.get("year", "")
    year = int(asked) if asked in {str(each) for each in years} else years[0]
    return {"row": row, "years": years, "year": year, "told": queries.year_of(row, year)}
