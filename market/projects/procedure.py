"""What a procedure is: all that differs between methods of purchase, as columns of one row. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from accounts.rules import Kind as Buyer
from market.projects.periods import Period
from proofs.prices import LOWEST
from rulebook.law import Article
from rulebook.terms import USUAL, Terms


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
    DIRECT = "direct"
    RANDOM = "random"
    SEALED_PRICE = "sealed_price"
    MERIT = "merit"
    CREDIT = "credit"
    AUCTION = "auction"


class Fund(StrEnum):
    """Whose money a service is bought with; decides with how few a choice may be made, and up to what amount how."""

    FISCAL = "fiscal"
    MIXED = "mixed"
    OWN = "own"


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
    DIRECT = "zjcs-direct"
    DIRECT_REHEARSAL = "rehearsal-direct"
    RANDOM = "zjcs-random"
    RANDOM_REHEARSAL = "rehearsal-random"
    SEALED_PRICE = "zjcs-price"
    SEALED_PRICE_REHEARSAL = "rehearsal-price"
    MERIT = "zjcs-merit"
    MERIT_REHEARSAL = "rehearsal-merit"
    CREDIT = "zjcs-credit"
    CREDIT_REHEARSAL = "rehearsal-credit"
    AUCTION = "zjcs-auction"
    AUCTION_REHEARSAL = "rehearsal-auction"


PANEL_OF_TENDERS = ((Decimal(), 5), (Decimal(10_000_000), 7)), Article("87号令", "第47条")


@dataclass(frozen=True)
class Ground:
    """One case in which the law allows a method.

    only: the category it is for; None: any.  enough: suppliers with whom a purchase on this ground may go on once
    responses are open, and the article; None: as many as its procedure asks.  opens: responses with which it may be
    opened at all; None: likewise.
    """

    key: str
    words: str
    law: Article
    only: Category | None = None
    enough: tuple[int, Article] | None = None
    opens: int | None = None


@dataclass(frozen=True)
class Credit:
    """A choice by credit.  long: places, by score, to draw lots among.  short: that lots put before the buyer."""

    long: int
    short: int


@dataclass(frozen=True)
class Selection:
    """What only a choice in the supermarket of services has.

    least: with how many enrolled or offering it is made, by fund; with the article.
    enrols: providers enrol until a deadline; else they offer at once, or the buyer picks.
    enrolment: from publication to that deadline, at least.
    hides_names: who takes part stays secret until the choice is made, not only until the deadline.
    accept: the winner says yes within; its silence is a no.  standby: ranks that follow the first.
    limit: up to which amount by fund, in yuan; None: any amount; with the article.
    picks: the buyer names the provider, with its reasons.
    asks: what else its terms must say: formula, factors, weights, auction.
    says: how it goes, in a sentence for whoever has to choose a way.
    room: the name of the page where providers take part; empty where nobody does.
    by_price: formulas of proofs.quotes by which opened quotes are chosen among.  coefficients: values from which that
    of a reference price is drawn.  low: below which share of the mean quote it must be explained, and within what.
    panel: from the opening to the last points of a panel; without them the purchase fails; None: nobody gives points.
    rescue: from the moment too few holders have released, in which who offered may open his own quote himself.
    by_lot: lots decide on the day of choice.  credit: they make a short list of the best, and the buyer picks.
    """

    least: tuple[Mapping[Fund, int], Article]
    enrols: bool
    enrolment: Period
    accept: Period
    limit: tuple[Mapping[Fund, Decimal | None], Article]
    hides_names: bool = False
    standby: int = 2
    picks: bool = False
    asks: tuple[str, ...] = ()
    says: str = ""
    room: str = ""
    by_lot: bool = False
    credit: Credit | None = None
    by_price: tuple[tuple[str, ...], Article] | None = None
    coefficients: tuple[str, ...] = ()
    low: tuple[Decimal, Period] | None = None
    panel: Period | None = None
    rescue: Period | None = None


@dataclass(frozen=True)
class Together:
    """Who may bid together, and what becomes of a member that bids beside its consortium too.

    law: that several may.  once: that a member bids neither alone nor in another consortium.  all_invalid: that article
    makes every bid concerned invalid; else only the one that names such a member.
    """

    law: Article
    once: Article
    all_invalid: bool = False


@dataclass(frozen=True)
class Formalities:
    """The articles on handing in and on opening; None where the law of a method has none and the documents decide.

    late: refused after the deadline.  unsealed: refused unsealed.  received: a receipt at once.  changed: replaced or
    taken back until then.  opened: at the set time.  too_few: not opened.  decrypted: each opens his own.  undone: what
    becomes of what is not opened.  recorded: of the opening.  objected: questions on the spot.
    """

    late: Article | None = Article("87号令", "第33条")
    unsealed: Article | None = Article("87号令", "第33条")
    received: Article | None = Article("87号令", "第33条")
    changed: Article | None = Article("87号令", "第34条")
    opened: Article | None = Article("87号令", "第39条")
    too_few: Article | None = Article("87号令", "第41条")
    decrypted: Article | None = Article("电子招标投标办法", "第30条")
    undone: Article | None = Article("电子招标投标办法", "第31条")
    recorded: Article | None = Article("87号令", "第42条")
    objected: Article | None = Article("87号令", "第42条")


TOGETHER = Together(Article("政府采购法", "第24条"), Article("政府采购法实施条例", "第22条"))


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
    by_house: nobody but the house publishes and determines the result, when its publication is over.
    deems: where the buyer lets the time of determination pass, the first candidate counts as determined.
    supervisor_report: a written report to the supervision body after the winner is determined, at most; None: no.
    budget_law, criteria, conditions: the articles on the limit, on scoring, and on what may be asked of bidders.
    remedy: what an objection under it is called.
    documents, invalid: the articles on the tender documents, and on why a bid is invalid.
    guarantee: what a bidder may be asked to leave at most, as a share of the budget, with the article.
    guarantee_most: the same in yuan, for works; None: no such limit.
    refund, refund_winner: of the guarantee, at most.  refund_from_contract: those who lost wait for the contract too.
    refund_left: to whoever left the talks before the last quotes, at most; None: nobody can.
    recheck: the article on when judgements may still change.  by_lot: the one on experts drawn at random.
    notice_title, award_title, failure_title: what its first notice, its result and its failure are called.
    form: of envelopes, the only one under it; empty: the officer chooses.
    talks: the panel negotiates, then takes sealed quotes in rounds.  round: seconds in which they are taken.
    scores: experts give points; else the lowest price that stands wins.
    price_most: the greatest weight of the price by category, in points of 100.
    order: what ranks first, what next: total, quote, technical, adjusted; as `proofs.scoring` spells them.
    grounds: in which cases the law allows it, of which a purchase names one; empty: in any.
    going_on: by category, how many were enough to go on with before grounds were named, with the article.
    seats: how many judge from which budget on, in yuan, rising; with the article.
    formulas: by which a price may earn points, of `proofs.prices`; with the article that names or frees them.
    early: so long before the deadline a panel may be drawn at most: its order is fixed, and nobody is called before
    the opening; None: after it only.
    self_selection: the article by which the buyer may pick experts itself where a draw cannot give them; None: never.
    short_list: the article on what to do where too few experts of a specialty can be drawn from.
    closed_hall: the article by which nobody learns who takes part, or how many, before the result; None: all do.
    terms: what its law calls things.
    selection: what only the supermarket has; None for every other procedure.
    buyers: whose people may begin one.
    policy: of its envelopes, of docs/proofs.md.  page: the name of its page's address.
    formalities: the articles on handing in and on opening.
    recordings: the one on sound and pictures of the evaluation; None: it says nothing.
    together: who may bid together, and the fate of those who bid beside it.
    addition: by what share of the contract a change may raise its price, with the article; None: by any.
    silence: the article by which who neither signs the opening record nor objects agrees; None: it says nothing.
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
    refund_left: Period | None = None
    recheck: Article = Article("87号令", "第64条")
    by_lot: Article = Article("政府采购法", "第39条")
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
    by_house: bool = False
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
    grounds: tuple[Ground, ...] = ()
    going_on: Mapping[Category, tuple[int, Article]] = field(default_factory=dict)
    seats: tuple[tuple[tuple[Decimal, int], ...], Article] = PANEL_OF_TENDERS
    formulas: tuple[tuple[str, ...], Article] = ((LOWEST,), Article("87号令", "第55条"))
    early: Period | None = None
    self_selection: Article | None = None
    short_list: Article = Article("政府采购评审专家管理办法", "第12条")
    closed_hall: Article | None = None
    terms: Terms = USUAL
    formalities: Formalities = Formalities()
    recordings: Article | None = Article("87号令", "第39条")
    together: Together = TOGETHER
    silence: Article | None = Article("87号令", "第42条")
    addition: tuple[Decimal, Article] | None = (Decimal("0.1"), Article("政府采购法", "第49条"))
    for_real: bool = True
    selection: Selection | None = None
    buyers: frozenset[Buyer] = frozenset({Buyer.BUYER, Buyer.AGENT, Buyer.ENTERPRISE})
    policy: str = "A"
    page: str = "bidding:project"
    publish_url: str = "bidding:edit"

    def ground(self, key: str) -> Ground | None:
        """The case a purchase names; None for none, and for one that is not of this procedure."""
        return next((ground for ground in self.grounds if ground.key == key), None)

    def least_to_go_on(self, category: str, ground: str) -> tuple[int, Article]:
        """How many bids must stand the review, and leave quotes, on this ground; with the article."""
        named = self.ground(ground)
        if named is None:
            return self.going_on.get(Category(category), self.least_compliant)
        return named.enough or self.least_compliant

    def least_to_open(self, ground: str) -> int:
        """With how many bids a purchase on this ground may be opened."""
        named = self.ground(ground)
        return named.opens if named and named.opens else self.min_competitors

    def seats_for(self, budget: Decimal) -> int:
        """How many judge.  budget: yuan."""
        return [seats for least, seats in self.seats[0] if budget >= least][-1]
