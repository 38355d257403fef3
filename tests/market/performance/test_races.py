"""Two at once under a contract: one effect, and the other is told why."""

from decimal import Decimal

import pytest

from intermediaries.ratings.models import Rating
from ledger.models import Entry
from market.performance import money, queries, services
from market.performance.models import Inspection
from rulebook.calendar import day_in_china
from rulebook.refusal import Refused
from tests import cast
from tests.bidding.test_races import at_once
from tests.make import performance as make

pytestmark = pytest.mark.django_db(transaction=True)
NUMBER = make.market.NUMBER


def codes(outcomes):
    return sorted(each.reasons[0].code for each in outcomes if isinstance(each, Refused))


def test_two_officers_accept_pay_and_rate_at_once():
    made = make.agreed(days=(10,), amounts=("1000000",))
    make.handed(made, 1, at=cast.NOON)

    def accepts(by):
        return lambda: services.inspect(number=NUMBER, milestone=1, accepted=True, by=by, at=cast.NOON)

    def pays(by):
        on = day_in_china(cast.NOON)
        return lambda: money.record_payment(number=NUMBER, amount=Decimal("600000"), paid_on=on, by=by, at=cast.NOON)

    def rates(by):
        return lambda: make.rated(by=by) or True

    assert codes(at_once(accepts(cast.OFFICER), accepts(cast.APPROVER))) == ["project.stage-not-now"]
    assert Inspection.objects.count() == 1 and Entry.objects.filter(kind="performance.completed").count() == 1
    assert codes(at_once(pays(cast.OFFICER), pays(cast.APPROVER))) == ["performance.above-contract"]
    assert queries.paid(made) == Decimal("600000")
    assert codes(at_once(rates(cast.OFFICER), rates(cast.APPROVER), rates(cast.PROVIDER))) == ["ratings.done"]
    assert Rating.objects.count() == 2 and Entry.objects.filter(kind="ratings.shown").count() == 1
