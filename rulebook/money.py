"""Yuan: exact, two places, never a float."""

from decimal import ROUND_HALF_UP, Decimal

FEN = Decimal("0.01")


def yuan(value: Decimal | int | str) -> Decimal:
    """An amount in yuan with exactly two places, half up.

    value: a decimal, an integer or their usual text (`1000000.00`, without separators or exponent).
    ValueError for anything else, for what is not finite and for more than 15 digits before the point.
    """
    if isinstance(value, bool) or not isinstance(value, (Decimal, int, str)):
        raise ValueError(f"not an amount: {value!r}")
    if isinstance(value, str) and not _is_plain(value):
        raise ValueError(f"not an amount: {value!r}")
    amount = Decimal(value)
    if not amount.is_finite() or abs(amount) >= 10**15:
        raise ValueError(f"not an amount: {value!r}")
    return amount.quantize(FEN, ROUND_HALF_UP) + Decimal("0.00")  # adding turns -0.00 into 0.00


def wan(amount: Decimal) -> Decimal:
    """The same amount in 万元, two places, half up."""
    return (amount / 10_000).quantize(FEN, ROUND_HALF_UP)


def _is_plain(text: str) -> bool:
    digits = text.removeprefix("-")
    whole, point, part = digits.partition(".")
    return digits.isascii() and whole.isdigit() and (part.isdigit() if point else True)
