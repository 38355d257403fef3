"""The procedures: one row per method and edition, with every number and article in which they differ. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import StrEnum
from typing import Any

from market.projects.periods import Period, Unit
from proofs.prices import FORMULAS, LOWEST
from rulebook.law import Article


class Category(StrEnum):
    """What is bought; decides the least weight of the price."""

    GOODS = "goods"
    SERVICES = "services"
    WORKS = "works"


class Method(StrEnum):
    """How the winner is chosen."""

    TENDER = "tender"
    CONSULTATION = "consultation"
    NEGOTIATION = "negotiation"
    INQUIRY = "inquiry"


class Edition(StrEnum):
    """Which text of the periods a project is run under; it keeps the one it was published under."""

    LAW_2017 = "87-2017"
    REHEARSAL = "rehearsal"
    WORKS_2019 = "ztb-2019"
    WORKS_REHEARSAL = "rehearsal-works"
    CONSULTATION_2014 = "214-2014"
    CONSULTATION_REHEARSAL = "rehearsal-214"
    NEGOTIATION_2014 = "74-talks-2014"
    NEGOTIATION_REHEARSAL = "rehearsal-74-talks"
    INQUIRY_2014 = "74-quotes-2014"
    INQUIRY_REHEARSAL = "rehearsal-74-quotes"


PANEL_OF_TENDERS = ((Decimal(), 5), (Decimal(10_000_000), 7)), Article("87号令", "第47条")


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
    price_weights: what may be bought under it, with the least weight of the price, in points of 100.
    deduction: the share a small enterprise's quote may be reduced by, from and to; 0 is always allowed.
    panel_qualifies: the panel judges qualification after the opening, else the purchaser before the panel is called.
    least_compliant: bids that must stand the review, or the purchase fails; with the article.
    names_experts: the award notice names who judged.
    publicity: the candidates are published for this long before one of them is determined; None: they are not.
    publicity_rests: while an objection to the result waits for its answer, the days of publicity do not run.
    publicity_starts: after the report, at most.  answer: to an objection to the result, at most.
    most_candidates: that are published.
    deems: where the buyer lets the time of determination pass, the first candidate counts as determined.
    supervisor_report: a written report to the supervision body after the winner is determined, at most; None: no.
    budget_law, criteria, conditions: the articles on the limit, on scoring, and on what may be asked of bidders.
    remedy: what an objection under it is called.
    documents, invalid: the articles on the tender documents, and on why a bid is invalid.
    guarantee: what a bidder may be asked to leave at most, as a share of the budget, with the article.
    guarantee_most: the same in yuan, for works; None: no such limit.
    refund, refund_winner: of the guarantee, at most.  refund_from_contract: those who lost wait for the contract too.
    notice_title, award_title, failure_title: what its first notice, its result and its failure are called.
    form: of envelopes, the only one under it; empty: the officer chooses.
    talks: the panel negotiates, then takes sealed quotes in rounds.  round: seconds in which they are taken.
    scores: experts give points; else the lowest price that stands wins.
    price_most: the greatest weight of the price by category, in points of 100.
    order: what ranks first, what next: total, quote, technical, adjusted; as `proofs.scoring` spells them.
    going_on: by category, how many are enough to go on with once bids are opened, with the article.
    seats: how many judge from which budget on, in yuan, rising; with the article.
    formulas: by which a price may earn points, of `proofs.prices`; with the article that names or frees them.
    short_list: the article on what to do where too few experts of a specialty can be drawn from.
    closed_hall: the article by which nobody learns who takes part, or how many, before the result; None: all do.
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
    price_weights: Mapping[Category, Decimal]
    deduction: tuple[Decimal, Decimal]
    budget_law: Article
    criteria: Article
    conditions: Article
    least_compliant: tuple[int, Article]
    guarantee: tuple[Decimal, Article]
    refund: Period
    refund_winner: Period
    refund_from_contract: bool = False
    guarantee_most: Decimal | None = None
    remedy: str = "质疑"
    documents: Article = Article("87号令", "第20条")
    invalid: Article = Article("87号令", "第63条")
    panel_qualifies: bool = False
    names_experts: bool = True
    publicity: Period | None = None
    publicity_rests: bool = False
    publicity_starts: Period | None = None
    answer: Period | None = None
    most_candidates: int = 3
    deems: bool = True
    supervisor_report: Period | None = None
    causes: int = 600
    overrule: int = 60
    two_envelopes: bool = False
    notice_title: str = "招标公告"
    award_title: str = "中标公告"
    failure_title: str = "流标公告"
    form: str = ""
    talks: bool = False
    round: int = 1800
    scores: bool = True
    price_most: Mapping[Category, Decimal] = field(default_factory=dict)
    order: tuple[str, ...] = ("total", "quote")
    going_on: Mapping[Category, tuple[int, Article]] = field(default_factory=dict)
    seats: tuple[tuple[tuple[Decimal, int], ...], Article] = PANEL_OF_TENDERS
    formulas: tuple[tuple[str, ...], Article] = ((LOWEST,), Article("87号令", "第55条"))
    short_list: Article = Article("政府采购评审专家管理办法", "第12条")
    closed_hall: Article | None = None
    for_real: bool = True
    publish_url: str = "bidding:edit"

    def least_to_go_on(self, category: str) -> tuple[int, Article]:
        """How many bids must stand the review, and leave quotes, for a purchase of this category; with the article."""
        return self.going_on.get(Category(category), self.least_compliant)

    def seats_for(self, budget: Decimal) -> int:
        """How many judge.  budget: yuan."""
        return [seats for least, seats in self.seats[0] if budget >= least][-1]


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
GUARANTEE = Article("政府采购法实施条例", "第33条")
PUBLICITY = Article("招标投标法实施条例", "第54条")

_BY_TENDER = Procedure(
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
    price_weights={Category.GOODS: Decimal(30), Category.SERVICES: Decimal(10)},
    deduction=(Decimal("0.10"), Decimal("0.20")),  # 财库〔2022〕19号
    budget_law=BUDGET,
    criteria=Article("87号令", "第55条"),
    conditions=Article("87号令", "第17条"),
    least_compliant=(3, Article("政府采购法", "第36条")),
    guarantee=(Decimal("0.02"), GUARANTEE),
    refund=Period(5, Unit.WORKING_DAYS, GUARANTEE),
    refund_winner=Period(5, Unit.WORKING_DAYS, GUARANTEE),
)
_WORKS = Procedure(
    method=Method.TENDER,
    edition=Edition.WORKS_2019,
    title="公开招标（工程）",
    regime="A",
    takes_offers=True,
    needs_hall=True,
    needs_panel=True,
    min_competitors=3,
    least_competitors=Article("招标投标法实施条例", "第44条"),
    preparation=Period(20, Unit.DAYS, Article("招标投标法", "第24条")),
    supply=Period(5, Unit.DAYS, Article("招标投标法实施条例", "第16条")),
    notice=Period(5, Unit.DAYS, Article("招标投标法实施条例", "第16条")),
    determination=Period(15, Unit.DAYS, Article("30号令", "第56条")),
    award_notice=Period(3, Unit.DAYS, Article("发展改革委令第10号", "第6条")),
    contract=Period(30, Unit.DAYS, Article("招标投标法", "第46条")),
    contract_notice=Period(2, Unit.WORKING_DAYS, Article("电子招标投标办法", "第36条")),
    objection=Period(10, Unit.DAYS, Article("招标投标法实施条例", "第60条")),
    correction=Period(15, Unit.DAYS, Article("招标投标法实施条例", "第21条")),
    questions=Period(10, Unit.DAYS, Article("招标投标法实施条例", "第22条")),
    drain=15,
    window=1800,
    price_weights=dict.fromkeys(Category, Decimal()),
    deduction=(Decimal("0.03"), Decimal("0.05")),
    budget_law=Article("招标投标法实施条例", "第27条"),
    criteria=Article("招标投标法实施条例", "第49条"),
    conditions=Article("招标投标法实施条例", "第32条"),
    least_compliant=(1, Article("招标投标法", "第42条")),
    guarantee=(Decimal("0.02"), Article("招标投标法实施条例", "第26条")),
    guarantee_most=Decimal(800_000),  # 30号令 第37条
    refund=Period(5, Unit.DAYS, Article("招标投标法实施条例", "第57条")),
    refund_winner=Period(5, Unit.DAYS, Article("招标投标法实施条例", "第57条")),
    refund_from_contract=True,
    remedy="投诉",
    documents=Article("招标投标法", "第19条"),
    invalid=Article("招标投标法实施条例", "第51条"),
    panel_qualifies=True,
    two_envelopes=True,
    names_experts=False,
    publicity=Period(3, Unit.DAYS, PUBLICITY),
    publicity_rests=True,  # 暂停招标投标活动: the activity that rests is the publicity itself; to verify
    publicity_starts=Period(3, Unit.DAYS, PUBLICITY),
    answer=Period(3, Unit.DAYS, PUBLICITY),
    deems=False,
    supervisor_report=Period(15, Unit.DAYS, Article("招标投标法", "第47条")),
    seats=(PANEL_OF_TENDERS[0], Article("招标投标法", "第37条")),  # five or more, odd; seven from there on is ours
    short_list=Article("招标投标法实施条例", "第46条"),
    formulas=(tuple(FORMULAS), Article("招标投标法实施条例", "第49条")),
)
_SMALL_PANEL = (Decimal(), 3), (Decimal(2_000_000), 5)  # five from the threshold of tenders on; to verify locally
_RULES_214, _RULES_74 = "政府采购竞争性磋商采购方式管理暂行办法", "74号令"
_CONSULTATION = replace(
    _BY_TENDER,
    method=Method.CONSULTATION,
    edition=Edition.CONSULTATION_2014,
    title="竞争性磋商",
    notice_title="竞争性磋商公告",
    award_title="成交结果公告",
    failure_title="终止公告",
    regime="C",
    least_competitors=Article(_RULES_214, "第34条"),
    preparation=Period(10, Unit.DAYS, Article(_RULES_214, "第10条")),
    supply=Period(5, Unit.WORKING_DAYS, Article(_RULES_214, "第10条")),
    notice=Period(3, Unit.WORKING_DAYS, Article(_RULES_214, "第10条")),
    determination=Period(5, Unit.WORKING_DAYS, Article(_RULES_214, "第28条")),
    award_notice=Period(1, Unit.WORKING_DAYS, Article(_RULES_214, "第29条")),
    contract=Period(30, Unit.DAYS, Article(_RULES_214, "第30条")),
    correction=Period(5, Unit.DAYS, Article(_RULES_214, "第10条")),
    questions=Period(3, Unit.DAYS, QUESTIONS),
    price_weights={Category.GOODS: Decimal(30), Category.SERVICES: Decimal(10)},
    price_most={Category.GOODS: Decimal(60), Category.SERVICES: Decimal(30)},
    budget_law=Article(_RULES_214, "第9条"),
    criteria=Article(_RULES_214, "第24条"),
    conditions=Article("政府采购法", "第22条"),
    least_compliant=(3, Article(_RULES_214, "第21条")),
    going_on={Category.SERVICES: (2, Article("财库〔2015〕124号", "全文"))},
    panel_qualifies=True,
    form="two",
    two_envelopes=True,
    talks=True,
    order=("total", "quote", "technical"),
    formulas=((LOWEST,), Article(_RULES_214, "第24条")),
    seats=(_SMALL_PANEL, Article(_RULES_214, "第14条")),
    closed_hall=Article("政府采购法", "第38条"),
)
_NEGOTIATION = replace(
    _CONSULTATION,
    method=Method.NEGOTIATION,
    edition=Edition.NEGOTIATION_2014,
    title="竞争性谈判",
    notice_title="竞争性谈判公告",
    least_competitors=Article(_RULES_74, "第37条"),
    preparation=Period(3, Unit.WORKING_DAYS, Article(_RULES_74, "第29条")),
    supply=Period(3, Unit.WORKING_DAYS, Article(_RULES_74, "第29条")),
    notice=Period(3, Unit.WORKING_DAYS, Article(_RULES_74, "第29条")),
    determination=Period(5, Unit.WORKING_DAYS, Article(_RULES_74, "第36条")),
    award_notice=Period(1, Unit.WORKING_DAYS, Article(_RULES_74, "第18条")),
    contract=Period(30, Unit.DAYS, Article(_RULES_74, "第19条")),
    correction=Period(3, Unit.WORKING_DAYS, Article(_RULES_74, "第29条")),
    questions=Period(1, Unit.DAYS, QUESTIONS),
    price_weights=dict.fromkeys((Category.GOODS, Category.SERVICES), Decimal(100)),
    price_most={},
    budget_law=Article(_RULES_74, "第11条"),
    criteria=Article("政府采购法", "第38条"),
    least_compliant=(3, Article(_RULES_74, "第33条")),
    going_on={},
    scores=False,
    order=("adjusted",),
    seats=(_SMALL_PANEL, Article(_RULES_74, "第7条")),
)
_INQUIRY = replace(
    _NEGOTIATION,
    method=Method.INQUIRY,
    edition=Edition.INQUIRY_2014,
    title="询价",
    notice_title="询价公告",
    preparation=Period(3, Unit.WORKING_DAYS, Article(_RULES_74, "第45条")),
    supply=Period(3, Unit.WORKING_DAYS, Article(_RULES_74, "第45条")),
    notice=Period(3, Unit.WORKING_DAYS, Article(_RULES_74, "第45条")),
    correction=Period(3, Unit.WORKING_DAYS, Article(_RULES_74, "第45条")),
    price_weights={Category.GOODS: Decimal(100)},
    criteria=Article("政府采购法", "第40条"),
    least_compliant=(3, Article("政府采购法", "第40条")),
    closed_hall=Article(_RULES_74, "第25条"),  # what is heard in the review is not told; to verify
    talks=False,  # the one price is sealed with the response, and opened for those who meet the requirements
)
_SECONDS = {
    "preparation": 10, "supply": 5, "notice": 5, "determination": 3600, "award_notice": 5, "contract_notice": 3600,
    "objection": 3600, "correction": 5, "questions": 3, "publicity": 3, "publicity_starts": 3600, "answer": 3600,
    "supervisor_report": 3600, "refund": 3600, "refund_winner": 3600,
}  # fmt: skip


def _rehearsed(row: Procedure, edition: Edition) -> Procedure:
    """The same procedure in seconds, of no legal effect."""
    played: dict[str, Any] = {
        name: Period(amount, Unit.SECONDS, period.law)
        for name, amount in _SECONDS.items()
        if (period := getattr(row, name)) is not None
    }
    contract = Period(1, Unit.DAYS, row.contract.law)
    return replace(
        row,
        edition=edition,
        contract=contract,
        drain=2,
        window=120,
        causes=60,
        overrule=2,
        round=60,
        for_real=False,
        **played,
    )


PROCEDURES: Mapping[tuple[Method, Edition], Procedure] = {
    (row.method, row.edition): row
    for row in (
        _BY_TENDER,
        replace(_rehearsed(_BY_TENDER, Edition.REHEARSAL), two_envelopes=True),
        _WORKS,
        _rehearsed(_WORKS, Edition.WORKS_REHEARSAL),
        _CONSULTATION,
        _rehearsed(_CONSULTATION, Edition.CONSULTATION_REHEARSAL),
        _NEGOTIATION,
        _rehearsed(_NEGOTIATION, Edition.NEGOTIATION_REHEARSAL),
        _INQUIRY,
        _rehearsed(_INQUIRY, Edition.INQUIRY_REHEARSAL),
    )
}


METHODS: Mapping[Edition, Method] = {edition: method for method, edition in PROCEDURES}


def procedure_of(method: str, edition: str) -> Procedure:
    """The row of a method in an edition. KeyError or ValueError when there is none."""
    return PROCEDURES[Method(method), Edition(edition)]
