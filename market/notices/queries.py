"""Reads of notices: every notice is public from the moment it exists."""

from django.db.models import QuerySet

from market.notices.models import Notice, Telling


def published() -> QuerySet[Notice]:
    """Every notice of every project, newest first."""
    return Notice.objects.select_related("project", "project__buyer").order_by("-published_at", "-id")


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
    return list(waiting.order_by("id")[:100])
