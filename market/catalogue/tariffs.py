"""What the government lets an item cost (政府定价、政府指导价), and what is above or below it. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from market.catalogue.rules import Fee
from rulebook.law import Article
from rulebook.money import yuan
from rulebook.refusal import Kind, Reason

PRICED = Article("价格法", "第12条")


@dataclass(frozen=True)
class Tariff:
    """The price of an item as a document sets it.  most, least: yuan a unit; least is None where there is no floor.

    fixed: 政府定价, nothing else may be charged.
    """

    most: Decimal
    least: Decimal | None
    unit: str
    document: str
    fixed: bool

    def total(self, quantity: Decimal) -> tuple[Decimal, Decimal | None]:
        """The most and the least a quantity may cost, yuan."""
        return yuan(self.most * quantity), None if self.least is None else yuan(self.least * quantity)


def tariff_of(content: Mapping[str, Any]) -> Tariff | None:
    """The tariff of an item; None where its price is the market's."""
    most = amount(content.get("price_max"))
    if content.get("fee_type") not in (Fee.FIXED, Fee.GUIDED) or most is None:
        return None
    fixed = content["fee_type"] == Fee.FIXED
    return Tariff(
        most, most if fixed else amount(content.get("price_min")), str(content.get("price_unit", "")),
        str(content.get("fee_basis", "")), fixed,
    )  # fmt: skip


def amount(value: object) -> Decimal | None:
    """An amount as a draft spells it; None for nothing and for what is none.

    >>> amount("12.5"), amount(""), amount("-1")
    (Decimal('12.50'), None, None)
    """
    try:
        read = Decimal(str(value or "").strip())
    except InvalidOperation:
        return None
    return yuan(read) if read.is_finite() and 0 < read < 10**12 else None


def why_not_tariff(content: Mapping[str, Any]) -> tuple[Reason, ...]:
    """Reasons against publishing an item whose price the government sets: its figure, unit and document are wanted.

    Law: 价格法 第12条.
    """
    if content.get("fee_type") not in (Fee.FIXED, Fee.GUIDED):
        return ()
    most, least = amount(content.get("price_max")), amount(content.get("price_min"))
    reasons: tuple[Reason, ...] = ()
    if most is None or not str(content.get("price_unit", "")).strip():
        text = "政府定价、政府指导价的事项，应写明每一计价单位的价格或者最高价"
        reasons += (Reason("catalogue.no-tariff", Kind.NOT_VALID, text, PRICED),)
    if not str(content.get("fee_basis", "")).strip():
        text = "政府定价、政府指导价的事项，应写明定价文件的文号"
        reasons += (Reason("catalogue.no-price-document", Kind.NOT_VALID, text, PRICED),)
    if most is not None and least is not None and least > most:
        reasons += (Reason("catalogue.tariff-range", Kind.NOT_VALID, "最低价不能高于最高价", PRICED),)
    return reasons


def why_not_price(tariff: Tariff | None, *, price: Decimal | None, unit: str) -> tuple[Reason, ...]:
    """Reasons against offering an item at a price, yuan a unit: above its tariff, below its floor, by another unit.

    Law: 价格法 第12条.
    """
    if tariff is None or price is None:
        return ()
    if unit.strip() != tariff.unit:
        text = "该事项按“{unit}”计价"
        return (Reason("catalogue.tariff-unit", Kind.NOT_VALID, text, PRICED, {"unit": tariff.unit}),)
    return _outside(price, most=tariff.most, least=tariff.least)


def why_not_total(
    tariff: Tariff | None, *, quantity: Decimal | None, cap: Decimal, known: bool, picks: bool
) -> tuple[Reason, ...]:
    """Reasons against a purchase at a cap in yuan: how much is bought must be told, and the cap keep to the tariff.

    known: the price is not competed for, as it must not be where it is fixed.  picks: a direct choice.
    Law: 价格法 第12条.
    """
    if tariff is None:
        return ()
    if quantity is None or quantity <= 0:
        text = "该事项由政府定价或者指导定价，请写明数量（{unit}）"
        return (Reason("purchase.no-quantity", Kind.NOT_VALID, text, PRICED, {"unit": tariff.unit}),)
    most, least = tariff.total(quantity)
    reasons = _outside(cap, most=most, least=least)
    if tariff.fixed and not known and not picks:
        text = "政府定价的事项价格固定，不得竞价，请勾选“金额是确定的”"
        reasons += (Reason("purchase.fixed-tariff", Kind.NOT_VALID, text, PRICED),)
    return reasons


def _outside(price: Decimal, *, most: Decimal, least: Decimal | None) -> tuple[Reason, ...]:
    if price > most:
        text = "高于政府定价、政府指导价规定的 {most} 元"
        return (Reason("catalogue.above-tariff", Kind.NOT_VALID, text, PRICED, {"most": f"{most:,.2f}"}),)
    if least is not None and price < least:
        text = "低于政府定价、政府指导价规定的 {least} 元"
        return (Reason("catalogue.below-tariff", Kind.NOT_VALID, text, PRICED, {"least": f"{least:,.2f}"}),)
    return ()
