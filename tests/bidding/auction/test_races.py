"""Many quotes at the same moment: one order, each a step better, none twice, and everybody gets a true answer."""

from uuid import uuid4

import pytest

from bidding.auction import queries, services
from bidding.auction.models import Auction, Quote
from proofs.auction import replay
from rulebook.refusal import Refused
from tests import cast
from tests.bidding.test_races import at_once
from tests.cells import cell
from tests.make import auctions
from tests.make.auctions import BEGINS, BIDDERS, NUMBER, quoted

pytestmark = pytest.mark.django_db(transaction=True)


@cell("auction", "tied", "simultaneous")
def test_of_quotes_at_the_same_price_one_counts_and_of_one_sent_often_there_is_one():
    auctions.auction()
    number, lost = uuid4(), uuid4()

    same_price = at_once(*[lambda who=who: quoted(who, "99000") for who in BIDDERS])
    same_quote = at_once(*[lambda: quoted(cast.RIVAL, "98000", quote=number) for _ in range(4)])

    too_high = at_once(*[lambda: quoted(cast.THIRD, "99999", quote=lost) for _ in range(4)])

    assert sum(not isinstance(outcome, Refused) for outcome in same_price) == 1
    assert {outcome.reasons[0].code for outcome in too_high} == {"auction.not-better"}
    assert Quote.objects.filter(quote=lost).count() == 1
    assert {outcome.number for outcome in same_quote} == {2}
    assert Quote.objects.filter(number__isnull=False).count() == 2


def test_quotes_pauses_and_resumptions_at_once_leave_a_true_ladder():
    auctions.auction()
    offers = zip(BIDDERS * 2, range(99_000, 60_000, -700), strict=False)
    quotes = [lambda who=who, price=price: quoted(who, str(price)) for who, price in offers]
    acts = {"project_number": NUMBER, "by": cast.OFFICER, "at": BEGINS}

    at_once(*quotes, lambda: services.pause(reason="断网", **acts), lambda: services.resume(**acts))

    made = Auction.objects.get()
    ladder = replay(NUMBER, queries.entries(queries.auction(NUMBER)))
    assert ladder.state == made.state
    numbers = Quote.objects.filter(number__isnull=False).values_list("number", flat=True)
    assert sorted(numbers) == list(range(1, made.number + 1))
