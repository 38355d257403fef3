"""Every form and every list of the house as it is found on its pages, for those who put something else into them."""

import contextlib
import http.client
import re
import secrets
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any, Protocol
from urllib.parse import parse_qsl, urlencode, urlsplit

from django.test import Client
from django.urls import Resolver404, resolve

TOKEN = "t" * 32
VOID = "image/svg+xml"
USUAL = {"number": "1", "date": "2027-01-29", "datetime-local": "2027-01-29T10:00", "time": "10:00", "checkbox": "on",
         "email": "nobody@example.org", "url": "https://example.org/", "tel": "13900000001",
         "password": "x" * 15}  # fmt: skip
# Signing out would end the walk for everybody who comes after.
LEFT_OUT = re.compile(r"logout|accounts/sessions/|accounts/password|language/")


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def named(self, name: str) -> list[str]:
        """The values of a header."""
        return [value for key, value in self.headers if key.lower() == name.lower()]


@dataclass(frozen=True)
class Door:
    """A form or a list as somebody saw it.  files: names of fields that take files.  page: where it was seen."""

    who: str
    method: str
    path: str
    fields: tuple[tuple[str, str], ...]
    files: tuple[str, ...] = ()
    page: str = ""

    @property
    def kind(self) -> tuple[Any, ...]:
        """The same for all that lead to the same view with the same names: one of them is enough."""
        try:
            route = resolve(self.path).route
        except Resolver404:
            route = self.path
        return self.who, self.method, route, tuple(sorted({name for name, _ in self.fields} | {*self.files}))


class World(Protocol):
    """A house that is asked."""

    def ask(self, who: str, method: str, path: str, fields: Iterable[tuple[str, str]] = (),
            files: Mapping[str, tuple[str, bytes]] | None = None, **headers: str) -> Answer:  # fmt: skip
        """One request; redirects are not followed."""
        ...


class InProcess:
    """The house of a test's own database."""

    def __init__(self, clients: Mapping[str, Client]) -> None:
        self.clients = clients

    def ask(self, who: str, method: str, path: str, fields: Iterable[tuple[str, str]] = (),
            files: Mapping[str, tuple[str, bytes]] | None = None, **headers: str) -> Answer:  # fmt: skip
        typed, body = packed(method, fields, files)
        where = f"{path.partition('?')[0]}?{body.decode()}" if method == "GET" and body else path
        answer = self.clients[who].generic(
            method, where, b"" if method == "GET" else body, content_type=typed, headers=headers
        )
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
        return Answer(answer.status_code, tuple(answer.items()), content)


class OverHttp:
    """A house at a port, with the sessions of its people."""

    def __init__(self, site: str, sessions: Mapping[str, str]) -> None:
        self.site, self.sessions = site, sessions
        self.line = http.client.HTTPConnection(urlsplit(site).netloc, timeout=60)
        self.asked = 0

    def ask(self, who: str, method: str, path: str, fields: Iterable[tuple[str, str]] = (),
            files: Mapping[str, tuple[str, bytes]] | None = None, **headers: str) -> Answer:  # fmt: skip
        typed, body = packed(method, fields, files)
        told = {"Cookie": self.cookies(who), "Accept": "text/html", **headers}
        if method == "GET":
            path, body = (f"{path.partition('?')[0]}?{body.decode()}" if body else path), b""
        else:
            told |= {"X-CSRFToken": TOKEN, "Origin": self.site, "Content-Type": typed}
        self.asked += 1
        for last in (False, True):
            try:
                self.line.request(method, path, body or None, told)
                answer = self.line.getresponse()
                return Answer(answer.status, tuple(answer.getheaders()), answer.read())
            except (http.client.HTTPException, ConnectionError):
                self.line.close()
                if last:
                    raise
        raise AssertionError

    def cookies(self, who: str) -> str:
        """What this one's browser sends."""
        session = self.sessions.get(who, "")
        return f"csrftoken={TOKEN}" + (f"; sessionid={session}" if session else "")


def packed(
    method: str, fields: Iterable[tuple[str, str]], files: Mapping[str, tuple[str, bytes]] | None
) -> tuple[str, bytes]:
    """The content type and the body of a form."""
    if not files:
        return "application/x-www-form-urlencoded", urlencode(list(fields)).encode()
    mark = secrets.token_hex(8)
    parts = [f'--{mark}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
             for name, value in fields]  # fmt: skip
    for name, (called, data) in files.items():
        head = f'--{mark}\r\nContent-Disposition: form-data; name="{name}"; filename="{called}"\r\n'
        parts.append(head.encode() + b"Content-Type: application/octet-stream\r\n\r\n" + data + b"\r\n")
    return f"multipart/form-data; boundary={mark}", b"".join(parts) + f"--{mark}--\r\n".encode()


@dataclass
class _Form:
    action: str
    method: str
    fields: list[tuple[str, str]] = field(default_factory=list)
    files: list[str] = field(default_factory=list)


class Forms(HTMLParser):
    """The forms of a page, with something plausible in every field, and its links that ask for something."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[_Form] = []
        self.links: list[str] = []
        self._open: _Form | None = None
        self._known: dict[str, _Form] = {}
        self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {key: value or "" for key, value in attrs}
        if tag == "form":
            self._open = _Form(told.get("action", ""), told.get("method", "get").upper())
            self.forms.append(self._open)
            self._known[told.get("id", "")] = self._open
        elif tag == "a":
            self.links.append(told.get("href", ""))
        form = self._known.get(told["form"]) if "form" in told else self._open
        if form is None or not told.get("name") and tag != "option":
            return
        if tag == "input" and told.get("type") == "file":
            form.files.append(told["name"])
        elif tag == "input" and told.get("type") == "radio":
            if told["name"] not in dict(form.fields):
                form.fields.append((told["name"], told.get("value", "on")))
        elif tag in ("input", "button"):
            form.fields.append((told["name"], told.get("value") or USUAL.get(told.get("type", ""), "文字")))
        elif tag == "textarea":
            form.fields.append((told["name"], "文字"))
        elif tag == "select":
            self._select = told["name"]
            form.fields.append((self._select, ""))
        elif tag == "option" and self._select and told.get("value"):
            place = [name for name, _ in form.fields].index(self._select)
            form.fields[place] = (self._select, form.fields[place][1] or told["value"])

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = None
        if tag == "select":
            self._select = ""


def doors_of(who: str, page: str, body: bytes) -> Iterator[Door]:
    """What a page offers to somebody."""
    seen = Forms()
    with contextlib.suppress(UnicodeDecodeError, AssertionError):
        seen.feed(body.decode())
    for form in seen.forms:
        target = urlsplit(form.action)
        path = target.path or page.partition("?")[0]
        fields = [(name, value) for name, value in form.fields if name != "csrfmiddlewaretoken"]
        if form.method == "GET":
            fields += parse_qsl(target.query)
        elif target.query:
            path += f"?{target.query}"
        yield Door(who, form.method, path, tuple(fields), tuple(form.files), page)
    for link in seen.links:
        target = urlsplit(link)
        if target.query and not target.scheme and not target.netloc:
            yield Door(who, "GET", target.path or page.partition("?")[0], tuple(parse_qsl(target.query)), (), page)
    given = urlsplit(page)
    if given.query:
        yield Door(who, "GET", given.path, tuple(parse_qsl(given.query)), (), page)


def found(world: World, pages: Iterable[tuple[str, str]]) -> list[Door]:
    """One door of each kind that (who, path) lead to, in the order in which they were seen."""
    seen: dict[tuple[Any, ...], Door] = {}
    for who, path in pages:
        answer = world.ask(who, "GET", path)
        if "html" not in "".join(answer.named("content-type")):
            continue
        for door in doors_of(who, path, answer.body):
            if not LEFT_OUT.search(door.path):
                seen.setdefault(door.kind, door)
    return list(seen.values())
