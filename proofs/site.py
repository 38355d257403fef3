"""A site's public doors, as a client without a browser sees them: JSON, files, one-time log in.

Plain urllib; what is fetched is checked by whoever asked for it, never here.
"""

import http.client
import http.cookiejar
import json
import re
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from typing import Any

LONGEST = 512 * 1024 * 1024
_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


class NotServed(OSError):
    """The site answered with an error, or with something else than was asked for."""

    def __init__(self, path: str, status: int, told: str) -> None:
        super().__init__(f"{path}: {status} {told}")
        self.status = status


class Site:
    """A site by its base address. Every failure is an OSError, `NotServed` where the site did answer."""

    def __init__(self, base: str, *, timeout: float = 20.0) -> None:
        self.base = base.rstrip("/")
        self._timeout = timeout
        self._cookies = http.cookiejar.CookieJar()
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self._cookies))

    def get(self, path: str) -> bytes:
        """The body of a path."""
        return self._send(urllib.request.Request(self._address(path)))

    def packed(self, path: str, coding: str) -> bytes:
        """What a browser that asks for this content coding gets, as it comes: packed or not."""
        return self._send(urllib.request.Request(self._address(path), headers={"Accept-Encoding": coding}))

    def json(self, path: str) -> Any:
        """The JSON value of a path."""
        return self._decoded(path, self.get(path))

    def post(self, path: str, value: Any) -> Any:
        """Send a JSON value; the JSON answer."""
        headers = {"Content-Type": "application/json", "Referer": self.base + "/", "X-CSRFToken": self._csrf()}
        request = urllib.request.Request(self._address(path), json.dumps(value).encode(), headers, method="POST")
        return self._decoded(path, self._send(request))

    def log_in(self, user: str, password: str) -> None:
        """Begin a session. NotServed (403) when the user and password are not accepted."""
        path = "/accounts/login/"
        found = _TOKEN.search(self.get(path).decode())
        form = {"csrfmiddlewaretoken": found[1] if found else self._csrf(), "username": user, "password": password}
        body = urllib.parse.urlencode({**form, "login": user}).encode()
        headers = {"Referer": self._address(path)}
        self._send(urllib.request.Request(self._address(path), body, headers, method="POST"))
        if not any(cookie.name == "sessionid" or cookie.name.endswith("sessionid") for cookie in self._cookies):
            raise NotServed(path, 403, "the user and password are not accepted")

    def entries(self, stream: str, after: int = 0) -> Iterator[dict[str, Any]]:
        """A stream's public entries with a higher number, in order, page by page."""
        while True:
            page = self.json(f"/api/streams/{urllib.parse.quote(stream)}/entries?after={after}")
            for entry in page["entries"]:
                after = entry["seq"]
                yield entry
            if not page.get("more"):
                return

    def _address(self, path: str) -> str:
        return path if path.startswith(("http://", "https://")) else self.base + "/" + path.lstrip("/")

    def _csrf(self) -> str:
        return next((cookie.value or "" for cookie in self._cookies if cookie.name.endswith("csrftoken")), "")

    def _send(self, request: urllib.request.Request) -> bytes:
        try:
            with self._opener.open(request, timeout=self._timeout) as answer:
                return bytes(answer.read(LONGEST))
        except urllib.error.HTTPError as error:
            told = error.read(2_000).decode("utf-8", "replace")
            raise NotServed(request.full_url, error.code, told) from error
        except (http.client.HTTPException, ValueError) as error:
            raise OSError(f"{request.full_url}: {error}") from error

    def _decoded(self, path: str, body: bytes) -> Any:
        try:
            return json.loads(body)
        except ValueError as wrong:
            raise NotServed(path, 200, "no JSON") from wrong
