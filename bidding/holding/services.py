"""Acts on the standing roster: join, leave, give somebody a duty, say who is away."""

from datetime import datetime

from django.db import transaction

from accounts.models import Organisation, User
from accounts.queries import person as person_of
from bidding.holding import events, queries, rules
from bidding.holding.models import Keeper, RosterChange, StandingHolder
from bidding.holding.rules import Duty
from ledger.services import record
from rulebook.actor import Actor, Role
from rulebook.refusal import refuse_if


@transaction.atomic
def enter(*, organisation: str, by: Actor, at: datetime) -> StandingHolder:
    """Put a holder on the standing roster.

    Refused for anybody but its own key holders, for a kind that may not hold, and without somebody to act for it.
    """
    house = Organisation.objects.select_for_update().get(code=organisation)
    members = Keeper.objects.filter(organisation=organisation, duty=Duty.MEMBER.value).count()
    standing = queries.is_standing(organisation)
    refuse_if(
        rules.why_not_enter(organisation=organisation, kind=house.kind, members=members, standing=standing, by=by)
    )
    row, _ = StandingHolder.objects.update_or_create(organisation=house, defaults={"entered_at": at, "left_at": None})
    _note(organisation, "entered", by=by, at=at)
    record(events.HolderStands(stream=events.KEYS, org=organisation, standing=True), at=at)
    return row


@transaction.atomic
def leave(*, organisation: str, by: Actor, at: datetime) -> None:
    """Take a holder off the roster. What it already holds stays with it until those openings are over.

    Refused for anybody but its own key holders, and when it is not on it.
    """
    Organisation.objects.select_for_update().get(code=organisation)
    refuse_if(rules.why_not_leave(organisation=organisation, standing=queries.is_standing(organisation), by=by))
    StandingHolder.objects.filter(organisation_id=organisation).update(left_at=at)
    _note(organisation, "left", by=by, at=at)
    record(events.HolderStands(stream=events.KEYS, org=organisation, standing=False), at=at)


@transaction.atomic
def set_unattended(*, organisation: str, unattended: bool, by: Actor, at: datetime) -> StandingHolder:
    """Say whether a holder's own service makes and releases its keys unattended; the same again changes nothing.

    Purchases that open by themselves take only such holders. Refused for anybody but its own key holders, and for a
    holder that is not on the roster.
    """
    Organisation.objects.select_for_update().get(code=organisation)
    refuse_if(rules.why_not_leave(organisation=organisation, standing=queries.is_standing(organisation), by=by))
    row = StandingHolder.objects.get(organisation_id=organisation)
    if row.unattended != unattended:
        row.unattended = unattended
        row.save(update_fields=["unattended"])
        _note(organisation, "alone" if unattended else "manned", by=by, at=at)
        record(events.ReleasesAlone(stream=events.KEYS, org=organisation, unattended=unattended), at=at)
    return row


@transaction.atomic
def appoint(*, person: str, duty: Duty, by: Actor, at: datetime) -> Keeper:
    """Make a colleague member or deputy, or take the duty away; the same again changes nothing.

    person: public id.  Refused outside one's own house, for somebody who is no key holder, and when a holder on the
    roster would be left without a member. Raises User.DoesNotExist.
    """
    user = person_of(person)
    organisation = by.organisation or user.organisation_id or ""
    house = Organisation.objects.select_for_update().get(code=organisation)
    keeper = Keeper.objects.filter(person=user).first()
    if keeper and keeper.duty == duty.value:
        return keeper
    others = Keeper.objects.filter(organisation=organisation, duty=Duty.MEMBER.value).exclude(person=user).count()
    refuse_if(
        rules.why_not_appoint(
            organisation=organisation,
            person_organisation=user.organisation_id or "",
            is_holder=user.role == Role.HOLDER and user.is_active,
            duty=duty,
            standing=queries.is_standing(organisation),
            other_members=others,
            by=by,
        )
    )
    told = {"organisation": house.code, "duty": duty.value, "away": False}
    keeper, _ = Keeper.objects.update_or_create(person=user, defaults=told)
    _note(organisation, duty.value, person=user, by=by, at=at)
    counts = {each: Keeper.objects.filter(organisation=organisation, duty=each.value).count() for each in Duty}
    record(
        events.DutiesChanged(
            stream=events.KEYS, org=organisation, members=counts[Duty.MEMBER], deputies=counts[Duty.DEPUTY]
        ),
        at=at,
    )
    return keeper


@transaction.atomic
def set_away(*, person: str, away: bool, by: Actor, at: datetime) -> Keeper:
    """Say that a colleague is away, so that the deputies act, or back again; the same again changes nothing.

    Refused outside one's own house. Raises Keeper.DoesNotExist.
    """
    keeper = Keeper.objects.select_for_update().select_related("person").get(person__public_id=person)
    refuse_if(rules.why_not_keep(organisation=keeper.organisation, by=by))
    if keeper.away != away:
        keeper.away = away
        keeper.save(update_fields=["away"])
        _note(keeper.organisation, "away" if away else "back", person=keeper.person, by=by, at=at)
    return keeper


def _note(organisation: str, what: str, *, person: User | None = None, by: Actor, at: datetime) -> None:
    name = person.name if person else ""
    RosterChange.objects.create(organisation=organisation, what=what, person=name, by_name=by.name, at=at)
