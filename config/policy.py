"""What a browser may do with our answers: the policy of pages, and the narrower one of scripts that run as workers."""

from collections.abc import Callable, MutableMapping

from csp.constants import HEADER, NONE, SELF
from csp.middleware import CSPMiddleware
from csp.utils import build_policy
from django.http import HttpRequest
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
OURS_ALONE = ("Cross-Origin-Resource-Policy", "same-origin")  # no other site's page may embed what we answer
# A worker obeys the policy its own file came with, not its page's. Sealing needs modules, and no way to the network.
SCRIPTS = "default-src 'none'; script-src 'self'; require-trusted-types-for 'script'; trusted-types 'none'"


def of_files(headers: MutableMapping[str, str], path: str, url: str) -> None:
    """Give a static file that is a script the policy it obeys when it is run as a worker."""
    headers[OURS_ALONE[0]] = OURS_ALONE[1]
    if path.endswith(".js"):
        headers["Content-Security-Policy"] = SCRIPTS


class Policed(CSPMiddleware):
    """The library's middleware with the policy of pages written once: hardly a view adds to it, and none has nonces.

    To put it together anew for every answer was a quarter of what an answer cost.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        super().__init__(get_response)
        self._policy = build_policy()

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        headers = response.headers
        headers[OURS_ALONE[0]] = OURS_ALONE[1]
        headers["X-Frame-Options"] = "DENY"  # for browsers that do not know the policy's `frame-ancestors`
        if hasattr(response, "_csp_update"):
            return self.process_response(request, response)
        headers[HEADER] = self._policy
        return response
