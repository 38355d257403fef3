"""Reads of notices: every notice is public from the moment it exists."""

from django.db.models import QuerySet

from market.notices.models import Notice, Telling
from market.notices.rules import Type
from rulebook.rows import if_any

CHANGES = (Type.CORRECTION.value, Type.CLARIFICATION.value)


def published() -> QuerySet[Notice]:
    """Every notice of every project, newest first."""
    return Notice.objects.select_related("project", "project__buyer").order_by("-published_at", "-id")


def these(ids: list[int]) -> list[Notice]:
    """The notices with these ids, in their order."""
    held = Notice.objects.select_related("project__buyer").in_bulk(ids)
    return [held[pk] for pk in ids if pk in held]


def of(number: str) -> list[Notice]:
    """The notices of a project, in their order."""
    found = Notice.objects.filter(project__number=number).select_related("project", "project__buyer")
    return list(found.order_by("number"))


def notice(number: str, k: int) -> Notice:
    """The k-th notice of a project. Raises Notice.DoesNotExist."""
    return Notice.objects.select_related("project", "project__buyer").get(project__number=number, number=k)


def to_tell() -> list[Telling]:
    """Notices of which those concerned do not know yet, the oldest first."""
    waiting = Telling.objects.filter(told_at=None).select_related("notice__project__buyer")
    return if_any(waiting.order_by("id")[:100])


def changes(number: str) -> list[Notice]:
    """What was corrected or cleared up about a project, the first change first."""
    return [each for each in of(number) if each.type in CHANGES]
