"""A socket ends with the session it was opened in, and a stranger's has none to end with."""

import asyncio

import pytest
from channels.db import database_sync_to_async
from django.db import connection

from accounts.models import BrowserSession, User
from config.sessions import SessionStore
from ledger import signed_in
from tests.ledger.test_tail import enter, watching
from tests.ledger.test_tail import signed_in as a_session

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("loss", ["sign-out", "dismissal"])
async def test_a_socket_that_only_listens_is_closed_when_its_session_ends(monkeypatch, loss):
    monkeypatch.setattr(signed_in, "LOOK", 0.05)
    user, key = await database_sync_to_async(a_session)()
    _, other = await database_sync_to_async(a_session)("li")
    socket, rest, stranger = await enter(key), await enter(other), await watching()
    await asyncio.sleep(0.2)

    def lose() -> None:
        if loss == "sign-out":
            BrowserSession.objects.filter(session_key=SessionStore.row_key(key)).delete()
        else:
            User.objects.filter(pk=user.pk).update(is_active=False)

    await database_sync_to_async(lose)()

    assert await socket.receive_output(timeout=10) == {"type": "websocket.close", "code": signed_in.ENDED}
    for each in (rest, stranger):
        assert await each.receive_nothing(timeout=0.2)
        await each.disconnect()


@pytest.mark.django_db
def test_one_statement_asks_for_all(django_assert_num_queries):
    assert connection
    with django_assert_num_queries(1):
        assert signed_in.standing({f"{n:032d}" for n in range(300)}) == set()
