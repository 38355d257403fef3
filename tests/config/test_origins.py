"""Another site's page does nothing here in a visitor's name, though his browser sends his cookies and even a token."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, get_resolver
from ninja.constants import NOT_SET

from bidding.opening.models import Opening
from config.api import api
from rulebook import clock
from tests import cast
from tests.make import accounts
from tests.make import bidding_offers as make
from tests.make.market import NUMBER

pytestmark = [pytest.mark.embedded, pytest.mark.django_db]
OWN = "http://testserver"
FOREIGN = (
    "null", "http://elsewhere.example", "http://testserver.elsewhere.example", "http://testserver:9000",
    "https://testserver",
)  # fmt: skip
PAUSE = f"/projects/{NUMBER}/hall/pause"


def visitor(token: str = "t" * 32) -> Client:
    """The host's browser; a token it holds goes with whatever it sends."""
    client = Client(enforce_csrf_checks=True, headers={"X-CSRFToken": token} if token else {})
    client.force_login(accounts.user(cast.OFFICER))
    if token:
        client.cookies["csrftoken"] = token
    return client


def patterns(found: Any, before: str = "") -> Iterator[tuple[str, URLPattern]]:
    for one in found:
        if hasattr(one, "url_patterns"):
            yield from patterns(one.url_patterns, before + str(one.pattern))
        else:
            yield before + str(one.pattern), one


def doors() -> set[tuple[str, str]]:
    """Every programs' door that changes something by the right of a session: its method and address."""
    return {
        (method, "/api/" + re.sub(r"\{[^}]*\}", NUMBER, f"{prefix}{path}").lstrip("/"))
        for prefix, router in api._routers
        for path, view in router.path_operations.items()
        for operation in view.operations
        if operation.auth_callbacks or (operation.auth_param is NOT_SET and router.auth)
        for method in operation.methods
        if method not in ("GET", "HEAD", "OPTIONS")
    }


def test_no_programs_door_with_a_session_opens_to_another_origin_or_without_a_token(
    caplog: pytest.LogCaptureFixture,
) -> None:
    found, strict, tokenless = doors(), visitor(), visitor("")
    assert len(found) >= 9

    def shut(client: Client, method: str, address: str, origin: str) -> bool:
        """Whether it is the guard that refused, and not what is behind it."""
        caplog.clear()
        answer = client.generic(method, address, headers={"Origin": origin})
        return "django.security.csrf" in [record.name for record in caplog.records] and answer.status_code == 403

    for method, address in sorted(found):
        assert all(shut(strict, method, address, origin) for origin in FOREIGN), (method, address)
        assert shut(tokenless, method, address, OWN), (method, address)
        assert not shut(strict, method, address, OWN), (method, address)


def test_no_page_is_without_that_guard() -> None:
    open_to_all = [path for path, one in patterns(get_resolver().url_patterns) if hasattr(one.callback, "csrf_exempt")]

    assert [path for path in open_to_all if not path.startswith("api/")] == []


def test_an_act_in_the_hall_takes_a_token_and_this_sites_own_origin(monkeypatch: pytest.MonkeyPatch) -> None:
    make.open_hall()
    clock.forget()
    monkeypatch.setattr(clock, "system", lambda: cast.NOON + 2 * cast.MINUTE)
    for origin in FOREIGN:
        assert visitor().post(PAUSE, {"reason": "x"}, headers={"Origin": origin}).status_code == 403, origin
    # Where a browser names no origin, it names the page it comes from, or is refused on a site that is served safely.
    assert visitor().post(PAUSE, {"reason": "x"}, secure=True).status_code == 403
    assert not Opening.objects.get().paused_at
    assert visitor().post(PAUSE, {"reason": "x"}, headers={"Origin": OWN}).status_code == 302
    assert Opening.objects.get().paused_at
