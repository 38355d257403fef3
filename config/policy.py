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
# A worker obeys the policy its own file came with, not its page's. Sealing needs modules, and no way to the network.
SCRIPTS = "default-src 'none'; script-src 'self'; require-trusted-types-for 'script'; trusted-types 'none'"


def of_files(headers: MutableMapping[str, str], path: str, url: str) -> None:
    """Give a static file that is a script the policy it obeys when it is run as a worker."""
    if path.endswith(".js"):
        headers["Content-Security-Policy"] = SCRIPTS


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
        if any(name.startswith("_csp") for name in vars(response)):
            return super().process_response(request, response)
        response.headers.setdefault(HEADER, self._policy)
        return response
