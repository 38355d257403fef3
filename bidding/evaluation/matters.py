"""What a panel may find or ask beyond its points: clarifications, corrections, low prices, one brand, policies. Pure.

A member raises a matter, every member votes unseen, the majority decides. What is asked of a bidder is read by the
panel and that bidder alone; it has a time, and silence has the consequence of its kind.
Gates in order: who, when, what.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any

from bidding.evaluation.rules import LONGEST_NOTE, Step, why_not_read_bodies
from market.projects.policies import GRANTED
from proofs.scoring import ALREADY_SMALL, CORRECTIONS, decimal
from rulebook.actor import Actor, Role
from rulebook.law import Article
from rulebook.refusal import Kind, Reason

MOMENTS = frozenset({Step.REVIEW, Step.SCORES, Step.DISPUTE})  # and while a report with late prices is unsigned
LONGEST_ANSWER = 4000  # characters
MINUTES = (5, 240)  # that a bidder may be given, from and to


class Matter(StrEnum):
    """What it is about."""

    CLARIFY = "clarify"
    CORRECT = "correct"
    EXPLAIN = "explain"
    SAME_BRAND = "same-brand"
    POLICY = "policy"


ASKED = frozenset({Matter.CLARIFY, Matter.CORRECT, Matter.EXPLAIN})  # a bidder answers
OF_PRICE = frozenset({Matter.CORRECT, Matter.EXPLAIN, Matter.POLICY})  # only where the price is open
ASK, JUDGE = "ask", "judge"  # what is voted on: to do it; that an explanation does not hold

_POLICY = Article("财库〔2020〕46号", "第9条")
# By regime: which matters its law knows, each with the article.
ARTICLES: Mapping[str, Mapping[Matter, Article]] = {
    "A": {
        Matter.CLARIFY: Article("招标投标法实施条例", "第52条"),
        Matter.CORRECT: Article("评标委员会和评标方法暂行规定", "第19条"),
        Matter.EXPLAIN: Article("评标委员会和评标方法暂行规定", "第21条"),
        Matter.POLICY: _POLICY,
    },
    "B": {
        Matter.CLARIFY: Article("87号令", "第51条"),
        Matter.CORRECT: Article("87号令", "第59条"),
        Matter.EXPLAIN: Article("87号令", "第60条"),
        Matter.SAME_BRAND: Article("87号令", "第31条"),
        Matter.POLICY: _POLICY,
    },
    "C": {
        Matter.CLARIFY: Article("74号令", "第16条"),
        Matter.EXPLAIN: Article("财库〔2024〕265号", "全文"),
        Matter.POLICY: _POLICY,
    },
}
UNCORRECTED, UNEXPLAINED = "uncorrected", "unexplained"
CONSEQUENCES: Mapping[Matter, str] = {Matter.CORRECT: UNCORRECTED, Matter.EXPLAIN: UNEXPLAINED}


@dataclass(frozen=True)
class Raised:
    """A matter as the rules see it.  due: the bidder's time, once asked."""

    kind: Matter
    org: str
    facts: Mapping[str, Any]
    carried: bool | None = None
    due_at: datetime | None = None
    answered: bool = False
    agreed: bool | None = None
    upheld: bool | None = None  # an explanation was judged not to hold
    closed: bool = False

    @property
    def waits_for(self) -> str:
        """Whose turn it is: a vote, the bidder, a judgement; empty when nothing is open."""
        if self.closed or self.carried is False:
            return ""
        if self.carried is None:
            return ASK
        if self.kind in ASKED and not self.answered:
            return "bidder"
        return JUDGE if self.kind is Matter.EXPLAIN and self.upheld is None else ""

    @property
    def makes_invalid(self) -> str:
        """The ground on which the bid is invalid because of it; empty when it is not."""
        refused = self.agreed is False if self.kind is Matter.CORRECT else self.upheld is True
        silent = self.closed and not self.answered
        return CONSEQUENCES[self.kind] if self.carried and self.kind in CONSEQUENCES and (refused or silent) else ""


def why_not_raise(
    kind: str, *, seat: int | None, declared: bool, step: Step, regime: str, org: str, orgs: Collection[str],
    text: str, facts: Mapping[str, Any], priced: bool, terms: Mapping[str, Any], small: Collection[str],
    others: Sequence[Raised], late: bool = False,
) -> tuple[Reason, ...]:  # fmt: skip
    """Reasons against a member's raising a matter.

    org: which bid it is about.  facts: {"to", "rule"} of a correction, {"orgs"} of one brand, {"policy"}; "minutes"
    for a bidder's answer.  priced: the prices are open.  late: they were opened after the points were fixed, and nobody
    has signed the report.  terms: of the scoring.  small: those already preferred.
    Law: 87号令 第31条, 第51条, 第59条, 第60条; 招标投标法实施条例 第52条.
    """
    if shut := why_not_read_bodies(seat=seat, declared=declared):
        return shut
    known = ARTICLES[regime]
    if kind not in set(known):
        return (Reason("matter.unknown", Kind.NOT_VALID, "本程序没有这类事项"),)
    matter, law = Matter(kind), known[Matter(kind)]
    if step not in MOMENTS and not late:
        return (Reason("matter.not-the-moment", Kind.NOT_NOW, "评审开始后、评审报告形成前方可提出", law),)
    if matter in OF_PRICE and not priced:
        return (Reason("matter.no-price", Kind.NOT_NOW, "价格尚未开启", law),)
    about = set(facts.get("orgs", ())) if matter is Matter.SAME_BRAND else {org}
    if not about <= set(orgs) or (matter is Matter.SAME_BRAND and len(about) < 2):
        return (Reason("matter.whose", Kind.NOT_VALID, "请选择参加评审的{terms.bidder}；同品牌至少选择两家", law),)
    if not text.strip() or len(text) > LONGEST_NOTE:
        return (Reason("matter.text", Kind.NOT_VALID, "请写明内容和依据（500字以内）", law),)
    same = [one for one in others if one.kind is matter and one.carried is not False]
    if matter is not Matter.CLARIFY and any(about & ({one.org} | set(one.facts.get("orgs", ()))) for one in same
                                            if one.facts.get("policy") == facts.get("policy")):  # fmt: skip
        return (Reason("matter.twice", Kind.NOT_VALID, "该事项已经提出", law),)
    return _why_not_facts(matter, facts=facts, terms=terms, small=org in small, law=law)


def _why_not_facts(
    matter: Matter, *, facts: Mapping[str, Any], terms: Mapping[str, Any], small: bool, law: Article
) -> tuple[Reason, ...]:
    minutes = facts.get("minutes")
    if matter in ASKED and not (isinstance(minutes, int) and MINUTES[0] <= minutes <= MINUTES[1]):
        values = {"least": MINUTES[0], "most": MINUTES[1]}
        return (Reason("matter.minutes", Kind.NOT_VALID, "答复时限为 {least} 至 {most} 分钟", law, values),)
    if matter is Matter.CORRECT and (facts.get("rule") not in CORRECTIONS or not _amount(facts.get("to"))):
        return (Reason("matter.correction", Kind.NOT_VALID, "请选择修正情形，并填写修正后的报价", law),)
    policy = facts.get("policy")
    if matter is Matter.POLICY and (
        policy not in GRANTED or policy not in terms.get("policies", {}) or (small and policy in ALREADY_SMALL)
    ):
        return (
            Reason(
                "matter.policy",
                Kind.NOT_VALID,
                "{terms.documents}没有这项扣除，或者该{terms.bidder}已享受小微企业扣除",
                law,
            ),
        )
    return ()


def _amount(text: Any) -> bool:
    try:
        value = decimal(text)
    except ValueError:
        return False
    return value > 0 and value == value.quantize(Decimal("0.01"))


def why_not_vote(
    *, seat: int | None, declared: bool, step: Step, matter: Raised, stage: str, voted: bool, late: bool = False
) -> tuple[Reason, ...]:
    """Reasons against a member's vote on a matter.  stage: ASK or JUDGE.  late: as where it is raised.

    Law: 87号令 第61条 (majority).
    """
    if shut := why_not_read_bodies(seat=seat, declared=declared):
        return shut
    if (step not in MOMENTS and not late) or matter.waits_for != stage:
        return (Reason("matter.decided", Kind.NOT_NOW, "该事项现在不需要表决"),)
    if voted:
        return (Reason("matter.voted", Kind.NOT_NOW, "您已表决"),)
    return ()


def majority(votes: Sequence[bool], *, seats: int) -> bool | None:
    """What the votes so far decide: True or False once more than half say so, or it can no longer be; else None."""
    yes = sum(votes)
    return True if 2 * yes > seats else False if 2 * (len(votes) - yes) >= seats else None


def why_not_reply(*, matter: Raised, text: str, agreed: bool | None, by: Actor, at: datetime) -> tuple[Reason, ...]:
    """Reasons against a bidder's answer: its own, asked for, in time, in words; to a correction, yes or no.

    Law: 87号令 第51条; 招标投标法实施条例 第52条: what nobody asked for is not taken.
    """
    if by.role is not Role.PROVIDER or by.organisation != matter.org:
        return (Reason("matter.not-asked", Kind.NOT_YOURS, "评审小组没有要求贵单位答复"),)
    if matter.waits_for != "bidder":
        return (Reason("matter.answered", Kind.NOT_NOW, "该事项已经答复或者已经结束"),)
    if matter.due_at is None or at >= matter.due_at:
        return (Reason("matter.too-late", Kind.NOT_NOW, "已过答复时限"),)
    if matter.kind is Matter.CORRECT and agreed is None:
        return (Reason("matter.agree", Kind.NOT_VALID, "请选择确认或者不确认修正后的报价"),)
    if (matter.kind is not Matter.CORRECT and not text.strip()) or len(text) > LONGEST_ANSWER:
        return (Reason("matter.reply-text", Kind.NOT_VALID, "请书面答复（4000字以内）"),)
    return ()


def due(at: datetime, *, minutes: int, for_real: bool) -> datetime:
    """Until when a bidder may answer; what is only played runs in seconds."""
    return at + (timedelta(minutes=minutes) if for_real else timedelta(seconds=minutes))


@dataclass(frozen=True)
class LowPrice:
    """One sign of an abnormally low price.  share: of what it is compared with."""

    against: str
    share: Decimal
    text: str


# 财库〔2024〕265号 (a pilot; scope and figures to verify). Signs start nothing: the panel decides whether to ask.
LOW_PRICES: tuple[LowPrice, ...] = (
    LowPrice("mean", Decimal("0.50"), "低于全部通过审查的报价平均值的50%"),
    LowPrice("next", Decimal("0.50"), "低于次低报价的50%"),
    LowPrice("cap", Decimal("0.45"), "低于最高限价的45%"),
)


def low_price_signs(quotes: Mapping[str, Decimal], *, cap: Decimal) -> dict[str, tuple[str, ...]]:
    """Organisation ↦ the signs its price shows; nothing for the others.  quotes, cap: yuan."""
    if not quotes:
        return {}
    ordered, found = sorted(quotes.values()), {}
    mean = sum(ordered, Decimal()) / len(ordered)
    for org, price in quotes.items():
        bases = {"mean": mean, "cap": cap}
        if len(ordered) > 1 and price == ordered[0]:
            bases["next"] = ordered[1]
        signs = tuple(row.text for row in LOW_PRICES if row.against in bases and price < bases[row.against] * row.share)
        if signs:
            found[org] = signs
    return found
