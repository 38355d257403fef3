"""What a browser may do with our answers: the policy of pages, and the narrower one of scripts that run as workers."""

from collections.abc import Callable, MutableMapping

from csp.constants import HEADER, NONE, SELF
from csp.middleware import CSPMiddleware
from csp.utils import build_policy
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

WORKERS = "mingbiao-workers"  # the only Trusted Types policy, made in static/parts/workers.js
PAGES = {
    "default-src": [NONE],
    "object-src": [NONE],
    "script-src": [SELF],
    "style-src": [SELF],
    "img-src": [SELF, "data:"],
    "connect-src": [SELF],
    "font-src": [SELF],
    "worker-src": [SELF],
    "manifest-src": [SELF],
    "form-action": [SELF],
    "base-uri": [NONE],
    "frame-ancestors": [NONE],
    "require-trusted-types-for": ["'script'"],
    "trusted-types": [WORKERS],
}
METHODS = ("DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT")
OURS_ALONE = ("Cross-Origin-Resource-Policy", "same-origin")  # no other site's page may embed what we answer
# A worker obeys the policy its own file came with, not its page's. Sealing needs modules, and no way to the network.
SCRIPTS = "default-src 'none'; script-src 'self'; require-trusted-types-for 'script'; trusted-types 'none'"


def of_files(headers: MutableMapping[str, str], path: str, url: str) -> None:
    """Give a static file that is a script the policy it obeys when it is run as a worker."""
    headers[OURS_ALONE[0]] = OURS_ALONE[1]
    if path.endswith(".js"):
        headers["Content-Security-Policy"] = SCRIPTS


class Heard:
    """Middleware: other methods than ours are not heard, nor programs that come in clear where https is spoken.

    A person's browser is led on to https; a program that was would go on sending its secrets in clear, unnoticed.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.method not in METHODS:
            return _short("405", 405, {"Allow": ", ".join(METHODS)})
        if settings.SECURE_SSL_REDIRECT and not request.is_secure() and request.path.startswith("/api/"):
            return _short("https", 403, {})
        return self.get_response(request)


def _short(words: str, status: int, headers: dict[str, str]) -> HttpResponse:
    told = {**headers, "X-Content-Type-Options": "nosniff"}
    return HttpResponse(words, status=status, content_type="text/plain; charset=utf-8", headers=told)


class Policed(CSPMiddleware):
    """The library's middleware with the policy of pages written once: hardly a view changes it, and none has nonces.

    To put it together anew for every answer was a quarter of what an answer cost.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        super().__init__(get_response)
        self._policy = build_policy()

    def process_request(self, request: HttpRequest) -> None:
        """Nothing: no nonce is offered."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        response.headers.setdefault(*OURS_ALONE)
        if any(name.startswith("_csp") for name in vars(response)):
            return super().process_response(request, response)
        response.headers.setdefault(HEADER, self._policy)
        return response
