"""A gateway by docs/reaching.md on a real socket, confirmed addresses, and what was sent to them."""

import json
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from django.core import mail
from django.test import Client

from accounts import inbox
from accounts.models import User
from accounts.reaching import services, signing
from accounts.reaching.models import Contact
from accounts.reaching.rules import Way
from rulebook.actor import SYSTEM, Actor
from tests import cast
from tests.make import accounts, notifier

SECRET = "the-secret-of-the-gateways-in-tests-32"  # noqa: S105
PHONE, MAIL, OPENID = "13904780011", "chen@example.cn", "oXyz_0123456789abcdef"
CHANNELS = ("sms", "wechat", "voice")


class Gateway(ThreadingHTTPServer):
    """Takes messages, or does not.  answer: its status.  taken: what it was told, with the headers."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Door)
        self.answer, self.taken = 202, []
        self.url = f"http://127.0.0.1:{self.server_address[1]}/"

    answer: int
    taken: list[dict[str, Any]]


class _Door(BaseHTTPRequestHandler):
    server: Gateway

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.taken.append({**json.loads(body), "headers": dict(self.headers), "raw": body})
        self.send_response(self.server.answer)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing."""


@contextmanager
def gateway(settings: Any, *channels: str) -> Iterator[Gateway]:
    """A gateway that carries these channels, all but e-mail when none is named."""
    server = Gateway()
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    settings.GATEWAYS = dict.fromkeys(channels or CHANNELS, server.url)
    settings.GATEWAY_SECRET = SECRET
    yield server
    server.shutdown()
    server.server_close()


def has(actor: Actor, *ways: Way, at: Any = cast.NOON - cast.DAY) -> User:
    """A person of the cast who has confirmed these ways; all of them when none is named."""
    user = accounts.user(actor)
    for way in ways or tuple(Way):
        number = f"1390478{actor.person[-4:]}"
        addresses = {Way.PHONE: number, Way.EMAIL: f"p{number}@example.cn", Way.WECHAT: f"openid-{number}"}
        row = Contact(user=user, way=way.value, expires_at=at, confirmed_at=at)
        row.keep(addresses[way])
        row.save()
    return user


def waits(actor: Actor, way: Way, *, at: Any) -> Contact:
    """An address of a person of the cast that was named and not proved."""
    row = Contact(user=accounts.user(actor), way=way.value, expires_at=at + cast.DAY)
    row.keep("13904780012" if way is Way.PHONE else "zhou@example.cn")
    row.proof_hash = secrets.token_hex(32)
    row.save()
    return row


def post(actor: Actor, *, at: Any = cast.NOON, **told: Any) -> None:
    """A message to somebody, delivered to his inbox."""
    words = {"subject": "有一份通知", "body": "请查看", "link": "/desk/"} | told
    inbox.post(to_user=actor.person, at=at, **words)
    inbox.deliver(at=at)


def named(actor: Actor, way: Way, address: str, *, at: Any = cast.NOON) -> tuple[Contact, str]:
    """An address taken down, and the word that proves it."""
    user = accounts.user(actor)
    row, word = services.name_contact(user=user, way=way, address=address, source="here", by=actor, at=at)
    if way is Way.PHONE:
        word = notifier.code_for(address)
    if way is Way.EMAIL:
        word = mail.outbox[-1].body.strip().rsplit("/", 2)[1]
    return row, word


def told(client: Client, path: str, said: Any, *, at: Any, speaker: str = signing.GATEWAY, secret: str = SECRET) -> Any:
    """What a gateway says, signed."""
    body, stamp = json.dumps(said).encode(), str(int(at.timestamp()))
    signed = signing.signature(secret, speaker=speaker, stamp=stamp, body=body)
    headers = {signing.TIME_HEADER: stamp, signing.SIGNATURE_HEADER: signed}
    return client.post(f"/api/gateways/{path}", body, content_type="application/json", headers=headers)


__all__ = ["SYSTEM", "gateway", "has", "named", "post", "told"]
