"""A negotiation in Chromium: the panel writes it down and calls for quotes; a supplier seals his and releases it."""

import os
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from bidding.evaluation.models import Evaluation
from bidding.evaluation.rules import Step
from bidding.evaluation.tasks import rank_prices
from bidding.opening import sessions
from bidding.submission.models import Bid, Round
from proofs import keyfile
from rulebook import clock
from rulebook.actor import Actor
from tests import cast
from tests.browser.visitor import Visitor
from tests.make import accounts, bidding_offers
from tests.make import evaluation as judging
from tests.make import negotiation as make
from tests.make.ledger import answered, sequenced

SHOTS = os.environ.get("SHOTS")


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    """Sets the clock of the site, which runs on from there."""

    def set_to(moment: datetime) -> None:
        began = datetime.now(moment.tzinfo)
        clock.forget()
        monkeypatch.setattr(clock, "system", lambda: moment + (datetime.now(moment.tzinfo) - began))
        answered()

    return set_to


def looked_at(visitor: Visitor, name: str) -> None:
    """Nothing bars the way, wide or narrow; kept as pictures where somebody asks for them."""
    page = visitor.page
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 844})
        assert not page.evaluate("document.documentElement.scrollWidth > innerWidth"), name
        if SHOTS:
            page.screenshot(path=str(Path(SHOTS) / f"{name}-{width}.png"), full_page=True)
    assert visitor.barriers() == []


def visitor_of(browser: Browser, base: str, actor: Actor | None) -> Visitor:
    found = Visitor(browser, base)
    if actor:
        session = accounts.client_of(actor).cookies["sessionid"].value
        found.page.context.add_cookies([{"name": "sessionid", "value": session, "url": base}])
    return found


def use_key(page: Page, file: Path) -> None:
    page.set_input_files("[data-key-file]", str(file))
    page.fill("[data-passphrase]", "correct horse")


@pytest.mark.timeout(300)
@pytest.mark.django_db(transaction=True)
def test_a_supplier_seals_his_last_quote_and_releases_it_when_the_round_is_opened(
    browser: Browser, live_server, at, tmp_path
) -> None:
    row = make.talking()
    number, base = row.project.number, live_server.url
    file = tmp_path / "hetao.key"
    file.write_text(keyfile.seal(accounts.signer(cast.HETAO), "correct horse"))
    at(make.TALKED)
    sequenced(at=make.TALKED)

    supplier = visitor_of(browser, base, cast.PROVIDER)
    page = supplier.go(f"/projects/{number}/talks/")
    expect(page.locator("main")).to_contain_text("本单位参加谈判（磋商）")
    looked_at(supplier, "supplier-talks")

    expert = visitor_of(browser, base, make.member(row))
    panel = expert.go(f"/projects/{number}/evaluation/")
    for org in sorted(make.QUOTES):
        panel.select_option("#talk-org", org)
        panel.fill("#talk-text", "就响应时间和服务人员进行了磋商")
        panel.click("button[form=note-talk]")
        expect(panel.locator(".lines--plain").last).to_contain_text(cast.NAMES[org])
    looked_at(expert, "expert-talks")
    panel.click("button[form=call-round]")
    expect(panel.locator("main")).to_contain_text("第 1 轮报价")
    looked_at(expert, "expert-round")

    page = supplier.go(f"/projects/{number}/bid/")
    page.wait_for_selector("#bid-work[data-ready=yes]")
    expect(page.locator("#bid-files")).to_have_count(0)
    page.fill("#bid-price", "450000")
    page.fill("#bid-delivery", "全年")
    looked_at(supplier, "supplier-quote")
    use_key(page, file)
    page.click("#bid-seal")
    expect(page.locator("#bid-send")).to_have_attribute("aria-disabled", "false")
    page.click("#bid-send")
    page.wait_for_selector("#bid-done")
    assert Bid.objects.filter(part="price").count() == 1

    round = Round.objects.select_related("tender__project").get()
    for org in (cast.YINSHAN, cast.WULIANG):
        make.quoted(row, {org: make.QUOTES[org]}, at=clock.now())
    public = visitor_of(browser, base, None)
    public.go(f"/projects/{number}/hall/")
    looked_at(public, "public-hall-quoting")
    readers = [supplier, expert, public]
    at(round.closes_at + timedelta(seconds=round.tender.drain + 1))
    make.closed(round)
    sessions.open_session(project_number=number, by=cast.OFFICER, at=clock.now())
    sequenced(at=clock.now())

    page.clock.set_system_time(clock.now())  # his own clock decides whether the round is over
    page = supplier.go(f"/projects/{number}/hall/")
    use_key(page, file)
    page.click("[data-act=arriveAndRelease]")
    page.wait_for_selector("#hall-tools-status .say--ok, #hall-tools-status [role=alert]")
    expect(page.locator("#hall-tools-status")).to_contain_text("450,000.00 元")
    looked_at(supplier, "supplier-hall")
    tender = make.tender_of(row)
    now = clock.now()
    bidding_offers.halves_released(tender, [cast.YINSHAN, cast.WULIANG], at=now)
    bidding_offers.keys_released(tender, at=now)
    bidding_offers.session_ended(tender, sorted(make.QUOTES), at=now)
    rank_prices(by=cast.SYSTEM, at=now)
    assert Evaluation.objects.get().step == Step.SCORES
    public.go(f"/projects/{number}/hall/")
    expect(public.page.locator("#hall-shut")).to_contain_text("成交结果公告前")
    for word in ("报价文件 · 已开启", cast.NAMES[cast.HETAO], "440,000.00"):
        expect(public.page.locator("main")).not_to_contain_text(word)
    expect(supplier.go(f"/projects/{number}/hall/").locator("#hall-table tbody tr")).to_have_count(1)
    looked_at(public, "public-hall-after")
    for each, name in ((cast.OFFICER, "officer"), (cast.SUPERVISOR, "supervisor")):
        reader = visitor_of(browser, base, each)
        reader.go(f"/projects/{number}/evaluation/")
        expect(reader.page.locator("main")).to_contain_text("就响应时间和服务人员进行了磋商")
        looked_at(reader, f"{name}-evaluation")
        readers.append(reader)
    row.refresh_from_db()
    judging.locked(row, at=now)
    judging.signed(row, at=now)
    judging.awarded(number, cast.YINSHAN, at=now)
    make.disclosed(at=now)
    it_is_seen_again(public, number)
    seen = [wrong for each in readers for wrong in each.wrongs]
    assert [wrong for wrong in seen if "WebSocket" not in wrong] == []  # this server has no sockets
    for each in readers:
        each.leave()


def it_is_seen_again(public: Visitor, number: str) -> None:
    """Disclosed with the result, both sessions play back; the quotes appear where they were published, at the end."""
    public.go(f"/projects/{number}/hall/replay/")
    page, rows = public.page, public.page.locator("#replay-rows")
    expect(page.locator("#replay")).to_have_attribute("data-ready", "yes")
    expect(rows).to_contain_text("440,000.00")
    looked_at(public, "public-replay")
    page.locator("[data-stage]").nth(1).press("Enter")
    expect(rows.locator("tr")).to_have_count(3)
    expect(page.locator("#replay-now")).to_contain_text("公布供应商名单，共 3 家")
    page.locator("[data-stage]").nth(-2).press("Enter")
    expect(rows).to_contain_text("已确认")
    expect(rows).not_to_contain_text("440,000.00")
