"""The programs' doors under /api/: each package adds its router here."""

from django.core.exceptions import ObjectDoesNotExist, PermissionDenied, RequestDataTooBig
from django.db import InterfaceError, OperationalError
from django.http import Http404
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from config.plain import PlainBodies
from config.refusals import on_api_error
from rulebook.refusal import Refused

ANTICIPATED = (
    Refused, ObjectDoesNotExist, Http404, PermissionDenied, AuthenticationError, HttpError, ValidationError,
    OperationalError, InterfaceError, OSError, RequestDataTooBig,
)  # fmt: skip


def anticipated(to: NinjaAPI) -> None:
    """Let an API answer every anticipated error as the rest of the house does."""
    for error in ANTICIPATED:
        to.add_exception_handler(error, on_api_error)


api = NinjaAPI(
    title="明标", version="1", docs_url=None, openapi_url="/openapi.json", urls_namespace="api", parser=PlainBodies()
)
anticipated(api)

api.add_router("", "ledger.api.router")
api.add_router("", "accounts.api.router")
api.add_router("", "accounts.reaching.api.router")
api.add_router("", "people.custody.api.router")
api.add_router("", "draws.api.router")
api.add_router("", "experts.panels.api.router")
api.add_router("", "bidding.tender.api.router")
api.add_router("", "bidding.submission.api.router")
api.add_router("", "bidding.submission.resumable.router")
api.add_router("", "bidding.opening.api.router")
api.add_router("", "bidding.auction.api.router")
api.add_router("", "supervision.tips.api.router")
