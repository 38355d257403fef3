"""Page: statistics."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe


@require_safe
def statistics(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/statistics/statistics.html", {"nav": "statistics"})
