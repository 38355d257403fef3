"""A provider enters the register by promise, enrols, wins a lottery and accepts; a citizen runs the lottery again."""

import json
import os
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from documents.issued.models import Issued
from market.awards import queries as awards
from market.awards import tasks
from market.contracts import tasks as letters
from market.projects.models import Project
from market.selection import queries, services
from market.selection import tasks as choice
from rulebook import clock
from rulebook.actor import SYSTEM
from tests import cast
from tests.browser.test_draw_pages import come_in
from tests.browser.visitor import Visitor
from tests.make import accounts, market, providers
from tests.make import draws as lots
from tests.make.ledger import sequenced

OTHERS = (cast.RIVAL, cast.THIRD)


def looked_at(page: Page, name: str) -> None:
    """Pictures of a page on a desk and on a phone, where somebody asks for them."""
    if folder := os.environ.get("MINGBIAO_PICTURES"):
        for width in (1280, 390):
            page.set_viewport_size({"width": width, "height": 900})
            page.screenshot(path=Path(folder) / f"{name}-{width}.png", full_page=True)
        page.set_viewport_size({"width": 1280, "height": 720})


def fits(page: Page) -> bool:
    """Nothing of the page is beside a phone's screen."""
    page.set_viewport_size({"width": 390, "height": 844})
    fitting = page.evaluate("document.documentElement.scrollWidth <= 390")
    page.set_viewport_size({"width": 1280, "height": 720})
    return bool(fitting)


def enters_and_enrols(visitor: Visitor, number: str) -> None:
    page = visitor.go(f"/purchases/{number}/enrol/")
    expect(page.locator("[aria-disabled=true]")).to_have_text("报名")
    expect(page.locator(".reasons")).to_contain_text("没有签署承诺书入驻")
    looked_at(page, "enrol-refused")
    visitor.go("/providers/enter/")
    for field, value in providers.PROFILE.items():
        page.fill(f"[name={field}]", value)
    page.check("[name=promised]")
    page.click("main form button[type=submit]")
    visitor.go(f"/purchases/{number}/enrol/")
    looked_at(page, "enrol-open")
    page.click("main form button:has-text('报名')")
    expect(page.locator("#mine + .badge")).to_have_text("已报名")
    expect(page.locator("pre").first).to_contain_text(f"purchase {number}")
    looked_at(page, "enrol-done")
    assert fits(page) and visitor.barriers() == []


def chosen(project: Project, closes_at) -> None:
    """The others enrol, the list is closed, the lots are drawn by their contributors' messages."""
    at = closes_at + 10 * cast.MINUTE  # the house waits no longer for what a browser still asks
    for _ in range(2):
        choice.close_enrolment(by=SYSTEM, at=at)
        sequenced(at=at)
    choice.choose(by=SYSTEM, at=at)
    row = queries.draw(project)
    assert row is not None
    lots.settled(row, at=at)
    choice.choose(by=SYSTEM, at=at + cast.MINUTE)


@pytest.mark.timeout(300)
@pytest.mark.django_db(transaction=True)
def test_a_provider_wins_a_lottery_and_a_citizen_runs_it_again(browser: Browser, live_server) -> None:
    accounts.world()
    accounts.keys()
    closes_at = clock.now() + cast.HOUR
    project = market.purchase(closes_at=closes_at, selects_at=closes_at, fund="fiscal").project
    market.notice(project)
    provider = come_in(browser, live_server.url, cast.PROVIDER)
    enters_and_enrols(provider, project.number)
    for firm in OTHERS:
        providers.entered(firm, at=clock.now())
        services.enrol(number=project.number, by=firm, at=clock.now())
    chosen(project, closes_at)

    citizen = Visitor(browser, live_server.url)
    page = citizen.go(f"/purchases/{project.number}/choice/")
    expect(page.locator("#outcome ~ ol")).to_contain_text(cast.NAMES[cast.HETAO])
    looked_at(page, "choice")
    receipt = provider.go(f"/purchases/{project.number}/enrol/").inner_text("pre")
    held = Visitor(browser, live_server.url)
    check = held.go("/verify/receipt/")
    check.fill("#receipt-text", receipt)
    check.click("#receipt-form button")
    expect(check.locator("#verdict")).to_contain_text("名单里的条目就是这张回执的条目")
    assert check.locator("#verdict .is-done").count() == 4 and check.locator("#verdict .is-bad").count() == 0
    assert held.barriers() == [] and held.wrongs == []
    checks_the_list(held, project)
    held.leave()
    assert fits(page) and citizen.barriers() == []
    page.click("text=在本机重算抽取")
    page.click("#rerun button")
    expect(page.locator("#rerun")).to_have_attribute("data-done", "same")
    first = queries.order_of(queries.draw(project))[0]
    expect(page.locator("#rerun [data-lines]")).to_contain_text(f"抽中：{cast.NAMES[first]}")
    looked_at(page, "draw")
    assert fits(page) and citizen.barriers() == []

    # Whoever was drawn before it abandons; then its turn has come, and it says yes.
    tasks.deem_determined(by=SYSTEM, at=closes_at + 10 * cast.DAY)
    while (award := awards.standing(project)) and award.organisation != cast.HETAO:
        silent_at = awards.accept_due(project, award)
        tasks.abandon_silent(by=SYSTEM, at=silent_at)
        tasks.deem_determined(by=SYSTEM, at=silent_at + 20 * cast.DAY)
    page = provider.go(f"/projects/{project.number}/award/")
    looked_at(page, "award")
    page.click("main form button:has-text('确认中选')")
    expect(page.locator("#accept + p .badge")).to_have_text("已确认")
    assert fits(page) and provider.barriers() == []
    assert awards.why_not_contract_yet(project) == ()
    checks_the_letter(citizen, project)
    assert (provider.wrongs, citizen.wrongs) == ([], [])
    provider.leave()
    citizen.leave()


def checks_the_list(held: Visitor, project: Project) -> None:
    """The list of who enrolled, as it was published; one name more; and files that are none of the kinds."""
    body = accounts.client_of(cast.STRANGER).get(f"/purchases/{project.number}/choice/entrants.json").content
    more = json.dumps({**json.loads(body), "live": json.loads(body)["live"][:-1]}).encode()
    held.page.set_viewport_size({"width": 390, "height": 844})
    for name, data, holds in (
        ("名单.txt", body, "true"), ("a.json", more, "false"), ("x.json", b"{}", "unknown"),
        ("x.txt", b"hello", "unknown"),
        ("y.json", b"{torn", "unknown"), ("r.txt", b"receipt/v1\ntorn", "false"),
    ):  # fmt: skip
        page = held.go("/verify/")
        page.set_input_files("#file", {"name": name, "mimeType": "text/plain", "buffer": data})
        expect(page.locator("#verdict > section")).to_have_attribute("data-holds", holds)
        assert page.evaluate("document.activeElement.id") == "verdict" and fits(page)
        if holds == "true":
            expect(page.locator("#verdict")).to_contain_text("公开日志在截止时记下的承诺就是这一份")
        if holds == "unknown":
            expect(page.locator("#verdict")).to_contain_text("请放入原始文件")
    assert held.barriers() == [] and held.wrongs == []


def checks_the_letter(citizen: Visitor, project: Project) -> None:
    """Whoever holds the letter drops it on the page of checks; one changed byte is noticed. So on the code's page."""
    letters.issue_letters(by=SYSTEM, at=clock.now())
    sequenced(at=clock.now())
    page = citizen.go(f"/projects/{project.number}/award/")
    looked_at(page, "award-citizen")
    with page.expect_download() as loading:
        page.click("text=中选通知书（PDF）")
    letter = Path(loading.value.path()).read_bytes()
    for data, holds in ((letter, "true"), (letter.replace(b"%PDF-1.7", b"%PDF-1.6"), "false")):
        page = citizen.go("/verify/")
        page.set_input_files("#file", {"name": "letter.pdf", "mimeType": "application/pdf", "buffer": data})
        expect(page.locator("#verdict > section")).to_have_attribute("data-holds", holds)
    page = citizen.go(f"/papers/{Issued.objects.get().public_id}/")
    page.set_input_files("#paper-file", {"name": "x.pdf", "mimeType": "application/pdf", "buffer": letter})
    expect(page.locator("#paper-verdict")).to_contain_text("就是签发的这一份")
    looked_at(page, "paper")
    assert fits(page) and citizen.barriers() == []
