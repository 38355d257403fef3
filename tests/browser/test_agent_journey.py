"""Agent and purchaser at their browsers: drafted by one, confirmed by the other, opened and judged, determined."""

import io
import os
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from bidding.tender import drafting, services
from market.agency.models import Entrustment
from market.awards.models import Award
from market.projects.models import Project
from market.projects.rules import Stage
from rulebook import clock
from rulebook.actor import SYSTEM
from tests import cast
from tests.bidding.tender import act
from tests.browser.test_draw_pages import come_in
from tests.make import accounts, holding, market
from tests.make import agency as make

PHONE = {"width": 390, "height": 844}
AGREEMENT = {"name": "委托代理协议.pdf", "mimeType": "application/pdf", "buffer": make.PDF}


@pytest.mark.timeout(300)
@pytest.mark.embedded
@pytest.mark.django_db(transaction=True)
def test_letter_to_award(browser: Browser, live_server, monkeypatch, settings) -> None:
    settings.SESSION_COOKIE_AGE = 300 * 24 * 3600
    monkeypatch.setattr(clock, "system", lambda: act.START)
    clock.forget()
    accounts.world()
    holding.stand(*act.HOLDERS)
    people = (cast.OFFICER, cast.AGENT_OFFICER, cast.AGENT_APPROVER)
    buyer, agent, second = (come_in(browser, live_server.url, who) for who in people)

    page = buyer.go("/agency/new/")
    for name, words in {"title": "监测设备采购代理", "fee": "不收取", "contact_phone": "1", "address": "街"}.items():
        page.fill(f"[name={name}]", words)
    page.check("[name=categories][value=goods]")
    page.set_input_files("[name=file]", AGREEMENT)
    assert buyer.barriers() == []
    page.click("main button:text-is('送请代理机构确认')")
    expect(page.locator("main")).to_contain_text("等待代理机构确认")
    page = agent.go("/desk/")
    page.get_by_role("link", name="去答复").click()
    page.fill("[name=contact_phone]", "2")
    page.fill("[name=address]", "巷")
    looked_at(agent, page, "agency-answer")
    page.click("button:text-is('接受委托')")
    expect(page.locator("main")).to_contain_text("编制采购项目")

    number = _drafted()
    page = agent.go(f"/projects/{number}/edit/")
    page.click("button:text-is('送审')")
    page = second.go(f"/projects/{number}/edit/")
    page.click("button:text-is('审批通过')")
    expect(page.locator("#approval")).to_contain_text("已送请采购人确认")

    page = buyer.go("/desk/")
    page.get_by_role("link", name="去确认").click()
    looked_at(buyer, page, "agency-confirm")
    page.click("button:text-is('确认采购文件')")
    expect(page.locator("#approval")).to_contain_text(cast.OFFICER.name)
    page = agent.go(f"/projects/{number}/edit/")
    page.click("button:text-is('定时发布')")
    expect(page.locator("main")).to_contain_text("距发布")
    project = Project.objects.get(number=number)
    services.publish(project_number=number, by=SYSTEM, at=project.publish_at)

    # The opening and the panel's work have journeys of their own.
    project.refresh_from_db()
    for stage in (Stage.DECIDING, Stage.PROPOSED):
        project.advance(stage, at=act.START + timedelta(days=32))
    market.proposal(project, at=act.START + timedelta(days=32))
    monkeypatch.setattr(clock, "system", lambda: act.START + timedelta(days=33))
    page = agent.go("/desk/")
    expect(page.locator("main")).to_contain_text("等待河套市生态环境局：确认评标报告")
    page = buyer.go("/desk/")
    page.get_by_role("link", name="去确认").click()
    looked_at(buyer, page, "agency-report")
    page.click("button:text-is('确认评标报告')")
    expect(page.locator("#report")).to_contain_text("已确认")
    page.locator("button:text-is('确定为中标人')").first.click()
    expect(page.locator("#award").locator("xpath=ancestor::article")).to_contain_text("采购代理机构")
    assert Award.objects.get(project=project).determined_by == cast.OFFICER.person
    for each in (buyer, agent, second):
        each.leave()


def _drafted() -> str:
    letter = Entrustment.objects.get()
    made = drafting.draft(
        facts=act.facts(), terms=act.terms(), letter=letter.public_id, by=cast.AGENT_OFFICER, at=act.START
    )
    act.ready_keys(made, by=cast.AGENT_OFFICER)
    file = {"name": "招标文件.pdf", "file": io.BytesIO(b"%PDF")}
    drafting.add_document(project_number=made.project.number, **file, by=cast.AGENT_OFFICER, at=act.START)
    return made.project.number


def looked_at(visitor, page: Page, name: str) -> None:
    """No barrier, on the desk and on the phone; with pictures where somebody wants to see them."""
    folder = os.environ.get("SHOTS")
    for width, size in (("desk", {"width": 1280, "height": 860}), ("phone", PHONE)):
        page.set_viewport_size(size)
        if folder:
            page.screenshot(path=str(Path(folder) / f"{name}-{width}.png"), full_page=True)
        assert visitor.barriers() == []
    page.set_viewport_size({"width": 1280, "height": 860})
