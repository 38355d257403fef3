"""Yuan: exact, two places, never a float."""

from decimal import ROUND_HALF_UP, Decimal

FEN = Decimal("0.01")
DIGITS = "零壹贰叁肆伍陆柒捌玖"
PLACES = ("", "拾", "佰", "仟")
GROUPS = ("", "万", "亿", "万亿")


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


def capitals(amount: Decimal) -> str:
    """The amount in the capital numerals of contracts and cheques: 壹佰万元整 for 1000000.00.

    As `static/parts/yuan.js` writes it: a zero is read where digits are missing. ValueError for less than nothing.
    """
    text = str(yuan(amount))
    if text.startswith("-"):
        raise ValueError(f"not an amount to be paid: {amount!r}")
    whole, fen = text.split(".")
    words, gap = "", False
    for at in range(len(whole), 0, -1):
        digit, place = int(whole[-at]), at - 1
        if digit:
            words += ("零" if words and gap else "") + DIGITS[digit] + PLACES[place % 4]
        gap = not digit
        if place % 4 == 0 and int(whole[-at - 3 : len(whole) - place] or 0):
            words, gap = words + GROUPS[place // 4], False
    return (f"{words}元" if words else "") + _parts(int(fen[0]), int(fen[1]), bool(words))


def _parts(jiao: int, fen: int, whole: bool) -> str:
    if not jiao and not fen:
        return "整" if whole else "零元整"
    told = f"{DIGITS[jiao]}角" if jiao else "零" if whole else ""
    return f"{told}{DIGITS[fen]}分" if fen else f"{told}整"


def _is_plain(text: str) -> bool:
    digits = text.removeprefix("-")
    whole, point, part = digits.partition(".")
    return digits.isascii() and whole.isdigit() and (part.isdigit() if point else True)
