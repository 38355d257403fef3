"""What a bidder does under bad luck: a cut line, a reload, a second tab, a withdrawn bid, too late."""

from playwright.sync_api import Browser, Page, Route, expect

from rehearsal.story import Bidder, Story

SECONDS = 180  # from the notice to the deadline
SIZE = 3_000_000  # more than one piece of an upload
BODY = {
    "name": "技术方案.pdf",
    "mimeType": "application/pdf",
    "buffer": b"%PDF-1.7\n" + bytes(range(256)) * (SIZE // 256),
}
ITEMS = "名称\t单位\t数量\t单价\t合价\n监测主机\t台\t2\t300,000\t600000\n安装调试\t项\t1\t400000\t\n合计\t\t\t\t1000000"


def use_key(page: Page, story: Story, org: str) -> None:
    """The file of an organisation's key, and its passphrase."""
    page.set_input_files("[data-key-file]", str(story.keys.path(org)))
    page.fill("[data-passphrase]", story.keys.passphrase.read_text().strip())


def the_notice_page_checks_browser_and_key(page: Page, story: Story, mine: Bidder) -> None:
    """Browser, disk, worker and clock will do; another organisation's key file is told apart from one's own."""
    page.click("#readiness-start")
    page.wait_for_selector("#readiness[data-checked=yes]")
    lines = page.locator("#readiness-lines")
    expect(lines.locator(".is-done")).to_have_count(5)
    for words in ("连接安全", "加密和签名", "能保存在本机", "能在后台运行", "本机时钟与服务器相差不到"):
        expect(lines).to_contain_text(words)
    use_key(page, story, story.bidders[1].org)
    page.click("#readiness-open")
    expect(page.locator("#readiness-key [role=alert]")).to_contain_text("请换本单位的密钥文件")
    use_key(page, story, mine.org)
    page.click("#readiness-open")
    expect(page.locator("#readiness-key")).to_contain_text("与登记的公钥一致")
    expect(page.locator("#readiness-trial")).to_contain_text("2 个部分都能打开")  # under what was really published


def in_wechat_it_says_where_to_go(story: Story, browser: Browser) -> None:
    agent = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/130 Mobile Safari/537.36 MicroMessenger/8.0.50"
    context = browser.new_context(user_agent=agent, viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto(story.base + story.page())
    page.click("#readiness-start")
    page.wait_for_selector("#readiness[data-checked=yes]")
    expect(page.locator("#readiness-lines .is-bad")).to_contain_text("在浏览器打开")
    expect(page.locator("#readiness-key [data-key-file]")).to_have_count(0)
    context.close()


def fill_in_with_every_mistake_told(page: Page) -> None:
    """The list says everything that is missing at once, and of each bad row its number, column and cause."""
    missing = page.locator("#bid-missing")
    for words in (
        "填写投标报价",
        "填写交货期",
        "选择商务技术文件",
        "选择本单位密钥文件",
        "封标并试解密",
        "递交并收到回执",
    ):
        expect(missing).to_contain_text(words)
    expect(page.locator("#bid-send")).to_have_attribute("aria-disabled", "true")
    page.fill("#bid-price", "1000000")
    page.fill("#bid-words", "壹佰零壹万元整")
    expect(missing).to_contain_text("大写金额与小写不一致")
    page.fill("#bid-words", "人民币壹佰万圆整")
    expect(missing).not_to_contain_text("大写金额")
    page.fill("#bid-delivery", "45 日")
    page.click("#bid-itemised summary")
    page.fill("#bid-items", ITEMS.replace("300,000", "三十万").replace("安装调试", ""))
    told = page.locator("#bid-items-told")
    expect(told.locator("tbody tr")).to_have_count(2)
    expect(told.locator("tbody tr").first).to_contain_text("2单价「三十万」不是金额")
    expect(told.locator("tbody tr").last).to_contain_text("3名称没有填写")
    expect(missing).to_contain_text("改正分项报价中的 2 处错误")
    page.fill("#bid-items", ITEMS.replace("300,000", "300,001").replace("600000", "600002"))
    expect(missing).to_contain_text("分项合计 1,000,002.00 元与投标报价 1,000,000.00 元不一致")
    page.fill("#bid-items", ITEMS)
    expect(told).to_contain_text("共 2 项，合计 1,000,000.00 元（壹佰万元整）")
    page.set_input_files("#bid-files", [BODY])
    expect(page.locator("#bid-saved-state")).to_contain_text("已保存")


def cut_in_the_middle(page: Page, story: Story, mine: Bidder) -> None:
    """The line breaks after the first piece of the body: the page says so, and keeps what was sealed."""
    pieces: list[str] = []

    def cut(route: Route) -> None:
        pieces.append(route.request.url)
        if len(pieces) > 1:
            route.abort()
        else:
            route.continue_()

    page.route(lambda url: "/uploads/body/" in url, cut)
    use_key(page, story, mine.org)
    page.click("#bid-seal")
    body = page.locator("#bid-sealed [data-part=body]")
    expect(body).to_contain_text("连接中断，已上传 512.0 KB")
    expect(page.locator("#bid-missing")).to_contain_text("已封标，试解密通过")
    expect(page.locator("#bid-price")).to_be_disabled()
    page.unroute_all()


def go_on_after_a_reload(page: Page) -> None:
    """A closed tab loses nothing: what was sealed is sent on from where it broke off, without the key."""
    asked: list[str] = []
    page.on(
        "request", lambda one: asked.append(one.headers.get("upload-offset", "")) if one.method == "PATCH" else None
    )
    page.reload()
    page.wait_for_selector("#bid-work[data-ready=yes]")
    expect(page.locator("#bid-price")).to_have_value("1000000")
    expect(page.locator("#bid-chosen")).to_contain_text(str(BODY["name"]))
    expect(page.locator("#bid-send")).to_have_attribute("aria-disabled", "false")
    expect(page.locator("#bid-status")).to_contain_text("密文已全部上传，尚未递交")
    assert asked and min(int(offset) for offset in asked) >= 512 * 1024, asked


def only_one_tab_edits(page: Page, second: Page, story: Story) -> None:
    """A second tab only looks until it is told to go on there; then the first one does."""
    second.goto(story.base + story.page("bid/"))
    expect(second.locator("#bid-elsewhere")).to_contain_text("正在另一个标签页中编制")
    expect(second.locator("#bid-price")).to_be_disabled()
    second.click("#bid-take-over")
    expect(page.locator("#bid-elsewhere")).to_be_visible()
    second.wait_for_selector("#bid-work[data-ready=yes]")
    expect(second.locator("#bid-price")).to_have_value("1000000")
    second.close()
    page.click("#bid-take-over")
    page.wait_for_selector("#bid-work[data-ready=yes]")
    expect(page.locator("#bid-send")).to_have_attribute("aria-disabled", "false")


def withdraw_and_bid_again(page: Page, story: Story, mine: Bidder) -> None:
    """Taken back with a typed word and a receipt; then a third version, for the deadline has not come."""
    page.reload()
    page.wait_for_selector("#bid-work[data-ready=yes]")
    page.click("summary:text-is('撤回投标')")
    use_key(page, story, mine.org)
    page.fill("#bid-withdraw-word", "不撤")
    page.click("#bid-withdraw-now")
    expect(page.locator("#bid-withdraw-word")).to_have_attribute("aria-invalid", "true")
    page.fill("#bid-withdraw-word", "撤回")
    page.click("#bid-withdraw-now")
    expect(page.locator("#bid-done")).to_contain_text("已撤回，回执如下")
    expect(page.locator("#bid-done li.is-done")).to_have_count(2)
    page.reload()
    page.wait_for_selector("#bid-work[data-ready=yes]")
    expect(page.locator("#bid-mine .badge--ok")).to_have_count(0)
    bid(page, story, mine, "1000000")
    page.click("#bid-send")
    page.wait_for_selector("#bid-done")


def bid(page: Page, story: Story, mine: Bidder, price: str) -> None:
    page.fill("#bid-price", price)
    use_key(page, story, mine.org)
    page.click("#bid-seal")
    expect(page.locator("#bid-send")).to_have_attribute("aria-disabled", "false")


def seal_but_hand_in_too_late(page: Page, story: Story, mine: Bidder) -> None:
    """What was sealed and sent in time but handed in after the deadline is no bid, and the page says why."""
    page.reload()
    page.wait_for_selector("#bid-work[data-ready=yes]")
    page.fill("#bid-words", "")
    page.fill("#bid-items", "")
    bid(page, story, mine, "990000")
    story.closing = story.live.wait("tender.closed", seconds=SECONDS + 60)["closing"]
    page.click("#bid-send")
    expect(page.locator("#bid-status [role=alert]")).to_contain_text("逾期拒收")
    expect(page.locator("#bid-status [role=alert]")).to_contain_text("87号令 第33条")
