"""The house asks nobody's address: whatever is filled in, uploaded or answered, nothing inside its walls is reached."""

import io
import json
import re
import socket
import threading
import zipfile
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import override_settings
from django.urls import get_resolver

from documents import sheets
from ledger import witnesses
from ledger.models import Log
from notifier import gateways
from proofs import note
from tests import cast
from tests.config.test_origins import patterns
from tests.make import accounts, market
from tests.make import bidding_offers as make
from tests.make import ledger as entries
from tests.make.market import NUMBER

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]  # whom the house asks does not change with the engine
ROOT = Path(__file__).parents[2]
SOMETHING = {
    "number": NUMBER, "org": cast.HETAO, "seq": "1", "sha256": "0" * 64, "eid": "0" * 32, "part": "body", "draw": "1",
    "name": "x", "act": "agree", "key": "x",
}  # fmt: skip
ACTORS = (cast.OFFICER, cast.PROVIDER, cast.OPERATOR, cast.EXPERT)


class Listener:
    """A port inside the walls. Whoever connects is in its queue, whether or not he is answered."""

    def __init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._socket.setblocking(False)
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}/latest/meta-data"

    def heard(self) -> int:
        """How many connected since one looked last."""
        count = 0
        while True:
            try:
                self._socket.accept()[0].close()
            except BlockingIOError:
                return count
            count += 1


@pytest.fixture
def listener() -> Iterator[Listener]:
    found = Listener()
    yield found
    assert found.heard() == 0
    socket.create_connection(found._socket.getsockname()).close()
    assert found.heard() == 1  # it would have noticed
    found._socket.close()


def names_of_fields() -> list[str]:
    """Of everything anybody can fill in, on any page."""
    told = [path.read_text() for path in (ROOT / "templates").rglob("*.html")]
    told += [path.read_text() for path in ROOT.glob("*/**/forms.py") if ".venv" not in path.parts]
    found = set(re.findall(r'name="([a-z_]+)"', "".join(told)))
    return sorted(found | set(re.findall(r"^    ([a-z_]+) = forms\.", "".join(told), re.M)))


def files(url: str) -> dict[str, bytes]:
    """Files that lead elsewhere, each in the way of its kind."""
    rels = f'<Relationships><Relationship Id="r" TargetMode="External" Target="{url}"/></Relationships>'
    entity = f'<!DOCTYPE a [<!ENTITY e SYSTEM "{url}">]><worksheet>&e;</worksheet>'
    book = io.BytesIO(sheets.write(["编号"], [[f'=WEBSERVICE("{url}")']], name="x"))
    linked, told = io.BytesIO(book.getvalue()), io.BytesIO(book.getvalue())
    with zipfile.ZipFile(linked, "a") as packed:
        packed.writestr("xl/worksheets/_rels/sheet1.xml.rels", rels)
        packed.writestr("xl/externalLinks/externalLink1.xml", f'<externalLink><a href="{url}"/></externalLink>')
    with zipfile.ZipFile(told, "a") as packed:
        packed.writestr("xl/worksheets/sheet2.xml", entity)
    svg = f'<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY e SYSTEM "{url}">]><svg><image href="{url}"/>&e;</svg>'
    pdf = f"%PDF-1.7\n1 0 obj<</S/URI/URI({url})/F(\\\\127.0.0.1)>>endobj"
    page = f'<img src="{url}"><link rel="stylesheet" href="{url}">'
    return {"a.svg": svg.encode(), "a.pdf": pdf.encode(), "a.html": page.encode(), "a.xml": entity.encode(),
            "a.xlsx": linked.getvalue(), "b.xlsx": told.getvalue()}  # fmt: skip


def addresses() -> list[str]:
    """Every address of the house that takes something, with something standing in each of its holes."""

    def filled(hole: re.Match[str]) -> str:
        name, of = hole["pattern"] or hole["name"], hole["of"]
        return SOMETHING.get(name, "1" if of == "int" else "00000000-0000-4000-8000-000000000001")

    hole = re.compile(r"\(\?P<(?P<pattern>\w+)>[^)]*\)|<(?:(?P<of>\w+):)?(?P<name>\w+)>")
    found = {hole.sub(filled, path) for path, _ in patterns(get_resolver().url_patterns)}
    return sorted(re.sub(r"[\\^$]", "", path) for path in found if not path.startswith("accounts/log"))


def test_whatever_is_filled_in_or_uploaded_the_house_goes_nowhere(listener: Listener) -> None:
    make.open_hall()
    fields, places, uploads = names_of_fields(), addresses(), files(listener.url)
    assert len(fields) > 60 and len(places) > 150
    form: dict[str, Any] = dict.fromkeys(fields, listener.url)
    told = json.dumps(
        {**form, **{many: [dict.fromkeys(("v", "org", "unit"), listener.url)] for many in ("subs", "wds")}}
    )
    known = 0
    for at, actor in enumerate(ACTORS):
        client = accounts.client_of(actor)
        for place in places[at :: len(ACTORS)]:
            if place.startswith("api/"):
                answer = client.post(f"/{place}", told, content_type="application/json")
            else:
                name, data = list(uploads.items())[known % len(uploads)]
                sent = {field: SimpleUploadedFile(name, data) for field in ("file", "document", "scan", "evidence")}
                answer = client.post(f"/{place}", form | sent)
            assert answer.status_code < 500, (place, answer.status_code)
            known += answer.status_code != 404
    assert known > 100
    for name in ("a.xlsx", "b.xlsx"):
        sheets.read(io.BytesIO(uploads[name]))


def test_what_goes_on_paper_is_text_and_no_address(listener: Listener) -> None:
    title = f'#image("{listener.url}") #read("{listener.url}") #import "{listener.url}": *'
    tender = make.open_tender(project=market.project(title=title))
    make.sealed_bid(tender)

    paper = accounts.client_of(cast.PROVIDER).get(f"/projects/{NUMBER}/bid/receipts.pdf")

    assert paper.status_code == 200 and paper.content.startswith(b"%PDF")


class Elsewhere(BaseHTTPRequestHandler):
    """Somebody configured, who points inside."""

    to = ""

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(302)
        self.send_header("Location", self.to)
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: the tests speak for themselves."""


def test_a_gateway_or_witness_that_points_elsewhere_is_not_followed(listener: Listener) -> None:
    server = HTTPServer(("127.0.0.1", 0), type("There", (Elsewhere,), {"to": listener.url}))
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    url = f"http://127.0.0.1:{server.server_address[1]}"
    key = note.parse_private(note.generate("w.example"), kind=note.COSIGNATURE).verifier
    entries.entry()
    entries.sequenced()
    try:
        with pytest.raises(gateways.Undelivered):
            gateways.Remote(url, "t").send(gateways.Outgoing("ref", "sms", "handle", "words"))
        with override_settings(WITNESSES=[{"url": url, "vkey": key.vkey}]):
            [witness] = witnesses.configured()
            assert witnesses.ask(witness, Log.PUBLIC, at=cast.NOON) is False
    finally:
        server.shutdown()
        server.server_close()
