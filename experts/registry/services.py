"""Acts on the register."""

from datetime import date, datetime

from django.db import transaction

from accounts.models import User
from experts.registry.models import Expert, Specialty
from experts.registry.rules import why_not_enrol, why_not_keep_register, why_not_take_leave
from rulebook.actor import Actor
from rulebook.refusal import refuse_if


@transaction.atomic
def enrol(
    *, number: str, user: User, employer_code: str, employer_name: str, specialties: list[str], region: str,
    by: Actor, at: datetime,
) -> Expert:  # fmt: skip
    """Enter a person in the register of experts.

    Refused when the number is taken, or the specialties are none, too many or unknown.
    Law: 政府采购评审专家管理办法 第6条.
    """
    taken = Expert.objects.filter(number=number).exists()
    refuse_if(why_not_keep_register(by=by) or why_not_enrol(number=number, specialties=specialties, number_taken=taken))
    expert = Expert.objects.create(
        number=number, user=user, employer_code=employer_code, employer_name=employer_name, region=region,
        enrolled_at=at,
    )  # fmt: skip
    Specialty.objects.bulk_create(Specialty(expert=expert, key=key) for key in sorted(set(specialties)))
    return expert


@transaction.atomic
def take_leave(*, number: str, first: date, last: date | None, by: Actor, at: datetime) -> Expert:
    """Stay out of the pools of these days; until further notice when `last` is None.

    Refused when it is not one's own leave.
    """
    expert = Expert.objects.select_for_update().get(number=number)
    own = str(expert.user.public_id) == by.person
    refuse_if(why_not_take_leave(own=own, by=by, first=first, last=last))
    expert.on_leave_from, expert.on_leave_until = first, last
    expert.save(update_fields=["on_leave_from", "on_leave_until"])
    return expert


@transaction.atomic
def bar(*, number: str, until: date, decision: str, by: Actor, at: datetime) -> Expert:
    """Write down an authority's decision that an expert may not judge until a day, that day included.

    Refused when it is not a keeper of the register.
    Law: 政府采购法实施条例 第75条.
    """
    refuse_if(why_not_keep_register(by=by))
    expert = Expert.objects.select_for_update().get(number=number)
    expert.barred_until, expert.barred_by = until, decision
    expert.save(update_fields=["barred_until", "barred_by"])
    return expert
