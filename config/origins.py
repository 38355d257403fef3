"""Sockets are opened by our own pages or by programs that say so: the Origin must be this very house."""

from urllib.parse import urlsplit

from channels.security.websocket import WebsocketDenier
from django.conf import settings
from django.http.request import split_domain_port, validate_host

from config.arrival import Receive, Scope, Send
from config.plain import is_plain_socket


class SameOrigin:
    """Refuses (403) a socket whose Origin is missing, `null`, or of another host or port than the one addressed, or
    whose address or cookies are not plain text."""

    def __init__(self, inner: object) -> None:
        self.inner = inner

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        given = self.inner if self.is_same(scope) else WebsocketDenier.as_asgi()
        await given(scope, receive, send)  # type: ignore[operator]

    def is_same(self, scope: Scope) -> bool:
        headers: dict[bytes, bytes] = dict(scope["headers"])
        origin = urlsplit(headers.get(b"origin", b"").decode("latin-1"))
        host = headers.get(b"host", b"").decode("latin-1")
        ours = validate_host(split_domain_port(host)[0], settings.ALLOWED_HOSTS)
        if not is_plain_socket(scope["path"], scope["query_string"], headers.get(b"cookie", b"")):
            return False
        return ours and origin.scheme in ("http", "https") and origin.netloc.lower() == host.lower()
