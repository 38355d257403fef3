"""Two at once: one effect, and everybody gets an answer that is true."""

from collections.abc import Callable
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connections

from bidding.opening import hearing, services
from bidding.opening.models import Opening, OpeningUnit, Release
from bidding.submission import services as submission
from bidding.submission import uploads
from bidding.submission.models import Bid, Closing, Upload
from bidding.submission.tasks import close_bidding
from ledger.models import Entry
from rulebook.refusal import Refused
from tests import cast
from tests.cast import HOUR, MINUTE, NOON, OFFICER, PROVIDER, SYSTEM
from tests.make import bidding_offers as make
from tests.make.market import NUMBER

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """What each act returned, or the Refused it raised, when all started at the same moment."""
    barrier, outcomes = Barrier(len(acts)), [None] * len(acts)

    def run(place: int, act: Callable[[], Any]) -> None:
        barrier.wait()
        try:
            outcomes[place] = act()
        except Refused as refused:
            outcomes[place] = refused
        finally:
            connections.close_all()

    threads = [Thread(target=run, args=(place, act)) for place, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert all(outcome is not None for outcome in outcomes), outcomes
    return outcomes


def test_two_officers_opening_at_once_open_one_hall():
    make.closed_tender()

    def opens(by):
        return lambda: services.open_hall(project_number=NUMBER, by=by, at=NOON + MINUTE)

    outcomes = at_once(opens(OFFICER), opens(cast.APPROVER), opens(OFFICER))

    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Opening", "Refused", "Refused"]
    assert {o.reasons[0].code for o in outcomes if isinstance(o, Refused)} == {"hall.already-open"}
    assert Opening.objects.count() == 1
    assert OpeningUnit.objects.count() == 6
    assert Entry.objects.filter(kind="opening.hall-opened").count() == 1


def test_the_same_bid_sent_many_times_at_once_is_one_bid_with_one_receipt():
    tender = make.open_tender()
    subs = make.prepared(tender, PROVIDER, price="1.00", at=NOON - HOUR)

    def submits():
        rows = submission.submit(project_number=NUMBER, subs=subs, by=PROVIDER, at=NOON - HOUR)
        return [row.receipt for row in rows]

    outcomes = at_once(*[submits] * 8)

    assert all(outcome == outcomes[0] for outcome in outcomes)
    assert Bid.objects.count() == 2
    assert Entry.objects.filter(kind="bidding.bid-sealed").count() == 2


def test_an_upload_begun_many_times_at_once_is_begun_once():
    make.open_tender()
    told = {"project_number": NUMBER, "part": "body", "by": PROVIDER, "at": NOON - HOUR}

    outcomes = at_once(*[lambda: uploads.begin(sha256="ab" * 32, length=90_000, **told)] * 8)

    assert len({row.key for row in outcomes}) == Upload.objects.count() == 1


def test_two_versions_at_once_are_one_accepted_and_one_told_why_not():
    tender = make.open_tender()
    first = make.prepared(tender, PROVIDER, price="1.00", at=NOON - HOUR)
    second = make.prepared(tender, PROVIDER, price="2.00", at=NOON - HOUR)

    outcomes = at_once(
        lambda: submission.submit(project_number=NUMBER, subs=first, by=PROVIDER, at=NOON - HOUR),
        lambda: submission.submit(project_number=NUMBER, subs=second, by=PROVIDER, at=NOON - HOUR),
    )

    assert sum(isinstance(outcome, Refused) for outcome in outcomes) == 1
    assert sorted(Bid.objects.values_list("part", "version")) == [("body", 1), ("sheet", 1)]


def test_a_bid_and_the_closing_at_once_agree_on_whether_it_counts():
    tender = make.open_tender()
    subs = make.prepared(tender, PROVIDER, price="1.00", at=NOON - HOUR)
    drained = NOON + MINUTE

    outcome, _ = at_once(
        lambda: submission.submit(project_number=NUMBER, subs=subs, by=PROVIDER, at=NOON - MINUTE),
        lambda: close_bidding(by=SYSTEM, at=drained) or True,
    )

    listed = Closing.objects.get().listing
    accepted = not isinstance(outcome, Refused)
    assert accepted == Bid.objects.exists()
    assert all((row.eid in listed) == accepted for row in Bid.objects.all())


def test_all_bidders_releasing_at_once_end_the_turn_once():
    tender = make.open_hall()
    at = NOON + 2 * MINUTE
    halves = [make.half(tender, code, part, at=at) for code in (cast.HETAO, cast.YINSHAN, cast.WULIANG)
              for part in ("sheet", "body")]  # fmt: skip

    def releases(one):
        return lambda: hearing.hear(project_number=NUMBER, statement=one, at=at)

    at_once(*map(releases, halves))

    assert Release.objects.count() == 6
    assert Entry.objects.filter(kind="opening.bidders-done").count() == 1
