"""Reads of purchases: what a draft still lacks, what counts towards the year's limit, what failed before, alerts."""

import re
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts import queries as accounts
from accounts.models import User
from accounts.regions.queries import lies_in
from accounts.rules import Kind as Buyer
from market.agency import queries as agency
from market.catalogue import queries as catalogue
from market.catalogue import tariffs
from market.catalogue.models import ItemVersion
from market.projects.local import begun_in
from market.projects.models import Project
from market.projects.rules import (
    PROCEDURES,
    Fund,
    Method,
    Procedure,
    Stage,
    Timetable,
)
from market.purchases import rules
from market.purchases.details import CHECKS
from market.purchases.limits import Bought, why_not_split, year_of
from market.purchases.models import Purchase, SplitAlert
from market.purchases.rules import Hint, Plan, Step
from rulebook.actor import Actor, Role
from rulebook.calendar import CHINA, day_in_china
from rulebook.jurisdiction import in_region
from rulebook.refusal import Reason

# Ways of choosing that have a limit: what is bought by them within a year is counted together.
LIMITED = tuple({
    row.method.value
    for row in PROCEDURES.values()
    if row.selection and any(limit is not None for limit in row.selection.limit[0].values())
})  # fmt: skip
DAYS = re.compile(r"(\d{1,4})\s*个?(?:工作)?[日天]")


def purchase(number: str) -> Purchase:
    """The purchase with this number. Raises Purchase.DoesNotExist."""
    return Purchase.objects.select_related("project__buyer").get(project__number=number)


def own(number: str, viewer: Actor) -> Purchase:
    """A purchase of the viewer's side, draft or not. Raises Purchase.DoesNotExist for everybody else."""
    if viewer.role is not Role.OFFICER or not viewer.organisation:
        raise Purchase.DoesNotExist
    return Purchase.objects.select_related("project__buyer").get(_of_side(viewer), project__number=number)


def _of_side(viewer: Actor) -> Q:
    """What the viewer's house buys, for itself or as the agent of another."""
    return Q(project__buyer_id=viewer.organisation) | Q(project__agent_id=viewer.organisation)


def kind_of(code: str) -> Buyer:
    """What kind of buyer an organisation is."""
    return Buyer(accounts.organisation(code).kind)


def buys_as(actor: Actor, *, owner: str = "") -> Buyer:
    """What kind of buyer the actor drafts for.  owner: the purchaser it is entrusted by, its own house without."""
    return kind_of(owner or actor.organisation) if actor.organisation else Buyer.PROVIDER


def alone(code: str) -> bool:
    """Whether one person decides for this buyer."""
    return kind_of(code) in rules.ALONE


def editions(*, production: bool) -> list[Procedure]:
    """The ways of choosing this site offers: none in seconds where purchases are real."""
    return [row for row in PROCEDURES.values() if row.selection and (row.for_real or not production)]


def offered(project: Project, *, at: datetime) -> list[Procedure]:
    """The ways of choosing as the region of this purchase has them today."""
    on = day_in_china(at)
    return [begun_in(each, region=project.region, on=on) for each in editions(production=True)]


def item_of(row: Purchase, *, at: datetime) -> ItemVersion | None:
    """The item as it was pinned, or as it stands on the day while the purchase is a draft; None where none is named."""
    pinned = row.item_version if row.terms else None
    try:
        return catalogue.version(row.item, number=pinned, on=day_in_china(at))
    except ItemVersion.DoesNotExist:
        return None


def fixed(row: Purchase, *, at: datetime) -> bool:
    """The government sets the price of its item: nothing else may be charged, whoever is chosen."""
    version = item_of(row, at=at)
    tariff = tariffs.tariff_of(version.content) if version else None
    return tariff is not None and tariff.fixed


def content_of(row: Purchase, *, on: date) -> dict[str, Any]:
    """What the item of a draft says today; nothing where none is named."""
    try:
        return catalogue.version(row.item, on=on).content
    except ItemVersion.DoesNotExist:
        return {}


def earlier(row: Purchase, *, at: datetime) -> list[Bought]:
    """What the same buyer has bought of the same item this year by a way with a limit, with public money."""
    year = year_of(at)
    start, end = (datetime.combine(day_in_china(at).replace(year=y, month=1, day=1), time(), CHINA)
                  for y in (year, year + 1))  # fmt: skip
    found = Purchase.objects.filter(
        item=row.item, project__buyer_id=row.project.buyer_id, project__method__in=LIMITED,
        project__published_at__gte=start, project__published_at__lt=end,
    ).exclude(Q(pk=row.pk) | Q(fund=Fund.OWN.value) | Q(project__stage__in=rules.ENDED))  # fmt: skip
    return [
        Bought(
            each.project.number, each.project.title,
            Decimal(each.direct["amount"]) if each.direct else each.project.price_cap,
            day_in_china(each.project.published_at),
        )
        for each in found.select_related("project").order_by("project__published_at", "pk")
    ]  # fmt: skip


def failures(row: Purchase) -> list[tuple[Method, Decimal]]:
    """The purchases this one follows that failed, the latest first: by which way, at which cap."""
    told, number = [], row.again
    while number and len(told) < 10:
        before = purchase(number)
        if before.project.stage == Stage.FAILED:
            told.append((Method(before.project.method), before.project.price_cap))
        number = before.again
    return told


def plan(row: Purchase, *, at: datetime) -> Plan:
    """The draft as the rules see it."""
    project = row.project
    version = item_of(row, at=at)
    content: dict[str, Any] = version.content if version else {}
    limit = DAYS.search(str(content.get("limit", "")))
    return Plan(
        kind=Buyer(project.buyer.kind),
        procedure=project.procedure,
        title=project.title,
        demand=project.demand,
        item=row.item,
        ordered=catalogue.why_not_order(row.item, on=day_in_china(at)) if row.item else (),
        payer=str(content.get("payer", "")),
        asks=frozenset(_asked(content)),
        wanted=frozenset(_asked(row.need)),
        limit_days=int(limit[1]) if limit else 0,
        days=row.days,
        other=tuple(row.need.get("other", ())),
        excluded=tuple(row.excluded),
        fund=Fund(row.fund),
        share=row.fund_share,
        cap=project.price_cap,
        timetable=Timetable(project.publish_at, row.closes_at, row.closes_at),
        selects_at=row.selects_at,
        given={group: check(getattr(row, group), cap=project.price_cap) for group, check in CHECKS.items()},
        earlier=earlier(row, at=at),
        failures=failures(row),
        reason=row.reason,
        payment=tuple(row.payment),
        rate=row.rate,
        valid_days=row.valid_days,
        contact=project.buyer.kind in rules.TIMED
        or all(text.strip() for text in (project.contact_name, project.contact_phone, project.address)),
    )


def _asked(content: dict[str, Any]) -> list[str]:
    held = [f"{each['kind']}{each.get('grade', '')}" for each in content.get("qualifications", ())]
    return held + [f"{each['kind']}{each.get('count') or 1}人" for each in content.get("staff", ())]


def missing(row: Purchase, *, at: datetime) -> dict[Step, tuple[Reason, ...]]:
    """Everything a draft still lacks, by step; empty steps are right."""
    found = dict(rules.why_not_complete(plan(row, at=at), at=at))
    version, selection = item_of(row, at=at), row.project.procedure.selection
    if version is not None and selection is not None:
        found[Step.MONEY] += tariffs.why_not_total(
            tariffs.tariff_of(version.content), quantity=row.quantity, cap=row.project.price_cap,
            known=row.price_known, picks=selection.picks,
        )  # fmt: skip
    if row.project.agent_id is not None:
        found[Step.MONEY] += agency.why_not_cover(row.project)
    return found


def why_not_ready(row: Purchase, *, at: datetime) -> tuple[Reason, ...]:
    """The same, all at once."""
    return tuple(reason for reasons in missing(row, at=at).values() for reason in reasons)


def hints(row: Purchase, *, at: datetime) -> tuple[Hint, ...]:
    """What a drafter should look at again."""
    return rules.hints(plan(row, at=at), at=at)


def split(row: Purchase, *, amount: Decimal | None = None, at: datetime) -> tuple[Reason, ...]:
    """Reasons against it because of the year's sum.  amount: yuan, its cap unless said otherwise."""
    selection = row.project.procedure.selection
    assert selection is not None  # a purchase has a row of the supermarket
    limit = selection.limit[0][Fund(row.fund)]
    amount = row.project.price_cap if amount is None else amount
    return why_not_split(amount=amount, limit=limit, earlier=earlier(row, at=at))


def row_of(*, method: Method, real: bool) -> Procedure:
    """The row of a way of choosing, as it is or in seconds."""
    return {(row.method, row.for_real): row for row in PROCEDURES.values() if row.selection}[method, real]


def of_buyer(viewer: Actor) -> QuerySet[Purchase]:
    """Every purchase of the viewer's side, the last touched first; none for others."""
    if viewer.role is not Role.OFFICER or not viewer.organisation:
        return Purchase.objects.none()
    found = Purchase.objects.filter(_of_side(viewer)).select_related("project__buyer", "project__agent")
    return found.order_by("-project__stage_at", "-pk")


def followers(project: Project) -> list[Project]:
    """Published purchases that follow a failed one."""
    rows = Project.objects.filter(purchase__again=project.number).exclude(stage=Stage.DRAFT.value)
    return list(rows.order_by("published_at"))


def begun_again(project: Project) -> bool:
    """A purchase that follows this one is drafted, or runs."""
    return Purchase.objects.filter(again=project.number).exclude(project__stage__in=rules.ENDED).exists()


def to_begin_again(viewer: Actor) -> list[Purchase]:
    """The viewer's own failed purchases that nothing follows yet, the latest first; a few, whatever failed before."""
    under_way = Purchase.objects.filter(again=OuterRef("project__number")).exclude(project__stage__in=rules.ENDED)
    rows = of_buyer(viewer).filter(project__stage=Stage.FAILED.value).exclude(Exists(under_way))
    return list(rows[:10])


def alerts(*, open_only: bool = False, closed_only: bool = False) -> QuerySet[SplitAlert]:
    """Alerts of split purchases, the newest first."""
    found = SplitAlert.objects.select_related("project__buyer").order_by("-raised_at", "-pk")
    if closed_only:
        return found.filter(closed_at__isnull=False)
    return found.filter(closed_at=None) if open_only else found


def open_alerts(viewer: Actor) -> QuerySet[SplitAlert]:
    """Those nobody has closed, where the viewer's office reaches."""
    return alerts(open_only=True).filter(lies_in("project__buyer_id", viewer.region))


def alert(public_id: object, viewer: Actor) -> SplitAlert:
    """One alert: for supervisors and for the buyer it is about; for everybody once it is closed.

    Raises SplitAlert.DoesNotExist for everybody else.
    """
    found = SplitAlert.objects.select_related("project__buyer").get(public_id=public_id)
    viewer = in_region(viewer, found.project.region)
    if found.closed_at is None and viewer.role is not Role.SUPERVISOR and not found.project.is_officer(viewer):
        raise SplitAlert.DoesNotExist
    return found


def reach(project: Project) -> tuple[str, str] | None:
    """A citizen's whole name and number, for the winner alone; None where the notice has said them already."""
    if project.buyer.kind not in rules.TIMED:
        return None
    who = accounts.person(project.drafted_by)
    return who.name, who.username


def drafter(row: Purchase) -> User:
    """Who drafted it."""
    return accounts.person(row.project.drafted_by)
