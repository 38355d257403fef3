"""Scenario 7: responses without prices, a negotiation, last quotes sealed in rounds and hidden until all are in."""

import json
from datetime import timedelta
from decimal import Decimal

import pytest

from bidding.evaluation.rules import Step
from ledger.models import Entry
from market.awards import queries as awards
from market.awards import services as awarding
from portal.record import queries as records
from proofs import record
from tests import cast
from tests.cast import HETAO, WULIANG, YINSHAN
from tests.make import evaluation as judging
from tests.make import negotiation as make
from tests.make.ledger import sequenced

pytestmark = pytest.mark.django_db


def told(kind: str) -> list[dict]:
    return [json.loads(entry.event)["d"] for entry in Entry.objects.filter(kind=kind).order_by("seq")]


def verified(row, *, at) -> record.Verified:
    sequenced(at=at)
    found = record.verify(records.record_of(row.project.number))
    assert [(check.name, check.text) for check in found.checks if check.holds is False] == []
    return found


def test_a_service_is_bought_by_consultation_from_responses_to_the_award_and_a_stranger_verifies_it():
    row = make.talking()
    assert Step(row.step) is Step.TALKS
    assert all(one["sheet"] is None for one in told("opening.verdict"))

    at = make.final(row)

    assert Step(row.step) is Step.SCORES
    assert [one["sheet"]["price"] for one in told("opening.verdict") if one["part"] == "price"] == [
        make.QUOTES[org] for org in sorted(make.QUOTES)
    ]
    judging.locked(row, at=at)
    judging.signed(row, at=at)
    assert Step(row.step) is Step.DONE
    ranked = awards.proposal(row.project).ranked
    assert [(bid.org, bid.quote) for bid in ranked] == [
        (YINSHAN, Decimal("440000.00")), (HETAO, Decimal("450000.00")), (WULIANG, Decimal("460000.00")),
    ]  # fmt: skip
    awarding.determine(number=row.project.number, org=YINSHAN, by=cast.OFFICER, at=at + timedelta(hours=1))

    found = {check.name: check for check in verified(row, at=at + timedelta(hours=2)).checks}
    assert "3、3 份密封件" in found["closing"].text and "6 份密封件" in found["sealed"].text
    assert found["report"].holds and found["award"].holds
