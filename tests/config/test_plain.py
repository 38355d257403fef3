"""A null character, and half a character, are refused at every door alike, on every database."""

import json

import pytest
from channels.testing import WebsocketCommunicator
from django.test import Client

from config.asgi import application
from config.plain import is_plain
from market.projects.models import Project
from tests import cast
from tests.make import accounts
from tests.make import bidding_offers as make
from tests.make.market import NUMBER

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]
PAGE = {"Accept": "text/html"}
HOST = [(b"host", b"testserver"), (b"origin", b"http://testserver")]


def test_what_is_plain():
    assert is_plain({"名": ["甲", 1, None, True, "𠮷", {"a": "\n"}], "b": b"\0"})
    for wrong in ("\0", "a\ud800", ["\0"], {"a": {"b": ["c", "\0"]}}, {"\0": 1}):
        assert not is_plain(wrong)


def test_a_message_in_the_hall_with_a_null_is_refused_and_one_without_is_heard():
    make.open_hall()
    host = accounts.client_of(cast.OFFICER)

    answers = [
        host.post(f"/projects/{NUMBER}/hall/messages", {"to": "all", "text": text}, headers=PAGE)
        for text in ("请核对\0报价", "请核对报价")
    ]

    assert [answer.status_code for answer in answers] == [422, 302]
    assert "无法保存的字符" in answers[0].content.decode()


@pytest.mark.parametrize(
    "address",
    ["/projects/a%00b/", "/notices/?stage=%00", "/blacklist/?q=%00", "/api/keys/%00", "/api/streams/%00/entries"],
)
def test_no_address_has_one(address):
    assert Client(raise_request_exception=False).get(address).status_code == 422


def test_a_programs_body_with_one_is_refused_in_the_same_words():
    for wrong in ("\0", "\ud800"):
        body = json.dumps({"v": "present/1", "unit": {"tender": wrong}})
        answer = Client().post(f"/api/projects/{NUMBER}/statements", body, content_type="application/json")

        assert answer.status_code == 422
        assert answer.json()["reasons"][0]["code"] == "request.not-plain"


def test_a_cookie_with_one_is_no_cookie():
    client = Client(raise_request_exception=False)
    client.cookies["sessionid"] = "\0abcdefghijk"  # sent in quotes, as \000

    assert client.get("/inbox/").status_code == 302
    assert Project.objects.count() == 0


@pytest.mark.parametrize(
    ("path", "cookies"),
    [
        ("/ws/streams/project%2F\0/", b""),
        ("/ws/streams/keys/?x=%00", b""),
        ("/ws/streams/keys/", b'sessionid="\\000a"'),
    ],
)
async def test_no_socket_is_opened_with_one(path, cookies):
    socket = WebsocketCommunicator(application, path, headers=[*HOST, (b"cookie", cookies)])

    assert not (await socket.connect(timeout=5))[0]
