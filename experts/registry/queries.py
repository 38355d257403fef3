"""Reads of the register. Particulars stay sealed here; masks are made of them, and only `standing.look` shows them."""

from collections.abc import Collection
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet

from accounts import sealing
from accounts.regions.queries import called_in
from experts.registry import catalogue, particulars
from experts.registry.imports import ImportState
from experts.registry.models import Application, Dossier, Expert, Look, Specialty, StagedImport
from experts.registry.rules import UNDER_WAY, ApplicationState, Standing, why_not_keep_register
from rulebook.actor import Actor, Role

SOON = timedelta(days=30)


def of_person(viewer: Actor) -> Expert:
    """The expert who is looking. Raises Expert.DoesNotExist for everybody else."""
    if viewer.role is not Role.EXPERT:
        raise Expert.DoesNotExist
    return Expert.objects.get(user__public_id=viewer.person)


def with_any(keys: Collection[str]) -> list[Expert]:
    """Experts who have one of these specialties, with specialties and employers, in the order of their numbers."""
    return list(
        Expert.objects.filter(specialties__key__in=list(keys), user__is_active=True)
        .distinct()
        .select_related("user")
        .prefetch_related("specialties", "employments")
        .order_by("number")
    )


def everybody() -> list[Expert]:
    """The whole register with its employers, in the order of the numbers."""
    return list(Expert.objects.select_related("user").prefetch_related("employments").order_by("number"))


def how_many() -> dict[str, int]:
    """How many experts the register holds for each specialty; public, it says nothing about a project."""
    enrolled = Specialty.objects.filter(expert__state=Standing.ENROLLED)
    return dict(enrolled.values_list("key").annotate(n=Count("id")).order_by("key"))


def specialties() -> dict[str, str]:
    """The catalogue in force: key → name."""
    return catalogue.names()


def parents() -> dict[str, str]:
    """The catalogue in force: key → key of the wider specialty, empty at the top."""
    return {line.key: line.parent for line in catalogue.lines()}


def names_of(experts: Collection[Expert]) -> dict[int, str]:
    """Full names by the expert's row, for the notice that must publish them, in one read."""
    rows = Dossier.objects.filter(user__expert__in=[e.pk for e in experts]).values_list(
        "user__expert", "public_id", "sealed"
    )
    return {pk: sealing.unseal(sealed, about=str(about)).get("name", "") for pk, about, sealed in rows}


def masks(dossier: Dossier) -> dict[str, str]:
    """Particulars as a page may show them to anybody who may see the page."""
    held = sealing.unseal(dossier.sealed, about=str(dossier.public_id))
    return {field: particulars.masked(field, held.get(field, "")) for field in particulars.FIELDS}


def own_dossier(viewer: Actor) -> Dossier | None:
    """The viewer's own dossier, None before he told anything."""
    return Dossier.objects.filter(user__public_id=viewer.person or None).first()


def own_application(viewer: Actor) -> Application | None:
    """The viewer's latest application."""
    if viewer.role is not Role.EXPERT:
        return None
    return Application.objects.filter(dossier__user__public_id=viewer.person).order_by("-pk").first()


def keeps(viewer: Actor) -> bool:
    """The viewer is a keeper of the register; its pages do not exist for others."""
    return not why_not_keep_register(by=viewer) and bool(viewer.person)


def within(viewer: Actor, path: str = "") -> Q:
    """Experts, or what is about them at `path`, from where the viewer's office reaches; all where it reaches all."""
    return Q(**{f"{path}region__in": called_in(viewer.region)}) if viewer.region else Q()


def reaches(
    viewer: Actor, *, expert: Any = None, application: Any = None, lapse: Any = None, staged: Any = None
) -> bool:
    """Whether a keeper's office reaches what an address names, by public ids. An import is nowhere in particular."""
    if not viewer.region:
        return True
    asked = [
        (expert, Expert.objects.filter(within(viewer), public_id=expert)),
        (application, Application.objects.filter(within(viewer), public_id=application)),
        (lapse, Expert.objects.filter(within(viewer), lapses__public_id=lapse)),
        (staged, StagedImport.objects.filter(public_id=staged, staged_by=viewer.person)),
    ]
    return all(rows.exists() for named, rows in asked if named is not None)


def waiting_applications(viewer: Actor) -> list[Application]:
    """Applications this keeper could judge now, the oldest first; none for anybody else."""
    if not keeps(viewer):
        return []
    found = Application.objects.filter(within(viewer), state__in=[s.value for s in UNDER_WAY]).select_related("dossier")
    own_first = Q(state=ApplicationState.CHECKED.value, checked_by=viewer.person)
    return list(found.exclude(own_first).order_by("submitted_at"))


def waiting_imports(viewer: Actor) -> list[StagedImport]:
    """Imports this keeper could confirm now; none for anybody else."""
    if not keeps(viewer) or viewer.region:
        return []
    found = StagedImport.objects.filter(state=ImportState.WAITING.value).exclude(staged_by=viewer.person)
    return list(found.order_by("staged_at"))


def register(
    viewer: Actor, *, words: str = "", specialty: str = "", region: str = "", state: str = "", due: bool = False,
    on: date,
) -> QuerySet[Expert]:  # fmt: skip
    """The register as its keepers search it, of where their office reaches.

    words: of a number or an employer.  due: reviews due within 30 days.
    """
    found = Expert.objects.filter(within(viewer)).select_related("user__dossier").prefetch_related("specialties")
    if words:
        found = found.filter(
            Q(number__icontains=words) | Q(employer_name__icontains=words) | Q(employer_code__iexact=words)
        )
    if specialty:
        found = found.filter(specialties__key=specialty)
    if region:
        found = found.filter(region=region)
    if state:
        found = found.filter(state=state)
    if due:
        found = found.filter(review_due_on__lte=on + SOON).exclude(state=Standing.LEFT)
    return found.order_by("number").distinct()


def regions() -> list[str]:
    """The regions experts come from."""
    return list(Expert.objects.order_by("region").values_list("region", flat=True).distinct())


def looks_at(dossier: Dossier) -> QuerySet[Look]:
    """Who saw these particulars in full, the latest first."""
    return dossier.looks.order_by("-at", "-pk")


def all_looks(viewer: Actor) -> QuerySet[Look]:
    """Every look at anybody's particulars, the latest first, for the supervision; none for anybody else."""
    if viewer.role is not Role.SUPERVISOR:
        return Look.objects.none()
    found = Look.objects.filter(within(viewer, "dossier__user__expert__"))
    return found.select_related("dossier__user__expert").order_by("-at", "-pk")


def history(expert: Expert) -> list[dict[str, Any]]:
    """What became of an expert in the register, the latest first."""
    return list(expert.changes.order_by("-pk").values("what", "note", "by_name", "at"))
