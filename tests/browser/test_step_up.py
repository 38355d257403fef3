"""A page's script knocks at a door to what cannot be undone: a dialog asks who it is, and it is sent again."""

import re

import pytest
from playwright.sync_api import Browser, expect

from rulebook import clock
from tests import cast
from tests.browser.test_draw_pages import come_in
from tests.make import accounts, factors

SEND = """async (doors) => {
  const { postJson } = await import(doors);
  document.body.dataset.told = "waits";
  postJson("/api/keys", {statement: {}}).then(() => "done", (wrong) => wrong.reasons.map((each) => each.code).join())
    .then((said) => { document.body.dataset.told = said; });
}"""


@pytest.mark.embedded
@pytest.mark.django_db(transaction=True)
def test_a_script_that_is_told_to_step_up_asks_in_a_dialog_and_goes_on(browser: Browser, live_server):
    accounts.world()
    factors.authenticator(cast.PROVIDER)
    visitor = come_in(browser, live_server.url, cast.PROVIDER)
    page = visitor.go("/keys/")
    doors = page.evaluate(
        "document.querySelector('meta[name=step-up]').content.replace('accounts/step_up', 'parts/doors')"
    )
    dialog = page.get_by_role("dialog", name="确认是您本人")

    page.evaluate(SEND, doors)
    expect(dialog).to_be_visible()
    assert visitor.barriers() == []
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(page.locator("body")).to_have_attribute("data-told", "accounts.step-up")  # who turns away has done nothing

    page.evaluate(SEND, doors)
    dialog.get_by_role("textbox").fill("000000")
    dialog.get_by_role("button", name="确认", exact=True).click()
    expect(dialog.get_by_role("alert")).to_contain_text("验证没有通过")  # a wrong code is said in the dialog
    dialog.get_by_role("textbox").fill(factors.code(clock.now()))
    page.keyboard.press("Enter")
    expect(dialog).to_have_count(0)
    expect(page.locator("body")).to_have_attribute("data-told", re.compile("^(?!waits|accounts.step-up)."))
    visitor.leave()
