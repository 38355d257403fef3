"""Help says what the rules say: for every role, in the words and numbers of the tables."""

import re
from dataclasses import replace

import pytest

from market.projects.procedures import PROCEDURES
from market.projects.rules import Edition
from portal.help import answers
from portal.help.pages import OF_ROLE, PAGES
from rulebook.actor import Role
from tests import cast
from tests.architecture.source import ROOT
from tests.make import accounts, bidding

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]


def test_every_role_has_its_page_and_every_question_an_answer(client):
    assert set(OF_ROLE) | {Role.SYSTEM, Role.STRANGER} == set(Role)
    front = client.get("/help/").content.decode()
    for key, page in PAGES.items():
        assert f"/help/{key}/" in front
        text = client.get(f"/help/{key}/").content.decode()
        asked = [ask() for _, _, asks in page.parts for ask in asks]
        assert asked and all(each.text and each.ask in text for each in asked)
        for each in asked:
            assert all(what and words for what, words, _ in each.rows), each.key
            if each.href:
                assert client.get(each.href).status_code in (200, 302), each.href
    assert client.get("/help/nobody/").status_code == 404


def test_numbers_and_articles_are_read_and_never_typed(client, monkeypatch):
    source = (ROOT / "portal/help/answers.py").read_text()
    assert not re.search(r"(?<!下)[0-9一二三四五六七八九十百]+\s*(个工作日|日内|日前|小时)|第\s*[0-9]+\s*条", source)
    page = client.get("/help/officer/").content.decode()
    for row in answers.TENDERS:
        assert row.correction.words in page and row.preparation.words in page
    assert "《87号令》第29条" in page and "《政府采购法》第35条" in page
    longer = [replace(row, correction=replace(row.correction, amount=777)) for row in answers.TENDERS]
    monkeypatch.setattr(answers, "periods", lambda pick, rows=longer: answers.table(
        (row, pick(row).words, pick(row).law) for row in rows if pick(row)))  # fmt: skip
    assert "777日" in client.get("/help/officer/").content.decode()
    assert PROCEDURES[longer[0].method, Edition.LAW_2017].correction.amount != 777


def test_a_page_leads_to_the_answers_of_its_stage_and_of_its_reader(client):
    number = bidding.tender().project.number
    assert "/help/mine/#open" in client.get(f"/projects/{number}/").content.decode()
    assert client.get("/help/mine/").url == "/help/citizen/"
    for viewer, key in ((cast.OFFICER, "officer"), (cast.PROVIDER, "provider"), (cast.WITNESS, "supervisor")):
        assert accounts.client_of(viewer).get("/help/mine/").url == f"/help/{key}/"
    assert "/help/mine/" in accounts.client_of(cast.OFFICER).get("/desk/").content.decode()
