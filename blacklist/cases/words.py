"""What pages call the parts of a case."""

from django.utils.translation import gettext_lazy as _

from blacklist.cases.process import Act, Outcome, Source, State
from blacklist.cases.rules import Body, Family, Kind, Severity
from blacklist.cases.turns import Whose

FAMILY_WORDS = {Family.FAITH: _("失信"), Family.TRUTH: _("失真"), Family.FAIRNESS: _("失公")}
SEVERITY_WORDS = {Severity.MINOR: _("轻微"), Severity.GENERAL: _("一般"), Severity.SERIOUS: _("严重")}
KIND_WORDS = {Kind.POINTS: _("扣分"), Kind.SUSPENSION: _("暂停参与"), Kind.REMOVAL: _("清退")}
BODY_WORDS = {Body.ORGANISATION: _("单位"), Body.PERSON: _("个人")}
SOURCE_WORDS = {
    Source.BUYER: _("采购人报告"),
    Source.SUPERVISION: _("监督、见证或者运营人员报告"),
    Source.COMPLAINT: _("投诉转来"),
    Source.SYSTEM: _("平台记录"),
}
STATE_WORDS = {
    State.REPORTED: _("待核查"),
    State.EXAMINING: _("核查中"),
    State.NOTICED: _("已告知，待陈述、申辩"),
    State.HEARING: _("听证"),
    State.PROPOSED: _("待第二人复核"),
    State.DECIDED: _("已决定，待送达"),
    State.SERVED: _("已送达"),
    State.APPEALED: _("申诉审理中"),
    State.RULING: _("申诉待第二人复核"),
    State.CLOSED: _("申诉已结"),
    State.DISMISSED: _("不予处理"),
    State.REFERRED: _("已移送主管部门"),
}
TURN_WORDS = {
    Whose.KEEPER: _("承办人员"),
    Whose.EXAMINER: _("核查人员"),
    Whose.PARTY: _("当事人"),
    Whose.CHAIR: _("听证主持人"),
    Whose.SECOND: _("复核人员"),
    Whose.OTHERS: _("未参与原决定的承办人员"),
}
ACT_WORDS = {
    Act.REPORTED: _("报告"),
    Act.TAKEN_UP: _("开始核查"),
    Act.DISMISSED: _("不予处理"),
    Act.REFERRED: _("移送主管部门"),
    Act.NOTICED: _("告知"),
    Act.STATED: _("陈述、申辩"),
    Act.HEARING_ASKED: _("申请听证"),
    Act.HEARING_SET: _("通知听证"),
    Act.HEARD: _("听证笔录"),
    Act.PROPOSED: _("提出处理意见"),
    Act.AGREED: _("复核同意"),
    Act.RETURNED: _("复核退回"),
    Act.SERVED: _("送达"),
    Act.APPEALED: _("申诉"),
    Act.REPAIR_ASKED: _("申请修复"),
}
OUTCOME_WORDS = {
    Outcome.RESTRICT: _("作出限制"),
    Outcome.DISMISS: _("不予处理"),
    Outcome.REFER: _("移送主管部门"),
    Outcome.UPHELD: _("维持"),
    Outcome.CHANGED: _("变更"),
    Outcome.ANNULLED: _("撤销"),
    Outcome.REPAIRED: _("准予修复"),
    Outcome.REFUSED: _("不予修复"),
}
ENDED_WORDS = {"annulled": _("已撤销"), "changed": _("已变更"), "repaired": _("已修复")}


def masked(name: str) -> str:
    """A person's name as the public sees it: the first character, the rest covered."""
    return name[:1] + "*" * max(1, len(name) - 1)
