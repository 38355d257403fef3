"""The house's sockets with one address more: a bare locked counter row, behind the same middleware, as a floor."""

from config.scaled import sockets  # noqa: I001
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import path

from config import urls
from ledger.models import Stream

NAME = "bench/counter"

__all__ = ["sockets"]


def count(request: HttpRequest) -> HttpResponse:
    """Lock the row, add one, commit."""
    with transaction.atomic():
        row, _ = Stream.objects.select_for_update().get_or_create(log="public", name=NAME, defaults={"last": 0})
        row.last += 1
        row.save(update_fields=["last"])
    assert request.user.is_authenticated  # the floor knows who asks, as a quote does
    return HttpResponse(b"{}", content_type="application/json")


urls.urlpatterns.insert(0, path("bench/count", count))
