"""Pages under an ASGI server: the whole request first, one thread for it, long answers a piece at a time."""

import asyncio
import threading

import pytest
from django.http import FileResponse, HttpRequest, HttpResponse
from django.urls import path

from config import pages

MIB = 2**20
asked: list[str] = []


def echo(request: HttpRequest) -> HttpResponse:
    asked.append(threading.current_thread().name)
    response = HttpResponse(request.body, headers={"X-Root": request.get_full_path()})
    response.set_cookie("a", "1")
    return response


def long(request: HttpRequest) -> FileResponse:
    return FileResponse(open(request.headers["X-File"], "rb"))


urlpatterns = [path("echo", echo), path("long", long)]
pytestmark = pytest.mark.urls(__name__)


@pytest.fixture(autouse=True)
def bare(settings):
    settings.MIDDLEWARE = []
    asked.clear()


async def ask(where: str, *body: bytes, pause: float = 0, headers=(), gone: bool = False, **scope):
    """Status, headers and the pieces of the body of one answer; None when there was none."""
    left = [{"type": "http.request", "body": piece, "more_body": True} for piece in body]
    left += [{"type": "http.disconnect"} if gone else {"type": "http.request", "body": b"", "more_body": False}]
    told = []

    async def receive():
        await asyncio.sleep(pause)
        return left.pop(0)

    async def send(message):
        told.append(message)

    asking = {"type": "http", "method": "POST", "path": where, "query_string": b"", "headers": list(headers), **scope}
    await pages.Pages()(asking, receive, send)
    if not told:
        return None
    return told[0]["status"], dict(told[0]["headers"]), [message.get("body", b"") for message in told[1:]]


async def test_a_request_is_answered_by_one_thread_of_the_pool_when_its_last_byte_is_in():
    status, headers, pieces = await ask("/echo", b"one ", b"two", root_path="/elsewhere")

    assert (status, b"".join(pieces)) == (200, b"one two")
    assert headers[b"Set-Cookie"].startswith(b"a=1")
    assert headers[b"X-Root"] == b"/echo"  # whatever address a client says we stand under
    assert asked[0].startswith("pages")


async def test_who_leaves_before_the_end_of_his_request_is_not_obeyed():
    assert await ask("/echo", b"half of it", gone=True) is None
    assert not asked


async def test_a_body_that_trickles_is_given_up_and_a_long_one_on_a_slow_line_is_not(monkeypatch):
    monkeypatch.setattr(pages, "GRACE", 0.2)

    assert (await ask("/echo", *[b"x"] * 100, pause=0.02))[0] == 408
    assert not asked
    assert (await ask("/echo", *[b"x" * 1024] * 15, pause=0.02))[0] == 200


async def test_a_body_longer_than_any_envelope_is_refused(settings, monkeypatch):
    settings.ENVELOPE_LIMIT = 10
    monkeypatch.setattr(pages, "ENVELOPE_AND_MORE", 10)

    assert (await ask("/echo", b"x" * 20))[0] == 200
    assert (await ask("/echo", b"x" * 21))[0] == 413
    assert len(asked) == 1


async def test_a_long_file_is_sent_a_piece_at_a_time_as_fast_as_its_reader_takes_it(tmp_path):
    file = tmp_path / "long"
    file.write_bytes(b"z" * 2 * MIB)

    status, headers, pieces = await ask("/long", headers=[(b"x-file", str(file).encode())])

    assert (status, headers[b"Content-Length"]) == (200, b"%d" % (2 * MIB))
    assert len(b"".join(pieces)) == 2 * MIB
    assert max(map(len, pieces)) <= pages.PIECE
