"""The programs' doors under /api/: each package adds its router here."""

from typing import Any

from django.core.exceptions import ObjectDoesNotExist, PermissionDenied, RequestDataTooBig
from django.db import InterfaceError, InternalError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response, set_response_etag
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema

from config.plain import PlainBodies
from config.refusals import on_api_error
from rulebook.refusal import Refused

ABOUT = """What the pages do, for programs: the same services, the same refusals with every reason and its article.

Who reads what everybody may read needs nothing. Who acts sends the session cookie of a sign-in and, on every request
that changes something, the CSRF token as `X-CSRFToken`; or signs a statement where an operation takes one.
Refusals are `application/problem+json`. See docs/api.md."""

TEXT = {"type": "string"}
PROBLEM = {
    "title": "Problem",
    "description": "Why not (RFC 9457). reasons: every one of them at once, each with its article; errors: of a body.",
    "type": "object",
    "required": ["type", "title", "status", "reasons"],
    "properties": {
        "type": TEXT,
        "title": TEXT,
        "status": {"type": "integer"},
        "reasons": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["code", "text", "law", "values"],
                "properties": {
                    "code": TEXT,
                    "text": TEXT,
                    "law": {"type": ["string", "null"]},
                    "values": {"type": "object"},
                },
            },
        },
        "errors": {"type": "array", "items": {"type": "object"}},
    },
}
OTHERWISE = {
    "description": "Refused, or not found",
    "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
}
UPLOADS = "/uploads/"

ANTICIPATED = (
    Refused, ObjectDoesNotExist, Http404, PermissionDenied, AuthenticationError, HttpError, ValidationError,
    OperationalError, InterfaceError, InternalError, OSError, RequestDataTooBig,
)  # fmt: skip


def anticipated(to: NinjaAPI) -> None:
    """Let an API answer every anticipated error as the rest of the house does."""
    for error in ANTICIPATED:
        to.add_exception_handler(error, on_api_error)


class Doors(NinjaAPI):
    """Says in its schema how refusals look, and lets whoever asks again for what has not changed go without it."""

    def get_openapi_schema(self, *args: Any, **more: Any) -> OpenAPISchema:
        schema = super().get_openapi_schema(*args, **more)
        schema["components"]["schemas"]["Problem"] = PROBLEM
        for path, operations in schema["paths"].items():
            for operation in operations.values():
                operation["responses"]["default"] = OTHERWISE if UPLOADS not in path else {"description": "As tus says"}
        return schema

    def create_response(self, request: HttpRequest, *args: Any, **more: Any) -> HttpResponse:
        response = super().create_response(request, *args, **more)
        if request.method != "GET" or response.status_code != 200:
            return response
        set_response_etag(response)
        found = get_conditional_response(request, etag=response["ETag"], response=response)
        assert found is not None  # it is the response itself, or that nothing changed
        return found


api = Doors(
    title="明标", version="1", docs_url=None, openapi_url="/openapi.json", urls_namespace="api", parser=PlainBodies(),
    description=ABOUT,
)  # fmt: skip
anticipated(api)

for slice_ in (
    "ledger.api", "accounts.api", "accounts.reaching.api", "people.custody.api", "draws.api", "experts.panels.api",
    "market.notices.api", "market.purchases.api",
    "market.selection.api", "market.awards.api", "market.contracts.api", "market.performance.api",
    "bidding.tender.api", "bidding.tender.draft_api", "bidding.changes.api", "bidding.submission.api",
    "bidding.submission.resumable", "bidding.opening.api", "bidding.auction.api", "supervision.tips.api",
):  # fmt: skip
    api.add_router("", f"{slice_}.router")
