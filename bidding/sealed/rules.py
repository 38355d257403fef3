"""When sealed quotes open by themselves, which of them stand, which must be explained. Pure."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from fractions import Fraction

from market.projects.rules import Stage
from proofs.prices import places2
from proofs.quotes import LOWEST
from rulebook.actor import Actor, Role
from rulebook.law import Article
from rulebook.refusal import Kind, Reason

HOUSE = "明标中介服务超市规则"
FEW, CHOICE = Article(HOUSE, "第6条"), Article(HOUSE, "第8条")
MOST_DRAWS = 3  # void draws of one thing, after which the purchase fails
LONGEST = 2000  # characters of an explanation
TRIMMED = "最高或者最低报价，不参与中选"
FEWEST_TO_COMPARE = 3  # quotes; of fewer none is far below the others


def why_not_open(*, by: Actor, stage: str, announced: bool, opened: bool) -> tuple[Reason, ...]:
    """Reasons against opening now: the system, once the list is closed and witnessed.  No host and no supervisor."""
    if by.role is not Role.SYSTEM:
        return (Reason("sealed.not-system", Kind.NOT_YOURS, "密封报价到时由系统自动开启"),)
    if opened or stage != Stage.OPEN:
        return (Reason("sealed.opened", Kind.NOT_NOW, "已经开启或者终止"),)
    if not announced:
        return (Reason("sealed.not-witnessed", Kind.NOT_NOW, "封存清单正在入日志并等待见证签名"),)
    return ()


def too_few(least: int) -> Reason:
    """Why the envelopes are not opened, or nobody is chosen. Says nothing of who, or how many."""
    text = "按时有效报价的中介服务机构不足 {min} 家"
    return Reason("sealed.too-few", Kind.NOT_NOW, text, FEW, {"min": least})


def not_chosen(void: str) -> Reason:
    """Why the purchase fails after its lots came to nothing again and again."""
    return Reason("sealed.no-draw", Kind.NOT_NOW, "抽取多次作废：{why}", CHOICE, {"why": void})


def why_not_quote(quote: Decimal | None, *, cap: Decimal) -> tuple[Reason, ...]:
    """Reasons why an opened quote does not stand.  quote: yuan, None where its sheet names no plain amount."""
    if quote is None:
        return (Reason("quote.no-amount", Kind.NOT_VALID, "报价单没有写明有效金额", CHOICE),)
    if quote > cap:
        text = "报价超过最高限价 {cap} 元"
        return (Reason("quote.above-cap", Kind.NOT_VALID, text, CHOICE, {"cap": f"{cap:,.2f}"}),)
    return ()


def low_bound(quotes: Sequence[Decimal], share: Decimal) -> Decimal | None:
    """Below which quote an explanation is asked for: a share of the mean; None of too few to compare."""
    if len(quotes) < FEWEST_TO_COMPARE:
        return None
    return places2(sum(map(Fraction, quotes), Fraction()) / len(quotes) * Fraction(share))


def unexplained() -> Reason:
    """Why a low quote does not stand."""
    return Reason("quote.unexplained", Kind.NOT_VALID, "报价明显偏低，未在期限内说明理由", CHOICE)


def why_not_explain(
    *, org: str, asked: bool, answered: bool, due_at: datetime | None, text: str, by: Actor, at: datetime
) -> tuple[Reason, ...]:
    """Reasons against an explanation: the provider who was asked, once, in time, in words."""
    if by.role is not Role.PROVIDER or by.organisation != org or not asked:
        return (Reason("explanation.not-asked", Kind.NOT_YOURS, "没有请本单位说明的报价"),)
    if answered:
        return (Reason("explanation.given", Kind.NOT_NOW, "已经说明"),)
    if due_at is None or at >= due_at:
        return (Reason("explanation.late", Kind.NOT_NOW, "说明的期限已过", CHOICE),)
    if not 1 <= len(text.strip()) <= LONGEST:
        values = {"longest": LONGEST}
        return (Reason("explanation.empty", Kind.NOT_VALID, "请写明理由，不超过 {longest} 字", CHOICE, values),)
    return ()


def formula_of(formula: Mapping[str, object] | None) -> str:
    """By which formula of `proofs.quotes` is chosen; the lowest price where nothing is said."""
    return str((formula or {}).get("key") or LOWEST)
