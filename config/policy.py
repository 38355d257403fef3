"""What a browser may do with our answers: the policy of pages, and the narrower one of scripts that run as workers."""

from collections.abc import MutableMapping

from csp.constants import NONE, SELF

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
