"""Ticks of cases."""

from datetime import datetime

from blacklist.cases import issuing
from blacklist.cases.models import DecisionPaper
from rulebook.actor import Actor
from rulebook.rows import left_for_next_time

AT_ONCE = 5  # decisions of one run: each takes a moment, and other ticks wait


def issue_decisions(*, by: Actor, at: datetime) -> None:
    """Sign and issue the decisions that were served and wait."""
    for row in DecisionPaper.objects.filter(paper=None).select_related("case").order_by("case")[:AT_ONCE]:
        with left_for_next_time(str(row.case.public_id)):
            issuing.issue_decision(case=row.case, by=by, at=at)
