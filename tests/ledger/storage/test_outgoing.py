"""Files written with an act: they go with its commit, and never where the act did not."""

import hashlib
import io

import pytest
from django.db import transaction

from ledger import blobs, storage
from ledger.models import Outgoing
from ledger.services import publish_blob, publish_copy
from ledger.storage import outgoing
from ledger.tasks import carry_files
from rulebook.actor import SYSTEM
from tests.cast import NOON
from tests.ledger.storage import stores

pytestmark = pytest.mark.django_db(transaction=True)
LARGE = bytes(range(256)) * 10_000  # more than two rows' worth


@pytest.fixture(scope="module")
def told():
    with stores.bucket() as told:
        yield told


@pytest.fixture
def house(told, settings, tmp_path):
    settings.S3, settings.DATA = told, tmp_path


def lies(data: bytes) -> bool:
    return storage.store().size(blobs.name_of(hashlib.sha256(data).hexdigest())) == len(data)


def test_a_file_goes_with_the_commit_of_its_act_and_an_act_undone_leaves_nothing(house):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        publish_blob(b"undone")
        raise ZeroDivisionError
    assert not lies(b"undone") and not Outgoing.objects.exists()

    with transaction.atomic():
        sha256 = publish_blob(LARGE)
        assert publish_blob(LARGE) == sha256  # once more in the same act
        assert not lies(LARGE) and blobs.read(sha256) == LARGE  # who looks before the commit finds it all the same
        assert Outgoing.objects.count() == 3
    assert lies(LARGE) and not Outgoing.objects.exists()
    assert publish_blob(b"no act") and lies(b"no act")


def test_a_storage_that_is_down_holds_up_no_act_and_gets_everything_later(house, told, settings):
    name = "files/tender/0a"
    blobs.keep_as(name, io.BytesIO(b"kept before"))
    settings.S3 = {**told, "endpoint": f"http://127.0.0.1:{stores.engines.free_port()}"}
    with pytest.raises(storage.Unavailable):
        publish_blob(b"outside of an act")
    with transaction.atomic():
        sha256 = publish_blob(LARGE[1:])
        copied = hashlib.sha256(b"kept before").hexdigest()
        publish_copy(name, sha256=copied, size=11)
    assert outgoing.names() == [blobs.name_of(sha256), blobs.name_of(copied)]

    settings.S3 = told
    assert blobs.read(sha256) == LARGE[1:] and blobs.read(copied) == b"kept before"
    carry_files(by=SYSTEM, at=NOON)
    carry_files(by=SYSTEM, at=NOON)
    assert lies(LARGE[1:]) and lies(b"kept before") and not Outgoing.objects.exists()
    assert blobs.read(sha256) == LARGE[1:]


def test_bytes_that_changed_are_never_handed_out_to_their_end(house):
    sha256 = publish_blob(LARGE[2:])  # one bucket for all tests, in whatever order
    storage.store().put(
        blobs.name_of(sha256), io.BytesIO(b"x"), sha256=hashlib.sha256(b"x").hexdigest(), size=1, again=True
    )
    with pytest.raises(storage.Differs):
        blobs.read(sha256)
    bent = LARGE[:-1] + b"!"
    storage.store().put(
        blobs.name_of(sha256), io.BytesIO(bent), sha256=hashlib.sha256(bent).hexdigest(), size=len(bent), again=True
    )
    come = b""
    with pytest.raises(storage.Differs), blobs.open_blob(sha256) as file:
        while piece := file.read(4096):
            come += piece
    assert len(come) < len(LARGE)
