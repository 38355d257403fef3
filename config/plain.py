"""What is not heard: other methods than ours, programs in clear, and text that nobody means.

A null character or half a character (a lone surrogate) is in no text anybody means, and no database keeps both.
Signed statements refuse them by themselves (`proofs.statement`); here are the doors: pages, programs' doors, sockets.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any
from urllib.parse import unquote_to_bytes

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.cookie import parse_cookie
from ninja.parser import Parser

from config.refusals import refused
from rulebook.refusal import Kind, Reason, Refused

METHODS = ("DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT")
NOT_PLAIN = Reason(
    "request.not-plain", Kind.NOT_VALID, "提交的内容含有无法保存的字符（空字符或不完整的字符），请删除后重新提交"
)


def is_plain(value: Any) -> bool:
    """Whether every text in a value of lists, mappings and plain values can be kept as it is."""
    if isinstance(value, str):
        return "\0" not in value and (value.isascii() or not any("\ud800" <= one <= "\udfff" for one in value))
    if isinstance(value, Mapping):
        return all(is_plain(name) and is_plain(item) for name, item in value.items())
    return isinstance(value, bytes) or not isinstance(value, Iterable) or all(map(is_plain, value))


class Heard:
    """Middleware: other methods than ours are not heard, nor programs that come in clear where https is spoken.

    A person's browser is led on to https; a program that was would go on sending its secrets in clear, unnoticed.
    A cookie that is not plain is none of ours.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.only_https = settings.SECURE_SSL_REDIRECT

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in METHODS:
            return _short("405", 405, {"Allow": ", ".join(METHODS)})
        if self.only_https and not request.is_secure() and request.path.startswith("/api/"):
            return _short("https", 403, {})
        for name in [name for name, value in request.COOKIES.items() if not is_plain(value)]:
            del request.COOKIES[name]
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *view: Any) -> HttpResponse | None:
        # The bodies of programs' doors are read by `PlainBodies`, or not at all before their service wants them.
        form = request.method == "POST" and not request.path_info.startswith("/api/")
        if (
            is_plain(request.path_info)
            and (not request.META.get("QUERY_STRING") or is_plain(dict(request.GET.lists())))
            and (not form or is_plain(dict(request.POST.lists())))
        ):
            return None
        return refused(request, Refused(NOT_PLAIN))


def _short(words: str, status: int, headers: dict[str, str]) -> HttpResponse:
    told = {**headers, "X-Content-Type-Options": "nosniff"}
    return HttpResponse(words, status=status, content_type="text/plain; charset=utf-8", headers=told)


class PlainBodies(Parser):
    """Reads the JSON of programs' doors.  Refused when a text or a name in it is not plain."""

    def parse_body(self, request: HttpRequest) -> Any:
        told = super().parse_body(request)
        if not is_plain(told):
            raise Refused(NOT_PLAIN)
        return told


def is_plain_socket(path: str, query: bytes, cookies: bytes) -> bool:
    """Whether what opens a socket is plain: its address and its cookies."""
    return is_plain([path, parse_cookie(cookies.decode("latin-1"))]) and b"\0" not in unquote_to_bytes(query)
