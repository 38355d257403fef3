"""When too few bid, or too few bids could be opened: what follows by regime, and the reasons given. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from rulebook.house import own
from rulebook.law import Article
from rulebook.refusal import Kind, Reason

EFFECTIVE_TOO_FEW = Article("87号令", "第43条")
COMPETITION = Article("评标委员会和评标方法暂行规定", "第27条")

OTHER_METHODS = Article("政府采购法", "第38条")
SUPERMARKET = own(6)


@dataclass(frozen=True)
class FewPath:
    """What follows when fewer than the least number of bids could be opened.

    ends: the purchase fails there and then; otherwise the panel says whether those left still compete.
    """

    ends: bool
    law: Article


# By regime: A 招标投标法 (works), B 政府采购法 tenders, C other methods, D the supermarket of services.
FEW_PATHS: Mapping[str, FewPath] = {
    "A": FewPath(ends=False, law=COMPETITION),
    "B": FewPath(ends=True, law=EFFECTIVE_TOO_FEW),
    "C": FewPath(ends=False, law=OTHER_METHODS),
    "D": FewPath(ends=True, law=SUPERMARKET),
}


def too_few(least: int, law: Article | None) -> Reason:
    """Why a tender is not opened."""
    return Reason(
        "hall.too-few-bids", Kind.NOT_NOW, "{terms.bidder}不足 {min} 家，不得{terms.opening}", law, {"min": least}
    )


def too_few_quotes(least: tuple[int, Article]) -> Reason:
    """Why a round of quotes is not opened, and the purchase ends."""
    text = "继续参加并按时报价的供应商不足 {min} 家，报价不予开启，采购终止"
    return Reason("quotes.too-few", Kind.NOT_NOW, text, least[1], {"min": least[0]})


def too_few_effective(least: int, law: Article = EFFECTIVE_TOO_FEW) -> Reason:
    """Why a tender that was opened still fails."""
    text = "成功开启的{terms.bid}不足 {min} 家，不得{terms.evaluation}，应宣布{terms.failure}"
    return Reason("hall.too-few-effective", Kind.NOT_NOW, text, law, {"min": least})


def by_cause(revoked: int, withdrawn: int, law: Article | None) -> Reason:
    """Why so few could be opened, without names: how many by their bidders' doing, how many for other causes."""
    text = "未能开启的{terms.bid}：因{terms.bidder}原因视为撤销 {revoked} 家，因其他原因视为撤回 {withdrawn} 家"
    return Reason("hall.failed-by-cause", Kind.NOT_NOW, text, law, {"revoked": revoked, "withdrawn": withdrawn})
