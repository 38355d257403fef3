"""The public log as files and pages of entries; nothing sealed comes out of any door."""

import hashlib
import json

import pytest
from django.test import Client

from ledger import keys, lines, services
from ledger.models import Entry
from proofs import checkpoint as checkpoints
from proofs import tiles
from proofs.merkle import Tree, leaf_hash
from tests.make import ledger as make

pytestmark = pytest.mark.django_db


def test_a_mirror_can_rebuild_the_log_from_files(client: Client):
    for n in range(300):
        make.entry(str(n))
    make.sequenced()

    vkey = client.get("/log/vkey").content.decode().strip()
    head = checkpoints.opened(client.get("/log/checkpoint").content.decode(), checkpoints.notes.parse_vkey(vkey))
    bundles = [tile for tile in tiles.tiles_of(head.size) if tile.level is None]
    leaves = [leaf for tile in bundles for leaf in tiles.decode_bundle(client.get(f"/log/{tile.path}").content)]

    tree = Tree(leaf_hash(leaf) for leaf in leaves)
    assert (tree.size, tree.root()) == (head.size, head.root)
    for tile in tiles.tiles_of(head.size):
        if tile.level is not None:
            assert client.get(f"/log/{tile.path}").content == tiles.tile_data(tile, tree.nodes)


def test_a_tile_is_for_ever_and_a_checkpoint_is_not(client: Client):
    make.entry()
    make.sequenced()

    assert "immutable" in client.get("/log/tile/0/000.p/1")["Cache-Control"]
    assert client.get("/log/checkpoint")["Cache-Control"] == "no-cache"


@pytest.mark.embedded
@pytest.mark.parametrize(
    "path",
    ["/log/tile/0/000", "/log/tile/0/000.p/2", "/log/tile/0/001.p/1", "/log/tile/1/000.p/1", "/log/tile/0/0",
     "/log/tile/0/000.p/01", "/log/tile/entries/../../vkey", "/log/tile/", "/sealed/tile/0/000.p/1",
     "/blobs/" + "0" * 64, "/blobs/" + "A" * 64, "/blobs/x"],
)  # fmt: skip
def test_what_is_not_there_is_not_found(client: Client, path):
    make.entry()
    make.sequenced()

    assert client.get(path).status_code == 404


def test_there_is_no_checkpoint_before_the_first(client: Client):
    assert client.get("/log/checkpoint").status_code == 404
    assert client.get("/sealed/checkpoint").status_code == 404


def test_a_stream_is_read_page_by_page(client: Client, monkeypatch):
    monkeypatch.setattr("ledger.queries.PAGE", 2)
    for n in range(3):
        make.entry(str(n), stream="project/T-1")

    first = client.get("/api/streams/project/T-1/entries").json()
    rest = client.get("/api/streams/project/T-1/entries?after=2").json()

    assert [entry["seq"] for entry in first["entries"]] == [1, 2]
    assert "line" not in first["entries"][0]
    lined = client.get("/api/streams/project/T-1/entries?lined=true").json()["entries"]
    assert lined[0] == json.loads(lines.frame(Entry.objects.get(stream="project/T-1", seq=1)))
    assert [entry["data"] for entry in rest["entries"]] == [{"text": "2"}]
    assert (first["more"], rest["more"]) == (True, False)


def test_the_public_streams_are_listed(client: Client):
    make.entry(stream="keys")
    make.entry(stream="project/T-1")
    make.sealed_entry(stream="project/T-2")

    assert client.get("/api/streams").json() == {
        "streams": [{"name": "keys", "last": 1}, {"name": "project/T-1", "last": 1}]
    }


@pytest.mark.embedded
@pytest.mark.parametrize("after", ["x", "1.5", "-1", "99999999999999999999999"])
def test_a_cursor_that_is_no_number_is_refused(client: Client, after):
    assert client.get(f"/api/streams/keys/entries?after={after}").status_code == 422


def test_an_unknown_stream_and_a_silent_one_look_the_same(client: Client):
    make.sealed_entry(stream="project/T-2")

    silent, unknown = (client.get(f"/api/streams/project/{n}/entries").json() for n in ("T-2", "T-9"))

    assert silent["entries"] == unknown["entries"] == []


def test_nothing_sealed_comes_out(client: Client):
    sealed = make.sealed_entry("1000000.00")
    make.entry()
    make.sequenced()

    doors = ["/api/streams", "/api/streams/project/T-1/entries", "/log/tile/entries/000.p/1", "/sealed/checkpoint"]
    shown = b"".join(client.get(door).content for door in doors)
    assert b"1000000" not in shown
    assert hashlib.sha256(b"ev1/blind\0" + sealed.nonce + sealed.event.encode()).hexdigest().encode() not in shown


def test_a_blob_is_fetched_by_its_hash_and_never_shown_as_a_page(client: Client):
    sha256 = services.publish_blob(b"<script>alert(1)</script>")

    response = client.get(f"/blobs/{sha256}")

    assert b"".join(response.streaming_content) == b"<script>alert(1)</script>"
    assert response["Content-Type"] == "application/octet-stream"
    assert response["Content-Disposition"].startswith("attachment")
    assert client.get(f"/blobs/{sha256}", headers={"If-None-Match": f'"{sha256}"'}).status_code == 304


def test_each_key_has_its_door(client: Client):
    for name in ("log", "sealed", "receipts"):
        vkey = keys.signer(name).verifier.vkey
        assert client.get(f"/{name}/vkey").content.decode().strip() == vkey


def test_the_witnesses_are_named(client: Client, settings):
    settings.WITNESSES = [{"url": "http://127.0.0.1:1/", "vkey": keys.signer("log").verifier.vkey}]
    settings.QUORUM = 1

    assert client.get("/witnesses").json() == {"vkeys": [keys.signer("log").verifier.vkey], "quorum": 1}


@pytest.mark.embedded
def test_doors_to_read_take_no_writes(client: Client):
    assert client.post("/log/checkpoint").status_code == 405
