"""A citizen on a phone: finds a notice by a word, reads what was corrected, checks a record, and follows the search."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from market.notices.rules import Type
from tests.browser.visitor import Visitor
from tests.make import bidding, market

LIMIT = 100 * 1024  # bytes before interaction: half a minute would be too long at 256 kbit/s, three seconds is not
VECTOR = Path(__file__).parents[1] / "vectors" / "draw1.json"


def fits(visitor: Visitor) -> bool:
    """Nothing is beside the phone's screen, and nothing bars the way."""
    page = visitor.page
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth")) and visitor.barriers() == []


@pytest.mark.timeout(300)
@pytest.mark.embedded
@pytest.mark.django_db(transaction=True)
def test_a_citizen_searches_reads_verifies_and_subscribes(browser: Browser, live_server) -> None:
    project = bidding.tender().project
    changed = {"text": "数量有误，现予更正。", "documents": [], "may_affect": True,
               "deadline": "2026-12-01T04:00:00.000000Z",
               "differences": [{"place": "采购需求", "was": "监测站 2 套", "now": "监测站 3 套"}]}  # fmt: skip
    market.notice(project, type=Type.CORRECTION, content=changed)
    citizen = Visitor(browser, live_server.url)
    page = citizen.page
    page.set_viewport_size({"width": 390, "height": 844})

    # The first page, with everything it brings, counted as it came over the line.
    line = page.context.new_cdp_session(page)
    line.send("Network.enable")
    came: list[float] = []
    line.on("Network.loadingFinished", lambda event: came.append(event["encodedDataLength"]))
    citizen.go("/")
    page.wait_for_load_state("networkidle")
    assert len(came) >= 4 and 0 < sum(came) <= LIMIT, f"{len(came)} files, {sum(came)} bytes"
    assert fits(citizen)

    page.fill("#q", "监测站")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/notices/" in url)
    expect(page.locator("main mark").first).to_have_text("监测站")
    assert fits(citizen) and page.locator("main .lines > li").count() == 2
    found = page.url
    page.click(f"main .lines a[href='/projects/{project.number}/notices/2/']")
    expect(page.locator(".change del")).to_have_count(2)
    page.locator(".change summary").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".change details p")).to_contain_text("监测站 〔删去：〕2〔新增：〕3 套")
    assert fits(citizen)
    page.click("main a[href$='/corrections/']")
    expect(page.locator("main article")).to_have_count(1)
    assert fits(citizen)
    page.emulate_media(media="print")
    assert not page.locator(".site-head").is_visible() and page.locator("main article").is_visible()
    page.emulate_media(media="screen")

    page.click("footer a[href='/verify/']")
    expect(page.locator("#drop")).to_be_visible()  # once its script is there
    page.set_input_files(
        "#file", [{"name": "draw.json", "mimeType": "application/json", "buffer": VECTOR.read_bytes()}]
    )
    expect(page.locator("#verdict [data-holds=true]")).to_contain_text("重算的结果与公布的结果一致")
    assert fits(citizen)

    page.goto(found)
    feed = page.locator("main a[type='application/atom+xml']").get_attribute("href")
    told = page.request.get(live_server.url + feed)
    assert told.status == 200 and told.text().count("<entry>") == 2
    assert citizen.wrongs == []
