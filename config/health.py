"""Alive, and able to accept bids."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse

from ledger.models import Log
from ledger.sequencer import newest_checkpoint
from rulebook import clock

TOLERANCE = timedelta(seconds=2)


def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return HttpResponse("ok", content_type="text/plain")


def readyz(request: HttpRequest) -> JsonResponse:
    """The database answers, the clock has not been set back, the sequencer keeps its cadence; 503 otherwise."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    checks = {"database": True, "clock": clock.behind() < TOLERANCE, "sequencer": keeps_cadence(at=clock.now())}
    return JsonResponse(checks, status=200 if all(checks.values()) else 503)


def keeps_cadence(*, at: datetime) -> bool:
    """The newest batch of the sealed log is no older than two of its periods."""
    newest = newest_checkpoint(Log.SEALED)
    return newest is not None and at - newest.at < 2 * timedelta(seconds=settings.SEALED_EVERY) + TOLERANCE
