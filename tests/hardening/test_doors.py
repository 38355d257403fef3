"""What is put into every field of every form and every list: no error, nothing fetched, led elsewhere or let through.

The short form asks the pages of a small world in this process; with `HARDEN` set the walk goes over all of the stage,
in a house of its own, as everybody there. `HARDEN_DOORS=40/7` takes the fortieth of the doors from the seventh on, to
cut a long campaign into pieces.
"""

import contextlib
import html
import io
import os
import re
import socket
import threading
import zipfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, quote_plus, urlsplit

import pytest
from django.db import connection, transaction
from django.test import Client

from rulebook import clock
from scripts.shots import staged
from tests import cast
from tests.hardening import corpus, walk
from tests.hardening.walk import Answer, Door, InProcess, OverHttp, World
from tests.hardening.wire import HARDEN
from tests.make import accounts
from tests.make import bidding_offers as make
from tests.make.market import NUMBER

pytestmark = [pytest.mark.django_db, pytest.mark.embedded, pytest.mark.timeout(7200)]
EVIL = "evil.example"
WORDS = ("zq9x", "zq8y")  # found nowhere
QUOTED = ("zq9x'", 'zq9x"', "zq9x' OR '1'='1", 'zq9x" OR "1"="1', "zq9x%' OR 1=1 -- ", "zq9x') OR ('1'='1", "zq9x\\")
SENT = (
    "'", "'; DROP TABLE accounts_user; -- ", "1 OR 1=1", "1) UNION SELECT NULL -- ", "%", "_", "*", "NEAR(", '"', "-",
    "${7*7}{{7*7}}", "../../../../etc/passwd", "9" * 400, "-1", "1e400", "NaN", "\u202e文", "😀" * 300, "[]", "{}",
    "x\r\nSet-Cookie: evil=1", f"//{EVIL}/", f"https://{EVIL}/", f"/\\{EVIL}", f"\thttps:{EVIL}", f"javascript://{EVIL}",
    "2026-02-30", "٣", "<xss y>", "x" * 70_000,
)  # fmt: skip
RAISED = re.compile(rb"root:[^\n]*:0:0:|<xss y>|Traceback \(most recent")
CHANGING = re.compile(
    rb'name="csrfmiddlewaretoken" value="[^"]*"|nonce-[\w-]+|\b[0-9a-f]{8}-[0-9a-f-]{27}\b|request[^<]{0,80}|'
    rb"\d\d:\d\d(:\d\d(\.\d+)?)?"
)


FEW = (
    ("public", "/notices/"), ("officer", "/projects/{}/correct/"), ("bidder", "/projects/{}/changes/"),
    ("supervisor", "/blacklist/new/"),
)  # fmt: skip
FIELDS = 1000 if HARDEN else 5  # of one form
VALUES = int(os.environ.get("HARDEN_VALUES", "5" if HARDEN else "1"))  # in each of its fields


class Small(InProcess):
    """A tender that takes bids; what is asked changes nothing."""

    def ask(self, *asked: object, **more: object) -> Answer:
        with transaction.atomic():
            answer = super().ask(*asked, **more)  # type: ignore[arg-type]
            transaction.set_rollback(True)
        return answer


@pytest.fixture
def house(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[World, list[tuple[str, str]]]]:
    """Who is asked, and the pages of everybody: (who, path)."""
    if HARDEN:
        with staged(spiked=False) as (site, folder):
            told = [line.split("\t") for line in (folder / "pages.tsv").read_text().splitlines()]
            world = OverHttp(site, {who: session for _, who, session, _ in told})
            yield world, [(who, path) for _, who, _, path in told]
            assert not re.findall(r"Traceback.*", (folder / "serve.log").read_text())
        return
    make.open_tender()
    monkeypatch.setattr(connection, "close", lambda: None)
    clock.forget()
    monkeypatch.setattr(clock, "system", lambda: cast.NOON - cast.HOUR)
    people = {"public": cast.STRANGER, "officer": cast.OFFICER, "bidder": cast.PROVIDER, "supervisor": cast.SUPERVISOR}
    clients = {name: accounts.client_of(actor) if actor.person else Client() for name, actor in people.items()}
    for client in clients.values():
        client.raise_request_exception = True
    yield Small(clients), [(who, path.format(NUMBER)) for who, path in FEW]


def chosen(doors: list[Door]) -> list[Door]:
    part, _, first = os.environ.get("HARDEN_DOORS", "1/0").partition("/")
    return doors[int(first or 0) :: int(part)]


def values(turn: int) -> tuple[str, ...]:
    """What goes into a field, others into each; in the short form one of them."""
    return tuple(SENT[(5 * turn + n) % len(SENT)] for n in range(VALUES))


def with_(door: Door, name: str, value: str) -> list[tuple[str, str]]:
    return [(key, value if key == name else held) for key, held in door.fields]


def wrong(answer: Answer) -> str:
    """What must not be in an answer to any of it."""
    if answer.status >= 500:
        return f"{answer.status}"
    where = "".join(answer.named("location"))
    if where and (urlsplit(where).netloc and EVIL in urlsplit(where).netloc or where.startswith(("//", "/\\", "java"))):
        return f"leads to {where}"
    if any("evil" in value for value in answer.named("set-cookie")) or answer.named("evil"):
        return "a header of the asker's"
    typed = "".join(answer.named("content-type"))
    raised = RAISED.search(answer.body) if "html" in typed else None
    return f"shows {raised[0]!r}" if raised else ""


def test_nothing_in_a_field_breaks_leads_away_or_acts(house):
    world, pages = house
    wrongs, asked = [], 0
    for door in chosen(walk.found(world, pages)):
        for name in list(dict(door.fields))[:FIELDS]:
            for value in values(asked):
                answer = world.ask(door.who, door.method, door.path, with_(door, name, value))
                asked += 1
                if fault := wrong(answer):
                    wrongs.append((door.who, door.method, door.path, name, value[:40], fault))
    for who, path in pages if HARDEN else ():  # what was taken is shown, and breaks no page either
        answer = world.ask(who, "GET", path)
        asked += 1
        if fault := wrong(answer):
            wrongs.append((who, "GET", path, "", "", fault))
    print(f"{asked} asked")  # noqa: T201
    assert wrongs == []
    assert asked > 10


def told(answer: Answer, *values: str) -> tuple[int, bytes]:
    """An answer without what was asked for in it."""
    body = answer.body
    for value in sorted({*values, *(each.strip() for each in values)}, key=len, reverse=True):
        in_address = (quote(value), quote_plus(value), quote(value, safe=""))
        again = [quote(each, safe="") for each in in_address]  # within an address that is within another
        for said in (*again, *in_address, value, html.escape(value), repr(value)[1:-1]):
            body = body.replace(said.encode(), b"")
    return answer.status, CHANGING.sub(b"", body)


def apart(one: tuple[int, bytes], other: tuple[int, bytes]) -> str:
    """Where two answers begin to differ."""
    place = len(os.path.commonprefix([one[1], other[1]]))
    return (
        f"{one[0]} {other[0]} {one[1][max(0, place - 60) : place + 60]!r} {other[1][max(0, place - 60) : place + 60]!r}"
    )


def test_a_quote_in_what_is_looked_for_is_a_letter_like_any_other(house):
    """Whether a list was asked for a word that is nowhere, or for that word and SQL: the same answer."""
    world, pages = house
    differ, asked = [], 0
    doors = [door for door in walk.found(world, pages) if door.method == "GET" and door.fields]
    for door in chosen(doors):
        for turn, name in enumerate(list(dict(door.fields))[:FIELDS]):
            plain, again = (
                told(world.ask(door.who, "GET", door.path, with_(door, name, word)), word) for word in WORDS
            )
            if plain != again:
                continue  # it tells of the moment, too
            for value in QUOTED if HARDEN else QUOTED[turn % 2 : turn % 2 + 1]:
                asked += 1
                found = told(world.ask(door.who, "GET", door.path, with_(door, name, value)), value)
                if found != plain:
                    differ.append((door.who, door.path, name, value, apart(plain, found)))
    print(f"{asked} compared")  # noqa: T201
    assert differ == []
    assert asked > 3


class Listener:
    """Somebody who waits on the loopback interface to be asked for something."""

    def __init__(self) -> None:
        self.asked: list[bytes] = []
        self.line = socket.create_server(("127.0.0.1", 0))
        self.port = self.line.getsockname()[1]
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                caller, _ = self.line.accept()
                with caller:
                    caller.settimeout(1)
                    with contextlib.suppress(OSError):
                        self.asked.append(caller.recv(2000))


@pytest.fixture
def listener() -> Iterator[Listener]:
    listening = Listener()
    yield listening
    listening.line.close()


def fetching(url: str) -> dict[str, bytes]:
    """Files that ask whoever opens them to fetch something."""
    entity = f'<!DOCTYPE x [<!ENTITY % e SYSTEM "{url}/dtd"> %e;]>'
    link = f'<Relationship Id="r1" Type="http://x/externalLink" Target="{url}/rel" TargetMode="External"/>'
    sheet = "<worksheet><sheetData/></worksheet>"
    return {
        "x.svg": f'{entity}<svg xmlns:l="http://www.w3.org/1999/xlink"><image l:href="{url}/svg"/></svg>'.encode(),
        "x.pdf": corpus.pdf(f"3 0 obj<</S/URI/URI({url}/pdf)>>endobj\n4 0 obj<</FS/URL/F({url}/f)>>endobj\n".encode()),
        "x.xlsx": archive({"[Content_Types].xml": f"{entity}<Types/>", "xl/workbook.xml": f"{entity}<workbook/>",
                           "xl/_rels/workbook.xml.rels": f"<Relationships>{link}</Relationships>",
                           "xl/worksheets/sheet1.xml": sheet}),
        "x.docx": archive({"word/document.xml": f"{entity}<w/>", "word/_rels/document.xml.rels": link}),
        "x.xml": f"{entity}<x/>".encode(),
        "x.html": f'<img src="{url}/img"><link rel=stylesheet href="{url}/css">'.encode(),
        "x.csv": f'=WEBSERVICE("{url}/csv"),=IMPORTXML("{url}";"x")\n'.encode(),
    }  # fmt: skip


def archive(parts: dict[str, str]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as packed:
        for name, text in parts.items():
            packed.writestr(name, text)
    return made.getvalue()


def test_nobody_fetches_what_an_address_or_a_file_names(house, listener):
    world, pages = house
    url = f"http://127.0.0.1:{listener.port}"
    addresses = (f"{url}/x", f"http://localhost:{listener.port}", f"http://2130706433:{listener.port}/",
                 f"http://[::ffff:127.0.0.1]:{listener.port}/", f"gopher://127.0.0.1:{listener.port}/_x")  # fmt: skip
    files = fetching(url)
    asked = 0
    for turn, door in enumerate(chosen(walk.found(world, pages))):
        for address in addresses[: 2 if HARDEN else 1]:
            fields = [(name, address) for name, _ in door.fields]
            sent = world.ask(
                door.who, door.method, door.path, fields, Referer=f"{url}/referer", **{"X-Forwarded-Host": url}
            )
            assert sent.status < 500, (door, sent.status)
            asked += 1
        for called, data in list(files.items())[0 if HARDEN else turn % 7 : None if HARDEN else turn % 7 + 1]:
            if door.files:
                sent = world.ask(door.who, "POST", door.path, door.fields, dict.fromkeys(door.files, (called, data)))
                assert sent.status < 500, (door, called, sent.status)
                asked += 1
    print(f"{asked} asked")  # noqa: T201
    assert listener.asked == []
    assert asked > 3


# Who asks others for anything, and that the address is never a visitor's.
GOES_OUT = {
    "accounts/reaching/gateways.py": "gateways and mail server of the settings",
    "accounts/sso/oidc.py": "providers of the settings, and what their own documents name on the same origins",
    "accounts/flood.py": "Redis of the settings",
    "config/management/commands/serve.py": "listens",
    "config/up/parts.py": "looks whether its own parts listen",
    "config/watching/house.py": "Redis of the settings",
    "ledger/errands.py": "names an error of it",
    "ledger/hub.py": "Redis of the settings",
    "ledger/nudges.py": "Redis of the settings",
    "ledger/storage/s3.py": "the bucket of the settings",
    "ledger/underway.py": "its own machine's name",
    "ledger/witnesses.py": "witnesses of the settings",
    "notifier/client.py": "the notifier of the settings",
    "notifier/gateways.py": "gateways of the notifier's own settings",
    "proofs/doors.py": "run by a holder on his own machine, at the address he types there",
    "proofs/site.py": "the same, and contributors",
}
REACHES = re.compile(
    r"^\s*(?:import|from) (?:requests|httpx|aiohttp|urllib3|urllib\.request|http\.client|socket|smtplib|ftplib|"
    r"boto3|redis|websockets)\b", re.M
)  # fmt: skip


def test_only_those_go_out_who_are_known_to():
    root = Path(__file__).parents[2]
    apart = {".venv", "tests", "bench", "scripts", "rehearsal"}
    paths = [path for path in root.glob("*/**/*.py") if not apart & set(path.relative_to(root).parts)]
    assert {str(path.relative_to(root)) for path in paths if REACHES.search(path.read_text())} == GOES_OUT.keys()
