"""What stands around every door: origins, hosts, cookies, frames, paths that climb, requests that hide another."""

import re
from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from django.http import HttpResponse
from django.test import Client

from config.urls import urlpatterns
from tests import cast
from tests.config.declaring import rows
from tests.config.test_matrix import filled
from tests.config.test_origins import FOREIGN, visitor
from tests.hardening import wire
from tests.hardening.wire import asked
from tests.make import accounts
from tests.make import bidding_offers as make
from tests.make.market import NUMBER

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]
assert urlpatterns


def test_no_form_is_taken_from_another_origin() -> None:
    """Every address that takes one, by turns from each foreign origin and without a token."""
    strict, tokenless = visitor(), visitor("")
    for turn, (path, (_, acts, _)) in enumerate(rows("pages").items()):
        if acts == "-":
            continue
        where, origin = filled(path, {"": NUMBER}), FOREIGN[turn % len(FOREIGN)]
        sent = strict.post(where, headers={"Origin": origin, "Accept": "application/json"})
        assert sent.status_code == 403, (path, origin, sent.status_code)
        if turn % 8 == 0:
            sent = tokenless.post(where, headers={"Origin": "http://testserver", "Accept": "application/json"})
            assert sent.status_code == 403, (path, sent.status_code)


def test_no_answer_lets_another_origin_read_it_framed_or_guessed() -> None:
    """Only open data may be read from everywhere; nothing goes with a visitor's cookies."""
    make.open_tender()
    client = accounts.client_of(cast.PROVIDER)
    told = {"": NUMBER}
    pages = [filled(path, told) for path, (reads, _, _) in rows("pages").items() if reads == "everybody"][::16]
    pages += ["/api/projects", f"/api/projects/{NUMBER}", "/api/openapi.json", "/nowhere", "/ocds/"]
    for path in pages:
        for method in ("get", "options") if path.startswith(("/api/", "/ocds/")) else ("get",):
            answer = getattr(client, method)(
                path, headers={"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"}
            )
            opened = answer.get("Access-Control-Allow-Origin", "")
            assert opened in ("", "*") and "Access-Control-Allow-Credentials" not in answer, path
            assert not opened or path.startswith("/ocds/"), path
        answer = client.get(path) if method == "options" else answer
        assert answer["X-Content-Type-Options"] == "nosniff" and answer["X-Frame-Options"] == "DENY", path
        assert "frame-ancestors 'none'" in answer["Content-Security-Policy"], path
        assert answer["Referrer-Policy"] == answer["Cross-Origin-Opener-Policy"] == "same-origin", path
        assert "Server" not in answer and "X-Powered-By" not in answer, path


def test_another_host_s_name_is_no_way_in() -> None:
    for host in (
        "evil.example",
        "localhost.evil.example",
        "localhost:80@evil.example",
        "evil.example#localhost",
        "a b",
    ):
        for told in ({"Host": host}, {"Host": "localhost", "X-Forwarded-Host": host, "Forwarded": f"host={host}"}):
            answer = Client().get("/accounts/login/?next=/desk/", headers=told)
            assert answer.status_code == (400 if told["Host"] == host else 200), (host, answer.status_code)
            assert b"evil" not in answer.content


def test_nobody_is_led_to_another_site() -> None:
    """Whatever says where to go next: the word in the address, the form's own, where the browser came from."""
    client = accounts.client_of(cast.OFFICER)
    away = (
        "//evil.example", "https://evil.example/", "/\\evil.example", "\\\\evil.example", "https:evil.example",
        "http:///evil.example", "/%09/evil.example", "\t//evil.example", "javascript:alert(1)",
        "//evil.example/\r\nX: y",
        "https://testserver@evil.example", "https://testserver.evil.example/", "////evil.example",
        "\x01https://evil.example",
    )  # fmt: skip
    for to in away:
        answers: list[HttpResponse] = [
            client.get("/language/en/", {"to": to}),
            Client().post("/accounts/login/", {"next": to}),
            client.post("/regions/choose/", {"region": "15", "to": to, "next": to}, headers={"Referer": to.strip()}),
            client.post("/inbox/read/", {"next": to, "page": to}),
            client.get("/accounts/login/", {"next": to}),
            client.get(f"//evil.example/%2e%2e/{to.strip()}"),
        ]
        for answer in answers:
            assert answer.status_code < 500, to
            where = answer.get("Location", "/")
            assert where.startswith("/") and not re.match(r"/[/\\\t]", where), (to, where)


def test_cookies_go_with_this_site_s_own_requests_alone() -> None:
    client = Client()
    client.get("/accounts/login/")
    client.get("/language/en/")
    held = client.cookies
    assert {"csrftoken", "language"} <= set(held)
    assert all(
        each["httponly"] and each["samesite"] == "Lax" and each["path"] == "/" and not each["domain"]
        for each in held.values()
    )


def test_json_that_is_nested_without_end_is_a_mistake_of_whoever_sends_it() -> None:
    client = accounts.client_of(cast.PROVIDER)
    for body in (
        b"[" * 100_000,
        b'{"a":' * 50_000,
        b"[" * 900 + b"]" * 900,
        b'{"statement":' + b"[" * 900 + b"]" * 900 + b"}",
        b"9" * 5000,
    ):
        for path in (
            "/api/keys",
            "/api/holders/ready",
            f"/api/projects/{NUMBER}/bids",
            "/api/tips/send",
            "/api/gateways/reports",
        ):
            answer = client.post(path, body, content_type="application/json")
            assert 400 <= answer.status_code < 500, (path, body[:20], answer.status_code)


# --- at the port -----------------------------------------------------------------------------------------------------

CLIMBS = (
    "/static/../config/settings.py", "/static/%2e%2e/config/settings.py", "/static/..%2fconfig/settings.py",
    "/static/..%5cconfig%5csettings.py", "/static//etc/passwd", "/static/%00", "/static/.../etc",
    "/../../etc/passwd",
    "/blobs/..%2f..%2fsecret", "/log/tile/../../secret", "/log/tile/0/..%2f..%2f..%2fsecret",
    "/log/tile/%2fetc%2fpasswd",
    "/log/tile/0/x001/../../../../keys/log.key", "/draws/..%2f..%2f/", "/catalogue/..%2f..%2f/sheet.pdf",
    f"/projects/{NUMBER}/documents/..%2f..%2fsecret", "/.git/config", "/.env", "/static/.git/config", "/manage.py",
    "/static/admin/css/base.css", "/mingbiao.sqlite3", "/data/secret", "/api/../secret", "//etc/passwd",
    "http://evil.example/", "/%c0%ae%c0%ae/etc/passwd", "/;/healthz/..;/", "/server-status", "/debug", "/metrics",
)  # fmt: skip
SECRET = re.compile(rb"root:x:0|SECRET_KEY|PRIVATE\+KEY|SQLite format|\[core\]|from pathlib")


@pytest.fixture
async def port() -> "Iterator[int]":
    async with wire.served() as house:
        yield house.port


@pytest.mark.django_db(transaction=True)
async def test_no_path_climbs_out(port: int) -> None:
    for path in CLIMBS:
        status, answer = await asked(
            port, f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode()
        )
        assert status in (0, 301, 302, 400, 404, 405) or path.startswith("http:"), (path, status)
        assert not SECRET.search(answer) and b"evil.example" not in answer, path


INNER = b"GET /api/openapi.json HTTP/1.1\r\nHost: localhost\r\n\r\n"
CHUNK = b"0\r\n\r\n"


def hidden() -> dict[str, bytes]:
    """Requests of which one reader sees one and another sees two, the second /api/openapi.json."""
    head = b"POST /nowhere HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
    both = b"Content-Length: %d\r\nTransfer-Encoding: chunked\r\n\r\n" % len(CHUNK + INNER)
    return {
        "length and chunks": head + both + CHUNK + INNER,
        "two lengths": head + b"Content-Length: 0\r\nContent-Length: %d\r\n\r\n" % len(INNER) + INNER,
        "two lengths in one": head + b"Content-Length: 0, %d\r\n\r\n" % len(INNER) + INNER,
        "a signed length": head + b"Content-Length: +0\r\n\r\n" + INNER,
        "a negative length": head + b"Content-Length: -1\r\n\r\n" + INNER,
        "a length in hex": head + b"Content-Length: 0x0\r\n\r\n" + INNER,
        "chunks, then not": head + b"Transfer-Encoding: chunked, identity\r\n\r\n" + CHUNK + INNER,
        "chunks twice": head + b"Transfer-Encoding: chunked\r\nTransfer-Encoding: x\r\n\r\n" + CHUNK + INNER,
        "hidden chunks": head + b"Content-Length: 5\r\nTransfer-Encoding : chunked\r\n\r\n" + CHUNK + INNER,
        "folded chunks": head + b"Content-Length: 5\r\nTransfer-Encoding:\r\n chunked\r\n\r\n" + CHUNK + INNER,
        "odd chunks": head + b"Transfer-Encoding: \x0bchunked\r\n\r\n" + CHUNK + INNER,
        "a chunk's size": head + b"Transfer-Encoding: chunked\r\n\r\n0x0\r\n\r\n" + INNER,
        "an endless chunk": head + b"Transfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n" + INNER,
        "bare ends": b"POST /nowhere HTTP/1.1\nHost: localhost\nContent-Length: 0\n\n" + INNER,
        "a null": head + b"X: a\0b\r\n\r\n" + INNER,
        "no version": b"GET /nowhere\r\n" + INNER,
        "two hosts": head + b"Host: evil.example\r\nContent-Length: 0\r\n\r\n",
    }


@pytest.mark.django_db(transaction=True)
async def test_no_request_hides_another(port: int) -> None:
    await check_hidden(SimpleNamespace(port=port))


async def check_hidden(house: SimpleNamespace, *known: str) -> None:
    """A request that can be read in two ways is refused, or its connection ends with it.

    known: names of those that this server reads as two, and passes on as the two that they are.
    """
    for name, said in hidden().items():
        if name in known:
            continue
        _, answer = await asked(house.port, said)
        assert b"openapi" not in answer, name
        # 501 is what RFC 9112 §6.1 has nginx say to a transfer coding that it does not know.
        faults = answer.replace(b"HTTP/1.1 501 ", b"HTTP/1.1 400 ") if "chunks" in name else answer
        assert answer.count(b"HTTP/1.1 ") <= 2 and b"HTTP/1.1 5" not in faults, (name, answer[:200])
