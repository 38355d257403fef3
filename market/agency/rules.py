"""What a letter of authorisation must say, who may give, take and end it, and which purchases it covers. Pure."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from accounts.rules import Kind as House
from documents.evidence.rules import PDF
from market.projects.rules import Category, why_not_officer
from market.projects.sides import ENTRUSTABLE, PAYERS, WITHIN, Work
from rulebook.actor import Actor, Role
from rulebook.law import Article
from rulebook.refusal import Kind, Reason

WRITTEN = Article("政府采购法", "第20条")
FREELY = Article("政府采购法", "第19条")
FEE = Article("政府采购代理机构管理暂行办法", "第15条")
OWNERS = frozenset({House.BUYER, House.ENTERPRISE})
LONGEST_DAYS = 3 * 366  # of a term; longer ones are agreed anew
MOST_WORDS = 2000


class State(StrEnum):
    """Where a letter is."""

    OFFERED = "offered"
    AGREED = "agreed"
    DECLINED = "declined"
    TAKEN_BACK = "taken-back"
    ENDED = "ended"


ANSWERS = (State.AGREED, State.DECLINED, State.TAKEN_BACK)  # one of them, once


def state_of(steps: Sequence[str]) -> State:
    """Where a letter is after these steps, in their order; offered after none."""
    return State(steps[-1]) if steps else State.OFFERED


@dataclass(frozen=True)
class Terms:
    """What a letter says.

    works: of `Work`.  categories: of `Category`.  most: yuan, the largest budget of one purchase, None for any.
    single: for one purchase only.  first, last: the days from and through which purchases may be begun under it; what
    was begun is finished under it.  fee: in words.  payer: a key of `PAYERS`.
    """

    title: str
    works: frozenset[str]
    categories: frozenset[str]
    most: Decimal | None
    single: bool
    first: date
    last: date
    fee: str
    payer: str
    contact: str
    phone: str
    address: str


def why_not_entrust(*, kind: str, by: Actor) -> tuple[Reason, ...]:
    """Reasons against entrusting anybody: a purchaser's officer does.  kind: of his organisation."""
    if by.role is not Role.OFFICER or kind not in OWNERS:
        return (Reason("agency.not-owner", Kind.NOT_YOURS, "仅采购人的经办人可以委托采购代理机构", FREELY),)
    return ()


def why_not_offer(
    terms: Terms, *, kind: str, agent_kind: str, file: str | None, bans: tuple[Reason, ...], on: date, by: Actor
) -> tuple[Reason, ...]:
    """Reasons against offering this letter to an agent, all that is wrong with it at once.

    kind, agent_kind: of the two organisations.  file: what the agreement's file is by its own bytes.  bans: decisions
    that bind the agent.
    Law: 政府采购法 第19条, 第20条; 政府采购法实施条例 第16条; 财库〔2016〕125号.
    """
    if shut := why_not_entrust(kind=kind, by=by):
        return shut
    if agent_kind != House.AGENT:
        return (Reason("agency.not-an-agent", Kind.NOT_VALID, "请选择已登记的采购代理机构", FREELY),)
    return bans + _why_not_terms(terms, on=on) + why_not_file(file)


def _why_not_terms(terms: Terms, *, on: date) -> tuple[Reason, ...]:
    found: list[Reason] = []

    def wrong(code: str, text: str, law: Article | None = WITHIN) -> None:
        found.append(Reason(code, Kind.NOT_VALID, text, law))

    if not terms.title.strip():
        wrong("agency.no-title", "请写明委托采购的项目或者范围")
    if terms.works - {work.value for work in ENTRUSTABLE}:
        wrong("agency.not-entrustable", "确认文件和报告、确定中标供应商、签订合同由采购人自己办理，不得委托")
    if Work.PREPARE.value not in terms.works:
        wrong("agency.no-works", "委托事项至少包括编制采购文件、发布公告")
    if not terms.categories or terms.categories - {each.value for each in Category}:
        wrong("agency.no-categories", "请选择委托的采购类别")
    if terms.most is not None and terms.most <= 0:
        wrong("agency.most", "单个项目的预算上限应大于零，不限的留空")
    if terms.last < terms.first or terms.last < on:
        wrong("agency.over", "委托期限的截止日不能早于起始日和今天")
    elif (terms.last - terms.first).days > LONGEST_DAYS:
        wrong("agency.too-long", "委托期限不超过三年，期满可以续签", None)
    if terms.payer not in PAYERS or not terms.fee.strip():
        wrong("agency.no-fee", "请写明代理费用的收取标准和由谁支付", FEE)
    if not (terms.contact.strip() and terms.phone.strip() and terms.address.strip()):
        wrong("agency.no-contact", "请写明联系人、联系电话和地址，公告须载明", None)
    if max(len(terms.title), len(terms.fee)) > MOST_WORDS:
        wrong("agency.length", "文字过长", None)
    return tuple(found)


def why_not_file(kind: str | None) -> tuple[Reason, ...]:
    """Reasons against the file of the agreement.  kind: what it is by its own bytes."""
    if kind != PDF:
        return (Reason("agency.no-file", Kind.NOT_VALID, "请附双方签署的委托代理协议（PDF）", WRITTEN),)
    return ()


def why_not_answer(*, agent: str, state: State, by: Actor) -> tuple[Reason, ...]:
    """Reasons against the agent's saying anything to a letter now."""
    if shut := why_not_officer(buyer=agent, by=by):
        return shut
    if state is not State.OFFERED:
        return (Reason("agency.answered", Kind.NOT_NOW, "这份委托已经答复或者撤回"),)
    return ()


def why_not_agree(
    *, agent: str, state: State, last: date, contact: Collection[str], bans: tuple[Reason, ...], on: date, by: Actor
) -> tuple[Reason, ...]:
    """Reasons against the agent's yes.  contact: person, telephone and address, which every notice names."""
    if shut := why_not_answer(agent=agent, state=state, by=by):
        return shut
    if on > last:
        return (Reason("agency.expired", Kind.NOT_NOW, "委托期限已过，请采购人重新委托", WITHIN),)
    if not all(each.strip() for each in contact):
        return (*bans, Reason("agency.no-contact", Kind.NOT_VALID, "请写明联系人、联系电话和地址，公告须载明"))
    return bans


def why_not_decline(*, agent: str, state: State, reason: str, by: Actor) -> tuple[Reason, ...]:
    """Reasons against the agent's no: it says why."""
    return why_not_answer(agent=agent, state=state, by=by) or _why_not_say(reason)


def why_not_take_back(*, owner: str, state: State, by: Actor) -> tuple[Reason, ...]:
    """Reasons against taking a letter back before it is answered."""
    if shut := why_not_officer(buyer=owner, by=by):
        return shut
    if state is not State.OFFERED:
        return (Reason("agency.answered", Kind.NOT_NOW, "这份委托已经答复或者撤回"),)
    return ()


def why_not_end(
    *, owner: str, agent: str, state: State, running: Mapping[str, str], named: Mapping[str, bool], reason: str,
    by: Actor,
) -> tuple[Reason, ...]:  # fmt: skip
    """Reasons against ending a letter before its time. What was done under it stays.

    running: number ↦ title of purchases that are not over.  named: number ↦ whether whoever follows there may.
    Either side ends it; while purchases run, the purchaser alone, who says who goes on with each of them.
    Law: 政府采购法 第20条; 民法典 第933条.
    """
    if by.organisation not in (owner, agent) or by.role is not Role.OFFICER:
        return why_not_officer(buyer=owner, by=by)
    if state is not State.AGREED:
        return (Reason("agency.not-agreed", Kind.NOT_NOW, "这份委托没有生效或者已经终止"),)
    if running and by.organisation == agent:
        text = "还有 {n} 个项目正在办理，请采购人指定接手单位后终止"
        return (Reason("agency.running", Kind.NOT_YOURS, text, WITHIN, {"n": len(running)}),)
    text = "请为正在办理的“{title}”指定接手的单位"
    left = tuple(
        Reason("agency.no-successor", Kind.NOT_VALID, text, WITHIN, {"title": title})
        for number, title in running.items()
        if not named.get(number)
    )
    return left + _why_not_say(reason)


def _why_not_say(reason: str) -> tuple[Reason, ...]:
    return () if len(reason.strip()) >= 2 else (Reason("agency.no-reason", Kind.NOT_VALID, "请写明原因"),)


def why_not_use(
    *, agent: str, state: State, first: date, last: date, single: bool, used: int, bans: tuple[Reason, ...], on: date,
    by: Actor,
) -> tuple[Reason, ...]:  # fmt: skip
    """Reasons against beginning a purchase under a letter.  used: how many were begun under it."""
    if shut := why_not_officer(buyer=agent, by=by):
        return shut
    if state is not State.AGREED or not first <= on <= last:
        return (Reason("agency.not-in-force", Kind.NOT_NOW, "这份委托没有生效、已经期满或者终止", WITHIN),)
    if single and used:
        return (Reason("agency.used", Kind.NOT_NOW, "这份委托只用于一个项目，已经使用", WITHIN),)
    return bans


def why_not_cover(
    *, categories: Collection[str], most: Decimal | None, category: str, budget: Decimal
) -> tuple[Reason, ...]:
    """Reasons why a purchase is beyond what its letter entrusts.

    Law: 政府采购法实施条例 第16条.
    """
    found: tuple[Reason, ...] = ()
    if category not in categories:
        found += (Reason("agency.other-category", Kind.NOT_VALID, "委托范围不含该采购类别", WITHIN),)
    if most is not None and budget > most:
        values = {"most": f"{most:,.2f}"}
        found += (Reason("agency.over-most", Kind.NOT_VALID, "采购预算超过委托的上限 {most} 元", WITHIN, values),)
    return found
