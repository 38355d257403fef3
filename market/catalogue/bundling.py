"""What a bundle (多评合一) takes from its parts, and what of it a part's next version changes. Pure."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

# What is never typed for a bundle: it follows from the parts, and so does the last day of its legal basis.
TAKEN = ("basis", "materials", "qualifications", "qualification_mode", "staff", "limit")
WORKING = 7 / 5  # days of the calendar that a working day takes
PERIODS = re.compile(r"(\d{1,4})\s*个?(工作)?[日天]")

Content = Mapping[str, Any]


def taken(parts: Sequence[Content]) -> dict[str, Any]:
    """The requirements of a bundle: every basis, material and qualification of its parts once, of staff the larger
    number (one person serves several parts), and the longest time limit, since the parts are worked on together.

    >>> taken([{"limit": "20 个工作日"}, {"limit": "报告书 45 日，报告表 20 日"}])["limit"]
    '报告书 45 日，报告表 20 日'
    """
    staff: dict[str, int] = {}
    for part in parts:
        for row in part.get("staff", ()):
            staff[row["kind"]] = max(staff.get(row["kind"], 0), int(row.get("count") or 1))
    return {
        "basis": _once(parts, "basis", ("law", "article", "until")),
        "materials": _once(parts, "materials", ("name",)),
        "qualifications": _once(parts, "qualifications", ("kind", "grade")),
        "qualification_mode": "all",
        "staff": [{"kind": kind, "count": count} for kind, count in staff.items()],
        "limit": max((str(part.get("limit", "")) for part in parts), key=_days, default=""),
    }


def fit(part: Content) -> bool:
    """An item that can be part of a bundle: it says so, is none itself, and leaves no choice of qualifications, which
    could not be told beside another part's."""
    open_choice = part.get("qualification_mode") != "all" and len(part.get("qualifications", ())) > 1
    return bool(part.get("bundleable")) and not part.get("parts") and not open_choice


def differs(before: Content, after: Content) -> list[str]:
    """Which requirements a bundle would take otherwise from a part's later version."""
    return [field for field in TAKEN if before.get(field) != after.get(field)] + ["bundleable"] * (not fit(after))


def _once(parts: Sequence[Content], field: str, keys: tuple[str, ...]) -> list[dict[str, Any]]:
    """The rows of a field of all parts, in their order, those alike once."""
    rows: dict[tuple[str, ...], dict[str, Any]] = {}
    for part in parts:
        for row in part.get(field, ()):
            rows.setdefault(tuple(str(row.get(key) or "") for key in keys), dict(row))
    return list(rows.values())


def _days(limit: str) -> float:
    """The longest period a time limit names, in days of the calendar."""
    return max((int(days) * (WORKING if working else 1) for days, working in PERIODS.findall(limit)), default=0.0)
