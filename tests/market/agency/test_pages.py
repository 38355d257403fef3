"""The pages of letters, and of what goes on under one: each side sees what is its own to do, nobody else a word."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from market.agency.models import Entrustment
from market.agency.rules import State
from market.projects.rules import Stage
from tests import cast
from tests.make import accounts, market
from tests.make import agency as make
from tests.make.bidding import tender

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]


@pytest.fixture(autouse=True)
def now(monkeypatch):
    monkeypatch.setattr("rulebook.clock.now", lambda: cast.NOON)


def page(who, address, status=200):
    answer = accounts.client_of(who).get(address)
    assert answer.status_code == status, (who.name, address, answer.status_code)
    return answer.content.decode()


def test_a_letter_is_written_agreed_and_ended_on_its_pages():
    accounts.world()
    buyer, agent = accounts.client_of(cast.OFFICER), accounts.client_of(cast.AGENT_OFFICER)
    assert "还没有委托" in page(cast.AGENT_OFFICER, "/agency/")
    typed = {
        "agent": cast.AGENT, "title": "年度采购代理", "works": ["prepare", "host"], "categories": ["goods"],
        "first": "2026-01-01", "last": "2026-12-31", "fee": "不收取", "payer": "owner", "contact_name": "王经办",
        "contact_phone": "1", "address": "街",
    }  # fmt: skip
    wrong = buyer.post("/agency/new/", typed)
    assert wrong.status_code == 422 and "id_file" in wrong.content.decode()
    made = buyer.post("/agency/new/", {**typed, "file": SimpleUploadedFile("协议.pdf", make.PDF)})
    letter = Entrustment.objects.get()
    here = letter.get_absolute_url()
    assert made.url == here and "撤回委托" in page(cast.OFFICER, here)
    for stranger in (cast.OTHER_OFFICER, cast.PROVIDER):
        page(stranger, here, status=404)
        page(stranger, f"{here}letter.pdf", status=404)
        assert accounts.client_of(stranger).post(f"{here}agree", make.CONTACT).status_code == 404
    assert "即签发授权委托书" in page(cast.AGENT_OFFICER, here) or "接受后即签发" in page(cast.AGENT_OFFICER, here)
    assert agent.post(f"{here}agree", {}).status_code == 422
    assert buyer.post(f"{here}agree", make.CONTACT).status_code == 403

    assert agent.post(f"{here}agree", make.CONTACT).status_code == 302

    assert "编制采购项目" in page(cast.AGENT_OFFICER, "/agency/")
    assert agent.get("/projects/new/").url == "/agency/"
    form = page(cast.AGENT_OFFICER, f"/projects/new/?letter={letter.public_id}")
    assert "受 河套市生态环境局 委托编制" in form and "王经办" in form
    for reader in (cast.OFFICER, cast.AGENT_OFFICER, cast.SUPERVISOR):
        paper = accounts.client_of(reader).get(f"{here}letter.pdf")
        assert b"".join(paper).startswith(b"%PDF")
    assert buyer.post(f"{here}end", {"reason": "不再需要"}).status_code == 302
    assert Entrustment.objects.get().state is State.ENDED


def test_a_project_names_both_and_gives_each_its_own_buttons():
    accounts.world()
    letter = make.agreed()
    draft = make.entrust(
        market.project(number="T-7", stage=Stage.DRAFT, submitted_at=cast.NOON, approved_at=cast.NOON,
                       approved_by=cast.AGENT_APPROVER.person, drafted_by=cast.AGENT_OFFICER.person),
        letter, confirmed=False,
    )  # fmt: skip
    tender(number="T-7", project=draft)
    mine, theirs = page(cast.OFFICER, "/projects/T-7/edit/"), page(cast.AGENT_OFFICER, "/projects/T-7/edit/")
    assert "采购代理机构 河套招标代理有限公司" in mine and "退回代理机构修改" in mine
    assert "已送请采购人确认" in theirs and "退回代理机构修改" not in theirs
    page(cast.OTHER_OFFICER, "/projects/T-7/edit/", status=404)

    project = make.entrust(market.project(number="T-8", stage=Stage.PROPOSED), letter)
    tender(number="T-8", project=project)
    market.proposal(project)
    mine, theirs = page(cast.OFFICER, "/projects/T-8/award/"), page(cast.AGENT_OFFICER, "/projects/T-8/award/")
    assert 'action="/projects/T-8/award/report"' in mine and "等待采购人确认" not in mine
    assert "等待采购人确认" in theirs and "/award/report" not in theirs and "/award/determine" not in theirs
    assert "采购代理机构" in page(cast.STRANGER, "/projects/T-8/")
    assert "确认评标报告" not in page(cast.STRANGER, "/projects/T-8/award/")


def test_no_link_of_a_project_leads_its_agent_or_its_owner_to_a_shut_door():
    accounts.world()
    letter = make.agreed(works=frozenset({"prepare", "answer"}))
    for number, stage in (("T-7", Stage.OPEN), ("T-8", Stage.PROPOSED), ("T-9", Stage.FAILED)):
        project = make.entrust(market.project(number=number, stage=stage), letter)
        tender(number=number, project=project, closes_at=cast.NOON + 400 * cast.DAY)
        if stage is Stage.PROPOSED:
            market.proposal(project)
        for reader in (cast.OFFICER, cast.AGENT_OFFICER, cast.STRANGER):
            client = accounts.client_of(reader)
            text = client.get(f"/projects/{number}/").content.decode()
            links = {
                link
                for link in re.findall(r'href="(/[^"#]*)', text)
                if number in link and link.startswith(("/projects/", "/notices"))
            }
            assert {link: status for link in links if (status := client.get(link).status_code) != 200} == {}
            assert ("/end/" in text) == (reader is cast.OFFICER and stage is not Stage.FAILED)
            assert ("/correct/" in text) == (reader is cast.AGENT_OFFICER and stage is Stage.OPEN)
            assert (">确定中标" in text) == (reader is cast.OFFICER and stage is Stage.PROPOSED)
