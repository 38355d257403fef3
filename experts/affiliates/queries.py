"""Reads of bonds: an organisation sees its own, the register's keepers see all, nobody else any."""

from collections.abc import Collection, Mapping
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet

from experts.affiliates import rules
from experts.affiliates.models import Affiliation
from experts.affiliates.rules import Pair
from experts.registry.queries import keeps
from rulebook.actor import Actor


def visible(viewer: Actor) -> QuerySet[Affiliation]:
    """What the viewer may see, the newest first."""
    found = Affiliation.objects.order_by("-pk")
    if keeps(viewer):
        return found
    if rules.why_not_speak(by=viewer):
        return found.none()
    return found.filter(Q(one=viewer.organisation) | Q(other=viewer.organisation))


def one(public_id: UUID, viewer: Actor) -> Affiliation:
    """One of those. Raises Affiliation.DoesNotExist for what the viewer may not see."""
    return visible(viewer).get(public_id=public_id)


def houses(*, on: date) -> dict[str, str]:
    """Organisation → the house it counts as where one employer has at most so many; see `rules.together`."""
    rows = Affiliation.objects.filter(agreed_at__isnull=False).filter(Q(until__isnull=True) | Q(until__gte=on))
    return rules.together(
        (Pair(*row) for row in rows.values_list("one", "other", "since", "until").order_by("pk")), on=on
    )


def with_affiliates(avoid: Mapping[str, str], *, on: date) -> dict[str, str]:
    """These organisations and those bound to them, each with its exclusion code."""
    codes = list(avoid)
    rows = Affiliation.objects.filter(Q(one__in=codes) | Q(other__in=codes), agreed_at__isnull=False)
    pairs = [Pair(*row) for row in rows.values_list("one", "other", "since", "until").order_by("pk")]
    return rules.widened(avoid, pairs, on=on)


def bound(codes: Collection[str], *, on: date) -> set[frozenset[str]]:
    """The pairs among these organisations that belong together on a day, as the other side agreed."""
    rows = Affiliation.objects.filter(one__in=codes, other__in=codes, agreed_at__isnull=False)
    pairs = [Pair(*row) for row in rows.values_list("one", "other", "since", "until")]
    return {frozenset({each.one, each.other}) for each in pairs if rules.stands(each, on=on)}
