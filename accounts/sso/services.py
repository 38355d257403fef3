"""Acts: link an identity elsewhere to one's account, and unlink it."""

from datetime import datetime

from django.db import transaction

from accounts.factors.rules import Step
from accounts.factors.services import note
from accounts.models import User
from accounts.sso.models import OutsideIdentity
from rulebook.actor import Actor
from rulebook.refusal import Kind as Fault
from rulebook.refusal import Reason, Refused


@transaction.atomic
def link(*, user: User, issuer: str, subject: str, name: str, by: Actor, at: datetime) -> OutsideIdentity:
    """Link an identity; who is signed in as himself has just shown that it is his. Again changes nothing.

    Refused when it is linked to another account, or this account has another one there.
    """
    held = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    row = OutsideIdentity.objects.filter(issuer=issuer, subject=subject).first()
    if row is not None and row.user_id == held.pk:
        return row
    if row is not None or OutsideIdentity.objects.filter(user=held, issuer=issuer).exists():
        raise Refused(Reason("accounts.sso-taken", Fault.NOT_NOW, "该外部身份或者本账户已有别的关联，请先取消原有关联"))
    row = OutsideIdentity.objects.create(user=held, issuer=issuer, subject=subject, linked_at=at)
    note(user=held, kind=Step.SSO_LINKED, about=name, by=by, at=at)
    return row


@transaction.atomic
def unlink(*, user: User, issuer: str, name: str, by: Actor, at: datetime) -> None:
    """Unlink one's identity. Raises OutsideIdentity.DoesNotExist."""
    OutsideIdentity.objects.get(user=user, issuer=issuer).delete()
    note(user=user, kind=Step.SSO_UNLINKED, about=name, by=by, at=at)
