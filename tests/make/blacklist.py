"""Recorded bans."""

from datetime import date

from blacklist.sanctions import services
from blacklist.sanctions.models import Sanction
from tests import cast

FACTS = {
    "code": cast.HETAO,
    "name": cast.NAMES[cast.HETAO],
    "authority": "河套市财政局",
    "decision_no": "河财采罚〔2026〕3号",
    "basis": "gp-77",
    "grounds": "提供虚假材料谋取中标",
    "decided_on": date(2026, 2, 20),
    "starts_on": date(2026, 3, 1),
    "ends_on": date(2027, 2, 28),
}


def sanction(**other: object) -> Sanction:
    """A ban of 2026-03-01 for one year, recorded by the supervision at noon."""
    return services.record_decision(**{**FACTS, **other}, by=cast.SUPERVISOR, at=cast.NOON)
