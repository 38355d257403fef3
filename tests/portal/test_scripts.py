"""Which scripts the site serves is a public fact, said once, and anybody can compare."""

import gzip
import hashlib
import http.server
import json
import threading
from pathlib import Path

import brotli
import pytest

from config import static
from ledger import queries, services
from ledger.models import Entry
from proofs import __main__ as command_line
from proofs import note
from proofs import scripts as lists
from rulebook.refusal import Refused
from tests.cast import HOUR, NOON, OFFICER, PROVIDER
from tests.make import accounts
from tests.make import bidding_offers as offers
from tests.make import ledger as make
from tests.make.market import NUMBER

pytestmark = pytest.mark.embedded

PAGE = "/verify/scripts/"
WITNESS = note.parse_private(note.generate("w.example"), kind=note.COSIGNATURE).verifier.vkey


def logged() -> list[Entry]:
    return list(Entry.objects.filter(stream=lists.STREAM).order_by("seq"))


@pytest.mark.django_db
def test_a_set_of_scripts_is_logged_once_and_another_set_again(monkeypatch) -> None:
    static.publish_scripts(at=NOON)
    static.publish_scripts(at=NOON + HOUR)
    (first,) = logged()

    other = {**static.scripts(), "/static/parts/new.js": "0" * 64}
    monkeypatch.setattr(static, "scripts", lambda: other)
    static.publish_scripts(at=NOON + HOUR)
    assert [entry.seq for entry in logged()] == [1, 2]
    assert first.at == NOON and queries.scripts_served().scripts == other


@pytest.mark.django_db
def test_only_the_platform_says_what_it_serves() -> None:
    with pytest.raises(Refused) as refused:
        services.publish_scripts(scripts={}, by=OFFICER, at=NOON)
    assert refused.value.reasons[0].code == "ledger.not-system" and logged() == []


@pytest.mark.django_db
def test_the_list_has_every_script_under_the_hash_of_what_is_served(client) -> None:
    told = static.scripts()

    ours = {f"/static/{path.relative_to('static')}" for path in Path("static").rglob("*.js")}
    assert ours <= set(told)
    for path in ours:
        served = b"".join(client.get(path).streaming_content)
        assert hashlib.sha256(served).hexdigest() == told[path], path


@pytest.mark.django_db
def test_no_script_of_anybody_else_is_served_or_listed(client) -> None:
    ours = {path.name for path in Path("static").rglob("*") if path.suffix in static.SUFFIXES}

    assert {Path(path).name for path in static.scripts()} <= ours
    assert client.get("/static/ninja/swagger-ui-bundle.js").status_code == 404


@pytest.mark.django_db
def test_the_page_lists_every_script_and_its_entry(client) -> None:
    assert "日志里还没有脚本清单" in client.get(PAGE).content.decode()
    static.publish_scripts(at=NOON)
    make.sequenced(at=NOON)

    page = client.get(PAGE).content.decode()

    served = queries.scripts_served()
    for path, sha256 in static.scripts().items():
        assert path in page and sha256 in page
    assert f"/blobs/{served.sha256}" in page


def check(capsys, *words: str) -> tuple[int, dict]:
    code = command_line.main(["check-scripts", *words, "--json"])
    return code, json.loads(capsys.readouterr().out)


@pytest.mark.django_db(transaction=True)
def test_a_changed_script_or_an_unlisted_one_is_found(live_server, capsys, tmp_path, client, monkeypatch) -> None:
    static.publish_scripts(at=NOON)
    make.sequenced(at=NOON)
    vkey = client.get("/log/vkey").content.decode().strip()

    code, data = check(capsys, live_server.url, "--vkey", vkey)
    assert data["codings"] == ["identity", "gzip", "br"]
    assert code == 0 and data["authenticated"] and data["scripts"] == len(static.scripts()), data
    assert data["sha256"] == queries.scripts_served().sha256

    code, data = check(capsys, live_server.url, "--vkey", vkey, "--witness", WITNESS)
    assert code == 1 and "unwitnessed" in data["why"][0]

    saved = tmp_path / "bid.html"
    saved.write_text('<script type="module" src="/static/bidding/submission/workspace.js"></script>')
    assert check(capsys, live_server.url, "--saved", str(saved))[0] == 0
    saved.write_text('<script src="https://elsewhere.example/x.js"></script><script>alert(1)</script>')
    code, data = check(capsys, live_server.url, "--saved", str(saved))
    assert code == 1 and len(data["why"]) == 2 and "elsewhere.example" in str(data["why"])

    truth = static.scripts()
    lied = {**truth, "/static/proofs/hpke.js": "0" * 64}
    del lied["/static/parts/dom.js"]
    monkeypatch.setattr(static, "scripts", lambda: lied)
    static.publish_scripts(at=NOON)
    code, data = check(capsys, live_server.url)
    assert code == 1 and not data["authenticated"]
    assert "/static/proofs/hpke.js: not what the log says" in data["why"]
    assert any("runs" in why and "/static/parts/dom.js" in why for why in data["why"])

    code, data = check(capsys, live_server.url, "--vkey", vkey)  # the newest list has not been placed yet
    assert code == 1 and data["why"] == ["the list of scripts is not in the log"]


class Packed(http.server.BaseHTTPRequestHandler):
    """A site that gives one script as logged to whoever asks plainly, and another to a browser."""

    def do_GET(self) -> None:
        body = self.server.answers[self.path]
        if self.path.endswith(".js") and self.headers.get("Accept-Encoding") in self.server.lies:
            body = self.server.lies[self.headers["Accept-Encoding"]]
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing."""


@pytest.mark.parametrize("coding", ["gzip", "br"])
def test_another_script_for_browsers_alone_is_found(capsys, coding) -> None:
    true, false = b"seal()", b"leak()"
    listed = lists.listing({"/a.js": hashlib.sha256(true).hexdigest()})
    sha256 = hashlib.sha256(listed).hexdigest()
    entry = {"stream": "scripts", "seq": 1, "at": "", "kind": lists.KIND, "data": {"sha256": sha256, "count": 1}}
    server = http.server.HTTPServer(("127.0.0.1", 0), Packed)
    page = b'<script type="module" src="/a.js"></script>'
    told = json.dumps({"entries": [entry], "more": False}).encode()
    server.answers = {"/": page, "/verify/": page, "/a.js": true, f"/blobs/{sha256}": listed}
    server.answers["/api/streams/scripts/entries?after=0"] = told
    base = f"http://127.0.0.1:{server.server_address[1]}"
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    pack = {"gzip": gzip.compress, "br": brotli.compress}[coding]
    try:
        server.lies = {coding: pack(true)}
        assert check(capsys, base)[0] == 0
        server.lies = {coding: pack(false)}
        assert check(capsys, base)[1]["why"] == [f"/a.js, packed as {coding}: not what the log says"]
    finally:
        server.shutdown()
        server.server_close()


@pytest.mark.django_db
def test_the_sealing_page_shows_the_list_it_runs_under(client) -> None:
    accounts.world()
    offers.open_tender()
    static.publish_scripts(at=NOON)
    client.force_login(accounts.user(PROVIDER))

    page = client.get(f"/projects/{NUMBER}/bid/").content.decode()

    assert queries.scripts_served().sha256[:8] in page and PAGE in page
