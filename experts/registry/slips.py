"""Slips: the one-time word with which somebody who was entered by a workbook opens his account. Pure."""

import hashlib
from datetime import datetime, timedelta

from experts.registry.rules import Standing, why_not_keep_register
from rulebook.actor import Actor
from rulebook.refusal import Kind, Reason

LASTS = timedelta(days=14)  # a letter takes days; whoever finds one a month later finds nothing
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # no I, L, O, U: they are read as other signs
LENGTH = 20  # signs of 5 bits: 100 bits, so that a plain hash is enough
MOST_AT_ONCE = 200
LONGEST_REASON = 300


def spelt(word: str) -> str:
    """A word as it is printed: in fives."""
    return "-".join(word[n : n + 5] for n in range(0, len(word), 5))


def digest(word: str) -> str:
    """What is kept of a word; however it was typed in."""
    plain = "".join(sign for sign in word.upper() if sign.isalnum()).translate(str.maketrans("ILO", "110"))
    return hashlib.sha256(plain.encode()).hexdigest()


def why_not_issue(*, opened: bool, identified: bool, standing: Standing, by: Actor) -> tuple[Reason, ...]:
    """Reasons against a slip.  opened: the account has a password.  identified: an identity number is on record."""
    if reasons := why_not_keep_register(by=by):
        return reasons
    if opened:
        return (Reason("slip.opened", Kind.NOT_NOW, "该专家的账户已经启用，不能再发凭证"),)
    if standing is Standing.LEFT:
        return (Reason("slip.left", Kind.NOT_NOW, "该专家已退出专家库"),)
    if not identified:
        return (Reason("slip.unidentified", Kind.NOT_NOW, "未登记身份证号码，无法核对本人，不能发放凭证"),)
    return ()


def words(word: str, *, until: str, where: str) -> str:
    """What a slip says as a message; what else it takes, its person knows."""
    return f"评审专家库：账户启用凭证{spelt(word)}，{until}前在{where}凭本人身份证号码使用一次，勿告知他人。"


def why_not_ask_again(
    *, opened: bool, identified: bool, standing: Standing, waits: bool, reason: str, by: Actor
) -> tuple[Reason, ...]:
    """Reasons against asking for a slip for somebody who lost his password.  waits: it is asked for already."""
    if reasons := why_not_keep_register(by=by):
        return reasons
    if not opened:
        return (Reason("slip.not-opened", Kind.NOT_NOW, "该专家的账户尚未启用，可直接发放启用凭证"),)
    if waits:
        return (Reason("slip.asked", Kind.NOT_NOW, "已有重发申请待另一名管理人员复核"),)
    if reasons := why_not_issue(opened=False, identified=identified, standing=standing, by=by):
        return reasons
    if not 4 <= len(reason.strip()) <= LONGEST_REASON:
        text = "请写明怎样核实是本人要求（4至300字）"
        return (Reason("slip.no-reason", Kind.NOT_VALID, text),)
    return ()


def why_not_decide_again(*, first: str, by: Actor) -> tuple[Reason, ...]:
    """Reasons against deciding on that: another keeper than who asked.  first: public id of who did; empty: nobody."""
    if reasons := why_not_keep_register(by=by):
        return reasons
    if not first:
        return (Reason("slip.not-asked", Kind.NOT_NOW, "没有待复核的重发申请"),)
    if first == by.person:
        return (Reason("slip.second-person", Kind.NOT_YOURS, "须由申请人以外的另一名管理人员复核"),)
    return ()


def why_not_use(
    *, expires_at: datetime | None, used: bool, same_person: bool, stays: bool, at: datetime
) -> tuple[Reason, ...]:
    """Reasons against opening an account by a slip: one sentence for all of them, or it would say which guess was near.

    expires_at: None when no slip has that word.  stays: still in the register.
    """
    if expires_at is None or used or at >= expires_at or not same_person or not stays:
        text = "凭证不存在、已使用或已过期，或者身份证号码不符。请核对后再试，或者向专家库管理人员重新领取"
        return (Reason("slip.not-good", Kind.NOT_VALID, text),)
    return ()
