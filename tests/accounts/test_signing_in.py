"""The door: the same answer whoever is named, throttled by source, nobody locked out by a rival."""

import re
from statistics import median
from time import perf_counter

import pytest
from django.test import Client, RequestFactory

from accounts import services
from accounts.models import Attempt
from accounts.rules import TRIES
from accounts.source import source_of
from tests import cast
from tests.make import accounts

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]
PASSWORD = "correct horse battery staple"
LOGIN = "/accounts/login/"


@pytest.fixture(autouse=True)
def noon(monkeypatch):
    now = [cast.NOON]
    monkeypatch.setattr("rulebook.clock.now", lambda: now[0])
    return now


def sign_in(username, password=PASSWORD, *, source="192.0.2.1", client=None):
    return (client or Client()).post(LOGIN, {"username": username, "password": password}, REMOTE_ADDR=source)


def body(answer):
    """The page without what is random in every page or typed in by the reader."""
    text = re.sub(r'csrfmiddlewaretoken" value="[^"]*"', "", answer.content.decode())
    return re.sub(r'value="(u\d+|nobody)"', "", text)


def test_the_right_password_opens_the_desk():
    accounts.user(cast.PROVIDER, password=PASSWORD)
    client = Client()

    answer = sign_in("u11", client=client)

    assert answer.url == "/desk/"
    assert client.get("/inbox/").status_code == 200
    assert not Attempt.objects.exists()


def test_signing_out_closes_it():
    client = accounts.client_of(cast.PROVIDER)

    client.post("/accounts/logout/")

    assert client.get("/inbox/").status_code == 302


def test_unknown_name_wrong_password_and_closed_account_get_the_same_answer():
    accounts.user(cast.PROVIDER, password=PASSWORD)
    closed = accounts.user(cast.RIVAL, password=PASSWORD)
    closed.is_active = False
    closed.save(update_fields=["is_active"])

    unknown, wrong, shut = sign_in("nobody"), sign_in("u11", "wrong"), sign_in("u12")

    assert unknown.status_code == wrong.status_code == shut.status_code == 200
    assert body(unknown) == body(wrong) == body(shut)
    assert "用户名或密码不正确" in body(unknown)


def test_and_it_takes_the_same_time(settings):
    """With the hashing of production, and enough of it to be seen above the noise of a busy machine."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    accounts.user(cast.PROVIDER, password=PASSWORD)
    taken: dict[str, list[float]] = {"u11": [], "nobody": []}
    for turn in range(7):
        for username in taken:
            start = perf_counter()
            sign_in(username, "wrong", source=f"192.0.2.{turn}")
            taken[username].append(perf_counter() - start)

    known, unknown = (median(times) for times in taken.values())

    assert 0.5 < known / unknown < 2


def test_a_source_that_fails_too_often_waits_and_the_window_passes(noon):
    accounts.user(cast.PROVIDER, password=PASSWORD)
    for _ in range(TRIES):
        assert sign_in("u11", "wrong").status_code == 200

    refused = sign_in("u11")
    noon[0] += 16 * cast.MINUTE

    assert refused.status_code == 409
    assert "尝试次数过多" in refused.content.decode()
    assert sign_in("u11").status_code == 302


def test_a_throttled_source_hears_the_same_whomever_it_names():
    accounts.user(cast.PROVIDER, password=PASSWORD)
    for _ in range(TRIES):
        sign_in("nobody", "wrong")

    assert body(sign_in("u11")) == body(sign_in("nobody"))


def test_knocking_on_while_refused_does_not_prolong_the_wait():
    for _ in range(TRIES + 10):
        sign_in("nobody", "wrong")

    assert Attempt.objects.count() == TRIES


def digest(address):
    return source_of(RequestFactory().get("/", REMOTE_ADDR=address))


def test_sessions_that_are_open_stay_open_while_the_source_is_throttled():
    client = accounts.client_of(cast.PROVIDER)
    for _ in range(TRIES + 1):
        sign_in("u11", "wrong")

    assert client.get("/inbox/", REMOTE_ADDR="192.0.2.1").status_code == 200


def test_an_ipv6_line_is_one_source_however_many_addresses_it_has():
    assert digest("2001:db8:1:2::1") == digest("2001:db8:1:2:ffff::9")
    assert digest("2001:db8:1:2::1") != digest("2001:db8:1:3::1")
    assert digest("192.0.2.1") != digest("192.0.2.2")


def test_an_address_is_kept_as_a_digest():
    sign_in("nobody", "wrong")

    assert "192.0.2.1" not in Attempt.objects.get().source


def test_old_tries_are_forgotten():
    sign_in("nobody", "wrong")

    assert services.forget_attempts(at=cast.NOON + cast.HOUR) == 1


def test_the_door_leads_nowhere_else():
    accounts.user(cast.PROVIDER, password=PASSWORD)

    answer = Client().post(f"{LOGIN}?next=//elsewhere.example/", {"username": "u11", "password": PASSWORD})

    assert answer.url == "/desk/"


def test_a_form_from_elsewhere_is_refused():
    accounts.user(cast.PROVIDER, password=PASSWORD)

    answer = sign_in("u11", client=Client(enforce_csrf_checks=True))

    assert answer.status_code == 403
