"""No door tells by its words who is known here, or what is: the time they take is measured by `make bench doors`."""

import json
import re
from typing import Any

import pytest
from django.test import Client

from accounts.factors.door import PASSKEY
from tests import cast
from tests.make import tips
from tests.make.authenticator import Authenticator as Finger
from tests.make.doors import WORD, House

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]
# What differs from one look at a page to the next, and what one typed oneself.
MOVING = re.compile(
    rb'csrfmiddlewaretoken" value="[^"]*"|nonce="[^"]*"|data-clock[^>]*|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}'
)
NUMBERS = re.compile(rb"\d{3,}\w*")


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rulebook.clock.now", lambda: cast.NOON)


def heard(answer: Any) -> tuple[int, str, bytes]:
    """The status, where one is led, and the words."""
    led = MOVING.sub(b"", answer.get("Location", "").encode())
    return answer.status_code, led.decode(), NUMBERS.sub(b"", MOVING.sub(b"", answer.content))


def test_every_door_says_the_same_of_what_is_there_and_of_what_is_not() -> None:
    house = House(cast.NOON)
    for place, (name, door) in enumerate(house.doors.items()):
        there, nothing = (heard(door(0, known).answer(source=f"192.0.2.{place}")) for known in (True, False))
        assert there == nothing, name
        assert there[0] in (200, 302, 404, 409, 422), (name, there[0])
        assert WORD.encode() not in there[2], name  # no password comes back


def test_a_browser_that_names_nobody_is_asked_for_any_passkey_alike() -> None:
    house = House(cast.NOON)
    house.login_second(0, True)
    told = Client().post("/accounts/passkeys/ask/", {"username": house.person(0, True, start="132")}).json()
    assert not told.get("allowCredentials")
    assert sorted(told) == sorted(Client().post("/accounts/passkeys/ask/").json())


def test_a_passkey_with_no_id_or_a_monstrous_one_is_refused_like_any_other() -> None:
    client = Client()
    for number in ("", "=", "A", "A" * 120_000, 7):
        answer = Finger().use(client.post("/accounts/passkeys/ask/").json()) | {"rawId": number, "id": number}
        refused = client.post("/accounts/passkeys/sign-in/", {PASSKEY: json.dumps(answer)})
        assert refused.status_code == 422, number


def test_a_code_of_no_tip_is_answered_alike_however_it_is_spelt(client: Any) -> None:
    tips.standing()
    said = set()
    for lookup in ("A" * 43, "A" * 44, "", "不是", "A" * 43 + "="):
        answer = client.post("/api/tips/read", {"lookup": lookup}, content_type="application/json")
        said.add((answer.status_code, answer.content))
    assert len(said) == 1 and said.pop()[0] == 404


def test_a_word_of_no_invitation_is_no_page(client: Any) -> None:
    assert {client.get(f"/invitations/{word}/").status_code for word in ("none", "A" * 43, "%E4%B8%8D")} == {404}
