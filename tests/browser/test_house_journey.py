"""A firm comes in, invites a colleague, both show that they can open its key, and the first hands over and is out."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from accounts.models import User
from people.custody.queries import custody
from people.custody.rules import FEWEST
from rulebook.actor import Role
from tests.browser.visitor import Visitor
from tests.make import notifier

FIRM, WORD, PHONE = "91150702MA0ND9T13F", "xiang-ban-yi-jian-shi", "13904700001"
PASSPHRASE = "只在测试里用的一句口令话"


def drill(page: Page, file: Path) -> None:
    """Open one's own copy of the key and sign."""
    page.set_input_files("#drill [data-key-file]", file)
    page.fill("#drill [data-passphrase]", PASSPHRASE)
    page.click("#drill button[type=submit]")
    expect(page.locator("#drill [data-status]")).to_contain_text("演练完成")


@pytest.mark.timeout(300)
@pytest.mark.embedded
@pytest.mark.django_db(transaction=True)
def test_a_firm_comes_in_keeps_its_key_by_two_and_changes_hands(browser: Browser, live_server, tmp_path: Path) -> None:
    first = Visitor(browser, live_server.url)
    page = first.go("/enter/provider/")
    typed = {"code": FIRM, "firm": "克鲁伦牧业有限公司", "name": "巴特尔", "phone": PHONE, "password": WORD}
    for name, value in typed.items():
        page.fill(f"[name={name}]", value)
    page.check("[name=promised]")
    page.check("[name=agreed]")
    page.click("main form button.btn")
    page.fill("[name=code]", notifier.code_for(PHONE))
    page.click("main form button.btn")
    page.wait_for_url("**/providers/enter/")

    first.go("/keys/")
    page.fill("#key-passphrase", PASSPHRASE)
    page.fill("#key-passphrase-again", PASSPHRASE)
    page.click("#key-make")
    with page.expect_download() as saved:
        page.click("#key-download")
    key = tmp_path / "firm.key"
    saved.value.save_as(key)
    sheet = page.inner_text("[data-sheet]").replace(" ", "")
    page.check("#key-kept")
    page.click("#key-register")
    expect(page.locator("#key-status")).to_contain_text("已登记第 1 代公钥")

    first.go("/people/")
    page.fill("[name=name]", "苏日娜")
    page.check("[name=administers]")
    page.click("button:text-is('发出邀请')")
    link = page.inner_text("[data-link]")
    assert first.barriers() == []
    second = Visitor(browser, live_server.url)
    theirs = second.go("/invitations/" + link.split("/invitations/")[1])
    theirs.fill("[name=password]", WORD + "-er")
    theirs.click("main form button.btn")
    expect(theirs.locator("[role=status]").first).to_contain_text(f"今后用 {FIRM}-2 登录")

    for who in User.objects.filter(organisation_id=FIRM):
        first.go(f"/people/{who.public_id}/")
        page.click("button:text-is('指定为密钥保管人')")
    heard: list[str] = []
    page.on("request", lambda request: heard.append(request.post_data or ""))
    for visitor in (first, second):
        visitor.go("/people/custody/")
        drill(visitor.page, key)
    assert custody(FIRM).drilled == FEWEST and not custody(FIRM).lacks
    page.set_input_files("#sheet-file", key)
    page.fill("#sheet-passphrase", PASSPHRASE)
    page.click("#sheet-tools button[type=submit]")
    expect(page.locator("[data-sheet]")).to_have_text(" ".join(sheet[n : n + 4] for n in range(0, 56, 4)))
    assert any('"drill/1"' in each for each in heard) and not any(sheet[:8] in each for each in heard)
    assert first.barriers() == []

    first.go("/keys/")  # the file is stolen: a new generation, signed by the old one, ends it
    page.click("summary:has-text('生成新一代密钥')")
    for field in ("#key-passphrase", "#key-passphrase-again"):
        page.fill(field, PASSPHRASE)
    page.click("#key-make")
    with page.expect_download() as saved:
        page.click("#key-download")
    later = tmp_path / "later.key"
    saved.value.save_as(later)
    page.check("#key-kept")
    page.set_input_files("#key-made [data-key-file]", key)
    page.fill("#key-made [data-passphrase]", PASSPHRASE)
    page.click("#key-register")
    expect(page.locator("#key-status")).to_contain_text("已登记第 2 代公钥")
    first.go("/people/custody/revoke/")
    page.set_input_files("#revoke [data-key-file]", later)
    page.fill("#revoke [data-passphrase]", PASSPHRASE)
    page.check("#revoke-sure")
    assert first.barriers() == []
    page.click("#revoke-go")
    expect(page.locator("#revoke")).to_contain_text("第 1 代密钥已吊销")
    first.go("/keys/")
    page.click("summary:has-text('打开已有的密钥文件')")
    page.set_input_files("#key-file", key)
    page.fill("#key-open-passphrase", PASSPHRASE)
    page.click("#key-open-form button")
    expect(page.locator("#key-status")).to_contain_text("这一代已吊销")

    leaver, heir = User.objects.filter(organisation_id=FIRM, role=Role.PROVIDER).order_by("pk")
    theirs.set_viewport_size({"width": 390, "height": 844})
    second.go(f"/people/{leaver.public_id}/hand-over/")
    assert second.barriers() == [] and theirs.evaluate("document.documentElement.scrollWidth") <= 390
    theirs.select_option("[name=to]", str(heir.public_id))
    expect(theirs.locator(".confirm__step")).to_contain_text("账户永久关闭")
    theirs.click("button:text-is('全部交接并关闭账户')")
    expect(theirs.locator("[role=status]").first).to_contain_text("已交接，巴特尔的账户已关闭")
    first.go("/people/")
    assert "/accounts/login/" in page.url and custody(FIRM).lacks
    assert first.wrongs == second.wrongs == []
