"""What the pages of alerts show."""

from datetime import datetime
from typing import Any

from django.urls import reverse

from rulebook.actor import Actor
from supervision.monitors import queries, rules
from supervision.monitors.models import Alert
from supervision.monitors.table import CHECKS, CLOCKS, DELIVERY, SHARES
from supervision.monitors.words import FINDING_WORDS, LIGHT_TONES, LIGHT_WORDS, MONITOR_WORDS, STEP_WORDS

# A finding that is in words, to ask whether this person may close at all.
SOME = {"finding": rules.Finding.EXPLAINED.value, "text": "—" * rules.LEAST_WORDS}


def line(row: Alert, *, at: datetime) -> dict[str, Any]:
    """An alert in a list."""
    return {
        "alert": row, "href": reverse("supervision:alert", args=[row.public_id]),
        "light": LIGHT_WORDS[row.light], "tone": LIGHT_TONES[row.light], "monitor": MONITOR_WORDS[row.monitor],
        "finding": FINDING_WORDS.get(row.finding, ""), "overdue": row.closed_at is None and row.due_at <= at,
    }  # fmt: skip


def alert(row: Alert, *, viewer: Actor, at: datetime) -> dict[str, Any]:
    """One alert with its evidence, its history and what may be done about it."""
    entries = row.evidence.get("entries", ()) if row.project else ()
    return {
        **line(row, at=at), "nav": "desk", "project": row.project, "entries": entries,
        "rows": row.evidence.get("rows", ()), "law": rules.cited(row.law), "link": row.evidence.get("link", ""),
        "steps": [(STEP_WORDS[each.step], LIGHT_WORDS[each.light], each) for each in queries.steps(row)],
        "against_take": rules.why_not_take(row.held, by=viewer),
        "against_note": rules.why_not_note(row.held, text="—", by=viewer),
        "against_close": rules.why_not_close(row.held, **SOME, by=viewer),
        "owns": row.owner == viewer.person and row.closed_at is None,
    }  # fmt: skip


def table(viewer: Actor) -> list[dict[str, Any]]:
    """Every row of the monitors, with how its alerts were judged where the viewer's office reaches."""
    rows = (*CLOCKS, DELIVERY, *CHECKS, *SHARES)
    judged = queries.judged((row.code for row in rows), viewer)
    return [
        {
            "row": row, "monitor": MONITOR_WORDS[row.monitor.value], "judged": judged.get(row.code, (0, 0)),
            "law": getattr(row, "law", None), "yellow": getattr(row, "yellow", None), "red": getattr(row, "red", None),
        }
        for row in rows
    ]  # fmt: skip
