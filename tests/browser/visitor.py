"""Somebody at Chromium who notices what must not happen: errors on the console, requests to other origins."""

from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Page, Request

SETTLED = """() => Promise.all(document.getAnimations()
  .filter((one) => one.effect.getTiming().iterations !== Infinity).map((one) => one.finished.catch(() => null)))"""
SEEN: set[str] = set()  # what has contrast enough
GRAVE = ("serious", "critical")
AXE = Axe().axe_script
# Only what was found comes back; style sheets are not fetched again for the one experimental rule that reads them.
# Contrast, most of axe's work, is looked at once for each set of colours, sizes and grounds: it depends on nothing
# else but what lies over what, so whatever is taken out of the flow counts as a set of its own.
# A rule whose findings are never grave is not asked: half of axe's other work.
FIND = """async ([seen, grave]) => {
  const grounds = new Map(), fresh = new Map(), known = new Set(seen);
  const ground = (element) => {
    if (!element) return "";
    if (!grounds.has(element)) {
      const {backgroundColor, backgroundImage, opacity, position} = getComputedStyle(element);
      const own = [backgroundColor, backgroundImage, opacity].join();
      const flown = position === "static" || position === "relative" ? "" : element.tagName + element.className;
      const below = ground(element.parentElement);
      grounds.set(element, own === "rgba(0, 0, 0, 0),none,1" && !flown ? below : `${below}>${own}${flown}`);
    }
    return grounds.get(element);
  };
  for (const element of document.body.querySelectorAll("*")) {
    const says = (node) => node.nodeType === Node.TEXT_NODE && node.data.trim();
    if (!element.matches("input, select, textarea") && ![...element.childNodes].some(says)) continue;
    const {color, fontSize, fontWeight, textShadow} = getComputedStyle(element);
    const set = [color, fontSize, fontWeight, textShadow, ground(element)].join();
    if (!known.has(set) && element.checkVisibility()) fresh.set(set, element);
  }
  const options = {resultTypes: ["violations"], preload: false};
  const mild = axe._audit.rules.filter(({impact}) => impact && !grave.includes(impact)).map(({id}) => id);
  const rules = Object.fromEntries([...mild, "color-contrast"].map((id) => [id, {enabled: false}]));
  const found = [await axe.run({...options, rules})];
  const contrast = {...options, runOnly: {type: "rule", values: ["color-contrast"]}};
  if (fresh.size) found.push(await axe.run({include: [...fresh.values()]}, contrast));
  const wrongs = found.flatMap(({violations}) => violations).map(
    (one) => ({id: one.id, impact: one.impact, html: one.nodes[0].html}));
  return {found: wrongs, sets: wrongs.some(({id}) => id === "color-contrast") ? [] : [...fresh.keys()]};
}"""
# A step that names what follows opens by itself: who plays a long procurement presses the button inside at once.
# `test_undo_journey.py` takes the two steps, by keyboard, as people do.
# Once the page has been read: a step of which only the beginning has come would be torn from its rest.
ASKED_AT_ONCE = """(() => {
  const unfold = () => document.readyState !== "loading" && document.querySelectorAll("details.confirm").forEach(
    (one) => one.replaceWith(one.querySelector(".confirm__step")));
  new MutationObserver(unfold).observe(document, {childList: true, subtree: true});
  document.addEventListener("DOMContentLoaded", unfold);
})()"""
# Chromium without its own windows, which nobody sees here and which cost a third of its work.
CHROMIUM = "/usr/bin/chromium-headless-shell"
SWITCHES = (
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-dev-shm-usage",
    "--disable-features=HttpsUpgrades,OptimizationHints,PaintHolding",
)  # fmt: skip


class Visitor:
    """One person with cookies and storage of his own.  wrongs: what he noticed.  asks: takes the step that names what
    follows before what cannot be taken back."""

    def __init__(self, browser: Browser, base: str, *, asks: bool = False) -> None:
        self.base = base
        self.wrongs: list[str] = []
        self.page: Page = browser.new_context(locale="zh-CN", timezone_id="Asia/Shanghai").new_page()
        self.page.set_default_timeout(60_000)
        if not asks:
            self.page.context.add_init_script(ASKED_AT_ONCE)
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
        found = self.page.evaluate(FIND, [list(SEEN), GRAVE])
        SEEN.update(found["sets"])
        return [f"{self.page.url} {one['id']}: {one['html']}" for one in found["found"] if one["impact"] in GRAVE]

    def leave(self) -> None:
        self.page.context.close()

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.wrongs.append(f"console: {message.text} at {message.location}")

    def _request(self, request: Request) -> None:
        url = urlsplit(request.url)
        if url.scheme in ("http", "https", "ws", "wss") and url.netloc != urlsplit(self.base).netloc:
            self.wrongs.append(f"another origin: {request.url}")
