"""Who is signed in: what the written-out statements must not forget."""

import gc
import weakref
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import BrowserSession as Session
from config.sessions import SessionStore
from tests.cast import PROVIDER
from tests.make import accounts

pytestmark = pytest.mark.django_db
WORD = "correct horse battery staple"


def is_in(client: Client) -> bool:
    return client.get("/desk/").status_code == 200


def test_who_reads_the_table_has_nobodys_cookie():
    client = accounts.client_of(PROVIDER)
    cookie, row = client.cookies["sessionid"].value, Session.objects.get()

    assert is_in(client) and cookie not in str(vars(row))
    thief = Client()
    thief.cookies["sessionid"] = row.session_key
    assert not is_in(thief)


def test_a_session_ends_with_its_time():
    client = accounts.client_of(PROVIDER)
    assert is_in(client)

    # PostgreSQL's present is the beginning of the transaction, which a test is.
    Session.objects.update(expire_date=timezone.now() - timedelta(hours=1))

    assert not is_in(client)


def test_a_person_shut_out_or_with_a_new_password_is_out_at_once():
    client = accounts.client_of(PROVIDER)
    user = accounts.user(PROVIDER)

    user.is_active = False
    user.save(update_fields=["is_active"])
    assert not is_in(client)

    user.is_active = True
    user.set_password("another-pass-phrase")
    user.save(update_fields=["is_active", "password"])
    assert not is_in(client)


def test_a_session_ends_twelve_hours_after_signing_in_whatever_is_done_in_it():
    accounts.user(PROVIDER, password=WORD)
    client, again = Client(), Client()

    def sign_in(client: Client) -> Session:
        client.post("/accounts/login/", {"username": accounts.username_of(PROVIDER), "password": WORD})
        return Session.objects.get(session_key=SessionStore.row_key(client.cookies["sessionid"].value))

    began = sign_in(client)
    assert timedelta(hours=11) < began.expire_date - timezone.now() <= timedelta(hours=12)
    soon = timezone.now() + timedelta(minutes=5)
    Session.objects.filter(pk=began.pk).update(expire_date=soon)

    client.post("/accounts/step-up/", {"_proof_password": WORD}, headers={"Accept": "text/html"})  # writes into it
    session = client.session
    session["anything"] = 1
    session.save()
    assert is_in(client)
    assert Session.objects.get().expire_date == soon  # nothing done in it moves its end

    assert sign_in(again).expire_date > soon + timedelta(hours=11)  # but to sign in anew


@pytest.mark.parametrize("path", ["/healthz", "/catalogue.json", "/api/projects"])
def test_a_request_is_gone_as_soon_as_it_is_answered(path):
    client = accounts.client_of(PROVIDER)
    client.get(path)  # what the first one loads
    gc.disable()
    try:
        response = client.get(path)
        asked = weakref.ref(response.wsgi_request)
        del response.wsgi_request

        assert asked() is None, "the collector has to look for it"
    finally:
        gc.enable()
