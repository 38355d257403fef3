"""Identity keys through the programs' doors and the page."""

import pytest

from tests import cast
from tests.make import accounts

pytestmark = pytest.mark.django_db


def register(actor, statement):
    return accounts.client_of(actor).post("/api/keys", {"statement": statement}, content_type="application/json")


def test_a_provider_registers_the_key_of_his_own_organisation():
    accounts.user(cast.PROVIDER)

    answer = register(cast.PROVIDER, accounts.key_statement(cast.HETAO))

    assert answer.status_code == 200
    assert answer.json() == {"org": cast.HETAO, "gen": 1, "key": accounts.key_statement(cast.HETAO)["key"]}


def test_a_rival_cannot_register_it_for_him():
    accounts.organisation(cast.HETAO)

    answer = register(cast.RIVAL, accounts.key_statement(cast.HETAO))

    assert answer.status_code == 403
    assert answer.json()["reasons"][0]["code"] == "accounts.not-own-key"


def test_a_stranger_is_told_to_sign_in(client):
    answer = client.post("/api/keys", {"statement": {}}, content_type="application/json")

    assert answer.status_code == 401


@pytest.mark.parametrize("text", ["", "{", "[]", '{"statement": 1}', '{"statement": {"v": 1}}', '{"statement": null}'])
def test_what_is_no_registration_is_refused_in_words(text):
    answer = accounts.client_of(cast.PROVIDER).post("/api/keys", text, content_type="application/json")

    assert 400 <= answer.status_code < 500


def test_anyone_reads_the_pinned_keys_as_the_statements_that_pinned_them(client):
    accounts.key(cast.HETAO)

    answer = client.get(f"/api/keys/{cast.HETAO}").json()

    told = {"org": cast.HETAO, "name": "河套仪器有限公司", "keys": [accounts.key_statement(cast.HETAO)], "revoked": []}
    assert answer == told


def test_an_organisation_nobody_knows_is_not_there(client):
    assert client.get(f"/api/keys/{cast.LANGSHAN}").status_code == 404


def test_the_page_shows_the_pinned_key_and_where_to_make_the_next():
    accounts.key(cast.HETAO)

    page = accounts.client_of(cast.PROVIDER).get("/keys/").content.decode()

    assert accounts.key_statement(cast.HETAO)["key"] in page
    assert 'data-next-gen="2"' in page


def test_an_expert_has_no_organisation_key():
    assert "没有单位密钥" in accounts.client_of(cast.EXPERT).get("/keys/").content.decode()
