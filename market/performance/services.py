"""Acts under a contract: agree on milestones, hand over, accept or return; the last acceptance completes it."""

import secrets
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from intermediaries.ratings.rules import Side
from ledger.events import Event
from ledger.services import record, record_all
from market.performance import queries, rules
from market.performance.acting import Given, attach, commitment, complete, held, tell
from market.performance.events import Delivered, Inspected, PlanAgreed
from market.performance.models import Delivery, Inspection, Milestone, Plan
from market.performance.rules import Line
from rulebook.actor import Actor
from rulebook.calendar import day_in_china
from rulebook.money import yuan
from rulebook.refusal import refuse_if
from rulebook.seen import why_not_seen


@transaction.atomic
def propose_plan(*, number: str, lines: Sequence[Line], reason: str = "", by: Actor, at: datetime) -> Plan:
    """Put milestones forward; the other side agrees or sends them back. After the first it changes the contract.

    Refused to anyone but the two sides, while another waits, and where they do not make up the price.
    Law: 民法典 第509条, 第543条; 政府采购法 第49条.
    """
    project, made = held(number)
    lines = [Line(line.number, line.what.strip(), line.due_on, yuan(line.amount)) for line in lines]
    in_force, parties = queries.plan(made), queries.parties(made)
    refuse_if(
        rules.why_not_plan(
            stage=project.stage, parties=parties, waiting=queries.waiting_plan(made) is not None,
            contract=made.amount, signed_on=made.signed_on, before=queries.lines(in_force),
            fixed=queries.fixed(made), lines=lines, reason=reason, addition=project.procedure.addition, by=by,
        )
    )  # fmt: skip
    side = parties.side_of(by)
    assert side is not None, "the rule refuses whoever stands on neither side"
    version = made.plans.count() + 1
    plan = Plan.objects.create(
        contract=made, version=version, amount=sum(line.amount for line in lines), reason=reason.strip(),
        side=side.value, proposed_by=by.person, proposed_at=at,
    )  # fmt: skip
    Milestone.objects.bulk_create(
        Milestone(plan=plan, number=line.number, what=line.what, due_on=line.due_on, amount=line.amount)
        for line in lines
    )
    tell(made, side.other, "请确认履约计划", "对方提出了履约计划（或合同变更），请确认或者退回。", at=at)
    return plan


@transaction.atomic
def settle_plan(
    *, number: str, agree: bool, reason: str = "", seen: str | None = None, by: Actor, at: datetime
) -> Plan:
    """Agree to the plan that waits, or send it back. Refused to whoever put it forward, and without a reason against.

    seen: the version that was read; another one is refused.
    What was handed over meanwhile must still fit: then the plan is looked at again.
    """
    project, made = held(number)
    plan, parties = queries.waiting_plan(made), queries.parties(made)
    proposed_by = plan.side if plan else None
    refuse_if(
        rules.why_not_settle(
            stage=project.stage, parties=parties, proposed_by=proposed_by, agree=agree, reason=reason, by=by
        )
    )
    assert plan is not None, "the rule refuses where none waits"
    refuse_if(why_not_seen(seen, stands=plan.version))
    before, lines = queries.plan(made), queries.lines(plan)
    if agree and before is not None:
        refuse_if(
            rules.why_not_plan(
                stage=project.stage, parties=parties, waiting=False, contract=made.amount, signed_on=made.signed_on,
                before=queries.lines(before), fixed=queries.fixed(made), lines=lines, reason=plan.reason,
                addition=project.procedure.addition, by=by,
            )
        )  # fmt: skip
    _settle(plan, agreed=agree, answer=reason, by=by, at=at)
    side = Side(plan.side)
    if not agree:
        tell(made, side, "履约计划被退回", reason.strip(), at=at)
        return plan
    tell(made, side, "履约计划已确认", "双方已确认履约计划。", at=at)
    given = queries.all_handed(made)
    events: list[Event] = [
        PlanAgreed(
            stream=project.log, version=plan.version, amount=str(plan.amount), was=str(before.amount) if before else "",
            reason=plan.reason,
            milestones=[
                {"number": line.number, "what": line.what, "due_on": line.due_on, "amount": str(line.amount)}
                for line in lines
            ],
        )
    ]  # fmt: skip
    if rules.is_done(lines, given):  # a change may leave nothing that is not accepted
        events.append(complete(project=project, made=made, by=by, at=at))
    record_all(events, at=at)
    return plan


@transaction.atomic
def withdraw_plan(*, number: str, by: Actor, at: datetime) -> Plan:
    """Take back one's own plan before the other side answered."""
    project, made = held(number)
    plan = queries.waiting_plan(made)
    refuse_if(
        rules.why_not_withdraw_plan(
            stage=project.stage, parties=queries.parties(made), proposed_by=plan.side if plan else None, by=by
        )
    )
    assert plan is not None, "the rule refuses where none waits"
    return _settle(plan, agreed=False, answer="", by=by, at=at)


def _settle(plan: Plan, *, agreed: bool, answer: str, by: Actor, at: datetime) -> Plan:
    plan.agreed, plan.answer, plan.settled_by, plan.settled_at = agreed, answer.strip(), by.person, at
    plan.save(update_fields=["agreed", "answer", "settled_by", "settled_at"])
    return plan


@transaction.atomic
def deliver(
    *, number: str, milestone: int, note: str, files: Sequence[Given] = (), by: Actor, at: datetime
) -> Delivery:
    """Hand over a milestone: words, files, or both; the log commits to them.

    Refused to anyone but the provider, without an agreed plan, while one waits, once it is accepted, and empty.
    """
    project, made = held(number)
    refuse_if(queries.why_not_deliver(made, number=milestone, by=by) or queries.why_not_go_on(project, at=at))
    refuse_if(rules.why_not_content(note=note, sizes=[each.size for each in files]))
    attempt = made.deliveries.filter(milestone=milestone).count() + 1
    salt = secrets.token_hex(32)
    row = Delivery.objects.create(
        contract=made, milestone=milestone, attempt=attempt, note=note.strip(), salt=salt,
        sha256=commitment(salt=salt, note=note.strip(), files=files), by_name=by.name, delivered_at=at,
    )  # fmt: skip
    attach(made, files, side=Side.PROVIDER, delivery=row, at=at)
    tell(made, Side.BUYER, "有成果待验收", f"第{milestone}个交付节点已交付，请在期限内验收。", at=at)
    record(Delivered(stream=project.log, milestone=milestone, attempt=attempt, sha256=row.sha256), at=at)
    return row


@transaction.atomic
def inspect(*, number: str, milestone: int, accepted: bool, reasons: str = "", by: Actor, at: datetime) -> Inspection:
    """Accept what was handed over, or return it with reasons. The last acceptance completes the purchase.

    Refused to anyone but the buyer, where nothing waits, and for a return without reasons.
    """
    project, made = held(number)
    row = queries.waits(made, number=milestone)
    refuse_if(
        rules.why_not_inspect(
            stage=project.stage, parties=queries.parties(made), waits=row is not None, accepted=accepted,
            reasons=reasons, by=by,
        )
        or queries.why_not_go_on(project, at=at)
    )  # fmt: skip
    assert row is not None, "the rule refuses where nothing waits"
    seen = Inspection.objects.create(delivery=row, accepted=accepted, reasons=reasons.strip(), by_name=by.name, at=at)
    held_lines, given = queries.lines(queries.plan(made)), queries.all_handed(made)
    due_on = next(line.due_on for line in held_lines if line.number == milestone)
    late = rules.days_late(due_on, given[milestone], on=day_in_china(at))
    subject = "验收通过" if accepted else "成果被退回，请整改后再次交付"
    tell(made, Side.PROVIDER, subject, reasons.strip() or f"第{milestone}个交付节点", at=at)
    events: list[Event] = [
        Inspected(stream=project.log, milestone=milestone, attempt=row.attempt, accepted=accepted, days_late=late)
    ]
    if rules.is_done(held_lines, given):
        events.append(complete(project=project, made=made, by=by, at=at))
    record_all(events, at=at)
    return seen
