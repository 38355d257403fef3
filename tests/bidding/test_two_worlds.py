"""Two worlds, one with 200 further bids: nobody outside can tell which of them he is in before the deadline.

A few more or fewer, and who they are, through every address and as everybody: `tests/hardening/test_secrecy.py`.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client

from accounts.models import IdentityKey, Organisation
from accounts.rules import Kind
from bidding.opening import views
from bidding.submission.models import Bid
from bidding.tender.models import Tender
from config.settings import ENV
from proofs import canonical
from rulebook import clock
from rulebook.actor import Actor, Role
from rulebook.credit_code import check_character
from tests import cast
from tests.cast import HOUR, MINUTE, NOON
from tests.config.declaring import rows
from tests.make import accounts
from tests.make import bidding_offers as make
from tests.make.ledger import sequenced
from tests.make.market import NUMBER

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(900)]  # 200 bids are really sealed
VIEWERS = {
    "stranger": None,
    "officer": cast.OFFICER,
    "rival": cast.PROVIDER,
    "fourth": cast.FOURTH,
    "holder": cast.HOLDER,
    "supervisor": cast.SUPERVISOR,
    "witness": cast.WITNESS,
    "expert": cast.EXPERT,
    "operator": cast.OPERATOR,
}
PATHS = (
    "/",
    "/notices/",
    "/statistics/",
    "/statistics/trade/",
    "/desk/",
    "/inbox/",
    f"/projects/{NUMBER}/",
    f"/projects/{NUMBER}/hall/",
    f"/projects/{NUMBER}/hall/fragment",
    f"/projects/{NUMBER}/hall/actions",
    f"/projects/{NUMBER}/bid/",
    f"/projects/{NUMBER}/log/",
    f"/projects/{NUMBER}/notice/print/",
    f"/projects/{NUMBER}/record.zip",
    f"/api/projects/{NUMBER}/my-bid",
    f"/api/projects/{NUMBER}/closing",
    f"/api/streams/project/{NUMBER}/entries",
    f"/ocds/projects/{NUMBER}/releases.json",
    f"/ocds/projects/{NUMBER}/record.json",
    f"/ocds/months/{NOON:%Y-%m}.json",
    "/log/checkpoint",
    "/log/tile/0/000",
    "/sealed/checkpoint",
    "/healthz",
)
# Whatever else there is of a purchase, by the tables that declare every address; asked by those whose office it is.
INSIDE = {
    "/" + path.replace("<str:number>", NUMBER).replace("<str:to>", "cancelled")
    for path, (reads, *_) in rows("pages").items()
    if "<str:number>" in path and reads != "-"
} | {
    "/api" + name.removeprefix("GET ").replace("{number}", NUMBER)
    for name in rows("operations")
    if name.startswith("GET") and "{number}" in name
}
INSIDE = {path for path in INSIDE - set(PATHS) if not set("<{") & set(path)}
INSIDERS = {"officer": cast.OFFICER, "supervisor": cast.SUPERVISOR, "auditor": cast.AUDITOR}
# What differs from one world to the next by chance alone: hashes, nonces, signatures, tokens. Their lengths count.
CHANCE = re.compile(rb"[A-Za-z0-9+/_=-]{22,}|\b[0-9a-f]{8,}\b")
# Drawn at random, and of any length: the slot a bidder was given (his envelope's header, and so its size, follow it),
# the place of his own entry in a padded batch.
DRAWN = re.compile(rb'<code title=.*?</code>|(slot|size|index) \d+|\\?"(slot|size|index)\\?": ?\d+', re.S)
UNTOLD = {"Date", "Set-Cookie", "Expires", "Last-Modified"}


def outsider(number: int) -> str:
    """A further bidder: an organisation with a pinned key, made without ceremony."""
    head = f"91152900MB{number:07d}"
    code = head + check_character(head)
    Organisation.objects.create(code=code, name=f"第{number}家公司", kind=Kind.PROVIDER)
    statement = accounts.key_statement(code)
    IdentityKey.objects.create(
        organisation_id=code, gen=1, key=statement["key"], statement=statement, registered_at=NOON - 30 * HOUR
    )
    return code


def world(further: int, *, first: int) -> Tender:
    """The same tender, with `first` bids of the cast and so many further ones."""
    tender = make.open_tender(slots=256)
    for bidder in make.BIDDERS[:first]:
        make.sealed_bid(tender, bidder, price="1000000.00", at=NOON - 3 * HOUR)
    for number in range(further):
        by = Actor("further", Role.PROVIDER, outsider(number), "投标")
        make.sealed_bid(tender, by, price=f"{900_000 + number}.00", files=(), at=NOON - 2 * HOUR)
    for minutes in (90, 60):
        sequenced(at=NOON - minutes * MINUTE)
    return tender


@pytest.fixture(autouse=True)
def batches_as_in_earnest(settings: Any) -> None:
    """A closing's batch has the size it has on a real site."""
    settings.CLOSING_BATCH = ENV.closing_batch


@contextmanager
def undone() -> Iterator[None]:
    """What is built inside is gone afterwards, and no cache remembers it."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
    views.forget()


def seen(at: Any, monkeypatch: pytest.MonkeyPatch) -> dict[tuple[str, str], tuple[Any, ...]]:
    """Every answer every viewer gets: status, headers, and the body with chance masked but its length kept."""
    clock.forget()
    monkeypatch.setattr(clock, "system", lambda: at)
    told = {}
    asked = [(name, actor, PATHS) for name, actor in VIEWERS.items()]
    if connection.vendor == "sqlite":  # these pages are alike on any engine
        asked += [(f"{name} inside", actor, tuple(sorted(INSIDE))) for name, actor in INSIDERS.items()]
    for name, actor, paths in asked:
        client = accounts.client_of(actor) if actor else Client()
        for path in paths:
            response = client.get(path)
            body = b"".join(response.streaming_content) if response.streaming else response.content
            headers = {key: value for key, value in response.headers.items() if key not in UNTOLD}
            headers = {key: CHANCE.sub(b"*", value.encode()) for key, value in headers.items()}
            headers["Content-Length"] = headers["ETag"] = b""  # follow the body, whose masked length is compared
            if path.endswith(".zip"):
                body = b""  # packed: its length follows the chance inside; its entries are compared as a stream
            masked = CHANCE.sub(lambda match: b"*" * len(match[0]), DRAWN.sub(b"", body))
            told[name, path] = (response.status_code, headers, len(masked), masked)
    return told


def test_before_the_deadline_nobody_can_tell_one_bid_from_two_hundred_and_one(monkeypatch):
    accounts.world()

    answers = []
    for further in (0, 200 if connection.vendor == "sqlite" else 20):  # another order of rows shows with twenty as well
        with undone():
            world(further, first=1)
            assert Bid.objects.count() == 2 * (1 + further)
            answers.append(seen(NOON - MINUTE, monkeypatch))
    assert [where for where in answers[0] if answers[0][where] != answers[1][where]] == []


def test_a_bidders_answers_are_as_long_whoever_else_bids():
    tender = make.open_tender()
    alone = make.sealed_bid(tender, cast.PROVIDER)
    for bidder in make.BIDDERS[1:]:
        make.sealed_bid(tender, bidder)
    again = make.sealed_bid(tender, cast.PROVIDER)

    def shape(row: Bid) -> Any:
        said = canonical.parse(row.entry.event.encode())["d"]
        return {key: type(value).__name__ for key, value in said.items() if key != "replaces"}

    assert [shape(row) for row in alone] == [shape(row) for row in again]
