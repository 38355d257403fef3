"""Judges as notices of results name them; nothing is read from the register, and nothing before the notice.

Law: 政府采购法实施条例 第43条; 87号令 第69条.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from market.notices import index
from market.notices import queries as notices
from market.notices.index import Asked
from market.notices.models import Notice

PAGE = 20


@dataclass(frozen=True)
class Named:
    """A judge of one notice.  selected: chosen by the buyer itself, not drawn."""

    name: str
    employer: str
    key: str
    selected: bool


@dataclass(frozen=True)
class Panel:
    """A notice and whom it names."""

    notice: Notice
    judges: list[Named]


def panels(*, judge: str = "", before: int | None = None) -> tuple[list[Panel], int | None]:
    """Notices that name their panel, newest first, and below which the next page goes on."""
    ids = index.find(Asked(judge=judge, experts=True), before=before, most=PAGE + 1)
    rows: Sequence[Notice] = notices.these(ids[:PAGE])
    return [Panel(row, named(row)) for row in rows], ids[PAGE - 1] if len(ids) > PAGE else None


def named(row: Notice) -> list[Named]:
    """Whom a notice names."""
    return [
        Named(
            each["name"], each["employer"], index.judge_key(each["name"], each["employer"]), bool(each.get("selected"))
        )
        for each in row.content.get("experts", ())
    ]
