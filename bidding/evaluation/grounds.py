"""On which grounds a bid is invalid: one table per regime, with their articles. Pure.

Members choose from the table of their regime. What arithmetic, the talks or the panel's matters find is nobody's vote.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from bidding.opening.consortia import Fault
from rulebook.law import Article
from rulebook.terms import Terms


@dataclass(frozen=True)
class Ground:
    """text: a sentence in the terms of the purchase.  law: its own article; None: the one the procedure has for all."""

    text: str
    law: Article | None = None

    def words(self, terms: Terms) -> str:
        """The sentence in these terms."""
        return self.text.format(terms=terms)


OVER_CAP = "over-cap"
NO_QUOTE = "no-quote"
BANNED = "banned"  # when the bid came in
LEFT, SILENT = "left", "silent"  # of a negotiation: before the quotes; by quoting nothing

# 87号令 第63条: the purchaser judges qualification, so it is no ground here.
_GOODS: Mapping[str, Ground] = {
    "deposit": Ground("未按{terms.documents}的规定提交{terms.guarantee}"),
    "unsigned": Ground("{terms.file}未按{terms.documents}要求签署、盖章"),
    "conditions": Ground("{terms.file}含有{terms.buyer}不能接受的附加条件"),
    "requirements": Ground("不满足{terms.documents}的实质性要求"),
    "other": Ground("法律、法规和{terms.documents}规定的其他无效情形"),
}
_WORKS: Mapping[str, Ground] = {
    "unqualified": Ground("投标人不符合国家或者招标文件规定的资格条件"),
    "not-signed": Ground("投标文件未经投标单位盖章和单位负责人签字"),
    "consortium": Ground("投标联合体没有提交共同投标协议"),
    "several": Ground("同一投标人提交两个以上不同的投标文件或者投标报价"),
    "below-cost": Ground("投标报价低于成本"),
    "unresponsive": Ground("投标文件没有对招标文件的实质性要求和条件作出响应"),
    "collusion": Ground("投标人有串通投标、弄虚作假、行贿等违法行为"),
}
# 财库〔2014〕214号 第16条, 74号令 第30条 and the like: a response that does not meet the documents is
# invalid; what else there is are the conditions of 政府采购法. All to verify.
_RESPONSES: Mapping[str, Ground] = {
    "unqualified": Ground("供应商不符合{terms.documents}规定的资格条件", Article("政府采购法", "第22条")),
    "not-signed": Ground("响应文件未按{terms.documents}要求签署、盖章"),
    "deposit": Ground("未按{terms.documents}的规定交纳{terms.guarantee}"),
    "consortium": Ground("联合体没有提交联合协议", Article("政府采购法", "第24条")),
    "conditions": Ground("响应文件含有采购人不能接受的附加条件"),
    "unresponsive": Ground("未实质性响应{terms.documents}，响应文件按无效处理"),
    "collusion": Ground("供应商有恶意串通、提供虚假材料等违法行为", Article("政府采购法", "第77条")),
}
# By regime: A 招标投标法 (works), B 政府采购法 tenders, C other methods.
GROUNDS: Mapping[str, Mapping[str, Ground]] = {"A": _WORKS, "B": _GOODS, "C": _RESPONSES}
FOUND: Mapping[str, Ground] = {
    OVER_CAP: Ground("报价超过{terms.documents}中规定的预算金额或者最高限价"),
    NO_QUOTE: Ground("{terms.sheet}没有明确的报价金额"),
    LEFT: Ground("在提交最后报价之前退出"),
    SILENT: Ground("未在规定时间内提交最后报价，视为退出"),
    "uncorrected": Ground("不确认按规定修正后的报价"),
    "unexplained": Ground("报价明显偏低，未在合理时间内书面说明，或者不能证明其报价合理性"),
    Fault.MALFORMED: Ground("联合体成员名单或者联合体协议不符合要求"),
    Fault.CODE: Ground("联合体成员的统一社会信用代码有误"),
    BANNED: Ground("递交{terms.bid}时处于禁止参加采购活动的期限内"),
    Fault.BANNED: Ground("联合体成员处于禁止参加采购活动的期限内"),
    Fault.TWICE: Ground("联合体各方又单独{terms.bid}，或者参加了另一联合体"),
    Fault.CONCERNED: Ground("以自己名义{terms.bid}，又是另一联合体的成员，相关{terms.bid}均无效"),
    Fault.UNCONFIRMED: Ground("联合体成员没有以自己的密钥确认参加本联合体"),
}

ONCE = frozenset({Fault.TWICE, Fault.CONCERNED})  # by the article of the procedure on those who bid together


def words(key: str, *, regime: str, terms: Terms) -> str:
    """A ground as the report states it. KeyError for what is none of this regime."""
    return {**FOUND, **GROUNDS[regime]}[key].words(terms)
