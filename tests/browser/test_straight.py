"""A bidder's browser sends envelopes straight to the storage under the page's own policy, and round it when it must."""

import base64
import hashlib
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Route

from bidding.submission import envelopes, services
from bidding.submission.models import StoredEnvelope
from ledger import storage
from rulebook import clock
from tests import cast
from tests.browser.test_draw_pages import come_in
from tests.cast import HETAO, NOON, PROVIDER
from tests.ledger.storage import stores
from tests.make import bidding_offers as make
from tests.make.market import NUMBER

EARLY = NOON - timedelta(hours=1)
SEND = """async ({part, data, sha256}) => {
  const {upload} = await import("/static/bidding/submission/upload.js");
  const blob = new Blob([Uint8Array.from(atob(data), (one) => one.charCodeAt(0))]);
  const told = [];
  await upload({door: document.getElementById("bid").dataset.uploadsUrl + part, blob, sha256},
    (one) => told.push([one.done, one.waiting]), new AbortController().signal);
  return told;
}"""


@pytest.mark.timeout(300)
@pytest.mark.embedded
@pytest.mark.django_db(transaction=True)
def test_the_browser_sends_straight_and_finds_its_way_when_it_cannot(
    browser: Browser, live_server, settings, tmp_path, monkeypatch
) -> None:
    monkeypatch.setattr(clock, "system", lambda: EARLY)
    here = live_server.url
    with stores.bucket() as told:
        settings.S3, settings.DATA = told, tmp_path
        storage.bucket().prepare([here])
        tender = make.open_tender()
        slots = services.allot_slots(project_number=NUMBER, by=PROVIDER, at=EARLY)
        sheet = {"price": make.PRICES[0], "delivery": "45 日", "small": False, "note": ""}

        def sealed(part: str) -> bytes:
            said = sheet if part == "sheet" else {}
            return make.sealed(tender, HETAO, part, slots[part], sheet=said, at=EARLY)[0]

        visitor = come_in(browser, here, cast.PROVIDER)
        page = visitor.go(f"/projects/{NUMBER}/bid/")
        asked: list[tuple[str, str]] = []
        page.on("request", lambda one: asked.append((one.method, "" if one.url.startswith(here) else "elsewhere")))
        lost: list[str] = []

        def lose_the_first_answer(route: Route) -> None:
            if lost or route.request.method != "PUT":
                return route.continue_()
            lost.append(route.fetch().text())
            return route.abort()

        def send(part: str) -> list[list[int]]:
            asked.clear()
            data = sealed(part)
            told = {"part": part, "data": base64.b64encode(data).decode(), "sha256": hashlib.sha256(data).hexdigest()}
            seen: list[list[int]] = page.evaluate(SEND, told)
            assert seen[-1] == [len(data), 0]
            with envelopes.open_envelope(StoredEnvelope.objects.latest("pk").sha256) as file:
                assert file.read() == data
            return seen

        send("body")
        assert ("PUT", "elsewhere") in asked and not [method for method, _ in asked if method == "PATCH"]

        page.route(f"{told['endpoint']}/**", lose_the_first_answer)
        assert [0, 1] in send("body")  # it waited a second and asked what had come
        assert lost == [""] and asked.count(("PUT", "elsewhere")) == 1  # it was there, so it was not sent again
        page.unroute_all()

        page.route(f"{told['endpoint']}/**", lambda route: route.abort())
        send("sheet")
        assert ("PATCH", "") in asked
        visitor.leave()
