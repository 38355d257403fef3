"""The public record of an auction as the house keeps it: a stranger makes the choice again."""

import pytest

from bidding.auction import queries, tasks
from market.awards import tasks as awarding
from market.projects.models import Project
from portal.record.queries import record_of
from proofs.record import verify
from rulebook.actor import SYSTEM
from tests import cast
from tests.make import accounts, auctions, choices, purchases
from tests.make.ledger import sequenced

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]


def test_the_record_of_an_auction_is_checked_by_anyone():
    accounts.world()
    accounts.keys()
    row = purchases.published(
        edition="zjcs-auction", at=cast.NOON - 20 * cast.DAY, closes_at=choices.CLOSES, selects_at=choices.SELECTS,
        auction=auctions.TERMS, price_cap="100000.00",
    )  # fmt: skip
    firms = choices.FIRMS[:3]
    for serial, firm in enumerate(firms, start=1):
        purchases.able(firm, serial=serial, at=cast.NOON - 2 * cast.DAY)
    choices.closed(Project.objects.get(pk=row.project_id), *firms)
    number = row.project.number
    tasks.call_auctions(by=SYSTEM, at=choices.CLOSES + 2 * cast.MINUTE)
    begins = queries.auction(number).opens_at
    for n, (firm, price) in enumerate(zip(firms, ("90000.00", "85000.00", "80000.00"), strict=True)):
        auctions.quoted(firm, price, begins + n * cast.MINUTE, number=number)
    auctions.ended(number=number)
    at = begins + cast.HOUR
    sequenced(at=at)
    before = {check.name: check for check in verify(record_of(number)).checks}
    assert before["report"].holds is None and "3 次报价逐次重放相符" in before["report"].text
    for _ in range(3):
        at += 5 * cast.DAY
        awarding.deem_determined(by=SYSTEM, at=at)
        awarding.announce_determined(by=SYSTEM, at=at)
    sequenced(at=at)

    checks = {check.name: check for check in verify(record_of(number)).checks}
    assert [check.line() for check in checks.values() if check.holds is False] == []
    assert checks["report"].holds and "3 次报价逐次重放" in checks["report"].text
    assert checks["award"].holds is True
