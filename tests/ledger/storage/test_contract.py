"""What every storage promises, asked of the folder and of a bucket alike."""

import hashlib
import io
import os
import threading
from typing import Any

import pytest
from botocore.exceptions import ClientError

from ledger import storage
from ledger.storage import Differs, Locked, Unavailable, moving
from ledger.storage.folder import Folder
from tests.config.processes import run
from tests.ledger.storage import stores

DATA = b"the same bytes" * 10_000


@pytest.fixture(autouse=True)
def before_noon() -> None:
    """The storage's clock is the other here: this process shares its time."""


@pytest.fixture(scope="module")
def told():
    with stores.bucket() as told:
        yield told


@pytest.fixture(params=["folder", "bucket"])
def store(request, told, tmp_path) -> Any:
    if request.param == "folder":
        return Folder(tmp_path)
    return storage._bucket(tuple(sorted(told.items())))


@pytest.fixture
def bucket(told) -> Any:
    return storage._bucket(tuple(sorted(told.items())))


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def put(store: Any, name: str, data: bytes = DATA, **more: Any) -> None:
    store.put(name, io.BytesIO(data), sha256=digest(data), size=len(data), **more)


def read(store: Any, name: str) -> bytes:
    with store.open(name) as file:
        return bytes(file.read())


def test_what_is_put_is_there_and_never_becomes_something_else(store, tmp_path):
    put(store, "evidence/aa/one")
    put(store, "evidence/aa/one")  # the same again changes nothing
    assert read(store, "evidence/aa/one") == DATA and store.start("evidence/aa/one", 9) == DATA[:9]
    assert store.size("evidence/aa/one") == len(DATA)
    with pytest.raises(Differs):
        put(store, "evidence/aa/one", DATA + b"!")
    with pytest.raises(Differs):
        put(store, "evidence/aa/one", DATA[:-1] + b"!")  # as long
    assert read(store, "evidence/aa/one") == DATA
    put(store, "evidence/aa/empty", b"")
    assert read(store, "evidence/aa/empty") == b"" and store.size("evidence/aa/empty") == 0

    path = tmp_path / "taken"
    path.write_bytes(b"taken")
    store.take(path, "envelopes/bb/taken", sha256=digest(b"taken"), size=5)
    assert read(store, "envelopes/bb/taken") == b"taken"

    store.copy("evidence/aa/one", "opened/aa/copy", sha256=digest(DATA))
    store.copy("evidence/aa/one", "opened/aa/copy", sha256=digest(DATA))
    with pytest.raises(Differs):
        store.copy("evidence/aa/one", "opened/aa/other", sha256=digest(b"other"))
    assert read(store, "opened/aa/copy") == DATA and store.size("opened/aa/other") is None
    store.confirm("opened/aa/copy", digest(DATA))
    with pytest.raises(Differs):
        store.confirm("opened/aa/copy", digest(b"other"))

    assert [each.name for each in store.listed("evidence/aa/")] == ["evidence/aa/empty", "evidence/aa/one"]
    assert [each.name for each in store.listed("opened/")] == ["opened/aa/copy"]
    assert [(each.name, each.size) for each in store.listed("evidence/aa/o")] == [("evidence/aa/one", len(DATA))]
    assert list(store.listed("nothing/")) == []
    assert store.why_not_ready() == ""


def test_what_is_not_there_and_what_is_deleted(store):
    for asked in (store.open, store.size, lambda name: store.start(name, 5), lambda name: store.confirm(name, "00")):
        if asked == store.size:
            assert asked("evidence/cc/none") is None
        else:
            with pytest.raises(FileNotFoundError):
                asked("evidence/cc/none")
    with pytest.raises(FileNotFoundError):
        store.copy("evidence/cc/none", "evidence/cc/copy", sha256=digest(DATA))
    store.forget("evidence/cc/none")
    put(store, "evidence/cc/one")
    put(store, "evidence/cc/one-more")
    store.forget("evidence/cc/one")
    assert store.size("evidence/cc/one") is None and store.size("evidence/cc/one-more") == len(DATA)
    put(store, "evidence/cc/one", b"another life")
    assert read(store, "evidence/cc/one") == b"another life"


def test_a_damaged_one_is_put_right(store):
    put(store, "evidence/dd/damaged", b"wrong")
    put(store, "evidence/dd/damaged", b"right", again=True)
    assert read(store, "evidence/dd/damaged") == b"right"


def test_many_at_once_put_one(store):
    wrong: list[BaseException] = []

    def one(data: bytes) -> None:
        try:
            put(store, "evidence/ee/rush", data)
        except Differs as differs:
            wrong.append(differs)

    rush = [threading.Thread(target=one, args=(data,)) for data in [DATA] * 6 + [b"other"] * 6]
    for thread in rush:
        thread.start()
    for thread in rush:
        thread.join()
    assert read(store, "evidence/ee/rush") in (DATA, b"other") and len(wrong) == 6


def test_what_is_final_is_locked_in_the_bucket(bucket):
    for name in ("envelopes/ff/one", "blobs/ff/one", "issued/ff/one"):
        put(bucket, name)
        with pytest.raises(Locked):
            bucket.forget(name)
        assert read(bucket, name) == DATA
    put(bucket, "envelopes/ff/one", b"put right", again=True)
    kept = bucket.client.list_object_versions(Bucket=bucket.name, Prefix="envelopes/ff/one")["Versions"]
    assert len(kept) == 2 and all("VersionId" in each for each in kept)  # what was there before is there still


def test_parts_become_one_file_by_their_versions_alone(bucket):
    parts = [bytes([number]) * (5 * 2**20) for number in (1, 2)] + [b"end"]
    names = [f"incoming/parts/{number}" for number in (1, 2, 3)]
    found = []
    for name, data in zip(names, parts, strict=True):
        put(bucket, name, data)
        pieces, version = bucket.pieces(name)
        found.append((name, version, sum(len(piece) for piece in pieces)))
    put(bucket, names[2], b"END", again=True)  # after it was read
    bucket.compose("envelopes/99/whole", found)
    assert read(bucket, "envelopes/99/whole") == b"".join(parts)
    bucket.confirm("envelopes/99/whole", digest(b"".join(parts)))
    with pytest.raises(Locked):
        bucket.forget("envelopes/99/whole")


def test_what_the_operators_are_told_of_a_bucket(bucket, told):
    # The stand-in takes bytes that are not what their checksum says; a real storage does not. All else holds.
    assert list(bucket.faults()) == ["it takes bytes that are not what their checksum says"]
    assert list(bucket.listed("incoming/check")) == []
    none = storage._bucket(tuple(sorted({**told, "bucket": "nobodys"}.items())))
    assert len(list(none.faults())) == 1 and none.why_not_ready()
    bucket.client.create_bucket(Bucket="plain", CreateBucketConfiguration={"LocationConstraint": "cn-north-1"})
    plain = storage._bucket(tuple(sorted({**told, "bucket": "plain"}.items())))
    assert set(plain.faults()) == {
        "the bucket keeps no versions", "the bucket has no Object Lock",
        "it takes bytes that are not what their checksum says",
    }  # fmt: skip


def test_a_storage_that_is_down_says_so_within_a_bound(told):
    port = stores.engines.free_port()
    down = storage._bucket(tuple(sorted({**told, "endpoint": f"http://127.0.0.1:{port}"}.items())))
    with pytest.raises(Unavailable):
        put(down, "evidence/00/one")
    with pytest.raises(Unavailable):
        down.size("evidence/00/one")
    refused = storage._bucket(tuple(sorted({**told, "bucket": "nobodys"}.items())))
    with pytest.raises(Unavailable):
        put(refused, "evidence/00/one")  # a wrong setting is no bug either: nothing was done


def test_a_folder_moves_into_a_bucket_and_goes_on_where_it_broke_off(bucket, tmp_path):
    folder = Folder(tmp_path)
    named = {f"{kind}/{digest(data)[:2]}/{digest(data)}": data
             for kind, data in (("blobs", b"public"), ("envelopes", b"sealed"), ("evidence", b"shown"))}  # fmt: skip
    others = {"files/tender/0a1b": b"document", "open-data/2026-11/2026-11-01.jsonl.gz": b"packed"}
    for name, data in {**named, **others}.items():
        put(folder, name, data)
    (tmp_path / "keys").mkdir()
    (tmp_path / "keys" / "log").write_bytes(b"secret")
    going = moving.move(tmp_path, bucket)
    next(going)
    going.close()
    moved = list(moving.move(tmp_path, bucket))
    assert sorted(moved) == sorted({**named, **others})
    assert all(read(bucket, name) == data for name, data in {**named, **others}.items())
    with pytest.raises(ClientError):
        bucket.client.head_object(Bucket=bucket.name, Key="keys/log")

    (tmp_path / sorted(named)[0]).write_bytes(b"bent")
    with pytest.raises(Differs, match="damaged"):
        list(moving.move(tmp_path, bucket))


def test_who_has_no_bucket_loads_nothing_of_it():
    loaded = "import sys, django; django.setup(); import config.urls; print('boto3' in sys.modules)"
    assert run(["-c", loaded], {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings"}).strip() == "False"
