"""What the figures of the statistics mean. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import Protocol

CENT = Decimal("0.01")


class Outcome(StrEnum):
    """How a transaction ended."""

    DONE = "done"  # 成交
    FAILED = "failed"  # 流标
    CANCELLED = "cancelled"  # 终止


class Row(Protocol):
    """What a figure needs to know of a transaction, in yuan. None: quoted as a rate or by the unit, without a sum."""

    @property
    def outcome(self) -> str: ...
    @property
    def control(self) -> Decimal | None: ...
    @property
    def award(self) -> Decimal | None: ...


@dataclass(frozen=True, slots=True)
class Savings:
    """Figures of a set of transactions.

    count: transactions done; those that failed or were cancelled are none.
    compared: those of them with both a control price and an award; excluded: the rest.
    control, award, saved: yuan, sums over the compared.
    rate: saved / control in percent, two decimals, half up: a ratio of sums, never a mean of ratios. None without any.
    """

    count: int
    compared: int
    excluded: int
    control: Decimal
    award: Decimal
    saved: Decimal
    rate: Decimal | None


def rate_of(saved: Decimal, control: Decimal) -> Decimal | None:
    """Saved as a percentage of the control price, two decimals, half up; None when there is nothing to compare."""
    return (saved / control * 100).quantize(CENT, ROUND_HALF_UP) if control else None


def savings(rows: Iterable[Row]) -> Savings:
    """The figures of a set of transactions, all over the same rows. The order of the rows plays no part."""
    done = [row for row in rows if row.outcome == Outcome.DONE]
    pairs = [(row.control, row.award) for row in done if row.control is not None and row.award is not None]
    control = sum((asked for asked, _ in pairs), Decimal(0))
    award = sum((agreed for _, agreed in pairs), Decimal(0))
    return Savings(
        count=len(done),
        compared=len(pairs),
        excluded=len(done) - len(pairs),
        control=control,
        award=award,
        saved=control - award,
        rate=rate_of(control - award, control),
    )
