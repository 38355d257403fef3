"""Chromium, and the scripts served to it under the policy of the real site."""

import http.server
import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.browser.visitor import CHROMIUM, SWITCHES

ROOT = Path(__file__).parents[2]
POLICY = (
    "default-src 'none'; script-src 'self'; worker-src 'self'; connect-src 'self'; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)
PATIENCE = 60_000  # milliseconds: two cores may be busy with other tests


class Scripts(http.server.SimpleHTTPRequestHandler):
    """The repository's static folder under /static/, an empty page everywhere else."""

    policy = POLICY

    def do_GET(self) -> None:
        if self.path.startswith("/static/"):
            return super().do_GET()
        page = b"<!doctype html><title>empty</title>"
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(page)))
        self.end_headers()
        self.wfile.write(page)

    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", self.policy)
        super().end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: the tests speak for themselves."""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium, for one module only: its driver runs an event loop in this thread, which other tests must not meet."""
    with pytest.MonkeyPatch.context() as loop, sync_playwright() as playwright:
        # The rows are still read by one test at a time, whatever loop there is beside it.
        loop.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, headless=True, args=SWITCHES)
        expect.set_options(timeout=PATIENCE)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def scripts() -> Iterator[str]:
    """The address of the scripts."""
    server = http.server.ThreadingHTTPServer(("localhost", 0), partial(Scripts, directory=str(ROOT)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://localhost:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def page(browser: Browser, scripts: str) -> Iterator[Page]:
    """An empty page that may import the scripts, with small words for bytes."""
    opened = browser.new_page()
    opened.goto(scripts)
    opened.evaluate(
        """async () => {
          const names = ["bytes", "canonical", "cobblestone", "closing", "draw", "ed25519", "envelope", "hpke", "index",
            "keyfile", "lots", "manifest", "merkle", "note", "organisation", "receipt", "sha256", "sharing",
            "statement", "tip", "verdict", "x25519"];
          window.p = {};
          for (const name of names) window.p[name] = await import(`/static/proofs/${name}.js`);
          window.blob = (text) => new Blob([p.bytes.unb64u(text)]);
          window.text = async (blob) => p.bytes.b64u(new Uint8Array(await blob.arrayBuffer()));
          window.wrong = async (act) => { try { await act(); return null; } catch (error) { return error.name; } };
        }"""
    )
    yield opened
    opened.close()
