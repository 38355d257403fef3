"""Three lots in one sitting: filled in, sealed and handed in together, cut in between, and gone on with."""

from datetime import datetime
from pathlib import Path

import pytest
from django.db import transaction
from playwright.sync_api import Browser, Page, Route, expect

from bidding.submission.models import Bid
from bidding.tender.events import KEYS, SlotsPosted, Terms
from ledger.events import Event
from ledger.services import record
from proofs import keyfile
from rulebook import clock
from tests import cast
from tests.browser.visitor import Visitor
from tests.make import accounts, bidding, bidding_offers, market
from tests.make.ledger import sequenced

LOTS = ("L-1", "L-2", "L-3")
LETTER = {"name": "投标保函.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 letter"}
LEADER = {"certificate": "一级注册建造师"}
ASKED = {"amount": "20000.00", "forms": ["bank"]}
FILE = {"name": "技术方案.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7\n" + b"x" * 90_000}


def log(event: Event, *, at: datetime) -> None:
    with transaction.atomic():
        record(event, at=at)


@pytest.fixture
def a_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three lots that take bids for another hour."""
    began = datetime.now(cast.NOON.tzinfo)
    clock.forget()
    monkeypatch.setattr(clock, "system", lambda: cast.NOON - cast.HOUR + (datetime.now(cast.NOON.tzinfo) - began))
    accounts.world()
    accounts.keys()
    for place, number in enumerate(LOTS, start=1):
        lot = market.project(number=number, title=f"监测设备采购第{place}包", batch="B-1", lot=place, most_lots=1)
        tender = bidding_offers.open_tender(
            number=number, project=lot, guarantee=ASKED if place == 3 else None, leader=LEADER if place == 2 else None
        )
        log(Terms(stream=lot.log, terms=tender.terms), at=market.PUBLISHED)
        for part in tender.parts:
            for i, code in enumerate(bidding.HOLDERS, start=1):
                said = bidding.slots_statement(code, number, part, bidding.SLOTS)
                log(
                    SlotsPosted(stream=KEYS, number=number, org=code, i=i, part=part, statement=said),
                    at=market.PUBLISHED,
                )
    sequenced(at=clock.system())


@pytest.mark.timeout(300)
@pytest.mark.django_db(transaction=True)
def test_lots_are_handed_in_together_and_a_cut_line_says_what_went_through(
    browser: Browser, live_server, a_batch, tmp_path
) -> None:
    file = tmp_path / "hetao.key"
    file.write_text(keyfile.seal(accounts.signer(cast.HETAO), "correct horse"))
    visitor = Visitor(browser, live_server.url)
    session = accounts.client_of(cast.PROVIDER).cookies["sessionid"].value
    visitor.page.context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    said = the_member_signs(browser, live_server.url, tmp_path)
    page = visitor.go("/projects/L-2/bid/lots/")
    page.wait_for_selector("#lots-bid[data-ready=yes]")
    expect(page.locator("#lots-missing")).to_contain_text("选择要投的标段")

    fill_in(page)
    name_the_member(page, said, str(file))
    assert visitor.barriers() == []
    page.click("#bid-seal")
    expect(page.locator("#bid-send")).to_have_attribute("aria-disabled", "false")
    expect(page.locator("#lots-progress-words")).to_have_text("共 6 个信封：已封好 6 个，已上传 6 个")
    assert not Bid.objects.exists()

    the_line_breaks_after_the_second_lot(page)
    assert visitor.barriers() == []
    assert sorted(Bid.objects.values_list("tender__project__number", flat=True)) == ["L-1", "L-1", "L-2", "L-2"]
    page.set_viewport_size({"width": 390, "height": 844})
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")

    page.reload()
    page.wait_for_selector("#lots-bid[data-ready=yes]")
    expect(page.locator("#lots-outcome [data-tender=L-2]")).to_contain_text("已递交")
    expect(page.locator("#lots-missing")).to_contain_text("第 3 标段：已封标")
    use_key(page, str(file))
    page.click("#bid-send")
    page.wait_for_selector("#bid-done")
    assert sorted(Bid.objects.values_list("tender__project__number", flat=True)) == sorted(LOTS * 2)
    assert set(Bid.objects.values_list("version", flat=True)) == {1}
    assert len(set(Bid.objects.values_list("env_sha256", flat=True))) == 6
    page.goto(f"{live_server.url}/projects/L-3/bid/")
    expect(page.locator("#bid-mine .badge--ok")).to_have_count(2)
    assert [wrong for wrong in visitor.wrongs if "ERR_FAILED" not in wrong] == []
    visitor.leave()


AGREEMENT = {"name": "联合体协议.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 agreed"}


def the_member_signs(browser: Browser, base: str, folder: Path) -> Path:
    """Another firm says with its own key that it takes part; nothing but pages is asked for."""
    file = folder / "yinshan.key"
    file.write_text(keyfile.seal(accounts.signer(cast.YINSHAN), "correct horse"))
    member = Visitor(browser, base)
    session = accounts.client_of(cast.RIVAL).cookies["sessionid"].value
    member.page.context.add_cookies([{"name": "sessionid", "value": session, "url": base}])
    page = member.go("/projects/L-1/bid/consent/")
    page.wait_for_selector("#consent[data-ready=yes]")
    posted: list[str] = []
    page.on("request", lambda one: posted.append(one.url) if one.method != "GET" else None)
    page.fill("#consent-lead", cast.HETAO)
    page.set_input_files("#consent-agreement", [AGREEMENT])
    use_key(page, str(file))
    page.click("#consent-sign")
    page.wait_for_selector("#consent-done")
    page.set_viewport_size({"width": 390, "height": 844})
    assert member.barriers() == [] and not page.evaluate("document.documentElement.scrollWidth > innerWidth")
    with page.expect_download() as download:
        page.click("#consent-done button")
    assert posted == [] and member.wrongs == []
    saved = folder / download.value.suggested_filename
    download.value.save_as(saved)
    member.leave()
    return saved


def name_the_member(page: Page, said: Path, file: str) -> None:
    """Without its consent the list says so; with one for another agreement nothing is sealed."""
    page.click("#bid-consortium summary")
    page.fill("#bid-members", f"{cast.YINSHAN} 阴山环境科技有限公司 安装")
    expect(page.locator("#lots-missing")).to_contain_text(f"确认书「consent-{cast.YINSHAN}.json」")
    other = AGREEMENT | {"buffer": b"%PDF-1.7 something else"}
    page.set_input_files(
        "#bid-files", [{"name": said.name, "mimeType": "text/json", "buffer": said.read_bytes()}, other]
    )
    use_key(page, file)
    page.click("#bid-seal")
    expect(page.locator("#lots-status [role=alert]")).to_contain_text("确认的联合体协议与所选文件不是同一份")
    page.set_input_files("#bid-files", [AGREEMENT])


def fill_in(page: Page) -> None:
    """Files once; a sheet for each lot, and everything that is missing told of each lot at once."""
    for place in (1, 2, 3):
        page.check(f"#lot-{place}")
    missing = page.locator("#lots-missing")
    expect(missing.locator("ul")).to_have_count(3)
    page.set_input_files("#bid-files", [FILE])
    for place in (1, 2, 3):
        page.fill(f"#bid-price-{place}", f"{place}000000")
        expect(missing).to_contain_text(f"第 {place} 标段还缺：填写交货期")
        page.fill(f"#bid-delivery-{place}", "45 日")
    for words in ("填写保函编号或转账凭证号", "选择名称含「保证金」或「保函」的凭证文件"):
        expect(missing).to_contain_text(words)
    page.set_input_files("#bid-files", [LETTER])
    page.fill("#bid-guarantee-number-3", "BH-2026-0077")
    page.fill("#bid-guarantee-issuer-3", "河套农商银行")
    page.fill("#bid-words-2", "贰佰零壹万元整")
    expect(missing).to_contain_text("大写金额与小写不一致")
    page.fill("#bid-words-2", "贰佰万元整")
    expect(missing).to_contain_text("填写项目负责人姓名")
    page.fill("#bid-leader-name-2", "张建国")
    page.fill("#bid-leader-number-2", "150727197506010015")
    page.fill("#bid-leader-certificate-2", "一级注册建造师 蒙1502026")
    expect(missing).not_to_contain_text("还缺")
    expect(page.locator("#bid-saved-state")).to_contain_text("已保存")
    page.reload()
    page.wait_for_selector("#lots-bid[data-ready=yes]")
    expect(page.locator("#bid-price-3")).to_have_value("3000000")
    expect(page.locator("#bid-guarantee-number-3")).to_have_value("BH-2026-0077")
    expect(page.locator("#bid-chosen li")).to_have_count(2)
    expect(page.locator("#bid-leader-name-2")).to_have_value("张建国")
    expect(page.locator("#bid-leader-number-2")).to_have_value("")  # his number is in no draft
    page.fill("#bid-leader-number-2", "150727197506010015")


def use_key(page: Page, file: str) -> None:
    page.set_input_files("[data-key-file]", file)
    page.fill("[data-passphrase]", "correct horse")


def the_line_breaks_after_the_second_lot(page: Page) -> None:
    """The first lot is answered; of the second the answer is lost on its way; the third is never asked."""

    def lose_the_answer(route: Route) -> None:
        route.fetch()
        route.abort()

    page.route("**/api/projects/L-2/bids", lose_the_answer)
    page.click("#bid-send")
    cut = page.locator("#lots-cut")
    expect(cut).to_contain_text("已递交 1 个标段，还有 2 个标段没有回执")
    outcome = page.locator("#lots-outcome")
    expect(outcome.locator("[data-tender=L-1]")).to_contain_text("回执签名核对无误")
    expect(outcome.locator("[data-tender=L-2]")).to_contain_text("可能已收到，也可能没有")
    expect(outcome.locator("[data-tender=L-3]")).to_contain_text("尚未递交")
    page.unroute_all()
