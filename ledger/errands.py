"""Requests the house makes itself: to addresses of its settings alone, and nowhere else whatever the answer says."""

import urllib.request
from typing import Any


class _Straight(urllib.request.HTTPRedirectHandler):
    """Follows nobody who points elsewhere: what was asked would arrive where nobody configured it."""

    def redirect_request(self, *_: Any) -> None:
        return None


_opener = urllib.request.build_opener(_Straight)


def ask(request: urllib.request.Request, *, timeout: float) -> Any:
    """The answer to a request. HTTPError for any other than a good one, a redirection included; OSError for none.

    timeout: seconds.  The address is never anybody's input.
    """
    return _opener.open(request, timeout=timeout)
