"""Nobody reads a bid early: what is inside an envelope is nowhere on the server before it is released."""

import tempfile
from pathlib import Path

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from redis import Redis

from bidding.opening import services
from bidding.submission.models import Bid
from ledger import lines
from ledger.models import Entry, Log
from proofs import verdict
from tests import cast
from tests.cast import MINUTE, NOON
from tests.make import accounts
from tests.make import bidding_offers as make
from tests.make.market import NUMBER

pytestmark = pytest.mark.django_db(transaction=True)
PRICE = "7654321.98"
SECRET = "独门技术路线甲乙丙丁"
SUPERSEDED = "6543219.87"  # another: what one test has opened stays in the run's data folder


@pytest.fixture(autouse=True)
def temp(monkeypatch, tmp_path):
    """What passes through a temporary file, however small, passes through one that is looked at."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(verdict, "_IN_MEMORY", 1)


def frames() -> list[bytes]:
    """What sockets say of every public entry, and pages show of it."""
    return [lines.frame(entry).encode() for entry in Entry.objects.filter(log=Log.PUBLIC)]


def remembered() -> list[bytes]:
    """What the cache holds, in this process or in Redis."""
    if not settings.REDIS_URL:
        return [bytes(value) for value in cache._cache.values()]
    with Redis.from_url(settings.CACHES["default"]["LOCATION"]) as redis:
        return [redis.get(key) or b"" for key in redis.scan_iter() if redis.type(key) == b"string"]


def everything() -> bytes:
    """Every byte the server holds or says: each table, the database's files with their journal, all stored files and
    temporary ones, the cache, the sockets' frames."""
    held = [*frames(), *remembered()]
    held += [path.read_bytes() for path in Path(tempfile.gettempdir()).rglob("*") if path.is_file()]
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            for row in cursor.fetchall():
                held += [bytes(one) if isinstance(one, bytes | memoryview) else str(one).encode() for one in row]
    held += [
        path.read_bytes() for path in Path(settings.DATA).rglob("*") if path.is_file() and "keys" not in path.parts
    ]
    return b"\n".join(held)


def found(*texts: str) -> list[bytes]:
    held = everything()
    marks = [text.encode(code) for text in texts for code in ("utf-8", "utf-16-le", "gb18030")]
    return [mark for mark in marks if mark in held]


def test_a_marked_bid_is_nowhere_readable_until_its_own_bidder_and_the_holders_have_released_it(caplog):
    tender = make.open_tender()
    files = [("技术方案.txt", SECRET.encode())]
    make.sealed_bid(tender, cast.PROVIDER, price=PRICE, files=files)
    for bidder in make.BIDDERS[1:3]:
        make.sealed_bid(tender, bidder, price="1.00")
    bid = Bid.objects.get(organisation=cast.HETAO, part="sheet")

    assert found(PRICE, SECRET) == []
    make.closed(tender)
    assert found(PRICE, SECRET) == []
    services.open_hall(project_number=NUMBER, by=cast.OFFICER, at=NOON + MINUTE)
    assert found(PRICE, SECRET) == []
    make.halves_released(tender)
    assert found(PRICE, SECRET) == []
    make.keys_released(tender, make.HOLDERS[:1])
    assert found(PRICE, SECRET) == []

    make.keys_released(tender, make.HOLDERS[:2])
    assert PRICE.encode() in found(PRICE, SECRET)  # the search has teeth: what was read out is found
    assert SECRET.encode() in found(PRICE, SECRET)  # the panel's file, on the server since it was opened
    assert PRICE not in caplog.text and SECRET not in caplog.text
    told = b"".join(frames())
    assert PRICE.encode() in told and SECRET.encode() not in told  # read out to all; the panel's alone
    assert accounts.signer(cast.HETAO).seed not in everything()
    assert bid.env_sha256


def test_a_withdrawn_and_a_replaced_bid_stay_unreadable_for_good():
    tender = make.open_tender()
    make.sealed_bid(tender, cast.PROVIDER, price=SUPERSEDED)
    make.sealed_bid(tender, cast.PROVIDER, price="1000000.00")
    make.sealed_bid(tender, cast.FOURTH, price=SUPERSEDED)
    make.withdrawn(tender, cast.FOURTH)
    for bidder in make.BIDDERS[1:3]:
        make.sealed_bid(tender, bidder, price="1.00")
    make.closed(tender)
    services.open_hall(project_number=NUMBER, by=cast.OFFICER, at=NOON + MINUTE)
    make.halves_released(tender)
    make.keys_released(tender)

    assert b"1000000.00" in everything()
    assert found(SUPERSEDED) == []
