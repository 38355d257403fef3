"""Acts: enter organisations and people, register identity keys, read a message, count tries at the door."""

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils.crypto import salted_hmac

from accounts import inbox, rules
from accounts.events import KEYS, KeyRegistered, KeyRevoked
from accounts.models import Attempt, CodeSent, Delivery, IdentityKey, KeyRevocation, Organisation, SignUp, Trouble, User
from accounts.passwords import check_password
from accounts.queries import STANDS, WINDOW, failures, hold_signing
from accounts.regions import queries as regions
from accounts.resets import queries as resets
from accounts.resets.rules import COOLING
from accounts.rules import Kind
from accounts.sessions import services as sessions
from ledger.services import record
from proofs import canonical
from proofs import statement as statements
from rulebook.actor import SYSTEM, Actor, Role
from rulebook.credit_code import ALPHABET
from rulebook.jurisdiction import STAFF
from rulebook.refusal import Kind as Fault
from rulebook.refusal import Reason, Refused, refuse_if


@transaction.atomic
def create_organisation(
    *, code: str, name: str, kind: Kind, is_small: bool = False, by: Actor, at: datetime
) -> Organisation:
    """Enter an organisation under its credit code; entering it again the same way changes nothing.

    Refused when the code is not a credit code or belongs to another entry.
    Law: GB 32100-2015 第5条.
    """
    refuse_if(rules.why_not_create_organisation(code=code, name=name, kind=kind, by=by))
    told = {"name": name, "kind": kind, "is_small": is_small}
    entered, _ = Organisation.objects.get_or_create(code=code, defaults=told)
    if (entered.name, entered.kind, entered.is_small) != (name, kind, is_small):
        raise Refused(Reason("accounts.code-taken", Fault.NOT_NOW, "该统一社会信用代码已登记在另一单位名下"))
    return entered


@transaction.atomic
def rename_organisation(*, code: str, name: str, by: Actor, at: datetime) -> Organisation:
    """Another name of an organisation, which its register has looked at; its code never changes."""
    row = Organisation.objects.select_for_update().get(code=code)
    row.name = name
    row.save(update_fields=["name"])
    return row


def create_user(
    *, username: str, password: str, hashed: str = "", name: str, role: Role, organisation: str = "",
    id_number: str = "", region: str = "", by: Actor, at: datetime,
) -> User:  # fmt: skip
    """Enter a person in one role.  organisation: credit code, empty for somebody who acts in their own name.

    region: how far an office of the public reaches, never farther than that of whoever lets him in.

    hashed: what `make_password` made of the password, where the caller enters many who share one.
    id_number: of whoever runs, secures or audits the platform; only a keyed hash of it is kept.

    Refused when the role does not belong to that kind of organisation, the username is taken, or the person is another
    of those three already.
    """
    hashed = hashed or make_password(password)  # it takes a while: before anything is held
    with transaction.atomic():
        house = Organisation.objects.get(code=organisation) if organisation else None
        refuse_if(rules.why_not_create_user(role=role, kind=Kind(house.kind) if house else None, by=by))
        if User.objects.filter(username=username).exists():
            raise Refused(Reason("accounts.username-taken", Fault.NOT_NOW, "用户名已被使用"))
        tag = person_tag(id_number=id_number) if role in rules.STEWARDS and id_number else None
        elsewhere = tag is not None and User.objects.filter(person_tag=tag).exists()
        refuse_if(rules.why_not_steward(role=role, known=tag is not None, elsewhere=elsewhere))
        user = User(
            username=username, name=name, role=role, organisation=house, password=hashed,
            person_tag=tag, region=regions.reach_of_new(role=role, organisation=organisation, region=region),
        )  # fmt: skip
        user.save(force_insert=True)
        return user


@transaction.atomic
def sign_up(*, name: str, phone: str, password: str = "", hashed: str = "", by: Actor, at: datetime) -> User:
    """Enter somebody who buys for himself: an organisation of one, whose public name is masked. No key, no approval.

    Refused without a name and a mobile number, for a number that is known, or with a password that is too simple.
    """
    phone = phone.strip()
    refuse_if(rules.why_not_sign_up(name=name, phone=phone, taken=User.objects.filter(username=phone).exists()))
    if not hashed:
        check_password(password, User(username=phone, name=name.strip()))
    code = f"GR{''.join(secrets.choice(ALPHABET) for _ in range(16))}"
    create_organisation(code=code, name=rules.masked(name), kind=Kind.CITIZEN, by=SYSTEM, at=at)
    return create_user(
        username=phone, password=password, hashed=hashed, name=name.strip(), role=Role.OFFICER, organisation=code,
        by=SYSTEM, at=at,
    )  # fmt: skip


def person_tag(*, id_number: str) -> str:
    """What a steward is known by without his number being kept. The oldest secret, so that one person stays one."""
    secret = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS][-1]
    salt = "accounts.steward"
    return salted_hmac(salt, id_number.strip().upper(), secret=secret, algorithm="sha256").hexdigest()


@transaction.atomic
def give_role(*, user: User, role: Role, by: Actor, at: datetime) -> User:
    """Let somebody act in another role of the same house; whoever runs, secures or audits the platform keeps his.

    Who may decide that, the caller has made sure of.  Refused when the house has no such role.
    """
    row = User.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=user.pk)
    kind = Kind(row.organisation.kind) if row.organisation else None
    refuse_if(rules.why_not_role(role=role, kind=kind) + rules.why_not_move(was=Role(row.role), role=role))
    if Role(row.role) not in STAFF or role not in STAFF:
        row.region = regions.reach_of_new(role=role, organisation=row.organisation_id or "", region=by.region)
    row.role = role
    row.save(update_fields=["role", "region"])
    return row


@transaction.atomic
def let_in(*, user: User, active: bool, by: Actor, at: datetime) -> User:
    """Shut an account or open it again. What was open of it ends at once, and is not open again with it.

    Who may decide that, the caller has made sure of.
    """
    row = User.objects.select_for_update().get(pk=user.pk)
    row.is_active = active
    row.save(update_fields=["is_active"])
    if not active:
        sessions.end_others(user=row, row="", by=by, at=at)
    return row


def set_first_password(*, user: User, password: str, again: bool = False, by: Actor, at: datetime) -> User:
    """Give an account the first password it has; whose it is, the caller has made sure of.

    again: in place of one that was lost; who is signed in with that is signed out.
    Refused when it has one, or the password is too short or too common.
    """
    refuse_if(rules.why_not_first_password(has_one=user.has_usable_password() and not again))
    check_password(password, user)
    hashed = make_password(password)  # it takes a while: before anything is held
    with transaction.atomic():
        row = User.objects.select_for_update().get(pk=user.pk)
        refuse_if(rules.why_not_first_password(has_one=row.has_usable_password() and not again))
        row.password = hashed
        row.save(update_fields=["password"])
        return row


@transaction.atomic
def register_key(*, statement: Any, by: Actor, at: datetime) -> IdentityKey:
    """Pin an organisation's identity key from its signed `idk/1`; handing the same statement in again changes nothing.

    Refused when it is another organisation's, not the next generation, or not signed as `rules` asks, and of somebody
    whose access was restored within the last day.
    Spec: docs/proofs.md, registration.
    """
    told, organisation = _about_keys(statement, v="idk/1")
    rows = {row.gen: row for row in IdentityKey.objects.filter(organisation=organisation)}
    if told["gen"] in rows and rows[told["gen"]].statement == told:
        return rows[told["gen"]]
    pinned = max(rows, default=0)
    if resets.is_cooling_actor(by, at=at):
        raise Refused(COOLING)
    refuse_if(
        rules.why_not_register_key(
            org=told["org"], gen=told["gen"], pinned=pinned, signed_by=_signer(told, rows.get(pinned)), by=by
        )
    )
    if IdentityKey.objects.filter(key=told["key"]).exists():
        raise Refused(Reason("accounts.key-used", Fault.NOT_VALID, "这把身份公钥已经登记过"))
    row = IdentityKey.objects.create(
        organisation=organisation, gen=told["gen"], key=told["key"], statement=told, registered_at=at
    )
    record(KeyRegistered(stream=KEYS, statement=told), at=at)
    return row


@transaction.atomic
def revoke_key(*, statement: Any, by: Actor, at: datetime) -> tuple[KeyRevocation, bool]:
    """End a generation of an organisation's identity key by its signed `idr/1`; and whether it had not ended so before.

    From here on nothing it signs is taken; what it signed, and the log acknowledged, before goes on counting. Who of
    the organisation may, the caller has made sure of.
    Refused when it is another organisation's, the newest generation, not signed by a later one that stands, or of
    somebody whose access was restored within the last day.
    Spec: docs/proofs.md, registration.
    """
    hold_signing([_named(statement)], alone=True)  # before the row that every act of the organisation's points to
    told, organisation = _about_keys(statement, v="idr/1")
    rows = {row.gen: row for row in KeyRevocation.objects.filter(organisation=organisation)}
    if told["revokes"] in rows and rows[told["revokes"]].statement == told:
        return rows[told["revokes"]], False
    keys = dict(IdentityKey.objects.filter(organisation=organisation).values_list("gen", "key"))
    if resets.is_cooling_actor(by, at=at):
        raise Refused(COOLING)
    key = keys.get(told["gen"])
    refuse_if(
        rules.why_not_revoke_key(
            org=told["org"], gen=told["gen"], revokes=told["revokes"], registered=keys, revoked=rows,
            signed=key is not None and statements.verify(told, canonical.b64u_bytes(key, "key", length=32)), by=by,
        )
    )  # fmt: skip
    row = KeyRevocation.objects.create(organisation=organisation, gen=told["revokes"], statement=told, revoked_at=at)
    record(KeyRevoked(stream=KEYS, statement=told), at=at)
    return row, True


def _named(statement: Any) -> str:
    return str(statement.get("org", "")) if isinstance(statement, dict) else ""


def _about_keys(statement: Any, *, v: str) -> tuple[dict[str, Any], Organisation]:
    """A well formed statement about an organisation's keys, and that organisation, held."""
    try:
        told = statements.check(statement, v=v)
    except canonical.NotCanonical as wrong:
        raise Refused(
            Reason("statement.malformed", Fault.NOT_VALID, "声明格式不符：{why}", values={"why": str(wrong)})
        ) from wrong
    organisation = Organisation.objects.select_for_update(no_key=True).filter(code=told["org"]).first()
    if organisation is None:
        raise Refused(Reason("accounts.no-such-organisation", Fault.NOT_VALID, "没有登记过这个单位"))
    return told, organisation


def _signer(told: Mapping[str, Any], newest: IdentityKey | None) -> int:
    """The generation whose key signed a registration: the newest pinned one, its own, or 0 for neither."""
    if newest and statements.verify(told, canonical.b64u_bytes(newest.key, "key", length=32)):
        return newest.gen
    return told["gen"] if statements.verify(told, canonical.b64u_bytes(told["key"], "key", length=32)) else 0


@transaction.atomic
def open_message(*, delivery: Delivery, at: datetime) -> Delivery:
    """Mark a message read, once."""
    if delivery.read_at is None:
        delivery.read_at = at
        delivery.save(update_fields=["read_at"])
    return delivery


@transaction.atomic
def read_all(*, user: User, newest: Delivery, by: Actor, at: datetime) -> int:
    """Mark one's messages read, up to the newest one that was seen. Returns how many."""
    own = Delivery.objects.filter(user=user, read_at=None, message__posted_at__lte=newest.message.posted_at)
    return own.update(read_at=at)


def try_door(*, source: str, at: datetime) -> Attempt:
    """Count a try before its password is looked at, so that a hundred at once are a hundred.

    The caller takes it back with `pass_door` when the password was right.
    Refused when the source has failed too often of late. Whose name was tried plays no part.
    """
    attempt = Attempt.objects.create(source=source, at=at)
    reasons = rules.why_not_try(failures(source, at=at))
    if reasons:
        # A refused try is not counted: the window empties while somebody keeps knocking.
        attempt.delete()
    refuse_if(reasons)
    return attempt


def pass_door(*, attempt: Attempt) -> None:
    """Take a try back: the password was right."""
    attempt.delete()


def forget_attempts(*, at: datetime) -> int:
    """Drop the tries that no longer count, the codes sent and who never confirmed. Returns how many tries."""
    CodeSent.objects.filter(at__lte=at - rules.CODE_HOUR).delete()
    SignUp.objects.filter(user=None, expires_at__lte=at - rules.CODE_HOUR).delete()
    return Attempt.objects.filter(at__lte=at - WINDOW).delete()[0]


@transaction.atomic
def note_trouble(*, tick: str, what: str, fault: str, by: Actor, at: datetime) -> Trouble:
    """Write down what a tick could not do. The operators get a message when it begins, and when it comes back."""
    told = {"fault": fault[:200], "first_at": at, "last_at": at}
    row, new = Trouble.objects.select_for_update().get_or_create(tick=tick[:80], what=what[:80], defaults=told)
    if new or at - row.last_at > STANDS:
        body = f"{tick} {what}：{fault}。其他事项照常进行，系统会继续重试；请查看运行日志并尽快处理。"
        inbox.post(
            topic=inbox.Topic.HOUSE,
            to_role=Role.OPERATOR,
            region="",
            subject="系统定时动作出错",
            body=body,
            link="/desk/",
            at=at,
        )
    if not new:
        row.fault, row.last_at, row.times = told["fault"], at, row.times + 1
        row.save(update_fields=["fault", "last_at", "times"])
    return row
