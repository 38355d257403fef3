"""Acts on bonds between organisations: declare, agree, deny, end."""

from datetime import date, datetime

from django.db import transaction

from accounts import inbox
from accounts.models import Organisation
from experts.affiliates import rules
from experts.affiliates.models import Affiliation
from experts.affiliates.rules import SPEAKERS, Bond
from rulebook.actor import Actor, Role
from rulebook.calendar import day_in_china
from rulebook.refusal import refuse_if

PLACE = "/affiliates/"


@transaction.atomic
def declare(
    *, bond: Bond, one: str, one_name: str, other: str, other_name: str, since: date, until: date | None, basis: str,
    by: Actor, at: datetime,
) -> Affiliation:  # fmt: skip
    """Say that two organisations belong together. It counts once the other one, or another keeper, has agreed; against
    the provider that says so of itself it counts in the supermarket at once.

    Refused when one speaks for neither, the codes or days cannot be, or it is declared already.
    Law: 政府采购法实施条例 第18条.
    """
    known = Affiliation.objects.filter(
        bond=bond.value, one=one, other=other, until__isnull=True, denied_at__isnull=True
    ).exists()
    refuse_if(
        rules.why_not_declare(
            one=one, other=other, names=(one_name, other_name), since=since, until=until, basis=basis, known=known,
            on=day_in_china(at), by=by,
        )
    )  # fmt: skip
    spoke = by.organisation if by.role in SPEAKERS else ""
    made = Affiliation.objects.create(
        bond=bond.value, one=one, one_name=one_name.strip(), other=other, other_name=other_name.strip(), since=since,
        until=until, basis=basis.strip()[:200], declared_by=by.person, declared_name=by.name, declared_for=spoke,
        declared_at=at,
    )  # fmt: skip
    body = f"{made.one_name}与{made.other_name}的隶属、控股或管理关系已申报，请确认或者否认；确认后用于评审回避。"
    for code in Organisation.objects.filter(code__in=made.parties - {spoke}).values_list("code", flat=True):
        inbox.post(
            topic=inbox.Topic.REGISTER, to_organisation=code, subject="单位关系待确认", body=body, link=PLACE, at=at
        )
    keepers = Role.SUPERVISOR if by.role is not Role.SUPERVISOR else Role.OPERATOR
    inbox.post(
        topic=inbox.Topic.DUTY, to_role=keepers, region="", subject="单位关系待确认", body=body, link=PLACE, at=at
    )
    return made


@transaction.atomic
def agree(*, affiliation: Affiliation, by: Actor, at: datetime) -> Affiliation:
    """Agree that it is so: from now on it keeps people from panels.

    Refused to who declared it and his own organisation, and when it is decided.
    """
    row = _hold(affiliation, by=by)
    row.agreed_by, row.agreed_name, row.agreed_at = by.person, by.name, at
    row.save(update_fields=["agreed_by", "agreed_name", "agreed_at"])
    return row


@transaction.atomic
def deny(*, affiliation: Affiliation, note: str, by: Actor, at: datetime) -> Affiliation:
    """Say that it is not so, and why. It stays on record and counts for nothing.

    Refused to who declared it and his own organisation, without a reason, and when it is decided.
    """
    row = _hold(affiliation, by=by)
    refuse_if(rules.why_not_deny(note=note))
    row.denied_name, row.denied_at, row.note = by.name, at, note.strip()[:200]
    row.save(update_fields=["denied_name", "denied_at", "note"])
    return row


@transaction.atomic
def end(*, affiliation: Affiliation, until: date, by: Actor, at: datetime) -> Affiliation:
    """Say that it is over; it counts for three more years.

    Refused to others than the two and the keepers, before it is agreed to (to who declared it: before the day it did),
    twice, and for a day that cannot be.
    Law: 政府采购法实施条例 第9条.
    """
    row = Affiliation.objects.select_for_update().get(pk=affiliation.pk)
    own = bool(row.declared_for) and row.declared_for == by.organisation and row.denied_at is None
    stands = row.agreed_at or (row.declared_at if own else None)
    agreed_on = day_in_china(stands) if stands else None
    refuse_if(
        rules.why_not_end(
            agreed_on=agreed_on, over=row.until is not None, until=until, on=day_in_china(at), parties=row.parties,
            by=by,
        )
    )  # fmt: skip
    row.until = until
    row.save(update_fields=["until"])
    return row


def _hold(affiliation: Affiliation, *, by: Actor) -> Affiliation:
    row = Affiliation.objects.select_for_update().get(pk=affiliation.pk)
    refuse_if(
        rules.why_not_agree(
            decided=bool(row.agreed_at or row.denied_at), parties=row.parties, declared_by=row.declared_by,
            declared_for=row.declared_for, by=by,
        )
    )  # fmt: skip
    return row
