"""The instant of arrival is the outermost layer's, and nobody else's to say."""

from datetime import datetime, timedelta

import pytest
from django.test import Client, RequestFactory, override_settings

from config import timekeeper
from config.arrival import LONGEST, ArrivalStamp, Stamped
from config.arrival import arrival as arrival_of
from config.watching import metrics
from ledger import underway
from ledger.models import Underway
from rulebook import clock
from tests.cast import HOUR, NOON, OFFICER
from tests.make import accounts as make


@pytest.fixture
def hands(monkeypatch):
    """A clock that goes on a second at each look."""
    told = [NOON]

    def system() -> datetime:
        told[0] += timedelta(seconds=1)
        return told[0]

    monkeypatch.setattr(clock, "system", system)
    return told


async def test_a_request_has_arrived_when_its_last_byte_is_in(hands):
    scope = {"type": "http"}
    messages = iter([{"type": "http.request", "more_body": True}, {"type": "http.request", "more_body": False}])
    stamps = []

    async def receive():
        return next(messages)

    async def inner(scope, receive, send):
        for _ in range(2):
            await receive()
            stamps.append(scope.get("arrived_at"))

    await ArrivalStamp(inner)(scope, receive, None)

    assert stamps == [None, NOON + timedelta(seconds=1)]


async def test_every_socket_message_is_stamped_for_itself(hands):
    async def receive():
        return {"type": "websocket.receive", "text": "{}"}

    stamps = []

    async def inner(scope, receive, send):
        stamps.extend([(await receive())["arrived_at"] for _ in range(2)])

    await ArrivalStamp(inner)({"type": "websocket"}, receive, None)

    assert stamps == [NOON + timedelta(seconds=1), NOON + timedelta(seconds=2)]


async def test_other_messages_are_left_alone(hands):
    async def receive():
        return {"type": "lifespan.startup"}

    async def inner(scope, receive, send):
        assert "arrived_at" not in await receive()

    await ArrivalStamp(inner)({"type": "lifespan"}, receive, None)


def arrival(**headers: str) -> datetime:
    return arrival_of(RequestFactory().get("/", **headers), at=clock.now())


def test_without_a_stamp_it_is_the_present(hands):
    assert arrival() == NOON + timedelta(seconds=1)


def test_a_clients_own_word_counts_for_nothing(hands):
    assert arrival(HTTP_X_ARRIVAL="0") == NOON + timedelta(seconds=1)


@override_settings(TRUSTED_PROXIES=["127.0.0.1"])
def test_the_proxys_stamp_is_believed_but_never_ahead_of_the_clock(hands):
    early = (NOON - timedelta(seconds=3)).timestamp()
    late = (NOON + timedelta(hours=1)).timestamp()

    assert arrival(HTTP_X_ARRIVAL=f"{early:.3f}") == NOON - timedelta(seconds=3)
    assert NOON < arrival(HTTP_X_ARRIVAL=f"{late:.3f}") <= hands[0]


@override_settings(TRUSTED_PROXIES=["127.0.0.1"])
def test_a_proxy_whose_clock_is_slow_dates_nothing_back_further_than_anybody_waits(monkeypatch):
    counted = []
    monkeypatch.setattr(clock, "system", lambda: NOON)
    monkeypatch.setattr(metrics, "failed", counted.append)
    for off, believed in ((LONGEST, True), (LONGEST + clock.OFF, False), (HOUR, False), (-clock.OFF, True)):
        at = arrival(HTTP_X_ARRIVAL=f"{(NOON - off).timestamp():.3f}")
        assert at == (min(NOON - off, NOON) if believed else NOON)
    assert arrival(HTTP_X_ARRIVAL=f"{(NOON + HOUR).timestamp():.3f}") == NOON
    assert counted == ["arrival"] * 3


@override_settings(TRUSTED_PROXIES=["127.0.0.1"])
@pytest.mark.parametrize("leap", [-HOUR, HOUR])
def test_the_proxys_stamp_counts_for_nothing_once_its_machines_clock_has_leapt(monkeypatch, leap):
    told = [NOON]
    monkeypatch.setattr(clock, "system", lambda: told[0])
    monkeypatch.setattr(clock, "steady", lambda: 1000.0)
    clock.now(), clock.count()

    told[0] = NOON + leap

    assert arrival(HTTP_X_ARRIVAL=f"{(NOON - HOUR).timestamp():.3f}") == NOON


@override_settings(TRUSTED_PROXIES=["127.0.0.1"])
@pytest.mark.parametrize("said", ["x", "nan", "inf", "-1e30", "1e400", ""])
def test_a_stamp_that_is_no_instant_counts_for_nothing(hands, said):
    assert arrival(HTTP_X_ARRIVAL=said) == NOON + timedelta(seconds=1)


@pytest.mark.django_db
@pytest.mark.urls("tests.config.doors")
def test_a_request_knows_who_asks_and_when(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOON)
    client = Client()
    assert client.get("/tell").json() == {"at": NOON.isoformat(), "by": "", "role": "stranger"}

    client.force_login(make.user(OFFICER))

    assert client.get("/tell").json() == {"at": NOON.isoformat(), "by": OFFICER.name, "role": "officer"}


@pytest.mark.django_db
def test_a_request_that_waited_is_underway_until_it_is_answered_and_the_other_processes_are_told(monkeypatch, settings):
    monkeypatch.setattr(clock, "now", lambda: NOON)
    settings.TRUSTED_PROXIES = ["127.0.0.1"]
    seen, came = [], NOON - timedelta(minutes=1)

    def door(request):
        timekeeper.refresh()
        seen.append(underway.before(NOON, at=NOON))

    Stamped(door)(RequestFactory().get("/", headers={"X-Arrival": str(came.timestamp())}))

    assert seen == [True]
    assert Underway.objects.get().oldest == came
    assert underway.oldest(at=NOON + timedelta(minutes=1)) is None
