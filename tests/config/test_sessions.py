"""Who is signed in: what the written-out statements must not forget."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import BrowserSession as Session
from tests.cast import PROVIDER
from tests.make import accounts

pytestmark = pytest.mark.django_db


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
