"""Doors that fail in every way a door can, for the tests of how that leaves the house."""

import errno

from django.core.exceptions import PermissionDenied
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import include, path
from ninja import NinjaAPI, Schema

from accounts.models import Organisation
from config import urls
from config.api import anticipated
from rulebook.law import Article
from rulebook.refusal import Kind, Reason, Refused

LAW = Article("招标投标法", "第28条")
ALSO = Reason("test.second", Kind.NOT_VALID, "又及")


def fail(request: HttpRequest, how: str) -> HttpResponse:
    raise FAILURES[how]


def tell(request: HttpRequest) -> HttpResponse:
    return JsonResponse({"at": request.arrived_at.isoformat(), "by": request.actor.name, "role": request.actor.role})


class DatabaseGone:
    """Middleware: the database fails while the session is kept, after the view has answered."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        self.get_response(request)
        raise OperationalError("server closed the connection")


def refused(kind: Kind) -> Refused:
    return Refused(
        Reason("test.first", kind, "少于{n}家", LAW, {"n": 3}), Reason("test.second", Kind.NOT_VALID, "又及")
    )


FAILURES: dict[str, Exception] = {
    "not-yours": refused(Kind.NOT_YOURS),
    "not-now": refused(Kind.NOT_NOW),
    "not-valid": refused(Kind.NOT_VALID),
    "missing": Organisation.DoesNotExist("secret-number"),
    "denied": PermissionDenied("secret-number"),
    "locked": OperationalError("database is locked"),
    "gone": InterfaceError("connection already closed"),
    "full": OSError(errno.ENOSPC, "No space left on device"),
    "bug": ZeroDivisionError("secret-number"),
    "odd-file": FileNotFoundError(errno.ENOENT, "secret-number"),
}


class Asked(Schema):
    n: int


api = NinjaAPI(urls_namespace="failing", docs_url=None)
anticipated(api)


@api.post("/parse")
def parse(request: HttpRequest, asked: Asked) -> dict[str, int]:
    return {"n": asked.n}


@api.get("/{how}")
def fail_in_api(request: HttpRequest, how: str) -> None:
    raise FAILURES[how]


urlpatterns = [
    path("tell", tell),
    path("fail/<how>", fail),
    path("api/fail/", api.urls),
    path("", include(urls)),
]
handler400, handler403, handler404, handler500 = urls.handler400, urls.handler403, urls.handler404, urls.handler500
