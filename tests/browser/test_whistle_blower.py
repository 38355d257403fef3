"""A whistle-blower at a phone, two bodies at their browsers: told, answered by the code, closed."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import Browser, expect

from config.ticks import run
from rulebook import clock
from supervision.tips.models import TipThread
from tests import cast
from tests.browser.test_draw_pages import PASSPHRASE, come_in, key_file
from tests.browser.visitor import Visitor
from tests.make import tips as make

PHONE = {"width": 390, "height": 844}
WORDS = "开标前一天有人把限价告诉了一家"


@pytest.mark.timeout(300)
@pytest.mark.embedded
@pytest.mark.django_db(transaction=True)
def test_a_whistle_blower_is_heard_by_both_bodies_and_by_nobody_else(
    browser: Browser, live_server, tmp_path: Path
) -> None:
    make.standing(at=clock.now() - timedelta(days=2))
    tipster = Visitor(browser, live_server.url)
    page = tipster.page
    page.set_viewport_size(PHONE)
    heard: list[str] = []
    page.on("request", lambda request: heard.append(request.post_data or ""))
    tipster.go("/tips/")
    page.fill("#tip-text", WORDS)
    assert tipster.barriers() == [] and page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    page.click("button:text-is('封好并发出')")
    code = page.locator("[data-code]").inner_text().replace(" ", "")
    assert len(code) == 32 and tipster.barriers() == []
    assert page.context.cookies() == []
    assert any('"sealed"' in each for each in heard) and not any(WORDS[:4] in each or code in each for each in heard)

    held = f"/tips/desk/{TipThread.objects.get().id}/"
    bureau = come_in(browser, live_server.url, cast.SUPERVISOR)
    desk = bureau.go(held)
    desk.click("button:text-is('确认收到')")
    desk.set_input_files("[data-key-file]", key_file(tmp_path, cast.BUREAU))
    desk.fill("[data-passphrase]", PASSPHRASE)
    desk.click("button:text-is('打开')")
    expect(desk.locator("[data-message='1']")).to_contain_text(WORDS)
    desk.fill("#tip-answer textarea", "请说明是哪一家")
    desk.click("button:text-is('封好并答复')")
    expect(desk.locator("[data-message='2']")).to_contain_text("请说明是哪一家")
    assert bureau.barriers() == []

    tipster.go("/tips/read/")
    page.fill("#tip-code", code[:31] + ("A" if code[31] != "A" else "B"))
    page.click("button:text-is('打开')")
    expect(page.locator("[data-status]")).to_contain_text("回执码抄错了")
    page.fill("#tip-code", code.lower())
    page.click("button:text-is('打开')")
    expect(page.locator("[data-message='2']")).to_contain_text("河套市财政局")
    expect(page.locator("[data-message='2']")).to_contain_text("请说明是哪一家")
    page.fill("[data-thread] textarea", "狼山自动化")
    page.click("button:text-is('封好并补充')")
    expect(page.locator("[data-message='3']")).to_contain_text("狼山自动化")
    assert tipster.barriers() == []

    run("supervision.tips.tasks.close_days", at=clock.now() + timedelta(days=1))
    commission = come_in(browser, live_server.url, make.INSPECTOR)
    desk = commission.go(held)
    desk.set_input_files("[data-key-file]", key_file(tmp_path, make.COMMISSION))
    desk.fill("[data-passphrase]", PASSPHRASE)
    desk.click("button:text-is('打开')")
    expect(desk.locator("[data-message='3']")).to_contain_text("狼山自动化")
    expect(desk.locator("[data-message='1']")).to_contain_text("已记入当日凭证")
    desk.fill("#tip-answer textarea", "查实，已给予处分并移送")
    desk.select_option("#tip-answer select", "founded")
    desk.click("button:text-is('封好并答复')")
    expect(desk.locator("[data-message='4']")).to_contain_text("已给予处分")
    expect(commission.go("/tips/desk/").locator("main")).to_contain_text("属实，已处理")
    assert tipster.wrongs == bureau.wrongs == commission.wrongs == []
    database = Path(str(settings.DATABASES["default"]["NAME"]))
    for kept in (database, database.with_name(database.name + "-wal")):
        assert not kept.exists() or WORDS.encode() not in kept.read_bytes()
