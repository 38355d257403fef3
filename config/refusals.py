"""How a refusal leaves the house over HTTP: one page or one problem document, decided by Accept."""

import errno
import logging
import sys
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from django.core import exceptions
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied, RequestDataTooBig
from django.db import InterfaceError, InternalError, OperationalError
from django.db.models import UUIDField
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.functional import SimpleLazyObject
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _
from ninja.errors import AuthenticationError, HttpError, ValidationError

from config import refilled
from config.postgresql import Unconfirmed
from config.watching.lines import request_id
from ledger.storage import Unavailable
from market.projects.context import terms_of_request
from rulebook.refusal import Kind, Reason, Refused
from rulebook.terms import USUAL, Terms

log = logging.getLogger(__name__)

STATUS = {Kind.NOT_YOURS: 403, Kind.NOT_NOW: 409, Kind.NOT_VALID: 422}
TITLES = {
    400: _("请求有误"),
    401: _("请先登录"),
    403: _("您不能办理此事"),
    404: _("没有这个页面"),
    409: _("现在不能办理"),
    413: _("提交的内容过大"),
    422: _("请改正下面的地方"),
    500: _("系统出错"),
    503: _("系统暂时不可用，请稍后重试"),
}
FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EIO}
RETRY_AFTER = "5"  # seconds
# Of what the driver calls internal errors: a server that only reads (a standby, a primary that was), two time-outs.
PASSING = {"25006", "25P03", "25P04"}

UNCERTAIN = (
    Reason(
        "site.uncertain",
        Kind.NOT_NOW,
        _("您刚才提交的可能已经生效，也可能没有。请先刷新页面看清楚，再决定是否重新提交"),
    ),
)


def answer(request: HttpRequest, error: BaseException) -> HttpResponse | None:
    """The answer to an anticipated error, None for a bug."""
    if isinstance(error, Refused):
        return refused(request, error)
    if isinstance(error, (ObjectDoesNotExist, Http404)) or is_no_identifier(error):
        return problem(request, 404)
    if isinstance(error, PermissionDenied):
        return problem(request, 403)
    if isinstance(error, AuthenticationError):
        return problem(request, 401)
    if isinstance(error, RequestDataTooBig):
        return problem(request, 413)
    return unavailable(request, error) if is_outage(error) else None


def is_no_identifier(error: BaseException) -> bool:
    """Something was looked up by words in which no identifier is written: nobody has it, whichever door was told it."""
    return (
        isinstance(error, exceptions.ValidationError) and error.args[0] == UUIDField.default_error_messages["invalid"]
    )


def unavailable(request: HttpRequest, error: BaseException) -> HttpResponse:
    """503: nothing was done, and trying again may help."""
    log.error("unavailable: %s", error)
    response = problem(request, 503, UNCERTAIN if isinstance(error, Unconfirmed) else ())
    response["Retry-After"] = RETRY_AFTER
    return response


def is_outage(error: BaseException) -> bool:
    """The engines below are down, full or overrun, and trying again may help.

    Of a pool with nothing left, a lost connection, a lock that did not come, a deadlock, a server that only reads for
    now. None is tried again in here: an act may be more than one transaction, and only who asked for it knows
    whether he still wants it. Locks are taken in one order (I11), so that a deadlock is a bug to be seen in the log.
    """
    if isinstance(error, (OperationalError, InterfaceError, Unavailable)):
        return True
    if isinstance(error, InternalError):
        return getattr(error.__cause__, "sqlstate", None) in PASSING
    return isinstance(error, OSError) and error.errno in FULL


def refused(request: HttpRequest, error: Refused) -> HttpResponse:
    """403, 409 or 422: the status of the first reason, with every reason and its article."""
    return problem(request, STATUS[error.reasons[0].kind], error.reasons)


def sentence(reason: Reason, terms: Terms) -> str:
    """A reason's text in the reader's language, with its values put in, in the terms of the purchase."""
    return gettext(reason.text).format_map({"terms": terms, **reason.values})


def problem(request: HttpRequest, status: int, reasons: Sequence[Reason] = (), **more: object) -> HttpResponse:
    """An error as a page for people, or as `application/problem+json` for programs."""
    # Read only where a reason speaks them: who quotes too late in an auction is refused a hundred times a second.
    terms: Any = SimpleLazyObject(lambda: terms_of_request(request)) if reasons else USUAL
    told = [
        {
            "code": reason.code,
            "text": sentence(reason, terms),
            "law": str(reason.law) if reason.law else None,
            "values": {name: str(value) for name, value in reason.values.items()},
        }
        for reason in reasons
    ]
    title = gettext(TITLES[status])
    if wants_page(request):
        back = came_from(request) if reasons and status != 503 else ""  # the form's page would need what is down
        page = {"status": status, "title": title, "reasons": told, "back": back, "request_number": request_id.get()}
        again = (
            refilled.page_with(request, path=back, context={"title": title, "reasons": told, "terms": terms})
            if back
            else None
        )
        if again is not None:
            return HttpResponse(again, status=status)
        lost = refilled.typed_text(dict(request.POST.lists())) if reasons and request.method == "POST" else []
        return render(request, "refused.html", {**page, "lost": lost}, status=status)
    if status >= 500:
        more["request"] = request_id.get()
    body = {"type": "about:blank", "title": title, "status": status, "reasons": told, **more}
    return JsonResponse(body, status=status, content_type="application/problem+json")


def came_from(request: HttpRequest) -> str:
    """The page of this site whose form was refused; empty where the browser does not say, or it was no form.

    A page that came back filled in stands under the address of the act, and says in a hidden field where it is from.
    """
    if request.method != "POST":
        return ""
    told = request.POST.get(refilled.PAGE) or request.headers.get("Referer", "")
    if not told or not url_has_allowed_host_and_scheme(told, {request.get_host()}, require_https=request.is_secure()):
        return ""
    page = urlsplit(told)
    path = f"/{page.path.lstrip('/')}"  # two slashes would begin another host
    return f"{path}?{page.query}" if page.query else path


def wants_page(request: HttpRequest) -> bool:
    """Asked by a person's browser, outside the programs' doors."""
    return not request.path.startswith("/api/") and request.accepts("text/html")


def on_api_error(request: HttpRequest, error: Exception) -> HttpResponse:
    """The same answers for the doors of the API."""
    if isinstance(error, ValidationError):
        return problem(request, 422, errors=[{"at": list(e["loc"]), "text": e["msg"]} for e in error.errors])
    if isinstance(error.__cause__, Refused):  # a body that was read and refused, wrapped on its way out of ninja
        return refused(request, error.__cause__)
    if isinstance(error, HttpError):
        status = error.status_code if error.status_code in TITLES else 400
        return problem(request, status)
    response = answer(request, error)
    if response is None:
        raise error
    return response


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """No such address."""
    return problem(request, 404)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Permission denied before any view."""
    return problem(request, 403)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """A malformed request."""
    return problem(request, 413 if isinstance(exception, RequestDataTooBig) else 400)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form sent without its token."""
    return problem(request, 403)


def server_error(request: HttpRequest) -> HttpResponse:
    """A bug, or an outage that struck outside a view (while a session was read, say)."""
    error = sys.exc_info()[1]
    response = answer(request, error) if error is not None else None
    return response or problem(request, 500)
