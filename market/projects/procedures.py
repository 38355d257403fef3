"""The procedures: one row per method and edition, with every number and article in which they differ. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from market.projects.periods import Period, Unit
from rulebook.law import Article


class Category(StrEnum):
    """What is bought; decides the least weight of the price."""

    GOODS = "goods"
    SERVICES = "services"


class Method(StrEnum):
    """How the winner is chosen."""

    TENDER = "tender"


class Edition(StrEnum):
    """Which text of the periods a project is run under; it keeps the one it was published under."""

    LAW_2017 = "87-2017"
    REHEARSAL = "rehearsal"


@dataclass(frozen=True)
class Procedure:
    """One row per method and edition: all that differs between them.

    preparation: from publication to the deadline, at least.  supply: of the documents, at least.  notice: of the
    tender notice.  determination: by the buyer after the report, at most.  award_notice: of the award notice.
    contract: after the award, at most.  contract_notice: after signing, at most.  objection: after knowing, at most.
    correction: from a change of the documents that may affect bids to the deadline, at least.
    questions: from a bidder's question about the documents to the deadline, at least.
    drain: seconds in which what arrived in time may still be on its way.  window: seconds in which bidders release.
    causes: seconds in which host and witness say why a bid did not open.  overrule: seconds in which, after they did,
    the supervisor may say otherwise.
    two_envelopes: whether prices may be sealed apart and opened after the technical judgement.
    """

    method: Method
    edition: Edition
    title: str
    regime: str
    takes_offers: bool
    needs_hall: bool
    needs_panel: bool
    min_competitors: int
    least_competitors: Article
    preparation: Period
    supply: Period
    notice: Period
    determination: Period
    award_notice: Period
    contract: Period
    contract_notice: Period
    objection: Period
    correction: Period
    questions: Period
    drain: int
    window: int
    causes: int = 600
    overrule: int = 60
    two_envelopes: bool = False
    for_real: bool = True
    publish_url: str = "bidding:edit"


T2_CONTRACT = Article("政府采购法", "第46条")
T3_PREPARATION = Article("政府采购法", "第35条")
T4_SUPPLY = Article("政府采购法实施条例", "第31条")
T5_NOTICE = Article("87号令", "第16条")
T13_DETERMINATION = Article("87号令", "第68条")
T15_AWARD_NOTICE = Article("87号令", "第69条")
T8_CORRECTION = Article("87号令", "第27条")
QUESTIONS = Article("政府采购法", "第51条")  # inquiries; the limit itself is the documents' to set
T17_CONTRACT_NOTICE = Article("政府采购法实施条例", "第50条")
T20_OBJECTION = Article("政府采购法", "第52条")
TOO_FEW = Article("87号令", "第41条")
NOTICE_CONTENT = Article("87号令", "第13条")
TWO_PERSONS = Article("政府采购法实施条例", "第11条")
BUDGET = Article("87号令", "第12条")

PROCEDURES: Mapping[tuple[Method, Edition], Procedure] = {
    (Method.TENDER, Edition.LAW_2017): Procedure(
        method=Method.TENDER,
        edition=Edition.LAW_2017,
        title="公开招标",
        regime="B",
        takes_offers=True,
        needs_hall=True,
        needs_panel=True,
        min_competitors=3,
        least_competitors=TOO_FEW,
        preparation=Period(20, Unit.DAYS, T3_PREPARATION),
        supply=Period(5, Unit.WORKING_DAYS, T4_SUPPLY),
        notice=Period(5, Unit.WORKING_DAYS, T5_NOTICE),
        determination=Period(5, Unit.WORKING_DAYS, T13_DETERMINATION),
        award_notice=Period(1, Unit.WORKING_DAYS, T15_AWARD_NOTICE),
        contract=Period(30, Unit.DAYS, T2_CONTRACT),
        contract_notice=Period(2, Unit.WORKING_DAYS, T17_CONTRACT_NOTICE),
        objection=Period(7, Unit.WORKING_DAYS, T20_OBJECTION),
        correction=Period(15, Unit.DAYS, T8_CORRECTION),
        questions=Period(10, Unit.DAYS, QUESTIONS),
        drain=15,
        window=1800,
    ),
    (Method.TENDER, Edition.REHEARSAL): Procedure(
        method=Method.TENDER,
        edition=Edition.REHEARSAL,
        title="公开招标",
        regime="B",
        takes_offers=True,
        needs_hall=True,
        needs_panel=True,
        min_competitors=3,
        least_competitors=TOO_FEW,
        preparation=Period(10, Unit.SECONDS, T3_PREPARATION),
        supply=Period(5, Unit.SECONDS, T4_SUPPLY),
        notice=Period(5, Unit.SECONDS, T5_NOTICE),
        determination=Period(3600, Unit.SECONDS, T13_DETERMINATION),
        award_notice=Period(5, Unit.SECONDS, T15_AWARD_NOTICE),
        contract=Period(1, Unit.DAYS, T2_CONTRACT),
        contract_notice=Period(3600, Unit.SECONDS, T17_CONTRACT_NOTICE),
        objection=Period(3600, Unit.SECONDS, T20_OBJECTION),
        correction=Period(5, Unit.SECONDS, T8_CORRECTION),
        questions=Period(3, Unit.SECONDS, QUESTIONS),
        drain=2,
        window=120,
        causes=60,
        overrule=2,
        two_envelopes=True,
        for_real=False,
    ),
}


def procedure_of(method: str, edition: str) -> Procedure:
    """The row of a method in an edition. KeyError or ValueError when there is none."""
    return PROCEDURES[Method(method), Edition(edition)]
