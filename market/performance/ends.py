"""When a contract may be ended before everything is accepted. Pure."""

from datetime import datetime

from intermediaries.ratings.rules import Parties, Side
from market.performance.rules import SHORTEST_REASON, Outcome, why_not_party, why_not_under_way
from market.projects.periods import Period, Unit
from rulebook.actor import Actor, Role
from rulebook.house import own
from rulebook.law import Article
from rulebook.refusal import Kind, Reason

GROUNDS = Article("民法典", "第563条")
NOTICE = Article("民法典", "第565条")
REPLY = Period(5, Unit.WORKING_DAYS, own(3))


def why_not_begin(*, stage: str, parties: Parties, waiting: bool, by: Actor) -> tuple[Reason, ...]:
    """Reasons against giving notice at all."""
    shut = why_not_party(parties=parties, by=by) or why_not_under_way(stage)
    if shut:
        return shut
    if waiting:
        return (Reason("termination.waiting", Kind.NOT_NOW, "已有一份解除通知等待处理", NOTICE),)
    return ()


def why_not_terminate(
    *, stage: str, parties: Parties, waiting: bool, grounds: str, files: int, by: Actor
) -> tuple[Reason, ...]:
    """Reasons against giving notice: a side of the contract under way, with grounds and evidence.

    Law: 民法典 第563条, 第565条.
    """
    shut = why_not_begin(stage=stage, parties=parties, waiting=waiting, by=by)
    if shut:
        return shut
    reasons: list[Reason] = []
    if len(grounds.strip()) < SHORTEST_REASON:
        reasons.append(Reason("termination.no-grounds", Kind.NOT_VALID, "应写明解除合同的事实和理由", GROUNDS))
    if files < 1:
        reasons.append(Reason("termination.no-evidence", Kind.NOT_VALID, "应附证据文件", GROUNDS))
    return tuple(reasons)


def why_not_reply(
    *, stage: str, parties: Parties, side: str | None, replied: bool, agrees: bool, text: str, by: Actor
) -> tuple[Reason, ...]:
    """Reasons against a reply: the other side, once; whoever objects says why.  side: who gave notice, None: nobody."""
    shut = why_not_party(parties=parties, by=by) or why_not_under_way(stage)
    if shut:
        return shut
    if side is None or replied:
        return (Reason("termination.nothing-to-answer", Kind.NOT_NOW, "没有待答复的解除通知", NOTICE),)
    if parties.side_of(by) == side:
        return (Reason("termination.own", Kind.NOT_YOURS, "由对方答复", NOTICE),)
    if not agrees and len(text.strip()) < SHORTEST_REASON:
        return (Reason("termination.no-answer", Kind.NOT_VALID, "有异议的，应写明理由", NOTICE),)
    return ()


def why_not_withdraw(*, stage: str, parties: Parties, side: str | None, by: Actor) -> tuple[Reason, ...]:
    """Reasons against taking a notice back: whoever gave it, while it has no end."""
    shut = why_not_party(parties=parties, by=by) or why_not_under_way(stage)
    if shut:
        return shut
    if side is None or parties.side_of(by) != Side(side):
        return (Reason("termination.not-own", Kind.NOT_NOW, "没有本方发出、尚未处理的解除通知"),)
    return ()


def why_not_decide(
    *, stage: str, side: str | None, disputed: bool, outcome: str, text: str, by: Actor
) -> tuple[Reason, ...]:
    """Reasons against writing down how a dispute over a notice ended: the supervision, with the decision's words.

    The platform decides nothing: a court, an arbitrator or a mediator did, or the two sides agreed.
    """
    if by.role is not Role.SUPERVISOR:
        return (Reason("termination.not-supervisor", Kind.NOT_YOURS, "由监督人员登记裁判、仲裁或者调解结果"),)
    shut = why_not_under_way(stage)
    if shut:
        return shut
    if side is None or not disputed:
        return (Reason("termination.no-dispute", Kind.NOT_NOW, "没有争议中的解除通知", NOTICE),)
    if outcome not in (Outcome.DECIDED, Outcome.REJECTED) or len(text.strip()) < SHORTEST_REASON:
        return (Reason("termination.no-decision", Kind.NOT_VALID, "请选定结果并写明文书名称、文号", NOTICE),)
    return ()


def why_not_end_silent(
    *, side: str | None, replied: bool, due_at: datetime, by: Actor, at: datetime
) -> tuple[Reason, ...]:
    """Reasons against ending by silence: the platform alone, where nobody answered in time."""
    if by.role is not Role.SYSTEM:
        return (Reason("termination.not-system", Kind.NOT_YOURS, "答复期限届满由平台自动办理"),)
    if side is None or replied or at < due_at:
        return (Reason("termination.not-silent", Kind.NOT_NOW, "答复期限未满，或者对方已经答复", NOTICE),)
    return ()
