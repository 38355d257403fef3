"""Whether what was agreed was handed over in time, over many contracts at once."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import TruncDate

from market.performance import queries as performance
from market.performance.models import Delivery, Milestone, Plan
from market.performance.rules import Handed, days_late
from market.projects.models import Project
from market.projects.rules import Stage
from rulebook.calendar import CHINA


@dataclass(frozen=True)
class Punctual:
    """Milestones: in time, all that count, and those that do not count yet or no longer."""

    on_time: int
    counted: int
    rest: int


def milestones(found: QuerySet[Project]) -> QuerySet[Milestone]:
    """The milestones in force of these purchases, each with the day on which what was accepted came."""
    plans = Plan.objects.filter(contract=OuterRef("plan__contract"), agreed=True).order_by("-version")
    handed = Delivery.objects.filter(contract=OuterRef("plan__contract"), milestone=OuterRef("number"))
    accepted = handed.filter(inspection__accepted=True).annotate(day=TruncDate("delivered_at", tzinfo=CHINA))
    rows = Milestone.objects.filter(
        plan=Subquery(plans.values("pk")[:1]), plan__contract__project__in=found.values("pk")
    )
    return rows.annotate(came_on=Subquery(accepted.values("day")[:1]), was_handed=Exists(handed))


def overdue(today: date) -> Q:
    """Of milestones: nothing was ever handed over and its day is past, while the contract goes on."""
    going = Q(plan__contract__project__stage=Stage.CONTRACTED.value)
    return going & Q(came_on=None, was_handed=False, due_on__lt=today)


def punctual(found: QuerySet[Project], *, today: date) -> Punctual:
    """How many milestones came in time. Two statements, and a third over those alone that came after their day."""
    rows = milestones(found)
    sums = rows.aggregate(
        all=Count("pk"),
        in_time=Count("pk", filter=Q(came_on__lte=F("due_on"))),
        counted=Count("pk", filter=Q(came_on__isnull=False) | overdue(today)),
    )
    after = list(rows.filter(came_on__gt=F("due_on")).values_list("plan__contract", "number", "due_on"))
    given = handed_of({contract for contract, _number, _due in after})
    excused = sum(not days_late(due, given.get((contract, number), []), on=today) for contract, number, due in after)
    return Punctual(sums["in_time"] + excused, sums["counted"], sums["all"] - sums["counted"])


def handed_of(contracts: Collection[int]) -> dict[tuple[int, int], list[Handed]]:
    """What was handed over under these contracts, by contract and milestone, in turn. One statement."""
    if not contracts:
        return {}
    rows = Delivery.objects.filter(contract__in=contracts).select_related("inspection").order_by("attempt")
    told: dict[tuple[int, int], list[Handed]] = {}
    for row in rows:
        told.setdefault((row.contract_id, row.milestone), []).extend(performance.handed([row]))
    return told
