"""A citizen buys by phone in three short screens; two firms seal their quotes at their own browsers, and nobody opens.

And where the holders fall short, a firm opens its own quote at its browser, and a stranger checks the record there.
"""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from bidding.opening.models import Opening, OpeningUnit
from bidding.sealed import queries, tasks
from market.awards import tasks as awarding
from market.projects.models import Project
from portal.record.queries import record_of
from proofs import record
from rulebook.actor import SYSTEM
from tests import cast
from tests.browser.test_draw_pages import PASSPHRASE, come_in, key_file
from tests.browser.test_record_js import told
from tests.browser.visitor import Visitor
from tests.make import bidding_offers, notifier, purchases
from tests.make import sealed as make
from tests.make.ledger import answered, sequenced

RATES = """async (typed) => {
  const {priceSheet} = await import("/static/bidding/submission/price-sheet.js");
  const sheet = priceSheet({plain: true, rate: {base: "3000.00", least: "5.00", most: "40.00"}, onchange() {}});
  document.body.append(...sheet.nodes);
  return typed.map((text) => {
    document.getElementById("bid-rate").value = text;
    sheet.refresh();
    const {rate, price} = sheet.filled();
    return [rate, price, sheet.whyNot().length];
  });
}"""
PHONE = {"width": 390, "height": 844}


def fits(visitor: Visitor) -> bool:
    """Nothing is beside the phone's screen, and nothing bars the way."""
    return bool(visitor.page.evaluate("scrollX === 0 && document.documentElement.scrollWidth <= 390")) and (
        visitor.barriers() == []
    )


def three_screens(citizen: Visitor) -> str:
    """From the sign-up with a code to the notice that goes out by itself; the purchase's number."""
    page = citizen.page
    page.set_viewport_size(PHONE)
    citizen.go("/accounts/sign-up/")
    for name, value in {"name": "张秀英", "phone": "13904700001", "password": "xiang-ban-yi-jian-shi"}.items():
        page.fill(f"[name={name}]", value)
    page.click("main form button[type=submit]")
    page.fill("[name=code]", notifier.code_for("13904700001"))
    page.click("main form button[type=submit] >> nth=0")
    page.wait_for_url(lambda url: "/sign-up/" not in url)
    citizen.go(f"/purchases/new/?item={purchases.ITEM}")
    page.click("main form button[type=submit]")
    page.fill("[name=demand]", "自建房一处，约 120 平方米，办不动产登记用。")
    assert fits(citizen)
    page.click("button[form=step-form]")
    page.fill("[name=region]", "新巴尔虎右旗克尔伦苏木")
    page.fill("[name=days]", "20")
    page.fill("[name=price_cap]", "3000")
    page.check("[name=method][value=sealed_price]")
    page.check("[name=rehearse]")
    assert fits(citizen) and "密钥" not in page.inner_text("main")
    page.click("button[form=step-form]")
    expect(page.locator("main")).to_contain_text("没有不符合规则的地方")
    assert fits(citizen)
    page.click("main button:text-is('公告')")
    expect(page.locator("main")).to_contain_text("备妥后自动公告")
    return str(Project.objects.get().number)


def quote(firm: Visitor, number: str, price: str, file: str) -> None:
    """Fill in, seal on this machine, hand in."""
    page = firm.go(f"/purchases/{number}/offer/")
    page.wait_for_selector("#bid-work[data-ready=yes]")
    page.fill("#bid-price", price)
    page.set_input_files("[data-key-file]", file)
    page.fill("[data-passphrase]", PASSPHRASE)
    page.click("#bid-seal")
    expect(page.locator("#bid-send")).to_have_attribute("aria-disabled", "false")
    page.click("#bid-send")
    page.wait_for_selector("#bid-done")


def opened(monkeypatch: pytest.MonkeyPatch, number: str, *, holders: list[str]) -> datetime:
    """The deadline has passed; the holders' services release, the lowest is chosen."""
    tender = queries.tender(number)
    at = tender.closes_at + cast.MINUTE
    make.at_the_clock(monkeypatch, at)
    answered()
    bidding_offers.closed(tender)
    tasks.open_and_choose(by=SYSTEM, at=at)
    sequenced(at=at)
    make.turns(holders, at=at)
    make.ticked(at=at)
    return at


@pytest.mark.timeout(300)
@pytest.mark.embedded
@pytest.mark.django_db(transaction=True)
def test_a_citizen_buys_by_phone_and_the_lowest_of_the_sealed_quotes_does_it(
    browser: Browser, live_server, monkeypatch, tmp_path: Path
) -> None:
    notifier.running()
    make.readied()
    at = make.APPROVED
    make.at_the_clock(monkeypatch, at)
    citizen = Visitor(browser, live_server.url)
    number = three_screens(citizen)
    for _ in range(2):
        tasks.prepare_and_publish(by=SYSTEM, at=at)
        sequenced(at=at)
        make.turns(at=at, times=2)
    desk = citizen.go("/desk/").inner_text("main")
    assert "等待截止" in desk and "密钥" not in desk
    firms = [come_in(browser, live_server.url, who) for who in (cast.PROVIDER, cast.RIVAL)]
    for firm, code, price in zip(firms, (cast.HETAO, cast.YINSHAN), ("2600", "2500"), strict=True):
        quote(firm, number, price, key_file(tmp_path, code))
    page = citizen.go(f"/purchases/{number}/offers/")
    expect(page.locator("main")).to_contain_text("尚未开启")
    assert cast.NAMES[cast.YINSHAN] not in page.inner_text("main")

    at = opened(monkeypatch, number, holders=list(make.HOLDERS[:2]))
    page = citizen.go(f"/purchases/{number}/offers/")
    expect(page.locator("tbody tr").first).to_contain_text("2,500.00")
    expect(page.locator("tbody tr").first).to_contain_text("第 1")
    assert fits(citizen)
    for _ in range(4):
        at += 2 * cast.MINUTE
        awarding.deem_determined(by=SYSTEM, at=at)
        awarding.announce_determined(by=SYSTEM, at=at)
    make.at_the_clock(monkeypatch, at)
    winner = firms[1]
    winner.go(f"/projects/{number}/award/").click("main form button:has-text('确认中选')")
    expect(winner.page.locator("#accept + p .badge")).to_have_text("已确认")
    page = citizen.go(f"/projects/{number}/award/")
    expect(page.locator("main")).to_contain_text(cast.NAMES[cast.YINSHAN])
    assert fits(citizen)
    page = citizen.go(f"/purchases/{number}/")
    assert fits(citizen)
    with page.expect_download() as saved:
        page.click("text=下载（PDF）")
    assert Path(saved.value.path()).read_bytes().startswith(b"%PDF-")
    assert [wrong for each in (citizen, *firms) for wrong in each.wrongs] == []
    for each in (citizen, *firms):
        each.leave()


@pytest.mark.timeout(300)
@pytest.mark.embedded
@pytest.mark.django_db(transaction=True)
def test_a_firm_opens_its_own_quote_where_holders_fall_short(
    browser: Browser, page, live_server, monkeypatch, tmp_path: Path
) -> None:
    tender = make.offered(("2600.00", "2500.00"))
    opened(monkeypatch, make.NUMBER, holders=list(make.HOLDERS[:1]))
    at = make.OPENS + timedelta(seconds=tender.window + tender.drain)
    make.at_the_clock(monkeypatch, at)
    make.ticked(at=at, times=1)
    assert Opening.objects.get().rescue_from
    firm = come_in(browser, live_server.url, cast.PROVIDER)
    own = firm.go(f"/purchases/{make.NUMBER}/offers/")
    own.wait_for_selector("#rescue[data-ready=yes]")
    own.set_input_files("[data-key-file]", key_file(tmp_path, cast.HETAO))
    own.fill("[data-passphrase]", PASSPHRASE)
    own.click("#rescue-go")
    expect(own.locator("#rescue-status .say--ok")).to_contain_text("补救凭据已释放")
    assert firm.wrongs == []
    firm.leave()
    bidding_offers.heard(tender, [bidding_offers.rescue(tender, cast.YINSHAN, "sheet", at=at)], at=at)
    make.ticked(at=at)
    assert set(OpeningUnit.objects.values_list("verdict", flat=True)) == {"OK"}
    data = record_of(make.NUMBER)
    python = [(check.name, check.holds, check.text) for check in record.verify(data).checks]
    assert [tuple(line) for line in told(page, data)] == python
    assert {name: holds for name, holds, _ in python}["releases"] is True


def test_a_rate_off_the_cap_shows_the_price_it_makes_and_is_refused_beyond_what_was_announced(page) -> None:
    assert page.evaluate(RATES, ["25", "12.34%", "40", "4.99", "41", "很多"]) == [
        ["25.00", "2250.00", 0], ["12.34", "2629.80", 0], ["40.00", "1800.00", 0], ["4.99", "2850.30", 1],
        ["41.00", "1770.00", 1], ["", None, 1],
    ]  # fmt: skip
