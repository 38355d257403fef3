"""Who is signed in: Django's sessions and users, read by two statements that are not composed anew for each request."""

import weakref
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid5

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.backends import ModelBackend
from django.contrib.messages.storage.base import BaseStorage
from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.messages.storage.session import SessionStorage
from django.contrib.sessions.backends import db
from django.db import connection
from django.http import HttpRequest
from django.utils.functional import cached_property

from accounts.models import User
from accounts.sessions.models import BrowserSession
from accounts.sessions.rules import FACTS
from ledger.written_out import row_of

_COLUMNS_OF_SESSION = ("session_data", "expire_date", "seen_at")  # in the table's order
_SESSION = (
    f"SELECT {', '.join(_COLUMNS_OF_SESSION)} FROM accounts_browsersession"
    " WHERE session_key = %s AND expire_date > CURRENT_TIMESTAMP"
)
_COLUMNS = tuple(field.attname for field in User._meta.concrete_fields)
_USER = f"SELECT {', '.join(_COLUMNS)} FROM accounts_user WHERE id = %s"


class SessionStore(db.SessionStore):
    """Django's database session, in a table that says whose it is, and whose end does not move once somebody is in.

    seen_at: when it was last seen, as stored.  ends: of which sign-in, and when.

    A row is found by the digest of its cookie: who reads the tables, a replica or a backup, is nobody by that.
    """

    seen_at: datetime | None = None
    ends: tuple[str, datetime] | None = None

    @staticmethod
    def row_key(session_key: str | None) -> str:
        """Under which key the session of a cookie is kept; empty for none. It has 165 bits: no salt is needed."""
        return sha256(session_key.encode()).hexdigest()[:40] if session_key else ""

    @property
    def row(self) -> str:
        """Under which key this one is kept."""
        return self.row_key(self.session_key)

    def exists(self, session_key: str) -> bool:
        return bool(super().exists(self.row_key(session_key)))

    def delete(self, session_key: str | None = None) -> None:
        if key := session_key or self.session_key:
            super().delete(self.row_key(key))

    @classmethod
    def get_model_class(cls) -> type[BrowserSession]:
        return BrowserSession

    def load(self) -> dict[str, Any]:
        with connection.cursor() as cursor:
            cursor.execute(_SESSION, [self.row])
            row = cursor.fetchone()
        if row is None:
            self._session_key = None
            return {}
        kept = row_of(BrowserSession, _COLUMNS_OF_SESSION, row)
        self.seen_at = kept.seen_at
        told: dict[str, Any] = self.decode(kept.session_data)
        self.ends = (told[FACTS]["id"], kept.expire_date) if FACTS in told else None
        return told

    def create_model_instance(self, data: dict[str, Any]) -> BrowserSession:
        row: BrowserSession = super().create_model_instance(data)
        row.session_key = self.row_key(row.session_key)
        row.user_id = data.get(SESSION_KEY)
        row.public_id = uuid5(NAMESPACE_OID, row.session_key)
        if facts := data.get(FACTS):
            row.public_id, row.device, row.place = UUID(facts["id"]), facts["device"], facts["place"]
            row.since = datetime.fromisoformat(facts["since"])
            row.seen_at = self.seen_at = self.seen_at or row.since
            if self.ends and self.ends[0] == facts["id"]:
                row.expire_date = self.ends[1]
        return row


class Passwords(ModelBackend):
    """Django's way of signing in by name and password."""

    def get_user(self, user_id: int) -> User | None:
        with connection.cursor() as cursor:
            cursor.execute(_USER, [user_id])
            row = cursor.fetchone()
        user = row_of(User, _COLUMNS, row) if row else None
        return user if user and self.user_can_authenticate(user) else None


class _Noted(CookieStorage):
    cookie_name = f"{settings.COOKIES}messages"


class Messages(FallbackStorage):
    """Django's way of saying something on the next page, under a cookie's name that says how it came."""

    storage_classes = (_Noted, SessionStorage)

    def __init__(self, request: HttpRequest) -> None:
        BaseStorage.__init__(self, weakref.proxy(request))  # which holds this
        self._used_storages = set()

    @cached_property
    def storages(self) -> list[BaseStorage]:
        """Made when something is to be said: hardly a page has anything."""
        return [made(self.request) for made in self.storage_classes]
