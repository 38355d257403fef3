"""Notices narrowed down by type and stage."""

from django.db.models import QuerySet

from market.notices import queries as notices
from market.notices.models import Notice
from market.notices.rules import Type
from market.projects.rules import Stage

STAGES = tuple(stage for stage in Stage if stage is not Stage.DRAFT)


PLACES = {"services": False, "tenders": True}  # whether there is no purchase of the supermarket behind it


def narrowed(*, place: str = "", type: str = "", stage: str = "") -> QuerySet[Notice]:
    """Published notices, newest first; a word that is no type or stage narrows nothing down."""
    found = notices.published()
    if place in PLACES:
        found = found.filter(project__purchase__isnull=PLACES[place])
    if type in set(Type):
        found = found.filter(type=type)
    if stage in set(STAGES):
        found = found.filter(project__stage=stage)
    return found
