"""A correction with extension: one drafts, the other publishes by two steps of the keyboard, the deadline moves, and
whoever took the documents is told and finds what was and what is."""

import pytest
from playwright.sync_api import Browser, expect

from accounts.inbox import deliver
from bidding.changes import tasks
from bidding.tender.models import Taking, Tender
from rulebook import clock
from rulebook.actor import SYSTEM
from rulebook.calendar import CHINA
from tests import cast
from tests.browser.test_lottery import fits, looked_at
from tests.browser.visitor import Visitor
from tests.make import accounts, bidding, market

HERE = f"/projects/{market.NUMBER}"


def comes_in(browser: Browser, base: str, actor) -> Visitor:
    """As people are: with the step before what cannot be taken back."""
    visitor = Visitor(browser, base, asks=True)
    visitor.page.context.add_cookies(come_in_cookies(base, actor))
    return visitor


def come_in_cookies(base: str, actor) -> list[dict[str, str]]:
    client = accounts.client_of(actor)
    return [{"name": name, "value": morsel.value, "url": base} for name, morsel in client.cookies.items()]


@pytest.mark.timeout(120)
@pytest.mark.django_db(transaction=True)
def test_a_correction_moves_the_deadline_and_everybody_concerned_reads_what_changed(
    browser: Browser, live_server
) -> None:
    accounts.world()
    now = clock.now()
    tender = bidding.tender(closes_at=now + 10 * cast.DAY)
    Taking.objects.create(tender=tender, organisation=cast.HETAO, person="p", receipt="", taken_at=now)
    later = (now + 21 * cast.DAY).astimezone(CHINA).replace(hour=9, minute=30, second=0, microsecond=0)

    officer = comes_in(browser, live_server.url, cast.OFFICER)
    page = officer.go(f"{HERE}/correct/")
    page.get_by_label("位置").first.fill("第三章第 2 条")
    page.get_by_label("原内容").first.fill("交货期 30 日")
    page.get_by_label("更正后").first.fill("交货期 60 日")
    page.get_by_label("可能影响文件编制").check()
    looked_at(page, "correct")
    assert fits(page) and officer.barriers() == []
    page.get_by_role("button", name="提交审批").click()
    expect(page.locator("main")).to_contain_text("不得少于15日")  # ten days are too few: nothing was written
    page.go_back()
    page.get_by_label("位置").first.fill("第三章第 2 条")
    page.get_by_label("原内容").first.fill("交货期 30 日")
    page.get_by_label("更正后").first.fill("交货期 60 日")
    page.get_by_label("可能影响文件编制").check()
    page.locator("[name=closes_at]").fill(f"{later:%Y-%m-%dT%H:%M:%S}")
    page.get_by_role("button", name="提交审批").click()
    expect(page.locator("main")).to_contain_text("请本单位另一名经办人审批")

    second = comes_in(browser, live_server.url, cast.APPROVER)
    page = second.go(f"{HERE}/changes/")
    step = page.locator("details.confirm")
    expect(step.get_by_role("button", name="审批并公告")).to_be_hidden()
    step.locator("summary").focus()
    page.keyboard.press("Enter")
    expect(step).to_contain_text("不可撤回")
    looked_at(page, "confirm")
    assert fits(page) and second.barriers() == []
    step.locator("summary").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text("已公告")
    assert Tender.objects.get().closes_at == later

    tasks.tell_takers(by=SYSTEM, at=clock.now())
    deliver(at=clock.now())
    bidder = comes_in(browser, live_server.url, cast.PROVIDER)
    page = bidder.go("/inbox/")
    page.get_by_text("更正公告").first.click()
    page.goto(f"{live_server.url}{HERE}/notices/2/")
    for words in ("〔删去：〕30 日", "〔新增：〕60 日", f"{later:%Y-%m-%d}", "顺延"):
        expect(page.locator("main")).to_contain_text(words)
    assert page.locator("del").first.text_content() == "〔删去：〕3"
    assert page.locator("ins").first.text_content() == "〔新增：〕6"
    looked_at(page, "correction")
    assert fits(page) and bidder.barriers() == []
    page = bidder.go(f"{HERE}/")
    expect(page.locator("#now + .countdown, .countdown").first).to_contain_text(f"{later:%Y-%m-%d}")
    assert fits(page)
    page.get_by_role("link", name="这一步怎么办").click()
    expect(page).to_have_url(f"{live_server.url}/help/provider/#open")
    assert (second.wrongs, bidder.wrongs) == ([], []) and [each for each in officer.wrongs if "422" not in each] == []
