"""Reads every gate asks: may somebody take part."""

from datetime import datetime

from django.db import connection

from blacklist.sanctions import rules
from blacklist.sanctions.models import Sanction
from ledger.written_out import row_of
from rulebook.calendar import day_in_china
from rulebook.refusal import Reason

_COLUMNS = ("authority", "decision_no", "basis", "regimes", "starts_on", "ends_on", "lifted_on")
# Written out: every gate asks, and composing it costs more than the index takes to answer.
_UNENDED = f"SELECT {', '.join(_COLUMNS)} FROM blacklist_sanction WHERE code = %s AND ends_on >= %s"


def why_not_take_part(code: str, *, regime: str, at: datetime) -> tuple[Reason, ...]:
    """Reasons against a body's part in a procurement of a regime at an instant. Every gate asks.

    code: credit code.  regime: A, B, C or D.  Costs one lookup in one index, however many bans there are.
    Law: 政府采购法实施条例 第19条.
    """
    on = day_in_china(at)
    with connection.cursor() as cursor:
        cursor.execute(_UNENDED, [code, on])
        rows = [row_of(Sanction, _COLUMNS, row) for row in cursor.fetchall()]
    return rules.why_not_take_part(rows, regime=regime, on=on)


def banned(codes: set[str], *, regime: str, at: datetime) -> set[str]:
    """Which of these bodies may not take part, in one read."""
    on = day_in_china(at)
    rows = Sanction.objects.filter(code__in=codes, ends_on__gte=on)
    return {row.code for row in rows if regime in row.regimes and rules.in_force(row, on=on)}
