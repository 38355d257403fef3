"""Negotiations: responses really sealed and opened, a panel that talks, quotes really sealed in rounds."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from bidding.evaluation import negotiating, services
from bidding.evaluation.models import Evaluation
from bidding.evaluation.tasks import rank_prices
from bidding.opening import queries as openings
from bidding.opening import services as opening
from bidding.opening.tasks import disclose_quotes
from bidding.submission.models import Round
from bidding.submission.tasks import close_rounds
from bidding.tender.models import Tender
from market.projects.models import Project
from market.projects.rules import METHODS, Edition
from tests import cast
from tests.make import accounts, bidding_offers, draws, evaluation, experts, market
from tests.make.ledger import sequenced
from tests.make.worlds import made_once
from tests.portal.record.test_record import announce

TALKED = evaluation.LATER + timedelta(hours=1)
STRATA = [("A-it", 3)]
FACTORS = [
    {"key": "f1", "name": "技术方案", "max": "50", "objective": False, "standard": "按细则", "technical": True},
    {"key": "f2", "name": "服务方案", "max": "40", "objective": False, "standard": "按细则"},
]
ONE_PRICE = ("450000.00", "440000.00", "460000.00", "470000.00")
QUOTES = {cast.HETAO: "450000.00", cast.YINSHAN: "440000.00", cast.WULIANG: "460000.00"}
GROUNDS = {
    (Edition.CONSULTATION_2014, "services"): "services",
    (Edition.CONSULTATION_2014, "goods"): "complex",
    (Edition.NEGOTIATION_2014, "goods"): "urgent",
}
PLAYERS = {player.organisation: player for player in bidding_offers.BIDDERS}


def project(*, edition: Edition = Edition.CONSULTATION_2014, category: str = "services") -> Project:
    """A purchase of an inspection system's upkeep, by this edition's procedure."""
    return market.project(
        edition=edition.value, method=METHODS[edition].value, category=category, title="电梯检验检测服务",
        ground=GROUNDS.get((edition, category), ""),
        budget=Decimal("500000.00"), price_cap=Decimal("480000.00"),
    )  # fmt: skip


@made_once
def handed_in(
    bids: int = 3, *, edition: Edition = Edition.CONSULTATION_2014, category: str = "services", shut: bool = True,
    older: bool = False,
) -> Tender:  # fmt: skip
    """Responses sealed and, unless said otherwise, closed; every public step in the log.

    older: published before halls could be closed.
    """
    row = project(edition=edition, category=category)
    weight = {"factors": FACTORS, "price_weight": Decimal(10)} if row.procedure.scores else {"factors": []}
    facts = {"price_weight": Decimal(100), "small_deduction": Decimal(), "envelopes": "two", **weight}
    tender = bidding_offers.open_tender(project=row, **facts, **({"older": True} if older else {}))
    for code in draws.CONTRIBUTORS:
        accounts.key(code)
    announce(tender)
    for bidder, price in zip(bidding_offers.BIDDERS[:bids], ONE_PRICE, strict=False):
        bidding_offers.sealed_bid(tender, bidder, price=price, small=False)
    if shut:
        bidding_offers.closed(tender)
    return tender


@made_once
def responded(bids: int = 3, **facts: Any) -> Tender:
    """Responses sealed, closed and opened: where there are talks, nothing of a price is in them."""
    return taken_out(handed_in(bids, **facts))


def taken_out(tender: Tender) -> Tender:
    """A closed tender whose responses are opened by all who handed in, and the session ended."""
    opening.open_hall(project_number=tender.project.number, by=cast.OFFICER, at=tender.closes_at + cast.MINUTE)
    bidding_offers.halves_released(tender)
    bidding_offers.keys_released(tender)
    orgs = sorted(openings.stand(tender.project, at=tender.closes_at).facts.bidders)
    bidding_offers.session_ended(tender, orgs, at=tender.closes_at + 4 * cast.MINUTE)
    return tender


def sitting(tender: Tender, against: Mapping[str, str] | None = None, *, at: datetime = evaluation.LATER) -> Evaluation:
    """The panel is drawn and sits, has declared and reviewed the responses.  against: organisation ↦ ground."""
    for code in (*draws.CONTRIBUTORS, cast.BUREAU):
        accounts.key(code)
    experts.register()
    number = tender.project.number
    panel = services.convene(project_number=number, strata=STRATA, by=cast.OFFICER, at=at)
    experts.seated(panel, at=at)
    row = Evaluation.objects.get(project__number=number)
    evaluation.declared(row, at=at)
    return evaluation.reviewed(row, against, at=at)


@made_once
def talking(bids: int = 3, *, against: Mapping[str, str] | None = None, **facts: Any) -> Evaluation:
    """An evaluation in which the panel negotiates."""
    return sitting(responded(bids, **facts), against)


def member(row: Evaluation) -> Any:
    """The member who writes for the panel."""
    return experts.person_of(evaluation.members(row)[0])


def heard(row: Evaluation, *, at: datetime = TALKED) -> None:
    """The panel has talked with everybody who takes part, and wrote it down."""
    for org, found in sorted(row.compliance.items()):
        if found["compliant"]:
            negotiating.note_talk(
                project_number=row.project.number, org=org, text="就服务响应时间进行了磋商", by=member(row), at=at
            )


def called(row: Evaluation, *, last: bool = True, at: datetime = TALKED) -> Round:
    """The panel calls for quotes."""
    return negotiating.call_round(project_number=row.project.number, last=last, by=member(row), at=at)


def tender_of(row: Evaluation) -> Tender:
    """The tender, read anew: which round is on is kept on it."""
    return Tender.objects.select_related("project").get(project__number=row.project.number)


def quoted(row: Evaluation, quotes: Mapping[str, str] = QUOTES, *, at: datetime = TALKED) -> None:
    """These suppliers seal a quote and hand it in."""
    for org, price in quotes.items():
        bidding_offers.sealed_bid(tender_of(row), PLAYERS[org], price=price, small=False, at=at)


def closed(round: Round) -> datetime:
    """The time of a round and its drain are over; its list is fixed, sealed and announced."""
    at = round.closes_at + timedelta(seconds=round.tender.drain)
    for _ in range(2):
        close_rounds(by=cast.SYSTEM, at=at)
        sequenced(at=at)
    return at


def opened(row: Evaluation, round: Round, *, at: datetime | None = None) -> datetime:
    """A round's quotes are opened by all, and what follows from them is written down."""
    at = at or closed(round)
    bidding_offers.next_session(tender_of(row), at=at)
    rank_prices(by=cast.SYSTEM, at=at)
    row.refresh_from_db()
    return at


def final(row: Evaluation, quotes: Mapping[str, str] = QUOTES) -> datetime:
    """Everybody was heard; one round of last quotes, opened."""
    heard(row)
    round = called(row)
    quoted(row, quotes)
    return opened(row, round)


def disclosed(*, at: datetime) -> None:
    """The result is out: what happened behind closed doors is published, as soon as the sealed log covers it."""
    for _ in range(2):
        disclose_quotes(by=cast.SYSTEM, at=at)
        sequenced(at=at)


def names(orgs: Sequence[str]) -> str:
    """For a page: who they are."""
    return "、".join(cast.NAMES[org] for org in orgs)


def standing(row: Evaluation, *, at: datetime) -> openings.Standing:
    """Where its opening stands."""
    return openings.stand(Project.objects.get(pk=row.project_id), at=at)
