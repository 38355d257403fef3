"""Purchases in the supermarket, as their buyers draft and publish them."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from accounts import services as door
from accounts.models import Organisation, User
from accounts.rules import Kind
from market.catalogue import brought
from market.catalogue import services as catalogue
from market.catalogue.models import ItemVersion
from market.purchases import services
from market.purchases.models import Purchase
from rulebook.actor import STRANGER, Actor, Role
from rulebook.calendar import day_in_china
from tests import cast
from tests.make import accounts, providers

ITEM = "NM-CH-001"  # 建设工程竣工测绘
DEPARTMENT = cast.OTHER_BUYER
FIRM = "91152900MA0A000319"  # an enterprise that buys with its own money


def item(code: str = ITEM, *, at: datetime = cast.NOON, **other: Any) -> ItemVersion:
    """An item of the directory, published by its department once."""
    held = ItemVersion.objects.filter(item__code=code).first()
    if held is not None:
        return held
    accounts.organisation(DEPARTMENT)
    content = next(each.content for each in brought.items() if each.code == code) | other
    catalogue.draft_item(code=code, content=content, by=cast.OTHER_OFFICER, at=at)
    return catalogue.publish_item(code=code, effective_from=day_in_china(at), by=cast.OTHER_OFFICER, at=at)


FACTS: dict[str, Any] = {
    "item": ITEM, "title": "监测站业务用房竣工测绘", "demand": "业务用房一栋，1200 平方米，出具竣工测绘报告。",
    "days": 30, "price_cap": Decimal("18000.00"), "fund": "fiscal", "fund_share": Decimal(1),
    "contact_name": "王经办", "contact_phone": "0478-8200000", "address": "河套市河套区胜利路 1 号",
    "edition": "zjcs-direct",
}  # fmt: skip


def draft(by: Actor = cast.OFFICER, *, at: datetime = cast.NOON, **facts: Any) -> Purchase:
    """A draft with everything it needs, by direct choice with public money unless said otherwise."""
    item(facts.get("item", ITEM), at=at)
    if by in cast.PEOPLE:
        accounts.user(by)
        accounts.user(cast.APPROVER)
    return services.draft(facts=FACTS | facts, by=by, at=at)


def published(by: Actor = cast.OFFICER, *, at: datetime = cast.NOON, **facts: Any) -> Purchase:
    """A purchase that two persons of the buyer have published; one person where one decides."""
    row = draft(by, at=at, **facts)
    number = row.project.number
    services.submit(number=number, by=by, at=at)
    if by.organisation in (cast.BUYER, cast.OTHER_BUYER):
        services.approve(number=number, by=cast.APPROVER, at=at)
    return Purchase.objects.select_related("project__buyer").get(pk=row.pk)


def able(actor: Actor = cast.PROVIDER, *, serial: int = 1, at: datetime = cast.NOON) -> None:
    """A provider of the cast who may do what the item asks."""
    providers.entered(actor, at=at)
    providers.qualified(actor, at=at)
    providers.employed(actor, serial=serial, at=at)


def citizen(name: str = "张秀英", phone: str = "13904700001") -> Actor:
    """Somebody who has signed up to buy for herself."""
    return door.sign_up(name=name, phone=phone, password="xiang-ban-yi-jian-shi", by=STRANGER, at=cast.NOON).as_actor()


def enterprise() -> Actor:
    """The one person of an enterprise."""
    Organisation.objects.get_or_create(code=FIRM, defaults={"name": "河套建材有限公司", "kind": Kind.ENTERPRISE})
    who = Actor("00000000-0000-4000-8000-000000000051", Role.OFFICER, FIRM, "钱业主")
    facts = {"username": "u51", "name": who.name, "role": who.role, "organisation_id": FIRM}
    User.objects.get_or_create(public_id=who.person, defaults=facts)
    return who
