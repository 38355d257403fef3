"""Who may be determined as winner, in which order, and when a winner may decline. Pure."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from market.awards import lots
from market.awards.lots import Lot
from market.projects.rules import LIFE, Stage, why_not_officer
from proofs.scoring import price_of, why_not_report
from proofs.selection import why_not_selection
from rulebook.actor import Actor, Role
from rulebook.house import own
from rulebook.law import Article
from rulebook.refusal import Kind, Reason

IN_ORDER = Article("87号令", "第68条")
DECLINED = Article("政府采购法实施条例", "第49条")
ACCEPTANCE = own(10)
OBJECTION = "objection"  # the ground on which a report is made anew because somebody objected rightly
RESULT = Article("87号令", "第69条")
MOST_OBJECTIONS = 5  # of one bidder that wait for an answer
LONGEST_OBJECTION = 4000  # characters


@dataclass(frozen=True)
class Candidate:
    """One ranked bid.  place: its turn, 1 first, ties settled.  rank: in the report.  quote: yuan, as read out."""

    place: int
    rank: int
    org: str
    name: str
    quote: Decimal
    total: str


@dataclass(frozen=True)
class Publicity:
    """The publication of the candidates.

    ends_at: with the time it has rested; None before it began.  objections: that wait for an answer.  rests: its days
    do not run while one does.
    """

    law: Article
    ends_at: datetime | None
    objections: int
    rests: bool = False

    def is_on(self, at: datetime) -> bool:
        """Whether it has begun and its days are not over."""
        return self.ends_at is not None and (at < self.ends_at or (self.rests and self.objections > 0))

    def why_not_over(self, at: datetime) -> tuple[Reason, ...]:
        """Reasons why nobody may be determined yet.

        Law: 招标投标法实施条例 第54条.
        """
        if self.ends_at is None:
            return (Reason("award.not-published", Kind.NOT_NOW, "应先公示{terms.candidate}", self.law),)
        if self.objections:
            return (Reason("award.objected", Kind.NOT_NOW, "对{terms.candidate}的异议答复前，暂停定标", self.law),)
        if at < self.ends_at:
            return (Reason("award.being-published", Kind.NOT_NOW, "{terms.candidate}公示期未满", self.law),)
        return ()


def rested(objections: Iterable[tuple[datetime, datetime | None]]) -> timedelta:
    """How long at least one objection waited for its answer, of those that have it.  objections: raised, answered."""
    total, until = timedelta(), None
    for raised, answered in sorted((one for one in objections if one[1]), key=lambda one: one[0]):
        assert answered is not None
        begins = raised if until is None else max(raised, until)
        if answered > begins:
            total, until = total + (answered - begins), answered
    return total


def why_not_publish_candidates(
    *, stage: str, buyer: str, publicity: Publicity | None, unconfirmed: bool = False, by: Actor
) -> tuple[Reason, ...]:
    """Reasons against publishing the candidates: the buyer's officer (or the house), once, where it is asked for.

    Law: 招标投标法实施条例 第54条.
    """
    if by.role is not Role.SYSTEM and (shut := why_not_officer(buyer=buyer, by=by)):
        return shut
    if publicity is None or stage != Stage.PROPOSED:
        return (Reason("candidates.not-now", Kind.NOT_NOW, "现在没有可公示的{terms.candidate}"),)
    if publicity.ends_at is not None:
        return (Reason("candidates.published", Kind.NOT_NOW, "{terms.candidate}已公示", publicity.law),)
    if unconfirmed and by.role is not Role.SYSTEM:
        return (Reason("award.unconfirmed", Kind.NOT_NOW, "应先确认{terms.evaluation}报告", publicity.law),)
    return ()


def why_not_confirm_report(
    *, stage: str, buyer: str, entrusted: bool, confirmed: bool, by: Actor, law: Article = IN_ORDER
) -> tuple[Reason, ...]:
    """Reasons against the buyer's word that it takes the report: its own officer, once, where an agent had it made.

    Law: 政府采购法实施条例 第43条; 87号令 第68条.
    """
    if shut := why_not_officer(buyer=buyer, by=by):
        return shut
    if not entrusted or stage != Stage.PROPOSED:
        return (Reason("report.nothing-to-confirm", Kind.NOT_NOW, "没有待确认的{terms.evaluation}报告", law),)
    if confirmed:
        return (Reason("report.confirmed", Kind.NOT_NOW, "{terms.evaluation}报告已确认", law),)
    return ()


def why_not_object(
    *, stage: str, bidders: Collection[str], publicity: Publicity | None, text: str, waiting: int, by: Actor,
    at: datetime,
) -> tuple[Reason, ...]:  # fmt: skip
    """Reasons against an objection to the candidates: a bidder, while they are published.

    waiting: how many of its own wait for an answer: each suspends the award, so they are not endless.
    Law: 招标投标法实施条例 第54条.
    """
    if by.role is not Role.PROVIDER or by.organisation not in bidders:
        return (Reason("result-objection.not-a-bidder", Kind.NOT_YOURS, "仅本项目的{terms.bidder}可提出异议"),)
    if publicity is None or stage != Stage.PROPOSED or not publicity.is_on(at):
        return (Reason("result-objection.not-now", Kind.NOT_NOW, "不在{terms.candidate}公示期内"),)
    if waiting >= MOST_OBJECTIONS:
        values = {"most": MOST_OBJECTIONS}
        told = "本单位已有 {most} 项异议待答复，答复后可再提出"
        return (Reason("result-objection.too-many", Kind.NOT_NOW, told, publicity.law, values),)
    if not text.strip():
        return (Reason("result-objection.empty", Kind.NOT_VALID, "应写明异议的事项和理由", publicity.law),)
    if len(text) > LONGEST_OBJECTION:
        values = {"longest": LONGEST_OBJECTION}
        return (Reason("result-objection.length", Kind.NOT_VALID, "异议不得超过 {longest} 字", None, values),)
    return ()


def why_not_answer(*, buyer: str, answered: bool, text: str, by: Actor) -> tuple[Reason, ...]:
    """Reasons against answering an objection: the buyer's officer, once, in words.

    Law: 招标投标法实施条例 第54条.
    """
    shut = why_not_officer(buyer=buyer, by=by)
    if shut:
        return shut
    if answered:
        return (Reason("result-objection.answered", Kind.NOT_NOW, "异议已答复"),)
    if not text.strip():
        return (Reason("result-objection.no-answer", Kind.NOT_VALID, "应写明答复"),)
    return ()


def candidates(report: Mapping[str, Any], order: Sequence[str] = ()) -> tuple[Candidate, ...]:
    """The ranked bids of a report in the order in which they may win; of one brand, one.

    order: organisations in that order where equal ranks had to be settled; empty: the ranks alone say it.
    ValueError when the order contradicts the ranks, or two share a rank and no order settles it.
    """
    ranked = [bid for bid in report["bids"] if bid["rank"] is not None]
    if order:
        if sorted(order) != sorted(bid["org"] for bid in ranked):
            raise ValueError("the order does not name exactly the compliant bids")
        ranked.sort(key=lambda bid: list(order).index(bid["org"]))
        if [bid["rank"] for bid in ranked] != sorted(bid["rank"] for bid in ranked):
            raise ValueError("the order contradicts the ranks")
    else:
        ranked.sort(key=lambda bid: int(bid["rank"]))
        if len({bid["rank"] for bid in ranked}) != len(ranked):
            raise ValueError("two bids share a rank and no order settles it")
    return tuple(
        Candidate(place, bid["rank"], bid["org"], bid["name"], price_of(bid), bid.get("total", ""))
        for place, bid in enumerate(_one_of_a_brand(ranked, report.get("same_brand", ())), start=1)
    )


def _one_of_a_brand(ranked: Sequence[Mapping[str, Any]], groups: Sequence[Sequence[str]]) -> list[Mapping[str, Any]]:
    """The first in turn of each brand.  Law: 87号令 第31条."""
    kept: list[Mapping[str, Any]] = []
    for bid in ranked:
        group = next((set(group) for group in groups if bid["org"] in group), set())
        if not group & {other["org"] for other in kept}:
            kept.append(bid)
    return kept


def why_not_add_up(report: Mapping[str, Any]) -> tuple[str, ...]:
    """What does not add up in a panel's report, or in the result of a choice in the supermarket."""
    return why_not_selection(report) if report.get("v") == "selection/1" else why_not_report(report)


def next_in_turn(ranked: Sequence[Candidate], out: Collection[str]) -> Candidate | None:
    """The first candidate that is not out.  out: organisations that declined or are banned."""
    return next((each for each in ranked if each.org not in out), None)


def why_not_propose(
    *, stage: str, report: Mapping[str, Any], number: str, law: Article = IN_ORDER
) -> tuple[Reason, ...]:
    """Reasons against taking in a report: one at a time, and about this project."""
    shut = LIFE.why_not(Stage(stage), Stage.PROPOSED)
    if shut:
        return shut
    if report["number"] != number:
        return (Reason("award.other-report", Kind.NOT_VALID, "{terms.evaluation}报告不属于本项目"),)
    if not any(bid["compliant"] for bid in report["bids"]):
        return (Reason("award.no-candidate", Kind.NOT_VALID, "{terms.evaluation}报告没有{terms.candidate}", law),)
    return ()


def why_not_judge_again(*, stage: str, awarded: bool, objected: bool, law: Article) -> tuple[Reason, ...]:
    """Reasons against having the panel judge again after its report was handed in: while nobody is determined.

    objected: where the ground is an objection, one was raised and answered.  law: of the procedure, on judging again.
    Law: 87号令 第64条; 招标投标法实施条例 第54条.
    """
    if awarded or stage != Stage.PROPOSED:
        text = "评审报告送达后、确定中标人之前方可重新评审；已公告结果的，依质疑、投诉处理"
        return (Reason("award.too-late-to-judge-again", Kind.NOT_NOW, text, law),)
    if not objected:
        return (Reason("award.no-objection", Kind.NOT_VALID, "没有已经答复的异议", law),)
    return ()


def same_result(before: Sequence[Candidate], after: Sequence[Candidate]) -> bool:
    """Whether two reports put the same candidates in the same order at the same quotes."""
    return [(each.org, each.quote) for each in before] == [(each.org, each.quote) for each in after]


def why_not_determine(
    *, stage: str, buyer: str, ranked: Sequence[Candidate], org: str, declined: Collection[str],
    bans: Mapping[str, tuple[Reason, ...]], due_at: datetime | None, delayed: bool, law: Article = IN_ORDER,
    publicity: Publicity | None = None, by: Actor, at: datetime,
    others: Sequence[Lot] = (), place: int = 0, most: int = 0, under_way: bool = False, by_house: bool = False,
    rests: tuple[Reason, ...] = (), unconfirmed: bool = False,
) -> tuple[Reason, ...]:  # fmt: skip
    """Reasons against determining this candidate: the buyer's officer, in the report's order only.

    bans: organisations that may not take part, with the reasons.  due_at: when the buyer's time is over; after that
    the system determines the first in turn, unless the buyer has given lawful reasons for the delay.
    others, place, most: the other lots of its batch, its own place among them, how many of them one may win.
    law: the article on the order.  publicity: of the candidates, where the procedure asks for it.
    under_way: somebody has been determined, and the notice waits for the names of the panel.
    by_house: nobody but the system determines, when the publication is over.  rests: why nothing goes on now.
    unconfirmed: an agent had the report made, and the buyer has not taken it yet.
    Law: 87号令 第68条; 政府采购法实施条例 第43条; 招标投标法实施条例 第54条.
    """
    if by.role is Role.SYSTEM:
        if due_at is None or at < due_at or delayed:
            return (Reason("award.not-deemed", Kind.NOT_NOW, "{terms.buyer}确定{terms.winner}的期限未满", law),)
    else:
        shut = why_not_officer(buyer=buyer, by=by)
        if shut:
            return shut
        if by_house:
            return (
                Reason("award.by-house", Kind.NOT_NOW, "公示期满、异议均已答复后，由系统按顺序确定{terms.winner}", law),
            )
    if rests:
        return rests
    if under_way:
        return (Reason("award.under-way", Kind.NOT_NOW, "已经定标，评审专家名单解密后即发布结果公告"),)
    shut = LIFE.why_not(Stage(stage), Stage.AWARDED) or lots.why_not_yet(others, place=place, most=most)
    if shut:
        return shut
    if unconfirmed and by.role is not Role.SYSTEM:
        return (Reason("award.unconfirmed", Kind.NOT_NOW, "应先确认{terms.evaluation}报告", law),)
    if publicity is not None and (shut := publicity.why_not_over(at)):
        return shut
    chosen = next((each for each in ranked if each.org == org), None)
    if chosen is None:
        return (Reason("award.not-a-candidate", Kind.NOT_VALID, "该供应商不是{terms.candidate}", law),)
    if org in declined:
        return (Reason("award.has-declined", Kind.NOT_VALID, "该供应商已放弃{terms.award}", DECLINED),)
    if bans.get(org):
        return tuple(bans[org])
    if over := lots.too_many(org, others, most=most):
        return over
    out = {*declined, *lots.full(others, most=most), *(code for code, why in bans.items() if why)}
    due = next_in_turn(ranked, out)
    if due is not None and due.org != org:
        text = "应按{terms.evaluation}报告的排序确定，轮到的是第 {rank} 名 {name}"
        values = {"rank": due.rank, "name": due.name}
        return (Reason("award.out-of-order", Kind.NOT_VALID, text, law, values),)
    return ()


def why_not_explain(
    *, stage: str, buyer: str, text: str, by: Actor, law: Article = IN_ORDER, by_house: bool = False
) -> tuple[Reason, ...]:
    """Reasons against noting why the buyer needs longer.  by_house: it is not the buyer who determines.

    Law: 87号令 第68条.
    """
    shut = why_not_officer(buyer=buyer, by=by)
    if shut:
        return shut
    if stage != Stage.PROPOSED or by_house:
        return (Reason("award.nothing-to-delay", Kind.NOT_NOW, "项目不在待定标阶段"),)
    if not text.strip():
        return (Reason("award.no-delay-reason", Kind.NOT_VALID, "应写明合法理由", law),)
    return ()


def why_not_accept(
    *, stage: str, winner: str | None, accepted: bool, due_at: datetime | None, by: Actor, at: datetime
) -> tuple[Reason, ...]:
    """Reasons against saying yes: the winner, once, in its days.  due_at: None where nobody is asked.

    Law: 明标平台规则 第10条.
    """
    if by.role is not Role.PROVIDER or winner is None or by.organisation != winner:
        return (Reason("award.not-the-winner-to-accept", Kind.NOT_YOURS, "仅{terms.winner}可确认{terms.award}"),)
    if stage != Stage.AWARDED or accepted or due_at is None:
        return (Reason("award.nothing-to-accept", Kind.NOT_NOW, "没有待确认的{terms.award}结果", ACCEPTANCE),)
    if at >= due_at:
        return (Reason("award.too-late-to-accept", Kind.NOT_NOW, "确认期限已过，视为放弃{terms.award}", ACCEPTANCE),)
    return ()


def why_not_contract_yet(*, asked: bool, accepted: bool) -> tuple[Reason, ...]:
    """Reasons against a contract before the winner has said yes.  asked: its procedure asks for that."""
    if asked and not accepted:
        return (Reason("award.not-accepted", Kind.NOT_NOW, "{terms.winner}尚未确认{terms.award}", ACCEPTANCE),)
    return ()


def why_not_decline(
    *, stage: str, buyer: str, winner: str | None, reason: str, by: Actor, by_house: bool = False
) -> tuple[Reason, ...]:
    """Reasons against noting that the winner declines: the winner itself, or the buyer's officer on its word.

    by_house: nobody but the winner says so, or its silence, which the system notes: a buyer could skip it.
    Law: 政府采购法实施条例 第49条; 明标平台规则 第10条.
    """
    own = by.role is Role.PROVIDER and winner is not None and by.organisation == winner
    if not own and not (by_house and by.role is Role.SYSTEM):
        if by.role is Role.PROVIDER or by_house:
            return (Reason("award.not-the-winner", Kind.NOT_YOURS, "仅{terms.winner}可放弃{terms.award}"),)
        shut = why_not_officer(buyer=buyer, by=by)
        if shut:
            return shut
    if stage != Stage.AWARDED or winner is None:
        return (Reason("award.nothing-to-decline", Kind.NOT_NOW, "现在没有可放弃的{terms.award}结果"),)
    if not reason.strip():
        return (Reason("award.no-decline-reason", Kind.NOT_VALID, "应写明放弃{terms.award}的理由", DECLINED),)
    return ()
