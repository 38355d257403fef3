"""What becomes of bundles (多评合一) when a part of theirs is out or asks for something else.

Called within the act on the part, which holds the bundles' rows.
"""

from datetime import datetime

from accounts import inbox
from ledger.services import record
from market.catalogue import bundling, queries
from market.catalogue.events import CATALOGUE, BundleOutdated
from market.catalogue.models import ItemVersion, PartChange
from rulebook.actor import Role
from rulebook.calendar import day_in_china


def part_published(part: ItemVersion, *, at: datetime) -> None:
    """Mark the bundles whose requirements the next version of a part changes, from its first day on."""
    for bundle in queries.bundles_of(part.item.code, on=day_in_china(at)):
        _mark(bundle, part, at=at)


def bundle_published(bundle: ItemVersion, *, at: datetime) -> None:
    """Mark a bundle for the versions of its parts that are published already and begin after it."""
    later = ItemVersion.objects.filter(
        item__code__in=bundle.content.get("parts", ()), effective_from__gt=bundle.effective_from,
        withdrawal__isnull=True,
    )  # fmt: skip
    for part in later.select_related("item").order_by("item__code", "number"):
        _mark(bundle, part, at=at)


def holding(part: ItemVersion, *, at: datetime) -> list[ItemVersion]:
    """The bundles that end with a part that was withdrawn: those made from this version, and all once none stands."""
    on, code = day_in_china(at), part.item.code
    gone = not queries.standing([code], on=on)
    pins = {"code": code, "version": part.number}
    return [
        row for row in queries.bundles_of(code, on=on)
        if gone or any(pins.items() <= each.items() for each in row.content.get("parts_at", ()))
    ]  # fmt: skip


def tell(bundle: ItemVersion, body: str, *, at: datetime) -> None:
    """Tell the department that keeps a bundle."""
    inbox.post(
        topic=inbox.Topic.REGISTER,
        to_organisation=bundle.item.department_id, to_role=Role.OFFICER, subject=f"多评合一事项：{bundle.name}",
        body=body, link=f"/catalogue/desk/{bundle.item.code}/", at=at,
    )  # fmt: skip


def _mark(bundle: ItemVersion, part: ItemVersion, *, at: datetime) -> None:
    pinned = {each["code"]: each["version"] for each in bundle.content.get("parts_at", ())}
    number = pinned.get(part.item.code)
    if number is None or number >= part.number:
        return
    before = ItemVersion.objects.get(item=part.item, number=number)
    differs = bundling.differs(before.content, part.content)
    if not differs:
        return
    since = max(part.effective_from, bundle.effective_from)
    PartChange.objects.create(bundle=bundle, part=part, since=since, differs=differs, at=at)
    body = f"所含事项“{part.name}”第{part.number}版自{since:%Y-%m-%d}起改变了要求，请公布本事项的新一版；此前不能采购。"
    tell(bundle, body, at=at)
    record(
        BundleOutdated(
            stream=CATALOGUE, code=bundle.item.code, version=bundle.number, name=bundle.name, part=part.item.code,
            part_version=part.number, part_name=part.name, since=since, differs=differs,
        ),
        at=at,
    )  # fmt: skip
