"""Reads of the directory. What is published is everybody's; a draft is its department's."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.db.models import F, OuterRef, Q, QuerySet, Subquery

from accounts import queries as accounts
from accounts.rules import Kind
from intermediaries.registry.rules import Need, Wanted
from market.catalogue import rules
from market.catalogue.models import ItemVersion, Offer, ServiceItem
from rulebook.actor import Actor, Role
from rulebook.refusal import Reason


def directory(
    *, on: date, words: str = "", type: str = "", department: str = "", region: str = ""
) -> list[ItemVersion]:
    """The versions in force on a day, by code.  words: all of them in the name or the code.  department: credit code.

    A region finds what applies there and what applies everywhere.
    """
    found = _in_force(on)
    for word in words.split():
        found = found.filter(Q(name__icontains=word) | Q(item__code__icontains=word))
    if type:
        found = found.filter(type=type)
    if department:
        found = found.filter(item__department_id=department)
    if region:
        found = found.filter(Q(region=region) | Q(region=EVERYWHERE))
    return list(found.order_by("item__code"))


EVERYWHERE = "内蒙古自治区"


def choices(*, on: date) -> dict[str, list[tuple[str, str]]]:
    """The departments and regions of what is in force, for the filters."""
    rows = list(_in_force(on).values_list("item__department_id", "item__department__name", "region"))
    return {
        "department": sorted({(code, name) for code, name, _ in rows}, key=lambda each: each[1]),
        "region": sorted({(region, region) for *_, region in rows}),
    }


def _in_force(on: date) -> QuerySet[ItemVersion]:
    begun = ItemVersion.objects.filter(item=OuterRef("item"), effective_from__lte=on).order_by("-number")
    return (
        ItemVersion.objects.filter(pk=Subquery(begun.values("pk")[:1]), withdrawal__isnull=True)
        .filter(Q(basis_until__isnull=True) | Q(basis_until__gte=on))
        .select_related("item__department")
    )


def item(code: str) -> ServiceItem:
    """The item with this code, if anything of it was ever published. Raises ServiceItem.DoesNotExist."""
    return ServiceItem.objects.select_related("department").filter(versions__isnull=False).distinct().get(code=code)


def versions(item: ServiceItem) -> list[ItemVersion]:
    """Every published version of an item, the latest first."""
    return list(item.versions.select_related("withdrawal").order_by("-number"))


def version(code: str, *, number: int | None = None, on: date) -> ItemVersion:
    """A version of an item: the numbered one, else that in force on the day, else the latest. Raises DoesNotExist."""
    found = ItemVersion.objects.select_related("item__department", "withdrawal").filter(item__code=code)
    if number is not None:
        return found.get(number=number)
    rows = list(found.order_by("-number"))
    if not rows:
        raise ItemVersion.DoesNotExist
    standing = rules.in_force(rows, on=on)
    return standing if isinstance(standing, ItemVersion) else rows[0]


def why_not_order(code: str, *, on: date) -> tuple[Reason, ...]:
    """Reasons against a purchase of an item on a day."""
    rows = ItemVersion.objects.select_related("withdrawal").filter(item__code=code)
    return rules.why_not_order(list(rows), on=on)


def fit_parts(codes: Iterable[str], *, on: date) -> dict[str, bool]:
    """Codes of a bundle's items → in force on the day and fit to be bundled."""
    wanted = list(codes)
    fit = {row.item.code for row in _in_force(on).filter(item__code__in=wanted) if row.content.get("bundleable")}
    return {code: code in fit for code in wanted}


def names(codes: Iterable[str], *, on: date) -> dict[str, str]:
    """Names of items in force by code."""
    rows = _in_force(on).filter(item__code__in=list(codes)).values_list("item__code", "name")
    return dict(rows)


def bundles_with(code: str, *, on: date) -> list[ItemVersion]:
    """Bundles in force that hold an item."""
    return [row for row in _in_force(on).filter(text__contains=f'"{code}"') if code in row.content.get("parts", ())]


def keeps(viewer: Actor) -> bool:
    """The viewer acts for a department that may have items of its own."""
    if viewer.role is not Role.OFFICER or not viewer.organisation:
        return False
    return not rules.why_not_begin(kind=Kind(accounts.organisation(viewer.organisation).kind))


def own(viewer: Actor) -> Sequence[ServiceItem]:
    """The items of the viewer's department, drafts included; none for others."""
    if viewer.role is not Role.OFFICER or not viewer.organisation:
        return []
    found = ServiceItem.objects.filter(department_id=viewer.organisation).prefetch_related("versions__withdrawal")
    return list(found.order_by("code"))


def own_item(code: str, *, viewer: Actor) -> ServiceItem:
    """An item of the viewer's department. Raises ServiceItem.DoesNotExist for everybody else."""
    if viewer.role is not Role.OFFICER or not viewer.organisation:
        raise ServiceItem.DoesNotExist
    return ServiceItem.objects.select_related("department").get(code=code, department_id=viewer.organisation)


def lapsing(*, on: date) -> list[ItemVersion]:
    """Versions whose basis has ended and that nobody has withdrawn; a version that was followed needs no withdrawal."""
    rows = ItemVersion.objects.filter(basis_until__lt=on, withdrawal__isnull=True).select_related("item")
    later = ItemVersion.objects.filter(item=OuterRef("item"), effective_from__lte=on).order_by("-number")
    return list(rows.filter(pk=Subquery(later.values("pk")[:1])).order_by("pk"))


def as_data(row: ItemVersion) -> dict[str, Any]:
    """A version as open data."""
    return {
        "code": row.item.code, "version": row.number, "effective_from": row.effective_from.isoformat(),
        "text_sha256": row.sha256, "text": f"/blobs/{row.sha256}", "content": row.content,
    }  # fmt: skip


def need(content: dict[str, Any]) -> Need:
    """What an item asks of who performs it."""
    return Need(
        tuple(Wanted(row["kind"], row.get("grade", "")) for row in content.get("qualifications", ())),
        every=content.get("qualification_mode") == "all",
        staff=tuple((row["kind"], int(row.get("count") or 1)) for row in content.get("staff", ())),
    )


def offers_of(provider: int, *, on: date) -> list[tuple[Offer, ItemVersion]]:
    """What a provider offers that is in force on the day, with its version."""
    held = {row.item_id: row for row in Offer.objects.filter(provider=provider).select_related("item")}
    return [(held[row.item_id], row) for row in _in_force(on).filter(item__in=list(held)).order_by("item__code")]


def offers_for(code: str, *, most: int) -> list[Offer]:
    """Who offers an item, the lowest price first, those without one last."""
    rows = Offer.objects.filter(item__code=code, provider__state="entered").select_related("provider__organisation")
    return list(rows.order_by(F("price").asc(nulls_last=True), "pk")[:most])
