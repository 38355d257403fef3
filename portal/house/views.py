"""Page: the platform's own rules, article by article, in each of their editions."""

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from rulebook.house import EDITIONS, HOUSE, Edition, clauses


def _edition(request: HttpRequest) -> Edition:
    """The one asked for, or the newest. Raises Http404."""
    asked = request.GET.get("edition", EDITIONS[-1].name)
    for each in EDITIONS:
        if each.name == asked:
            return each
    raise Http404


@require_safe
def house_rules(request: HttpRequest) -> HttpResponse:
    """Every article under an anchor of its own: `#a6` is 第6条."""
    edition = _edition(request)
    rows = [(row, gettext(row.title), gettext(row.text)) for row in clauses(edition.name)]
    told = {"house": gettext(HOUSE), "edition": edition, "editions": EDITIONS[::-1], "rows": rows}
    return render(request, "portal/house/rules.html", told | {"is_newest": edition is EDITIONS[-1]})


@require_safe
def as_json(request: HttpRequest) -> JsonResponse:
    """The same as open data."""
    edition = _edition(request)
    told = {
        "v": "house-rules/1", "name": HOUSE, "edition": edition.name, "since": edition.since.isoformat(),
        "articles": [{"number": row.number, "title": row.title, "text": row.text} for row in clauses(edition.name)],
    }  # fmt: skip
    return JsonResponse(told, json_dumps_params={"ensure_ascii": False})
