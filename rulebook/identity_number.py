"""公民身份号码: 18 characters with a check character (GB 11643-1999)."""

from datetime import date

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECKS = "10X98765432"


def born(id_number: str) -> date | None:
    """The birthday in an identity number; None when it is not well formed.

    >>> born("11010519491231002X")
    datetime.date(1949, 12, 31)
    """
    head, check = id_number[:17], id_number[17:]
    if len(id_number) != 18 or not (head.isascii() and head.isdigit()):
        return None
    total = sum(int(digit) * weight for digit, weight in zip(head, WEIGHTS, strict=True))
    if CHECKS[total % 11] != check:
        return None
    try:
        return date(int(head[6:10]), int(head[10:12]), int(head[12:14]))
    except ValueError:
        return None
