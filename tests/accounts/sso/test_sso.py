"""Sign-in by an identity provider, against one that runs beside the test: what nobody may pretend to be."""

import json
import subprocess
import sys
import urllib.request
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.test import Client

from accounts.models import OutsideIdentity
from accounts.sso import oidc
from tests import cast
from tests.make import accounts
from tests.make.factors import PASSWORD, authenticator, code, sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]


@pytest.fixture(scope="module")
def issuer():
    words = [sys.executable, "-m", "tests.accounts.sso.provider", "0"]
    process = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)
    yield f"http://localhost:{process.stdout.readline().strip()}"
    process.terminate()
    process.wait(10)
    process.stdout.close()


@pytest.fixture(autouse=True)
def linked(issuer, settings, monkeypatch):
    told = {"key": "office", "name": "政务身份", "issuer": issuer, "client": "mingbiao", "secret": "a secret"}
    settings.SSO = [told]
    monkeypatch.setattr(oidc, "_kept", {})
    now = [cast.NOON]
    monkeypatch.setattr("rulebook.clock.now", lambda: now[0])
    return now


def tell(issuer, **told):
    asked = urllib.request.Request(f"{issuer}/told", json.dumps(told).encode())
    urllib.request.urlopen(asked).close()


def begin(client, after=""):
    there = client.get(f"/accounts/sso/office/?next={after}")
    assert there.status_code == 302
    return dict(parse_qsl(urlsplit(there.url).query))


def come_back(client, issuer, asked, *, claims=None, back=None, **told):
    """The provider knows a code and says so; the browser comes back with it."""
    at = int(cast.NOON.timestamp())
    said = {"iss": issuer, "aud": "mingbiao", "sub": "cn=chen", "iat": at, "exp": at + 300, "nonce": asked["nonce"]}
    said = {name: value for name, value in (said | (claims or {})).items() if value is not None}
    tell(issuer, code="c1", challenge=asked["code_challenge"], claims=said, **told)
    query = {"code": "c1", "state": asked["state"], "iss": issuer} | (back or {})
    return client.get("/accounts/sso/office/back/", query)


def link():
    user = accounts.user(cast.PROVIDER, password=PASSWORD)
    row = {"issuer": oidc.providers()[0].issuer, "subject": "cn=chen", "linked_at": cast.NOON}
    OutsideIdentity.objects.create(user=user, **row)
    return user


def is_in(client):
    return client.get("/inbox/").status_code == 200


def test_the_door_is_shut_where_no_provider_is_named(settings):
    settings.SSO = []
    assert Client().get("/accounts/sso/office/").status_code == 404
    assert "政务身份" not in Client().get("/accounts/login/").content.decode()


def test_an_identity_signs_in_only_after_its_owner_has_linked_it(issuer):
    accounts.user(cast.PROVIDER, password=PASSWORD)
    stranger = Client()
    assert "用政务身份登录" in stranger.get("/accounts/login/").content.decode()
    refused = come_back(stranger, issuer, begin(stranger))
    assert refused.status_code == 409 and "还没有关联" in refused.content.decode()

    owner = Client()
    sign_in(cast.PROVIDER, client=owner)
    assert owner.post("/accounts/sso/office/link/").url == "/accounts/sso/office/"
    assert come_back(owner, issuer, begin(owner)).url == "/accounts/security/"
    row = OutsideIdentity.objects.get()
    assert (row.user.username, row.subject) == ("u11", "cn=chen")

    again = Client()
    assert come_back(again, issuer, begin(again, "/inbox/")).url == "/inbox/" and is_in(again)
    rival = accounts.client_of(cast.RIVAL)
    assert come_back(rival, issuer, begin(rival)).status_code == 409  # one account an identity
    owner.post("/accounts/sso/office/unlink/")
    assert come_back(Client(), issuer, begin(client := Client())).status_code == 409  # another browser
    assert come_back(client, issuer, begin(client)).status_code == 409


def test_it_is_one_factor_and_who_has_a_second_shows_it(issuer):
    link()
    authenticator(cast.PROVIDER)
    client = Client()
    assert come_back(client, issuer, begin(client)).url == "/accounts/second/" and not is_in(client)
    assert client.post("/accounts/second/", {"_proof_code": code(cast.NOON)}).status_code == 302


AT = int(cast.NOON.timestamp())
SPOILT = {
    "another issuer": {"claims": {"iss": "https://elsewhere.example"}},
    "another audience": {"claims": {"aud": "somebody-else"}},
    "for two, handed to the other": {"claims": {"aud": ["mingbiao", "other"], "azp": "other"}},
    "over": {"claims": {"exp": AT - 61}},
    "from the future": {"claims": {"iat": AT + 61}},
    "another nonce": {"claims": {"nonce": "n"}},
    "no nonce": {"claims": {"nonce": None}},
    "no end": {"claims": {"exp": None}},
    "nobody": {"claims": {"sub": ""}},
    "signed by another": {"by": "other"},
    "signed by nobody": {"by": "none"},
    "signed with our secret": {"by": "hmac"},
    "signed by an unknown key": {"kid": "two"},
    "another state": {"back": {"state": "s"}},
    "no code": {"back": {"code": "", "error": "access_denied"}},
    "another code": {"back": {"code": "c2"}},
    "answer of another issuer": {"back": {"iss": "https://elsewhere.example"}},
}


def test_nothing_spoilt_opens(issuer):
    link()
    for what, spoilt in SPOILT.items():
        client = Client()
        answer = come_back(client, issuer, begin(client), **spoilt)
        assert answer.status_code == 409 and not is_in(client), what
    described = Client()
    asked = begin(described)
    oidc._kept.clear()
    assert come_back(described, issuer, asked, described="https://elsewhere.example").status_code == 409
    tell(issuer)


def test_an_answer_is_heard_once_by_the_browser_that_asked_and_in_time(issuer, linked):
    link()
    client = Client()
    asked = begin(client)
    assert come_back(client, issuer, asked).status_code == 302
    client.post("/accounts/logout/")
    assert come_back(client, issuer, asked).status_code == 409  # used
    assert come_back(Client(), issuer, asked).status_code == 409  # login CSRF: another browser's question
    slow = Client()
    asked = begin(slow)
    linked[0] += 11 * cast.MINUTE
    assert come_back(slow, issuer, asked).status_code == 409


def test_nobody_is_fetched_from_over_plain_http_in_production(settings):
    settings.PRODUCTION = True
    with pytest.raises(oidc.NotProven, match="not https"):
        oidc.address(oidc.providers()[0], oidc.Asked.fresh("office"), back="https://x.example/")
