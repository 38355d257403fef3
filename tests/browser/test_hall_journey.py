"""Openings as everybody sees them in Chromium: the hall changes hands and stands still, bids do not open, few are left.

One house in this process, whose clock the test moves; the hall then asks by plain requests. Cut sockets are in
`test_journey`, keys from a phone in `test_holder_desk`.
"""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from playwright.sync_api import Browser, expect

from bidding.evaluation.models import ReviewDraft
from bidding.opening import sessions
from bidding.opening.models import HolderTurn
from bidding.opening.tasks import advance_openings
from bidding.submission.models import Bid
from bidding.tender.events import Terms
from bidding.tender.models import Readiness, Tender
from ledger.services import record
from proofs import canonical
from rulebook import clock
from rulebook.refusal import Refused
from tests import cast
from tests.browser.test_draw_pages import PASSPHRASE, come_in, key_file
from tests.browser.visitor import Visitor
from tests.cast import HETAO, HOUR, LANGSHAN, MINUTE, NOON, WULIANG, YINSHAN
from tests.config.processes import eventually
from tests.make import accounts, evaluation, experts, market, stored
from tests.make import bidding_offers as make
from tests.make.ledger import answered, sequenced

HALL, FEW, TWO, NEXT = "T-2026-021", "T-2026-022", "T-2026-023", "T-2026-024"
PHONE = {"width": 390, "height": 844}
Clock = Callable[[datetime], None]


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Sets the moment at which requests arrive."""

    def set_to(instant: datetime) -> None:
        clock.forget()
        monkeypatch.setattr(clock, "system", lambda: instant)
        answered()

    return set_to


@pytest.mark.timeout(400)
@pytest.mark.django_db(transaction=True)
def test_the_hall_from_every_seat(browser: Browser, live_server: Any, at: Clock, tmp_path: Path) -> None:
    accounts.world()
    at(NOON + MINUTE)
    two, few, held = two_envelopes(), two_left(), four_bid()
    published(NEXT, closes_at=NOON + 3 * HOUR)
    base = live_server.url
    who = {actor: come_in(browser, base, actor) for actor in (cast.OFFICER, cast.SUPERVISOR, cast.PROVIDER)}
    public = Visitor(browser, base)
    public.page.set_viewport_size(PHONE)
    try:
        host_opens_pauses_and_hands_over(who, public, browser, base, at)
        one_bid_replaced_one_spoilt(who[cast.PROVIDER], public, held, at, tmp_path)
        the_cause_is_settled(browser, base, who, public, held, at, tmp_path)
        too_few_are_left_to_be_judged(who[cast.OFFICER], public)
        nothing_is_opened(who, public, few, tmp_path)
        prices_of_those_who_passed(who, public, two, at, tmp_path)
        a_holder_releases_from_a_phone(browser, base, two, at, tmp_path)
        who_never_came_is_out_by_law(public, two, at)
        a_member_writes_his_review_over_a_bad_line(browser, base)
        for visitor in (public, *who.values()):
            assert [wrong for wrong in visitor.wrongs if "WebSocket" not in wrong] == []
    finally:
        for visitor in (public, *who.values()):
            visitor.leave()


def published(number: str, **facts: Any) -> Tender:
    tender = make.open_tender(number=number, project=market.project(number=number), slots=6, **facts)
    with transaction.atomic():
        record(Terms(stream=tender.project.log, terms=tender.terms), at=tender.closes_at - HOUR)
    return tender


def four_bid() -> Tender:
    """One bid is replaced, one withdrawn."""
    tender = published(HALL)
    make.sealed_bid(tender, cast.PROVIDER, price="999999.00", at=NOON - HOUR)
    make.sealed_bid(tender, cast.PROVIDER, price=make.PRICES[0], at=NOON - HOUR / 2)
    for bidder, price in ((cast.RIVAL, make.PRICES[1]), (cast.THIRD, make.PRICES[2]), (cast.FOURTH, make.PRICES[3])):
        make.sealed_bid(tender, bidder, price=price)
    make.withdrawn(tender, cast.FOURTH)
    make.closed(tender)
    return tender


def two_left() -> Tender:
    """Three bid, one takes his bid back."""
    tender = published(FEW)
    for bidder in make.BIDDERS[:3]:
        make.sealed_bid(tender, bidder)
    make.withdrawn(tender, cast.THIRD)
    make.closed(tender)
    return tender


def two_envelopes() -> Tender:
    """Four bid in two envelopes; the technical ones are open, and it is on record that the fourth did not pass."""
    tender = published(TWO, closes_at=NOON - 3 * HOUR, envelopes="two")
    for bidder, price in zip(make.BIDDERS, make.PRICES, strict=True):
        make.sealed_bid(tender, bidder, price=price)
    make.closed(tender)
    make.services.open_hall(project_number=TWO, by=cast.OFFICER, at=tender.closes_at + MINUTE)
    make.halves_released(tender)
    make.keys_released(tender)
    make.session_ended(tender, [one.organisation for one in make.BIDDERS], at=tender.closes_at + 4 * MINUTE)
    passed = {code: cast.NAMES[code] for code in (HETAO, YINSHAN, WULIANG)}
    with transaction.atomic():
        sessions.admit(project=tender.project, passed=passed, at=NOON - HOUR)
    return tender


def text(visitor: Visitor, place: str, number: str = HALL) -> str:
    """A part of the hall as it is read now."""
    return visitor.go(f"/projects/{number}/hall/").inner_text(place)


def no_barrier(visitor: Visitor) -> None:
    assert visitor.barriers() == []
    assert not visitor.page.evaluate("document.documentElement.scrollWidth > innerWidth")


def host_opens_pauses_and_hands_over(
    who: dict[Any, Visitor], public: Visitor, browser: Browser, base: str, at: Clock
) -> None:
    host = who[cast.OFFICER]
    page = host.go(f"/projects/{HALL}/hall/")
    page.click("button:text-is('开标并公布投标人名单')")
    expect(page.locator("#hall-table tbody tr")).to_have_count(3)
    assert cast.NAMES[LANGSHAN] not in public.go(f"/projects/{HALL}/hall/").content()  # who withdrew is nobody's news
    ends = public.page.get_attribute("#hall-now [data-countdown]", "data-countdown")

    at(NOON + 3 * MINUTE)
    page.click("summary:text-is('暂停')")
    page.fill("#pause-reason", "核实一家投标人的网络")
    page.click("button:text-is('暂停开标')")
    page.wait_for_selector("#hall-pause")
    for minutes in (3, 13):
        at(NOON + minutes * MINUTE)
        seen = text(public, "#hall-pause")
        assert "28:00" in seen and "核实一家投标人的网络" in seen and cast.NAMES[cast.BUYER] in seen
    no_barrier(public)

    # The host is gone for ten minutes: a colleague takes the hall over, and it goes on with what was left.
    second = come_in(browser, base, cast.APPROVER)
    second.go(f"/projects/{HALL}/hall/")
    second.page.click("button:text-is('接手主持')")
    expect(second.page.locator("#hall-controls")).to_contain_text("您正在主持本次开标")
    second.page.click("button:text-is('恢复开标')")
    second.page.wait_for_selector("#hall-now [data-countdown]")
    later = second.page.get_attribute("#hall-now [data-countdown]", "data-countdown")
    assert datetime.fromisoformat(str(later)) - datetime.fromisoformat(str(ends)) == timedelta(minutes=10)
    assert f"大厅现由 {cast.APPROVER.name} 主持" in text(host, "#hall-controls")
    second.page.click("summary:text-is('移交主持')")
    second.page.select_option("#hand-to", label=cast.OFFICER.name)
    second.page.click("button:text-is('移交主持')")
    assert f"大厅现由 {cast.OFFICER.name} 主持" in text(second, "#hall-controls")
    second.leave()


def one_bid_replaced_one_spoilt(bidder: Visitor, public: Visitor, held: Tender, at: Clock, folder: Path) -> None:
    now = NOON + 14 * MINUTE
    at(now)
    sequenced(at=now)
    bidder.page.clock.set_fixed_time(now)  # his own clock is checked as well
    page = bidder.go(f"/projects/{HALL}/hall/")
    other = page.context.new_page()  # a second tab, on which nothing is pressed
    other.goto(page.url)
    decrypt(bidder, folder)
    expect(page.locator("#hall-tools-status")).to_contain_text("第 2 版，报价 1,000,000.00 元")
    row = f"#hall-table tr[data-org='{HETAO}']"
    expect(other.locator(row)).to_contain_text("开标一览表 · 已解密")
    # No socket comes through on this server, on either tab: the record's lines come by plain requests as well.
    expect(other.locator("#hall-entries")).to_contain_text("释放开标一览表的解密凭据")
    expect(page.locator(row)).to_have_text(other.locator(row).inner_text(), use_inner_text=True)
    other.close()

    make.halves_released(held, [YINSHAN], at=now)
    right = make.half(held, WULIANG, "sheet", at=now)
    fields = {key: right[key] for key in ("eid", "role", "closing")}
    wrong = make.said("rel/1", WULIANG, {**fields, "b": canonical.b64u(bytes(32))}, number=HALL, at=now)
    with pytest.raises(Refused):
        make.heard(held, [wrong], at=now)
    assert "解密凭据与投标文件不符，可在本环节内重试" in text(public, "#hall-entries")


def the_cause_is_settled(
    browser: Browser, base: str, who: dict[Any, Visitor], public: Visitor, held: Tender, at: Clock, folder: Path
) -> None:
    over = NOON + 42 * MINUTE
    at(over)
    advance_openings(by=cast.SYSTEM, at=over)
    own = stored.envelope(Bid.objects.get(tender=held, organisation=HETAO, part="body", version=2).env_sha256)
    (folder / "own.sbe").write_bytes(own.read_bytes())
    own.write_bytes(b"damaged")
    make.keys_released(held, at=over)
    his_own_copy_is_taken(who[cast.PROVIDER], folder)
    advance_openings(by=cast.SYSTEM, at=over)
    seen = text(public, "#hall-unopened")
    assert cast.NAMES[WULIANG] in seen and "原因待认定" in seen and "《电子招标投标办法》第31条" in seen
    public.page.click("#hall-unopened summary")
    expect(public.page.locator("#hall-unopened")).to_contain_text("投标人的解密凭据不符")
    no_barrier(public)
    assert "裁定未能开启的原因" in text(who[cast.SUPERVISOR], "#hall-causes")
    witness = come_in(browser, base, cast.WITNESS)
    for visitor in (who[cast.OFFICER], witness):
        visitor.go(f"/projects/{HALL}/hall/")
        visitor.page.check("#hall-causes input[value=bidder]")
        visitor.page.fill("#hall-causes textarea", "释放的凭据与其标书不符，窗口内未再释放")
        with visitor.page.expect_navigation():
            visitor.page.click("button:text-is('认定并写入日志')")
    witness.leave()
    over += 15 * MINUTE  # the supervisor may have overruled so long
    at(over)
    advance_openings(by=cast.SYSTEM, at=over)
    seen = text(public, "#hall-unopened")
    assert "视为撤销其投标文件" in seen and "主持人与见证人意见一致" in seen


def his_own_copy_is_taken(bidder: Visitor, folder: Path) -> None:
    """The platform's file was damaged: the bidder opens his own copy at home, and hands it in again."""
    assert "请补传标书原件" in text(bidder, "#hall-copy")
    page = bidder.page
    page.click("#hall-copy a")
    page.wait_for_selector("#copies[data-ready=yes]")
    told = page.locator("#copies-status")
    page.click("#copies-restore")
    expect(told).to_contain_text("请先选择您保存的信封文件")
    for name, words in (("key", "与任何一张回执都不一致"), ("own", "一致：这就是递交的商务技术文件 第 2 版")):
        page.set_input_files("#copies-file", {"key": key_file(folder, HETAO), "own": folder / "own.sbe"}[name])
        page.click("#copies-compare")
        expect(told).to_contain_text(words)
    use_key(bidder, folder, HETAO, "#copies-form")
    page.click("#copies-open")
    expect(told.locator("#copies-content button").first).to_contain_text("另存")
    no_barrier(bidder)
    page.click("#copies-restore")
    expect(told).to_contain_text("第 2 版已补传")
    expect(page.locator("#copies-wanted")).to_have_count(0)
    # A version that was replaced opens for its owner as well, from the platform's copy.
    page.set_input_files("#copies-file", [])
    page.select_option("#copies-version", label="开标一览表 第 1 版")
    page.click("#copies-open")
    expect(told).to_contain_text("999,999.00 元")


def too_few_are_left_to_be_judged(host: Visitor, public: Visitor) -> None:
    page = host.go(f"/projects/{HALL}/hall/")
    expect(page.locator("#hall-host")).to_contain_text("成功开启的投标不足 3 家，不得评标，应宣布流标")
    page.click("button:text-is('有效投标不足，宣布流标')")
    expect(page.locator("#hall-now h2")).to_have_text("结束")
    public.go(f"/projects/{HALL}/")
    expect(public.page.locator("main")).to_contain_text("已结束，没有成交")
    table = text(public, "#hall-table")
    assert "1,000,000.00" in table and "999,999" not in table and "1,250,000.00" not in table


def nothing_is_opened(who: dict[Any, Visitor], public: Visitor, few: Tender, folder: Path) -> None:
    host, supervisor = who[cast.OFFICER], who[cast.SUPERVISOR]
    seen = text(host, "#hall-host", FEW)
    assert "投标人不足 3 家，不得开标" in seen and "尚未收到监督部门签署的确认" in seen
    page = supervisor.go(f"/projects/{FEW}/hall/")
    use_key(supervisor, folder, cast.BUREAU)
    page.click("[data-act=signFew]")
    expect(page.locator("#hall-tools-status .say--ok")).to_contain_text("已签署投标人不足")
    page = host.go(f"/projects/{FEW}/hall/")
    page.click("button:text-is('宣布投标人不足，不予开标')")
    expect(page.locator("#hall-now h2")).to_have_text("不予开标")
    seen = text(public, "body", FEW)
    assert "《87号令》第41条" in seen and "保持封存" in seen
    assert not any(cast.NAMES[one.organisation] in seen for one in make.BIDDERS)
    no_barrier(public)


def prices_of_those_who_passed(who: dict[Any, Visitor], public: Visitor, two: Tender, at: Clock, folder: Path) -> None:
    now = NOON + 60 * MINUTE
    at(now)
    page = who[cast.OFFICER].go(f"/projects/{TWO}/hall/")
    page.click("button:text-is('开启下一信封')")
    expect(page.locator("#hall-session")).to_contain_text("第 2 场")
    sequenced(at=now)
    bidder = who[cast.PROVIDER]
    bidder.page.clock.set_fixed_time(now)
    bidder.go(f"/projects/{TWO}/hall/")
    decrypt(bidder, folder)
    make.halves_released(two, [WULIANG], at=now + MINUTE)  # the third who passed never comes


def a_holder_releases_from_a_phone(browser: Browser, base: str, two: Tender, at: Clock, folder: Path) -> None:
    """One sitting at a phone: ready for the opening to come, and the keys of the one that waits for them."""
    over = NOON + 102 * MINUTE
    at(over)
    advance_openings(by=cast.SYSTEM, at=over)
    make.keys_released(two, make.HOLDERS[:1], at=over)
    sequenced(at=over)
    holder = come_in(browser, base, cast.HOLDER)
    holder.page.set_viewport_size(PHONE)
    holder.page.clock.set_fixed_time(over)
    page = holder.go("/holders/desk/")
    page.set_input_files("[data-key-file]", key_file(folder, cast.NOTARY))
    page.fill("[data-passphrase]", PASSPHRASE)
    told = page.locator("#sitting [data-status]")
    for act, words in (("confirmAll", "1 场已确认就绪"), ("releaseAll", "1 场的钥匙已全部释放")):
        page.click(f"[data-act={act}]")
        expect(told).to_contain_text(words)
    assert Readiness.objects.get(tender__project__number=NEXT).organisation == cast.NOTARY
    assert HolderTurn.objects.filter(opening__tender=two, part="price", organisation=cast.NOTARY).exists()
    no_barrier(holder)
    assert holder.wrongs == []
    holder.leave()


def who_never_came_is_out_by_law(public: Visitor, two: Tender, at: Clock) -> None:
    """Nobody states a cause in time: what the evidence says by itself stands, and the law's word with it."""
    over = NOON + 103 * MINUTE
    for wait in (0, 60):
        at(over + wait * MINUTE)
        advance_openings(by=cast.SYSTEM, at=over + wait * MINUTE)
    seen = text(public, "#hall-unopened", TWO)
    assert (
        cast.NAMES[YINSHAN] in seen
        and "视为撤销其投标文件" in seen
        and "按证据认定" in seen
        and "《电子招标投标办法》第31条" in seen
    )
    public.page.click("#hall-unopened summary")
    expect(public.page.locator("#hall-unopened")).to_contain_text("投标人未释放解密凭据")
    table = public.page.inner_text("#hall-table")
    for price in (make.PRICES[0], make.PRICES[2]):
        assert re.sub(r"(\d)(\d{3})(\d{3}\.)", r"\1,\2,\3", price) in table
    assert "未通过评审，永远封存" in table
    assert not [price for price in ("1,180,000", "1,100,000") if price in public.page.content()]
    no_barrier(public)


def a_member_writes_his_review_over_a_bad_line(browser: Browser, base: str) -> None:
    """What he writes is kept as he goes; a cut line, a closed page and a house that is being restarted lose nothing."""
    row = evaluation.declared(evaluation.seated())
    expert = come_in(browser, base, experts.person_of(evaluation.members(row)[0]))
    place = f"/projects/{row.project.number}/evaluation/"
    page, bid = expert.go(place), f"fieldset:has-text('{cast.NAMES[YINSHAN]}')"
    told = page.locator("[data-saved]")
    page.check(f"{bid} input[value=no]")
    expect(told).to_contain_text("已保存")
    no_barrier(expert)
    assert expert.wrongs == []

    page.click(f"{bid} summary")
    page.route("**/review/draft", lambda route: route.fulfill(status=502, body="<html>"))
    page.check(f"{bid} [type=checkbox] >> nth=0")
    expect(told).to_have_text("未能保存，正在重试")
    page.unroute_all()
    page.context.set_offline(True)
    page.fill(f"{bid} textarea", "交货期未响应招标文件")
    expect(told).to_have_text("未能保存，正在重试")
    page.context.set_offline(False)  # nothing is pressed: it is handed over by itself
    expect(told).to_contain_text("已保存")

    page.locator(f"{bid} textarea").press_sequentially("；其余响应")
    page.goto("about:blank")  # before it was told to be kept
    eventually(lambda: any("；其余响应" in vote["note"] for vote in ReviewDraft.objects.get().votes), within=60)
    page.goto(base + place)
    expect(page.locator(f"{bid} textarea")).to_have_value("交货期未响应招标文件；其余响应")
    assert page.is_checked(f"{bid} input[value=no]") and page.is_checked(f"{bid} [type=checkbox] >> nth=0")
    page.context.clear_cookies()
    page.fill(f"{bid} textarea", "已退出登录")
    expect(told).to_have_text("未被受理，请刷新页面")
    assert ReviewDraft.objects.get().votes[-1]["note"] != "已退出登录"
    expert.leave()


def use_key(visitor: Visitor, folder: Path, org: str, place: str = "#hall-tools") -> None:
    visitor.page.set_input_files(f"{place} [data-key-file]", key_file(folder, org))
    visitor.page.fill(f"{place} [data-passphrase]", PASSPHRASE)


def decrypt(bidder: Visitor, folder: Path) -> None:
    """With his key file, in his browser."""
    use_key(bidder, folder, HETAO)
    bidder.page.click("[data-act=arriveAndRelease]")
    expect(bidder.page.locator("#hall-tools-status .say--ok")).to_contain_text("到场并解密完成")
