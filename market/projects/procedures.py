"""The procedures: one row per method and edition, with every number and article in which they differ. Pure."""

from collections.abc import Mapping
from dataclasses import fields, replace
from decimal import Decimal
from typing import Any

from market.projects import grounds, supermarket, terms
from market.projects.periods import Period, Unit
from market.projects.procedure import PANEL_OF_TENDERS, Category, Edition, Formalities, Method, Procedure, Together
from proofs.prices import FORMULAS, LOWEST
from rulebook.law import Article

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

_TENDER_ACT = Formalities(
    late=Article("招标投标法实施条例", "第36条"),
    unsealed=Article("电子招标投标办法", "第26条"),
    received=Article("电子招标投标办法", "第27条"),
    changed=Article("招标投标法", "第29条"),
    opened=Article("招标投标法", "第34条"),
    too_few=Article("招标投标法实施条例", "第44条"),
    recorded=Article("电子招标投标办法", "第32条"),
    objected=Article("招标投标法实施条例", "第44条"),
)
_NO_ARTICLE = Formalities(*[None] * len(fields(Formalities)))


def _without_tender(handed_in: Article, too_few: Article) -> Formalities:
    """Where responses are asked for without a tender: no law opens them.  handed_in: how, till when."""
    return replace(
        _NO_ARTICLE,
        late=handed_in,
        unsealed=handed_in,
        changed=handed_in,
        too_few=too_few,
        recorded=Article("政府采购法", "第42条"),
        objected=Article("政府采购法", "第51条"),
    )


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
    early=Period(2, Unit.WORKING_DAYS, Article("政府采购评审专家管理办法", "第14条")),  # to verify
    self_selection=Article("政府采购评审专家管理办法", "第13条"),  # to verify
)
_WORKS = Procedure(
    method=Method.TENDER,
    edition=Edition.WORKS_2019,
    title="公开招标（工程）",
    regime="A",
    addition=None,
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
    recheck=Article("评标委员会和评标方法暂行规定", "第43条"),  # opinions that differ; to verify
    by_lot=Article("招标投标法", "第37条"),
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
    early=Period(1, Unit.DAYS, Article("评标委员会和评标方法暂行规定", "第8条")),  # names no days: pools do; to verify
    self_selection=Article("招标投标法实施条例", "第47条"),
    short_list=Article("招标投标法实施条例", "第46条"),
    formulas=(tuple(FORMULAS), Article("招标投标法实施条例", "第49条")),
    terms=terms.WORKS,
    formalities=_TENDER_ACT,
    recordings=None,
    together=Together(Article("招标投标法", "第31条"), Article("招标投标法实施条例", "第37条"), all_invalid=True),
    silence=Article("招标投标法实施条例", "第44条"),
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
    formalities=_without_tender(Article(_RULES_214, "第13条"), Article(_RULES_214, "第34条")),  # to verify
    recordings=None,
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
    grounds=grounds.FOR_CONSULTATION,
    going_on={Category.SERVICES: (2, Article("财库〔2015〕124号", "全文"))},
    panel_qualifies=True,
    self_selection=Article(_RULES_214, "第14条"),
    early=None,  # how many are struck would tell who takes part, which nobody may know before the result
    invalid=Article(_RULES_214, "第16条"),  # to verify
    recheck=Article(_RULES_214, "第32条"),  # to verify
    by_lot=Article(_RULES_214, "第14条"),
    refund_left=Period(5, Unit.WORKING_DAYS, Article(_RULES_214, "第22条")),  # names no days: those of all; to verify
    form="two",
    two_envelopes=True,
    talks=True,
    order=("total", "quote", "technical"),
    formulas=((LOWEST,), Article(_RULES_214, "第24条")),
    seats=(_SMALL_PANEL, Article(_RULES_214, "第14条")),
    closed_hall=Article("政府采购法", "第38条"),
    terms=terms.CONSULTATION,
    silence=None,
)
_NEGOTIATION = replace(
    _CONSULTATION,
    method=Method.NEGOTIATION,
    edition=Edition.NEGOTIATION_2014,
    title="竞争性谈判",
    notice_title="竞争性谈判公告",
    least_competitors=Article(_RULES_74, "第37条"),
    formalities=_without_tender(Article(_RULES_74, "第15条"), Article(_RULES_74, "第37条")),  # to verify
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
    grounds=grounds.FOR_NEGOTIATION,
    going_on={},
    scores=False,
    order=("adjusted",),
    seats=(_SMALL_PANEL, Article(_RULES_74, "第7条")),
    self_selection=Article(_RULES_74, "第7条"),
    terms=terms.NEGOTIATION,
    invalid=Article(_RULES_74, "第30条"),  # to verify
    recheck=Article(_RULES_74, "第21条"),  # to verify
    by_lot=Article(_RULES_74, "第7条"),
    refund_left=Period(5, Unit.WORKING_DAYS, Article(_RULES_74, "第34条")),  # names no days: those of all; to verify
)
_INQUIRY = replace(
    _NEGOTIATION,
    method=Method.INQUIRY,
    edition=Edition.INQUIRY_2014,
    title="询价",
    grounds=(),  # the law has one case for it
    notice_title="询价公告",
    preparation=Period(3, Unit.WORKING_DAYS, Article(_RULES_74, "第45条")),
    supply=Period(3, Unit.WORKING_DAYS, Article(_RULES_74, "第45条")),
    notice=Period(3, Unit.WORKING_DAYS, Article(_RULES_74, "第45条")),
    correction=Period(3, Unit.WORKING_DAYS, Article(_RULES_74, "第45条")),
    price_weights={Category.GOODS: Decimal(100)},
    criteria=Article("政府采购法", "第40条"),
    least_compliant=(3, Article("政府采购法", "第40条")),
    closed_hall=Article(_RULES_74, "第25条"),  # what is heard in the review is not told; to verify
    terms=terms.INQUIRY,
    invalid=Article(_RULES_74, "第48条"),  # to verify
    refund_left=None,
    talks=False,  # the one price is sealed with the response, and opened for those who meet the requirements
)
_SECONDS = {
    "preparation": 10, "supply": 5, "notice": 5, "determination": 3600, "award_notice": 5, "contract_notice": 3600,
    "objection": 3600, "correction": 5, "questions": 3, "publicity": 3, "publicity_starts": 3600, "answer": 3600,
    "supervisor_report": 3600, "refund": 3600, "refund_winner": 3600,
    "refund_left": 3600,
}  # fmt: skip


def _rehearsed(row: Procedure, edition: Edition) -> Procedure:
    """The same procedure in seconds, of no legal effect."""
    played: dict[str, Any] = {
        name: Period(amount, Unit.SECONDS, period.law)
        for name, amount in _SECONDS.items()
        if (period := getattr(row, name)) is not None and period.amount
    }
    contract = Period(1, Unit.DAYS, row.contract.law)
    if row.selection:
        played["selection"] = replace(
            row.selection,
            enrolment=Period(10, Unit.SECONDS, row.selection.enrolment.law),
            accept=Period(600, Unit.SECONDS, row.selection.accept.law),
            low=row.selection.low and (row.selection.low[0], Period(60, Unit.SECONDS, row.selection.low[1].law)),
            panel=row.selection.panel and Period(1800, Unit.SECONDS, row.selection.panel.law),
            rescue=row.selection.rescue and Period(120, Unit.SECONDS, row.selection.rescue.law),
        )
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
        *supermarket.rows(_BY_TENDER, _rehearsed),
    )
}


METHODS: Mapping[Edition, Method] = {edition: method for method, edition in PROCEDURES}


def procedure_of(method: str, edition: str) -> Procedure:
    """The row of a method in an edition. KeyError or ValueError when there is none."""
    return PROCEDURES[Method(method), Edition(edition)]
