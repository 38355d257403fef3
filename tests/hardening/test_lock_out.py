"""Nobody keeps a rival from bidding by guessing at his account: a thousand tries in the last hour, and he hands in.

`LOCK_OUT=1000` is the long form (`make harden`).
"""

import json
import os
from collections import Counter

import pytest
from django.test import Client

from accounts.rules import TRIES
from bidding.submission.models import Bid
from rulebook import clock
from tests import cast
from tests.make import accounts, factors
from tests.make import bidding_offers as make
from tests.make.market import NUMBER

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]
GUESSES = int(os.environ.get("LOCK_OUT", "120"))
SOURCES = [f"198.51.100.{n}" for n in (1, 2, 3)]


@pytest.fixture(autouse=True)
def an_hour_before(monkeypatch: pytest.MonkeyPatch) -> None:
    clock.forget()
    monkeypatch.setattr(clock, "system", lambda: cast.NOON - cast.HOUR)


def test_whoever_is_guessed_at_signs_in_with_his_second_factor_and_his_bid_is_taken() -> None:
    tender = make.open_tender()
    factors.authenticator(cast.PROVIDER)
    open_already = accounts.client_of(cast.PROVIDER)
    wrong = {"username": accounts.username_of(cast.PROVIDER), "password": "guessed"}
    told = Counter(
        (source, Client().post("/accounts/login/", wrong, REMOTE_ADDR=source).status_code)
        for _ in range(GUESSES // len(SOURCES)) for source in SOURCES
    )  # fmt: skip
    # So many guesses are looked at in a quarter of an hour, a hundred in an hour, from one source; the others are not.
    assert {told[source, 200] for source in SOURCES} == {TRIES} and 4 * TRIES <= 100
    assert {told[source, 409] for source in SOURCES} == {GUESSES // len(SOURCES) - TRIES}

    his, line = Client(), {"REMOTE_ADDR": "203.0.113.9"}
    assert factors.sign_in(cast.PROVIDER, client=his, source=line["REMOTE_ADDR"]).url == "/accounts/second/"
    shown = {"_proof_code": factors.code(cast.NOON - cast.HOUR)}
    assert his.post("/accounts/second/", shown, **line).url == "/desk/"
    subs = make.prepared(tender, cast.PROVIDER, price="1000000.00", at=cast.NOON - cast.HOUR)
    for client, source in ((his, line["REMOTE_ADDR"]), (open_already, SOURCES[0])):  # and in a session that was open
        answer = client.post(
            f"/api/projects/{NUMBER}/bids", json.dumps({"subs": subs}), content_type="application/json",
            REMOTE_ADDR=source,
        )  # fmt: skip
        assert answer.status_code == 200, answer.content
    assert Bid.objects.filter(organisation=cast.HETAO).count() == len(subs)
