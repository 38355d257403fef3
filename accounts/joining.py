"""Acts: somebody signs up to buy for himself or for his firm, and confirms his telephone by a code.

Nothing here tells whether a number is known: the same page, the same message sent, the same answer to a wrong code.
"""

import hashlib
from datetime import datetime
from uuid import UUID

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils.crypto import constant_time_compare, salted_hmac

from accounts import rules, services
from accounts.models import Organisation, SignUp, User
from accounts.passwords import check_password
from accounts.reaching import codes
from accounts.reaching.rules import Channel
from accounts.rules import Kind
from proofs import canonical
from rulebook.actor import SYSTEM, Actor, Role
from rulebook.refusal import Kind as Fault
from rulebook.refusal import Reason, Refused, refuse_if

SALT = "accounts.sign-up"


def promise() -> bytes:
    """What a firm signs on signing up, as it is hashed."""
    return canonical.dumps({"v": "buyer-promise/1", "clauses": list(rules.PROMISE)})


def begin(*, name: str, phone: str, password: str, source: str, by: Actor, at: datetime) -> SignUp:
    """A citizen asks for a code. Nothing is entered before it comes back.

    Refused without a name and a mobile number, with too simple a password, or when codes were sent too often.
    """
    refuse_if(rules.why_not_sign_up(name=name, phone=phone, taken=False))
    return _begin(Kind.CITIZEN, {"name": name.strip()}, phone=phone, password=password, source=source, at=at)


def begin_firm(
    *, code: str, firm: str, name: str, phone: str, password: str, promised: bool, source: str, by: Actor, at: datetime
) -> SignUp:
    """A firm asks for a code, by its credit code and promise. Its person signs in with the credit code.

    Refused as `begin`, and without a credit code or the promise.  Law: 明标平台规则 第28条.
    """
    refuse_if(rules.why_not_sign_up_firm(code=code, firm=firm, name=name, phone=phone, promised=promised))
    facts = {"name": name.strip(), "firm": firm.strip(), "code": code}
    return _begin(Kind.ENTERPRISE, facts, phone=phone, password=password, source=source, at=at)


def _begin(kind: Kind, facts: dict[str, str], *, phone: str, password: str, source: str, at: datetime) -> SignUp:
    check_password(password, User(username=phone, name=facts["name"]))
    signed = hashlib.sha256(promise()).hexdigest() if kind is Kind.ENTERPRISE else ""
    with transaction.atomic():
        codes.count(phone, source=source, at=at)
        row = SignUp.objects.create(
            kind=kind.value, phone=phone, facts=facts, password=make_password(password), promise=signed,
            source=source, begun_at=at, expires_at=at + rules.CODE_LASTS,
        )  # fmt: skip
    _send(row, at)
    return row


def send_again(*, sign_up: UUID, by: Actor, at: datetime) -> SignUp:
    """Another code in place of the last one. Refused once it is used, and when codes were sent too often."""
    with transaction.atomic():
        row = SignUp.objects.select_for_update().get(public_id=sign_up)
        if row.user_id:
            raise SignUp.DoesNotExist
        codes.count(row.phone, source=row.source, at=at)
    _send(row, at)
    return row


def _known(row: SignUp) -> bool:
    return row.kind == Kind.CITIZEN and User.objects.filter(username=row.phone).exists()


def _digest(row: SignUp, code: str) -> str:
    return str(salted_hmac(SALT, f"{row.public_id}:{code}", algorithm="sha256").hexdigest())


def _send(row: SignUp, at: datetime) -> None:
    """Send a code, or the word that the number is known: whoever holds the telephone may know."""
    code, known = codes.new_code(), _known(row)
    minutes = int(rules.CODE_LASTS.total_seconds() // 60)
    words = f"【明标】注册验证码 {code}，{minutes}分钟内有效。任何人索要都不要告诉。"
    if known:
        words = "【明标】有人用您的手机号注册明标，您已有账户，直接登录即可。不是您本人操作的，不必理会。"
    row.code_hash, row.expires_at, row.tries = "" if known else _digest(row, code), at + rules.CODE_LASTS, 0
    row.save(update_fields=["code_hash", "expires_at", "tries"])
    codes.send(Channel.SMS, row.phone, words=words, at=at)


def confirm(*, sign_up: UUID, code: str, by: Actor, at: datetime) -> User:
    """The code came back: the person, and his organisation, are entered. A wrong one is counted before it is looked at.

    Refused with a wrong code, after five tries or ten minutes, and where somebody was entered under it meanwhile.
    """
    with transaction.atomic():
        row = SignUp.objects.select_for_update().get(public_id=sign_up)
        over = rules.why_not_try_code(expires_at=row.expires_at, tries=row.tries, used=row.user_id is not None, at=at)
        refuse_if(over)
        row.tries += 1
        row.save(update_fields=["tries"])
    if not row.code_hash or not constant_time_compare(row.code_hash, _digest(row, code.strip())):
        raise Refused(*rules.wrong_code(row.tries))
    with transaction.atomic():
        row = SignUp.objects.select_for_update().get(pk=row.pk)
        refuse_if(rules.why_not_try_code(expires_at=row.expires_at, tries=0, used=row.user_id is not None, at=at))
        row.user = _enter(row, at)
        row.facts, row.password, row.code_hash = {}, "", ""
        row.save(update_fields=["user", "facts", "password", "code_hash"])
        return row.user


def _enter(row: SignUp, at: datetime) -> User:
    facts = row.facts
    if row.kind == Kind.CITIZEN:
        return services.sign_up(name=facts["name"], phone=row.phone, hashed=row.password, by=SYSTEM, at=at)
    if Organisation.objects.filter(code=facts["code"]).exists():
        raise Refused(
            Reason(
                "accounts.firm-known", Fault.NOT_NOW, "该统一社会信用代码已登记，请用原账户登录，或者联系平台运营机构"
            )
        )
    services.create_organisation(code=facts["code"], name=facts["firm"], kind=Kind.ENTERPRISE, by=SYSTEM, at=at)
    return services.create_user(
        username=facts["code"], password="", hashed=row.password, name=facts["name"], role=Role.OFFICER,
        organisation=facts["code"], by=SYSTEM, at=at,
    )  # fmt: skip
