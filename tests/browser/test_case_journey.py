"""From report to repair: buyer, firm and two supervisors at their browsers, over a hundred days of one clock."""

from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from blacklist.cases import process
from blacklist.cases.models import Case, Restriction
from blacklist.cases.rules import Kind
from rulebook import clock
from tests import cast
from tests.browser.test_draw_pages import come_in
from tests.make import accounts, choices

LETTER = {"name": "催告函.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 reminded twice\n%%EOF"}
REPLY = {**LETTER, "name": "来函.pdf", "buffer": b"%PDF-1.7 costs have risen\n%%EOF"}
FACTS = "中选后以成本上涨为由拒绝确认，经两次书面催告仍未确认"


@pytest.mark.timeout(300)
@pytest.mark.embedded
@pytest.mark.django_db(transaction=True)
def test_report_to_repair(browser: Browser, live_server, monkeypatch, settings) -> None:
    settings.SESSION_COOKIE_AGE = 300 * 24 * 3600

    def moved(instant: datetime) -> None:
        clock.forget()
        monkeypatch.setattr(clock, "system", lambda: instant)

    moved(cast.NOON)
    accounts.world()
    project = choices.open_choice(firms=1, closes_at=cast.NOON + 200 * cast.DAY, selects_at=cast.NOON + 201 * cast.DAY)
    enrol = f"/purchases/{project.number}/enrol/"
    people = (cast.OFFICER, cast.PROVIDER, cast.SUPERVISOR, cast.SECOND_SUPERVISOR)
    buyer, firm, examiner, second = (come_in(browser, live_server.url, who) for who in people)

    page = buyer.go("/cases/report/")
    page.fill("[name=subject]", cast.HETAO)
    page.select_option("[name=ground]", "giving-up")
    page.fill("[name=occurred_on]", "2026-11-20")
    page.fill("[name=facts]", FACTS)
    page.set_input_files("[name=evidence]", LETTER)
    assert buyer.barriers() == []
    page.click("main button:text-is('提交报告')")
    expect(page.locator("main")).to_contain_text("待核查")

    page = to_case(examiner.go("/desk/"), "核查报告")
    page.click("#take-up button")
    page.fill("#notice-points", "6")
    page.select_option("#notice-kind", "suspension")
    page.fill("#notice-months", "6")
    page.fill("#notice-text", FACTS)
    page.set_input_files("#notice-evidence", LETTER)
    page.click("#notice button")
    expect(page.locator("main")).to_contain_text("陈述、申辩期尚未届满")

    page = to_case(firm.go("/desk/"), "陈述、申辩")
    expect(page.locator("main")).to_contain_text("您的权利")
    expect(page.get_by_role("link", name="催告函.pdf")).to_be_visible()
    page.fill("#state-text", "成本上涨超出预期，愿意赔偿")
    page.set_input_files("#state-evidence", REPLY)
    assert firm.barriers() == []
    page.click("#state button")
    expect(page.get_by_role("link", name="来函.pdf")).to_be_visible()

    case = Case.objects.get()
    moved(process.window(cast.NOON, process.DEFENCE) + cast.HOUR)
    page = to_case(examiner.go("/desk/"), "提出处理意见")
    expect(page.get_by_role("link", name="来函.pdf")).to_be_visible()
    page.fill("#propose-points", "6")
    page.select_option("#propose-kind", "suspension")
    page.fill("#propose-months", "6")
    page.fill("#propose-text", "申辩不成立：成本上涨不是放弃的正当理由")
    page.click("#propose button")
    expect(page.locator("#second")).to_contain_text("须由提出人以外的另一人复核")
    page = to_case(second.go("/desk/"), "复核处理意见")
    page.select_option("#second-agrees", "yes")
    page.click("#second button")
    page.click("#serve button")
    expect(page.locator("main")).to_contain_text("已送达")

    suspension = Restriction.objects.get(kind=Kind.SUSPENSION)
    moved(suspension.starts_at)
    page = firm.go(enrol)
    expect(page.locator("main")).to_contain_text(f"平台依入驻协议以{suspension.decision_no}决定暂停参与")
    expect(page.locator("main button[aria-disabled=true]").first).to_be_visible()
    page = buyer.go("/restrictions/")
    page.click(f"a:text-is('{suspension.decision_no}') >> nth=0")
    expect(page.locator("main")).to_contain_text(cast.NAMES[cast.HETAO])
    expect(page.locator("main")).not_to_contain_text("成本上涨")

    moved(suspension.starts_at + timedelta(days=93))
    page = to_case(firm.go("/desk/"), "可以申请信用修复")
    form = page.locator("form", has=page.locator(f"[value='{suspension.public_id}']"))
    form.locator("[name=duty_done]").fill("已赔偿损失，已建立报价复核制度")
    form.locator("[name=promise]").check()
    page.click(f"button[form='{form.get_attribute('id')}']")
    expect(page.locator("main")).to_contain_text("已申请，办理中")
    page = to_case(examiner.go("/desk/"), "审核信用修复申请")
    page.fill("[name=text]", "整改属实，损失已赔偿")
    page.click("button:text-is('提出修复意见')")
    page = to_case(second.go("/desk/"), "审核信用修复申请")
    page.click("#second-repair button")
    expect(page.locator("main")).to_contain_text("已修复")

    page = firm.go(enrol)
    expect(page.locator("main")).not_to_contain_text("暂停参与")
    page.click("main button:text-is('报名')")
    expect(page.locator("main")).to_contain_text("已报名")
    expect(buyer.go("/restrictions/").locator("main")).not_to_contain_text("暂停参与")
    expect(firm.go(f"/cases/{case.public_id}/").locator("main")).to_contain_text("已修复")
    assert buyer.wrongs == firm.wrongs == examiner.wrongs == second.wrongs == []


def to_case(desk: Page, what: str) -> Page:
    """From the line of a desk that says what is to be done to its case."""
    desk.locator("main li, main tr, main article").filter(has_text=what).get_by_text("打开案件").first.click()
    desk.wait_for_url("**/cases/**")
    return desk
