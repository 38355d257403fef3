"""Late, cut-off and second-tab viewers all see the same story, in order, nothing twice."""

import asyncio
import json
import threading

import pytest
from channels.db import database_sync_to_async
from channels.testing import WebsocketCommunicator
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.db import connection, transaction

from accounts.models import User
from config.asgi import application
from config.sessions import SessionStore
from ledger import hub as hubs
from ledger import nudges, services
from rulebook.actor import Role
from rulebook.refusal import Kind, Reason, Refused
from tests.cast import NOON
from tests.make import ledger as make
from tests.make.ledger import seen

pytestmark = pytest.mark.django_db(transaction=True)
HOST = [(b"host", b"testserver"), (b"origin", b"http://testserver")]


def viewer(stream: str = "project/T-1", after: str = "", headers=HOST) -> WebsocketCommunicator:
    query = f"?after={after}" if after else ""
    return WebsocketCommunicator(application, f"/ws/streams/{stream}/{query}", headers=headers)


async def watching(after: str = "", stream: str = "project/T-1") -> WebsocketCommunicator:
    socket = viewer(stream, after)
    connected, _ = await socket.connect(timeout=5)
    assert connected
    return socket


say = database_sync_to_async(make.entry, thread_sensitive=False)


async def test_a_viewer_sees_what_is_recorded_as_it_is_recorded():
    socket = await watching()
    await say("开标")

    frame = json.loads(await socket.receive_from(timeout=10))

    assert frame.pop("line").startswith("<li")
    assert frame == {
        "stream": "project/T-1", "seq": 1, "at": "2026-11-24T04:00:00.000000Z", "kind": "test.said",
        "data": {"text": "开标"},
    }  # fmt: skip
    await socket.disconnect()


async def test_a_late_viewer_is_told_everything_first():
    for n in range(5):
        await say(str(n))

    socket = await watching()

    assert await seen(socket, 5) == [1, 2, 3, 4, 5]
    await say("6")
    assert await seen(socket, 1) == [6]
    await socket.disconnect()


async def test_a_viewer_who_was_cut_off_goes_on_where_he_was():
    for n in range(3):
        await say(str(n))
    first = await watching()
    assert await seen(first, 3) == [1, 2, 3]
    await first.disconnect()
    await say("while away")

    again = await watching(after="3")

    assert await seen(again, 1) == [4]
    assert await again.receive_nothing(timeout=0.2)
    await again.disconnect()


async def test_a_second_tab_shows_the_same():
    tabs = [await watching(), await watching()]
    for n in range(3):
        await say(str(n))

    assert [await seen(tab, 3) for tab in tabs] == [[1, 2, 3], [1, 2, 3]]
    for tab in tabs:
        await tab.disconnect()


async def test_news_is_read_and_encoded_once_however_many_watch(monkeypatch):
    encoded = []
    encode = hubs.lines.frame
    monkeypatch.setattr(hubs.lines, "frame", lambda entry: encoded.append(entry.seq) or encode(entry))
    sockets = [await watching() for _ in range(20)]

    await say("一")

    assert [await seen(socket, 1) for socket in sockets] == [[1]] * 20
    assert encoded == [1]
    for socket in sockets:
        await socket.disconnect()


async def test_a_lost_nudge_costs_a_moment_and_no_entry(monkeypatch):
    monkeypatch.setattr(hubs, "POLL", 0.3)
    socket = await watching()
    for listener in list(nudges._listeners):
        nudges.leave(listener)

    await say("unannounced")

    assert await seen(socket, 1) == [1]
    await socket.disconnect()


async def test_a_viewer_far_behind_is_served_from_the_database(monkeypatch):
    monkeypatch.setattr(hubs, "KEPT", 3)
    for n in range(10):
        await say(str(n))
    near = await watching(after="9")
    assert await seen(near, 1) == [10]

    far = await watching()
    await say("11")

    assert await seen(far, 11) == list(range(1, 12))
    for socket in (near, far):
        await socket.disconnect()


async def test_a_burst_from_many_writers_arrives_in_order_and_whole():
    socket = await watching()

    def write() -> None:
        try:
            for n in range(25):
                make.entry(str(n))
        finally:
            connection.close()  # its thread ends without telling; a server's last test would find it still there

    writers = [threading.Thread(target=write) for _ in range(4)]
    for writer in writers:
        writer.start()

    assert await seen(socket, 100) == list(range(1, 101))
    for writer in writers:
        await asyncio.to_thread(writer.join)
    await socket.disconnect()


async def test_viewers_are_sent_away_rather_than_left_waiting_when_a_line_cannot_be_told(monkeypatch, caplog):
    socket = await watching()
    monkeypatch.setattr(hubs.lines, "FALLBACK", "no/such/template.html")

    await say("一")

    assert (await socket.receive_output(timeout=10))["code"] == 4011
    assert "the reader of stream project/T-1 failed" in caplog.text
    await socket.disconnect()


async def test_streams_do_not_mix_and_a_closed_room_is_swept():
    socket = await watching(stream="keys")
    await say("elsewhere")
    assert await socket.receive_nothing(timeout=0.3)

    await socket.disconnect()
    await asyncio.sleep(0)

    assert not hubs.hub().rooms


async def test_what_is_sealed_is_never_shown():
    socket = await watching()
    await database_sync_to_async(make.sealed_entry, thread_sensitive=False)("1000000.00")

    assert await socket.receive_nothing(timeout=0.3)
    await socket.disconnect()


@pytest.mark.embedded
@pytest.mark.parametrize(
    "headers",
    [
        [(b"host", b"testserver")],
        [(b"host", b"testserver"), (b"origin", b"null")],
        [(b"host", b"testserver"), (b"origin", b"http://elsewhere.example")],
        [(b"host", b"testserver"), (b"origin", b"http://testserver.elsewhere.example")],
        [(b"host", b"testserver:8000"), (b"origin", b"http://testserver:9000")],
        [(b"host", b"elsewhere.example"), (b"origin", b"http://elsewhere.example")],
        [(b"origin", b"http://testserver")],
    ],
    ids=["missing", "null", "foreign", "prefix", "another port", "rebound name", "no host"],
)
async def test_pages_of_others_cannot_open_a_socket(headers):
    connected, _ = await viewer(headers=headers).connect(timeout=5)

    assert not connected


@pytest.mark.embedded
@pytest.mark.parametrize("after", ["-1", "x", "1e3", "9" * 20, "１"])
async def test_a_cursor_that_is_no_number_is_refused(after):
    connected, _ = await viewer(after=after).connect(timeout=5)

    assert not connected


@pytest.mark.embedded
@pytest.mark.parametrize(
    ("sent", "code"),
    [("x" * 5000, 4009), ("{", 4007), ("[]", 4003), ("{}", 4003), ('{"do": "nothing"}', 4003), ('{"do": 1}', 4003)],
)
async def test_what_is_not_understood_ends_the_conversation(sent, code):
    socket = await watching()

    await socket.send_to(text_data=sent)

    assert (await socket.receive_output(timeout=5))["code"] == code


async def test_bytes_end_the_conversation():
    socket = await watching()

    await socket.send_to(bytes_data=b"{}")

    assert (await socket.receive_output(timeout=5))["code"] == 4003


# --- rooms with commands ---------------------------------------------------------------------------------------------


def greet(*, by, at):
    """A service: officers may greet."""
    if by.role is not Role.OFFICER:
        raise Refused(Reason("test.not-officer", Kind.NOT_YOURS, "仅经办人可以{what}", None, {"what": "问候"}))
    make.entry(f"{by.name}问候", at=at)


@pytest.fixture
def room(monkeypatch):
    """The tail of every stream, with one command."""
    from ledger.tail import TailConsumer

    async def obey(consumer, command):
        await consumer.act(greet, by=command.by, at=command.arrived_at)

    monkeypatch.setattr(TailConsumer, "commands", {"greet": obey})


def signed_in(username: str = "wang") -> tuple[User, str]:
    user = User(username=username, name="王经办", role=Role.OFFICER)
    user.set_password("correct horse battery staple")
    user.save()
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session.save()
    return user, session.session_key


async def enter(session_key: str) -> WebsocketCommunicator:
    cookie = (b"cookie", f"{settings.SESSION_COOKIE_NAME}={session_key}".encode())
    socket = viewer(headers=[*HOST, cookie])
    await socket.connect(timeout=5)
    return socket


async def answers(socket: WebsocketCommunicator, count: int) -> list[dict]:
    return [json.loads(await socket.receive_from(timeout=10)) for _ in range(count)]


async def test_a_command_is_carried_out_and_the_room_sees_the_entry(room):
    _, key = await database_sync_to_async(signed_in)()
    socket, bystander = await enter(key), await watching()

    await socket.send_to(text_data='{"do": "greet", "id": 7}')

    told = await answers(socket, 2)
    assert {"do": "greet", "id": 7, "done": True} in told
    assert [json.loads(await bystander.receive_from(timeout=10))["data"]] == [{"text": "王经办问候"}]
    for each in (socket, bystander):
        await each.disconnect()


async def test_a_refusal_goes_to_the_one_who_asked(room):
    socket, bystander = await watching(), await watching()

    await socket.send_to(text_data='{"do": "greet"}')

    (told,) = await answers(socket, 1)
    assert told == {
        "do": "greet", "refused": [{"code": "test.not-officer", "text": "仅经办人可以问候", "law": None}]
    }  # fmt: skip
    assert await bystander.receive_nothing(timeout=0.2)
    for each in (socket, bystander):
        await each.disconnect()


@pytest.mark.parametrize("loss", ["sign-out", "dismissal", "new password"])
async def test_a_lost_right_bites_in_an_open_socket(room, loss):
    user, key = await database_sync_to_async(signed_in)()
    socket = await enter(key)

    def lose() -> None:
        if loss == "sign-out":
            SessionStore(key).delete()
        elif loss == "dismissal":
            User.objects.filter(pk=user.pk).update(is_active=False)
        else:
            user.set_password("another horse battery staple")
            user.save(update_fields=["password"])

    await database_sync_to_async(lose)()
    await socket.send_to(text_data='{"do": "greet"}')

    (told,) = await answers(socket, 1)
    assert told["refused"][0]["code"] == "test.not-officer"
    await socket.disconnect()


async def test_a_flood_is_cut(room):
    socket = await watching()

    for _ in range(12):
        await socket.send_to(text_data='{"do": "greet"}')

    told = []
    while (message := await socket.receive_output(timeout=10))["type"] == "websocket.send":
        told.append(message)
    assert message["code"] == 4008
    assert 9 <= len(told) <= 12


async def test_a_viewer_whose_line_is_full_holds_up_nobody_and_misses_nothing():
    quick, given = await watching(), []
    free = asyncio.Event()

    async def slow(message):
        await free.wait()
        given.extend(json.loads(line)["seq"] for line in message["text"].split("\n"))

    async with hubs.hub().watching("project/T-1", slow, 0) as viewer:
        following = asyncio.ensure_future(viewer.follow())
        await asyncio.sleep(0.3)
        for n in range(5):
            await say(str(n))
            assert await seen(quick, 1) == [n + 1]
        assert given == []

        free.set()
        await say("last")
        async with asyncio.timeout(10):
            while len(given) < 6:
                await asyncio.sleep(0.02)

        assert given == [1, 2, 3, 4, 5, 6]
        following.cancel()
    await quick.disconnect()


async def test_a_viewer_who_falls_further_behind_than_is_kept_is_still_told_everything(monkeypatch):
    monkeypatch.setattr(hubs, "KEPT", 2)
    socket = await watching()
    await say("1")
    assert await seen(socket, 1) == [1]

    def write() -> None:
        with transaction.atomic():
            for n in range(8):
                services.record(make.Said("project/T-1", str(n)), at=NOON)

    await database_sync_to_async(write, thread_sensitive=False)()

    assert await seen(socket, 8) == list(range(2, 10))
    await socket.disconnect()


@pytest.mark.parametrize("how", [OSError, RuntimeError])
async def test_a_socket_that_is_gone_or_closed_is_forgotten_and_holds_up_nobody(how):
    quick = await watching()

    async def cut(message):
        raise how("gone")

    async with hubs.hub().watching("project/T-1", cut, 0) as viewer:
        following = asyncio.ensure_future(viewer.follow())
        await asyncio.sleep(0.3)
        await say("1")
        with pytest.raises(how, match="gone"):
            await asyncio.wait_for(following, 10)
        assert viewer not in viewer.room.keeping_up
        assert await seen(quick, 1) == [1]
    await quick.disconnect()
