"""Buying again what failed (重新招标、重新采购): when, on which article, and what must be said about it. Pure.

A new project follows the failed one; both name each other. Facts, criteria and documents may be taken over; bids, keys,
receipts, guarantees and the timetable may not. No law of these procedures makes a period shorter the second time, so
all periods of the edition hold again in full.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from market.projects.procedure import Category, Method, Procedure
from market.projects.rules import Stage, why_not_officer
from rulebook.actor import Actor
from rulebook.law import Article
from rulebook.refusal import Kind, Reason

LEAST_SAID = 10  # characters: a word is no reason
LONGEST_SAID = 2000  # characters
ANOTHER_METHOD = Article("政府采购法", "第37条")  # 87号令 第43条: with the approval of the finance body
TENDERED_AGAIN = Article("87号令", "第43条")
WORKS = Article("30号令", "第38条")
GOODS_FOR_WORKS = Article("27号令", "第34条")
TALKED_AGAIN: Mapping[Method, Article] = {
    Method.NEGOTIATION: Article("74号令", "第37条"),
    Method.INQUIRY: Article("74号令", "第50条"),
    Method.CONSULTATION: Article("财库〔2014〕214号", "第34条"),
}
CARRIED = ("采购需求、预算和限价", "评审标准和资格要求", "采购文件（可以替换）", "联系人")
LEFT = ("投标、报价和回执", "开启密钥和保管人清单", "保证金（第一次的须退还）", "获取文件的登记", "时间安排")


@dataclass(frozen=True)
class Said:
    """What the second purchase says of the first.

    analysis: why it failed.  measures: what was done about that.  approval: number of the paper that lets it be bought
    in another way; empty where the way is the same.
    """

    analysis: str = ""
    measures: str = ""
    approval: str = ""


def law_of(row: Procedure, category: str) -> Article:
    """The article on buying again what failed under a procedure."""
    if row.regime == "A":
        return GOODS_FOR_WORKS if category == Category.GOODS else WORKS
    return TALKED_AGAIN.get(row.method, TENDERED_AGAIN)


def why_not_again(*, stage: str, buyer: str, by_offers: bool, under_way: bool, by: Actor) -> tuple[Reason, ...]:
    """Reasons against buying again: the buyer's officer, what failed, once at a time.

    by_offers: it is no purchase of the supermarket, which has rules of its own.  under_way: another follows already.
    Law: 政府采购法 第37条; 招标投标法 第28条.
    """
    if shut := why_not_officer(buyer=buyer, by=by):
        return shut
    if stage == Stage.CANCELLED:
        text = "已终止的项目任务已经取消，不重新采购；再要采购的，另立项目"
        return (Reason("again.cancelled", Kind.NOT_NOW, text, ANOTHER_METHOD),)
    if stage != Stage.FAILED or not by_offers:
        return (Reason("again.not-failed", Kind.NOT_NOW, "{terms.failure}的项目才可以重新采购", ANOTHER_METHOD),)
    if under_way:
        return (Reason("again.under-way", Kind.NOT_NOW, "已经开始重新采购"),)
    return ()


def why_not_said(said: Said, *, before: Procedure, row: Procedure, category: str) -> tuple[Reason, ...]:
    """What a second purchase still has to say of the first before it is approved, all at once.

    before, row: the procedure that failed, and that of the new one.
    Law: 87号令 第43条; 30号令 第38条; 27号令 第34条; 政府采购法 第37条.
    """
    law = law_of(before, category)
    reasons: list[Reason] = []
    for code, words, text in (
        ("again.no-analysis", said.analysis, "应写明上一次{terms.failure}的原因，随公告公布"),
        ("again.no-measures", said.measures, "应写明针对原因改正了什么，随公告公布"),
    ):
        if len(words.strip()) < LEAST_SAID:
            reasons.append(Reason(code, Kind.NOT_VALID, text, law))
    if len({before.method, row.method}) > 1 and before.regime != "A" and not said.approval.strip():
        text = "改用其他方式采购的，应写明批准的文号"
        reasons.append(Reason("again.no-approval", Kind.NOT_VALID, text, ANOTHER_METHOD))
    return tuple(reasons)
