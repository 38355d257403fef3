"""Envelopes whose row was never written are swept; what a row names, and what may still get one, is not."""

import hashlib
import io
import os
from datetime import timedelta

import pytest
from django.core.management import call_command

from bidding.submission import envelopes
from bidding.submission.models import StoredEnvelope
from ledger import storage
from rulebook import clock
from tests.ledger.storage import stores
from tests.make import bidding_offers as make

pytestmark = pytest.mark.django_db
WEEK = timedelta(days=7)


@pytest.fixture(autouse=True)
def before_noon() -> None:
    """The storage's clock is the other here: this process shares its time."""


def lying(text: bytes) -> str:
    sha256 = hashlib.sha256(text).hexdigest()
    storage.store().put(envelopes.stored_as(sha256), io.BytesIO(text), sha256=sha256, size=len(text))
    return sha256


def swept() -> str:
    said = io.StringIO()
    call_command("sweep_envelopes", stdout=said)
    return said.getvalue()


def test_only_what_no_row_names_after_a_week_goes(settings, tmp_path, monkeypatch):
    settings.DATA = tmp_path
    make.sealed_bid(make.open_tender())
    named = set(StoredEnvelope.objects.values_list("sha256", flat=True))
    old, fresh = lying(b"broke off"), lying(b"on its way")
    long_ago = (clock.now() - WEEK - timedelta(hours=1)).timestamp()
    for sha256 in {old, *named}:
        os.utime(tmp_path / envelopes.stored_as(sha256), (long_ago, long_ago))

    assert swept() == "1 deleted, 0 kept by the storage until their time is over\n"
    assert swept().startswith("0 deleted")

    there = {each.name.rpartition("/")[2] for each in storage.store().listed("envelopes/")}
    assert there == {*named, fresh} and named


def test_what_the_bucket_locks_is_reported_and_waits(settings, monkeypatch):
    with stores.bucket() as told:
        settings.S3 = told
        sha256 = lying(b"broke off")
        monkeypatch.setattr(clock, "now", lambda: clock.system() + WEEK + timedelta(hours=1))

        assert swept() == "0 deleted, 1 kept by the storage until their time is over\n"
        assert storage.store().size(envelopes.stored_as(sha256)) == len(b"broke off")
