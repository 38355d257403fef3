"""The guarantee in an opened bid against what the tender asks. Pure."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from rulebook.law import Article
from rulebook.refusal import Kind, Reason


def why_not_enough(
    *, asked: Mapping[str, Any], given: Mapping[str, Any] | None, law: Article, opened_on: date
) -> tuple[Reason, ...]:
    """Everything in which a bidder's guarantee falls short of the tender's terms; all at once.

    asked: {"amount": yuan, "forms"}.  given: as the opened bid says it, {"fault"} where that says it in no form that
    counts, None where it holds none.  law: the article under which the guarantee is asked.
    opened_on: the day of the opening, which it must outlast.
    Law: 政府采购法实施条例 第33条; 招标投标法实施条例 第26条.
    """
    if given is None:
        return (Reason("deposit.none", Kind.NOT_VALID, "{terms.file}中没有{terms.guarantee}或保函", law),)
    if given.get("fault"):
        return (Reason("deposit.malformed", Kind.NOT_VALID, "{terms.file}中的保证金说明不符合格式", law),)
    reasons: list[Reason] = []
    if given["kind"] not in asked["forms"]:
        reasons.append(Reason("deposit.form", Kind.NOT_VALID, "保证金的形式不是{terms.documents}允许的形式", law))
    if Decimal(given["amount"]) < Decimal(asked["amount"]):
        values = {"asked": f"{Decimal(asked['amount']):,.2f}"}
        reasons.append(
            Reason("deposit.amount", Kind.NOT_VALID, "保证金金额少于{terms.documents}要求的 {asked} 元", law, values)
        )
    if given["until"] and date.fromisoformat(given["until"]) <= opened_on:
        reasons.append(Reason("deposit.until", Kind.NOT_VALID, "保函有效期没有超过{terms.opening}当日", law))
    return tuple(reasons)
