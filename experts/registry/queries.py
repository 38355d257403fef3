"""Reads of the register."""

from collections.abc import Collection

from django.db.models import Count

from experts.registry.models import Expert, Specialty
from rulebook.actor import Actor, Role


def of_person(viewer: Actor) -> Expert:
    """The expert who is looking. Raises Expert.DoesNotExist for everybody else."""
    if viewer.role is not Role.EXPERT:
        raise Expert.DoesNotExist
    return Expert.objects.get(user__public_id=viewer.person)


def with_any(keys: Collection[str]) -> list[Expert]:
    """Experts who have one of these specialties, with their specialties, in the order of their numbers."""
    return list(
        Expert.objects.filter(specialties__key__in=list(keys), user__is_active=True)
        .distinct()
        .prefetch_related("specialties")
        .order_by("number")
    )


def how_many() -> dict[str, int]:
    """How many experts the register holds for each specialty; public, it says nothing about a project."""
    return dict(Specialty.objects.values_list("key").annotate(n=Count("id")).order_by("key"))
