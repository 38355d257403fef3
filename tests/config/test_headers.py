"""What every answer tells a browser, in a test's house and in one for real purchases."""

import re
import runpy
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


@pytest.fixture
def for_real(monkeypatch, tmp_path):
    """The settings as a house for real purchases reads them."""
    for name, value in {**PRODUCTION, "MINGBIAO_DATA": str(tmp_path), "REDIS_URL": ""}.items():
        monkeypatch.setenv(name, value)
    return runpy.run_path(str(ROOT / "config/settings.py"))


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


def test_in_production_every_cookie_is_secure_and_says_so_in_its_name(for_real, client):
    assert (for_real["HOST_COOKIES"], for_real["COOKIES"]) == ("__Host-", "__Secure-")
    assert (for_real["SESSION_COOKIE_NAME"], for_real["CSRF_COOKIE_NAME"]) == ("__Host-sessionid", "__Host-csrftoken")
    assert for_real["LANGUAGE_COOKIE_NAME"] == "__Secure-language"
    assert for_real["SESSION_COOKIE_SECURE"] and for_real["CSRF_COOKIE_SECURE"] and for_real["SESSION_COOKIE_HTTPONLY"]
    with override_settings(SESSION_COOKIE_SECURE=True, LANGUAGE_COOKIE_NAME="__Secure-language"):
        said = client.get("/language/en/").cookies.output(header="").strip()
    assert said.startswith("__Secure-language=en;") and len(said) < 4096
    assert all(word in said for word in ("HttpOnly", "SameSite=Lax", "Secure"))

    names, found = [], 0
    for path in tracked("*.py"):
        lines = [] if "tests" in path.parts else path.read_text().splitlines()
        names += [name for line in lines for name in re.findall(r'f"{settings\.COOKIES}(\w+)"', line)]
        for at in [at for at, line in enumerate(lines) if ".set_cookie(" in line]:
            said, found = "".join(lines[at : at + 5]), found + 1
            for word in ("httponly=True", 'samesite="Lax"', "secure=settings.SESSION_COOKIE_SECURE"):
                assert word in said, (path, at)
    assert found == 5
    assert sorted(set(names)) == ["device", "known", "messages", "region", "sent"]  # none is taken for another


def test_in_production_a_browser_is_told_to_come_back_by_https_alone(for_real, client):
    wanted = {name: for_real[name] for name in for_real if name.startswith("SECURE_")}
    with override_settings(**wanted, ALLOWED_HOSTS=["market.example.cn"]):
        client = Client(headers={"Host": "market.example.cn"})
        safe, page, program = client.get("/healthz", secure=True), client.get("/healthz"), client.get("/api/streams")

    assert safe["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains; preload"
    assert (page.status_code, page["Location"]) == (301, "https://market.example.cn/healthz")
    assert program.status_code == 403  # it would go on in clear


def test_the_proxy_speaks_new_tls_with_forward_secrecy():
    here = Path("/run")
    said = Front(
        listen="443", run=here, log=here, pages=[here / "p"], sockets=[here / "s"], static=here, most=1,
        tls=(here / "cert", here / "key"),
    ).written()  # fmt: skip

    assert "ssl_protocols TLSv1.2 TLSv1.3;" in said
    assert "ssl_ciphers ECDHE+AESGCM:ECDHE+CHACHA20;" in said
    assert "server_tokens off;" in said and "autoindex" not in said
