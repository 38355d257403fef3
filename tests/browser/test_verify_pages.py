"""What anybody checks in his own browser: a receipt before and after the closing, and one that was tampered with."""

import pytest
from playwright.sync_api import Browser, expect

from proofs.record import archive
from tests import cast
from tests.browser.test_draw_pages import come_in
from tests.browser.visitor import Visitor
from tests.make import accounts, market
from tests.make import bidding_offers as make
from tests.proofs.procurement import Procurement

RECEIPTS = f"/projects/{market.NUMBER}/bid/receipts/"


def marks(visitor: Visitor) -> dict[str, int]:
    """How many sentences hold, do not hold, cannot be said."""
    return {mark: visitor.page.locator(f"#verdict .is-{mark}").count() for mark in ("done", "bad", "missing")}


def settled(visitor: Visitor, times: int) -> dict[str, int]:
    expect(visitor.page.locator("#verdict")).to_have_attribute("data-done", str(times))
    return marks(visitor)


@pytest.mark.timeout(300)
@pytest.mark.django_db(transaction=True)
def test_a_receipt_is_checked_by_whoever_holds_it(browser: Browser, live_server, tmp_path) -> None:
    mark_of_a_torn_file = {"done": 0, "bad": 1, "missing": 0}
    accounts.world()
    tender = make.open_tender()
    make.sealed_bid(tender)
    for bidder, price in zip(make.BIDDERS[1:3], make.PRICES[1:], strict=False):
        make.sealed_bid(tender, bidder, price=price)
    bidder = come_in(browser, live_server.url, cast.PROVIDER)
    page = bidder.go(RECEIPTS)
    links = [link.get_attribute("href") for link in page.locator(".receipt figcaption a").all()]
    assert len(links) == 2 and bidder.barriers() == []

    anyone = Visitor(browser, live_server.url)
    asked: list[str] = []
    anyone.page.on("request", lambda request: asked.append(request.url))
    anyone.page.set_viewport_size({"width": 390, "height": 844})
    anyone.page.goto(links[0])
    assert settled(anyone, 1) == {"done": 3, "bad": 0, "missing": 2}
    assert "截止封存" in anyone.page.inner_text("#verdict") and anyone.barriers() == []
    # Nothing of the receipt itself leaves the browser before the closing.
    assert not [url for url in asked if "tlog-proof" in url or links[0].split("#")[1] in url.split("#")[0]]
    assert not anyone.page.evaluate("document.documentElement.scrollWidth > innerWidth")

    make.closed(tender)
    anyone.page.click("#receipt-form button")
    assert settled(anyone, 2) == {"done": 5, "bad": 0, "missing": 2}
    assert "就在截止时的封存日志里" in anyone.page.inner_text("#verdict")

    make.services.open_hall(project_number=market.NUMBER, by=cast.OFFICER, at=tender.closes_at + cast.MINUTE)
    anyone.page.click("#receipt-form button")
    assert settled(anyone, 3) == {"done": 6, "bad": 0, "missing": 1}  # no witness is set up here

    note = anyone.page.input_value("#receipt-text")
    anyone.page.fill("#receipt-text", note.replace("seq 1", "seq 2"))
    anyone.page.click("#receipt-form button")
    assert settled(anyone, 4) == {"done": 0, "bad": 1, "missing": 0}
    assert (anyone.wrongs, bidder.wrongs) == ([], [])

    bidder.page.reload()
    with bidder.page.expect_download() as proof:
        bidder.page.locator(".receipt a[download]").first.click()
    drop = bidder.go("/verify/")
    drop.set_input_files("#file", proof.value.path())
    assert settled(bidder, 1)["bad"] == 0
    whole = archive.write(Procurement(tmp_path).play().record())
    for times, data in enumerate((whole, whole[: len(whole) // 2]), start=2):
        drop.set_input_files("#file", {"name": "record.zip", "mimeType": "application/zip", "buffer": data})
        assert settled(bidder, times) == ({"done": 18, "bad": 0, "missing": 2} if times == 2 else mark_of_a_torn_file)
        assert bidder.barriers() == []
    assert bidder.wrongs == []
