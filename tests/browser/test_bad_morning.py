"""A bad morning: the bid manager has left with the firm's telephone. Two persons restore a colleague's access, who adds
a passkey, takes the second copy of the key and replaces the bid in time. With two factors asked of everybody.
"""

from datetime import datetime
from pathlib import Path

import pytest
from django.db import transaction
from playwright.sync_api import Browser, expect

from accounts.models import AccessReset, Message, Passkey
from bidding.submission.models import Bid
from bidding.tender.events import KEYS, SlotsPosted, Terms
from ledger.services import record
from proofs import keyfile
from rulebook import clock
from rulebook.actor import Actor, Role
from tests import cast
from tests.browser.test_draw_pages import come_in
from tests.browser.visitor import Visitor
from tests.make import accounts, bidding, bidding_offers, factors, market
from tests.make.ledger import sequenced

NUMBER = "L-1"
COLLEAGUE, FIRST, SECOND = (
    Actor(f"00000000-0000-4000-8000-00000000098{n}", Role.PROVIDER, cast.HETAO, name=name)
    for n, name in enumerate(("何同事", "郭管理", "高管理"))
)
AUTHENTICATOR = {
    "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
    "isUserVerified": True, "automaticPresenceSimulation": True,
}  # fmt: skip


@pytest.fixture
def morning(monkeypatch: pytest.MonkeyPatch, settings) -> None:
    """An hour before the closing a bid is in; the colleague's codes came from the telephone that is gone."""
    settings.SECOND_FACTOR = True
    began = datetime.now(cast.NOON.tzinfo)
    clock.forget()
    monkeypatch.setattr(clock, "system", lambda: cast.NOON - cast.HOUR + (datetime.now(cast.NOON.tzinfo) - began))
    accounts.world()
    accounts.keys()
    project = market.project(number=NUMBER, title="监测设备采购")
    tender = bidding_offers.open_tender(number=NUMBER, project=project)
    with transaction.atomic():
        record(Terms(stream=project.log, terms=tender.terms), at=market.PUBLISHED)
        for part in tender.parts:
            for i, code in enumerate(bidding.HOLDERS, start=1):
                said = bidding.slots_statement(code, NUMBER, part, bidding.SLOTS)
                told = {"number": NUMBER, "org": code, "i": i, "part": part, "statement": said}
                record(SlotsPosted(stream=KEYS, **told), at=market.PUBLISHED)
    bidding_offers.sealed_bid(tender, cast.PROVIDER, at=cast.NOON - 2 * cast.HOUR)
    sequenced(at=clock.system())
    for actor in (COLLEAGUE, FIRST):
        factors.authenticator(actor)
    accounts.user(SECOND, password=factors.PASSWORD)


def two_restore(browser: Browser, base: str) -> str:
    """One asks and loses nothing of what he wrote while he shows who he is; another confirms and is shown the code."""
    first, second = come_in(browser, base, FIRST), come_in(browser, base, SECOND)
    page = first.go("/accounts/resets/")
    page.select_option("#id_person", label=COLLEAGUE.name)
    page.fill("#id_reason", "验证器在随人离职的手机上")
    page.fill("#id_identity", "当面核对身份证件")
    page.click("main form[method=post] button:text-is('提出，等另一人确认')")
    expect(page.locator("h1")).to_have_text("确认是您本人")
    assert first.barriers() == []
    page.fill("#proof-code", factors.code(clock.now()))
    page.click("button:text-is('确认并办理')")
    expect(page.locator("[role=status]")).to_contain_text("请另一位同事核对身份后确认")
    assert AccessReset.objects.get().reason == "验证器在随人离职的手机上"

    page = second.go("/accounts/resets/")
    page.fill("#confirm-1", "打工作电话回拨确认")
    page.click("button:text-is('确认恢复')")
    page.fill("#proof-password", factors.PASSWORD)
    page.click("button:text-is('确认并办理')")
    code = page.inner_text("[data-reset-code]")
    assert second.barriers() == [] and first.wrongs == second.wrongs == []
    for each in (first, second):
        each.leave()
    return code


@pytest.mark.timeout(300)
@pytest.mark.embedded
@pytest.mark.django_db(transaction=True)
def test_a_bad_morning(browser: Browser, live_server, morning, tmp_path: Path) -> None:
    code = two_restore(browser, live_server.url)
    assert Message.objects.filter(to_organisation=cast.HETAO, subject="登录已由两人恢复").count() == 1

    colleague = Visitor(browser, live_server.url)
    page = colleague.page
    page.set_viewport_size({"width": 390, "height": 844})
    cdp = page.context.new_cdp_session(page)
    cdp.send("WebAuthn.enable")
    cdp.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    colleague.go("/accounts/login/")
    page.fill("[name=username]", accounts.username_of(COLLEAGUE))
    page.fill("[name=password]", factors.PASSWORD)
    page.click("main button[type=submit]:text-is('登录')")
    page.wait_for_url("**/accounts/second/")
    assert colleague.barriers() == [] and not page.evaluate("document.documentElement.scrollWidth > innerWidth")
    page.fill("#proof-code", code)
    page.click("button:text-is('确认并登录')")
    page.wait_for_url("**/desk/")

    colleague.go("/accounts/security/")
    expect(page.locator("main")).to_contain_text("投标、开标等事项照常办理")
    page.fill("#passkey-name", "值班电脑")
    page.click("button:text-is('添加通行密钥')")
    expect(page.locator("#passkeys strong")).to_have_text("值班电脑")
    page.click("button:text-is('生成恢复码')")
    expect(page.locator("main li code")).to_have_count(10)
    assert colleague.barriers() == []

    page.click("header button:text-is('退出')")
    colleague.go("/accounts/login/?next=/projects/L-1/bid/")
    page.click("button:text-is('用通行密钥登录')")
    page.wait_for_url(f"{live_server.url}/projects/L-1/bid/")
    assert Passkey.objects.get().used_at is not None

    copy = tmp_path / "second-copy.key"  # the firm's second custodian has it
    copy.write_text(keyfile.seal(accounts.signer(cast.HETAO), "correct horse"))
    page.wait_for_selector("#bid-work[data-ready=yes]")
    page.fill("#bid-price", "990000")
    page.fill("#bid-delivery", "45 日")
    page.set_input_files(
        "#bid-files", [{"name": "方案.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7\n" + b"x" * 9000}]
    )
    page.set_input_files("[data-key-file]", copy)
    page.fill("[data-passphrase]", "correct horse")
    page.click("#bid-seal")
    expect(page.locator("#bid-send")).to_have_attribute("aria-disabled", "false")
    expect(page.locator("#bid-send")).to_have_text("递交并替换原投标")
    page.click("#bid-send")
    page.wait_for_selector("#bid-done")

    assert sorted(Bid.objects.filter(organisation=cast.HETAO).values_list("part", "version")) == [
        ("body", 1), ("body", 2), ("sheet", 1), ("sheet", 2),
    ]  # fmt: skip
    assert colleague.wrongs == []
    colleague.leave()
