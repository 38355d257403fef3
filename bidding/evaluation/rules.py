"""Who may judge what when, and what the judgements add up to. Pure.

Gates in order: who, when, what. Another member's progress is nobody's reason: what waits for others says only that.
"""

import enum
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from types import MappingProxyType

from bidding.evaluation.grounds import NO_QUOTE, OVER_CAP
from market.projects.procedure import Procedure
from rulebook.actor import Actor, Role
from rulebook.law import Article
from rulebook.machine import Machine
from rulebook.refusal import Kind, Reason

QUALIFICATION = Article("87号令", "第44条")
PANEL_REVIEW = Article("招标投标法实施条例", "第20条")
INVALID = Article("87号令", "第63条")
CONFLICT = Article("政府采购法实施条例", "第9条")
TOO_FEW = Article("政府采购法", "第36条")
SIGNED = Article("政府采购法实施条例", "第41条")

LEAST = 3
LONGEST_NOTE = 500


class Step(enum.StrEnum):
    """How far inside DECIDING an evaluation is."""

    PANEL = "panel"  # qualified; the panel is drawn, called and declares
    REVIEW = "review"  # compliance
    TALKS = "talks"  # the panel negotiates with each supplier, and calls rounds of sealed quotes
    SCORES = "scores"
    DISPUTE = "dispute"  # an objective factor was judged differently
    PRICE = "price"  # what was judged without prices is fixed; the prices of those who passed are opened
    SIGNING = "signing"
    TIE = "tie"  # equal in points and quote: their order is drawn by lot
    DONE = "done"
    FAILED = "failed"


LIFE = Machine(
    {
        Step.PANEL: frozenset({Step.REVIEW}),
        Step.REVIEW: frozenset({Step.PANEL, Step.TALKS, Step.SCORES, Step.PRICE, Step.FAILED}),
        Step.TALKS: frozenset({Step.PRICE, Step.FAILED}),
        Step.SCORES: frozenset({Step.PANEL, Step.DISPUTE, Step.PRICE, Step.SIGNING, Step.FAILED}),
        Step.DISPUTE: frozenset({Step.PANEL, Step.PRICE, Step.SIGNING, Step.FAILED}),
        Step.PRICE: frozenset({Step.TALKS, Step.SCORES, Step.SIGNING, Step.FAILED}),
        Step.SIGNING: frozenset({Step.TIE, Step.DONE, Step.DISPUTE, Step.SCORES, Step.FAILED}),
        Step.TIE: frozenset({Step.DONE}),
        Step.DONE: frozenset({Step.SCORES}),  # on an approved application, while nobody is determined
        Step.FAILED: frozenset(),
    },
    code="evaluation.step",
)
# A member can be replaced until the report is built; his opinions are then void and the panel completes itself.
REPLACEABLE = frozenset({Step.PANEL, Step.REVIEW, Step.SCORES, Step.DISPUTE})
JUDGED = frozenset({Step.SIGNING, Step.DONE})  # a report is there; scoring again can be applied for
SCORABLE = frozenset({Step.SCORES, Step.DISPUTE})


def _not_officer(by: Actor, buyer: str) -> tuple[Reason, ...]:
    if by.role is not Role.OFFICER or by.organisation != buyer:
        return (Reason("evaluation.not-officer", Kind.NOT_YOURS, "仅{terms.buyer}经办人可办理"),)
    return ()


def not_member(seat: int | None) -> tuple[Reason, ...]:
    if seat is None:
        return (Reason("evaluation.not-member", Kind.NOT_YOURS, "仅评审小组成员可办理"),)
    return ()


@dataclass(frozen=True)
class Finding:
    """The purchaser's finding on one qualification condition of one bidder."""

    org: str
    key: str
    passed: bool | None
    reason: str = ""


NOBODY: Mapping[str, tuple[Reason, ...]] = MappingProxyType({})


def why_not_qualify(
    *, by: Actor, buyer: str, deciding: bool, hall_ended: bool, reviewed: bool, wanted: Sequence[tuple[str, str]],
    findings: Sequence[Finding], panels: bool = False, bans: Mapping[str, tuple[Reason, ...]] = NOBODY,
) -> tuple[Reason, ...]:  # fmt: skip
    """Reasons against the purchaser's qualification review.  panels: it is the panel's, under this procedure.

    bans: organisations that were kept out when they bid, with the reasons: none of them is qualified.

    wanted: every (organisation, condition) to be judged; all must be, and each failure says why.
    Law: 87号令 第44条.
    """
    if shut := _not_officer(by, buyer):
        return shut
    if panels:
        text = "本程序由{terms.panel}在{terms.evaluation}时审查{terms.bidder}资格"
        return (Reason("qualification.the-panels", Kind.NOT_NOW, text, PANEL_REVIEW),)
    if not deciding or not hall_ended:
        return (
            Reason(
                "qualification.hall-not-ended", Kind.NOT_NOW, "{terms.opening}结束后方可进行资格审查", QUALIFICATION
            ),
        )
    if reviewed:
        return (Reason("qualification.done", Kind.NOT_NOW, "资格审查已经完成", QUALIFICATION),)
    judged = {(f.org, f.key): f for f in findings}
    if set(judged) != set(wanted) or len(judged) != len(findings) or any(f.passed is None for f in findings):
        return (
            Reason(
                "qualification.incomplete",
                Kind.NOT_VALID,
                "须对每个{terms.bidder}的每项资格条件作出结论",
                QUALIFICATION,
            ),
        )
    if any(not f.passed and not f.reason.strip() for f in findings):
        return (Reason("qualification.without-reason", Kind.NOT_VALID, "认定不合格必须写明理由", QUALIFICATION),)
    passing = {org for org in bans if all(f.passed for f in findings if f.org == org)}
    if barred := tuple(reason for org in sorted(passing) for reason in bans[org]):
        return barred
    if any(len(f.reason) > LONGEST_NOTE for f in findings):
        return (Reason("qualification.reason-too-long", Kind.NOT_VALID, "理由不得超过500字"),)
    return ()


def too_few_qualified(passed: int) -> tuple[Reason, ...]:
    """Why the purchase fails after the qualification review, if it does.

    Law: 87号令 第44条.
    """
    if passed < LEAST:
        text = "合格{terms.bidder}不足{least}家，不得{terms.evaluation}"
        return (Reason("evaluation.too-few-qualified", Kind.NOT_NOW, text, QUALIFICATION, {"least": LEAST}),)
    return ()


def too_few_compliant(compliant: int, *, least: int = LEAST, law: Article = TOO_FEW) -> tuple[Reason, ...]:
    """Why the purchase fails after the review, if it does (废标).  least, law: of the procedure.

    Law: 政府采购法 第36条; 招标投标法 第42条.
    """
    if compliant < least:
        text = "对{terms.documents}作实质响应的供应商不足{least}家，予以废标"
        return (Reason("evaluation.too-few-compliant", Kind.NOT_NOW, text, law, {"least": least}),)
    return ()


def why_not_convene(*, by: Actor, buyer: str, qualified: bool, deciding: bool, row: Procedure) -> tuple[Reason, ...]:
    """Reasons against calling the panel: conflicts are known only after opening and qualification review.

    row: where the panel qualifies by itself, nothing but the opening comes before it.
    Law: 87号令 第44条 (review first), 第47条 (size).
    """
    if shut := _not_officer(by, buyer):
        return shut
    if (not qualified or not deciding) and row.panel_qualifies:
        text = "{terms.opening}结束后方可抽取评审小组"
        return (Reason("panel.before-qualification", Kind.NOT_NOW, text, row.seats[1]),)
    if not qualified or not deciding:
        text = "资格审查完成且合格{terms.bidder}不少于3家后方可抽取评审小组"
        return (Reason("panel.before-qualification", Kind.NOT_NOW, text, QUALIFICATION),)
    return ()


def why_not_convene_early(
    *, by: Actor, buyer: str, announced: bool, closes_at: datetime, at: datetime, row: Procedure
) -> tuple[Reason, ...]:
    """Reasons against drawing the panel before the opening: where the procedure knows it, in its last days before the
    deadline. The order is fixed then; recusals strike once the bidders are named.

    announced: the purchase is open for bids.
    Law: 政府采购评审专家管理办法 第14条; 评标委员会和评标方法暂行规定 第8条.
    """
    if shut := _not_officer(by, buyer):
        return shut
    if row.early is None:
        return (Reason("panel.never-early", Kind.NOT_NOW, "本程序在{terms.opening}之后才能抽取评审小组", row.by_lot),)
    if not announced or at >= closes_at:
        text = "截止时间已到或者尚未公告，不能在{terms.opening}前抽取"
        return (Reason("panel.early-too-late", Kind.NOT_NOW, text, row.early.law),)
    if not row.early.covers(at, closes_at):
        text = "最早可在截止前{period}内抽取"
        return (Reason("panel.too-early", Kind.NOT_NOW, text, row.early.law, {"period": row.early.words}),)
    return ()


def why_not_vacate(*, step: Step) -> tuple[Reason, ...]:
    """Reasons against a change of members now; whose seat it is, the panel decides.

    Law: 87号令 第49条.
    """
    if step not in REPLACEABLE:
        return (Reason("evaluation.over", Kind.NOT_NOW, "评审已经结束"),)
    return ()


def why_not_declare(*, seat: int | None, step: Step, declared: bool, signed_in: bool = True) -> tuple[Reason, ...]:
    """Reasons against a member's declaration that he has no conflict with those he was shown when he had signed in.

    Law: 政府采购法实施条例 第9条.
    """
    if shut := not_member(seat):
        return shut
    if step not in REPLACEABLE:
        return (Reason("evaluation.over", Kind.NOT_NOW, "评审已经结束"),)
    if not signed_in:
        return (Reason("declaration.before-sign-in", Kind.NOT_NOW, "请先签到并承诺保密"),)
    if declared:
        return (Reason("declaration.done", Kind.NOT_NOW, "您已经作出声明", CONFLICT),)
    return ()


def why_not_read_bodies(*, seat: int | None, declared: bool) -> tuple[Reason, ...]:
    """Reasons against opening the bid documents: only members, and only after their declaration."""
    if shut := not_member(seat):
        return shut
    if not declared:
        return (Reason("evaluation.not-declared", Kind.NOT_NOW, "请先声明与{terms.bidder}无利害关系", CONFLICT),)
    return ()


@dataclass(frozen=True)
class Vote:
    """One member's view on one bid's compliance."""

    org: str
    compliant: bool | None
    grounds: tuple[str, ...] = ()
    note: str = ""


def why_not_write_review(
    *, seat: int | None, declared: bool, step: Step, submitted: bool, votes: Sequence[Vote]
) -> tuple[Reason, ...]:
    """Reasons against a member's writing at his compliance review, complete or not."""
    if shut := why_not_read_bodies(seat=seat, declared=declared):
        return shut
    if step is not Step.REVIEW:
        return (Reason("review.not-the-moment", Kind.NOT_NOW, "评审小组到齐并完成声明后进行符合性审查"),)
    if submitted:
        return (Reason("review.done", Kind.NOT_NOW, "您已提交符合性审查意见"),)
    if any(len(vote.note) > LONGEST_NOTE for vote in votes):
        return (Reason("review.note-too-long", Kind.NOT_VALID, "说明不得超过500字"),)
    return ()


def why_not_review(
    *, seat: int | None, declared: bool, step: Step, submitted: bool, wanted: Sequence[str], votes: Sequence[Vote],
    known: Collection[str], law: Article = INVALID,
) -> tuple[Reason, ...]:  # fmt: skip
    """Reasons against a member's handing in his compliance review.

    wanted: the organisations to be judged.  known, law: the grounds of the procedure, and its article on them.
    """
    if shut := why_not_write_review(seat=seat, declared=declared, step=step, submitted=submitted, votes=votes):
        return shut
    if sorted(v.org for v in votes) != sorted(wanted) or any(v.compliant is None for v in votes):
        return (Reason("review.incomplete", Kind.NOT_VALID, "须对每个{terms.bidder}作出符合性结论", law),)
    for vote in votes:
        if not vote.compliant and (not vote.grounds or not set(vote.grounds) <= set(known)):
            return (Reason("review.without-ground", Kind.NOT_VALID, "认定{terms.bid}无效须选择法定情形", law),)
        if not vote.compliant and not vote.note.strip():
            return (Reason("review.without-note", Kind.NOT_VALID, "认定{terms.bid}无效须写明事实和理由", law),)
    return ()


def why_not_quote(quote: Decimal | None, *, cap: Decimal) -> tuple[str, ...]:
    """Grounds against a price, found by arithmetic.  quote, cap: yuan.  Law: 87号令 第63条."""
    return (NO_QUOTE,) if quote is None else (OVER_CAP,) if quote > cap else ()


def compliance(
    votes: Sequence[Vote], *, quote: Decimal | None, cap: Decimal, priced: bool = True
) -> tuple[bool, tuple[str, ...]]:
    """Whether a bid stands, by majority, and the grounds if it does not.

    votes: all members' views on this bid; their number is odd.  quote, cap: yuan.  priced: its price is open; where
    prices come later, they are judged when they do.  A quote over the cap, or none, is
    invalid whatever the votes say. The grounds are those named by members who found it invalid, each once, sorted.
    Law: 87号令 第61条, 第63条.
    """
    over = why_not_quote(quote, cap=cap) if priced else ()
    against = [vote for vote in votes if not vote.compliant]
    voted_out = 2 * len(against) > len(votes)
    grounds = tuple(sorted({ground for vote in against for ground in vote.grounds})) if voted_out else ()
    return not over and not voted_out, over + grounds


def why_not_sign(
    *, seat: int | None, step: Step, signed: bool, dissent: str, unusual: Sequence[str] = (), explanation: str = "",
    asked: bool = False, waits: bool = False,
) -> tuple[Reason, ...]:  # fmt: skip
    """Reasons against a member's signing the report; a dissent is written under it.

    unusual: bids to which his sum lies far from the others': he corrects it before anybody signs, or explains.
    asked: it was applied for to score again, and is not decided.  waits: a matter of the panel is open.
    Law: 政府采购法实施条例 第41条; 87号令 第64条.
    """
    if shut := not_member(seat):
        return shut
    if step is not Step.SIGNING:
        return (Reason("report.not-ready", Kind.NOT_NOW, "评审报告尚未形成", SIGNED),)
    if signed:
        return (Reason("report.signed", Kind.NOT_NOW, "您已签署评审报告", SIGNED),)
    if len(dissent) > LONGEST_NOTE:
        return (Reason("report.dissent-too-long", Kind.NOT_VALID, "不同意见不得超过500字"),)
    if asked:
        return (Reason("report.rollback-asked", Kind.NOT_NOW, "重新评分的申请尚未决定，暂停签署"),)
    if waits:
        return (Reason("report.matter-open", Kind.NOT_NOW, "尚有评审事项未办结，暂停签署"),)
    if unusual and not 0 < len(explanation.strip()) <= LONGEST_NOTE:
        text = "您的评分与其他成员相差三成以上，请复核更正，或者写明理由（500字以内）"
        return (Reason("report.unexplained", Kind.NOT_VALID, text),)
    return ()


# On which grounds results may be changed.  Law: 87号令 第64条.
ROLLBACKS: Mapping[str, str] = {
    "sum": "分值汇总计算错误",
    "range": "分项评分超出评分标准范围",
    "objective": "评审小组成员对客观评审因素评分不一致",
    "outlier": "经评审小组认定评分畸高、畸低",
}
# After the report was handed in, besides: somebody objected to the candidates, and rightly.  Law: 实施条例 第54条.
REEVALUATIONS: Mapping[str, str] = {**ROLLBACKS, "objection": "对评审结果的异议成立，评审确有错误"}


def why_not_ask_rollback(
    *, by: Actor, buyer: str, step: Step, ground: str, reason: str, asked: bool
) -> tuple[Reason, ...]:
    """Reasons against the buyer's application to have the panel score again: while the report is signed, or when it has
    it and has determined nobody; the award desk looks at the latter.

    Law: 87号令 第64条.
    """
    if shut := _not_officer(by, buyer):
        return shut
    if step not in JUDGED or asked:
        text = "评审报告签署期间，或者送达后确定中标人之前方可申请，且同时只能有一项申请"
        return (Reason("rollback.not-now", Kind.NOT_NOW, text),)
    if (
        ground not in (ROLLBACKS if step is Step.SIGNING else REEVALUATIONS)
        or not 0 < len(reason.strip()) <= LONGEST_NOTE
    ):
        return (Reason("rollback.ground", Kind.NOT_VALID, "请选择法定情形并写明理由（500字以内）"),)
    return ()


def why_not_decide_rollback(*, by: Actor, step: Step, waits: bool, why: str) -> tuple[Reason, ...]:
    """Reasons against a decision on such an application: the supervision body's, with its reasons."""
    if by.role is not Role.SUPERVISOR:
        return (Reason("rollback.not-yours", Kind.NOT_YOURS, "由监督部门决定"),)
    if not waits or step not in JUDGED:
        return (Reason("rollback.none", Kind.NOT_NOW, "没有待决定的申请"),)
    if not 0 < len(why.strip()) <= LONGEST_NOTE:
        return (Reason("rollback.why", Kind.NOT_VALID, "请写明决定的理由（500字以内）"),)
    return ()


def why_not_note_refusal(*, by: Actor, step: Step, signed: bool, asked: bool) -> tuple[Reason, ...]:
    """Reasons against noting that a member neither signs nor says why: by the supervision body, while it is signed.

    Law: 招标投标法实施条例 第53条; 政府采购法实施条例 第41条.
    """
    if by.role is not Role.SUPERVISOR:
        return (Reason("refusal.not-yours", Kind.NOT_YOURS, "由监督部门记录"),)
    if step is not Step.SIGNING or signed or asked:
        return (Reason("refusal.not-now", Kind.NOT_NOW, "该成员已经签署，或者现在不在签署"),)
    return ()
