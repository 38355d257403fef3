"""The doors of the hall: only pages of this site, only whoever may do it now, and the same release from two devices."""

import pytest
from django.test import Client

from accounts.models import User
from bidding.opening.models import Opening, Release
from rulebook import clock
from rulebook.actor import Role
from tests import cast
from tests.cast import HETAO, MINUTE, NOON
from tests.make import accounts
from tests.make import bidding_offers as make
from tests.make.market import NUMBER

pytestmark = pytest.mark.django_db
HALL = f"/projects/{NUMBER}/hall/"
ACTS = (
    "pause", "resume", "extend", "incident", "incident/confirm", "host", "host/hand-over", "host/stay", "messages",
    f"mute/{HETAO}", f"identity/{HETAO}", "price", f"causes/{HETAO}", "close", "fail", "open", "too-few",
)  # fmt: skip


@pytest.fixture
def hall(monkeypatch):
    """An open hall, at two minutes past noon."""
    tender = make.open_hall()
    clock.forget()
    monkeypatch.setattr(clock, "system", lambda: NOON + 2 * MINUTE)
    return tender


def test_pages_of_others_and_posts_without_a_token_do_nothing(hall):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(accounts.user(cast.OFFICER))
    for act in ACTS:
        for headers in ({}, {"origin": "null"}, {"origin": "https://elsewhere.example"}):
            told = {"reason": "x", "to": "all", "text": "x"}
            assert strict.post(HALL + act, told, headers=headers).status_code == 403, act
            assert strict.get(HALL + act).status_code in (404, 405), act
    assert Opening.objects.get().paused_at is None


def test_a_stranger_is_asked_to_sign_in_and_other_roles_are_refused(hall):
    for act in ACTS:
        assert "/login" in Client().post(HALL + act)["Location"], act
    witness = accounts.client_of(cast.WITNESS)
    for act in ("pause", "resume", "extend", "host", f"mute/{HETAO}", f"identity/{HETAO}", "price", "close", "fail"):
        assert witness.post(HALL + act, {"reason": "x", "deposit": "received"}).status_code == 403, act


def test_a_right_that_was_taken_away_is_gone_with_the_next_act(hall):
    host = accounts.client_of(cast.OFFICER)
    assert host.post(f"{HALL}pause", {"reason": "核对"}).status_code == 302
    User.objects.filter(public_id=cast.OFFICER.person).update(role=Role.OPERATOR)
    assert host.post(f"{HALL}resume").status_code == 403
    assert "您正在主持本次开标" not in host.get(HALL).content.decode()
    User.objects.filter(public_id=cast.OFFICER.person).update(role=Role.OFFICER, is_active=False)
    assert "/login" in host.post(f"{HALL}resume")["Location"]
    assert Opening.objects.get().paused_at


def test_the_same_release_from_a_second_device_is_the_same_release(hall):
    """Two custodians of one organisation with a key file each, one at a desk, one on a phone without a session."""
    desk = make.half(hall, HETAO, "sheet", at=NOON + MINUTE)
    phone = make.half(hall, HETAO, "sheet", at=NOON + 2 * MINUTE)
    assert desk != phone

    def send(statement):
        return Client().post(f"/api/projects/{NUMBER}/statements", statement, content_type="application/json").json()

    first, second = send(desk), send(phone)

    assert first["note"] == second["note"]
    assert "entry" in first and "entry" not in second
    assert Release.objects.count() == 1
