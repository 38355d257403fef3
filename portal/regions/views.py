"""Pages: the regions this installation serves, the front room of each, and the one a browser comes home to."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.models import Region
from accounts.regions import queries as regions
from accounts.regions.rules import beneath, parent_of
from portal.home import queries as home
from portal.home.views import CHOSEN
from rulebook.regions import containing, region_of

KEPT = 365 * 24 * 3600  # seconds a browser remembers where it comes home to


def _known() -> dict[str, Region]:
    """By digits. Raises Http404 where one city has the house to itself: there is no word of regions then."""
    found = {row.code: row for row in regions.regions()}
    if not found:
        raise Http404
    return found


@require_safe
def rooms(request: HttpRequest) -> HttpResponse:
    """Every region, the wider ones first, with who supervises it."""
    rows = [(row, len(code) // 2 - 1) for code, row in _known().items()]
    return render(request, "portal/regions/regions.html", {"nav": "home", "rows": rows, "chosen": _chosen(request)})


@require_safe
def room(request: HttpRequest, digits: str) -> HttpResponse:
    """What is open now, what was just decided and the newest notices of a region and all beneath it."""
    known, at = _known(), request.arrived_at
    code = region_of(f"00{digits}") if len(digits) == 6 and digits.isdecimal() else ""
    if code not in known:
        raise Http404
    row, above = known[code], [known[each] for each in reversed(containing(code)[1:]) if each in known]
    body = next((each for each in (row, *reversed(above)) if each.body), None)
    told = {
        "nav": "home", "region": row, "above": above, "body": body, "chosen": _chosen(request) == code,
        "beneath": [known[each] for each in beneath(code, known) if parent_of(each, known) == code],
        "others": known.values(), "lines": home.newest(code), "open": home.takes_part(at=at, region=code),
        "decided": home.decided(code), "running": home.running(at=at, region=code), "query": f"region={code}",
    }  # fmt: skip
    return render(request, "portal/regions/region.html", told)


@require_POST
def choose(request: HttpRequest) -> HttpResponse:
    """Come home to a region from here on, without an account; to all of them when none is named."""
    code = request.POST.get("region", "")[:6]
    if not code:
        answer = redirect("portal:home")
        answer.delete_cookie(CHOSEN)
        return answer
    known = _known()
    if code not in known:
        raise Http404
    answer = redirect("portal:region", known[code].digits)
    answer.set_cookie(CHOSEN, code, max_age=KEPT, secure=settings.SESSION_COOKIE_SECURE, httponly=True, samesite="Lax")
    return answer


def _chosen(request: HttpRequest) -> str:
    return request.COOKIES.get(CHOSEN, "")
