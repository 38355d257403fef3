"""Reads about the people of a house."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from accounts.models import Organisation, User
from accounts.rules import Kind
from people.colleagues import rules
from people.colleagues.models import Administrator, Invitation, Step
from people.colleagues.rules import What
from rulebook.actor import Actor
from rulebook.refusal import Reason


@dataclass(frozen=True)
class Colleague:
    """Somebody of a house, as its administrators see him."""

    user: User
    administers: bool
    left: bool


def administrators(code: str) -> QuerySet[User]:
    """Who administers a house and can be asked to."""
    return User.objects.filter(administrator__organisation_id=code, is_active=True).order_by("administrator__since")


def administers(viewer: Actor) -> bool:
    """Whether this person administers his house."""
    return bool(viewer.person) and administrators(viewer.organisation).filter(public_id=viewer.person).exists()


def why_not_administer(by: Actor) -> tuple[Reason, ...]:
    """Reasons against this person's deciding about the people of his own house."""
    house = Organisation.objects.filter(code=by.organisation).first()
    if house is None:
        return rules.why_not_administer(house="", kind=Kind.CITIZEN, administers=False, by=by)
    return rules.why_not_administer(house=house.code, kind=Kind(house.kind), administers=administers(by), by=by)


def colleagues(code: str) -> list[Colleague]:
    """Everybody of a house, who is in first; a house has few."""
    heads = set(Administrator.objects.filter(organisation_id=code).values_list("user_id", flat=True))
    gone = set(Step.objects.filter(organisation_id=code, what=What.LEFT).values_list("user_id", flat=True))
    rows = User.objects.filter(organisation_id=code).order_by("-is_active", "pk")
    return [Colleague(user, user.pk in heads, user.pk in gone) for user in rows]


def has_left(user: User) -> bool:
    """Whether the work of this account was handed over."""
    return Step.objects.filter(organisation_id=user.organisation_id, user=user, what=What.LEFT).exists()


def waiting(code: str, *, at: datetime) -> QuerySet[Invitation]:
    """Invitations that can still be used, newest first."""
    rows = Invitation.objects.filter(organisation_id=code, used_at=None, revoked_at=None, expires_at__gt=at)
    return rows.select_related("by_user").order_by("-sent_at")


def invitation(token: str) -> Invitation:
    """The invitation a link is for, over or not. Raises Invitation.DoesNotExist for a word that is none."""
    digest = hashlib.sha256(token.encode()).hexdigest()
    return Invitation.objects.select_related("organisation").get(token_sha256=digest)


def steps(code: str) -> QuerySet[Step]:
    """What was done with the people of a house, newest first."""
    return Step.objects.filter(organisation_id=code).select_related("user").order_by("-at", "-pk")
