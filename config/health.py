"""Alive, and able to accept bids."""

from django.http import HttpRequest, HttpResponse, JsonResponse

from config.watching.readiness import readiness


def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return HttpResponse("ok", content_type="text/plain")


def readyz(request: HttpRequest) -> JsonResponse:
    """Whether a bid could be kept now: each check by its name, and 503 when one of them fails."""
    checks = readiness.now()
    return JsonResponse(checks, status=200 if all(checks.values()) else 503)
