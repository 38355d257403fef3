"""Who is signed in: Django's sessions and users, read by two statements that are not composed anew for each request."""

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.contrib.sessions.backends import db
from django.db import connection

from accounts.models import User
from ledger.written_out import row_of

_SESSION = "SELECT session_data FROM django_session WHERE session_key = %s AND expire_date > CURRENT_TIMESTAMP"
_COLUMNS = tuple(field.attname for field in User._meta.concrete_fields)
_USER = f"SELECT {', '.join(_COLUMNS)} FROM accounts_user WHERE id = %s"


class SessionStore(db.SessionStore):
    """Django's database session."""

    def load(self) -> dict[str, Any]:
        with connection.cursor() as cursor:
            cursor.execute(_SESSION, [self.session_key])
            row = cursor.fetchone()
        if row is None:
            self._session_key = None
            return {}
        return self.decode(row[0])


class Passwords(ModelBackend):
    """Django's way of signing in by name and password."""

    def get_user(self, user_id: int) -> User | None:
        with connection.cursor() as cursor:
            cursor.execute(_USER, [user_id])
            row = cursor.fetchone()
        user = row_of(User, _COLUMNS, row) if row else None
        return user if user and self.user_can_authenticate(user) else None
