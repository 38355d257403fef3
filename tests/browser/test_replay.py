"""A finished opening played again, by keyboard alone; the table read out where there is a voice and where none is."""

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.visitor import Visitor
from tests.make import accounts, market
from tests.make import bidding_offers as make

VOICE = """(() => {
  const said = [];
  const voices = { said, getVoices: () => [{ lang: "zh-CN" }], cancel() {},
    speak(one) { said.push(one.text); setTimeout(() => one.dispatchEvent(new Event("end")), 30); } };
  Object.defineProperty(globalThis, "speechSynthesis", { value: voices });
  globalThis.SpeechSynthesisUtterance = class extends EventTarget { constructor(text) { super(); this.text = text; } };
})()"""


@pytest.mark.timeout(300)
@pytest.mark.django_db(transaction=True)
def test_an_opening_is_seen_and_heard_again(browser: Browser, live_server) -> None:
    accounts.world()
    make.opened_tender()
    visitor = Visitor(browser, live_server.url)
    page = visitor.page
    page.add_init_script(VOICE)
    page.set_viewport_size({"width": 390, "height": 844})
    visitor.go(f"/projects/{market.NUMBER}/hall/replay/")
    expect(page.locator("#replay")).to_have_attribute("data-ready", "yes")
    shown = page.locator("#replay-entries > li:not([hidden])")
    every = page.locator("#replay-entries > li").count()
    assert shown.count() == every and visitor.barriers() == []
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")
    assert "1,100,000.00" in page.inner_text("#replay-rows")

    page.focus("[data-stage]")
    page.keyboard.press("Enter")
    assert shown.count() == 1 and page.locator("#replay-rows tr").count() == 0
    page.focus("#replay-next")
    page.keyboard.press("Enter")
    assert shown.count() == 2 and "第 2 条" in page.inner_text("#replay-now")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    assert shown.count() == 1
    page.locator("[data-stage]").nth(1).press("Enter")
    start = shown.count()
    assert page.locator("#replay-rows tr").count() == 3 and "公布投标人名单" in page.inner_text("#replay-now")
    assert "1,100,000.00" not in page.inner_text("#replay-rows")
    page.focus("#replay-place")
    page.keyboard.press("ArrowRight")
    assert shown.count() == start + 1
    page.select_option("#replay-speed", "60")
    page.focus("#replay-play")
    page.keyboard.press("Enter")
    expect(shown).not_to_have_count(start + 1)
    page.keyboard.press("Enter")
    held = shown.count()
    page.wait_for_timeout(700)
    assert shown.count() == held
    page.keyboard.press("Enter")
    expect(shown).to_have_count(every)

    transcript = page.locator("#voice-transcript li")
    expect(transcript).to_have_count(3)
    page.click("#voice-play")
    expect(page.locator("#voice-transcript .is-read")).to_have_count(0)
    said = page.evaluate("speechSynthesis.said")
    assert said == transcript.all_inner_texts()
    assert any("阴山环境科技有限公司，投标报价 一百一十万元整，交货期 45 日" in one for one in said)

    mute = Visitor(browser, live_server.url)
    mute.page.add_init_script("Object.defineProperty(globalThis, 'speechSynthesis', { value: undefined })")
    mute.go(f"/projects/{market.NUMBER}/hall/")
    mute.page.click("#voice-play")
    expect(mute.page.locator("#voice-note")).to_contain_text("没有可用的中文语音")
    assert mute.page.locator("#voice-transcript li").count() == 3 and mute.barriers() == []
    # This server has no sockets; the hall then asks by plain requests.
    assert [wrong for wrong in visitor.wrongs + mute.wrongs if "WebSocket" not in wrong] == []
