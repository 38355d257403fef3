"""Acts on when somebody may be drawn: leave, and bars by an authority. What was before stays in the history."""

from datetime import date, datetime

from django.db import transaction

from accounts import inbox
from experts.registry import conduct, particulars, rules
from experts.registry.models import Expert, StandingChange
from rulebook.actor import Actor, Role
from rulebook.calendar import day_in_china
from rulebook.refusal import refuse_if


@transaction.atomic
def take_leave(*, number: str, first: date, last: date | None, by: Actor, at: datetime) -> Expert:
    """Stay out of the pools of these days; until further notice when `last` is None.

    Refused when it is not one's own leave.
    """
    expert = Expert.objects.select_for_update().get(number=number)
    own = str(expert.user.public_id) == by.person
    refuse_if(rules.why_not_take_leave(own=own, by=by, first=first, last=last))
    expert.on_leave_from, expert.on_leave_until = first, last
    expert.save(update_fields=["on_leave_from", "on_leave_until"])
    _note(expert, "on-leave", f"{first} 至 {last or '另行销假'}", by=by, at=at)
    return expert


@transaction.atomic
def end_leave(*, number: str, by: Actor, at: datetime) -> Expert:
    """Come back before the leave is over.

    Refused when it is not one's own leave.
    """
    expert = Expert.objects.select_for_update().get(number=number)
    refuse_if(rules.why_not_own(own=str(expert.user.public_id) == by.person, by=by))
    if expert.on_leave_from is None:
        return expert
    expert.on_leave_from = expert.on_leave_until = None
    expert.save(update_fields=["on_leave_from", "on_leave_until"])
    _note(expert, "back", "", by=by, at=at)
    return expert


@transaction.atomic
def bar(*, number: str, until: date, decision: str, by: Actor, at: datetime) -> Expert:
    """Write down an authority's decision that an expert may not judge until a day, that day included.

    A decision that ends sooner than one before it shortens nothing; both stay in the history.
    Refused when it is not a keeper of the register, the decision has no number, or its day is over.
    Law: 政府采购法实施条例 第75条.
    """
    expert = Expert.objects.select_for_update(of=("self",)).select_related("user").get(number=number)
    refuse_if(conduct.why_not_bar(until=until, decision=decision, on=day_in_china(at), by=by))
    if expert.barred_until is None or until > expert.barred_until:
        expert.barred_until, expert.barred_by = until, decision.strip()
        expert.save(update_fields=["barred_until", "barred_by"])
    _note(expert, "barred", f"{decision.strip()}，至 {until}", by=by, at=at)
    body = f"依{decision.strip()}，您至{until}（含当天）不得参加评审。"
    inbox.post(
        topic=inbox.Topic.REGISTER, to_user=expert.user, subject="专家库通知", body=body, link="/experts/me/", at=at
    )
    return expert


def _note(expert: Expert, what: str, note: str, *, by: Actor, at: datetime) -> None:
    name = particulars.masked("name", by.name) if by.role is Role.EXPERT else by.name
    StandingChange.objects.create(expert=expert, what=what, note=note, by_person=by.person, by_name=name, at=at)
