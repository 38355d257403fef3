"""Reads: whose access is being restored, who may take part, who still cools down."""

from datetime import datetime

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils.module_loading import import_string

from accounts.models import User
from accounts.regions.queries import lies_in
from accounts.resets.models import AccessReset
from accounts.resets.rules import ASKED_LASTS, COOLING_LASTS, ENOUGH
from rulebook.actor import Actor, Role


def usable(user: User, *, lost: str, at: datetime) -> AccessReset | None:
    """The newest confirmed reset of a person whose code still stands."""
    found = AccessReset.objects.filter(user=user, lost=lost, used_at=None, confirmed_at__isnull=False)
    newest = found.order_by("-confirmed_at", "-id").first()
    return newest if newest and newest.expires_at and newest.expires_at > at else None


def is_cooling(user: User, *, at: datetime) -> bool:
    """Whether a person's access was restored within the last day."""
    return AccessReset.objects.filter(user=user, used_at__gt=at - COOLING_LASTS).exists()


def is_cooling_actor(by: Actor, *, at: datetime) -> bool:
    """The same of who acts; nobody cools who is no person."""
    if not by.person:
        return False
    return AccessReset.objects.filter(user__public_id=by.person, used_at__gt=at - COOLING_LASTS).exists()


def vouchers(user: User) -> set[str]:
    """Public ids of who may restore somebody's access: two administrators of his house or more, else his colleagues.

    Who administers a house is known above (`settings.ADMINISTRATORS`). None for who acts in his own name.
    """
    if not user.organisation_id:
        return set()
    heads: QuerySet[User] = import_string(settings.ADMINISTRATORS)(user.organisation_id)
    found = {str(each) for each in heads.exclude(pk=user.pk).values_list("public_id", flat=True)}
    if len(found) >= ENOUGH:
        return found
    others = User.objects.filter(organisation_id=user.organisation_id, is_active=True).exclude(pk=user.pk)
    return {str(each) for each in others.values_list("public_id", flat=True)}


def people_for(viewer: Actor, *, named: str = "") -> QuerySet[User]:
    """Whose access a person may ask to restore: colleagues; to an operator, somebody outside whose name he types."""
    people = User.objects.filter(is_active=True).exclude(public_id=viewer.person).select_related("organisation")
    if viewer.role is Role.OPERATOR:
        outside = Q(username=named) & lies_in("organisation_id", viewer.region)
        return people.filter(Q(organisation_id=viewer.organisation) | outside).order_by("name")
    return people.filter(organisation_id=viewer.organisation or None).exclude(organisation=None).order_by("name")


def waiting_for(viewer: Actor, *, at: datetime) -> QuerySet[AccessReset]:
    """Requests that wait for another person, of one's own house, or of small ones to an operator."""
    return _seen_by(viewer).filter(confirmed_at=None, dropped_at=None, asked_at__gt=at - ASKED_LASTS)


def resets_for(viewer: Actor) -> QuerySet[AccessReset]:
    """The record: every request of one's own house, newest first; operators see those the platform took part in."""
    return _seen_by(viewer)


def reset(public_id: object, *, viewer: Actor) -> AccessReset:
    """One of them. Raises AccessReset.DoesNotExist, alike for what is not there and what is not one's own."""
    return _seen_by(viewer).get(public_id=public_id)


def _seen_by(viewer: Actor) -> QuerySet[AccessReset]:
    found = AccessReset.objects.select_related("user", "asked_by", "confirmed_by", "organisation").order_by("-asked_at")
    own = Q(organisation_id=viewer.organisation) if viewer.organisation else Q(pk=None)
    if viewer.role is Role.OPERATOR:
        # Houses with enough hands do it among themselves: their requests are nobody else's to see.
        return found.filter(own | Q(with_platform=True) & lies_in("organisation_id", viewer.region))
    return found.filter(own)
