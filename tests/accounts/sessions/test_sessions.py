"""Where somebody is signed in: listed, ended one by one or all, told of when new."""

import pytest
from django.test import Client

from accounts.models import BrowserSession, Device, Message, User
from accounts.sessions import rules, tasks
from config.sessions import SessionStore
from rulebook.actor import SYSTEM
from tests import cast
from tests.make import accounts
from tests.make.factors import PASSWORD, sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]
CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0 Safari/537.36"
WECHAT = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/126.0 Mobile MicroMessenger/8.0.50"


@pytest.fixture(autouse=True)
def noon(monkeypatch):
    now = [cast.NOON]
    monkeypatch.setattr("rulebook.clock.now", lambda: now[0])
    return now


def signed_in(agent=CHROME, source="192.0.2.7"):
    client = Client(HTTP_USER_AGENT=agent)
    assert sign_in(cast.PROVIDER, client=client, source=source).status_code == 302
    return client


def is_in(client):
    return client.get("/inbox/").status_code == 200


def test_brands_and_masks():
    assert rules.device_words(CHROME) == "Windows · Chrome"
    assert rules.device_words(WECHAT) == "Android · 微信"
    assert rules.device_words("curl/8") == ""
    assert rules.masked_address("192.0.2.7") == "192.0.*.*"
    assert rules.masked_address("2001:db8:1::1") == "2001:0db8:*"
    assert rules.masked_address("") == ""
    assert not rules.is_stale(None, at=cast.NOON)
    assert rules.is_stale(cast.NOON - rules.SEEN_EVERY, at=cast.NOON)


def test_sessions_are_listed_and_end_one_by_one_or_all_others(noon):
    accounts.user(cast.PROVIDER, password=PASSWORD)
    accounts.user(cast.RIVAL, password=PASSWORD)
    office, phone, lost = signed_in(), signed_in(WECHAT, "198.51.100.4"), signed_in()
    page = office.get("/accounts/security/").content.decode()
    assert "Windows · Chrome" in page and "Android · 微信" in page and "192.0.*.*" in page
    assert "192.0.2.7" not in page and "本机" in page

    row = BrowserSession.objects.get(session_key=SessionStore.row_key(phone.cookies["sessionid"].value))
    rival = accounts.client_of(cast.RIVAL)
    rival.post(f"/accounts/sessions/{row.public_id}/")
    assert is_in(phone)  # another's is not his to end
    office.post(f"/accounts/sessions/{row.public_id}/")
    assert not is_in(phone) and is_in(lost)
    office.post("/accounts/sessions/others/")
    assert not is_in(lost) and is_in(office) and is_in(rival)

    key = office.cookies["sessionid"].value
    office.post("/accounts/logout/")
    reused = Client()
    reused.cookies["sessionid"] = key
    assert not is_in(reused)


def test_a_key_planted_before_the_sign_in_is_worth_nothing_after():
    accounts.user(cast.PROVIDER, password=PASSWORD)
    victim = Client()
    session = victim.session
    session["planted"] = True
    session.save()
    planted = session.session_key
    victim.cookies["sessionid"] = planted

    sign_in(cast.PROVIDER, client=victim)

    thief = Client()
    thief.cookies["sessionid"] = planted
    assert is_in(victim) and not is_in(thief)


def test_a_device_that_is_one_more_is_told_and_a_known_one_is_not():
    user = accounts.user(cast.PROVIDER, password=PASSWORD)
    office = signed_in()
    assert not Message.objects.exists()  # the first is no news
    office.post("/accounts/logout/")
    sign_in(cast.PROVIDER, client=office)
    assert not Message.objects.exists() and Device.objects.count() == 1

    signed_in(WECHAT, "198.51.100.4")

    told = Message.objects.get(to_user=user)
    assert "Android · 微信" in told.body and "198.51.*.*" in told.body and "198.51.100.4" not in told.body


def test_a_session_is_seen_every_quarter_of_an_hour(noon):
    accounts.user(cast.PROVIDER, password=PASSWORD)
    client = signed_in()
    for minutes, seen in ((14, 0), (15, 15), (20, 15), (31, 31)):
        noon[0] = cast.NOON + minutes * cast.MINUTE
        assert is_in(client)
        assert BrowserSession.objects.get().seen_at == cast.NOON + seen * cast.MINUTE


def test_a_new_password_ends_the_others(noon):
    accounts.user(cast.PROVIDER, password=PASSWORD)
    office, phone = signed_in(), signed_in(WECHAT)
    fresh = "a quite different phrase"
    told = {"present": "wrong", "fresh": fresh}
    assert office.post("/accounts/password/", told).status_code == 422 and is_in(phone)
    assert office.post("/accounts/password/", {"present": PASSWORD, "fresh": "short"}).status_code == 422

    assert office.post("/accounts/password/", {"present": PASSWORD, "fresh": fresh}).status_code == 302

    assert is_in(office) and not is_in(phone)
    assert User.objects.get(username="u11").check_password(fresh)


def test_what_is_over_is_forgotten():
    accounts.user(cast.PROVIDER, password=PASSWORD)
    signed_in()
    tasks.forget(by=SYSTEM, at=cast.NOON + 900 * cast.DAY)
    assert not BrowserSession.objects.exists() and not Device.objects.exists()
