"""The live tail of a public stream as a websocket, and the base of every live room.

Watching needs no permission: what is on a public stream is public. Commands do, and each is one line that calls a
service; a refusal goes back to the one who asked, alone.
"""

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar

from channels.generic.websocket import AsyncWebsocketConsumer
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY, get_user_model
from django.db import DatabaseError
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext

from ledger.hub import RoomClosed, hub, in_pool
from ledger.signed_in import session_store, signed_in
from ledger.storage import Unavailable
from rulebook import clock
from rulebook.actor import STRANGER, Actor
from rulebook.refusal import Refused

log = logging.getLogger(__name__)

LONGEST = 4096  # bytes of one message from a viewer
PACE = 10.0  # messages a second from one viewer, with as many saved up
# 4000 + the code of RFC 6455: servers let an application close with codes of its own only.
TOO_BIG, NOT_JSON, NOT_UNDERSTOOD, TOO_MANY, FAILED = 4009, 4007, 4003, 4008, 4011


@dataclass(frozen=True)
class Command:
    """What a viewer asks for: its name, its fields, who asks and when the last byte of it was in."""

    name: str
    fields: Mapping[str, Any]
    by: Actor
    arrived_at: datetime


@dataclass
class Bucket:
    """Tokens that come back with time."""

    tokens: float = PACE
    seen: float = field(default_factory=lambda: asyncio.get_running_loop().time())

    def take(self) -> bool:
        """One token, if there is one."""
        present = asyncio.get_running_loop().time()
        self.tokens = min(PACE, self.tokens + (present - self.seen) * PACE)
        self.seen = present
        if self.tokens < 1:
            return False
        self.tokens -= 1
        return True


class TailConsumer(AsyncWebsocketConsumer):
    """Sends a stream's entries after the cursor `?after=SEQ`, then each new one, in order and none twice.

    A room adds `commands`: name -> method taking a Command. Messages are {"do": name, …}; the answer is
    {"done": name} or {"refused": [{"code", "text", "law"}], "do": name}, with the message's "id" if it had one.
    """

    commands: ClassVar[Mapping[str, Callable[[Any, Command], Awaitable[None]]]] = {}

    def stream(self) -> str:
        """The stream that is tailed; by default the one the address names."""
        return str(self.scope["url_route"]["kwargs"]["stream"])

    async def connect(self) -> None:
        after = cursor_of(self.scope["query_string"])
        if after is None:
            await self.close()
            return
        self.bucket = Bucket()
        await self.accept()
        self.sending = asyncio.ensure_future(self.follow(after))

    async def disconnect(self, code: int) -> None:
        if sending := getattr(self, "sending", None):
            sending.cancel()

    async def follow(self, cursor: int) -> None:
        """Send what comes after the cursor, for as long as the viewer stays and his session lasts."""
        user, key = self.scope.get("user"), getattr(self.scope.get("session"), "session_key", None)
        if user is not None and user.is_authenticated and key:
            with signed_in().watched(key, self.close):
                await self._follow(cursor)
        else:
            await self._follow(cursor)

    async def _follow(self, cursor: int) -> None:
        async with hub().watching(self.stream(), self.base_send, cursor) as viewer:
            try:
                await viewer.follow()
            except RoomClosed:
                await self.close(FAILED)
            except (OSError, RuntimeError):
                return  # the socket is gone, or closed on our side

    async def websocket_receive(self, message: dict[str, Any]) -> None:
        text = message.get("text")
        if text is None or len(text.encode()) > LONGEST:
            await self.close(TOO_BIG if text is not None else NOT_UNDERSTOOD)
            return
        if not self.bucket.take():
            await self.close(TOO_MANY)
            return
        try:
            fields = json.loads(text)
        except (ValueError, RecursionError):  # the latter where it is nested deeper than anything that is meant
            await self.close(NOT_JSON)
            return
        name = fields.get("do") if isinstance(fields, dict) else None
        if not isinstance(name, str) or name not in self.commands:
            await self.close(NOT_UNDERSTOOD)
            return
        await self.obey(name, fields, message.get("arrived_at") or clock.now())

    async def obey(self, name: str, fields: dict[str, Any], at: datetime) -> None:
        """Carry out a command and answer it."""
        answer: dict[str, Any] = {"do": name, **({"id": fields["id"]} if "id" in fields else {})}
        try:
            by = await in_pool(self.actor)
            await self.commands[name](self, Command(name, fields, by, at))
            answer["done"] = True
        except Refused as refusal:
            answer["refused"] = [
                {
                    "code": reason.code,
                    "text": gettext(reason.text).format_map(dict(reason.values)),
                    "law": str(reason.law) if reason.law else None,
                }
                for reason in refusal.reasons
            ]
        except (DatabaseError, Unavailable) as error:
            log.error("unavailable: %s", error)
            answer["unavailable"] = True
        await self.send(text_data=json.dumps(answer, ensure_ascii=False))

    async def act(self, service: Callable[..., Any], **facts: Any) -> None:
        """Call a service off the event loop."""
        await in_pool(lambda: service(**facts))

    def actor(self) -> Actor:
        """Who holds this socket now: the session is read anew, so a sign-out or a lost right bites at once."""
        session = self.scope.get("session")
        key = getattr(session, "session_key", None)
        if not key:
            return STRANGER
        stored = session_store()(key)
        users = get_user_model().objects.select_related("organisation")
        user = users.filter(pk=stored.get(SESSION_KEY), is_active=True).first()
        if user is None or not constant_time_compare(stored.get(HASH_SESSION_KEY, ""), user.get_session_auth_hash()):
            return STRANGER
        return user.as_actor()


def cursor_of(query: bytes) -> int | None:
    """The `after` of a query string, 0 when it has none; None when it is no number."""
    from urllib.parse import parse_qs

    given = parse_qs(query.decode("latin-1")).get("after", ["0"])[-1]
    return int(given) if given.isascii() and given.isdigit() and len(given) < 16 else None
