"""A full disk: whoever comes is told to come again (503), nobody sees an error of ours, and no bid is lost.

The limit of the system on the size of a file stands for the disk's end: writing fails in the same calls, and it takes
neither a disk nor root.
"""

import contextlib
import json
import resource
import sqlite3
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from accounts.models import Message
from bidding.submission.models import Bid, StoredEnvelope
from rulebook import clock
from tests import cast
from tests.cast import HETAO, HOUR, NOON, PROVIDER
from tests.config.test_pages import ask
from tests.make import accounts
from tests.make import bidding_offers as make
from tests.make.market import NUMBER

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.embedded]
API = f"/api/projects/{NUMBER}"
EARLY = NOON - HOUR
END = 8192  # bytes after which no file grows


@contextlib.contextmanager
def full_disk() -> Iterator[None]:
    """No file grows any more, whatever its kind."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (END, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_acts_and_uploads_on_a_full_disk_are_put_off_and_go_through_when_there_is_room(monkeypatch, client):
    monkeypatch.setattr(clock, "system", lambda: EARLY)
    clock.forget()
    accounts.user(PROVIDER, password="a-long-enough-password")
    tender = make.open_tender()
    kept = make.sealed_bid(tender, cast.RIVAL, price="1.00", at=EARLY)
    provider = accounts.client_of(PROVIDER)
    provider.raise_request_exception = client.raise_request_exception = False
    slots = provider.post(f"{API}/slots", "{}", content_type="application/json").json()
    subs, envelopes = [], {}
    for part, slot in slots.items():
        files = () if part in make.READ_OUT else [("甲.pdf", bytes(90_000))]
        sheet = {"price": "1.00", "delivery": "1 日", "small": False, "note": ""}
        envelopes[part], told = make.sealed(tender, HETAO, part, slot, sheet=sheet, files=files, at=EARLY)
        following = provider.get(f"{API}/my-bid").json()["next"][part]
        cmh = make.tenders.committee(tender, part).cmh
        fields = {"eid": told.eid, "slot": slot, "cmh": cmh, "env_sha256": told.env_sha256, "size": told.size}
        subs.append(make.said("sub/1", HETAO, {**fields, **following}, number=NUMBER, part=part, at=EARLY))
    signing_in = {"username": accounts.username_of(PROVIDER), "password": "a-long-enough-password"}

    other = envelopes["body"][:-1] + b"x"

    def put(data: bytes) -> Any:
        return provider.put(f"{API}/envelopes/body", data, content_type="application/octet-stream")

    def tried() -> dict[str, Any]:
        return {
            "envelope": put(other),
            "hand in": provider.post(f"{API}/bids", json.dumps({"subs": subs}), content_type="application/json"),
            "read messages": provider.post("/inbox/read/"),
            "sign in": client.post("/accounts/login/", signing_in),
            "readyz": client.get("/readyz"),
        }

    for part, data in envelopes.items():
        provider.put(f"{API}/envelopes/{part}", data, content_type="application/octet-stream")
    before = Bid.objects.count(), StoredEnvelope.objects.count(), Message.objects.count()
    with full_disk():
        answers = tried()

    statuses = {name: answer.status_code for name, answer in answers.items()}
    assert 500 not in statuses.values(), statuses
    assert {statuses[name] for name in ("envelope", "hand in", "sign in", "readyz")} == {503}, statuses
    assert answers["hand in"]["Retry-After"]
    assert before == (Bid.objects.count(), StoredEnvelope.objects.count(), Message.objects.count())

    again = tried()
    assert {again[name].status_code for name in ("envelope", "hand in")} == {200}
    assert again["sign in"].status_code == 302
    assert Bid.objects.filter(pk__in=[row.pk for row in kept]).count() == 2
    with contextlib.closing(sqlite3.connect(settings.DATABASES["default"]["NAME"])) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)


async def test_a_body_that_finds_no_room_on_its_way_in_is_put_off(settings):
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 1024
    with full_disk():
        status, headers, _ = await ask("/healthz", b"x" * 50_000)

    assert status == 503
    assert headers[b"Retry-After"] == b"5"


def test_a_stranger_reads_on_while_the_disk_is_full():
    Client().get("/notices/")
    with full_disk():
        assert Client().get("/notices/").status_code == 200
