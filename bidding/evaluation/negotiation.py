"""Who may do what in a negotiation (磋商、谈判) before the last quotes are in. Pure.

Gates in order: who, when, what. To a supplier nothing tells of the others: not whether there are any, nor how many.
"""

from collections.abc import Collection

from bidding.evaluation.rules import LONGEST_NOTE, Step, not_member
from rulebook.actor import Actor, Role
from rulebook.law import Article
from rulebook.refusal import Kind, Reason

LONGEST = 8 * LONGEST_NOTE
ONE_BY_ONE = Article("政府采购法", "第38条")
ALL_ALIKE = Article("政府采购法", "第38条")
LEAVE = Article("政府采购竞争性磋商采购方式管理暂行办法", "第22条")


def _not_talking(step: Step) -> tuple[Reason, ...]:
    if step is not Step.TALKS:
        return (Reason("talks.not-now", Kind.NOT_NOW, "现在不是谈判（磋商）的环节", ONE_BY_ONE),)
    return ()


def _not_leader(leads: bool) -> tuple[Reason, ...]:
    if not leads:
        return (Reason("talks.not-leader", Kind.NOT_YOURS, "由评审组长代表评审小组请供应商报价"),)
    return ()


def why_not_note(*, seat: int | None, step: Step, org: str, going_on: Collection[str], text: str) -> tuple[Reason, ...]:
    """Reasons against a member's record of a negotiation with one supplier.

    Law: 政府采购法 第38条 (the whole panel negotiates with each supplier alone).
    """
    if shut := not_member(seat) or _not_talking(step):
        return shut
    if org not in going_on:
        return (Reason("talks.not-in-it", Kind.NOT_VALID, "请选择一家参加谈判（磋商）的供应商"),)
    return _why_not_text(text)


def why_not_change(*, seat: int | None, step: Step, text: str) -> tuple[Reason, ...]:
    """Reasons against the panel's proposing a change of what is wanted."""
    return not_member(seat) or _not_talking(step) or _why_not_text(text)


def why_not_confirm(*, buyer: str, step: Step, confirmed: bool, by: Actor) -> tuple[Reason, ...]:
    """Reasons against the purchaser's confirming a change; then all suppliers are told alike.

    Law: 政府采购法 第38条; 财库〔2014〕214号 第20条.
    """
    if by.role is not Role.OFFICER or by.organisation != buyer:
        return (Reason("evaluation.not-officer", Kind.NOT_YOURS, "仅{terms.buyer}经办人可办理"),)
    if confirmed:
        return (Reason("talks.confirmed", Kind.NOT_NOW, "该变动已经确认并通知"),)
    return _not_talking(step)


def why_not_call_round(
    *, seat: int | None, leads: bool, step: Step, going_on: Collection[str], noted: Collection[str], waiting: int,
    first: bool,
) -> tuple[Reason, ...]:  # fmt: skip
    """Reasons against calling for sealed quotes: the leader does it for the panel.

    noted: with whom a negotiation is on record.  waiting: changes the purchaser has not confirmed.  first: no round
    was called before: everybody was heard.
    Law: 政府采购法 第38条; 财库〔2014〕214号 第19条, 第21条.
    """
    if shut := not_member(seat) or _not_leader(leads) or _not_talking(step):
        return shut
    if waiting:
        return (Reason("talks.unconfirmed", Kind.NOT_NOW, "尚有采购需求变动未经{terms.buyer}确认", ALL_ALIKE),)
    if first and not set(going_on) <= set(noted):
        text = "应先与每一家供应商谈判（磋商）并作记录，机会均等"
        return (Reason("talks.not-all-heard", Kind.NOT_NOW, text, ONE_BY_ONE),)
    return ()


def why_not_leave(*, step: Step, takes_part: bool, by: Actor) -> tuple[Reason, ...]:
    """Reasons against a supplier's leaving: until a round is called; from then on, quoting nothing is leaving.

    Law: 财库〔2014〕214号 第22条; 74号令 第34条.
    """
    if by.role is not Role.PROVIDER or not takes_part:
        return (Reason("talks.not-supplier", Kind.NOT_YOURS, "仅参加谈判（磋商）的供应商可以退出"),)
    if step is not Step.TALKS:
        text = "只能在谈判（磋商）期间退出；报价环节不提交报价即视为退出"
        return (Reason("talks.quoting", Kind.NOT_NOW, text, LEAVE),)
    return ()


def _why_not_text(text: str) -> tuple[Reason, ...]:
    if not 1 <= len(text.strip()) <= LONGEST:
        values = {"most": LONGEST}
        return (Reason("talks.text", Kind.NOT_VALID, "请写明内容，不超过{most}字", values=values),)
    return ()
