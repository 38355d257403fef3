"""Other people's tools against the house: `python -m tests.hardening.tools wapiti|sqlmap [--postgres] [SECONDS]`.

Each is Debian's own (`apt-get install wapiti sqlmap`), asks a house with the stage set on the loopback interface, and
ends after so many seconds. What it finds and is no fault stands in a table beside this file with its reason; a finding
more is a failure. How far it came is said at the end, and a second run goes on from there (`--from N`).
"""

import argparse
import contextlib
import http.server
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import django

FOLDER = Path(__file__).parent
MODULES = "xss,permanentxss,sql,blindsql,exec,file,crlf,redirect,ssrf,csrf,http_headers,cookieflags,backup,methods,csp"
PEOPLE = ("public", "provider", "officer")
# Debian's 3.0.4 puts flags at the end of a pattern, which Python 3.11 does not take: it would leave nothing out.
WAPITI = """
import fnmatch, re, sys
from wapitiCore.net import crawler
crawler.wildcard_translate = lambda pattern: re.compile(fnmatch.translate(pattern))
from wapitiCore.main.wapiti import wapiti_main
sys.exit(wapiti_main())
"""


def tool(name: str) -> str:
    """Where it is; ends with the command that installs it where it is not."""
    found = shutil.which(name)
    if found is None:
        raise SystemExit(f"apt-get install {name}")
    return found


@contextlib.contextmanager
def answering() -> Iterator[str]:
    """Somebody on the loopback interface who says that nothing was fetched: no tool asks its makers."""

    class Nothing(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"{}")

        def log_message(self, *_: object) -> None:
            """Nothing."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Nothing)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}/"
    server.shutdown()


def explained(table: str) -> dict[tuple[str, str, str], str]:
    """(what, method, address as a pattern) ↦ why it is no fault."""
    rows = [line.split(" | ") for line in (FOLDER / table).read_text().splitlines()[1:]]
    return {(what, method, path): reason for what, method, path, reason in rows if reason.strip()}


def new(found: Counter[tuple[str, str, str]], table: str) -> list[tuple[str, str, str]]:
    """Those that no line of the table is about."""
    known = explained(table)
    return [
        each for each in sorted(found)
        if not any(each[0] == what and re.fullmatch(method, each[1]) and re.fullmatch(path, each[2])
                   for what, method, path in known)
    ]  # fmt: skip


def wapiti(site: str, sessions: dict[str, str], seconds: int) -> list[tuple[str, str, str]]:
    """Crawl and try, as each of three; findings without a reason."""
    found: Counter[tuple[str, str, str]] = Counter()
    with answering() as endpoint, tempfile.TemporaryDirectory(prefix="mb-wapiti-") as folder:
        for who in PEOPLE:
            report = Path(folder) / f"{who}.json"
            words = [
                "/usr/bin/python3", "-c", WAPITI, "-u", f"{site}/", "--scope", "domain", "-m", MODULES,
                "-f", "json", "-o", str(report),
                "--flush-session", "--no-bugreport", "--max-scan-time", str(seconds), "--max-attack-time",
                str(max(20, seconds // 12)), "--max-files-per-dir", "30", "--max-links-per-page", "60", "-d", "4",
                "-S", "polite", "-t", "20", "-x", f"{site}/accounts/logout/", "-x", f"{site}/language/*",
                "-x", f"{site}/static/*", "--external-endpoint", endpoint, "--internal-endpoint", endpoint,
                "--store-session", folder, "--store-config", folder, "-v", "1",
            ]  # fmt: skip
            if sessions.get(who):
                words += ["-H", f"Cookie: sessionid={sessions[who]}"]
            with (Path(folder) / "said").open("w") as said:
                subprocess.run(words, stdout=said, stderr=said, timeout=seconds * 3 + 600, check=False)
            if not report.exists():
                raise SystemExit((Path(folder) / "said").read_text()[-3000:])
            told = json.loads(report.read_text())
            asked = len(set(re.findall(r"^\[\+\] (?:GET|POST) .*", (Path(folder) / "said").read_text(), re.M)))
            print(f"wapiti as {who}: {told['infos'].get('crawled_pages', asked)} pages", flush=True)  # noqa: T201
            for kind in ("vulnerabilities", "anomalies"):
                for what, findings in told[kind].items():
                    found.update((what, one["method"], urlsplit(one["path"]).path) for one in findings)
                    for one in findings[:3]:
                        print("  ", what, one["method"], one["path"], one["info"][:200])  # noqa: T201
    return new(found, "wapiti.txt")


def sqlmap(site: str, sessions: dict[str, str], pages: list[tuple[str, str]], *, dbms: str, seconds: int,
           first: int) -> list[str]:  # fmt: skip
    """Each form and list once, with every field of it; what is injectable."""
    from tests.hardening import walk

    world = walk.OverHttp(site, sessions)
    seen: dict[tuple[object, ...], walk.Door] = {}
    for door in walk.found(world, pages):
        if door.fields:
            seen.setdefault(door.kind[1:], door)
    doors = sorted(seen.values(), key=lambda door: door.method)  # lists before forms
    ends, injectable, tried, fields = time.monotonic() + seconds, [], 0, 0
    with tempfile.TemporaryDirectory(prefix="mb-sqlmap-") as folder:
        for door in doors[first:]:
            if time.monotonic() > ends:
                break
            file = Path(folder) / "request.txt"
            file.write_text(request(world, door), newline="")
            words = [
                tool("sqlmap"), "-r", str(file), "--batch", "--level", "1", "--risk", "1", "--technique", "BEUSTQ",
                "--dbms", dbms, "--time-sec", "1", "--flush-session", "--output-dir", folder, "--disable-coloring",
                "--skip-waf", "--keep-alive", "--ignore-code", "*", "--ignore-stdin",
                "--answers", "follow=N", "--timeout", "30", "--retries", "1", "-v", "1",
            ]  # fmt: skip
            env = os.environ | {"HOME": folder}
            with contextlib.suppress(subprocess.TimeoutExpired):
                done = subprocess.run(
                    words, capture_output=True, text=True, timeout=240, env=env, check=False, stdin=subprocess.DEVNULL
                )
                fields += len(re.findall(r"parameter '.*' does not seem to be injectable", done.stdout))
                if re.search(
                    r"is vulnerable|identified the following injection point|appears to be .* injectable", done.stdout
                ):
                    injectable.append(f"{door.who} {door.method} {door.path} {done.stdout[-1500:]}")
                elif "do not appear to be injectable" not in done.stdout:
                    print("not tried:", door.method, door.path, done.stdout[-300:], flush=True)  # noqa: T201
            tried += 1
    print(f"sqlmap on {dbms}: {tried} of {len(doors)} forms and lists from {first} on, {fields} parameters", flush=True)  # noqa: T201
    return injectable


def request(world: "object", door: "object") -> str:
    """A request as sqlmap reads it."""
    from tests.hardening import walk

    assert isinstance(world, walk.OverHttp) and isinstance(door, walk.Door)
    query = urlencode([(name, value[:200]) for name, value in door.fields])
    path = f"{door.path}?{query}" if door.method == "GET" else door.path
    head = [f"{door.method} {path} HTTP/1.1", f"Host: {urlsplit(world.site).netloc}",
            f"Cookie: {world.cookies(door.who)}", "Accept: text/html"]  # fmt: skip
    if door.method == "GET":
        return "\r\n".join([*head, "", ""])
    head += [f"Origin: {world.site}", f"X-CSRFToken: {walk.TOKEN}", "Content-Type: application/x-www-form-urlencoded"]
    return "\r\n".join([*head, f"Content-Length: {len(query)}", "", query])


def main() -> int:
    """Set the stage, let a tool loose on it."""
    asked = argparse.ArgumentParser(prog="python -m tests.hardening.tools", description=__doc__)
    asked.add_argument("name", choices=("wapiti", "sqlmap"))
    asked.add_argument("seconds", type=int, nargs="?", default=600)
    asked.add_argument("--postgres", action="store_true")
    asked.add_argument("--from", dest="first", type=int, default=0)
    given = asked.parse_args()
    tool(given.name)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    from scripts.shots import staged
    from tests import engines

    with contextlib.ExitStack() as open_:
        database = open_.enter_context(engines.postgres()) if given.postgres else ""
        site, folder = open_.enter_context(staged(spiked=False, database=database))
        told = [line.split("\t") for line in (folder / "pages.tsv").read_text().splitlines()]
        sessions = {who: session for _, who, session, _ in told}
        if given.name == "wapiti":
            by_role = {"provider": "u11", "officer": "u1"}
            wrongs: list[object] = [
                *wapiti(site, {who: sessions.get(by_role.get(who, who), "") for who in PEOPLE}, given.seconds)
            ]
        else:
            pages = [(who, path) for _, who, _, path in told]
            dbms = "postgresql" if given.postgres else "sqlite"
            wrongs = [*sqlmap(site, sessions, pages, dbms=dbms, seconds=given.seconds, first=given.first)]
        errors = re.findall(r".*Traceback.*", (folder / "serve.log").read_text())
        said = (folder / "serve.log").read_text()
        print(*wrongs, f"{len(wrongs)} wrongs, {len(errors)} tracebacks", sep="\n")  # noqa: T201
        if errors:
            print(said[-6000:])  # noqa: T201
    return int(bool(wrongs or errors))


if __name__ == "__main__":
    sys.exit(main())
