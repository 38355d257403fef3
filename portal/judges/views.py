"""Pages: panels as notices of results name them, and the seats of one judge."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from portal.judges import queries
from portal.notices.views import below


@require_safe
def judges(request: HttpRequest) -> HttpResponse:
    """Results with the panels that judged them."""
    rows, more = queries.panels(before=below(request))
    told = {"nav": "notices", "panels": rows, "more": more, "first": "before" not in request.GET}
    return _kept_from_robots(render(request, "portal/judges/judges.html", told))


@require_safe
def judge(request: HttpRequest, key: str) -> HttpResponse:
    """Where notices name one judge: the same name at the same employer."""
    rows, more = queries.panels(judge=key, before=below(request))
    if not rows:
        raise Http404
    who = next(each for each in rows[0].judges if each.key == key)
    told = {"nav": "notices", "panels": rows, "more": more, "who": who, "first": "before" not in request.GET}
    return _kept_from_robots(render(request, "portal/judges/judge.html", told))


def _kept_from_robots(answer: HttpResponse) -> HttpResponse:
    """A search engine would lead from a name to everything: who wants to know looks here."""
    answer["X-Robots-Tag"] = "noindex, nofollow"
    return answer
