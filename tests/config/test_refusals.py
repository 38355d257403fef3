"""Whatever a door raises leaves the house in one of two forms, and bugs are told from outages."""

import pytest
from django.test import Client, override_settings

from tests.config import doors

pytestmark = [pytest.mark.django_db, pytest.mark.embedded, pytest.mark.urls("tests.config.doors")]
STATUS = {
    "not-yours": 403, "not-now": 409, "not-valid": 422, "missing": 404, "denied": 403, "locked": 503, "gone": 503,
    "full": 503, "bug": 500, "odd-file": 500,
}  # fmt: skip
PAGE = {"Accept": "text/html,application/xhtml+xml"}


@pytest.fixture
def client() -> Client:
    return Client(raise_request_exception=False)


@pytest.mark.parametrize("how", doors.FAILURES)
def test_people_get_a_page_and_programs_a_problem(client, how):
    page = client.get(f"/fail/{how}", headers=PAGE)
    problem = client.get(f"/fail/{how}", headers={"Accept": "application/json"})
    api = client.get(f"/api/fail/{how}", headers=PAGE)

    assert page.status_code == problem.status_code == api.status_code == STATUS[how]
    assert page["Content-Type"].startswith("text/html")
    assert problem["Content-Type"] == "application/problem+json"
    assert problem.json()["status"] == STATUS[how]
    for response in (page, problem, api):
        assert b"secret-number" not in response.content
        assert b"Traceback" not in response.content


def test_a_refusal_names_every_reason_with_its_article(client):
    problem = client.get("/fail/not-now", headers={"Accept": "application/json"}).json()

    assert problem["reasons"] == [
        {"code": "test.first", "text": "少于3家", "law": "招标投标法 第28条", "values": {"n": "3"}},
        {"code": "test.second", "text": "又及", "law": None, "values": {}},
    ]
    assert client.get("/api/fail/not-now").json()["reasons"] == problem["reasons"]


def test_a_refusal_page_shows_reasons_to_people(client):
    page = client.get("/fail/not-now", headers=PAGE).content.decode()

    assert "少于3家" in page
    assert "招标投标法 第28条" in page


def test_a_refused_form_leads_back_to_its_own_page_and_to_no_other_site(client):
    def back(came: str) -> bool:
        page = client.post("/fail/not-now", headers={**PAGE, "Referer": came}).content.decode()
        assert "少于3家" in page and "//elsewhere" not in page and "javascript:" not in page
        return 'href="/projects/T-1/papers/?page=2">返回' in page

    assert back("http://testserver/projects/T-1/papers/?page=2")
    for came in ("", "https://elsewhere.example/", "//elsewhere.example/", "http://testserver//elsewhere.example/x",
                 "javascript:elsewhere()"):  # fmt: skip
        assert not back(came)


@pytest.mark.parametrize("how", ["locked", "gone", "full"])
def test_an_outage_says_when_to_come_back(client, how):
    assert client.get(f"/fail/{how}")["Retry-After"]
    assert client.get(f"/api/fail/{how}")["Retry-After"]


def test_an_outage_outside_a_view_is_told_as_one(client, settings):
    settings.MIDDLEWARE = ["tests.config.doors.DatabaseGone", *settings.MIDDLEWARE]

    answer = Client(raise_request_exception=False).get("/tell", headers=PAGE)

    assert answer.status_code == 503
    assert answer["Retry-After"]


def test_a_body_that_does_not_parse_is_refused_in_the_same_form(client):
    wrong = client.post("/api/fail/parse", {"n": "x"}, content_type="application/json")
    broken = client.post("/api/fail/parse", "{", content_type="application/json")

    assert wrong.status_code == 422
    assert wrong.json()["errors"][0]["at"] == ["body", "asked", "n"]
    assert broken.status_code == 400
    assert broken["Content-Type"] == "application/problem+json"


def test_no_address_and_no_token_are_answered_alike():
    strict = Client(enforce_csrf_checks=True)

    assert strict.get("/no/such/page").status_code == 404
    assert strict.post("/fail/bug").status_code == 403


@override_settings(DATA_UPLOAD_MAX_MEMORY_SIZE=10)
def test_a_body_too_large_is_refused(client):
    assert client.post("/api/fail/parse", "x" * 20, content_type="application/json").status_code == 413


def test_a_foreign_host_is_a_bad_request(client):
    assert client.get("/tell", headers={"Host": "elsewhere.example"}).status_code == 400


def test_every_answer_keeps_scripts_of_others_out(client):
    policy = client.get("/fail/not-now", headers=PAGE)["Content-Security-Policy"]

    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert rules["default-src"] == rules["frame-ancestors"] == rules["base-uri"] == "'none'"
    assert rules["script-src"] == rules["style-src"] == rules["connect-src"] == "'self'"
    assert rules["require-trusted-types-for"] == "'script'"
    assert rules["trusted-types"] == "mingbiao-workers"
    assert "unsafe" not in policy
