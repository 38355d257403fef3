"""The supermarket's rows: one per way of choosing a provider of services, as it is and in seconds. Pure.

The autonomous region's own rule leaves ways and periods to the platform as far as its text could be read; what is not
in it is the house's rule until the text is compared (to verify).
"""

from collections.abc import Callable
from dataclasses import fields, replace
from decimal import Decimal

from accounts.rules import Kind as Buyer
from market.projects import terms
from market.projects.periods import Period, Unit
from market.projects.procedure import Category, Credit, Edition, Formalities, Fund, Method, Procedure, Selection
from proofs.prices import LOWEST
from proofs.quotes import REFERENCE
from rulebook.house import own
from rulebook.law import Article

LOCAL = "内蒙古自治区网上中介服务超市管理办法"
OPENLY = Article("优化营商环境条例", "第43条")
PUBLIC_CHOICE = Article(LOCAL, "第3条")  # what fiscal money buys is chosen in the open; to verify
LEAST, LIMITS, ENROLMENT = own(6), own(4), own(5)
PUBLICITY, ACCEPTANCE, CONTRACT = own(9), own(10), own(11)
OBJECTION = own(9)
BY_PRICE, EXPLAINED = own(8), own(8)
PANEL = own(18)

LOW_PRICE = own(26)

_THREE = {Fund.FISCAL: 3, Fund.MIXED: 3, Fund.OWN: 1}
_TWO = {Fund.FISCAL: 3, Fund.MIXED: 3, Fund.OWN: 2}
_ANY = dict.fromkeys(Fund, None)
_OPEN = Selection(
    least=(_THREE, LEAST),
    enrols=True,
    enrolment=Period(3, Unit.WORKING_DAYS, ENROLMENT),
    accept=Period(3, Unit.WORKING_DAYS, ACCEPTANCE),
    limit=(_ANY, LIMITS),
)


def rows(base: Procedure, rehearsed: Callable[[Procedure, Edition], Procedure]) -> list[Procedure]:
    """Every way of choosing, as it is and rehearsed.  base: a row whose other columns nobody asks for here."""
    common = replace(
        base,
        regime="D",
        addition=(Decimal("0.1"), CONTRACT),
        formalities=Formalities(*[BY_PRICE] * len(fields(Formalities))),
        recordings=None,
        takes_offers=False,
        needs_hall=False,
        needs_panel=False,
        preparation=Period(3, Unit.WORKING_DAYS, ENROLMENT),
        supply=Period(3, Unit.WORKING_DAYS, ENROLMENT),
        notice=Period(3, Unit.WORKING_DAYS, ENROLMENT),
        publicity=Period(3, Unit.WORKING_DAYS, PUBLICITY),
        publicity_starts=Period(1, Unit.WORKING_DAYS, PUBLICITY),
        answer=Period(3, Unit.WORKING_DAYS, OBJECTION),
        determination=Period(5, Unit.WORKING_DAYS, PUBLICITY),
        award_notice=Period(1, Unit.WORKING_DAYS, PUBLICITY),
        contract=Period(30, Unit.DAYS, CONTRACT),
        contract_notice=Period(2, Unit.WORKING_DAYS, CONTRACT),
        objection=Period(3, Unit.WORKING_DAYS, OBJECTION),
        correction=Period(3, Unit.WORKING_DAYS, ENROLMENT),
        questions=Period(1, Unit.WORKING_DAYS, ENROLMENT),
        least_competitors=LEAST,
        least_compliant=(1, LEAST),
        budget_law=OPENLY,
        criteria=ENROLMENT,
        conditions=OPENLY,
        documents=ENROLMENT,
        invalid=ENROLMENT,
        recheck=PUBLICITY,
        by_lot=PUBLIC_CHOICE,
        short_list=ENROLMENT,
        remedy="异议",
        names_experts=False,
        deems=True,
        by_house=True,
        price_weights={Category.SERVICES: Decimal()},
        guarantee=(Decimal(), LIMITS),
        formulas=((LOWEST,), ENROLMENT),
        seats=(((Decimal(), 3),), ENROLMENT),
        drain=15,
        notice_title="采购公告",
        award_title="中选公告",
        failure_title="流标公告",
        terms=terms.SUPERMARKET,
        silence=None,
        page="market:purchase",
        buyers=base.buyers | {Buyer.CITIZEN},
        publish_url="market:purchase_edit",
    )
    small = {Fund.FISCAL: Decimal(50_000), Fund.MIXED: Decimal(50_000), Fund.OWN: None}  # local limits differ
    offering = replace(
        common, takes_offers=True, policy="C", form="one", order=("quote",), scores=False, terms=terms.OFFERING
    )
    sealed = replace(_OPEN, enrols=False, room="bidding:offer", rescue=Period(1, Unit.WORKING_DAYS, BY_PRICE))
    at_once = Period(0, Unit.DAYS, ENROLMENT)
    each = (
        (Edition.DIRECT, Edition.DIRECT_REHEARSAL,
         replace(common, method=Method.DIRECT, title="直接选取", min_competitors=1,
                 preparation=at_once, supply=at_once,
                 selection=replace(_OPEN, least=(dict.fromkeys(Fund, 1), LEAST), enrols=False, limit=(small, LIMITS),
                                   enrolment=at_once, standby=0, picks=True,
                                   says="业主自己选定一家，写明价格和理由；结果公示，接受异议。公共资金有限额，全年累计。"))),
        (Edition.RANDOM, Edition.RANDOM_REHEARSAL,
         replace(common, method=Method.RANDOM, title="随机抽取",
                 selection=replace(_OPEN, room="market:enrol", by_lot=True,
                                   says="业主定好价格，符合条件的机构报名，截止后当众摇号，人人可以重算。"))),
        (Edition.SEALED_PRICE, Edition.SEALED_PRICE_REHEARSAL,
         replace(offering, method=Method.SEALED_PRICE, title="竞价选取", form="quote",
                 selection=replace(sealed, asks=("formula",),
                                   by_price=((LOWEST, REFERENCE), BY_PRICE),
                                   coefficients=("0.95", "0.96", "0.97", "0.98"),
                                   low=(Decimal("0.60"), Period(1, Unit.WORKING_DAYS, EXPLAINED)),
                                   says="机构密封报价，到时一起开启，最低的或者最接近参考价的中选。"))),
        (Edition.MERIT, Edition.MERIT_REHEARSAL,
         replace(offering, method=Method.MERIT, title="择优选取", needs_panel=True, scores=True,
                 order=("total", "quote"),
                 selection=replace(sealed, least=(_TWO, LEAST), asks=("factors",),
                                   panel=Period(5, Unit.WORKING_DAYS, PANEL),
                                   says="机构密封提交方案和报价，业主组织不少于三人的小组逐家打分、写明理由，分数公布。"))),
        (Edition.CREDIT, Edition.CREDIT_REHEARSAL,
         replace(common, method=Method.CREDIT, title="信用择优",
                 selection=replace(_OPEN, least=(_TWO, LEAST), room="market:enrol", by_lot=True,
                                   credit=Credit(long=10, short=3), asks=("weights",),
                                   says="按信用分取前若干家，按公布的权重摇号缩小，再由业主写明理由选定一家。"))),
        (Edition.AUCTION, Edition.AUCTION_REHEARSAL,
         replace(common, method=Method.AUCTION, title="反向竞价",
                 selection=replace(_OPEN, least=(_TWO, LEAST), room="market:enrol", hides_names=True, asks=("auction",),
                                   low=(Decimal("0.50"), Period(1, Unit.WORKING_DAYS, LOW_PRICE)),
                                   says="报名的机构在约定时间当众匿名逐次降价，最后一口价中选。"))),
    )  # fmt: skip
    return [
        row
        for real, played, made in each
        for row in (replace(made, edition=real), rehearsed(replace(made, edition=real), played))
    ]
