"""Reads of bonds: an organisation sees its own, the register's keepers see all, nobody else any."""

from collections.abc import Collection, Mapping
from datetime import date
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet

from experts.affiliates import rules
from experts.affiliates.models import Affiliation
from experts.affiliates.rules import Pair
from experts.registry.queries import keeps
from ledger.written_out import row_of
from rulebook.actor import Actor

# Written out: a live auction asks at every quote.
_PAIR = ("id", "one", "other", "since", "until")
_BOUND = (
    f"SELECT {', '.join(_PAIR)} FROM experts_affiliation"
    " WHERE agreed_at IS NOT NULL AND one IN ({marks}) AND other IN ({marks})"
)
_DECLARED = (
    f"SELECT {', '.join(_PAIR)}, declared_for FROM experts_affiliation WHERE declared_for IN ({{each}})"
    " AND agreed_at IS NULL AND denied_at IS NULL AND (one IN ({others}) OR other IN ({others}))"
)


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
    if len(codes) < 2:
        return set()
    marks = ", ".join(["%s"] * len(codes))
    with connection.cursor() as cursor:
        cursor.execute(_BOUND.format(marks=marks), [*codes, *codes])
        pairs = [Pair(row.one, row.other, row.since, row.until) for row in
                 (row_of(Affiliation, _PAIR, found) for found in cursor.fetchall())]  # fmt: skip
    return {frozenset({each.one, each.other}) for each in pairs if rules.stands(each, on=on)}


def declared(codes: Collection[str], *, among: Collection[str], on: date) -> dict[str, set[str]]:
    """Of these organisations, whoever says of itself that it belongs to others among those, and nobody has denied it.

    It binds the one that said so alone; agreement makes it the other's as well.
    """
    if not codes or not among:
        return {}
    each, others = (", ".join(["%s"] * len(orgs)) for orgs in (codes, among))
    with connection.cursor() as cursor:
        cursor.execute(_DECLARED.format(each=each, others=others), [*codes, *among, *among])
        rows = [row_of(Affiliation, (*_PAIR, "declared_for"), row) for row in cursor.fetchall()]
    found: dict[str, set[str]] = {}
    for row in rows:
        org, pair = row.declared_for, Pair(row.one, row.other, row.since, row.until)
        others = ({pair.one, pair.other} & set(among)) - {org}
        if others and rules.stands(pair, on=on):
            found.setdefault(org, set()).update(others)
    return found
