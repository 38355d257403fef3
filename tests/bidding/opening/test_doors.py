"""The doors of the hall: only pages of this site, only whoever may do it now, and the same release from two devices."""

import pytest
from django.test import Client

from accounts.models import BrowserSession as Session
from accounts.models import User
from bidding.opening.models import Opening, Release
from config.routing import websocket_urlpatterns
from ledger.models import Entry
from rulebook import clock
from rulebook.actor import Role
from tests import cast
from tests.cast import HETAO, MINUTE, NOON
from tests.make import accounts
from tests.make import bidding_offers as make
from tests.make.market import NUMBER

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]
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


LOSSES = {
    "another role": lambda user: user.update(role=Role.EXPERT),
    "dismissal": lambda user: user.update(is_active=False),
    "another password": lambda user: user.update(password="!another"),
    "sign-out": lambda user: Session.objects.all().delete(),
}


def test_whoever_loses_his_right_does_nothing_more_with_the_pages_he_has_open(hall):
    told = {"reason": "核对", "to": "all", "text": "x", "minutes": "5", "deposit": "received", "cause": "other"}
    asked = {"path": f"/api/projects/{NUMBER}/my-copies/{'0' * 64}", "data": b"x", "content_type": "application/x"}
    accounts.client_of(cast.OFFICER).post(f"{HALL}host")
    for loss, lose in LOSSES.items():
        host, bidder = accounts.client_of(cast.OFFICER), accounts.client_of(cast.PROVIDER)
        assert "您正在主持本次开标" in host.get(HALL).content.decode()
        assert bidder.put(**asked).status_code == 409  # nothing of his is damaged, but he may ask
        people = User.objects.filter(public_id__in=[cast.OFFICER.person, cast.PROVIDER.person])
        before = list(people.values("pk", "role", "is_active", "password"))
        entries = Entry.objects.count()
        lose(people)
        for act in ACTS:
            answer = host.post(HALL + act, told)
            status, to = answer.status_code, answer.get("Location", "")
            shut = status in (403, 422) or "/login" in to  # 422: the form is not even read as an act of his
            assert shut or answer.content == b'{"mine": false}', (loss, act, status)
        for page in (HALL, f"{HALL}actions"):
            assert "您正在主持本次开标" not in host.get(page).content.decode(), loss
        assert bidder.put(**asked).status_code != 204, loss
        assert bidder.post(f"/api/projects/{NUMBER}/slots").status_code in (401, 403), loss
        assert Entry.objects.count() == entries, loss
        for row in before:
            User.objects.filter(pk=row.pop("pk")).update(**row)


def test_a_socket_obeys_nobody_so_that_nothing_can_be_done_in_one_with_a_right_that_is_gone():
    """Sockets show, HTTP acts: what a right is asked for is asked at every act anew."""
    assert [route for route in websocket_urlpatterns if route.callback.consumer_class.commands] == []


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
