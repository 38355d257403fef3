"""In which language a page speaks: Chinese, unless the reader chose another here.

What a browser prefers is not asked: a notice is read in the language it was published in. Only what is read is spoken
in another language; whatever is written down in an act, its refusals included, is in Chinese, whoever acts.
"""

from collections.abc import Callable

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_safe

READING = frozenset({"GET", "HEAD"})
A_YEAR = 365 * 24 * 3600  # seconds


def chosen(request: HttpRequest) -> str:
    """The language somebody reads in."""
    code = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "") if request.method in READING else ""
    return code if code and code in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


class Spoken:
    """Middleware: activate the chosen language for one request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        language = request.LANGUAGE_CODE = chosen(request)
        if language == settings.LANGUAGE_CODE:  # spoken where nothing is said: whoever changes it changes it back
            response = self.get_response(request)
        else:
            with translation.override(language):
                response = self.get_response(request)
        if "Vary" in response.headers:
            patch_vary_headers(response, ("Cookie",))
        else:
            response.headers["Vary"] = "Cookie"
        response.headers["Content-Language"] = language
        return response


@require_safe
def choose(request: HttpRequest, code: str) -> HttpResponse:
    """Read in another language from here on, and go back to where one was."""
    if code not in dict(settings.LANGUAGES):
        raise Http404
    to = request.GET.get("to", "/")
    if not url_has_allowed_host_and_scheme(to, allowed_hosts=None):
        to = "/"
    response = HttpResponseRedirect(to)
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME, code, max_age=A_YEAR, samesite="Lax", httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
    )  # fmt: skip
    return response
