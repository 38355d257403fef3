"""Worlds that differ in who takes part in a purchase, or how many: bids, questions, enrolments, quotes, responses."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.db import transaction

from bidding.auction import services as auction_services
from bidding.auction.models import AuctionBidder
from bidding.changes import services as changes
from bidding.papers.tasks import print_records
from bidding.tender import services as tenders
from bidding.tender.models import Tender
from market.projects.models import Project
from market.selection import tasks as selecting
from rulebook.actor import SYSTEM, Actor, Role
from tests import cast
from tests.bidding.test_two_worlds import outsider
from tests.cast import DAY, HOUR, MINUTE, NOON
from tests.hardening.secrecy.moments import SECOND, Moment
from tests.make import (
    accounts,
    auctions,
    bidding,
    bidding_offers,
    choices,
    market,
    negotiation,
    sealed,
)
from tests.make.ledger import sequenced
from tests.make.market import NUMBER


def further(count: int) -> list[Actor]:
    """So many bidders nobody knows."""
    return [Actor("further", Role.PROVIDER, outsider(n), "投标") for n in range(count)]


# -- a tender: who bids, how many, who asks


def tender() -> None:
    """Published, nobody has come."""
    for code in (cast.COLLEGE, *(each.organisation for each in bidding_offers.BIDDERS)):
        accounts.key(code)
    bidding_offers.open_tender()


def come(bidders: Sequence[Actor]) -> Tender:
    """Each takes the documents, prepares and hands in; whatever ticks do of it is done."""
    row = Tender.objects.select_related("project").get()
    for by in bidders:
        if by.person != "further":
            tenders.take_documents(project_number=NUMBER, by=by, at=NOON - 30 * HOUR)
        bidding_offers.sealed_bid(row, by, price="1000000.00", at=NOON - 3 * HOUR)
    for minutes in (90, 60):
        sequenced(at=NOON - minutes * MINUTE)
    return row


def before_the_opening(bidders: Sequence[Actor], knows: str) -> Iterator[Moment]:
    """While bids are taken, and between the deadline and the opening."""
    row = come(bidders)
    told = {"number": NUMBER, "stream": f"project/{NUMBER}", "org": cast.HETAO, "code": cast.WULIANG}
    yield Moment("open", NOON - MINUTE, told, knows)
    bidding_offers.closed(row)
    yield Moment("closed", NOON + 40 * SECOND, told, knows)


def bidders(world: int) -> Iterator[Moment]:
    """The third of them is another; the two others come after it, so that what counts on would tell them."""
    third = (cast.THIRD, cast.FOURTH)[world]
    yield from before_the_opening([third, cast.PROVIDER, cast.RIVAL], "t")


def number(world: int) -> Iterator[Moment]:
    """Three, or five."""
    yield from before_the_opening([*further(2 * world), cast.THIRD, cast.PROVIDER, cast.RIVAL], "")


def asking() -> None:
    """A tender about which one may ask."""
    bidding.tender(closes_at=NOON + 30 * DAY)


def asker(world: int) -> Iterator[Moment]:
    """The same question by another; waiting, and answered."""
    for by in (cast.PROVIDER, cast.RIVAL):
        tenders.take_documents(project_number=NUMBER, by=by, at=NOON - 30 * HOUR)
    told: dict[str, Any] = {"project_number": NUMBER, "at": NOON - 29 * HOUR}
    asked = changes.ask(text="验收以何时为准？", by=(cast.PROVIDER, cast.RIVAL)[world], **told)
    holes = {"number": NUMBER, "stream": f"project/{NUMBER}", "code": cast.HETAO}
    sequenced(at=NOON - 28 * HOUR)
    yield Moment("asked", NOON - 28 * HOUR, holes, "pqr")
    changes.propose(answers={str(asked.public_id): "以调试完成为准。"}, may_affect=False, by=cast.OFFICER, **told)
    changes.approve(by=cast.APPROVER, **told)
    sequenced(at=NOON - 27 * HOUR)
    yield Moment("answered", NOON - 27 * HOUR, holes, "pqr")


# -- the supermarket: who enrols, who offers, who is behind an alias


def lots() -> None:
    """A choice by lot that takes enrolments."""
    choices.open_choice()


def entrants(world: int) -> Iterator[Moment]:
    """Three enrol, or three others and one more."""
    project = Project.objects.get()
    firms = ((cast.THIRD, cast.PROVIDER), (cast.FOURTH, cast.RIVAL, cast.PROVIDER))[world]
    choices.enrolled(project, *firms)
    sequenced(at=NOON - HOUR)
    told = {"number": project.number, "stream": project.log, "code": cast.RIVAL.organisation}
    yield Moment("enrolling", NOON - MINUTE, told, "tr")
    selecting.close_enrolment(by=SYSTEM, at=NOON + MINUTE)
    sequenced(at=NOON + MINUTE)
    yield Moment("closing", NOON + MINUTE, told, "tr")


def quotes() -> None:
    """A purchase in the supermarket whose sealed quotes open by themselves."""
    sealed.published()


def offers(world: int) -> Iterator[Moment]:
    """One quote, or three at other prices."""
    row = Tender.objects.get()
    firms, prices = ((cast.RIVAL,), (cast.FOURTH, cast.THIRD, cast.RIVAL))[world], ("2600.00", "900.00", "2600.00")
    for by, price in zip(firms, prices, strict=False):
        bidding_offers.sealed_bid(row, by, price=price, at=sealed.APPROVED + MINUTE)
    told = {"number": sealed.NUMBER, "stream": f"project/{sealed.NUMBER}", "code": cast.LANGSHAN, "org": cast.LANGSHAN}
    sequenced(at=NOON - MINUTE)
    yield Moment("offering", NOON - MINUTE, told, "t")
    bidding_offers.closed(row)
    yield Moment("closed", NOON + 40 * SECOND, told, "t")


def auction() -> None:
    """An auction that is announced; its aliases are not yet dealt."""
    market.notice(auctions.announced().project)


def aliases(world: int) -> Iterator[Moment]:
    """The same quotes, and two firms the other's alias: behind the one that leads is another, all others stay."""
    leading, others = ((cast.HETAO, cast.YINSHAN), (cast.YINSHAN, cast.HETAO))[world], auctions.ORGS[2:]
    while True:
        with transaction.atomic():
            auction_services.call(project_number=auctions.NUMBER, entrants=auctions.ORGS, by=SYSTEM, at=NOON)
            dealt = tuple(AuctionBidder.objects.order_by("alias").values_list("organisation", flat=True))
            if dealt == leading + others:
                break
            transaction.set_rollback(True)  # dealt by chance, until it falls so
    by = next(each for each in auctions.BIDDERS if each.organisation == leading[0])
    auctions.quoted(by, "99500.00")
    sequenced(at=auctions.BEGINS + SECOND)
    told = {"number": auctions.NUMBER, "stream": f"project/{auctions.NUMBER}", "code": cast.HETAO, "org": cast.HETAO}
    yield Moment("bidding", auctions.BEGINS + MINUTE, told, "pqr")


# -- a closed hall: who responds, and how many


def talks() -> None:
    """A negotiated purchase with three responses, about to close."""
    negotiation.handed_in(shut=False)


def responses(world: int) -> Iterator[Moment]:
    """Three, or five, through the closed hall, as who runs or supervises it knows, and who releases keys for each.

    A supplier in it is told of himself alone, and everybody else nothing, until the result.
    """
    row, at = Tender.objects.select_related("project").get(), NOON + 30 * MINUTE
    for by in further(2 * world):
        bidding_offers.sealed_bid(row, by, price="430000.00", small=False)
    bidding_offers.closed(row)
    told = {"number": NUMBER, "stream": f"project/{NUMBER}/room", "code": cast.HETAO, "org": cast.HETAO}
    yield Moment("closed", NOON + 40 * SECOND, told, "")
    negotiation.taken_out(row)
    print_records(by=SYSTEM, at=at)
    sequenced(at=at)
    yield Moment("opened", at, told, "ocwvuVah")
