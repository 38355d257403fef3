"""A decision on paper: whole for its party, its public part for everybody while it binds."""

import hashlib

import pytest
from django.db import IntegrityError, connection, transaction

from blacklist.cases import issuing, papers, queries, tasks
from blacklist.cases.rules import Kind
from ledger import lines
from ledger.queries import entries_after
from rulebook.actor import SYSTEM
from rulebook.refusal import Refused
from tests import cast
from tests.bidding.papers.test_papers import text_of
from tests.make import accounts, cases

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]
SITE = "https://mingbiao.test"


def test_the_paper_has_the_six_items_for_the_party_and_its_public_part_no_words_of_the_case(monkeypatch):
    accounts.world()
    rows = cases.served(project="T-2026-009")
    case = rows[0].case
    suspension = next(row for row in rows if row.kind == Kind.SUSPENSION)
    monkeypatch.setattr("rulebook.clock.now", lambda: suspension.starts_at)
    whole = text_of(papers.TEMPLATE, papers.content(case, queries.file_of(case), check=SITE))
    items = ("一、当事人", "二、事实和证据", "三、处理结果和依据", "四、履行方式和期限", "五、救济途径", "六、作出决定")
    told = (cases.FACTS, "催告函.pdf", "不是行政处罚", suspension.decision_no, "暂停参与 6 个月", cast.SUPERVISOR.name)
    for words in (*items, *told):
        assert words in whole, words
    public = text_of(papers.TEMPLATE, papers.excerpt(suspension, site=SITE))
    for words in (cases.FACTS, "催告函", "T-2026-009", cast.SUPERVISOR.name, str(case.public_id)):
        assert words not in public, words
    assert cast.NAMES[cast.HETAO] in public and "暂停参与" in public

    path, shown = f"/cases/{case.public_id}/decision.pdf", f"/restrictions/{suspension.public_id}/"
    party = accounts.client_of(cast.PROVIDER)
    assert party.get(path).status_code == 404 and "正在签发" in party.get(path.replace(".pdf", "/")).content.decode()
    for _ in range(2):  # a tick that comes twice issues nothing more
        tasks.issue_decisions(by=SYSTEM, at=suspension.starts_at)
    with pytest.raises(Refused, match="cases.not-system"):
        issuing.issue_decision(case=case, by=cast.OPERATOR, at=suspension.starts_at)
    paper = party.get(path)
    assert paper["Content-Type"] == "application/pdf" and paper["X-Content-Type-Options"] == "nosniff"
    signed = b"".join(paper.streaming_content)
    assert signed[:5] == b"%PDF-" and b"/ByteRange" in signed
    (entry,) = [each for each in entries_after("cases") if each.kind == "documents.issued"]
    assert hashlib.sha256(signed).hexdigest().encode() in bytes(entry.leaf)
    assert cast.NAMES[cast.HETAO] not in lines.line(entry) and suspension.decision_no in lines.line(entry)
    for statement in ("UPDATE blacklist_decisionpaper SET paper_id = NULL", "DELETE FROM blacklist_decisionpaper"):
        with pytest.raises(IntegrityError, match="final"), transaction.atomic():
            connection.cursor().execute(statement)
    for actor in (cast.RIVAL, cast.OFFICER, cast.WITNESS):
        assert accounts.client_of(actor).get(path).status_code == 404
    stranger = accounts.client_of(cast.STRANGER)
    page = stranger.get(shown).content.decode()
    assert suspension.decision_no in page and cases.FACTS not in page and str(case.public_id) not in page
    assert stranger.get(f"{shown}decision.pdf").content[:5] == b"%PDF-"
    monkeypatch.setattr("rulebook.clock.now", lambda: suspension.ends_at)
    assert stranger.get(shown).status_code == stranger.get(f"{shown}decision.pdf").status_code == 404
