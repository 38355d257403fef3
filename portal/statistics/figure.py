"""What a figure and a bar of a chart are, and how a share is told."""

from dataclasses import dataclass
from decimal import Decimal

from market.history.rules import rate_of


@dataclass(frozen=True)
class Figure:
    """value: as it is shown.  over, n: what it is computed over, and how many.  out: left out, with why.

    rows: the table of what is behind it.  figures in the public view never rest on what is not public.
    """

    key: str
    title: str
    value: str
    definition: str
    over: str
    n: int
    rows: str
    out: int = 0
    why: str = ""


@dataclass(frozen=True)
class Bar:
    """A bar of a chart with the words beside it.  second: of a second bar below the first."""

    label: str
    value: Decimal
    words: str
    second: Decimal | None = None
    second_words: str = ""


def percent(part: Decimal | int, whole: Decimal | int) -> str:
    """A share in percent, two decimals; a dash of nothing."""
    rate = rate_of(Decimal(part), Decimal(whole))
    return "—" if rate is None else f"{rate} %"
