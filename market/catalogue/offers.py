"""Acts of a provider on what it offers: an item at a price, taken back."""

from datetime import datetime
from decimal import Decimal

from django.db import transaction

from intermediaries.registry import services as register
from intermediaries.registry.models import Provider
from intermediaries.registry.rules import why_not_change
from market.catalogue import queries, rules, tariffs
from market.catalogue.models import Offer
from market.catalogue.rules import Fee
from rulebook.actor import Actor
from rulebook.calendar import day_in_china
from rulebook.money import yuan
from rulebook.refusal import refuse_if


@transaction.atomic
def offer_service(
    *, item: str, price: Decimal | None = None, unit: str = "", note: str = "", by: Actor, at: datetime
) -> Offer:
    """Offer an item at a price, or at another one; the change stands in the provider's history.

    price: yuan a unit, None where it is agreed for each purchase.
    Refused for who is not in the register, for an item that is not in force, and outside the government's price.
    Whether the provider may perform it
    is asked at each purchase, not here: entering has no threshold.
    """
    on = day_in_china(at)
    price = None if price is None else yuan(price)
    provider = _hold(by)
    version = queries.version(item, on=on)
    fixed = version.content.get("fee_type") == Fee.FIXED
    refuse_if(
        rules.why_not_offer(ordered=queries.why_not_order(item, on=on), price=price, unit=unit, fixed=fixed)
        or tariffs.why_not_price(tariffs.tariff_of(version.content), price=price, unit=unit)
    )
    facts = {"price": price, "unit": unit.strip(), "note": note.strip(), "offered_at": at}
    made, _ = Offer.objects.update_or_create(item=version.item, provider=provider, defaults=facts)
    told = f"{version.name}：" + (f"{price:,.2f} 元/{unit.strip()}" if price is not None else "逐项议价")
    register.tell_change(code=by.organisation, what="service", told=told, by=by, at=at)
    return made


@transaction.atomic
def take_back(*, item: str, by: Actor, at: datetime) -> None:
    """Offer an item no longer. Refused for who is not in the register; nothing happens where nothing was offered."""
    found = Offer.objects.filter(item__code=item, provider=_hold(by)).first()
    if found is not None:
        found.delete()
        register.tell_change(code=by.organisation, what="service", told=f"{item}：不再提供", by=by, at=at)


def _hold(by: Actor) -> Provider:
    """The provider's own row, held. Refused for who is not in the register."""
    row = Provider.objects.select_for_update().filter(organisation_id=by.organisation).first()
    refuse_if(why_not_change(provider=by.organisation, state=row.state if row else "", by=by))
    assert row is not None, "the rule refuses one that is not in"
    return row
