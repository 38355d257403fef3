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
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import django

FOLDER = Path(__file__).parent
MODULES = "xss,permanentxss,sql,blindsql,exec,file,crlf,redirect,ssrf,csrf,http_headers,cookieflags,backup,methods,csp"
PEOPLE = {"public": "", "provider": "u11", "officer": "u1"}
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
    """(what, method or kind, address or view as a pattern) ↦ why it is no fault."""
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
        for who in sessions:
            report = Path(folder) / f"{who}.json"
            words = [
                "/usr/bin/python3", "-c", WAPITI, "-u", f"{site}/", "--scope", "domain", "-m", MODULES,
                "-f", "json", "-o", str(report),
                "--flush-session", "--no-bugreport", "--max-scan-time", str(seconds), "--max-attack-time",
                str(max(20, seconds // 12)), "--max-files-per-dir", "30", "--max-links-per-page", "60", "-d", "4",
                "-S", "polite", "-t", "20", "-x", f"{site}/accounts/logout/", "-x", f"{site}/language/*",
                "-x", f"{site}/static/*", "-x", f"{site}/accounts/sessions/*",
                "--external-endpoint", endpoint, "--internal-endpoint", endpoint,
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


def main() -> int:
    """Set the stage, let a tool loose on it."""
    asked = argparse.ArgumentParser(prog="python -m tests.hardening.tools", description=__doc__)
    asked.add_argument("name", choices=("wapiti", "sqlmap"))
    asked.add_argument("seconds", type=int, nargs="?", default=600)
    asked.add_argument("--postgres", action="store_true")
    asked.add_argument("--from", dest="first", type=int, default=0)
    asked.add_argument("--people", default=",".join(PEOPLE), help="who wapiti is")
    asked.add_argument("--kinds", default="query,path,form,json", help="of parameters, for sqlmap")
    asked.add_argument("--ways", default="BEU", help="sqlmap's: B conditions, E errors, U rows put beside")
    given = asked.parse_args()
    tool(given.name)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    from scripts.shots import staged
    from tests import engines
    from tests.hardening.injected import sqlmap

    with contextlib.ExitStack() as open_:
        database = open_.enter_context(engines.postgres()) if given.postgres else ""
        site, folder = open_.enter_context(staged(spiked=False, database=database))
        told = [line.split("\t") for line in (folder / "pages.tsv").read_text().splitlines()]
        sessions = {who: session for _, who, session, _ in told}
        if given.name == "wapiti":
            some = {who: sessions.get(PEOPLE[who], "") for who in given.people.split(",")}
            wrongs: list[object] = [*wapiti(site, some, given.seconds)]
        else:
            pages = [(who, path) for _, who, _, path in told]
            dbms = "postgresql" if given.postgres else "sqlite"
            wrongs = [*sqlmap(site, sessions, pages, dbms=dbms, seconds=given.seconds, first=given.first,
                              kinds=given.kinds, ways=given.ways)]  # fmt: skip
        errors = re.findall(r".*Traceback.*", (folder / "serve.log").read_text())
        said = (folder / "serve.log").read_text()
        print(*wrongs, f"{len(wrongs)} wrongs, {len(errors)} tracebacks", sep="\n")  # noqa: T201
        if errors:
            print(said[-6000:])  # noqa: T201
    return int(bool(wrongs or errors))


if __name__ == "__main__":
    sys.exit(main())
