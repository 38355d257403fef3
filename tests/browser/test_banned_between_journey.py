"""A bidder banned between opening and award: two supervisors record it, the award desk refuses it, the next wins."""

from datetime import timedelta
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, expect

from market.awards import services as awards
from market.contracts.models import Contract
from market.projects.rules import Stage
from rulebook import clock
from rulebook.actor import Actor, Role
from rulebook.calendar import day_in_china
from rulebook.refusal import Refused
from tests import cast
from tests.browser.test_draw_pages import come_in
from tests.make import accounts, market
from tests.make.performance import PAPER

NUMBER = "河财采罚〔2026〕15号"


@pytest.mark.timeout(300)
@pytest.mark.embedded
@pytest.mark.django_db(transaction=True)
def test_who_is_banned_after_the_opening_is_passed_over_by_rule_and_gets_no_contract(browser: Browser, live_server):
    now = clock.now()
    today = day_in_china(now)
    accounts.organisation(cast.BUREAU)
    project = market.project(stage=Stage.PROPOSED, notice_ends_at=now - timedelta(days=20))
    market.notice(project)
    first, second = market.proposal(project, at=now - timedelta(hours=1)).ranked[:2]
    here = f"/projects/{project.number}/award/"
    house = Actor(str(uuid4()), Role.PROVIDER, second.org)
    people = (cast.SUPERVISOR, cast.SECOND_SUPERVISOR, cast.OFFICER, cast.STRANGER, house)
    recorder, confirmer, officer, stranger, winner = (come_in(browser, live_server.url, who) for who in people)

    page = recorder.go("/blacklist/new/")
    for name, value in {
        "name": first.name, "code": first.org, "authority": "河套市财政局", "decision_no": NUMBER,
        "grounds": "提供虚假材料谋取中标", "decided_on": f"{today}", "starts_on": f"{today}",
        "ends_on": f"{today.replace(year=today.year + 1) - timedelta(days=1)}",
    }.items():  # fmt: skip
        page.fill(f"[name={name}]", value)
    page.select_option("[name=basis]", "gp-77")
    page.click("main button[type=submit]")
    expect(page.locator("main")).to_contain_text("待确认的登记")
    page = confirmer.go("/blacklist/drafts/")
    expect(page.locator("main")).to_contain_text(NUMBER)
    page.click("button:text-is('核对无误，确认')")

    page = officer.go(here)
    row = page.locator("main table tr", has_text=first.name)
    expect(row).to_contain_text(NUMBER)
    expect(row).to_contain_text("《政府采购法》第77条")
    expect(row.locator("button")).to_have_attribute("aria-disabled", "true")
    assert officer.barriers() == []
    with pytest.raises(Refused, match=r"blacklist\.banned"):
        awards.determine(number=project.number, org=first.org, by=cast.OFFICER, at=clock.now())
    page.click(f"button[value='{second.org}']")
    expect(page.locator("#award")).to_be_visible()
    expect(stranger.go(here).locator("article")).to_contain_text(second.name)
    told = stranger.go(f"/projects/{project.number}/log/").locator("main")  # passed over, and why
    expect(told).to_contain_text(second.name)
    expect(told).to_contain_text("禁")

    page = officer.go(here)
    terms = {"amount": str(second.quote), "payment": "验收合格后一次付清", "delivery": "合同成立后四十五日内交付"}
    for name, value in terms.items():
        page.fill(f"[name={name}]", value)
    page.set_input_files("[name=file]", [{"name": "合同.pdf", "mimeType": "application/pdf", "buffer": PAPER}])
    page.click("button:text-is('提交对方确认')")
    page = winner.go(here)
    page.click("button:text-is('确认合同')")
    expect(page.locator("main")).to_contain_text("合同公告摘要")
    assert Contract.objects.get().award.organisation == second.org
    assert all(each.wrongs == [] for each in (recorder, confirmer, officer, stranger, winner))
