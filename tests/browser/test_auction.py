"""An auction in six browsers: one ladder for all, and a quote that is sent again counts once."""

import json
import time
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from bidding.auction import queries
from bidding.auction.models import Auction, Quote
from market.projects.models import Project
from proofs.auction import replay
from rulebook import clock
from rulebook.actor import Actor
from rulebook.refusal import Refused
from tests import cast
from tests.bidding.auction.stories import NUMBER as TOLD
from tests.bidding.auction.stories import told
from tests.browser.visitor import Visitor
from tests.make import accounts, auctions
from tests.make.auctions import BEGINS, BIDDERS, NUMBER
from tests.proofs.test_auction import FORGED

ROOM = f"/purchases/{NUMBER}/auction/"
BEST = "#auction-best"
pytestmark = pytest.mark.embedded


def here(browser: Browser, base: str, who: Actor) -> Visitor:
    """Somebody in the room, signed in where he is somebody."""
    visitor = Visitor(browser, base)
    if who.person:
        session = accounts.client_of(who).cookies["sessionid"].value
        visitor.page.context.add_cookies([{"name": "sessionid", "value": session, "url": base}])
    visitor.go(ROOM)
    return visitor


def quote(page: Page, price: str) -> None:
    """Type a sum, read it back, confirm it."""
    page.fill("#quote-price", price)
    page.click("#auction-quote .act button")
    page.click("#quote-yes")


def ended() -> None:
    """The end is noted, as soon as nothing of the six browsers is being answered: a tick tries again as well."""
    for _ in range(100):
        try:
            auctions.ended()
            return
        except Refused as refusal:
            assert refusal.reasons[0].code == "auction.underway"
            time.sleep(0.1)
    raise AssertionError("something is always under way")


@pytest.mark.timeout(300)
@pytest.mark.django_db(transaction=True)
def test_four_bid_one_drops_out_and_comes_back_and_everybody_sees_the_same(browser, live_server, monkeypatch) -> None:
    auctions.auction()
    began, start = datetime.now(cast.NOON.tzinfo), [BEGINS]
    clock.forget()
    monkeypatch.setattr(clock, "system", lambda: start[0] + (datetime.now(cast.NOON.tzinfo) - began))
    owner, anybody, *bidders = (here(browser, live_server.url, who) for who in (cast.OFFICER, cast.STRANGER, *BIDDERS))
    first, second, third, fourth = (bidder.page for bidder in bidders)
    fourth.set_viewport_size({"width": 390, "height": 844})
    expect(anybody.page.locator(BEST)).to_have_text("100,000.00")
    assert anybody.page.locator("#auction-quote").count() == 0

    quote(first, "100000")
    expect(first.locator("#quote-said")).to_contain_text("已接受")
    expect(second.locator(BEST)).to_have_text("100,000.00")
    expect(second.locator("#auction-rungs tr")).to_have_count(1)
    quote(second, "95000")
    expect(first.locator("#auction-place")).to_contain_text("您排第 2 位（2 家已报价）")
    quote(third, "96000")  # it has not heard yet, or has: not a step better than 95,000 either way
    expect(third.locator("#quote-said")).to_contain_text("不高于 94,500.00")
    third.focus("#quote-price")
    third.fill("#quote-price", "90000")
    third.keyboard.press("Enter")
    third.keyboard.press("Enter")  # the confirming button has the focus
    expect(third.locator("#auction-place")).to_contain_text("您的报价目前最低")

    fourth.context.set_offline(True)
    quote(fourth, "87000")
    expect(fourth.locator("#quote-said")).to_contain_text("正在重发同一报价")
    assert fourth.locator("#auction-quote .act button").is_disabled()
    fourth.evaluate("document.getElementById('quote-form').requestSubmit()")
    assert fourth.locator("dialog").count() == 0
    fourth.context.set_offline(False)
    expect(fourth.locator("#quote-said")).to_contain_text("已接受")
    assert Quote.objects.filter(price=87000).count() == 1
    fourth.evaluate(
        "([number, quote]) => localStorage.setItem(`quote:${number}`, JSON.stringify({quote, price: '87000.00'}))",
        [NUMBER, str(Quote.objects.get(price=87000).quote)],
    )
    fourth.reload()  # the phone never heard the answer: it sends the same again, and is told the same
    expect(fourth.locator("#quote-said")).to_contain_text("第 4 次报价")
    assert Quote.objects.filter(price=87000).count() == 1

    owner.page.click("#auction-control summary")
    owner.page.fill("#pause-reason", "三楼断电")
    owner.page.click("button:text-is('对所有人暂停')")
    for page in (anybody.page, first):
        expect(page.locator("#auction-pause")).to_contain_text("三楼断电")
    expect(second.locator("#auction-quote .act button")).to_have_attribute("aria-disabled", "true")
    owner.page.click("button:text-is('恢复竞价')")
    expect(anybody.page.locator("#auction-pause")).to_be_hidden()
    resumed = Auction.objects.get()
    start[0] += max(resumed.opens_at - clock.now(), timedelta())
    for page in (first, second):  # their clocks are told anew
        page.reload()
    quote(second, "86500")
    expect(second.locator("#auction-place")).to_contain_text("您的报价目前最低")
    for page in (anybody.page, first, third, fourth, owner.page):
        expect(page.locator(BEST)).to_have_text("86,500.00")
        expect(page.locator("#auction-rungs tr")).to_have_count(5)
    assert bidders[0].barriers() == []
    assert not fourth.evaluate("document.documentElement.scrollWidth > innerWidth")

    ended()
    expect(anybody.page.locator("#auction-rungs")).to_contain_text(cast.NAMES[cast.YINSHAN])
    expect(anybody.page.locator("#auction-checked")).to_contain_text("全部相符")
    expect(anybody.page.locator("#auction-chart svg path")).to_have_count(1)
    ladder = replay(NUMBER, queries.entries(queries.auction(NUMBER)))
    assert [str(rung.price) for rung in ladder.quotes] == ["100000.00", "95000.00", "90000.00", "87000.00", "86500.00"]
    assert Project.objects.get(number=NUMBER).stage == "proposed"
    _same_verdicts(anybody.page)
    noticed = [wrong for visitor in (owner, anybody, *bidders) for wrong in visitor.wrongs]
    expected = ("WebSocket", "ERR_INTERNET_DISCONNECTED", "422", "Failed to fetch")
    assert [wrong for wrong in noticed if not any(word in wrong for word in expected)] == []


def _same_verdicts(page: Page) -> None:
    """The browser's rules let the true story pass and reject every forged one, as Python's do."""
    stories = {"true": told().entries}
    for name, forge in FORGED.items():
        entries = json.loads(json.dumps(told().entries))
        forge(entries)
        stories[name] = entries
    verdicts = page.evaluate(
        """async ([number, stories]) => {
          const {replay} = await import(document.querySelector("script[src*='auction/room']").src.replace(
            /bidding\\/auction\\/room[^/]*$/, "proofs/auction.js"));
          const found = {};
          for (const [name, entries] of Object.entries(stories)) {
            try {
              found[name] = String((await replay(number, entries)).best);
            } catch (wrong) {
              found[name] = wrong.name;
            }
          }
          return found;
        }""",
        [TOLD, stories],
    )
    assert verdicts.pop("true") == "8650000"
    assert set(verdicts.values()) <= {"NoSuchAuction", "NotCanonical"}, verdicts
