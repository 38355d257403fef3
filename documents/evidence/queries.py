"""Reads of evidence. Who may have a file is decided by the slice it belongs to."""

from collections.abc import Callable, Iterable

from django.conf import settings
from django.utils.module_loading import import_string

from documents.evidence.models import Evidence
from rulebook.actor import Actor

MayHave = Callable[[Evidence, Actor], bool]


def of(about: str) -> list[Evidence]:
    """The files about something, in the order in which they came. Whether they may be seen is the caller's to know."""
    return list(Evidence.objects.filter(about=about).order_by("pk"))


def of_all(abouts: Iterable[str]) -> dict[str, list[Evidence]]:
    """The same for many things in one read; those without a file are not in it."""
    told: dict[str, list[Evidence]] = {}
    for row in Evidence.objects.filter(about__in=list(abouts)).order_by("pk"):
        told.setdefault(row.about, []).append(row)
    return told


def one(public_id: object, *, viewer: Actor) -> Evidence:
    """A file this person may have, as the slice says whose it is. Raises Evidence.DoesNotExist for anybody else.

    `settings.EVIDENCE_OWNERS` has each slice's answer, by the word before the colon of `about`.
    """
    found = Evidence.objects.get(public_id=public_id)
    owner = settings.EVIDENCE_OWNERS.get(found.about.partition(":")[0])
    may_have: MayHave | None = import_string(owner) if owner else None
    if may_have is None or not may_have(found, viewer):
        raise Evidence.DoesNotExist
    return found
