"""Acts on the people of a house. Each holds the house first: two at once cannot leave it without an administrator."""

import hashlib
import secrets
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction

from accounts import services as accounts
from accounts.models import Delivery, Organisation, User
from accounts.passwords import check_password
from accounts.rules import Kind
from people.colleagues import queries, rules, telling
from people.colleagues.houses import colleague, hold_own, note
from people.colleagues.models import Administrator, Invitation
from people.colleagues.rules import What
from people.custody.models import Custodian
from people.entering.queries import next_username
from people.powers.models import Power
from rulebook.actor import SYSTEM, Actor, Role
from rulebook.jurisdiction import in_region
from rulebook.refusal import refuse_if
from rulebook.regions import region_of


@transaction.atomic
def appoint_first(*, person: UUID, by: Actor, at: datetime) -> Administrator:
    """Put an administrator into a house that has none that is active. Refused to all but the security officer."""
    user = User.objects.select_related("organisation").get(public_id=person)
    Organisation.objects.select_for_update().get(code=user.organisation_id)
    active = queries.administrators(str(user.organisation_id)).count()
    here = in_region(by, region_of(str(user.organisation_id)))
    refuse_if(rules.why_not_appoint_first(administrators=active, active=user.is_active, by=here))
    return _appoint(user, by=by, at=at)


@transaction.atomic
def appoint(*, person: UUID, by: Actor, at: datetime) -> Administrator:
    """Let a colleague administer the house too."""
    hold_own(by=by)
    user = colleague(person, by=by)
    refuse_if(rules.why_not_appoint(administers=_administers(user), active=user.is_active))
    return _appoint(user, by=by, at=at)


@transaction.atomic
def dismiss(*, person: UUID, by: Actor, at: datetime) -> None:
    """Let a colleague, or oneself, administer the house no more. Refused for the last one."""
    house = hold_own(by=by)
    user = colleague(person, by=by)
    _why_not_lose(house, user)
    if Administrator.objects.filter(user=user).delete()[0]:
        note(house.code, What.DISMISSED, user=user, by=by, at=at)


@transaction.atomic
def invite(*, role: str, name: str, phone: str, administers: bool, by: Actor, at: datetime) -> tuple[Invitation, str]:
    """Invite a colleague; returns the word of the link too, which is kept nowhere.

    phone: it is sent there; empty: whoever invites hands it over.
    Refused to all but administrators, for a role the house has not, and with too many open ones.
    """
    house = hold_own(by=by)
    known = Role(role) if role in set(Role) else None
    refuse_if(
        rules.why_not_invite(
            kind=Kind(house.kind),
            role=known,
            name=name,
            phone=phone,
            waiting=queries.waiting(house.code, at=at).count(),
        )
    )
    token = secrets.token_urlsafe(32)
    row = Invitation.objects.create(
        organisation=house, role=role, name=name.strip(), phone=phone, administers=administers,
        token_sha256=hashlib.sha256(token.encode()).hexdigest(), by_user=User.objects.get(public_id=by.person),
        sent_at=at, expires_at=at + rules.INVITED_FOR,
    )  # fmt: skip
    note(house.code, What.INVITED, told=row.name, by=by, at=at)
    if phone:
        words = f"【明标】{house.name}邀请您成为同事，7日内打开链接设置密码：{settings.SITE}/invitations/{token}/"
        transaction.on_commit(lambda: telling.send(phone, words, at=at))
    return row, token


@transaction.atomic
def revoke(*, invitation: UUID, by: Actor, at: datetime) -> Invitation:
    """Take an invitation back. Refused once it is used."""
    house = hold_own(by=by)
    row = Invitation.objects.select_for_update().get(public_id=invitation, organisation=house)
    refuse_if(rules.why_not_revoke(used=row.used_at is not None, revoked=row.revoked_at is not None))
    row.revoked_at = at
    row.save(update_fields=["revoked_at"])
    note(house.code, What.REVOKED, told=row.name, by=by, at=at)
    return row


def accept(*, token: str, password: str, id_number: str = "", by: Actor, at: datetime) -> User:
    """Come in by an invitation, once.  id_number: of whoever will run, secure or audit the platform.

    Refused once it is used, called back or over, and with too simple a password.
    """
    found = queries.invitation(token)
    hashed = make_password(password)  # it takes a while: before anything is held
    with transaction.atomic():
        Organisation.objects.select_for_update().get(code=found.organisation_id)
        row = Invitation.objects.select_for_update().get(pk=found.pk)
        refuse_if(
            rules.why_not_accept(
                expires_at=row.expires_at, used=row.used_at is not None, revoked=row.revoked_at is not None, at=at
            )
        )
        username = next_username(row.organisation_id)
        check_password(password, User(username=username, name=row.name))
        user = accounts.create_user(
            username=username, password="", hashed=hashed, name=row.name, role=Role(row.role),
            organisation=row.organisation_id, id_number=id_number,
            region=row.by_user.region if row.by_user else "", by=SYSTEM, at=at,
        )  # fmt: skip
        row.used_at, row.user = at, user
        row.save(update_fields=["used_at", "user"])
        note(row.organisation_id, What.JOINED, user=user, told=row.role, by=user.as_actor(), at=at)
        if row.administers:
            _appoint(user, by=row.by_user.as_actor() if row.by_user else SYSTEM, at=at)
        return user


@transaction.atomic
def change_role(*, person: UUID, role: str, by: Actor, at: datetime) -> User:
    """Let a colleague act in another role, from his next word on.

    Refused for a role the house has not, and in and out of the three offices of the platform.
    """
    house = hold_own(by=by)
    user = colleague(person, by=by)
    known = Role(role) if role in set(Role) else None
    refuse_if(rules.why_not_be(kind=Kind(house.kind), role=known))
    changed = accounts.give_role(user=user, role=Role(role), by=by, at=at)
    note(house.code, What.ROLE, user=user, told=role, by=by, at=at)
    return changed


@transaction.atomic
def block(*, person: UUID, by: Actor, at: datetime) -> User:
    """Shut a colleague's account at once, sessions and sockets with it.

    Refused for oneself, and for the last administrator.
    """
    house = hold_own(by=by)
    user = colleague(person, by=by)
    refuse_if(rules.why_not_block(myself=str(user.public_id) == by.person, active=user.is_active))
    _why_not_lose(house, user)
    accounts.let_in(user=user, active=False, by=by, at=at)
    note(house.code, What.BLOCKED, user=user, by=by, at=at)
    return user


@transaction.atomic
def unblock(*, person: UUID, by: Actor, at: datetime) -> User:
    """Open a colleague's account again. Refused for whoever has left."""
    house = hold_own(by=by)
    user = colleague(person, by=by)
    refuse_if(rules.why_not_unblock(active=user.is_active, left=queries.has_left(user)))
    accounts.let_in(user=user, active=True, by=by, at=at)
    note(house.code, What.UNBLOCKED, user=user, by=by, at=at)
    return user


@transaction.atomic
def hand_over(*, person: UUID, to: UUID, by: Actor, at: datetime) -> User:
    """Give everything that hangs on somebody to a colleague, and shut the account for good.

    Powers, open invitations, unread messages, the administration where he was the last, his place as custodian (whose
    drill the heir still owes). What was done stays under the name of who did it.
    Refused to all but administrators, to nobody, to somebody blocked, and to another role.
    """
    house = hold_own(by=by)
    user, heir = colleague(person, by=by), colleague(to, by=by)
    refuse_if(
        rules.why_not_hand_over(
            same=user.pk == heir.pk, active=heir.is_active, role=Role(user.role), heirs=Role(heir.role),
            left=queries.has_left(user),
        )
    )  # fmt: skip
    has = set(Power.objects.filter(user=heir).values_list("project_number", flat=True))
    for power in Power.objects.filter(user=user):
        if power.project_number not in has:
            Power.objects.create(user=heir, project_number=power.project_number, given_at=at)
            note(house.code, What.GIVEN, user=heir, told=power.project_number, by=by, at=at)
        power.delete()
        note(house.code, What.WITHDRAWN, user=user, told=power.project_number, by=by, at=at)
    Invitation.objects.filter(by_user=user, used_at=None, revoked_at=None).update(by_user=heir)
    unread = Delivery.objects.filter(user=user, read_at=None).values_list("message_id", flat=True)
    passed = [Delivery(message_id=message, user=heir) for message in unread]
    Delivery.objects.bulk_create(passed, ignore_conflicts=True)
    if Custodian.objects.filter(user=user, ended_at=None).update(ended_at=at, challenge=""):
        note(house.code, What.NO_CUSTODIAN, user=user, by=by, at=at)
        if not Custodian.objects.filter(user=heir, ended_at=None).exists():
            Custodian.objects.create(organisation=house, user=heir, since=at)
            note(house.code, What.CUSTODIAN, user=heir, by=by, at=at)
    if _administers(user):
        if queries.administrators(house.code).exclude(pk=user.pk).first() is None:
            _appoint(heir, by=by, at=at)
        Administrator.objects.filter(user=user).delete()
        note(house.code, What.DISMISSED, user=user, by=by, at=at)
    note(house.code, What.HANDED_OVER, user=heir, told=user.name, by=by, at=at)
    accounts.let_in(user=user, active=False, by=by, at=at)
    note(house.code, What.LEFT, user=user, told=heir.name, by=by, at=at)
    return heir


def _appoint(user: User, *, by: Actor, at: datetime) -> Administrator:
    row, new = Administrator.objects.get_or_create(
        user=user, defaults={"organisation_id": user.organisation_id, "since": at}
    )
    if new:
        note(str(user.organisation_id), What.APPOINTED, user=user, by=by, at=at)
    return row


def _administers(user: User) -> bool:
    return Administrator.objects.filter(user=user).exists()


def _why_not_lose(house: Organisation, user: User) -> None:
    active = queries.administrators(house.code).count()
    refuse_if(rules.why_not_lose(administrators=active, administers=_administers(user) and user.is_active))
