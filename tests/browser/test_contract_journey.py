"""From the contract to the rating: both sides at their browsers, a stranger reading along."""

from datetime import timedelta

import pytest
from playwright.sync_api import Browser, expect

from market.projects.models import Project
from market.projects.rules import Stage
from rulebook import clock
from rulebook.calendar import day_in_china
from tests import cast
from tests.browser.test_draw_pages import come_in
from tests.browser.visitor import Visitor
from tests.make import performance as make
from tests.make import providers

NUMBER = make.market.NUMBER
HERE, RATINGS = f"/projects/{NUMBER}/performance/", f"/projects/{NUMBER}/ratings/"
REPORT = {"name": "监测报告.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 report"}


@pytest.mark.timeout(300)
@pytest.mark.embedded
@pytest.mark.django_db(transaction=True)
def test_a_contract_is_performed_and_both_sides_rate_it(browser: Browser, live_server) -> None:
    now = clock.now()
    providers.entered(at=now)
    made = make.contract(at=now)
    due = (day_in_china(now) + timedelta(days=10)).isoformat()
    officer, provider = (come_in(browser, live_server.url, who) for who in (cast.OFFICER, cast.PROVIDER))

    page = officer.go(HERE)
    page.fill("[name=m-0-what]", "监测报告初稿")
    page.fill("[name=m-0-due_on]", due)
    page.fill("[name=m-0-amount]", "400000")
    page.fill("[name=m-1-what]", "监测报告终稿")
    page.fill("[name=m-1-due_on]", due)
    page.fill("[name=m-1-amount]", "600000")
    assert officer.barriers() == []
    page.click("button:text-is('提交对方确认')")
    expect(page.locator("#waiting")).to_contain_text("待确认的履约计划")

    desk = provider.go("/desk/")
    expect(desk.locator("main")).to_contain_text("确认履约计划")
    page = provider.go(HERE)
    page.click("button:text-is('确认')")
    expect(page.locator("#milestone-1")).to_contain_text("待交付")
    hand_over(provider, 1, "请验收初稿")

    page = officer.go(HERE)
    page.fill("#milestone-1 textarea", "缺少三号点位的监测数据，请补充")
    page.click("#milestone-1 button:has-text('退回整改')")
    expect(page.locator("#milestone-1")).to_contain_text("退回：缺少三号点位")
    page = provider.go(HERE)
    expect(page.locator("#milestone-1")).to_contain_text("缺少三号点位")
    hand_over(provider, 1, "已补充三号点位")
    hand_over(provider, 2, "终稿")
    page = officer.go(HERE)
    for n in (1, 2):
        page.click(f"#milestone-{n} button:has-text('验收通过')")
    expect(page.locator("main")).to_contain_text("项目已完成")
    assert Project.objects.get(pk=made.project_id).stage == Stage.COMPLETED
    page.click("summary:text-is('登记付款')")
    page.fill("[name=p-amount]", "1000000")
    page.click("button:text-is('登记付款')")
    expect(page.locator("main")).to_contain_text("待确认收款")

    rate(
        officer, {"level": 4, "quality": 5, "time": 3, "manner": 5, "fee": 4, "order": 5}, "报告扎实，初稿漏了一个点位"
    )
    stranger = come_in(browser, live_server.url, cast.STRANGER)
    assert "报告扎实" not in stranger.go(RATINGS).inner_text("main")
    rate(provider, {"level": 5, "clarity": 5, "payment": 5, "cooperation": 4}, "配合顺畅")

    page = stranger.go(RATINGS)
    expect(page.locator("main")).to_contain_text("报告扎实")
    expect(page.locator("main")).to_contain_text("配合顺畅")
    page = stranger.go(f"/providers/{cast.HETAO}/")
    expect(page.locator("#ratings + dl, section:has(#ratings)").first).to_contain_text("4.40 / 5")
    expect(page.locator("section:has(#record)")).to_contain_text("退回 1 次")
    page.click("text=均值的来历和逐条评价")
    expect(page.locator("main")).to_contain_text("计入")
    page = stranger.go(HERE)
    assert "三号点位" not in page.inner_text("main") and "监测报告.pdf" not in page.inner_text("main")
    assert [*officer.wrongs, *provider.wrongs, *stranger.wrongs] == []


def hand_over(visitor: Visitor, milestone: int, note: str) -> None:
    page = visitor.page
    page.fill(f"#deliver-{milestone} textarea", note)
    page.set_input_files(f"#deliver-{milestone} [type=file]", REPORT)
    page.click(f"#deliver-{milestone} button")
    expect(page.locator(f"#milestone-{milestone}")).to_contain_text("待验收")


def rate(visitor: Visitor, points: dict[str, int], text: str) -> None:
    page = visitor.go(RATINGS)
    for name, n in points.items():
        page.check(f"[name={name}][value='{n}']")
    page.fill("[name=text]", text)
    page.click("button:text-is('提交评价')")
    expect(page.locator("main")).to_contain_text(text)
