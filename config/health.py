"""Alive, and able to accept bids."""

from datetime import timedelta

from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse

from rulebook import clock

TOLERANCE = timedelta(seconds=2)


def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return HttpResponse("ok", content_type="text/plain")


def readyz(request: HttpRequest) -> JsonResponse:
    """The database answers and the clock has not been set back; 503 otherwise."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    checks = {"database": True, "clock": clock.behind() < TOLERANCE}
    return JsonResponse(checks, status=200 if all(checks.values()) else 503)
