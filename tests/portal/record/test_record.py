"""The public record of a procurement that was really played: a stranger verifies it with the public tool alone."""

from collections.abc import Callable, Sequence

import pytest
from django.db import transaction

from accounts.events import KEYS, KeyRegistered
from accounts.models import IdentityKey
from bidding.opening import services
from bidding.opening.models import Opening
from bidding.tender.events import SlotsPosted, Terms
from bidding.tender.models import CommitteeMember, Tender
from ledger.models import Entry
from ledger.services import record as log
from market.agency.services import name_agent
from market.notices.events import NoticePublished
from portal.record import queries
from proofs import record
from proofs.record import archive
from rulebook.actor import Actor
from tests import cast
from tests.cast import HOUR, MINUTE
from tests.make import accounts, agency, market
from tests.make import bidding_offers as make
from tests.make.ledger import sequenced

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]

STAGES = ("published", "closed", "opened", "read out", "ended")


def played(
    until: str = "ended", *, bidders: int = 3, absent: int = 0, host: Actor = cast.OFFICER,
    begun: Callable[[Tender], None] = lambda tender: None,
) -> Tender:  # fmt: skip
    """A procurement played up to a stage, every public step in the log, and a checkpoint over it all."""
    tender = make.open_tender()
    begun(tender)
    announce(tender)
    acts = {
        "closed": lambda: bids_until_closing(tender, bidders),
        "opened": lambda: open_hall(tender, host),
        "read out": lambda: read_out(tender, make.BIDDERS[: bidders - absent]),
        "ended": lambda: end(tender, make.BIDDERS[:bidders], host),
    }
    for stage in STAGES[1 : STAGES.index(until) + 1]:
        acts[stage]()
    sequenced(at=tender.closes_at + 4 * HOUR)
    return tender


@transaction.atomic
def announce(tender: Tender) -> None:
    """What the acts before publication would have logged: the makers fill the rows alone."""
    at, number = market.PUBLISHED, tender.project.number
    for key in IdentityKey.objects.order_by("pk"):
        log(KeyRegistered(stream=KEYS, statement=key.statement), at=at)
    for member in CommitteeMember.objects.filter(committee__tender=tender).order_by("pk"):
        posted = {
            "org": member.organisation,
            "i": member.i,
            "part": member.committee.part,
            "statement": member.statement,
        }
        log(SlotsPosted(stream=KEYS, number=number, **posted), at=at)
    for notice in tender.project.notices.order_by("number"):
        told = {"notice": notice.number, "type": notice.type, "sha256": notice.sha256}
        log(NoticePublished(stream=tender.project.log, number=number, edition=tender.project.edition, **told), at=at)
    log(Terms(stream=tender.project.log, terms=tender.terms), at=at)


def bids_until_closing(tender: Tender, bidders: int) -> None:
    for bidder, price in zip(make.BIDDERS[:bidders], make.PRICES, strict=False):
        make.sealed_bid(tender, bidder, price=price)
    make.closed(tender)


def open_hall(tender: Tender, host: Actor = cast.OFFICER) -> None:
    services.open_hall(project_number=tender.project.number, by=host, at=tender.closes_at + MINUTE)


def read_out(tender: Tender, present: Sequence[object]) -> None:
    make.halves_released(tender, [bidder.organisation for bidder in present])
    make.advance_openings(by=cast.SYSTEM, at=tender.closes_at + HOUR)
    make.keys_released(tender, at=tender.closes_at + HOUR + MINUTE)
    make.advance_openings(by=cast.SYSTEM, at=tender.closes_at + HOUR + 20 * MINUTE)


def end(tender: Tender, bidders: Sequence[object], host: Actor = cast.OFFICER) -> None:
    at, number = tender.closes_at + 2 * HOUR, tender.project.number
    fields = {"record_sha256": Opening.objects.filter(tender=tender).latest("session").record_sha256}
    for code in (*(bidder.organisation for bidder in bidders), cast.CENTRE, host.organisation):
        make.heard(tender, [make.said("ack/1", code, fields, number=number, at=at)], at=at)
    services.close_hall(project_number=number, by=host, at=at)


def checked(number: str) -> dict[str, bool | str | None]:
    """What each check says, and for one that fails its words."""
    found = record.verify(queries.record_of(number))
    return {check.name: check.text if check.holds is False else check.holds for check in found.checks}


# No witness is set up here, and no panel has met yet.
NOT_YET = {"witnesses": None, "draws": None, "seats": None, "report": None, "sheets": None, "award": None}


def test_the_record_of_a_played_opening_holds():
    tender = played()

    assert checked(tender.project.number) == dict.fromkeys(record.CHECKS, True) | NOT_YET


def test_the_record_of_an_opening_that_an_agent_hosted_holds():
    def entrusted(tender: Tender) -> None:
        accounts.world()
        accounts.key(cast.AGENT)
        agency.entrust(tender.project, agency.agreed(at=market.PUBLISHED))
        with transaction.atomic():
            name_agent(project=tender.project, at=market.PUBLISHED)

    tender = played(host=cast.AGENT_OFFICER, begun=entrusted)

    number = tender.project.number
    assert checked(number) == dict.fromkeys(record.CHECKS, True) | NOT_YET
    told = archive.read(queries.record_of(number)).of("agency.agent-named")
    assert [(entry.data["owner"], entry.data["agent"]) for entry in told] == [(cast.BUYER, cast.AGENT)]


def test_an_absent_bidders_offer_is_in_no_record():
    tender = played("read out", bidders=4, absent=1)

    told = archive.read(queries.record_of(tender.project.number))
    absent = [entry.data for entry in told.of("opening.verdict") if entry.data["verdict"] == "ABSENT"]
    assert {row["org"] for row in absent} == {make.BIDDERS[3].organisation}
    assert [one.data["outcome"] for one in told.of("opening.cause-decided")] == ["revoked"]
    assert not {row["env_sha256"] for row in absent} & set(told.blobs)
    assert set(checked(tender.project.number).values()) == {True, None}


@pytest.mark.parametrize("stage", STAGES)
def test_a_record_holds_at_every_stage(stage):
    tender = played(stage)

    assert set(checked(tender.project.number).values()) == {True, None}


def test_before_the_opening_it_is_the_same_with_bids_and_without(client):
    """Same members, same sizes: the record of an open tender says nothing of how many take part."""
    tender = played("published")
    before = queries.record_of(tender.project.number)
    for bidder in make.BIDDERS:
        make.sealed_bid(tender, bidder)
    sequenced(at=tender.closes_at + 4 * HOUR)

    after = archive.read(queries.record_of(tender.project.number))
    assert {entry.kind for entry in after.entries} == {entry.kind for entry in archive.read(before).entries}
    assert set(after.blobs) == set(archive.read(before).blobs)
    assert len(after.keys) == len(archive.read(before).keys)


def test_anybody_may_fetch_it(client):
    tender = played("published")

    answer = client.get(f"/projects/{tender.project.number}/record.zip")

    assert answer.status_code == 200 and answer["Content-Type"] == "application/zip"
    assert record.verify(b"".join(answer.streaming_content)).holds


def test_of_what_is_not_public_there_is_no_record(client):
    assert client.get("/projects/X-1/record.zip").status_code == 404
    with pytest.raises(Entry.DoesNotExist):
        queries.record_of("X-1")
