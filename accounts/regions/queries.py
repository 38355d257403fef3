"""Reads of the register of regions; which rows lie where an office reaches."""

from django.db.models import Q, QuerySet
from django.db.models.functions import Substr
from django.db.models.lookups import Exact, GreaterThanOrEqual, LessThan

from accounts.models import Region, RegionAct, User
from accounts.regions.rules import served
from rulebook.actor import Role
from rulebook.jurisdiction import STAFF
from rulebook.regions import HOME, NAMES, containing, reaches, span


def regions() -> list[Region]:
    """What this installation serves, by digits: a province before its cities. Empty where it serves one city."""
    return list(Region.objects.select_related("body").order_by("code"))


def known(code: str) -> bool:
    """It is in the register."""
    return Region.objects.filter(code=code).exists()


def region(code: str) -> Region:
    """One of them. Raises Region.DoesNotExist."""
    return Region.objects.select_related("body").get(code=code)


def of(digits: str) -> Region | None:
    """The most specific division of the register that a region lies in."""
    found = {row.code: row for row in Region.objects.select_related("body").filter(code__in=containing(digits))}
    return found.get(served(digits, found))


def competent(digits: str) -> list[str]:
    """Credit codes of the bodies that supervise what lies there, the nearest first; empty where none is named."""
    found = Region.objects.filter(code__in=containing(digits)).exclude(body=None)
    bodies = dict(found.values_list("code", "body_id"))
    return list(dict.fromkeys(bodies[each] for each in containing(digits) if each in bodies))


def lies_in(path: str, scope: str) -> Q:
    """Rows whose credit code at `path` says that its house lies in a scope; all rows for the empty one.

    A citizen's code says nothing of where he lives: he is where the platform is.
    """
    if not scope:
        return Q()
    first, beyond = span(scope)
    digits = Substr(path, 3, 6)
    inside = Q(GreaterThanOrEqual(digits, first), LessThan(digits, beyond))
    return inside | Q(Exact(Substr(path, 1, 2), "GR")) if reaches(scope, HOME) else inside


def under(path: str, scope: str) -> Q:
    """Rows whose digits at `path` lie in a scope; all rows for the empty one. A range an index on them can walk."""
    return Q(**{f"{path}__startswith": scope}) if scope else Q()


def called_in(scope: str) -> list[str]:
    """What the divisions of a scope are called, where a register keeps the name and not the digits."""
    known = {code: name for code, name in NAMES.items() if reaches(scope, code)}
    return sorted({*known.values(), *Region.objects.filter(under("code", scope)).values_list("name", flat=True)})


def named(name: str) -> str:
    """The digits of a division by its name, the register's own first; empty for a name nobody knows."""
    code = Region.objects.filter(name=name).values_list("code", flat=True).first()
    return code or next((code for code, known in NAMES.items() if known == name), "")


def reach_of_new(*, role: Role, organisation: str, region: str) -> str:
    """How far the office of somebody new reaches: no farther than his who lets him in, and where his house supervises
    a division, that one."""
    if role not in STAFF:
        return ""
    own = Region.objects.filter(body=organisation).order_by("code").values_list("code", flat=True).first()
    return own if own and reaches(region, own) else region


def staff() -> QuerySet[User]:
    """Everybody who has, or could have, a division; those who reach everywhere first."""
    found = User.objects.filter(role__in=sorted(STAFF), is_active=True).select_related("organisation")
    return found.order_by("region", "role", "name", "pk")


def others_everywhere(user: User) -> int:
    """How many more of somebody's role reach everywhere."""
    return User.objects.filter(role=user.role, is_active=True, region="").exclude(pk=user.pk).count()


def acts(*, waiting: bool) -> QuerySet[RegionAct]:
    """What waits for a second office, oldest first; or the record, newest first."""
    found = RegionAct.objects.select_related("user__organisation", "proposed_by", "confirmed_by")
    if waiting:
        return found.filter(confirmed_at=None, dropped_at=None).order_by("proposed_at", "pk")
    return found.exclude(confirmed_at=None, dropped_at=None).order_by("-proposed_at", "-pk")


def reaching(role: Role, region: str) -> QuerySet[User]:
    """Active people of a role whose office reaches a region: those of it and of everything above."""
    return User.objects.filter(role=role, is_active=True, region__in=["", *containing(region)])
