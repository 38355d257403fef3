"""A complaint that suspends a tender and lets it go on: supplier, buyer and supervision at their browsers."""

from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Browser, expect

from bidding.changes import tasks
from bidding.tender.models import Tender
from market.projects.models import Suspension
from rulebook import clock
from rulebook.actor import SYSTEM
from rulebook.calendar import CHINA
from tests import cast
from tests.browser.test_draw_pages import come_in
from tests.make import accounts, bidding, market


@pytest.mark.timeout(300)
@pytest.mark.embedded
@pytest.mark.django_db(transaction=True)
def test_a_complaint_suspends_a_tender_and_its_decision_lets_it_go_on(browser: Browser, live_server) -> None:
    now = clock.now()
    accounts.organisation(cast.BUREAU)
    project = market.project(notice_ends_at=now - timedelta(hours=1))
    closes_at = now + timedelta(days=5)
    bidding.tender(project=project, closes_at=closes_at, keys=False)
    here = f"/projects/{project.number}/"
    people = (cast.PROVIDER, cast.OFFICER, cast.SUPERVISOR)
    supplier, officer, supervisor = (come_in(browser, live_server.url, who) for who in people)

    page = supplier.go(here)
    page.click("a:text-is('我有意见')")
    expect(page.locator("#answer")).to_contain_text("第一步：向采购人")
    page.click("a:text-is('质疑')")
    page.fill("[name=points]", "参数只有一家产品满足")
    page.click("button:text-is('提出')")
    page = officer.go("/desk/")
    page.click("a:text-is('去答复')")
    expect(page.locator("main")).not_to_contain_text(cast.NAMES[cast.HETAO])
    page.fill("#text", "参数不作调整")
    page.click("button:text-is('答复')")

    page = supplier.go(f"/complaints/new/?about=documents&number={project.number}")
    page.fill("[name=request]", "责令修改招标文件")
    page.fill("[name=interest]", "已获取文件的供应商")
    assert supplier.barriers() == []
    page.click("button:text-is('提交投诉')")
    expect(page.locator("main")).to_contain_text("待审查")
    page = supervisor.go("/desk/")
    page.click("a:text-is('去审查')")
    page.click("button:text-is('受理')")
    page.click("a:text-is('暂停采购活动')")
    page.check("[name=ground]")
    page.fill("[name=text]", "投诉事项须查明")
    page.fill("[name=document]", "河财购〔2026〕7号")
    page.fill("[name=until]", f"{datetime.now(CHINA) + timedelta(days=20):%Y-%m-%dT%H:%M:%S}")
    page.click("button:text-is('暂停并公告')")
    expect(page.locator("main")).to_contain_text("暂停中")

    expect(officer.go(here).locator("main")).to_contain_text("本项目暂停中")
    page = supervisor.go("/desk/")
    page.click("a:text-is('去处理')")
    page.check("[value=no-effect]")
    page.fill("#decide textarea", "参数有三家以上满足，不影响采购结果")
    page.click("button:text-is('作出处理决定')")
    expect(page.locator("main")).to_contain_text("已决定")
    page = officer.go(here)
    expect(page.locator("main")).not_to_contain_text("本项目暂停中")
    expect(page.locator("main")).to_contain_text("公告投诉处理决定")

    rest = Suspension.objects.get()
    tasks.keep_deadlines(by=SYSTEM, at=clock.now())
    assert Tender.objects.get().closes_at == closes_at + (rest.ended_at - rest.started_at)
    assert supplier.wrongs == officer.wrongs == supervisor.wrongs == []
