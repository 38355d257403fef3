"""Whether somebody may act for his house on a project. Pure."""

import re

from rulebook.actor import Actor, Role
from rulebook.house import own
from rulebook.refusal import Kind, Reason

LAW = own(97)
NUMBER = re.compile(r"[0-9A-Za-z-]{1,32}")
# Who bids, buys and hosts for a house. Holders, witnesses, supervisors and experts act in offices of their own.
ASKED = frozenset({Role.OFFICER, Role.PROVIDER})


def why_not_act(*, only_authorised: bool, authorised: bool, by: Actor) -> tuple[Reason, ...]:
    """Reasons against acting for one's house.  only_authorised: the house says that not everybody does."""
    if by.role in ASKED and only_authorised and not authorised:
        text = "本单位只由被授权的人办理本项目，请向单位管理员申请授权"
        return (Reason("people.not-authorised", Kind.NOT_YOURS, text, LAW),)
    return ()


def why_not_give(*, number: str, every: bool, active: bool, role: Role, given: bool) -> tuple[Reason, ...]:
    """Reasons against authorising somebody.  number: of the project.  every: all of them."""
    if not active or role not in ASKED:
        return (Reason("people.cannot-be-authorised", Kind.NOT_NOW, "该人员已停用，或者其岗位不办理投标、采购", LAW),)
    if not every and not NUMBER.fullmatch(number):
        return (Reason("people.project-number", Kind.NOT_VALID, "项目编号不对，请照公告上的抄写", LAW),)
    return (Reason("people.authorised-already", Kind.NOT_NOW, "已经授权", LAW),) if given else ()
