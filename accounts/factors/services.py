"""Acts: add, use and remove what proves who somebody is. A code or an answer is good once."""

from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import QuerySet

from accounts import inbox
from accounts.factors import passkeys, queries, rules, totp
from accounts.factors.models import AccountStep, Authenticator, Passkey, RecoveryCode
from accounts.factors.rules import Proof, Step
from accounts.models import Attempt, User
from accounts.passwords import check_password
from accounts.queries import failures
from accounts.reaching.rules import Topic
from accounts.resets import queries as resets
from accounts.resets.codes import digest_of, digests_of, fresh_code, grouped, is_of
from accounts.resets.models import AccessReset
from rulebook.actor import Actor
from rulebook.refusal import Kind as Fault
from rulebook.refusal import Reason, Refused, refuse_if

CHANGED = "您的登录方式有变动"
WORDS = {
    Step.PASSKEY_ADDED: "添加了一把通行密钥", Step.PASSKEY_REMOVED: "移除了一把通行密钥",
    Step.TOTP_ADDED: "添加了验证器", Step.TOTP_REMOVED: "移除了验证器", Step.CODES_MADE: "重新生成了恢复码",
    Step.CODE_USED: "用掉了一个恢复码", Step.PASSWORD_CHANGED: "更换了密码",
}  # fmt: skip


def note(*, user: User, kind: Step, about: str = "", by: Actor, at: datetime) -> AccountStep:
    """Write into the record of an account, and tell its owner of what changes how he signs in."""
    if kind in WORDS:
        body = f"{WORDS[kind]}。不是您本人操作的，请立即打开“登录与安全”，退出其他设备，并告诉本单位管理人员。"
        inbox.post(to_user=user, subject=CHANGED, body=body, link="/accounts/security/", topic=Topic.ACCOUNT, at=at)
    return AccountStep.objects.create(user=user, kind=kind, about=about[:200], by_name=by.name, at=at)


def _hold(user: User) -> User:
    """The person's row, held: what he has is counted and changed by one at a time."""
    return User.objects.select_for_update(of=("self",)).get(pk=user.pk)


# --- passkeys ---------------------------------------------------------------------------------------------------------


@transaction.atomic
def add_passkey(
    *, user: User, name: str, origin: str, state: dict[str, Any], answer: Mapping[str, Any], by: Actor, at: datetime
) -> Passkey:
    """Keep a new passkey.  state: what `passkeys.ask_new` gave, used once by the caller.

    Refused when the answer does not hold, the person has ten already, or the credential is somebody's already.
    Spec: WebAuthn 3 §7.1.
    """
    held = _hold(user)
    refuse_if(rules.why_not_add_passkey(has=Passkey.objects.filter(user=held).count()))
    told = passkeys.made(origin=origin, state=state, answer=answer)
    if told is None or len(told[0]) > 1364 or Passkey.objects.filter(credential_id=told[0]).exists():
        raise Refused(Reason("accounts.passkey-wrong", Fault.NOT_VALID, "没有收到有效的通行密钥，请重新添加"))
    number, credential, count = told
    row = Passkey.objects.create(
        user=held, name=name.strip()[:40] or "通行密钥", credential_id=number, credential=credential,
        sign_count=count, added_at=at,
    )  # fmt: skip
    note(user=held, kind=Step.PASSKEY_ADDED, about=row.name, by=by, at=at)
    return row


@transaction.atomic
def use_passkey(
    *, user: User | None, origin: str, state: dict[str, Any], answer: dict[str, Any], by: Actor, at: datetime
) -> User:
    """Whose passkey answered our challenge.  user: whose it must be, None where it says who signs in.

    Refused when the answer does not hold, the passkey is another's or unknown, its owner is shut out, or its counter
    ran back, as that of a copy does.
    Spec: WebAuthn 3 §7.2.
    """
    named = queries.passkey_said(answer)
    row = Passkey.objects.select_for_update(of=("self",)).filter(pk=named.pk if named else 0).first()
    # An unknown one costs the same work, or the time would tell which are known.
    kept = row.credential if row else passkeys.of_nobody(answer)
    count = passkeys.used(origin=origin, state=state, answer=answer, kept=kept) if kept else None
    if row is None or named is None or (user is not None and row.user_id != user.pk) or not named.user.is_active:
        raise Refused(rules.WRONG)
    if count is None or (count <= row.sign_count and (count or row.sign_count)):
        raise Refused(rules.WRONG)
    row.sign_count, row.used_at = count, at
    row.save(update_fields=["sign_count", "used_at"])
    return named.user


@transaction.atomic
def remove_passkey(*, user: User, passkey: UUID, by: Actor, at: datetime) -> None:
    """Remove a passkey of one's own. Refused for the last factor where one is needed, and in the days after a reset."""
    held = _hold(user)
    row = Passkey.objects.get(user=held, public_id=passkey)
    refuse_if(_why_not_remove(held, at))
    row.delete()
    note(user=held, kind=Step.PASSKEY_REMOVED, about=row.name, by=by, at=at)


def _why_not_remove(user: User, at: datetime) -> tuple[Reason, ...]:
    has = queries.factors_of(user)
    return rules.why_not_remove(left=has.count - 1, needed=has.needed, cooling=resets.is_cooling(user, at=at))


# --- authenticator, recovery codes ------------------------------------------------------------------------------------


@transaction.atomic
def add_authenticator(*, user: User, sealed: str, code: str, by: Actor, at: datetime) -> Authenticator:
    """Keep an authenticator once it has shown a right code.  sealed: the secret it was given.

    Refused when the code is not its present one, or there is an authenticator already.
    Spec: RFC 6238.
    """
    held = _hold(user)
    if Authenticator.objects.filter(user=held).exists():
        raise Refused(Reason("accounts.totp-known", Fault.NOT_NOW, "已有一个验证器；要换手机，请先移除原来的"))
    secret = totp.unseal(sealed)
    step = totp.step_of(secret, code, at=at) if secret else None
    if step is None:
        raise Refused(
            Reason("accounts.totp-wrong", Fault.NOT_VALID, "验证码不正确；请核对手机时间是否准确，再输入当前的六位数字")
        )
    row = Authenticator.objects.create(user=held, sealed=sealed, last_step=step, added_at=at)
    note(user=held, kind=Step.TOTP_ADDED, by=by, at=at)
    return row


@transaction.atomic
def remove_authenticator(*, user: User, by: Actor, at: datetime) -> None:
    """Remove one's authenticator. Refused as `remove_passkey` is."""
    held = _hold(user)
    row = Authenticator.objects.get(user=held)
    refuse_if(_why_not_remove(held, at))
    row.delete()
    note(user=held, kind=Step.TOTP_REMOVED, by=by, at=at)


@transaction.atomic
def make_codes(*, user: User, by: Actor, at: datetime) -> list[str]:
    """Ten new recovery codes, shown once; those before are worth nothing any more.

    Eighty random bits each: a keyed digest is enough, nobody can try them all.
    """
    held = _hold(user)
    RecoveryCode.objects.filter(user=held).delete()
    codes = [fresh_code() for _ in range(rules.CODES)]
    RecoveryCode.objects.bulk_create([RecoveryCode(user=held, digest=digest_of(held, each)) for each in codes])
    note(user=held, kind=Step.CODES_MADE, by=by, at=at)
    return [grouped(code) for code in codes]


@transaction.atomic
def use_code(*, user: User, code: str, may_reset: bool, by: Actor, at: datetime) -> Proof:
    """What a typed code is: of the authenticator, for recovery, or the one two persons vouched for. Each is good once.

    may_reset: at the door, where a reset code stands for the lost factor; it confirms nothing later on.
    Refused when it is none of them, was used, or is over. Every try does the same work.
    """
    held = _hold(user)
    code = code.strip()
    kept = Authenticator.objects.filter(user=held).first()
    secret = totp.unseal(kept.sealed) if kept else None
    step = totp.step_of(secret, code, at=at) if secret else None
    digests = digests_of(held, code)
    spare = RecoveryCode.objects.filter(user=held, digest__in=digests, used_at=None).first()
    reset = resets.usable(held, lost="factor", at=at) if may_reset else None
    if kept is not None and step is not None and step > kept.last_step:
        kept.last_step, kept.sealed = step, totp.renewed(kept.sealed)
        kept.save(update_fields=["last_step", "sealed"])
        return Proof.TOTP
    if spare is not None:
        spare.used_at = at
        spare.save(update_fields=["used_at"])
        note(user=held, kind=Step.CODE_USED, by=by, at=at)
        return Proof.RECOVERY
    if reset is not None and is_of(reset.code, digests):
        use_reset(reset=reset, by=by, at=at)
        return Proof.RESET
    raise Refused(rules.WRONG)


def use_reset(*, reset: AccessReset, by: Actor, at: datetime) -> None:
    """The code of a reset was shown: it is worth nothing from now on."""
    reset.used_at = at
    reset.save(update_fields=["used_at"])
    note(user=reset.user, kind=Step.RESET_USED, by=by, at=at)


def try_code(*, session_key: str, at: datetime) -> Attempt:
    """Count a try within one sign-in, or one session, before it is looked at: many at once are as many.

    Refused after five; the password again begins another session. Whose account it is plays no part.
    """
    own = sha256(f"accounts.factor:{session_key}".encode()).hexdigest()
    row = Attempt.objects.create(source=own, at=at)
    refuse_if(rules.why_not_try_code(failures(own, at=at)))
    return row


# --- the password -----------------------------------------------------------------------------------------------------


def change_password(*, user: User, present: str, fresh: str, by: Actor, at: datetime) -> User:
    """Change one's own password. The other sessions end with it, for their hash is of the old one.

    Refused when the present one is wrong, or the new one is too short or too common.
    """
    seen = User.objects.get(pk=user.pk)
    right = seen.check_password(present)
    hashed = _hashed(seen, fresh) if right else ""
    with transaction.atomic():
        held = _hold(user)
        if not right or held.password != seen.password:
            raise Refused(Reason("accounts.password-present", Fault.NOT_VALID, "当前密码不正确"))
        _set_password(held, hashed, by, at)
        return held


def replace_lost_password(*, username: str, code: str, fresh: str, by: Actor, at: datetime) -> User:
    """A new password for somebody who lost his, by the code two persons vouched for. His factors stay as they are.

    Refused when the code is not his, was used or is over, or the password is too short or too common. Who is not
    known costs the same reads as who is.
    """
    people = User.objects.filter(username=username, is_active=True)
    hashed = _hashed(_vouched_for(people, code, at=at)[0], fresh)
    with transaction.atomic():
        held, reset = _vouched_for(people.select_for_update(of=("self",)), code, at=at)
        _set_password(held, hashed, by, at)
        use_reset(reset=reset, by=by, at=at)
        return held


def _vouched_for(people: QuerySet[User], code: str, *, at: datetime) -> tuple[User, AccessReset]:
    held = people.first() or User(pk=0)
    reset = resets.usable(held, lost="password", at=at)
    if not is_of(reset.code if reset else "", digests_of(held, code)) or reset is None:
        raise Refused(rules.WRONG)
    return held, reset


def _hashed(user: User, fresh: str) -> str:
    """Refused when it is too short or too common. It takes a while: before anything is held."""
    check_password(fresh, user)
    return make_password(fresh)


def _set_password(held: User, hashed: str, by: Actor, at: datetime) -> None:
    held.password = hashed
    held.save(update_fields=["password"])
    note(user=held, kind=Step.PASSWORD_CHANGED, by=by, at=at)
