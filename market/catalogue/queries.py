"""Reads of the directory. What is published is everybody's; a draft is its department's."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Greatest

from accounts import queries as accounts
from accounts.rules import Kind
from intermediaries.registry.rules import Need, Wanted
from market.catalogue import bundling, rules
from market.catalogue.models import ItemVersion, Offer, PartChange, ServiceItem
from market.catalogue.rules import Withdrawn
from rulebook.actor import Actor, Role
from rulebook.refusal import Reason


def directory(
    *, on: date, words: str = "", type: str = "", department: str = "", region: str = ""
) -> list[ItemVersion]:
    """The versions in force on a day, by code.  department: credit code.

    words: all of them in the name, in either language, the code, or the approval item it is a condition of.
    A region finds what applies there and what applies everywhere.
    """
    found = _in_force(on)
    for word in words.split():
        found = found.filter(Q(text__icontains=word))
    if type:
        found = found.filter(type=type)
    if department:
        found = found.filter(item__department_id=department)
    if region:
        found = found.filter(Q(region=region) | Q(region=EVERYWHERE))
    asked = words.casefold().split()
    return [row for row in found.order_by("item__code") if not asked or _says(row, asked)]


def _says(row: ItemVersion, asked: Sequence[str]) -> bool:
    content = row.content
    told = [
        row.item.code,
        *(content.get(field) or "" for field in ("name", "name_mn", "approval_name", "approval_code")),
    ]
    said = "\n".join(told).casefold()
    return all(word in said for word in asked)


@dataclass(frozen=True)
class Approval:
    """An approval item (审批事项) and the service items that are its conditions."""

    name: str
    code: str
    rows: list[tuple[ItemVersion, bool]]  # with whether the law wants it


def approvals(*, on: date, words: str = "") -> list[Approval]:
    """The approval items that service items in force on a day are linked to, by name.  words: all in name or code."""
    found: dict[tuple[str, str], Approval] = {}
    for row in _in_force(on).order_by("item__code"):
        content = row.content
        name, code = content.get("approval_name", ""), content.get("approval_code", "")
        if all(word in f"{name} {code}".casefold() for word in words.casefold().split()) and (name or code):
            held = found.setdefault((name, code), Approval(name, code, []))
            held.rows.append((row, bool(content.get("statutory"))))
    return [found[key] for key in sorted(found)]


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
    rows = list(ItemVersion.objects.select_related("withdrawal").filter(item__code=code))
    standing = rules.in_force(rows, on=on)
    return rules.why_not_order(rows, on=on, outdated=outdated(standing, on=on) if standing else ())


def outdated(version: rules.Version, *, on: date) -> list[tuple[str, int]]:
    """The parts of a bundle's version that ask for something else on a day: name, number of their version."""
    rows = PartChange.objects.filter(bundle=version, since__lte=on).order_by("pk")
    return list(rows.values_list("part__name", "part__number"))


def outgrown(*, on: date) -> set[int]:
    """Versions of bundles that wait for their next one."""
    return set(PartChange.objects.filter(since__lte=on).values_list("bundle", flat=True))


def fit_parts(codes: Iterable[str], *, on: date) -> dict[str, bool]:
    """Codes of a bundle's items → in force on the day and fit to be bundled."""
    wanted = list(codes)
    fit = {row.item.code for row in standing(wanted, on=on) if bundling.fit(row.content)}
    return {code: code in fit for code in wanted}


def standing(codes: Iterable[str], *, on: date) -> list[ItemVersion]:
    """The versions of these items that are in force on a day, in the order of the codes."""
    wanted = list(codes)
    rows = _in_force(on).filter(item__code__in=wanted)
    return sorted(rows, key=lambda row: wanted.index(row.item.code))


def whole(content: dict[str, Any], *, on: date) -> dict[str, Any]:
    """What a draft says; of a bundle with what it takes from its parts, as they stand on a day."""
    if not content.get("parts"):
        return content
    rows = standing(content["parts"], on=on)
    pinned = [
        {"code": row.item.code, "version": row.number, "name": row.name,
         "until": row.basis_until.isoformat() if row.basis_until else ""}
        for row in rows
    ]  # fmt: skip
    return content | bundling.taken([row.content for row in rows]) | {"parts_at": pinned}


def names(codes: Iterable[str], *, on: date) -> dict[str, str]:
    """Names of items in force by code."""
    rows = _in_force(on).filter(item__code__in=list(codes)).values_list("item__code", "name")
    return dict(rows)


def bundles_with(code: str, *, on: date) -> list[ItemVersion]:
    """Bundles in force that hold an item."""
    return [row for row in _in_force(on).filter(text__contains=f'"{code}"') if code in row.content.get("parts", ())]


def bundles_of(code: str, *, on: date) -> list[ItemVersion]:
    """Versions of bundles with an item that are in force on the day or will be, and are not withdrawn."""
    later = ItemVersion.objects.filter(item=OuterRef("item"), effective_from__lte=on).order_by("-number")
    rows = ItemVersion.objects.filter(withdrawal__isnull=True, text__contains=f'"{code}"')
    rows = rows.filter(Q(effective_from__gt=on) | Q(pk=Subquery(later.values("pk")[:1])))
    found = rows.select_related("item__department").order_by("item__code", "number")
    return [row for row in found if code in row.content.get("parts", ())]


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


def ending(*, on: date, within: timedelta, department: str = "") -> list[ItemVersion]:
    """Versions whose legal basis ends within so many days, or ended within as many, and that nothing follows.

    department: of this one alone, by its credit code; of all when empty.
    """
    followed = ItemVersion.objects.filter(
        item=OuterRef("item"), number__gt=OuterRef("number"), withdrawal__isnull=True,
        effective_from__lte=Greatest(OuterRef("basis_until"), Value(on)),
    )  # fmt: skip
    rows = ItemVersion.objects.filter(
        ~Exists(followed), effective_from__lte=on, basis_until__gte=on - within, basis_until__lte=on + within
    )
    if department:
        rows = rows.filter(item__department_id=department)
    rows = rows.select_related("item__department", "withdrawal").order_by("basis_until", "pk")
    return [row for row in rows if not row.withdrawn or row.withdrawal.why == Withdrawn.LAPSED]


def waiting(*, on: date, department: str) -> list[PartChange]:
    """What the bundles of a department wait to be published anew for: those that stand, each once."""
    rows = PartChange.objects.filter(since__lte=on, bundle__in=_in_force(on).filter(item__department_id=department))
    return list({row.bundle_id: row for row in rows.select_related("bundle__item", "part").order_by("-pk")}.values())


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
