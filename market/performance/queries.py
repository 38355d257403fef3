"""Reads of a contract's performance: dates, amounts and delays are public, files and words are the two sides'."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Prefetch, QuerySet, Sum

from accounts.regions.queries import lies_in
from intermediaries.ratings.rules import Parties, Side
from market.contracts.models import Contract
from market.performance import rules
from market.performance.models import Attachment, Delivery, Invoice, Payment, Plan, Termination
from market.performance.rules import Handed, Line
from market.projects import queries as projects
from market.projects.models import Project
from market.projects.rules import Stage
from market.projects.stops import Act
from rulebook.actor import Actor, Role
from rulebook.calendar import day_in_china
from rulebook.refusal import Reason


def contract(project: Project) -> Contract:
    """The contract of a project. Raises Contract.DoesNotExist."""
    return Contract.objects.select_related("award", "project__buyer").get(project=project)


def parties(made: Contract) -> Parties:
    """Its two sides."""
    return Parties(made.project.buyer_id, made.award.organisation)


def plan(made: Contract) -> Plan | None:
    """The plan in force: the last both agreed on."""
    return made.plans.filter(agreed=True).order_by("-version").prefetch_related("milestones").first()


def waiting_plan(made: Contract) -> Plan | None:
    """The plan the other side has not answered yet."""
    return made.plans.filter(settled_at=None).prefetch_related("milestones").first()


def lines(held: Plan | None) -> list[Line]:
    """The milestones of a plan, by number."""
    return sorted((each.line for each in held.milestones.all()), key=lambda line: line.number) if held else []


def total(made: Contract, held: Plan | None) -> Decimal:
    """The price as both sides agreed on it last, yuan."""
    return held.amount if held else made.amount


def deliveries(made: Contract) -> dict[int, list[Delivery]]:
    """What was handed over, by milestone, in turn."""
    rows = made.deliveries.select_related("inspection").prefetch_related("files").order_by("milestone", "attempt")
    told: dict[int, list[Delivery]] = {}
    for row in rows:
        told.setdefault(row.milestone, []).append(row)
    return told


def handed(rows: Sequence[Delivery]) -> list[Handed]:
    """The same as rules see it."""
    told = []
    for row in rows:
        seen = getattr(row, "inspection", None)
        told.append(Handed(row.delivered_on, day_in_china(seen.at) if seen else None, bool(seen and seen.accepted)))
    return told


def all_handed(made: Contract) -> dict[int, list[Handed]]:
    """What was handed over for every milestone."""
    return {number: handed(rows) for number, rows in deliveries(made).items()}


def fixed(made: Contract) -> set[int]:
    """Numbers of the milestones that were accepted or wait for the buyer: no change of the contract touches them."""
    return {number for number, rows in all_handed(made).items() if rows[-1].accepted or rows[-1].answered_on is None}


def delay(held: Sequence[Line], given: Mapping[int, Sequence[Handed]], *, on: date) -> int:
    """Working days the provider is or was late, of all milestones together."""
    return sum(rules.days_late(line.due_on, given.get(line.number, ()), on=on) for line in held)


def waits(made: Contract, *, number: int) -> Delivery | None:
    """The delivery of a milestone the buyer has not answered."""
    return made.deliveries.filter(milestone=number, inspection=None).order_by("-attempt").first()


def terminations(made: Contract) -> list[Termination]:
    """Every notice, the latest first."""
    return list(made.terminations.prefetch_related("files").order_by("-noticed_at"))


def changes(made: Contract) -> list[tuple[Plan, Decimal]]:
    """The changes of the contract both sides agreed on, in turn, each with the amount before it, yuan."""
    rows = list(made.plans.filter(agreed=True).order_by("version"))
    return [(row, before.amount) for before, row in zip(rows, rows[1:], strict=False)]


def sent_back(made: Contract) -> Plan | None:
    """The last plan, where the other side sent it back."""
    row = made.plans.order_by("-version").first()
    return row if row and row.agreed is False and row.answer else None


def termination(made: Contract) -> Termination | None:
    """The notice that has no end yet."""
    return made.terminations.filter(ended_at=None).first()


def attachment(public_id: object, *, project: Project, viewer: Actor) -> Attachment:
    """A file of the two sides, for them; evidence also for the supervision. Raises Attachment.DoesNotExist."""
    found = Attachment.objects.select_related("contract__award", "contract__project").get(
        public_id=public_id, contract__project=project
    )
    looks = found.termination_id is not None and viewer.role is Role.SUPERVISOR
    if parties(found.contract).side_of(viewer) is None and not looks:
        raise Attachment.DoesNotExist
    return found


def invoiced(made: Contract) -> Decimal:
    """The sum of its invoices, yuan."""
    return made.invoices.aggregate(sum=Sum("amount"))["sum"] or Decimal()


def paid(made: Contract) -> Decimal:
    """The sum of its payments, yuan; those the provider says never came are not counted."""
    return made.payments.exclude(answer__received=False).aggregate(sum=Sum("amount"))["sum"] or Decimal()


def invoices(made: Contract) -> list[Invoice]:
    """Its invoices, in turn."""
    return list(made.invoices.order_by("issued_on", "pk"))


def payments(made: Contract) -> list[Payment]:
    """Its payments, in turn."""
    return list(made.payments.select_related("answer").order_by("paid_on", "pk"))


def why_not_go_on(project: Project, *, at: datetime) -> tuple[Reason, ...]:
    """Reasons why nothing is handed over or inspected now: the purchase rests."""
    return projects.why_not_go_on(project, Act.PERFORMANCE, at=at)


def why_not_begin_plan(made: Contract, *, by: Actor) -> tuple[Reason, ...]:
    """Reasons against putting a plan forward now, whatever it says."""
    return rules.why_not_begin_plan(
        stage=made.project.stage, parties=parties(made), waiting=waiting_plan(made) is not None, by=by
    )


def why_not_deliver(made: Contract, *, number: int, by: Actor) -> tuple[Reason, ...]:
    """Reasons against handing over this milestone now."""
    return rules.why_not_deliver(
        stage=made.project.stage, parties=parties(made), lines={line.number: line for line in lines(plan(made))},
        number=number, handed=handed(deliveries(made).get(number, [])), by=by,
    )  # fmt: skip


def record_of(org: str, *, on: date, most: int = 50) -> list[dict[str, Any]]:
    """What a provider did under its contracts, the latest first: amounts, returns, delays, changes. Five reads."""
    rows = Contract.objects.filter(award__organisation=org, award__declined_at=None)
    rows = rows.select_related("project", "award").prefetch_related(
        Prefetch("plans", Plan.objects.filter(agreed=True).order_by("version").prefetch_related("milestones")),
        Prefetch("deliveries", Delivery.objects.select_related("inspection").order_by("milestone", "attempt")),
    )
    told = []
    for made in rows.order_by("-signed_on", "-pk")[:most]:
        plans = list(made.plans.all())
        given: dict[int, list[Handed]] = {}
        for row in made.deliveries.all():
            given.setdefault(row.milestone, []).extend(handed([row]))
        returned = sum(each.answered_on is not None and not each.accepted for held in given.values() for each in held)
        last = plans[-1] if plans else None
        told.append(
            {
                "number": made.project.number, "stage": made.project.stage, "amount": total(made, last),
                "late": delay(lines(last), given, on=until(made.project, on)), "returned": returned,
                "changes": max(0, len(plans) - 1), "planned": last is not None,
            }
        )  # fmt: skip
    return told


def under_way(viewer: Actor) -> list[Contract]:
    """The contracts of this person's house that are signed and not over, the oldest first."""
    return list(_of_house(viewer).filter(project__stage=Stage.CONTRACTED.value).order_by("signed_on", "pk"))


def unpaid(viewer: Actor) -> list[tuple[Contract, datetime]]:
    """Contracts of a buyer's house under which more was accepted than paid, with the day it was to be paid by."""
    stages = (Stage.CONTRACTED.value, Stage.COMPLETED.value)
    told = []
    for made in _of_house(viewer).filter(project__stage__in=stages, deliveries__inspection__accepted=True).distinct():
        if due := pay_by(made):
            told.append((made, due))
    return told


def pay_by(made: Contract) -> datetime | None:
    """Until when the earliest accepted milestone that is not covered by payments was to be paid; None: all is."""
    amounts = {line.number: line.amount for line in lines(plan(made))}
    rows = made.deliveries.filter(inspection__accepted=True).select_related("inspection").order_by("inspection__at")
    sum_paid, owed = paid(made), Decimal()
    for row in rows:
        owed += amounts.get(row.milestone, Decimal())
        if owed > sum_paid:
            return rules.PAYMENT.due(row.inspection.at)
    return None


def _of_house(viewer: Actor) -> QuerySet[Contract]:
    rows = Contract.objects.select_related("award", "project__buyer")
    if viewer.role is Role.OFFICER and viewer.organisation:
        return rows.filter(project__buyer=viewer.organisation)
    if viewer.role is Role.PROVIDER and viewer.organisation:
        return rows.filter(award__organisation=viewer.organisation)
    return rows.none()


def unanswered(viewer: Actor) -> list[Payment]:
    """Payments to this provider's house it has not answered, also after the end of a contract."""
    if viewer.role is not Role.PROVIDER or not viewer.organisation:
        return []
    rows = Payment.objects.filter(contract__award__organisation=viewer.organisation, answer=None)
    return list(rows.select_related("contract__project").order_by("recorded_at"))


def disputed(viewer: Actor) -> list[Termination]:
    """Notices the other side objected to and nobody has decided, where the viewer's office reaches, oldest first."""
    here = lies_in("contract__project__buyer_id", viewer.region)
    rows = Termination.objects.filter(here, ended_at=None, agrees=False).select_related("contract__project")
    return list(rows.order_by("noticed_at"))


def until(project: Project, on: date) -> date:
    """The day delays are counted to: today, or the day of the end."""
    return on if not rules.why_not_under_way(project.stage) else day_in_china(project.stage_at)


def side_words(side: Side, project: Project) -> str:
    """What a side is called in the terms of the purchase."""
    return project.terms.buyer if side is Side.BUYER else project.terms.winner
