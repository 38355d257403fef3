"""A bid from the form to the signature, in a real browser, on a real site among parties of their own."""

import contextlib
import dataclasses
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from rehearsal import buying, offering, opening, site
from rehearsal.actors import Actors, Keys
from rehearsal.cast import Cast
from rehearsal.kinds import DEFAULT, KINDS
from rehearsal.story import Bidder, Story, bidders_of
from rehearsal.watch import Watch
from tests import engines
from tests.browser import bad_luck
from tests.browser.bad_luck import use_key
from tests.browser.visitor import Visitor

SECONDS = 120  # from the notice to the deadline
BODY = {"name": "技术方案.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7\n" + b"x" * 300_000}
CANARY = "987654.32"  # in the version that is replaced
MARKS = (b"987654.32", b"987,654.32", "玖拾捌万柒仟陆佰伍拾肆元".encode())
DONE = "#hall-tools-status .say--ok, #hall-tools-status [role=alert]"


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    """A site with its witness and holders, and three bidders; nothing bought yet."""
    folder: Path = tmp_path_factory.mktemp("journey")
    keys = Keys(folder / "keys")
    port, witness_port = site.free_port(), site.free_port()
    actors = Actors(keys, f"http://127.0.0.1:{port}")
    outside = pytest.MonkeyPatch()  # the site has its own settings and database, not those of the tests
    outside.setenv("DJANGO_SETTINGS_MODULE", "config.settings")
    outside.delenv("DATABASE_URL", raising=False)
    try:
        told = site.environment(engines.begin(folder / "var"), keys, port=port, witness_port=witness_port)
        told["MINGBIAO_CLOSING_BATCH"] = "64"  # nobody looks at how many leaves a closing fills
        cast = Cast(actors.base, site.serve(actors, told, witness_port=witness_port))
        stream = Watch(actors.base, "keys")
        buying.register_keys(actors, cast, stream, run=False)
        actors.holders(cast.holders, every=2)  # nothing is drawn here: no contributor runs
        yield Story(
            actors.base, cast, keys, actors, folder, KINDS[DEFAULT], bidders_of(cast, folder, 3), size=50_000,
            seconds=SECONDS, keys_stream=stream,
        )  # fmt: skip
    finally:
        actors.stop()
        outside.undo()


def signed_in(story: Story, browser: Browser, username: str) -> Visitor:
    person = story.cast.people[username]
    visitor = Visitor(browser, story.base)
    visitor.sign_in(person.username, person.password)
    return visitor


@pytest.mark.timeout(600)
def test_a_bidder_seals_replaces_opens_and_signs_in_his_browser(story: Story, browser: Browser) -> None:
    for act in (buying.draft, buying.ready_keys, buying.publish):
        act(story)
    mine, others = story.bidders[0], dataclasses.replace(story, bidders=story.bidders[1:])
    bidder = signed_in(story, browser, mine.person.username)
    page = bidder.page

    sent: list[bytes] = []
    page.on("request", lambda request: sent.append(request.url.encode() + (request.post_data_buffer or b"")))
    make_a_bid(story, bidder, mine, price=CANARY, again=False)
    make_a_bid(story, bidder, mine, price=mine.quote, again=True)
    assert len(sent) > 20 and not [body for body in sent for mark in MARKS if mark in body]  # a price leaves sealed
    keep_and_verify_receipts(story, bidder)

    watcher = Line(browser, story.base)
    watcher.go(story.page("hall/"))
    watcher.page.wait_for_selector("#hall-live.badge--ok")
    offering.seal_and_submit(others)
    bidder.go(story.page("hall/"))
    page.wait_for_selector("#hall-live.badge--ok")
    offering.closed(story)
    watcher.cut()
    opening.open_hall(story)
    page.wait_for_selector("[data-act=arriveAndRelease]")  # without a reload: the hall is live
    use_key(page, story, mine.org)
    page.click("[data-act=arriveAndRelease]")
    page.wait_for_selector(DONE)
    expect(page.locator("#hall-tools-status")).to_contain_text("1,000,000.00 元")
    expect(page.locator("#hall-tools-status")).to_contain_text("到场并解密完成")
    assert bidder.barriers() == []

    others.closing = story.closing
    opening.release_halves(others)
    opening.holders_open(story)
    page.wait_for_selector("[data-act=acknowledge]")
    watcher.mend()
    watcher.sees_what_is_seen_on(page)
    page.click("[data-act=acknowledge]")
    page.wait_for_selector("#hall-tools-status .say--ok")
    signed = story.live.wait("opening.acknowledged")
    assert signed["org"] == mine.org
    page.click("summary:text-is('提出异议')")
    page.fill("#hall-objection", "请说明交货期是否一并唱标")
    page.click("button:text-is('提出异议')")
    assert story.live.wait("opening.objected")["org"] == mine.org
    page.wait_for_selector("#hall-entries >> text=请说明交货期")
    held = [path.read_bytes() for path in (story.folder / "var").rglob("*") if path.is_file()]
    assert not [mark for data in held for mark in MARKS if mark in data]  # what was replaced stays sealed for good
    assert any(mine.quote.encode() in data for data in held)
    assert bidder.barriers() == []
    assert bidder.wrongs == []
    bidder.leave()


class Wire:
    """A way to the site that can be cut: bytes pass, both ways, until it is."""

    def __init__(self, base: str) -> None:
        where = urlsplit(base)
        self._site = (str(where.hostname), where.port)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.base = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self._ends: list[socket.socket] = []
        self.down = False
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self) -> None:
        """Nothing passes any more, and whoever comes is sent away."""
        self.down = True
        for end in self._ends:
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
        self._ends.clear()

    def _accept(self) -> None:
        while True:
            near, _ = self._listener.accept()
            if self.down:
                near.close()
                continue
            far = socket.create_connection(self._site)
            self._ends += [near, far]
            for source, target in ((near, far), (far, near)):
                threading.Thread(target=self._pass, args=(source, target), daemon=True).start()

    def _pass(self, source: socket.socket, target: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while piece := source.recv(65536):
                target.sendall(piece)
            target.shutdown(socket.SHUT_RDWR)


class Line(Visitor):
    """A member of the public whose line can be cut and mended."""

    def __init__(self, browser: Browser, base: str) -> None:
        self._wire = Wire(base)
        super().__init__(browser, self._wire.base)

    def cut(self) -> None:
        """The line goes down, and his page says so."""
        self._wire.cut()
        expect(self.page.locator("#hall-live")).to_contain_text("连接中断")

    def mend(self) -> None:
        """The line is there again, and his page finds it by itself."""
        self._wire.down = False
        expect(self.page.locator("#hall-live")).to_have_text("实时")

    def sees_what_is_seen_on(self, other: Page) -> None:
        """The same record and the same table, without having loaded the page again."""
        for place in ("#hall-entries", "#hall-table tbody"):
            expect(self.page.locator(place)).to_have_text(other.locator(place).inner_text(), use_inner_text=True)
        self.leave()


def make_a_bid(story: Story, bidder: Visitor, mine: Bidder, *, price: str, again: bool) -> None:
    """Fill in, reload, lose nothing, mistype the passphrase, seal, hand in."""
    page = bidder.go(story.page("bid/"))
    page.wait_for_selector("#bid-work[data-ready=yes]")
    page.fill("#bid-price", price)
    page.fill("#bid-delivery", "45 日")
    page.set_input_files("#bid-files", [BODY])
    expect(page.locator("#bid-saved-state")).to_contain_text("已保存")
    page.reload()
    page.wait_for_selector("#bid-work[data-ready=yes]")
    expect(page.locator("#bid-price")).to_have_value(price)
    expect(page.locator("#bid-chosen")).to_contain_text(str(BODY["name"]))
    if again:
        expect(page.locator("#bid-price-words")).to_contain_text("壹佰万元整")
        expect(page.locator("#bid-send")).to_have_text("递交并替换原投标")
    else:
        page.click("#bid-seal")
        expect(page.locator("#bid-missing")).to_contain_text("选择本单位密钥文件并输入口令")
        use_key(page, story, mine.org)
        page.fill("[data-passphrase]", "不是这个口令")
        page.click("#bid-seal")
        expect(page.locator("#bid-status [role=alert]")).to_contain_text("口令打不开")
    assert bidder.barriers() == []
    use_key(page, story, mine.org)
    page.click("#bid-seal")
    expect(page.locator("#bid-send")).to_have_attribute("aria-disabled", "false")
    page.click("#bid-send")
    page.wait_for_selector("#bid-done")
    expect(page.locator("#bid-done li.is-done")).to_have_count(2)


def keep_and_verify_receipts(story: Story, bidder: Visitor) -> None:
    """The receipts are downloaded, hold on the page /verify/, and an altered one does not."""
    page = bidder.page
    with page.expect_download() as saved:
        page.click("#bid-done button")
    paper = Path(saved.value.path()).read_bytes()
    page = bidder.go("/verify/")
    page.wait_for_selector("#drop:not([hidden])")
    page.set_input_files("#file", [{"name": "回执.txt", "mimeType": "text/plain", "buffer": paper}])
    expect(page.locator("#verdict [data-holds=true]")).to_have_count(2)
    forged = paper.replace(b" seq 2 ", b" seq 3 ")
    page.set_input_files("#file", [{"name": "改过的.txt", "mimeType": "text/plain", "buffer": forged}])
    expect(page.locator("#verdict [data-holds=false]")).to_have_count(1)
    assert bidder.barriers() == []


@pytest.mark.timeout(600)
def test_bids_survive_bad_luck_and_the_list_is_what_was_handed_in(story: Story, browser: Browser) -> None:
    again = bidders_of(story.cast, story.folder / "again", 3)
    opened = dataclasses.replace(story, bidders=again, seconds=bad_luck.SECONDS, number="", hall=None)
    for act in (buying.draft, buying.ready_keys, buying.publish):
        act(opened)
    mine, rival, third = opened.bidders
    visitor = signed_in(opened, browser, mine.person.username)
    bad_luck.the_notice_page_checks_browser_and_key(visitor.go(opened.page()), opened, mine)
    assert visitor.barriers() == []
    bad_luck.in_wechat_it_says_where_to_go(opened, browser)
    page = visitor.go(opened.page("bid/"))
    page.wait_for_selector("#bid-work[data-ready=yes]")

    bad_luck.fill_in_with_every_mistake_told(page)
    assert visitor.barriers() == []
    bad_luck.cut_in_the_middle(page, opened, mine)
    bad_luck.go_on_after_a_reload(page)
    bad_luck.only_one_tab_edits(page, visitor.page.context.new_page(), opened)
    use_key(page, opened, mine.org)
    page.click("#bid-send")
    page.wait_for_selector("#bid-done")
    expect(page.locator("#bid-missing .is-missing")).to_have_count(0)
    expect(page.locator("#bid-done li.is-done")).to_have_count(2)

    bad_luck.withdraw_and_bid_again(page, opened, mine)
    offering.seal_and_submit(dataclasses.replace(opened, bidders=[rival, third]))
    bad_luck.seal_but_hand_in_too_late(page, opened, mine)
    assert [wrong for wrong in visitor.wrongs if "409" not in wrong and "ERR_FAILED" not in wrong] == []

    opening.open_hall(opened)
    seen = opened.stranger.page(opened.page("hall/")).html
    for bidder in (mine, rival, third):
        assert opened.cast.names[bidder.org] in seen
    visitor.leave()


@pytest.mark.timeout(300)
def test_an_organisation_makes_a_key_in_its_browser_that_the_command_line_opens(story: Story, browser: Browser) -> None:
    provider = story.cast.of_role("provider")[-1]
    visitor = signed_in(story, browser, provider.username)
    page = visitor.go("/keys/")
    maker = page.locator("summary:has-text('生成新一代密钥')")
    if maker.count():
        maker.click()
    passphrase = "马 电池 正确 订书针 一二三"
    page.fill("#key-passphrase", passphrase)
    page.fill("#key-passphrase-again", passphrase + "?")
    page.click("#key-make")
    expect(page.locator("#key-status [role=alert]")).to_contain_text("不一样")
    page.fill("#key-passphrase-again", passphrase)
    page.click("#key-make")
    with page.expect_download() as saved:
        page.click("#key-download")
    made = story.folder / "browser.key"
    saved.value.save_as(made)
    shown = page.locator("[data-fingerprint]").inner_text().replace(" ", "")
    sheet = page.locator("[data-sheet]").inner_text().replace(" ", "")
    assert visitor.barriers() == []
    assert visitor.wrongs == []
    visitor.leave()

    kept = story.keys.scratch("passphrase.txt", "")
    kept.write_text(passphrase + "\n")
    words = ("identity", str(made))
    here = Keys(story.folder / "own")
    here.passphrase.write_text(passphrase + "\n")
    told = here.run(*words)
    assert (told["org"], told["key"]) == (provider.org, shown)
    assert len(sheet) == 56


PUBLIC = ("/", "/notices/", "/statistics/", "/verify/", "/blacklist/", "/accounts/login/")


@pytest.mark.timeout(300)
def test_public_pages_have_no_grave_barrier_no_error_and_ask_no_other_origin(story: Story, browser: Browser) -> None:
    visitor = Visitor(browser, story.base)
    found = []
    for path in PUBLIC:
        visitor.go(path)
        found += visitor.barriers()
    assert found == []
    assert visitor.wrongs == []
    visitor.leave()


def test_the_folder_of_what_was_sealed_is_ciphertext() -> None:
    """Nothing but the sealing script writes to the browser's disk, and it writes what it encrypted."""
    scripts = Path(__file__).parents[2] / "static"
    writers = [path.name for path in scripts.rglob("*.js") if "createSyncAccessHandle" in path.read_text()]
    assert writers == ["disk.js"]
