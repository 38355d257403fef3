"""Who may ask, and how a published tender may be changed: only in time, only by two persons, only forward. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from market.projects.periods import Period
from market.projects.rules import TWO_PERSONS, Stage, why_not_officer
from rulebook.actor import Actor, Role
from rulebook.law import Article
from rulebook.refusal import Kind, Reason

LONGEST_QUESTION = 2000  # characters
MOST_QUESTIONS = 20  # of one provider about one tender
MOST_DIFFERENCES = 30
ASKED = Article("电子招标投标办法", "第22条")


@dataclass(frozen=True)
class Standing:
    """The tender as an act finds it.

    corrections, questions: from the act to the deadline, at least.  pending: a change waits for its second person.
    """

    stage: str
    buyer: str
    closes_at: datetime
    corrections: Period
    questions: Period
    pending: bool


@dataclass(frozen=True)
class Said:
    """What a change says.

    answers: question ↦ answer.  differences: (place, was, now).  files: how many.  closes_at: the new deadline, if any.
    """

    text: str = ""
    answers: Mapping[str, str] | None = None
    differences: Sequence[tuple[str, str, str]] = ()
    files: int = 0
    may_affect: bool = True
    closes_at: datetime | None = None


def why_not_ask(
    standing: Standing, *, taken: bool, text: str, asked: int, own_names: Sequence[str], by: Actor, at: datetime
) -> tuple[Reason, ...]:
    """Reasons against a question: a provider that took the documents, in time, without saying who it is.

    asked: its questions so far.  own_names: words that would give it away.
    Law: 电子招标投标办法 第22条; 政府采购法 第51条.
    """
    if by.role is not Role.PROVIDER or not by.organisation:
        return (Reason("question.not-provider", Kind.NOT_YOURS, "以供应商身份登录后可提问", ASKED),)
    if not taken:
        return (Reason("question.not-taken", Kind.NOT_YOURS, "获取{terms.documents}后可提问", ASKED),)
    if standing.stage != Stage.OPEN or not standing.questions.met(at, standing.closes_at):
        text_late = "提问应在{terms.deadline}{period}前提出，现已过期"
        values = {"period": standing.questions.words}
        return (Reason("question.too-late", Kind.NOT_NOW, text_late, standing.questions.law, values),)
    if asked >= MOST_QUESTIONS:
        return (Reason("question.too-many", Kind.NOT_NOW, "每家供应商至多提问 20 次"),)
    if not text.strip() or len(text) > LONGEST_QUESTION:
        return (Reason("question.length", Kind.NOT_VALID, "问题应不为空，且不超过 2000 字"),)
    if any(name and name in text for name in own_names):
        told = "问题将向所有人公开，请删去本单位或本人的名称、代码"
        return (Reason("question.names-itself", Kind.NOT_VALID, told, ASKED),)
    return ()


def why_not_change(standing: Standing, *, said: Said, by: Actor, at: datetime) -> tuple[Reason, ...]:
    """Reasons against proposing a change: the buyer's officer, before the deadline, one at a time, and in time."""
    shut = why_not_officer(buyer=standing.buyer, by=by)
    if shut:
        return shut
    if standing.stage != Stage.OPEN or at >= standing.closes_at:
        return (Reason("change.closed", Kind.NOT_NOW, "{terms.bid}已截止，不能更正或者澄清"),)
    if standing.pending:
        return (Reason("change.pending", Kind.NOT_NOW, "另有一份更正或者澄清待审批，请先办理"),)
    return _why_not_said(said) + why_not_deadline(standing, said=said, at=at)


def why_not_approve(
    standing: Standing, *, said: Said | None, proposed_by: str, by: Actor, at: datetime
) -> tuple[Reason, ...]:
    """Reasons against approving, which publishes: a second officer of the same buyer, and still in time.

    Law: 政府采购法实施条例 第11条, 第31条; 87号令 第27条.
    """
    shut = why_not_officer(buyer=standing.buyer, by=by)
    if shut:
        return shut
    if said is not None and by.person == proposed_by:
        text = "拟稿人不得审批自己拟的更正或者澄清，应由本单位另一名经办人审批"
        return (Reason("change.own", Kind.NOT_YOURS, text, TWO_PERSONS),)
    if said is None:
        return (Reason("change.none", Kind.NOT_NOW, "没有待审批的更正或者澄清"),)
    if standing.stage != Stage.OPEN or at >= standing.closes_at:
        return (Reason("change.closed", Kind.NOT_NOW, "{terms.bid}已截止，不能更正或者澄清"),)
    return why_not_deadline(standing, said=said, at=at)


def why_not_return(standing: Standing, *, pending: bool, comment: str, by: Actor) -> tuple[Reason, ...]:
    """Reasons against sending a change back: an officer of the buyer, with a word why."""
    shut = why_not_officer(buyer=standing.buyer, by=by)
    if shut:
        return shut
    if not pending:
        return (Reason("change.none", Kind.NOT_NOW, "没有待审批的更正或者澄清"),)
    if not comment.strip():
        return (Reason("change.no-comment", Kind.NOT_VALID, "退回应写明意见"),)
    return ()


def why_not_deadline(standing: Standing, *, said: Said, at: datetime) -> tuple[Reason, ...]:
    """Reasons against the deadline this change leaves: it only moves later, and far enough where bids are affected.

    Law: 招标投标法实施条例 第21条; 政府采购法实施条例 第31条; 87号令 第27条.
    """
    due = said.closes_at or standing.closes_at
    if said.closes_at is not None and said.closes_at <= standing.closes_at:
        text = "{terms.deadline}时间只能顺延，不能提前"
        return (Reason("change.deadline-back", Kind.NOT_VALID, text, standing.corrections.law),)
    if said.may_affect and not standing.corrections.met(at, due):
        text = "可能影响{terms.file}编制的，至{terms.deadline}不得少于{period}，截止时间须顺延至{earliest}或者以后"
        values = {"period": standing.corrections.words, "earliest": standing.corrections.earliest_words(at)}
        return (Reason("change.too-near", Kind.NOT_VALID, text, standing.corrections.law, values),)
    return ()


def _why_not_said(said: Said) -> tuple[Reason, ...]:
    if not (said.text.strip() or said.answers or said.differences or said.files or said.closes_at):
        return (Reason("change.empty", Kind.NOT_VALID, "应写明更正、答复的内容，或者上传新的文件"),)
    if any(not place.strip() or was.strip() == now.strip() for place, was, now in said.differences):
        text = "每处变化应写明位置，且前后内容不同"
        return (Reason("change.no-difference", Kind.NOT_VALID, text),)
    return ()
