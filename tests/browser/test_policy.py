"""What the policy of the site lets a page turn into a running script: its own workers and nothing else."""

import pytest
from playwright.sync_api import Browser

from tests.browser.visitor import Visitor

TRY = """async () => {
  const {start} = await import("/static/parts/workers.js");
  const refused = (act) => { try { act(); return "ran"; } catch (error) { return error.name; } };
  const sealing = new URL("/static/bidding/submission/seal-worker.js", location.href).href;
  const answer = new Promise((resolve) => {
    const worker = start(sealing);
    worker.onmessage = ({data}) => resolve(data.wrong ? "answered" : "?");
    worker.onerror = () => resolve("did not start");
    worker.postMessage({part: "sheet"});
  });
  return {
    known: await answer,
    other: refused(() => start(new URL("/static/parts/site.js", location.href).href)),
    foreign: refused(() => start("https://elsewhere.example/x.js")),
    data: refused(() => start("data:text/javascript,1")),
    bare: refused(() => new Worker(sealing, {type: "module"})),
    html: refused(() => { document.body.innerHTML = "<b>x</b>"; }),
    script: refused(() => { document.createElement("script").src = "/static/parts/site.js"; }),
    second: refused(() => trustedTypes.createPolicy("another", {})),
    again: refused(() => trustedTypes.createPolicy("mingbiao-workers", {})),
  };
}"""


@pytest.mark.django_db(transaction=True)
def test_only_known_workers_ever_become_scripts(browser: Browser, live_server) -> None:
    visitor = Visitor(browser, live_server.url)
    page = visitor.go("/verify/")
    assert visitor.wrongs == []

    told = page.evaluate(TRY)

    assert told.pop("known") == "answered"
    assert set(told.values()) == {"TypeError"}, told
    visitor.leave()
