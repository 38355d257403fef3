"""Two at least keep a house's key, and each has shown once that he can open his copy. Pure."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from rulebook.actor import Actor, Role
from rulebook.house import own
from rulebook.refusal import Kind, Reason

LAW = own(97)
FEWEST = 2
ANSWER_WITHIN = timedelta(minutes=30)


def why_not_keep(*, active: bool, keeps: bool) -> tuple[Reason, ...]:
    """Reasons against naming a custodian."""
    if not active:
        return (Reason("custody.blocked", Kind.NOT_NOW, "账户已停用", LAW),)
    return (Reason("custody.keeps", Kind.NOT_NOW, "已经是密钥保管人", LAW),) if keeps else ()


def why_not_revoke(*, administers: bool, keeps: bool, alone: bool, by: Actor) -> tuple[Reason, ...]:
    """Reasons against this person's ending a generation of his house's key: its administrators and custodians may.

    alone: a citizen, who is his house.
    """
    if by.role is Role.SYSTEM or administers or keeps or alone:
        return ()
    return (Reason("custody.not-keeper", Kind.NOT_YOURS, "仅本单位的单位管理员和密钥保管人可以吊销密钥", LAW),)


def why_not_drill(
    *, said: Mapping[str, Any], challenge: str, asked_at: datetime | None, newest: int, by: Actor, at: datetime
) -> tuple[Reason, ...]:
    """Reasons against counting a drill: one's own, of the newest generation, over the challenge just given."""
    if said["org"] != by.organisation or said["person"] != by.person:
        return (Reason("custody.not-own", Kind.NOT_YOURS, "声明不是您本人、本单位的", LAW),)
    if said["gen"] != newest:
        text = "这是第 {gen} 代密钥，请用最新的第 {newest} 代"
        return (Reason("custody.old-key", Kind.NOT_VALID, text, LAW, {"gen": said["gen"], "newest": newest}),)
    if asked_at is None or not challenge or said["challenge"] != challenge or at >= asked_at + ANSWER_WITHIN:
        return (Reason("custody.stale", Kind.NOT_NOW, "题目已失效，请刷新本页重新演练", LAW),)
    return ()
