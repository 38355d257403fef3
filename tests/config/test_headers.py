"""What every answer tells a browser, in a test's house and in one for real purchases."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.test import Client, override_settings

from config.env import ROOT
from config.up.front import Front
from tests import cast
from tests.architecture.source import tracked
from tests.check import PRODUCTION
from tests.make import accounts

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]
PAGE = {"Accept": "text/html"}
# In a process of its own: what is for production is decided when settings are read.
FOR_REAL = """
import json, django
django.setup()
from django.conf import settings
from django.test import Client
from accounts.factors.door import MARK
from bidding.submission.devices import COOKIE
from config.replica import SENT
from config.sessions import Messages
from portal.home.views import CHOSEN
names = [MARK, COOKIE, SENT, CHOSEN, settings.LANGUAGE_COOKIE_NAME, settings.SESSION_COOKIE_NAME,
         settings.CSRF_COOKIE_NAME, Messages.storage_classes[0].cookie_name]
web = Client(headers={"Host": "market.example.cn", "Accept": "text/html"})
safe = web.get("/healthz", secure=True)
chosen = web.get("/language/en/", secure=True)
print(json.dumps({
    "names": names, "hsts": safe.get("Strict-Transport-Security"), "secure": [settings.SESSION_COOKIE_SECURE,
    settings.CSRF_COOKIE_SECURE, settings.SESSION_COOKIE_HTTPONLY], "set": chosen.cookies.output(header=""),
    "page": [(a := web.get("/healthz")).status_code, a.get("Location")], "program": web.get("/api/streams").status_code,
}))
"""


@pytest.fixture(scope="module")
def for_real(tmp_path_factory):
    told = {**os.environ, **PRODUCTION, "MINGBIAO_DATA": str(tmp_path_factory.mktemp("real")), "REDIS_URL": "",
            "DJANGO_SETTINGS_MODULE": "config.settings"}  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-c", FOR_REAL], cwd=ROOT, env=told, capture_output=True, text=True, check=True
    )
    return json.loads(done.stdout)


@override_settings(SECURITY_CONTACT=["mailto:security@market.example.cn"])
def test_every_answer_says_what_a_browser_may_do_with_it(client):
    for path, kind in {
        "/": "text/html; charset=utf-8", "/no/such/page": "text/html; charset=utf-8",
        "/api/streams": "application/json",
        "/notices.atom": "application/atom+xml; charset=utf-8",
        "/.well-known/security.txt": "text/plain; charset=utf-8",
    }.items():  # fmt: skip
        answer = client.get(path, headers=PAGE if "html" in kind else {})
        if answer["Content-Type"].startswith(("text/", "application/atom")):
            assert "charset=utf-8" in answer["Content-Type"], path
        assert answer["Content-Type"].partition(";")[0] == kind.partition(";")[0], path
        policy = dict(rule.strip().split(" ", 1) for rule in answer["Content-Security-Policy"].split(";"))
        assert {policy[name] for name in ("default-src", "object-src", "base-uri", "frame-ancestors")} == {"'none'"}, (
            path
        )
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Referrer-Policy"] == answer["Cross-Origin-Opener-Policy"] == "same-origin"
        assert answer["Cross-Origin-Resource-Policy"] == "same-origin"
        assert not {"Access-Control-Allow-Origin", "Server", "X-Powered-By"} & set(answer.headers), path
    assert client.get("/static/css/site.css")["Cross-Origin-Resource-Policy"] == "same-origin"


def test_no_other_method_is_heard(client):
    for method in ("TRACE", "CONNECT", "PROPFIND"):
        answer = client.generic(method, "/healthz")
        assert answer.status_code == 405 and "GET" in answer["Allow"], method
    assert client.generic("DELETE", "/").status_code == 405


def test_what_somebody_signed_in_gets_is_kept_by_no_cache():
    officer = accounts.client_of(cast.OFFICER)
    for path in ("/desk/", "/inbox/", "/", "/notices/", "/accounts/security/"):
        assert "no-store" in officer.get(path, follow=True)["Cache-Control"], path
    assert "no-store" not in Client().get("/notices/").get("Cache-Control", "")


def test_in_production_every_cookie_is_secure_and_says_so_in_its_name(for_real):
    assert for_real["secure"] == [True, True, True]
    assert all(name.startswith(("__Host-", "__Secure-")) for name in for_real["names"])
    assert len(set(for_real["names"])) == len(for_real["names"])  # none is taken for another
    assert {"__Host-sessionid", "__Host-csrftoken"} < set(for_real["names"])
    assert for_real["set"].strip().startswith("__Secure-language=en;") and "Secure" in for_real["set"]
    assert len(for_real["set"]) < 4096
    found = 0
    for path in tracked("*.py"):
        lines = [] if "tests" in path.parts else path.read_text().splitlines()
        for at in [at for at, line in enumerate(lines) if ".set_cookie(" in line]:
            said, found = "".join(lines[at : at + 5]), found + 1
            for word in ("httponly=True", 'samesite="Lax"', "secure=settings.SESSION_COOKIE_SECURE"):
                assert word in said, (path, at)
    assert found == 5


def test_in_production_a_browser_is_told_to_come_back_by_https_alone(for_real):
    assert for_real["hsts"] == "max-age=31536000; includeSubDomains; preload"
    assert for_real["page"] == [301, "https://market.example.cn/healthz"]
    assert for_real["program"] == 403  # it would go on in clear


def test_the_proxy_speaks_new_tls_with_forward_secrecy():
    here = Path("/run")
    said = Front(
        listen="443", run=here, log=here, pages=[here / "p"], sockets=[here / "s"], static=here, most=1,
        tls=(here / "cert", here / "key"),
    ).written()  # fmt: skip

    assert "ssl_protocols TLSv1.2 TLSv1.3;" in said
    assert "ssl_ciphers ECDHE+AESGCM:ECDHE+CHACHA20;" in said
    assert "server_tokens off;" in said and "autoindex" not in said
