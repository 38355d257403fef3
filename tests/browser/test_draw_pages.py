"""A draw to which an officer contributes and for which the supervision body signs, both at their browsers."""

import dataclasses
import re
from pathlib import Path

import pytest
from django.test import Client
from playwright.sync_api import Browser, expect

from draws.models import Draw
from proofs import keyfile
from rulebook import clock
from rulebook.actor import Actor
from tests import cast
from tests.browser.visitor import Visitor
from tests.make import accounts, draws

PASSPHRASE = "只在测试里用的口令"
WINDOWS = dataclasses.replace(draws.WINDOWS, complaints=1)


def come_in(browser: Browser, base: str, actor: Actor) -> Visitor:
    visitor = Visitor(browser, base)
    client: Client = accounts.client_of(actor)
    cookies = [{"name": name, "value": morsel.value, "url": base} for name, morsel in client.cookies.items()]
    visitor.page.context.add_cookies(cookies)
    return visitor


def key_file(folder: Path, code: str, gen: int = 1) -> str:
    path = folder / f"{code}-{gen}.key"
    path.write_text(keyfile.seal(accounts.signer(code, gen), PASSPHRASE))
    return str(path)


def wait_for(visitor: Visitor, draw: Draw, kind: str) -> None:
    """Until the visitor's statement of this kind is in."""
    for _ in range(120):
        if draw.messages.filter(kind=kind, j=1).exists():
            return
        visitor.page.wait_for_timeout(250)
    raise AssertionError(f"no {kind} came: {visitor.page.inner_text('#contribute')} {visitor.wrongs}")


@pytest.mark.timeout(300)
@pytest.mark.django_db(transaction=True)
def test_an_officer_contributes_and_the_supervisor_attests(browser: Browser, live_server, tmp_path: Path) -> None:
    accounts.world()
    draw = draws.draw(at=clock.now(), windows=WINDOWS)
    _, *others = draws.contributors(draw)
    officer = come_in(browser, live_server.url, cast.OFFICER)
    page = officer.go(f"/draws/{draw.pk}/")
    page.set_input_files("#contribute [data-key-file]", key_file(tmp_path, cast.BUYER))
    page.fill("#contribute [data-passphrase]", PASSPHRASE)
    assert officer.barriers() == []
    page.click("#contribute button")

    wait_for(officer, draw, "dk/1")
    supervisor = come_in(browser, live_server.url, cast.SUPERVISOR)
    for other in others:
        draws.said(draw, other.keys(clock.now()), at=clock.now())
    supervisor.go(f"/draws/{draw.pk}/")
    supervisor.page.set_input_files("#attest [data-key-file]", key_file(tmp_path, cast.BUREAU))
    supervisor.page.fill("#attest [data-passphrase]", PASSPHRASE)
    supervisor.page.click("#attest button")
    expect(supervisor.page.locator("#attest")).to_contain_text("已签字")
    assert (supervisor.barriers(), supervisor.wrongs) == ([], [])

    wait_for(officer, draw, "dc/1")
    for other in others:
        draws.said(draw, other.commits(clock.now()), at=clock.now())
    draws.witnessed(draw, clock.now())
    wait_for(officer, draw, "dd/1")
    for other in others:
        draws.said(draw, other.deals(clock.now()), at=clock.now())
    page.wait_for_timeout(1500)  # the second in which one may complain
    draws.witnessed(draw, clock.now())
    draws.witnessed(draw, clock.now())
    wait_for(officer, draw, "dr/1")
    for other in others:
        draws.said(draw, other.reveals(clock.now()), at=clock.now())
    expect(page.locator("#contribute [data-status]")).to_have_text(re.compile("抽取已完成"))
    assert draws.draw_row(draw).phase == "settled"

    # Anyone runs it again in his own browser.
    page = officer.go("/verify/")
    told = Client().get(f"/api/draws/{draw.pk}").content
    page.set_input_files("#file", [{"name": "draw.json", "mimeType": "application/json", "buffer": told}])
    expect(page.locator("#verdict [data-holds=true]")).to_contain_text("重算的结果与公布的结果一致")
    assert officer.wrongs == []
    officer.leave()
    supervisor.leave()
