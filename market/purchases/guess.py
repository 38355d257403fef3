"""What a buyer may leave as it is: the item's own requirements, the shortest periods that keep the rules."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any

from market.catalogue.models import ItemVersion
from market.projects.rules import Fund, Method, Procedure
from market.purchases import queries, rules
from rulebook.calendar import CHINA, add_working_days, day_in_china, roll_to_working_day

PLAYED = timedelta(minutes=5)  # until the closing of a purchase in seconds
PREPARED = timedelta(hours=2)  # what holders of keys may take: published after midnight, a day would be missing


def first(version: ItemVersion, *, kind: rules.Buyer, at: datetime) -> dict[str, Any]:
    """What a buyer may leave as it is: the item's own requirements, periods that keep the rules, no more."""
    content = version.content
    limit = queries.DAYS.search(str(content.get("limit", "")))
    row = queries.row_of(method=Method.RANDOM, real=True)
    closes, selects = times(row, at=at)
    return {
        "title": version.name, "demand": "", "price_cap": Decimal(), "contact_name": "", "contact_phone": "",
        "address": "", "edition": row.edition.value, "publish_at": at, "scale": "", "region": content.get("region", ""),
        "days": int(limit[1]) if limit else 20, "need": need_of(content), "excluded": [],
        "fund": rules.FUNDS[kind][0].value, "fund_share": Decimal(1) if rules.FUNDS[kind][0] is Fund.FISCAL else 0,
        "price_known": False, "closes_at": closes, "selects_at": selects,
    }  # fmt: skip


def times(row: Procedure, *, at: datetime) -> tuple[datetime, datetime]:
    """The first closing and the first choice that keep the rules when it is published now: in the afternoon of a
    working day, and the morning after.  What takes sealed offers goes out a little later, once its keys are made."""
    selection = row.selection
    assert selection is not None  # a way of choosing
    if not row.for_real:
        return at + PLAYED, at + PLAYED
    out = day_in_china(at + PREPARED if row.takes_offers else at)
    last = roll_to_working_day(selection.enrolment.last_day(out))
    day = add_working_days(last, 1)
    return datetime.combine(last, time(17), CHINA), datetime.combine(day, time(9, 30), CHINA)


def need_of(content: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "qualifications": content.get("qualifications", []),
        "every": content.get("qualification_mode") == "all",
        "staff": content.get("staff", []),
        "other": [],
    }
