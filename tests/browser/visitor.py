"""Somebody at Chromium who notices what must not happen: errors on the console, requests to other origins."""

from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Page, Request

SETTLED = """() => Promise.all(document.getAnimations()
  .filter((one) => one.effect.getTiming().iterations !== Infinity).map((one) => one.finished.catch(() => null)))"""
GRAVE = ("serious", "critical")
AXE = Axe().axe_script
# Only what was found comes back; style sheets are not fetched again for the one experimental rule that reads them.
FIND = """() => axe.run({resultTypes: ["violations"], preload: false}).then(({violations}) => violations.map(
  (one) => ({id: one.id, impact: one.impact, html: one.nodes[0].html})))"""
# Chromium prepares its own address bar's popups with every page, each in a renderer of its own: a fifth of its work.
WITHOUT = (
    "WebUIOmniboxPopup",
    "WebUIOmniboxAimPopup",
    "HttpsUpgrades",
    "MediaRouter",
    "OptimizationHints",
    "PaintHolding",
)
SWITCHES = (
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-dev-shm-usage",
    f"--disable-features={','.join(WITHOUT)}",
)  # fmt: skip


class Visitor:
    """One person with cookies and storage of his own.  wrongs: what he noticed."""

    def __init__(self, browser: Browser, base: str) -> None:
        self.base = base
        self.wrongs: list[str] = []
        self.page: Page = browser.new_context(locale="zh-CN", timezone_id="Asia/Shanghai").new_page()
        self.page.set_default_timeout(60_000)
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.wrongs.append(f"error: {error}"))
        self.page.on("request", self._request)

    def sign_in(self, username: str, password: str) -> None:
        self.go("/accounts/login/")
        self.page.fill("[name=username]", username)
        self.page.fill("[name=password]", password)
        self.page.click("main button[type=submit]")
        self.page.wait_for_url(lambda url: "/login" not in url)

    def go(self, path: str) -> Page:
        self.page.goto(self.base + path)
        return self.page

    def barriers(self) -> list[str]:
        """What axe finds serious on the page as it stands."""
        self.page.evaluate(SETTLED)  # what is still fading in has not the contrast it is going to have
        if not self.page.evaluate("'axe' in window"):  # half a megabyte of script, once for a page
            self.page.evaluate(AXE)
        found = self.page.evaluate(FIND)
        return [f"{self.page.url} {one['id']}: {one['html']}" for one in found if one["impact"] in GRAVE]

    def leave(self) -> None:
        self.page.context.close()

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.wrongs.append(f"console: {message.text} at {message.location}")

    def _request(self, request: Request) -> None:
        url = urlsplit(request.url)
        if url.scheme in ("http", "https", "ws", "wss") and url.netloc != urlsplit(self.base).netloc:
            self.wrongs.append(f"another origin: {request.url}")
