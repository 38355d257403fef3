"""A person at a browser, reduced to what a site notices: cookies, forms with their tokens, JSON, a live tail."""

import http.client
import http.cookiejar
import json
import secrets
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any, BinaryIO

from websockets.sync.client import connect
from websockets.typing import Origin

TIMEOUT = 120.0
AWAY = (0, 503)  # statuses of a site that is away: nothing answers, or it says that it cannot now
AGAIN = 1.0  # seconds before it is asked again
PATIENCE = 90.0  # seconds in which a person asks again before he gives up


class Refusal(Exception):
    """The site refused: status, and the words it gave for it.  again: it was asked before, and had no answer then."""

    again = False

    def __init__(self, path: str, status: int, words: str) -> None:
        super().__init__(f"{path}: {status} {words}")
        self.status, self.words = status, words


@dataclass
class Form:
    """A form of a page: where it goes, and what a browser would send if nothing were touched."""

    action: str
    method: str
    fields: list[tuple[str, str]] = field(default_factory=list)
    choices: dict[str, list[str]] = field(default_factory=dict)  # name ↦ the values on offer
    words: str = ""  # what its buttons say
    enabled: bool = True  # it has a button that can be pressed

    def filled(self, values: Mapping[str, Any]) -> list[tuple[str, str]]:
        """What is sent with these values typed in. KeyError for a field that the form does not have."""
        unknown = set(values) - {name for name, _ in self.fields} - set(self.choices)
        if unknown:
            raise KeyError(f"{self.action}: no field {sorted(unknown)}, it has {sorted(self.names())}")
        kept = [(name, value) for name, value in self.fields if name not in values]
        for name, value in values.items():
            several = value if isinstance(value, list | tuple) else [value]
            kept += [(name, str(each)) for each in several if each is not None and each is not False]
        return kept

    def names(self) -> set[str]:
        """The names of its fields."""
        return {name for name, _ in self.fields} | set(self.choices)


@dataclass
class Page:
    """A page as it came: its address, its HTML, its forms."""

    url: str
    html: str
    forms: list[Form]

    def form(self, ending: str) -> Form:
        """The form whose address ends so. LookupError, naming what is there, when there is none."""
        found = self.find(ending)
        if found is None:
            there = [form.action for form in self.forms]
            raise LookupError(f"{self.url}: no form to …{ending}; there are {there}")
        return found

    def find(self, ending: str) -> Form | None:
        """As `form`, or None; one that can be pressed before one that cannot."""
        found = [form for form in self.forms if urllib.parse.urlsplit(form.action).path.endswith(ending)]
        return next((form for form in found if form.enabled), found[0] if found else None)


class Client:
    """One signed-in person (or a stranger).  patience: seconds in which a site that is away is asked again."""

    def __init__(self, base: str, *, patience: float = 0.0) -> None:
        self.base, self._patience = base.rstrip("/"), patience
        self._cookies = http.cookiejar.CookieJar()
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self._cookies))

    def sign_in(self, username: str, password: str) -> None:
        """Sign in at the door."""
        self.submit(self.page("/accounts/login/").form("/accounts/login/"), username=username, password=password)
        if "sessionid" not in self.cookies() and "__Host-sessionid" not in self.cookies():
            raise Refusal("/accounts/login/", 403, f"{username} was not let in")

    def cookies(self) -> dict[str, str]:
        return {cookie.name: cookie.value or "" for cookie in self._cookies}

    def get(self, path: str, *, accept: str = "*/*") -> bytes:
        """The body at a path. Refusal unless 200."""
        return self._send(urllib.request.Request(self.url(path), headers={"Accept": accept}))[1]

    def json(self, path: str) -> Any:
        """The JSON at a path."""
        return json.loads(self.get(path, accept="application/json"))

    def page(self, path: str) -> Page:
        """A page with its forms."""
        url, body = self._send(urllib.request.Request(self.url(path), headers={"Accept": "text/html"}))
        return _page(url, body.decode())

    def upload(self, form: Form, field: str, name: str, content: bytes, **values: Any) -> Page:
        """Send a form with a file chosen in one of its fields and these values typed in; the page that follows."""
        border = secrets.token_hex(16)
        lines = [(f'"{key}"', value.encode()) for key, value in form.filled(values) if key != field]
        lines.append((f'"{field}"; filename="{name}"\r\nContent-Type: application/octet-stream', content))
        head = f"--{border}\r\nContent-Disposition: form-data; name="
        body = b"".join(head.encode() + told.encode() + b"\r\n\r\n" + value + b"\r\n" for told, value in lines)
        return self._post_form(
            form.action, body + f"--{border}--\r\n".encode(), f"multipart/form-data; boundary={border}"
        )

    def submit(self, form: Form, **values: Any) -> Page:
        """Send a form with these values typed in; the page that follows."""
        data = urllib.parse.urlencode(form.filled(values))
        if form.method == "get":
            return self.page(form.action.split("?")[0] + "?" + data)
        return self._post_form(form.action, data.encode(), "application/x-www-form-urlencoded")

    def _post_form(self, action: str, data: bytes, content_type: str) -> Page:
        headers = {"Content-Type": content_type, "Accept": "text/html", "Referer": self.base + "/"}
        url, body = self._send(urllib.request.Request(self.url(action), data, headers))
        return _page(url, body.decode())

    def press(self, path: str, ending: str, **values: Any) -> Page:
        """Open a page, fill in the form whose address ends so, send it."""
        return self.submit(self.page(path).form(ending), **values)

    def post(self, path: str, value: Any) -> Any:
        """Post JSON as a page's script does; the JSON that comes back."""
        return self._json("POST", path, json.dumps(value, ensure_ascii=False).encode(), "application/json")

    def put(self, path: str, source: BinaryIO, size: int) -> Any:
        """Put a file's bytes; the JSON that comes back."""
        return self._json("PUT", path, source, "application/octet-stream", size)

    def tail(self, stream: str, after: int = 0, *, timeout: float = 60.0) -> Iterator[dict[str, Any]]:
        """A stream's entries as the live hall sends them, from a number on. TimeoutError when none comes."""
        address = self.base.replace("http", "ws", 1) + f"/ws/streams/{stream}/?after={after}"
        with connect(
            address, origin=Origin(self.base), max_size=2**24, additional_headers=self._cookie_header()
        ) as socket:
            while True:
                # One entry a line: who comes late is told many at once.
                yield from map(json.loads, str(socket.recv(timeout=timeout)).split("\n"))

    def url(self, path: str) -> str:
        """The whole address of a path."""
        return urllib.parse.urljoin(self.base + "/", urllib.parse.quote(path, safe="/:?&=%#,.~-_+"))

    def _cookie_header(self) -> dict[str, str]:
        listed = "; ".join(f"{name}={value}" for name, value in self.cookies().items())
        return {"Cookie": listed} if listed else {}

    def _json(self, method: str, path: str, data: Any, content_type: str, size: int | None = None) -> Any:
        token = self.cookies().get("csrftoken") or self.cookies().get("__Host-csrftoken") or ""
        headers = {"Content-Type": content_type, "Accept": "application/json", "X-CSRFToken": token,
                   "Referer": self.base + "/", "Origin": self.base}  # fmt: skip
        if size is not None:
            headers["Content-Length"] = str(size)
        _, body = self._send(urllib.request.Request(self.url(path), data, headers, method=method))
        return json.loads(body) if body else None

    def _send(self, request: urllib.request.Request) -> tuple[str, bytes]:
        ends, again = time.monotonic() + self._patience, False
        while True:
            try:
                return self._sent(request)
            except Refusal as refusal:
                refusal.again = again
                if refusal.status not in AWAY or time.monotonic() > ends:
                    raise
            again = True
            time.sleep(AGAIN)
            if hasattr(request.data, "seek"):
                request.data.seek(0)

    def _sent(self, request: urllib.request.Request) -> tuple[str, bytes]:
        try:
            with self._opener.open(request, timeout=TIMEOUT) as answer:
                return answer.url, bytes(answer.read())
        except urllib.error.HTTPError as wrong:
            told = wrong.read().decode(errors="replace")
            raise Refusal(request.full_url, wrong.code, words_of(told)) from wrong
        except (OSError, http.client.HTTPException) as wrong:
            raise Refusal(request.full_url, 0, str(wrong)) from wrong


def words_of(body: str) -> str:
    """What a person reads of an answer: the text of a page's main part, or of a problem+json."""
    if body.lstrip().startswith(("{", "[")):
        return body[:1_000]
    reader = _Words()
    reader.feed(body)
    return " ".join(" ".join(reader.words).split())[:600]


def _page(url: str, html: str) -> Page:
    reader = _Forms(url)
    reader.feed(html)
    return Page(url, html, reader.forms)


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self._inside = self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._inside += tag == "main"
        self._hidden += tag in ("script", "style")

    def handle_endtag(self, tag: str) -> None:
        self._inside -= tag == "main"
        self._hidden -= tag in ("script", "style")

    def handle_data(self, data: str) -> None:
        if self._inside and not self._hidden:
            self.words.append(data)


class _Forms(HTMLParser):
    """Reads forms as a browser would send them, fields tied to a form by `form=` included."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._url = url
        self._form: Form | None = None
        self._named: dict[str, Form] = {}
        self._select: tuple[Form, str] | None = None
        self._area: tuple[Form, str] | None = None
        self._button = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        got = {name: value or "" for name, value in attrs}
        if tag == "form":
            action = urllib.parse.urljoin(self._url, got.get("action", ""))
            self._form = Form(action, got.get("method", "get").lower(), enabled=False)
            self.forms.append(self._form)
            self._named[got.get("id", "")] = self._form
            return
        form = self._named.get(got["form"]) if "form" in got else self._form
        if form is None:
            return
        match tag:
            case "input":
                self._input(form, got)
            case "select":
                self._select = (form, got.get("name", ""))
                form.choices.setdefault(got.get("name", ""), [])
            case "option" if self._select:
                self._option(*self._select, got)
            case "textarea":
                self._area = (form, got.get("name", ""))
                form.fields.append((got.get("name", ""), ""))
            case "button" if got.get("type", "submit") == "submit":
                self._button = True
                form.enabled = form.enabled or "disabled" not in got
                if "name" in got:
                    form.choices.setdefault(got["name"], []).append(got.get("value", ""))

    def _input(self, form: Form, got: dict[str, str]) -> None:
        name, kind = got.get("name", ""), got.get("type", "text")
        if kind == "submit":
            form.enabled = form.enabled or "disabled" not in got
        elif kind in ("checkbox", "radio"):
            form.choices.setdefault(name, []).append(got.get("value", "on"))
            if "checked" in got:
                form.fields.append((name, got.get("value", "on")))
        elif name and "disabled" not in got:
            form.fields.append((name, got.get("value", "")))

    def _option(self, form: Form, name: str, got: dict[str, str]) -> None:
        offered = form.choices[name]
        offered.append(got.get("value", ""))
        if "selected" in got or len(offered) == 1:
            form.fields[:] = [kept for kept in form.fields if kept[0] != name]
            form.fields.append((name, got.get("value", "")))

    def handle_endtag(self, tag: str) -> None:
        match tag:
            case "form":
                self._form = None
            case "select":
                self._select = None
            case "textarea":
                self._area = None
            case "button":
                self._button = False

    def handle_data(self, data: str) -> None:
        if self._area:
            form, name = self._area
            for at, (kept, value) in enumerate(form.fields):
                if kept == name:
                    form.fields[at] = (name, value + data)
        if self._button and self._form:
            self._form.words += data.strip()
