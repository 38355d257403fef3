"""How a contract is performed: plan, delivery, inspection, delay, end. Pure."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from intermediaries.ratings.rules import Parties, Side
from market.projects.periods import Period, Unit
from market.projects.rules import LIFE, Stage
from rulebook.actor import Actor
from rulebook.calendar import is_working_day, working_days_between
from rulebook.house import own
from rulebook.law import Article
from rulebook.refusal import Kind, Reason

MOST_MILESTONES = 30
MOST_FILES = 20
LARGEST_FILE = 50 << 20  # bytes
SHORTEST_REASON = 4  # characters
PERFORMANCE = Article("民法典", "第509条")
CHANGE = Article("民法典", "第543条")
INSPECTION = Period(7, Unit.WORKING_DAYS, own(2))
PAYMENT = Period(30, Unit.DAYS, Article("保障中小企业款项支付条例", "第9条"))


class Outcome(StrEnum):
    """How a notice of termination ended."""

    OPEN = ""
    AGREED = "agreed"  # the other side agreed
    SILENT = "silent"  # it said nothing in time
    DECIDED = "decided"  # a court, an arbitrator or a mediator said so; the supervision wrote it down
    REJECTED = "rejected"  # likewise, that the contract goes on
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"  # everything was accepted meanwhile


ENDING = frozenset({Outcome.AGREED, Outcome.SILENT, Outcome.DECIDED})


@dataclass(frozen=True)
class Line:
    """A milestone: what is handed over, by the end of which day, and how much of the price it stands for, in yuan."""

    number: int
    what: str
    due_on: date
    amount: Decimal


@dataclass(frozen=True)
class Handed:
    """A delivery as the rules see it.  answered_on: when the buyer said what it makes of it; None: it waits."""

    delivered_on: date
    answered_on: date | None = None
    accepted: bool = False


def why_not_party(*, parties: Parties, by: Actor, only: Side | None = None) -> tuple[Reason, ...]:
    """Reasons why somebody has no say in this contract, or it is the other side's to say."""
    side = parties.side_of(by)
    if side is None:
        return (Reason("performance.not-party", Kind.NOT_YOURS, "仅合同双方可以办理"),)
    if only is Side.BUYER and side is not only:
        return (Reason("performance.not-buyer", Kind.NOT_YOURS, "由{terms.buyer}办理"),)
    if only is Side.PROVIDER and side is not only:
        return (Reason("performance.not-provider", Kind.NOT_YOURS, "由{terms.winner}办理"),)
    return ()


def why_not_under_way(stage: str) -> tuple[Reason, ...]:
    """Reasons why nothing is being performed: there is no contract yet, or it has ended."""
    return LIFE.why_not(Stage(stage), Stage.COMPLETED)


# --- the plan --------------------------------------------------------------------------------------------------------


def why_not_begin_plan(*, stage: str, parties: Parties, waiting: bool, by: Actor) -> tuple[Reason, ...]:
    """Reasons against putting any plan forward now."""
    shut = why_not_party(parties=parties, by=by) or why_not_under_way(stage)
    if shut:
        return shut
    if waiting:
        return (Reason("plan.waiting", Kind.NOT_NOW, "已有一份待对方确认的履约计划"),)
    return ()


def why_not_plan(
    *, stage: str, parties: Parties, waiting: bool, contract: Decimal, signed_on: date, before: Sequence[Line],
    fixed: Collection[int], lines: Sequence[Line], reason: str, addition: tuple[Decimal, Article] | None, by: Actor,
) -> tuple[Reason, ...]:  # fmt: skip
    """Reasons against a plan: a side of the contract, none waiting; milestones that make up the price.

    The first is at the price of the contract. A later one is a change of it, says why, and keeps what was accepted or
    waits for the buyer as it was.  contract: the price it was signed at, yuan.  before: the plan in force.  fixed: the
    numbers of those milestones.  addition: by what share the price may rise, with the article.
    """
    shut = why_not_begin_plan(stage=stage, parties=parties, waiting=waiting, by=by)
    if shut:
        return shut
    if not lines:
        return (Reason("plan.empty", Kind.NOT_VALID, "请至少写明一个交付节点", PERFORMANCE),)
    reasons: list[Reason] = []
    if len(lines) > MOST_MILESTONES:
        reasons.append(
            Reason("plan.too-long", Kind.NOT_VALID, "交付节点不超过 {most} 个", None, {"most": MOST_MILESTONES})
        )
    if any(not line.what.strip() or line.amount <= 0 or line.due_on < signed_on for line in lines):
        text = "每个节点应写明交付什么、金额，交付日期不早于合同签订日期"
        reasons.append(Reason("plan.line", Kind.NOT_VALID, text, PERFORMANCE))
    total = sum((line.amount for line in lines), Decimal())
    if not before and total != contract:
        text = "各节点金额之和应等于合同金额 {amount} 元"
        reasons.append(Reason("plan.sum", Kind.NOT_VALID, text, PERFORMANCE, {"amount": f"{contract:,.2f}"}))
    return (*reasons, *(_why_not_change(contract, before, fixed, lines, total, reason, addition) if before else ()))


def _why_not_change(
    contract: Decimal, before: Sequence[Line], fixed: Collection[int], lines: Sequence[Line], total: Decimal,
    reason: str, addition: tuple[Decimal, Article] | None,
) -> Iterable[Reason]:  # fmt: skip
    kept = {line.number: line for line in lines}
    if len(reason.strip()) < SHORTEST_REASON:
        yield Reason("plan.no-reason", Kind.NOT_VALID, "变更合同应写明理由，理由将公开", CHANGE)
    if tuple(before) == tuple(lines):
        yield Reason("plan.same", Kind.NOT_VALID, "与现行履约计划相同", CHANGE)
    if any(kept.get(line.number) != line for line in before if line.number in fixed):
        yield Reason("plan.delivered", Kind.NOT_VALID, "已经验收或者待验收的节点不得变更", CHANGE)
    if addition is not None and total > contract * (1 + addition[0]):
        text = "追加金额不得超过原合同金额的 {share}"
        yield Reason("plan.addition", Kind.NOT_VALID, text, addition[1], {"share": f"{addition[0]:.0%}"})


def why_not_settle(
    *, stage: str, parties: Parties, proposed_by: str | None, agree: bool, reason: str, by: Actor
) -> tuple[Reason, ...]:
    """Reasons against agreeing to a plan or sending it back: the other side alone, and it says why not.

    proposed_by: the side that put it forward; None where none waits.
    """
    shut = why_not_party(parties=parties, by=by) or why_not_under_way(stage)
    if shut:
        return shut
    if proposed_by is None:
        return (Reason("plan.none", Kind.NOT_NOW, "没有待确认的履约计划"),)
    if parties.side_of(by) == proposed_by:
        return (Reason("plan.own", Kind.NOT_YOURS, "由对方确认；如需修改，请先撤回"),)
    if not agree and len(reason.strip()) < SHORTEST_REASON:
        return (Reason("plan.why-not", Kind.NOT_VALID, "退回应写明修改意见"),)
    return ()


def why_not_withdraw_plan(*, stage: str, parties: Parties, proposed_by: str | None, by: Actor) -> tuple[Reason, ...]:
    """Reasons against taking back one's own plan."""
    shut = why_not_party(parties=parties, by=by) or why_not_under_way(stage)
    if shut:
        return shut
    if parties.side_of(by) != proposed_by:
        return (Reason("plan.not-own", Kind.NOT_NOW, "没有本方提出、待确认的履约计划"),)
    return ()


# --- delivery and inspection -----------------------------------------------------------------------------------------


def why_not_deliver(
    *, stage: str, parties: Parties, lines: Mapping[int, Line], number: int, handed: Sequence[Handed], by: Actor
) -> tuple[Reason, ...]:
    """Reasons against handing over a milestone: the provider, under an agreed plan, unless it waits or is accepted."""
    shut = why_not_party(parties=parties, by=by, only=Side.PROVIDER) or why_not_under_way(stage)
    if shut:
        return shut
    if not lines:
        return (Reason("delivery.no-plan", Kind.NOT_NOW, "双方尚未确认履约计划", PERFORMANCE),)
    if number not in lines:
        return (Reason("delivery.no-milestone", Kind.NOT_VALID, "没有这个交付节点"),)
    if handed and handed[-1].accepted:
        return (Reason("delivery.accepted", Kind.NOT_NOW, "该节点已经验收通过"),)
    if handed and handed[-1].answered_on is None:
        return (Reason("delivery.waiting", Kind.NOT_NOW, "已经交付，等待{terms.buyer}验收"),)
    return ()


def why_not_content(*, note: str, sizes: Sequence[int]) -> tuple[Reason, ...]:
    """Reasons against what is handed over: it has words or files, not too many, none too large or empty."""
    if not note.strip() and not sizes:
        return (Reason("delivery.nothing", Kind.NOT_VALID, "请上传成果文件，或者写明交付了什么"),)
    return why_not_files(sizes)


def why_not_files(sizes: Sequence[int]) -> tuple[Reason, ...]:
    """Reasons against files: too many, too large, empty."""
    if len(sizes) > MOST_FILES or any(not 0 < size <= LARGEST_FILE for size in sizes):
        text = "一次最多 {most} 个文件，每个不为空、不超过 {megabytes} 兆字节"
        values = {"most": MOST_FILES, "megabytes": LARGEST_FILE >> 20}
        return (Reason("delivery.files", Kind.NOT_VALID, text, None, values),)
    return ()


def why_not_inspect(
    *, stage: str, parties: Parties, waits: bool, accepted: bool, reasons: str, by: Actor
) -> tuple[Reason, ...]:
    """Reasons against accepting or returning: the buyer, what waits; a return says what is wrong."""
    shut = why_not_party(parties=parties, by=by, only=Side.BUYER) or why_not_under_way(stage)
    if shut:
        return shut
    if not waits:
        return (Reason("inspection.nothing", Kind.NOT_NOW, "没有待验收的交付"),)
    if not accepted and len(reasons.strip()) < SHORTEST_REASON:
        return (Reason("inspection.no-reason", Kind.NOT_VALID, "退回应写明不符合约定之处和整改要求", INSPECTION.law),)
    return ()


def days_late(due_on: date, handed: Sequence[Handed], *, on: date) -> int:
    """Working days after the due day that the provider took, to the delivery that was accepted or waits, else to `on`.

    Days on which a delivery lay with the buyer are not the provider's: from the day after it was handed over to the
    day of the answer. Nobody types a delay.
    """
    last = handed[-1] if handed else None
    end = last.delivered_on if last and (last.accepted or last.answered_on is None) else on
    with_buyer = [(each.delivered_on, each.answered_on) for each in handed if each.answered_on is not None]
    return sum(
        is_working_day(day) and not any(start < day <= stop for start, stop in with_buyer)
        for day in (due_on + timedelta(days=n) for n in range(1, (end - due_on).days + 1))
    )


def days_kept_waiting(handed: Sequence[Handed], *, on: date, allowed: int = INSPECTION.amount) -> int:
    """Working days by which the buyer's answers came later than allowed, of all deliveries together."""
    kept = (working_days_between(each.delivered_on, each.answered_on or on) - allowed for each in handed)
    return sum(days for days in kept if days > 0)


def is_done(lines: Iterable[Line], handed: Mapping[int, Sequence[Handed]]) -> bool:
    """There is a plan and everything in it was accepted."""
    told = [any(each.accepted for each in handed.get(line.number, ())) for line in lines]
    return bool(told) and all(told)


def share(amount: Decimal, total: Decimal) -> Decimal:
    """A milestone's part of the price in percent, two places half even; only shown, never reckoned with."""
    return (amount * 100 / total).quantize(Decimal("0.01"))


# --- money as facts --------------------------------------------------------------------------------------------------


def why_not_invoice(
    *, stage: str, parties: Parties, total: Decimal, before: Decimal, again: bool, amount: Decimal, issued_on: date,
    today: date, by: Actor,
) -> tuple[Reason, ...]:  # fmt: skip
    """Reasons against noting an invoice: the provider, once each, together no more than the price of the contract."""
    shut = why_not_party(parties=parties, by=by, only=Side.PROVIDER) or why_not_money(stage)
    if shut:
        return shut
    if again:
        return (Reason("invoice.again", Kind.NOT_VALID, "这个发票号码已经登记"),)
    return _why_not_sum("invoice", "发票", total, before, amount, issued_on, today)


def why_not_pay(
    *, stage: str, parties: Parties, total: Decimal, before: Decimal, amount: Decimal, paid_on: date, today: date,
    by: Actor,
) -> tuple[Reason, ...]:  # fmt: skip
    """Reasons against noting a payment: the buyer, together no more than the price of the contract."""
    shut = why_not_party(parties=parties, by=by, only=Side.BUYER) or why_not_money(stage)
    if shut:
        return shut
    return _why_not_sum("payment", "付款", total, before, amount, paid_on, today)


def why_not_money(stage: str) -> tuple[Reason, ...]:
    """Reasons why there is nothing to pay: no contract was signed. After its end it may still be paid."""
    if Stage(stage) not in (Stage.CONTRACTED, Stage.COMPLETED, Stage.TERMINATED):
        return (Reason("performance.no-contract", Kind.NOT_NOW, "还没有登记合同"),)
    return ()


def _why_not_sum(
    code: str, name: str, total: Decimal, before: Decimal, amount: Decimal, day: date, today: date
) -> tuple[Reason, ...]:
    if amount <= 0 or day > today:
        return (Reason("performance.fact", Kind.NOT_VALID, "金额应大于零，日期不晚于今天"),)
    if before + amount > total:
        text = "{name}累计 {sum} 元，超过合同金额 {total} 元"
        values = {"name": name, "sum": f"{before + amount:,.2f}", "total": f"{total:,.2f}"}
        return (Reason("performance.above-contract", Kind.NOT_VALID, text, PERFORMANCE, values),)
    return ()


def why_not_confirm(*, parties: Parties, answered: bool, received: bool, text: str, by: Actor) -> tuple[Reason, ...]:
    """Reasons against saying whether a payment arrived: the provider, once, and why not."""
    shut = why_not_party(parties=parties, by=by, only=Side.PROVIDER)
    if shut:
        return shut
    if answered:
        return (Reason("payment.answered", Kind.NOT_NOW, "这笔付款已经确认或者提出异议"),)
    if not received and len(text.strip()) < SHORTEST_REASON:
        return (Reason("payment.why-not", Kind.NOT_VALID, "未收到或者金额不符的，应写明情况"),)
    return ()
