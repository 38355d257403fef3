"""What the page of a contract's performance shows, put together from reads."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from intermediaries.ratings import queries as ratings
from intermediaries.ratings.rules import Side
from market.contracts.models import Contract
from market.performance import ends, forms, queries, rules
from market.performance.ends import REPLY
from market.performance.models import Delivery, Plan
from market.performance.rules import INSPECTION, Line, Outcome
from market.projects.models import Project
from rulebook.actor import Actor, Role
from rulebook.calendar import add_days, day_in_china

MORE_ROWS = {"7", "12", "17"}  # as the link under the rows asks for them
OUTCOME_WORDS = {
    Outcome.OPEN: (_("等待处理"), "warn"),
    Outcome.AGREED: (_("双方同意解除"), "bad"),
    Outcome.SILENT: (_("逾期未答复，合同解除"), "bad"),
    Outcome.DECIDED: (_("按裁判、仲裁或者调解结果解除"), "bad"),
    Outcome.REJECTED: (_("按裁判、仲裁或者调解结果继续履行"), "ok"),
    Outcome.WITHDRAWN: (_("通知已撤回"), ""),
    Outcome.LAPSED: (_("已全部验收，通知失效"), ""),
}


def performance(
    project: Project, made: Contract, *, viewer: Actor, at: datetime, more: int = forms.MORE
) -> dict[str, Any]:
    """The page for one viewer: dates, amounts and delays for everybody; words, files and acts for the two sides.

    more: empty rows of a plan.
    """
    side = queries.parties(made).side_of(viewer)
    held, waiting = queries.plan(made), queries.waiting_plan(made)
    total, on = queries.total(made, held), queries.until(project, day_in_china(at))
    lines, given = queries.lines(held), queries.deliveries(made)
    ended = queries.terminations(made)
    notice = next((each for each in ended if each.ended_at is None), None)
    return {
        "nav": "notices", "project": project, "steps": project.steps(), "contract": made, "total": total,
        "side": side.value if side else "", "is_buyer": side is Side.BUYER, "is_provider": side is Side.PROVIDER,
        "is_party": side is not None, "plan": held, "rows": [_row(line, given, made, total, side, viewer, at, on)
                                                             for line in lines],
        "late": sum(rules.days_late(line.due_on, queries.handed(given.get(line.number, [])), on=on) for line in lines),
        "changes": queries.changes(made), "waiting": waiting if side else None,
        "waiting_rows": compared(waiting, lines) if waiting and side else [],
        "waiting_own": bool(waiting and side and waiting.side == side),
        "sent_back": queries.sent_back(made) if side else None, "settle_form": forms.SettleForm(auto_id=False),
        "against_plan": queries.why_not_begin_plan(made, by=viewer),
        "milestones": milestones(made, held, more=more), "more_rows": more + 5,
        "reason_form": forms.ReasonForm(),
        "invoices": queries.invoices(made), "payments": _payments(made), "invoiced": queries.invoiced(made),
        "paid": queries.paid(made), "against_money": rules.why_not_money(project.stage),
        "invoice_form": forms.InvoiceForm(initial={"issued_on": day_in_china(at)}, prefix="i"),
        "payment_form": forms.PaymentForm(initial={"paid_on": day_in_china(at)}, prefix="p"),
        "terminations": [(each, OUTCOME_WORDS[Outcome(each.outcome)], queries.side_words(Side(each.side), project),
                          Outcome(each.outcome) in rules.ENDING, each.files.all()) for each in ended],
        "notice": notice, "notice_own": bool(notice and side and notice.side == side),
        "disputed": bool(notice and notice.agrees is False), "reply_words": REPLY.words,
        "against_notice": ends.why_not_begin(
            stage=project.stage, parties=queries.parties(made), waiting=notice is not None, by=viewer
        ),
        "notice_form": forms.NoticeForm(prefix="n"), "reply_form": forms.ReplyForm(prefix="r", auto_id="id_%s"),
        "is_supervisor": viewer.role is Role.SUPERVISOR, "decide_form": forms.DecideForm(prefix="d"),
        "occasion": ratings.found(project.number), "inspection": INSPECTION, "payment_rule": rules.PAYMENT,
    }  # fmt: skip


def as_data(project: Project, made: Contract, *, at: datetime) -> dict[str, Any]:
    """What everybody may read of it, as open data: amounts in yuan, days in working days."""
    held = queries.plan(made)
    on, given = queries.until(project, day_in_china(at)), queries.all_handed(made)
    return {
        "project": project.number, "stage": project.stage, "buyer": project.buyer_id,
        "provider": made.award.organisation, "signed_on": made.signed_on.isoformat(),
        "signed_at_amount": str(made.amount),
        "amount": str(queries.total(made, held)), "invoiced": str(queries.invoiced(made)),
        "paid": str(queries.paid(made)),
        "changes": [{"was": str(was), "amount": str(each.amount), "reason": each.reason}
                    for each, was in queries.changes(made)],
        "milestones": [
            {
                "number": line.number, "what": line.what, "due_on": line.due_on.isoformat(), "amount": str(line.amount),
                "delivered_on": [each.delivered_on.isoformat() for each in given.get(line.number, ())],
                "accepted": any(each.accepted for each in given.get(line.number, ())),
                "days_late": rules.days_late(line.due_on, given.get(line.number, ()), on=on),
                "days_kept_waiting": rules.days_kept_waiting(given.get(line.number, ()), on=on),
            }
            for line in queries.lines(held)
        ],
    }  # fmt: skip


def milestones(made: Contract, held: Plan | None, *, more: int) -> Any:
    """The rows of a plan to be put forward: those in force, or one for all of it."""
    lines = queries.lines(held)
    told: list[dict[str, Any]] = [
        {"number": line.number, "what": line.what, "due_on": line.due_on, "amount": line.amount} for line in lines
    ] or [_whole(made)]
    return forms.milestones(initial=told, more=more)


def _whole(made: Contract) -> dict[str, Any]:
    """One milestone for all of it, by the days of service the purchase named; where it named none, by no day."""
    bought = getattr(made.project, "purchase", None)
    due_on = add_days(made.signed_on, bought.days) if bought else None
    return {"what": made.project.title if bought else made.project.item, "due_on": due_on, "amount": made.amount}


def compared(plan: Plan, before: list[Line]) -> list[tuple[Line, Line | None, bool]]:
    """Each line of a plan that waits, what it was before, and whether it is another."""
    old = {line.number: line for line in before}
    told = [(line, old.pop(line.number, None)) for line in queries.lines(plan)]
    return [(line, was, was != line) for line, was in told]


def _payments(made: Contract) -> list[tuple[Any, Any, forms.ArrivedForm]]:
    return [
        (each, getattr(each, "answer", None), forms.ArrivedForm(
            initial={"payment": each.public_id}, auto_id=f"id_{each.public_id}_%s"))
        for each in queries.payments(made)
    ]  # fmt: skip


def _row(
    line: Line, given: dict[int, list[Delivery]], made: Contract, total: Decimal, side: Side | None, viewer: Actor,
    at: datetime, on: Any,
) -> dict[str, Any]:  # fmt: skip
    rows = given.get(line.number, [])
    handed = queries.handed(rows)
    last = rows[-1] if rows else None
    seen = getattr(last, "inspection", None)
    waits = last is not None and seen is None
    return {
        "line": line, "share": rules.share(line.amount, total), "late": rules.days_late(line.due_on, handed, on=on),
        "kept": rules.days_kept_waiting(handed, on=on), "last": last,
        "state": "accepted" if seen and seen.accepted else "returned" if seen else "waits" if waits else "open",
        "accepted_at": seen.at if seen and seen.accepted else None,
        "pay_by": rules.PAYMENT.due(seen.at) if seen and seen.accepted else None,
        "inspect_by": INSPECTION.due(last.delivered_at) if last and waits else None,
        "deliveries": [(each, getattr(each, "inspection", None), each.files.all()) for each in rows] if side else [],
        "times": len(rows), "overdue": not rows and on > line.due_on,
        "against_delivery": queries.why_not_deliver(made, number=line.number, by=viewer) if side else (),
        "deliver_form": forms.DeliverForm(initial={"milestone": line.number}, auto_id=f"id_d{line.number}_%s"),
        "inspect_form": forms.InspectForm(initial={"milestone": line.number}, auto_id=f"id_i{line.number}_%s"),
    }  # fmt: skip
