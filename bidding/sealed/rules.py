"""When sealed quotes open by themselves, which of them stand, which must be explained. Pure."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Protocol

from market.projects.rules import Stage
from proofs.merit import FEWEST, SHORTEST
from proofs.prices import places2
from proofs.quotes import LOWEST, reduced
from rulebook.actor import Actor, Role
from rulebook.house import own
from rulebook.refusal import Kind, Reason

FEW, CHOICE = own(6), own(8)
MOST_DRAWS = 3  # void draws of one thing, after which the purchase fails
LONGEST = 2000  # characters of an explanation
LONGEST_REASON = 500  # characters of why an explanation is taken or not
TAKEN = "业主逾期未认定，视为成立"
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


def not_rescued(count: int) -> Reason:
    """Why there are too few quotes after an opening in which holders fell short.  count: envelopes that stayed shut."""
    text = "密钥保管单位没有放足钥匙，{count} 份报价在期限内也没有由机构自行解开"
    return Reason("sealed.not-rescued", Kind.NOT_NOW, text, CHOICE, {"count": count})


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


def why_not_rate(
    said: object, quote: Decimal | None, *, base: Decimal, asked: Mapping[str, str] | None
) -> tuple[Reason, ...]:
    """Reasons why a quote put as a rate off the cap does not stand.  said: the rate on its sheet.  base: yuan.

    asked: {"least", "most"}, None where amounts are asked for. The price must be what the rate makes of the base.
    """
    if asked is None or quote is None:
        return ()
    try:
        price = reduced(base, said if isinstance(said, str) else "")
    except ValueError:
        return (Reason("quote.no-rate", Kind.NOT_VALID, "报价单没有写明有效的下浮率", CHOICE),)
    if not Decimal(asked["least"]) <= Decimal(str(said)) <= Decimal(asked["most"]):
        return (Reason("quote.rate-out", Kind.NOT_VALID, "下浮率应在 {least}% 至 {most}% 之间", CHOICE, asked),)
    if price != quote:
        text = "下浮 {rate}% 应为 {price} 元，报价单写的是 {quote} 元"
        values = {"rate": str(said), "price": f"{price:,.2f}", "quote": f"{quote:,.2f}"}
        return (Reason("quote.rate-differs", Kind.NOT_VALID, text, CHOICE, values),)
    return ()


def low_bound(quotes: Sequence[Decimal], share: Decimal) -> Decimal | None:
    """Below which quote an explanation is asked for: a share of the mean; None of too few to compare."""
    if len(quotes) < FEWEST_TO_COMPARE:
        return None
    return places2(sum(map(Fraction, quotes), Fraction()) / len(quotes) * Fraction(share))


def unexplained() -> Reason:
    """Why a low quote does not stand."""
    return Reason("quote.unexplained", Kind.NOT_VALID, "报价明显偏低，未在期限内说明理由", CHOICE)


def unbelieved(why: str) -> Reason:
    """Why a quote whose explanation was not taken does not win.  why: the buyer's reason."""
    return Reason("quote.unbelieved", Kind.NOT_VALID, "报价说明未被采纳：{why}", CHOICE, {"why": why})


def none_explained() -> Reason:
    """Why the purchase fails where every quote is out."""
    return Reason("quote.none-explained", Kind.NOT_VALID, "报价均明显偏低，未说明理由或者说明不成立", CHOICE)


class Explained(Protocol):
    """What the rules look at of a quote far below the others."""

    @property
    def due_at(self) -> datetime: ...
    @property
    def answered_at(self) -> datetime | None: ...
    @property
    def judge_by(self) -> datetime | None: ...
    @property
    def judged_at(self) -> datetime | None: ...
    @property
    def reason(self) -> str: ...


def is_pending(low: Explained, *, at: datetime) -> bool:
    """Whether its explanation, or the buyer's word on it, may still come."""
    if low.answered_at is None:
        return at < low.due_at
    return low.judged_at is None and low.judge_by is not None and at < low.judge_by


def why_low_is_out(low: Explained) -> Reason:
    """Why a low quote that was not accepted does not win."""
    return unbelieved(low.reason) if low.judged_at else unexplained()


def why_not_judge_low(low: Explained | None, *, is_officer: bool, reason: str, at: datetime) -> tuple[Reason, ...]:
    """Reasons against the buyer's word on an explanation: its officer, once it is in, once, in time, with a reason."""
    if not is_officer:
        return (Reason("explanation.not-buyer", Kind.NOT_YOURS, "仅本单位的采购经办人可以认定报价说明", CHOICE),)
    if low is None or low.answered_at is None:
        return (Reason("explanation.none", Kind.NOT_NOW, "没有等待认定的报价说明", CHOICE),)
    if low.judged_at is not None:
        return (Reason("explanation.judged", Kind.NOT_NOW, "已经认定", CHOICE),)
    if not is_pending(low, at=at):
        return (Reason("explanation.judged-late", Kind.NOT_NOW, "认定的期限已过，视为成立", CHOICE),)
    if not 1 <= len(reason.strip()) <= LONGEST_REASON:
        values = {"longest": LONGEST_REASON}
        return (Reason("explanation.why", Kind.NOT_VALID, "请写明认定的理由，不超过 {longest} 字", CHOICE, values),)
    return ()


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


PANEL = own(18)


def no_points(within: str) -> Reason:
    """Why a purchase fails whose panel came to no end. Says nothing of who did not judge.  within: its time."""
    text = "评审小组未在开启后{within}内完成打分"
    return Reason("panel.late", Kind.NOT_NOW, text, PANEL, {"within": within})


def _over(code: str) -> Reason:
    return Reason(code, Kind.NOT_NOW, "评审的期限已过或者评审已经结束", PANEL)


def why_not_name(
    *, is_officer: bool, own: bool, expert: bool, named: bool, stage: str, begun: bool, late: bool,
    barred: bool = False,
) -> tuple[Reason, ...]:  # fmt: skip
    """Reasons against putting somebody on the owner's panel.  own: one of his people.  begun: points were given.

    late: the panel's time is over.  barred: a decision keeps this expert from judging; the owner is not told so.
    """
    if not is_officer:
        return (Reason("judge.not-officer", Kind.NOT_YOURS, "仅本单位的采购经办人可办理", PANEL),)
    if stage not in (Stage.OPEN, Stage.DECIDING) or begun:
        return (Reason("judge.not-now", Kind.NOT_NOW, "已经开始打分或者不在评审阶段，不能再变动评审小组", PANEL),)
    if late:
        return (_over("judge.late"),)
    if named:
        return (Reason("judge.twice", Kind.NOT_VALID, "已在评审小组中", PANEL),)
    if not own and not expert:
        return (Reason("judge.stranger", Kind.NOT_VALID, "评审小组由业主本单位人员或者受邀专家组成", PANEL),)
    if barred:
        return (Reason("judge.cannot", Kind.NOT_VALID, "该专家现在不能参加本次评审，请另行邀请", PANEL),)
    return ()


def why_not_declare(
    *, is_judge: bool, fixed: bool, late: bool, declared: bool, recused: bool, reason: str
) -> tuple[Reason, ...]:
    """Reasons against a judge's word on what ties him to those who offer.  late: the panel's time is over."""
    if not is_judge:
        return (Reason("judge.not-a-judge", Kind.NOT_YOURS, "不是本次评审小组成员", PANEL),)
    if not fixed:
        return (Reason("judge.not-open", Kind.NOT_NOW, "开启以后才知道有哪些机构，再声明回避", PANEL),)
    if late:
        return (_over("judge.declared-late"),)
    if declared:
        return (Reason("judge.declared", Kind.NOT_NOW, "已经声明", PANEL),)
    if recused and not reason.strip():
        return (Reason("judge.why", Kind.NOT_VALID, "回避的请写明原因", PANEL),)
    return ()


def why_not_assess(
    *, may_judge: bool, late: bool, judges: tuple[int, int], offers: bool, again: bool, faults: Sequence[str],
    reason: str,
) -> tuple[Reason, ...]:  # fmt: skip
    """Reasons against one judge's points for one provider.  judges: how many may judge, how many have not declared.

    late: the panel's time is over.
    """
    if not may_judge:
        return (Reason("score.not-a-judge", Kind.NOT_YOURS, "先声明没有需要回避的情形，方可打分", PANEL),)
    if late:
        return (_over("score.late"),)
    able, silent = judges
    if silent or able < FEWEST:
        text = "不少于 {least} 人且都声明回避情况以后，方可打分"
        return (Reason("score.too-few", Kind.NOT_NOW, text, PANEL, {"least": FEWEST}),)
    if not offers:
        return (Reason("score.nobody", Kind.NOT_VALID, "没有这份有效报价"),)
    if again:
        return (Reason("score.given", Kind.NOT_NOW, "已经打分，不能更改", PANEL),)
    reasons = [Reason("score.points", Kind.NOT_VALID, "{why}", PANEL, {"why": why}) for why in faults]
    if len(reason.strip()) < SHORTEST:
        reasons.append(
            Reason("score.no-reason", Kind.NOT_VALID, "请写明理由，不少于 {least} 个字", PANEL, {"least": SHORTEST})
        )
    return tuple(reasons)
