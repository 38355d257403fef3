"""Look at every page: light and dark, desk and phone, as everyone who may see it.

`python -m scripts.shots [--check] [PART…]` makes a house of its own in a temporary folder, sets the stage in it and
writes var/shots/<page>-<who>-<width>-<scheme>.png, only pages whose name holds a PART when given. The front page in
light at desk width becomes docs/home.png. With --check it takes no pictures and looks at each page twice only, and
once for each further person who may see it, at the desk and on the phone in turn; the public looks in another language
the second time. Every text people typed in that house is an attack on whoever reads it (`scripts.poison`).

What must not be is printed and ends with exit code 1: what axe finds serious, a page wider than its screen, errors on
the console, requests to other origins, an answer that was not expected, a package of open data that is not valid, a
text that acts, on a page or in an answer that is none (`scripts.files`).
"""

import contextlib
import html
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Page, Route, sync_playwright

from scripts import files, open_data, poison
from tests import engines
from tests.browser.visitor import AXE, CHROMIUM, SWITCHES, Visitor

ROOT = Path(__file__).resolve().parent.parent
SHOTS = ROOT / "var" / "shots"
DESK, PHONE = ("desk", 1280, 860), ("phone", 390, 844)
ALL = tuple((screen, scheme) for screen in (DESK, PHONE) for scheme in ("light", "dark"))
TWICE = ((DESK, "light"), (PHONE, "dark"))
# What sticks out furthest, for who has to mend it.
WIDEST = """() => [...document.querySelectorAll("main *")]
  .filter((one) => one.getBoundingClientRect().right > innerWidth).map((one) => one.outerHTML.slice(0, 90)).slice(-2)"""
TONGUES = ("en", "mn", "mvf")  # in turn, where the public looks at a page for the second time
DOWNWARD = {  # but the script that runs down the page is looked at on these
    "home", "notices", "project", "award", "hall", "auction", "auction-over", "choice", "offers-before",
    "purchase-chosen", "service", "service-sheet", "performance", "log", "verify",
}  # fmt: skip
UPRIGHT = """document.documentElement.lang === "mn-Mong"
  && getComputedStyle(document.querySelector("main")).writingMode !== 'vertical-lr'"""


def main(words: list[str]) -> int:
    """Start a house, walk through it, stop it."""
    parts = [word for word in words if word != "--check"]
    with staged(spiked="--check" in words) as (site, folder):
        wrongs = walk(site, parts, folder, pictures="--check" not in words)
        wrongs += open_data.wrongs(site) if not parts else []
    print(*wrongs, f"{len(wrongs)} wrongs", sep="\n")
    return 1 if wrongs else 0


@contextlib.contextmanager
def staged(*, spiked: bool, database: str = "") -> Iterator[tuple[str, Path]]:
    """A house of its own with the stage set in it, as long as the block lasts: its address, and its folder.

    spiked: whether every text that people typed there is an attack (`scripts.poison`).  database: a PostgreSQL instead
    of a file.
    """
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with tempfile.TemporaryDirectory(prefix="mb-shots-") as folder:
        own = {"MINGBIAO_DATA": folder, "PYTHONPATH": str(ROOT), "PORT": str(port), "DATABASE_URL": database,
               "REDIS_URL": ""}  # fmt: skip
        own |= {
            "MINGBIAO_NOTIFIER": f"http://127.0.0.1:{port + 1}",
            "MINGBIAO_NOTIFIER_TOKEN": f"{folder}/notifier/token",
        }
        own["MINGBIAO_CLOSING_BATCH"] = "64"  # nobody looks at how many leaves a closing fills
        env = {**os.environ, **own, "DJANGO_SETTINGS_MODULE": "config.settings"}
        if not database:
            engines.begin(Path(folder))
        with notifier_beside(folder, port + 1, env):
            told = ("--spiked",) if spiked else ()
            tables = [("manage.py", "migrate", "-v", "0")] if database else []
            for words_of in (*tables, ("-m", "scripts.raise_stage", *told)):
                subprocess.run([sys.executable, *words_of], cwd=ROOT, env=env, check=True)
            with open(Path(folder) / "serve.log", "w") as log:
                house = subprocess.Popen(
                    [sys.executable, "-m", "scripts.still"], cwd=ROOT, env=env, stdout=log, stderr=log
                )
                try:
                    site = f"http://127.0.0.1:{port}"
                    wait_for(site)
                    yield site, Path(folder)
                finally:
                    house.terminate()
                    house.wait(20)


@contextlib.contextmanager
def notifier_beside(folder: str, port: int, env: dict[str, str]) -> Iterator[None]:
    """The process that knows who was drawn, as long as the block lasts."""
    words = [sys.executable, "-m", "notifier", "--folder", f"{folder}/notifier", "--port", str(port)]
    process = subprocess.Popen(words, cwd=ROOT, env=env)
    try:
        yield
    finally:
        process.terminate()
        process.wait(20)


def wait_for(site: str) -> None:
    """Until the house answers."""
    for _ in range(600):  # as long as a machine full of others may take
        try:
            urllib.request.urlopen(f"{site}/readyz", timeout=2).read()
            return
        except OSError:
            time.sleep(0.5)
    raise SystemExit("the house does not answer")


def walk(site: str, parts: list[str], folder: Path, *, pictures: bool) -> list[str]:
    """Every page for everyone who may see it. Returns what must not be."""
    pages = [line.split("\t") for line in (folder / "pages.tsv").read_text().splitlines()]
    wrongs: list[str] = []
    SHOTS.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=SWITCHES)
        here: dict[str, Visitor] = {}  # everybody comes once, and goes from page to page
        before: Counter[str] = Counter()  # how many have looked at a page: who comes later looks once, in turn
        shown: set[str] = set()  # pages on which a spiked text stood to be read
        read: set[str] = set()  # what stood before each
        for place, (name, who, session, path) in enumerate(pages):
            if parts and not any(part in name for part in parts):
                continue
            if who not in here:
                here[who] = Visitor(browser, site, asks=True)
                here[who].page.context.add_init_script(AXE)  # in one piece for all pages, not anew with each
                here[who].page.context.add_init_script(poison.WATCH)
                if session:
                    here[who].page.context.add_cookies([{"name": "sessionid", "value": session, "url": site}])
            visitor = here[who]
            visitor.wrongs.clear()
            once = TWICE[before[name] % 2 :][:1] if before[name] else TWICE
            before[name] += 1
            for at, (screen, scheme) in enumerate(ALL if pictures else once):
                show(visitor.page, screen, scheme)
                if not session:
                    later = "mvf" if name in DOWNWARD else TONGUES[place % 3]
                    tongue = later if at and not pictures else "zh-hans"
                    visitor.page.context.add_cookies([{"name": "language", "value": tongue, "url": site}])
                anew = pictures or at == 0 or not session
                seen = go(visitor, path, 404 if name == "missing" else 200) if anew else []
                seen += look(visitor, path, screen)
                if found := poison.marks(visitor.page.evaluate(poison.READ)):
                    shown.add(name)
                    read |= found
                wrongs += [f"{name} {who} {screen[0]} {scheme}: {wrong}" for wrong in seen]
                if pictures:
                    target = SHOTS / f"{name}-{who}-{screen[0]}-{scheme}.png"
                    visitor.page.screenshot(path=target, full_page=True)
                    if (name, screen, scheme) == ("home", DESK, "light"):
                        (ROOT / "docs" / "home.png").write_bytes(target.read_bytes())
            wrongs += [f"{name} {who}: {wrong}" for wrong in visitor.wrongs if name != "missing"]
        if not pictures and not parts:
            wrongs += [
                f"{name}: nothing people typed is read; of words of ours alone? then it goes into poison.PLAIN"
                for name in sorted(before.keys() - shown - poison.PLAIN)
            ]
            wrongs += bites(here["public"], "/notices/")
            told = json.loads((folder / "spikes.json").read_text())
            found, filed = files.wrongs(site, folder)
            wrongs += found + told["wrongs"] + poison.astray(told["held"], read, filed)
        browser.close()
    return wrongs


def bites(visitor: Visitor, path: str) -> list[str]:
    """Say when a page whose templates forgot to escape would not be noticed."""

    def forgotten(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, body=html.unescape(answer.text()))

    visitor.wrongs.clear()
    visitor.page.route(f"**{path}", forgotten)
    visitor.page.goto(visitor.base + path)
    stands, blocked = visitor.page.evaluate(poison.FOUND), [one for one in visitor.wrongs if "Content Security" in one]
    return [] if stands and blocked else ["a page that forgot to escape is not noticed"]


def show(page: Page, screen: tuple[str, int, int], scheme: str) -> None:
    """Make the window a screen of this size in this scheme."""
    page.set_viewport_size({"width": screen[1], "height": screen[2]})
    # What comes in while one looks, as in a replay, is there at once: half faded in it has not its own contrast.
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light", reduced_motion="reduce")


def go(visitor: Visitor, path: str, expected: int) -> list[str]:
    """Go there and say whether the answer was another."""
    answer = visitor.page.goto(visitor.base + path)
    status = answer.status if answer else "nothing"
    return [] if status == expected else [f"{path} answers {status}"]


def look(visitor: Visitor, path: str, screen: tuple[str, int, int]) -> list[str]:
    """Say what must not be on the page as it is shown."""
    found = visitor.barriers()
    if visitor.page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        found.append(f"{path} is wider than {screen[1]} px: {visitor.page.evaluate(WIDEST)}")
    if visitor.page.evaluate(UPRIGHT):
        found.append(f"{path} does not run down the page")
    return found + [f"{path}: a text acts: {one}" for one in visitor.page.evaluate(poison.FOUND)]


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
