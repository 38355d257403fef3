"""A house whose files lie in a bucket: envelopes that go straight there, and one purchase from upload to opening."""

import base64
import hashlib
import io
import urllib.error
import urllib.request
from typing import Any

import pytest
from django.test import Client

from bidding.opening import queries as openings
from bidding.submission import envelopes, services, straight, tasks
from bidding.submission.models import StoredEnvelope, Upload
from ledger import audit, blobs, storage
from ledger.models import Blob, Outgoing
from ledger.storage import Unavailable
from ledger.tasks import carry_files
from portal.record import queries as records
from rulebook import clock
from rulebook.actor import SYSTEM
from tests import cast
from tests.cast import HETAO, HOUR, NOON, PROVIDER, RIVAL
from tests.ledger.storage import stores
from tests.make import accounts
from tests.make import bidding_offers as make
from tests.make.ledger import sequenced
from tests.make.market import NUMBER

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]
EARLY = NOON - HOUR
DOOR = f"/api/projects/{NUMBER}/uploads/body"
RAW = {"Content-Type": "application/octet-stream"}
SPEAKS = {"Tus-Resumable": "1.0.0"}


@pytest.fixture(scope="module")
def told():
    with stores.bucket() as told:
        yield told


@pytest.fixture
def house(told, settings, tmp_path, monkeypatch):
    """The house on the bucket, its folder empty, an hour before the deadline."""
    settings.S3, settings.DATA = told, tmp_path
    return at(monkeypatch, EARLY)


def at(monkeypatch, instant):
    clock.forget()
    monkeypatch.setattr(clock, "system", lambda: instant)


@pytest.fixture
def tender(house):
    return make.open_tender()


@pytest.fixture
def data(tender) -> bytes:
    slot = services.allot_slots(project_number=NUMBER, by=PROVIDER, at=EARLY)["body"]
    return make.sealed(tender, HETAO, "body", slot, sheet={}, files=[("甲.pdf", bytes(190_000))], at=EARLY)[0]


@pytest.fixture
def client(tender) -> Client:
    return accounts.client_of(PROVIDER)


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def begin(client: Client, data: bytes) -> str:
    named = base64.b64encode(digest(data).encode()).decode()
    told = {"Upload-Length": str(len(data)), "Upload-Metadata": f"sha256 {named}", **SPEAKS}
    answer = client.post(DOOR, b"", content_type="application/octet-stream", headers=told)
    assert answer.status_code == 201, answer.content
    return str(answer["Upload-Pieces"])


def address(client: Client, pieces: str, number: int, data: bytes) -> Any:
    told = {"number": number, "sha256": digest(data)}
    return client.post(pieces, told, content_type="application/json")


def put(where: dict[str, Any], data: bytes) -> int:
    asked = urllib.request.Request(where["url"], data, {**where["headers"], **RAW}, method="PUT")
    try:
        with urllib.request.urlopen(asked, timeout=30) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as wrong:
        return wrong.code


def whole(client: Client, pieces: str) -> Any:
    return client.post(pieces.replace("pieces", "whole"), headers=SPEAKS)


def code(answer: Any) -> str:
    return str(answer.json()["reasons"][0]["code"])


def test_pieces_go_straight_and_count_once_they_were_read(client, data, monkeypatch, tmp_path):
    monkeypatch.setattr(straight, "PIECE", 5 * 2**20)
    assert len(data) < straight.PIECE
    pieces = begin(client, data)
    assert client.get(pieces).json() == {"piece": straight.PIECE, "length": len(data), "there": []}
    assert code(address(client, pieces, 1, b"other")) == "upload.piece"  # the only piece is the whole
    assert code(address(client, pieces, 2, data)) == "upload.piece"
    assert code(whole(client, pieces)) == "upload.missing"
    where = address(client, pieces, 1, data).json()
    assert HETAO not in str(where) and NUMBER not in str(where) and digest(data) not in str(where)
    assert put(where, data) == 200
    assert put(where, data) == 412  # once
    assert client.get(pieces).json()["there"] == [1]
    assert not StoredEnvelope.objects.exists()

    assert whole(client, pieces).status_code == 204
    assert whole(client, pieces).status_code == 204  # the answer was lost

    row = StoredEnvelope.objects.get()
    assert (row.sha256, row.size, row.organisation) == (digest(data), len(data), HETAO)
    with envelopes.open_envelope(row.sha256) as file:
        assert file.read() == data
    with pytest.raises(storage.Locked):
        storage.store().forget(envelopes.stored_as(row.sha256))
    tasks.forget_uploads(by=SYSTEM, at=EARLY)
    assert straight.staged() == {}
    assert not [
        path
        for path in tmp_path.rglob("*")
        if path.is_file() and "keys" not in path.parts and path.read_bytes()[:4] == b"SBE1"
    ]  # nothing of it went through here


def test_an_address_is_for_its_bidder_alone_and_never_after_the_deadline(client, data, monkeypatch):
    pieces = begin(client, data)
    for other in (RIVAL, cast.OFFICER, cast.SUPERVISOR, cast.OPERATOR):
        stranger = accounts.client_of(other)
        for answer in (stranger.get(pieces), address(stranger, pieces, 1, data), whole(stranger, pieces)):
            assert answer.status_code == 404
    assert address(Client(), pieces, 1, data).status_code == 401
    rivals = begin(accounts.client_of(RIVAL), data)
    assert rivals != pieces
    assert put(address(accounts.client_of(RIVAL), rivals, 1, data).json(), data) == 200
    stolen = whole(accounts.client_of(RIVAL), rivals)
    assert (stolen.status_code, code(stolen)) == (422, "bid.slot")  # sealed to another's slot
    assert put(address(client, pieces, 1, data).json(), data) == 200

    at(monkeypatch, NOON)

    assert code(address(client, pieces, 1, data)) == "bid.late"
    assert code(whole(client, pieces)) == "bid.late"
    tasks.forget_uploads(by=SYSTEM, at=NOON)
    assert straight.staged() == {} and not Upload.objects.exists() and not StoredEnvelope.objects.exists()


@pytest.mark.parametrize("bent", ["other bytes", "no envelope", "cut"])
def test_what_is_not_what_was_promised_never_counts(client, data, bent):
    told = b"%PDF" + data[4:] if bent == "no envelope" else data
    pieces = begin(client, told)
    where = address(client, pieces, 1, told).json()
    key = pieces.split("/")[-2]
    # The stand-in takes what its checksum does not fit; a storage that refuses it leaves nothing to be read at all.
    come = {"other bytes": data[:-1] + b"!", "no envelope": told, "cut": data[:-1]}[bent]
    name, sha256 = f"{storage.INCOMING}/{key}/1", digest(come)
    if bent == "no envelope":
        assert put(where, come) == 200
    else:
        address_of = storage.bucket().offered(name, sha256=sha256, size=len(come), seconds=60)
        assert put({"url": address_of[0], "headers": address_of[1]}, come) == 200

    answer = whole(client, pieces)

    expected = {"other bytes": "upload.digest", "no envelope": "envelope.malformed", "cut": "upload.missing"}
    assert code(answer) == expected[bent]
    assert not StoredEnvelope.objects.exists()
    assert storage.store().size(envelopes.stored_as(digest(told))) is None
    tasks.forget_uploads(by=SYSTEM, at=EARLY)
    assert bool(straight.staged()) is (bent == "cut")  # what is on its way waits for its bidder


def test_many_pieces_become_the_envelope_and_what_is_put_later_does_not(client, tender, monkeypatch):
    monkeypatch.setattr(straight, "PIECE", 5 * 2**20)
    slot = services.allot_slots(project_number=NUMBER, by=PROVIDER, at=EARLY)["body"]
    data = make.sealed(tender, HETAO, "body", slot, sheet={}, files=[("甲.pdf", bytes(6 * 2**20))], at=EARLY)[0]
    pieces = begin(client, data)
    parts = [data[begin : begin + straight.PIECE] for begin in range(0, len(data), straight.PIECE)]
    assert len(parts) == 2
    for number in (2, 1):
        assert put(address(client, pieces, number, parts[number - 1]).json(), parts[number - 1]) == 200
    read = straight._read

    def and_then_put_anew(row):
        found = read(row)
        name = f"{storage.INCOMING}/{row.key}/1"
        storage.store().put(name, io.BytesIO(b"!" * len(parts[0])), sha256=digest(b"!" * len(parts[0])),
                            size=len(parts[0]), again=True)  # fmt: skip
        return found

    monkeypatch.setattr(straight, "_read", and_then_put_anew)
    assert whole(client, pieces).status_code == 204
    with envelopes.open_envelope(digest(data)) as file:
        assert file.read() == data


def test_a_storage_that_is_down_is_told_as_such_and_nothing_is_acknowledged(client, data, settings, told, monkeypatch):
    pieces = begin(client, data)
    assert put(address(client, pieces, 1, data).json(), data) == 200
    down = {**told, "endpoint": f"http://127.0.0.1:{stores.engines.free_port()}"}
    settings.S3 = down
    for answer in (client.get(pieces), whole(client, pieces),
                   client.put(f"/api/projects/{NUMBER}/envelopes/body", data,
                              content_type="application/octet-stream")):  # fmt: skip
        assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert not StoredEnvelope.objects.exists() and Upload.objects.get().finished_at is None

    # It dies after it took the envelope, before the row stands: once more finds it there and goes on.
    settings.S3 = told
    real = StoredEnvelope.objects.bulk_create

    def dies(*args: Any, **more: Any) -> None:
        raise Unavailable("the storage does not answer")

    monkeypatch.setattr(StoredEnvelope.objects, "bulk_create", dies)
    assert whole(client, pieces).status_code == 503
    assert storage.store().size(envelopes.stored_as(digest(data))) == len(data)
    monkeypatch.setattr(StoredEnvelope.objects, "bulk_create", real)
    assert whole(client, pieces).status_code == 204
    assert StoredEnvelope.objects.get().sha256 == digest(data)


def test_the_page_may_ask_the_storage_and_no_other_page_may(client, told, settings):
    policy = client.get(f"/projects/{NUMBER}/bid/")["Content-Security-Policy"]
    assert f"connect-src 'self' {told['endpoint']};" in policy + ";"
    assert told["endpoint"] not in client.get(f"/projects/{NUMBER}/")["Content-Security-Policy"]
    settings.S3_STRAIGHT = False
    assert told["endpoint"] not in client.get(f"/projects/{NUMBER}/bid/")["Content-Security-Policy"]
    assert client.get(f"{DOOR}/any/pieces").status_code == 404


def test_a_purchase_from_upload_to_opening_with_every_file_in_the_bucket(house, tmp_path):
    tender = make.opened_tender()
    assert Outgoing.objects.exists()  # written with the acts, and read from there
    published = set(Blob.objects.values_list("sha256", flat=True))
    assert all(blobs.read(sha256) for sha256 in published)
    carry_files(by=SYSTEM, at=NOON + HOUR)
    assert not Outgoing.objects.exists()
    assert {each.name.rpartition("/")[2] for each in storage.store().listed("blobs/")} >= published
    assert [file.open().read().decode() for file in openings.files_of(tender, HETAO)] == ["本单位的技术方案"]
    assert not list((tmp_path / "blobs").rglob("*")) and not list((tmp_path / "opened").rglob("*"))
    sequenced(at=NOON + HOUR)
    assert [wrong for wrong in audit.faults() if wrong.startswith("blob")] == []
    assert records.record_of(NUMBER)
