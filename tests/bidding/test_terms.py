"""Every page, refusal and message speaks the words of the law the purchase is made under."""

import re
from pathlib import Path

import pytest
from django.test import Client

from accounts.models import Message
from ledger import lines
from ledger.models import Entry
from market.projects.models import Project
from market.projects.rules import PROCEDURES
from rulebook import clock
from rulebook.terms import Terms
from tests import cast
from tests.bidding.evaluation.test_works import opened as works
from tests.make import accounts
from tests.make import negotiation as make

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]  # words do not change with the engine
PATHS = (
    "", "notice/print/", "changes/", "bid/", "bid/consent/", "hall/", "hall/fragment", "hall/actions",
    "papers/", "guarantees/", "panel/", "evaluation/", "talks/", "award/", "end/cancelled/", "end/failed/",
)  # fmt: skip
VIEWERS = (None, cast.OFFICER, cast.PROVIDER, cast.SUPERVISOR, cast.WITNESS, cast.HOLDER)
# What only tenders know. Names of laws, people and files are not ours to choose.
TENDERS = re.compile("投标|开标|中标|评标|招标|流标|截标|封标|唱标")
OTHERS = re.compile(r'<span class="law">.*?</span>|《[^》]*》|招标文件\.pdf|陈投标')


def spoken(project: Project, monkeypatch: pytest.MonkeyPatch, *, at, logged: bool = True) -> str:
    """All that is shown to anybody of a purchase, besides laws' names: pages, desks, messages, lines of the log."""
    clock.forget()
    monkeypatch.setattr(clock, "system", lambda: at)
    told = []
    for viewer in VIEWERS:
        client = accounts.client_of(viewer) if viewer else Client()
        for path in (*[f"/projects/{project.number}/{path}" for path in PATHS], "/desk/", "/inbox/"):
            answer = client.get(path)
            assert answer.status_code in (200, 302, 404), path
            told.append(answer.content.decode() if answer.status_code == 200 else "")
        for path in ("hall/open", "hall/close", "award/decline", "evaluation/qualify", "end/failed/"):
            told.append(client.post(f"/projects/{project.number}/{path}").content.decode())  # refusals, all of them
    told += [f"{row.subject} {row.body}" for row in Message.objects.all()]
    if logged:
        told += [lines.line(entry) for entry in Entry.objects.filter(stream=project.log)]
    return OTHERS.sub("", "\n".join(told))


def wrong(said: str, words: re.Pattern[str]) -> set[str]:
    """The wrong words with what stands around them."""
    return {said[max(0, at.start() - 15) : at.end() + 10] for at in words.finditer(said)}


def test_a_consultation_knows_no_bids_from_its_notice_to_its_talks(monkeypatch):
    tender = make.handed_in(shut=False)
    said = spoken(tender.project, monkeypatch, at=tender.closes_at - cast.MINUTE)
    assert "磋商文件" in said and "提交响应文件截止" in said and not wrong(said, TENDERS)


def test_a_panel_that_talks_is_no_panel_of_tenders(monkeypatch):
    row = make.talking()
    said = spoken(row.project, monkeypatch, at=make.TALKED)
    assert "供应商" in said and not wrong(said, TENDERS)


def test_works_are_let_by_an_owner_and_goods_bought_by_a_purchaser(monkeypatch):
    project = works()
    said = spoken(project, monkeypatch, at=make.TALKED, logged=False)
    assert "招标人" in said and not wrong(said, re.compile("采购人"))


def test_every_procedure_has_all_words_and_scripts_know_the_usual_ones():
    for row in PROCEDURES.values():
        assert all(row.terms.words().values())
    script = Path("static/parts/words.js").read_text()
    told = dict(re.findall(r"(\w+): tr`([^`$]+)`", script.split("const USUAL")[1]))
    assert told == Terms().words()
