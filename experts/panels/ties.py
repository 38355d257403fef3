"""Acts of an expert on his own ties: declare an interest or a relative in an organisation, take it back."""

from datetime import datetime

from django.db import transaction

from experts.panels.eligibility import why_not_declare_tie
from experts.panels.models import Tie
from experts.registry.models import Expert
from rulebook.actor import Actor
from rulebook.refusal import refuse_if


def of_person(viewer: Actor) -> list[Tie]:
    """One's own ties that stand; nobody else is shown them but the supervision body, as reasons for a recusal."""
    rows = Tie.objects.filter(expert__user__public_id=viewer.person or None, ended_at__isnull=True)
    return list(rows.order_by("organisation"))


@transaction.atomic
def declare_tie(*, organisation: str, kind: str, by: Actor, at: datetime) -> Tie:
    """Say that one has a relative or an interest in an organisation: one is on no list in which it takes part.

    Refused when it is not the expert himself, said already, or the code is none.
    Law: 政府采购法实施条例 第9条; 评标委员会和评标方法暂行规定 第12条.
    """
    expert = Expert.objects.select_for_update().filter(user__public_id=by.person or None).first()
    standing = Tie.objects.filter(expert=expert, organisation=organisation, ended_at__isnull=True)
    refuse_if(why_not_declare_tie(organisation=organisation, kind=kind, declared=bool(expert) and standing.exists(),
                                  by=by))  # fmt: skip
    if expert is None:
        raise Expert.DoesNotExist
    return Tie.objects.create(expert=expert, organisation=organisation, kind=kind, declared_at=at)


@transaction.atomic
def end_tie(*, organisation: str, by: Actor, at: datetime) -> None:
    """Take back one's own tie; what it kept one from stays so. Does nothing twice."""
    Tie.objects.filter(
        expert__user__public_id=by.person or None, organisation=organisation, ended_at__isnull=True
    ).update(ended_at=at)
