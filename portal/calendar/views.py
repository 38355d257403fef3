"""Calendar files: of a project or a search for everybody, one's own by a secret address, an expert's for himself."""

from collections.abc import Iterable
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from portal.calendar import queries
from portal.calendar.files import Time, written
from portal.notices.forms import Filters

KEPT = 3600  # seconds a reader may keep an answer before it asks again


def _file(times: Iterable[Time], *, name: str, file: str) -> HttpResponse:
    answer = HttpResponse(written(times, name=name), content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{file}.ics"'
    return answer


@require_safe
def project_calendar(request: HttpRequest, number: str) -> HttpResponse:
    """The public times of a project; to be subscribed to as well, for they change with its notices."""
    project, times = queries.of_project(number)
    return _file(times, name=project.title, file=project.number)


@require_safe
def search_calendar(request: HttpRequest) -> HttpResponse:
    """The public times of what a search finds, under the search's own query: a buyer's, an item's."""
    answer = _file(queries.of_search(Filters(request.GET).asked()), name=_("明标 · 交易日程"), file="notices")
    answer["Cache-Control"] = f"public, max-age={KEPT}"
    return answer


@never_cache
@require_safe
def calendar(request: HttpRequest, key: str) -> HttpResponse:
    """What is on somebody's desk, for his own calendar. Any other word leads to 404."""
    return _file(queries.of_person(key, at=request.arrived_at), name=_("明标日程"), file="mingbiao")


@login_required
@never_cache
@require_safe
def own_sitting(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """When one's own panel sits."""
    return _file([queries.own_sitting(public_id, request.actor)], name=_("评审工作"), file="sitting")
