"""An upload in pieces: goes on where it was cut off, is nobody else's, and nothing of it stays past the deadline."""

import base64
import hashlib
import io
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from bidding.submission import envelopes, services, tasks, uploads
from bidding.submission.models import StoredEnvelope, Upload
from rulebook import clock
from rulebook.actor import SYSTEM
from rulebook.refusal import Refused
from tests import cast
from tests.cast import HETAO, HOUR, NOON, PROVIDER, RIVAL
from tests.make import accounts, stored
from tests.make import bidding_offers as make
from tests.make.market import NUMBER

pytestmark = pytest.mark.django_db
EARLY = NOON - HOUR
DOOR = f"/api/projects/{NUMBER}/uploads/body"
SPEAKS = {"Tus-Resumable": "1.0.0"}


@pytest.fixture
def at(monkeypatch, settings, tmp_path):
    settings.DATA = tmp_path  # what lies there is this test's

    def set_to(instant):
        clock.forget()
        monkeypatch.setattr(clock, "system", lambda: instant)

    set_to(EARLY)
    return set_to


@pytest.fixture
def tender(at):
    return make.open_tender()


@pytest.fixture
def client(tender) -> Client:
    return accounts.client_of(PROVIDER)


@pytest.fixture
def data(tender) -> bytes:
    slot = services.allot_slots(project_number=NUMBER, by=PROVIDER, at=EARLY)["body"]
    return make.sealed(tender, HETAO, "body", slot, sheet={}, files=[("甲.pdf", bytes(90_000))], at=EARLY)[0]


def begin(client: Client, data: bytes, **headers: str) -> Any:
    named = base64.b64encode(hashlib.sha256(data).hexdigest().encode()).decode()
    told = {"Upload-Length": str(len(data)), "Upload-Metadata": f"sha256 {named}", **SPEAKS, **headers}
    return client.post(DOOR, b"", content_type="application/octet-stream", headers=told)


def send(client: Client, place: str, offset: int, piece: bytes, **headers: str) -> Any:
    told = {"Upload-Offset": str(offset), **SPEAKS, **headers}
    return client.patch(place, piece, content_type="application/offset+octet-stream", headers=told)


def offset_of(client: Client, place: str) -> int:
    return int(client.head(place, headers=SPEAKS)["Upload-Offset"])


def lying() -> list[str]:
    return sorted(path.name for path in envelopes.upload_path("x").parent.iterdir())


def test_a_cut_upload_goes_on_and_becomes_the_same_stored_envelope(client, data):
    made = begin(client, data)
    assert (made.status_code, made["Tus-Resumable"], made["Upload-Offset"]) == (201, "1.0.0", "0")
    place = made["Location"]
    half = len(data) // 2

    checksum = "sha256 " + base64.b64encode(hashlib.sha256(data[:half]).digest()).decode()
    first = send(client, place, 0, data[:half], **{"Upload-Checksum": checksum})

    assert (first.status_code, first["Upload-Offset"]) == (204, str(half))
    assert not StoredEnvelope.objects.exists()
    another_tab = begin(client, data)
    assert (another_tab["Location"], another_tab["Upload-Offset"]) == (place, str(half))
    assert offset_of(client, place) == half

    last = send(client, place, half, data[half:])

    assert (last.status_code, last["Upload-Offset"]) == (204, str(len(data)))
    row = StoredEnvelope.objects.get()
    assert (row.sha256, row.size) == (hashlib.sha256(data).hexdigest(), len(data))
    assert stored.envelope(row.sha256).read_bytes() == data
    assert lying() == []
    assert offset_of(client, place) == len(data)  # whoever missed the last answer learns that all have come
    assert begin(client, data)["Upload-Offset"] == str(len(data))


@pytest.mark.embedded
def test_only_the_next_bytes_are_taken(client, data):
    place = begin(client, data)["Location"]
    send(client, place, 0, data[:1000])

    for offset in (0, 999, 1001, len(data)):
        answer = send(client, place, offset, data[1000:2000])
        assert answer.status_code == 409
        assert answer.json()["reasons"][0]["code"] == "upload.offset"
    assert offset_of(client, place) == 1000


@pytest.mark.embedded
def test_a_piece_that_is_not_its_checksum_counts_for_nothing(client, data):
    place = begin(client, data)["Location"]
    other = "sha256 " + base64.b64encode(hashlib.sha256(b"other").digest()).decode()

    assert send(client, place, 0, data[:1000], **{"Upload-Checksum": other}).status_code == 460
    assert offset_of(client, place) == 0
    for wrong in ("md5 AAAA", "sha256 !", "sha256", "sha256 AAAA"):
        assert send(client, place, 0, data[:1000], **{"Upload-Checksum": wrong}).status_code == 400
    send(client, place, 0, data)
    assert stored.envelope(hashlib.sha256(data).hexdigest()).read_bytes() == data


@pytest.mark.embedded
def test_an_upload_is_nobody_elses(client, data):
    place = begin(client, data)["Location"]
    send(client, place, 0, data[:1000])

    for other in (RIVAL, cast.OFFICER, cast.SUPERVISOR, cast.OPERATOR):
        stranger = accounts.client_of(other)
        assert stranger.head(place, headers=SPEAKS).status_code == 404
        assert send(stranger, place, 1000, data[1000:]).status_code == 404
        assert stranger.delete(place, headers=SPEAKS).status_code == 404
    assert Client().head(place, headers=SPEAKS).status_code == 401
    assert begin(accounts.client_of(cast.OFFICER), data).status_code == 403
    assert offset_of(client, place) == 1000
    assert begin(accounts.client_of(RIVAL), data)["Location"] != place


@pytest.mark.embedded
@pytest.mark.parametrize("bent", ["magic", "tail", "cut"])
def test_what_is_no_envelope_of_this_tender_is_refused_and_forgotten(client, data, bent):
    wrong = {"magic": b"%PDF" + data[4:], "tail": b"SBE1" + bytes(len(data)), "cut": data[:-1] + b"\0"}[bent]
    told = wrong if bent != "cut" else data
    place = begin(client, told)["Location"]

    answer = send(client, place, 0, wrong)

    assert answer.status_code == 422
    codes = {"magic": "envelope.not-sealed", "tail": "envelope.malformed", "cut": "upload.digest"}
    assert answer.json()["reasons"][0]["code"] == codes[bent]
    assert not StoredEnvelope.objects.exists()
    if bent != "magic":
        assert client.head(place, headers=SPEAKS).status_code == 404
        assert lying() == []


@pytest.mark.embedded
def test_sizes_and_numbers_have_an_end(client, data, settings, monkeypatch):
    settings.ENVELOPE_LIMIT = len(data)
    assert begin(client, data + b"x").json()["reasons"][0]["code"] == "envelope.too-large"
    assert begin(client, b"SBE1").json()["reasons"][0]["code"] == "upload.too-short"
    place = begin(client, data)["Location"]
    monkeypatch.setattr(uploads, "CHUNK", 1000)
    assert send(client, place, 0, data[:1001]).json()["reasons"][0]["code"] == "upload.chunk-too-large"
    assert send(client, place, 0, data[:1000]).status_code == 204
    monkeypatch.setattr(uploads, "CHUNK", 8 * 2**20)
    assert send(client, place, 1000, data[1000:] + b"x").json()["reasons"][0]["code"] == "upload.chunk-too-large"
    others = [begin(client, bytes([n]) + data[1:])["Location"] for n in range(3)]
    assert Upload.objects.count() == uploads.UNFINISHED
    assert client.head(place, headers=SPEAKS).status_code == 404  # the oldest gave way
    assert client.head(others[-1], headers=SPEAKS).status_code == 200


def test_two_at_once_do_not_mix(client, data):
    place = begin(client, data)["Location"]
    with envelopes.alone(place.rpartition("/")[2]):
        answer = send(client, place, 0, data[:1000])
    assert (answer.status_code, answer.json()["reasons"][0]["code"]) == (409, "upload.busy")
    assert send(client, place, 0, data[:1000]).status_code == 204


@pytest.mark.parametrize("ends", [False, True], ids=["in the middle", "with its last bytes"])
@pytest.mark.parametrize("files_too", [False, True], ids=["as its row goes", "once its bytes are gone"])
def test_one_given_up_while_bytes_come_is_not_there_any_more(tender, data, ends, files_too, settings):
    allowed = {"project_number": NUMBER, "part": "body", "by": PROVIDER, "at": EARLY}
    row = uploads.begin(sha256=hashlib.sha256(data).hexdigest(), length=len(data), **allowed)

    def comes():
        yield data[:1000]
        if files_too:
            uploads.give_up(key=row.key, **allowed)
        else:
            Upload.objects.filter(pk=row.pk).delete()
        if ends:
            yield data[1000:]

    if ends and not files_too:  # whole by then: kept all the same
        uploads.go_on(key=row.key, offset=0, chunks=comes(), checksum=None, **allowed)
        assert StoredEnvelope.objects.count() == 1
        return
    with pytest.raises(Upload.DoesNotExist):
        uploads.go_on(key=row.key, offset=0, chunks=comes(), checksum=None, **allowed)
    assert not StoredEnvelope.objects.exists()


@pytest.mark.embedded
def test_giving_up_forgets_it_and_a_finished_one_stays(client, data):
    place = begin(client, data)["Location"]
    send(client, place, 0, data[:1000])
    assert client.delete(place, headers=SPEAKS).status_code == 204
    assert lying() == []
    assert client.head(place, headers=SPEAKS).status_code == 404
    done = begin(client, data)["Location"]
    send(client, done, 0, data)
    assert client.delete(done, headers=SPEAKS).status_code == 204
    assert StoredEnvelope.objects.count() == 1
    assert stored.envelope(hashlib.sha256(data).hexdigest()).read_bytes() == data


def test_nothing_of_an_unfinished_upload_stays_past_the_deadline(client, data, at):
    place = begin(client, data)["Location"]
    send(client, place, 0, data[:1000])
    tasks.forget_uploads(by=SYSTEM, at=EARLY)
    assert offset_of(client, place) == 1000

    at(NOON)
    late = send(client, place, 1000, data[1000:])

    assert (late.status_code, late.json()["reasons"][0]["code"]) == (409, "bid.late")
    assert begin(client, data).status_code == 409
    tasks.forget_uploads(by=SYSTEM, at=NOON)
    assert lying() == []
    assert not Upload.objects.exists()


def test_an_upload_nobody_goes_on_with_and_a_file_without_a_row_are_forgotten(client, data):
    begun = EARLY - timedelta(days=8)
    hashed = hashlib.sha256(data).hexdigest()
    facts = {"project_number": NUMBER, "part": "body", "by": PROVIDER}
    row = uploads.begin(**facts, sha256=hashed, length=len(data), at=begun)
    uploads.go_on(**facts, key=row.key, offset=0, chunks=io.BytesIO(data[:99]), checksum=None, at=begun)
    envelopes.upload_path("nobodys").write_bytes(b"SBE1")

    tasks.forget_uploads(by=SYSTEM, at=EARLY)

    assert lying() == []
    assert not Upload.objects.exists()


@pytest.mark.embedded
def test_the_door_says_what_it_speaks_and_refuses_what_it_does_not(client, data):
    told = client.options(DOOR)
    assert told["Tus-Extension"] == "creation,checksum,termination"
    assert (told["Tus-Version"], told["Tus-Checksum-Algorithm"]) == ("1.0.0", "sha256")
    place = begin(client, data)["Location"]
    assert begin(client, data, **{"Tus-Resumable": "0.2"}).status_code == 412
    assert begin(client, data, **{"Upload-Length": "x"}).status_code == 400
    assert begin(client, data, **{"Upload-Metadata": "filename eA=="}).status_code == 400
    assert client.head(place).status_code == 412
    assert (
        client.patch(place, b"x", content_type="text/plain", headers={"Upload-Offset": "0", **SPEAKS}).status_code
        == 415
    )
    assert send(client, place, 0, b"SBE1", **{"Upload-Offset": "-1"}).status_code == 400
    assert begin(accounts.client_of(RIVAL), data).status_code == 201
    unknown = client.post(DOOR.replace("body", "other"), headers={**SPEAKS, "Upload-Length": "99999",
        "Upload-Metadata": "sha256 " + base64.b64encode(b"0" * 64).decode()})  # fmt: skip
    assert unknown.json()["reasons"][0]["code"] == "bid.parts"


def test_a_refused_whole_raises_after_it_is_forgotten(client, data):
    facts = {"project_number": NUMBER, "part": "sheet", "by": PROVIDER, "at": EARLY}
    row = uploads.begin(**facts, sha256=hashlib.sha256(data).hexdigest(), length=len(data))
    with pytest.raises(Refused):  # sealed for another part
        uploads.go_on(**facts, key=row.key, offset=0, chunks=io.BytesIO(data), checksum=None)
    assert not Upload.objects.exists()
