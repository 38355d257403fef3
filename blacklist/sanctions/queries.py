"""Reads: the public list of bans."""

from datetime import datetime

from django.db.models import Q, QuerySet

from blacklist.sanctions.models import Sanction
from rulebook.calendar import day_in_china


def shown(*, at: datetime, words: str = "") -> QuerySet[Sanction]:
    """The public list: bans whose time on show is not over, newest first; words narrow it to a name or code."""
    found = Sanction.objects.filter(publish_until__gte=day_in_china(at)).order_by("-starts_on", "-id")
    return found.filter(Q(name__contains=words) | Q(code=words.upper()) | Q(decision_no=words)) if words else found
