"""The record of a procurement in two envelopes, really played by its services: a stranger verifies it alone."""

import pytest

from bidding.evaluation.tasks import rank_prices
from market.awards import queries as awards
from portal.record import queries
from proofs import record
from proofs.record import archive
from tests import cast
from tests.cast import HETAO, HOUR, LANGSHAN, YINSHAN
from tests.make import bidding_offers as offers
from tests.make import evaluation as make
from tests.make import experts
from tests.make.ledger import sequenced
from tests.portal.record.test_record import announce, bids_until_closing, checked, end, open_hall, read_out

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]  # a record is the same files on either engine


def test_the_record_holds_at_each_step_and_without_the_price_of_who_failed():
    tender = offers.open_tender(envelopes="two")
    announce(tender)
    bids_until_closing(tender, 4)
    open_hall(tender)
    read_out(tender, offers.BIDDERS)
    end(tender, offers.BIDDERS)
    number, project = tender.project.number, tender.project
    start = tender.closes_at + 3 * HOUR
    sequenced(at=start)
    assert set(checked(number).values()) == {True, None}

    found = make.findings(project)
    evaluation = make.services.qualify(project_number=number, findings=found, by=cast.OFFICER, at=start)
    experts.seated(make.convened(evaluation, at=start), at=start, played=True)
    make.reviewed(make.declared(evaluation, at=start), {LANGSHAN: "requirements"}, at=start)
    make.locked(evaluation, at=start)
    sequenced(at=start)
    assert set(checked(number).values()) == {True, None}

    offers.next_session(tender, at=start + HOUR)
    rank_prices(by=cast.SYSTEM, at=start + HOUR)
    evaluation.refresh_from_db()
    make.signed(evaluation, at=start + HOUR)
    project.refresh_from_db()
    assert [each.org for each in awards.proposal(project).ranked][:2] == [YINSHAN, HETAO]
    make.awarded(number, YINSHAN, at=start + HOUR)
    sequenced(at=start + 2 * HOUR)

    assert checked(number) == dict.fromkeys(record.CHECKS, True) | {"witnesses": None}
    told = archive.read(queries.record_of(number))
    shut = tender.bids.get(organisation=LANGSHAN, part="price")
    assert shut.env_sha256 not in told.blobs and shut.eid not in {row["eid"] for row in told.releases}
