"""The common read-out in two browsers: host and public see, and hear, the same row at the same time."""

from datetime import datetime

import pytest
from playwright.sync_api import Browser, expect

from rulebook import clock
from tests import cast
from tests.browser.test_replay import VOICE
from tests.browser.visitor import Visitor
from tests.make import accounts
from tests.make import bidding_offers as make
from tests.make.market import NUMBER

HALL = f"/projects/{NUMBER}/hall/"


@pytest.mark.timeout(300)
@pytest.mark.django_db(transaction=True)
def test_everybody_sees_and_hears_the_row_the_clock_says(browser: Browser, live_server, monkeypatch) -> None:
    accounts.world()
    tender = make.open_hall()
    make.halves_released(tender)
    make.keys_released(tender)
    began = datetime.now(cast.NOON.tzinfo)
    clock.forget()
    start = cast.NOON + 4 * cast.MINUTE
    monkeypatch.setattr(clock, "system", lambda: start + (datetime.now(cast.NOON.tzinfo) - began))
    host, anybody = Visitor(browser, live_server.url), Visitor(browser, live_server.url)
    session = accounts.client_of(cast.OFFICER).cookies["sessionid"].value
    host.page.context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    anybody.page.add_init_script(VOICE)
    anybody.page.set_viewport_size({"width": 390, "height": 844})
    anybody.go(HALL)
    anybody.page.check("#voice-common")
    host.go(HALL)
    host.page.fill("#reading-seconds", "10")
    host.page.click("button:text-is('开始统一唱标')")
    read = "#hall-table tr.is-read"
    for name in ("河套仪器", "阴山环境"):
        for page in (anybody.page, host.page):
            expect(page.locator(read)).to_contain_text(name)
        assert anybody.page.locator(read).count() == host.page.locator(read).count() == 1
        expect(anybody.page.locator("#hall-reading")).to_contain_text(name)
    said = anybody.page.evaluate("speechSynthesis.said")
    assert len(said) == 2 and "一百一十万元整" in said[1]
    assert host.barriers() == anybody.barriers() == []
    assert not anybody.page.evaluate("document.documentElement.scrollWidth > innerWidth")

    late = Visitor(browser, live_server.url)
    late.go(HALL)
    expect(late.page.locator(read)).to_have_count(1)
    before = anybody.page.get_attribute(read, "data-org")
    assert late.page.get_attribute(read, "data-org") in (before, anybody.page.get_attribute(read, "data-org"))
    host.page.click("#reading-stop")
    expect(anybody.page.locator("#hall-reading")).to_have_count(0)
    expect(anybody.page.locator(read)).to_have_count(0)
    wrongs = host.wrongs + anybody.wrongs + late.wrongs
    assert [wrong for wrong in wrongs if "WebSocket" not in wrong] == []  # this server has none; the hall asks instead
