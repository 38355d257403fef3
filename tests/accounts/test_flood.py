"""Doors of signed statements: a flood is refused by its source for seconds, and never at an honest bidder's cost."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client, RequestFactory
from redis import RedisError

from accounts import rules
from accounts.source import source_of
from config.api import api
from rulebook import clock
from tests import cast
from tests.make import accounts
from tests.make import bidding_offers as make
from tests.make.market import NUMBER

pytestmark = pytest.mark.django_db
DOOR = f"/api/projects/{NUMBER}/statements"
AT = cast.NOON + 2 * cast.MINUTE


@pytest.fixture(autouse=True)
def few(monkeypatch):
    monkeypatch.setattr(rules, "WRONG", 3)
    monkeypatch.setattr(rules, "SAID", 6)
    now = [AT]
    monkeypatch.setattr(clock, "system", lambda: now[0])
    return now


def say(statement: Any, *, source: str = "192.0.2.1", client: Client | None = None, door: str = DOOR) -> str:
    """ok, or the code of the refusal."""
    given = json.dumps(statement)
    answer = (client or Client()).post(door, given, content_type="application/json", REMOTE_ADDR=source)
    return "ok" if answer.status_code == 200 else answer.json()["reasons"][0]["code"]


def test_wrong_statements_are_cut_off_by_source_and_only_for_seconds(few):
    tender = make.open_hall()
    good = make.half(tender, cast.HETAO, "sheet", at=AT)

    assert [say({"v": "x"}) for _ in range(5)] == ["statement.not-heard"] * 3 + ["accounts.flood"] * 2
    assert say(good) == "accounts.flood"
    assert say(good, source="192.0.2.2") == "ok"
    few[0] += timedelta(seconds=rules.FLOOD_WINDOW)
    assert say(good) == "ok"


def test_good_ones_said_again_and_again_are_cut_off_too():
    tender = make.open_hall()
    good = make.half(tender, cast.HETAO, "sheet", at=AT)

    assert [say(good) for _ in range(7)] == ["ok"] * 6 + ["accounts.flood"]


def test_a_house_that_is_signed_in_answers_for_its_own_words_alone():
    make.open_tender()
    own, rival = accounts.client_of(cast.PROVIDER), accounts.client_of(cast.RIVAL)
    door = f"/api/projects/{NUMBER}/bids"

    said = [say({"subs": [{}]}, client=own, door=door) for _ in range(4)]

    assert said == ["statement.malformed"] * 3 + ["accounts.flood"]
    assert say({"subs": [{}]}, client=rival, door=door) == "statement.malformed"


def test_a_limiter_that_is_down_keeps_nobody_out(monkeypatch, settings):
    settings.REDIS_URL = "redis://gone.example"

    def down(*key: Any, **told: Any) -> None:
        raise RedisError("down")

    monkeypatch.setattr(cache, "add", down)

    assert [say({"v": "x"}) for _ in range(5)] == ["statement.not-heard"] * 5


def test_every_door_that_reads_a_body_is_limited():
    found = [
        operation.view_func
        for _, router in api._routers
        for path in router.path_operations.values()
        for operation in path.operations
        if any(model.__ninja_param_source__ == "body" for model in operation.models)
    ]

    assert len(found) >= 8
    assert all(getattr(door, "limited", False) for door in found), [door.__name__ for door in found]


def test_behind_our_proxy_the_source_is_whom_the_proxy_names_and_nobody_names_himself(settings):
    def source(peer: str, said: str = "") -> str:
        return source_of(RequestFactory().get("/", REMOTE_ADDR=peer, headers={"X-Forwarded-For": said}))

    assert source("10.0.0.1", "192.0.2.9") == source("10.0.0.1")
    settings.TRUSTED_PROXIES = ["10.0.0.1"]
    assert source("10.0.0.1", "198.51.100.1, 192.0.2.9") == source("192.0.2.9")
    assert source("192.0.2.9", "198.51.100.1") == source("192.0.2.9")
