"""A null character or half a character (a lone surrogate) is in no text anybody means, and no database keeps both.

Signed statements refuse them by themselves (`proofs.statement`); here are the doors: pages, programs' doors, sockets.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any
from urllib.parse import unquote_to_bytes

from django.http import HttpRequest, HttpResponse
from django.http.cookie import parse_cookie
from ninja.parser import Parser

from config.refusals import refused
from rulebook.refusal import Kind, Reason, Refused

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


class PlainText:
    """Middleware: refuses (422) an address or a form that is not plain; a cookie that is not is none of ours."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        for name in [name for name, value in request.COOKIES.items() if not is_plain(value)]:
            del request.COOKIES[name]
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *view: Any) -> HttpResponse | None:
        # The bodies of programs' doors are read by `PlainBodies`, or not at all before their service wants them.
        sent: list[Any] = [request.path_info]
        if request.META.get("QUERY_STRING"):
            sent.append(dict(request.GET.lists()))
        if request.method == "POST" and not request.path_info.startswith("/api/"):
            sent.append(dict(request.POST.lists()))
        if is_plain(sent):
            return None
        return refused(request, Refused(NOT_PLAIN))


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
