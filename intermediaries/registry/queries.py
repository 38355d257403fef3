"""Reads of the register. What it says of a provider is public; who objected, and what waits, is its keepers'.

The directory is walked along an index from where the last page ended: a page costs the same among a thousand providers
and among a hundred thousand. Nothing is counted.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.regions.queries import lies_in
from intermediaries.registry.models import (
    Certificate,
    Correction,
    DataObjection,
    FormerName,
    Import,
    NameSuffix,
    Place,
    Provider,
    Qualification,
    StaffClaim,
)
from intermediaries.registry.rules import Need, State, why_not_eligible, why_not_keep
from ledger.written_out import row_of
from rulebook.actor import Actor, Role
from rulebook.refusal import Reason

SHOWN = (State.ENTERED.value, State.LISTED.value)
LOOKED_AT = 100  # providers of an index a page looks at; where few fit, the next page goes on from there
LONGEST = 12  # characters of a name's end that are kept
# Written out: a live auction asks at every quote.
_STANDING = "SELECT id, state FROM intermediaries_provider WHERE organisation_id = %s"
_PEOPLE = (
    "SELECT organisation_id, legal_rep_tag FROM intermediaries_provider"
    " WHERE organisation_id IN ({marks}) AND legal_rep_tag <> ''"
)


@dataclass(frozen=True)
class Step:
    """A provider met on the way along an index.  cursor: where to go on after it."""

    provider: int
    cursor: str


def walk(*, words: str = "", region: str = "", after: str = "", most: int = LOOKED_AT) -> list[Step]:
    """The next providers along the index that narrows most: the longest word, else the region, else all by entry."""
    if longest := max(words.split(), key=len, default=""):
        return _along_names(longest, after=after, most=most)
    start = int(after) if after.isascii() and after.isdigit() and len(after) < 19 else 0
    if region:
        rows = Place.objects.filter(region=region, provider__gt=start).order_by("provider")
        return [Step(pk, str(pk)) for pk in rows.values_list("provider", flat=True)[:most]]
    found = Provider.objects.filter(pk__gt=start).order_by("pk").values_list("pk", flat=True)[:most]
    return [Step(pk, str(pk)) for pk in found]


def _along_names(word: str, *, after: str, most: int) -> list[Step]:
    start = word[:LONGEST].encode()
    rows = NameSuffix.objects.filter(suffix__gte=start, suffix__lt=start + b"\xff")
    if held := re.fullmatch(r"((?:[0-9a-f]{2}){1,60})\.([0-9]{1,18})", after):
        suffix, pk = bytes.fromhex(held[1]), int(held[2])
        rows = rows.filter(Q(suffix__gt=suffix) | Q(suffix=suffix, provider__gt=pk), suffix__gte=suffix)
    found = rows.order_by("suffix", "provider").values_list("suffix", "provider")[:most]
    return [Step(pk, f"{bytes(suffix).hex()}.{pk}") for suffix, pk in found]


def suffixes(name: str) -> list[bytes]:
    """The ends of a name a search can begin with, each once."""
    return sorted({name[at : at + LONGEST].encode() for at in range(len(name)) if not name[at].isspace()})


def shown(ids: Collection[int], *, words: str = "", region: str = "") -> dict[int, Provider]:
    """Those of these providers that are in the register and fit, by id, with what a line of the directory shows."""
    found = Provider.objects.filter(pk__in=list(ids), state__in=SHOWN).select_related("organisation")
    for word in words.split():
        former = FormerName.objects.filter(provider=OuterRef("pk"), name__contains=word)
        found = found.filter(Q(organisation__name__contains=word) | Exists(former))
    if region:
        found = found.filter(places__region=region)
    return {row.pk: row for row in found.prefetch_related("qualifications")}


def of(code: str) -> Provider:
    """The provider with this credit code. Raises Provider.DoesNotExist."""
    return Provider.objects.select_related("organisation").get(organisation_id=code)


def known(codes: Collection[str]) -> set[str]:
    """Those of these codes that are, or were, in the register: each has a page."""
    return set(Provider.objects.filter(organisation_id__in=codes).values_list("organisation_id", flat=True))


def own(viewer: Actor) -> Provider | None:
    """The viewer's own firm in the register; None where it never entered, and for everybody else."""
    if viewer.role is not Role.PROVIDER or not viewer.organisation:
        return None
    return Provider.objects.select_related("organisation").filter(organisation_id=viewer.organisation).first()


@dataclass(frozen=True)
class Staffed:
    """A certificate as rules of eligibility see it."""

    kind: str
    valid_to: date | None
    person: object


def people_of(code: str) -> tuple[str, ...]:
    """The people a firm stands with at every gate: its legal representative, by the keyed hash, where it is known."""
    return tuple(people_of_all([code]).values())


def people_of_all(codes: Collection[str]) -> dict[str, str]:
    """The same of many, in one read: credit code ↦ hash."""
    if not codes:
        return {}
    marks = ", ".join(["%s"] * len(codes))
    with connection.cursor() as cursor:
        cursor.execute(_PEOPLE.format(marks=marks), list(codes))
        return dict(cursor.fetchall())


def held(provider: Provider) -> list[Qualification]:
    """The firm's certificates that count or have counted until they expired."""
    return list(provider.qualifications.filter(struck_on=None).order_by("kind", "pk"))


def certificates(provider: Provider) -> list[Certificate]:
    """The certificates of the people who practise for the firm now."""
    rows = Certificate.objects.filter(person__provider=provider, person__left_on=None, struck_on=None)
    return list(rows.select_related("person").order_by("person__name", "pk"))


def why_not(code: str, *, need: Need, on: date) -> tuple[Reason, ...]:
    """Everything that stands against a firm's part in a purchase on a day. Every gate asks; no tick is waited for."""
    with connection.cursor() as cursor:
        cursor.execute(_STANDING, [code])
        found = cursor.fetchone()
    if found is None:
        return why_not_eligible(state="", held=(), staff=(), need=need, on=on)
    row = row_of(Provider, ("id", "state"), found)
    # What nobody asks for is not read.
    staff = [Staffed(each.kind, each.valid_to, each.person_id) for each in certificates(row)] if need.staff else []
    holds = held(row) if need.qualifications else []
    return why_not_eligible(state=row.state, held=holds, staff=staff, need=need, on=on)


def ending(*, on: date, within: timedelta) -> tuple[list[Qualification], list[Certificate]]:
    """Certificates whose last day is near and of which nobody was reminded."""
    soon: dict[str, Any] = {"valid_to__gte": on, "valid_to__lte": on + within, "struck_on": None, "reminded_for": None}
    entered = {"state": State.ENTERED.value}
    firms = Qualification.objects.filter(**soon, **{f"provider__{k}": v for k, v in entered.items()})
    people = Certificate.objects.filter(
        **soon, person__left_on=None, **{f"person__provider__{k}": v for k, v in entered.items()}
    )
    return (
        list(firms.select_related("provider").order_by("pk")),
        list(people.select_related("person__provider").order_by("pk")),
    )


def own_ending(viewer: Actor, *, on: date, within: timedelta) -> list[tuple[str, date]]:
    """The certificates of the viewer's firm that end soon: what, and on which day."""
    row = own(viewer)
    if row is None or row.state != State.ENTERED:
        return []
    ends: list[Qualification | Certificate] = [*held(row), *certificates(row)]
    return sorted(
        ((each.kind, each.valid_to) for each in ends if each.valid_to and on <= each.valid_to <= on + within),
        key=lambda each: each[1],
    )


def history(provider: Provider) -> Sequence[dict[str, Any]]:
    """What became of a provider in the register, the latest first."""
    return list(provider.changes.order_by("-pk").values("what", "told", "by_name", "at")[:200])


def keeps(viewer: Actor) -> bool:
    """The viewer is a keeper of the register; its desk does not exist for others."""
    return not why_not_keep(by=viewer)


def silent(*, on: date) -> list[StaffClaim]:
    """Open claims that somebody has left whose firm let the term go by, or has released him by itself."""
    rows = StaffClaim.objects.filter(outcome="")
    return list(rows.filter(Q(objection="", due_on__lt=on) | Q(person__left_on__isnull=False)).order_by("pk"))


def claims_against(provider: Provider) -> list[StaffClaim]:
    """Open claims that somebody has left this firm, the most urgent first."""
    rows = StaffClaim.objects.filter(outcome="", person__provider=provider, person__left_on=None)
    return list(rows.select_related("person", "claimant__organisation").order_by("due_on", "pk"))


def claims_of(provider: Provider) -> list[StaffClaim]:
    """What this firm has claimed, the latest first."""
    return list(provider.claims.select_related("person").order_by("-pk")[:20])


def disputed(viewer: Actor) -> list[StaffClaim]:
    """Claims a firm has objected to and no keeper has decided, the oldest first."""
    here = lies_in("person__provider__organisation_id", viewer.region)
    rows = StaffClaim.objects.filter(here, outcome="", person__left_on=None).exclude(objection="")
    return list(rows.select_related("person__provider__organisation", "claimant__organisation").order_by("objected_at"))


def corrections(viewer: Actor, *, due_by: date | None = None) -> list[Correction]:
    """What checks want set right and nobody has looked at again, the most urgent first.  due_by: by this day."""
    here = lies_in("check_row__provider__organisation_id", viewer.region)
    rows = Correction.objects.filter(here, recheck=None).select_related("check_row__provider__organisation")
    return list((rows.filter(due_on__lte=due_by) if due_by else rows).order_by("due_on", "pk"))


def own_corrections(provider: Provider) -> list[Correction]:
    """The same of one firm."""
    rows = Correction.objects.filter(recheck=None, check_row__provider=provider).select_related("check_row")
    return list(rows.order_by("due_on", "pk"))


def objections(provider: Provider) -> QuerySet[DataObjection]:
    """Objections to a provider's data with their findings, the latest first."""
    return provider.objections.select_related("found").order_by("-pk")


def open_objections(viewer: Actor) -> QuerySet[DataObjection]:
    """Objections nobody has found on, about firms where the viewer's office reaches, the oldest first."""
    rows = DataObjection.objects.filter(lies_in("provider__organisation_id", viewer.region), found=None)
    return rows.select_related("provider__organisation").order_by("pk")


def objected_today(source: str, *, at: datetime) -> int:
    """How many objections came from a source within a day."""
    return DataObjection.objects.filter(source=source, raised_at__gt=at - timedelta(days=1)).count()


def staged(viewer: Actor) -> QuerySet[Import]:
    """Imports that wait for a second keeper, the oldest first: firms of anywhere, for those who reach everywhere."""
    rows = Import.objects.filter(confirmed_at=None, discarded_at=None).order_by("pk")
    return rows.filter(staged_by=viewer.person) if viewer.region else rows


def reaches(
    viewer: Actor, *, objection: Any = None, claim: Any = None, correction: Any = None, batch: Any = None
) -> bool:
    """Whether a keeper's office reaches the firm of what an address names. An import is nowhere in particular."""
    if not viewer.region:
        return True
    asked = [
        (objection, DataObjection, "provider", "public_id"), (claim, StaffClaim, "person__provider", "public_id"),
        (correction, Correction, "check_row__provider", "pk"),
    ]  # fmt: skip
    near = [
        model.objects.filter(lies_in(f"{path}__organisation_id", viewer.region), **{key: named}).exists()
        for named, model, path, key in asked
        if named is not None
    ]
    return all(near) and (batch is None or staged(viewer).filter(public_id=batch).exists())
