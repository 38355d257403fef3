"""The tick of rests whose announced end has come."""

from datetime import datetime

from market.notices import suspending
from market.projects import queries as projects
from rulebook.actor import Actor
from rulebook.rows import left_for_next_time

OVER = "公告的暂停期限已满。"


def resume_over(*, by: Actor, at: datetime) -> None:
    """Write down that a rest is over; what it held up may go on from its announced end, whenever this runs."""
    for number in projects.suspended_too_long(at):
        with left_for_next_time(number):
            suspending.resume(number=number, text=OVER, by=by, at=at)
