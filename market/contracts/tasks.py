"""Ticks of what follows an award."""

from datetime import datetime

from market.awards.models import Award
from market.contracts import letters
from rulebook.actor import Actor
from rulebook.rows import if_any, left_for_next_time

AT_ONCE = 5  # letters of one run: each takes a moment, and other ticks wait


def issue_letters(*, by: Actor, at: datetime) -> None:
    """Sign and issue the letters that wait."""
    waiting = Award.objects.filter(letter__isnull=False, letter__paper=None, declined_at=None)
    for award in if_any(waiting.select_related("project__buyer", "notice").order_by("pk")[:AT_ONCE]):
        with left_for_next_time(award.project.number):
            letters.issue_letter(award=award, by=by, at=at)
