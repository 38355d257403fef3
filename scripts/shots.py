"""Look at every page: light and dark, desk and phone, signed in and not.

`python -m scripts.shots [--light] [PART…]` makes a house of its own in a temporary folder, fills it with what the pages
need, and writes var/shots/<page>-<who>-<width>-<scheme>.png: only pages whose name holds a PART when given, only the
light ones when asked for. The front page
in light at desk width becomes docs/home.png. What axe finds serious is printed, and ends with exit code 1.
"""

import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SHOTS = ROOT / "var" / "shots"
WIDTHS = {"desk": (1280, 860), "phone": (390, 844)}
PORT = int(os.environ.get("PORT", "8765"))
SITE = f"http://127.0.0.1:{PORT}"


def main(words: list[str]) -> int:
    """Start a house, walk through it, stop it."""
    parts = [word for word in words if word != "--light"]
    schemes = ("light",) if "--light" in words else ("light", "dark")
    with tempfile.TemporaryDirectory(prefix="mb-shots-") as folder:
        env = {
            **os.environ,
            "MINGBIAO_DATA": folder,
            "PYTHONPATH": str(ROOT),
            "PORT": str(PORT),
            "DJANGO_SETTINGS_MODULE": "config.settings",
        }
        subprocess.run([sys.executable, "manage.py", "migrate", "-v", "0"], cwd=ROOT, env=env, check=True)
        subprocess.run([sys.executable, "-m", "scripts.stage"], cwd=ROOT, env=env, check=True)
        with open(Path(folder) / "serve.log", "w") as log:
            house = subprocess.Popen([sys.executable, "manage.py", "serve"], cwd=ROOT, env=env, stdout=log, stderr=log)
            try:
                wait_for_house()
                return walk(parts, schemes, Path(folder))
            finally:
                house.terminate()
                house.wait(20)


def wait_for_house() -> None:
    """Until it answers."""
    for _ in range(120):
        try:
            urllib.request.urlopen(f"{SITE}/readyz", timeout=2).read()
            return
        except OSError:
            time.sleep(0.5)
    raise SystemExit("the house does not answer")


def walk(parts: list[str], schemes: tuple[str, ...], folder: Path) -> int:
    """Every page for everyone who may see it."""
    from axe_playwright_python.sync_playwright import Axe
    from playwright.sync_api import sync_playwright

    pages = (folder / "pages.tsv").read_text().splitlines()
    SHOTS.mkdir(parents=True, exist_ok=True)
    serious = 0
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        for width, (across, down) in WIDTHS.items():
            for scheme in schemes:
                # Axe is injected by evaluation, which the pages' own policy rightly forbids.
                context = browser.new_context(
                    viewport={"width": across, "height": down}, color_scheme=scheme, locale="zh-CN", bypass_csp=True
                )
                for line in pages:
                    name, who, session, path = line.split("\t")
                    if parts and not any(part in name for part in parts):
                        continue
                    context.clear_cookies()
                    if session:
                        context.add_cookies([{"name": "sessionid", "value": session, "url": SITE}])
                    page = context.new_page()
                    answer = page.goto(SITE + path, wait_until="load")
                    if answer is None or answer.status >= 500 or (answer.status >= 400 and name != "missing"):
                        serious += 1
                        print(f"{name} {who}: {answer.status if answer else 'no answer'} {path}")
                    page.screenshot(path=SHOTS / f"{name}-{who}-{width}-{scheme}.png", full_page=True)
                    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
                    if wide > 0:
                        serious += 1
                        print(f"{name} {who} {width}: {wide} px too wide")
                    for found in Axe().run(page).response["violations"]:
                        if found["impact"] in ("serious", "critical"):
                            serious += 1
                            where = found["nodes"][0]["target"]
                            print(f"{name} {who} {width} {scheme}: {found['id']} {where} {found['help']}")
                            print("   ", found["nodes"][0]["any"][0]["message"] if found["nodes"][0]["any"] else "")
                    if (name, width, scheme) == ("home", "desk", "light"):
                        page.screenshot(path=ROOT / "docs" / "home.png")
                    page.close()
                context.close()
        browser.close()
    print(f"{SHOTS}: {len(list(SHOTS.glob('*.png')))} pictures, {serious} serious findings")
    return 1 if serious else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
