"""Ending a purchase by its buyer's own word: on which grounds the law lets it, and what each end is. Pure.

It ends in failure (流标、废标), after which it is bought again, or it is terminated (终止), after which it is not.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from market.projects.procedure import Method, Procedure
from market.projects.rules import LIFE, Stage, why_not_officer
from rulebook.actor import Actor
from rulebook.house import own
from rulebook.law import Article
from rulebook.refusal import Kind, Reason

LONGEST_FACTS = 500  # characters


@dataclass(frozen=True)
class Ground:
    """One ground on which a buyer may end a purchase.

    to: which end it is.  law: its article by regime; a regime that is not named does not know the ground.
    methods: where the article depends on how is bought.
    """

    key: str
    words: str
    to: Stage
    law: Mapping[str, Article]
    methods: Mapping[Method, Article] | None = None

    def article(self, row: Procedure) -> Article | None:
        """The article by which it holds under a procedure; None where it does not."""
        if row.regime == "C" and self.methods is not None:
            return self.methods.get(row.method)
        return self.law.get(row.regime)


_ENDED = {  # 终止采购活动、重新开展的三种情形
    Method.NEGOTIATION: Article("74号令", "第37条"),
    Method.INQUIRY: Article("74号令", "第50条"),
    Method.CONSULTATION: Article("财库〔2014〕214号", "第34条"),
}
_CANCELLED = {
    Method.NEGOTIATION: Article("74号令", "第23条"),
    Method.INQUIRY: Article("74号令", "第23条"),
    Method.CONSULTATION: Article("财库〔2014〕214号", "第35条"),
}
_FAILED = Article("政府采购法", "第36条")
TERMINATED = Article("招标投标法实施条例", "第31条")
GROUNDS: tuple[Ground, ...] = (
    Ground(
        "few", "符合专业条件的供应商或者对{terms.documents}作实质响应的供应商不足三家", Stage.FAILED,
        {"B": _FAILED}, _ENDED,
    ),
    Ground(
        "rejected", "所有投标被否决，或者有效投标不足三个、明显缺乏竞争", Stage.FAILED,
        {"A": Article("招标投标法", "第42条")},
    ),
    Ground(
        "unfair", "出现影响采购公正的违法、违规行为", Stage.FAILED,
        {"A": Article("招标投标法实施条例", "第81条"), "B": _FAILED}, _ENDED,
    ),
    Ground(
        "price", "{terms.bidder}的报价均超过了采购预算，{terms.buyer}不能支付", Stage.FAILED,
        {"B": _FAILED}, _ENDED,
    ),
    Ground("none", "中标候选人均放弃或者不符合中标条件", Stage.FAILED, {"A": Article("招标投标法实施条例", "第55条")}),
    Ground(
        "unfit", "因情况变化，不再符合所用采购方式的适用情形", Stage.FAILED, {}, _ENDED,
    ),
    Ground(
        "change", "因重大变故，采购任务取消", Stage.CANCELLED,
        {"A": TERMINATED, "B": Article("87号令", "第29条"), "D": own(29)}, _CANCELLED,
    ),
    Ground("nobody", "名录中没有能够承担的机构，或者都不承接", Stage.CANCELLED, {"D": own(29)}),
    Ground("force", "因不可抗力，招标不能继续", Stage.CANCELLED, {"A": TERMINATED}),
)  # fmt: skip
BY_KEY = {ground.key: ground for ground in GROUNDS}


def possible(row: Procedure, *, to: Stage) -> tuple[Ground, ...]:
    """The grounds on which a purchase under this procedure may come to this end by its buyer's word."""
    return tuple(ground for ground in GROUNDS if ground.to is to and ground.article(row) is not None)


def why_not_end_by_hand(row: Procedure, *, stage: str, to: Stage) -> tuple[Reason, ...]:
    """Reasons against an officer's own word that a purchase failed: before the opening only the count decides that.

    Law: 87号令 第41条; 招标投标法实施条例 第44条; 74号令 第37条.
    """
    if stage == Stage.OPEN and to is Stage.FAILED:
        text = (
            "{terms.opening}前是否{terms.failure}，由{terms.closing}后的{terms.bidder}数认定，须经监督部门确认；"
            "如不再采购，请办理终止"
        )
        return (Reason("project.failed-by-hand", Kind.NOT_NOW, text, row.least_competitors),)
    return LIFE.why_not(Stage(stage), to)


def why_not_end_on(
    *, row: Procedure, stage: str, buyer: str, to: Stage, ground: str, facts: str, by: Actor
) -> tuple[Reason, ...]:
    """Reasons against ending a purchase on a ground: the buyer's officer, while it is under way, as the law names it.

    facts: what happened, in words that are announced.
    Law: 政府采购法 第36条; 87号令 第29条; 招标投标法实施条例 第31条; 74号令 第23条, 第37条, 第50条.
    """
    if shut := why_not_officer(buyer=buyer, by=by) or why_not_end_by_hand(row, stage=stage, to=to):
        return shut
    if ground not in {each.key for each in possible(row, to=to)}:
        return (Reason("project.ground-unknown", Kind.NOT_VALID, "请选定法定情形"),)
    if not facts.strip() or len(facts) > LONGEST_FACTS:
        values = {"longest": LONGEST_FACTS}
        law = BY_KEY[ground].article(row)
        return (Reason("project.no-facts", Kind.NOT_VALID, "应写明具体情况，不超过 {longest} 字", law, values),)
    return ()


def reason(row: Procedure, *, ground: str, facts: str) -> Reason:
    """The ground as it is announced."""
    named = BY_KEY[ground]
    words = named.words.format(terms=row.terms)
    values = {"ground": words, "facts": facts.strip()}
    return Reason("project.ground", Kind.NOT_NOW, "{ground}：{facts}", named.article(row), values)
