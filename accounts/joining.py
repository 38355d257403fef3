"""Acts: somebody signs up to buy for himself, and confirms his telephone by a code; houses use the same codes.

Nothing here tells whether a number is known: the same page, the same message sent, the same answer to a wrong code.
"""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils.crypto import constant_time_compare, salted_hmac

from accounts import rules, services
from accounts.models import SignUp, User
from accounts.passwords import check_password
from accounts.reaching import codes
from accounts.reaching.rules import Channel
from accounts.rules import Kind
from rulebook.actor import SYSTEM, Actor
from rulebook.refusal import Refused, refuse_if

SALT = "accounts.sign-up"
Enter = Callable[[SignUp, datetime], User | None]


def begin(*, name: str, phone: str, password: str, source: str, by: Actor, at: datetime) -> SignUp:
    """A citizen asks for a code. Nothing is entered before it comes back.

    Refused without a name and a mobile number, with too simple a password, or when codes were sent too often.
    """
    refuse_if(rules.why_not_sign_up(name=name, phone=phone, taken=False))
    return ask_code(
        kind=Kind.CITIZEN, facts={"name": name.strip()}, phone=phone, password=password, source=source, at=at
    )


def ask_code(
    *, kind: Kind, facts: dict[str, str], phone: str, password: str, promise: str = "", source: str, at: datetime
) -> SignUp:
    """Send a code for what was typed, whose shape the caller has looked at.  promise: sha256 of what was signed.

    Refused with too simple a password, or when codes were sent too often.
    """
    check_password(password, User(username=phone, name=facts["name"]))
    with transaction.atomic():
        codes.count(phone, source=source, at=at)  # before the hashing, which costs more than all else here
    row = SignUp.objects.create(
        kind=kind.value, phone=phone, facts=facts, password=make_password(password), promise=promise,
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


def confirm_citizen(*, sign_up: UUID, code: str, by: Actor, at: datetime) -> User:
    """The code came back: the person is entered. Refused as `confirm`."""
    made = confirm(sign_up=sign_up, code=code, enter=_enter_citizen, by=by, at=at)
    assert made is not None, "a citizen is entered at once"
    return made


def confirm(*, sign_up: UUID, code: str, enter: Enter, by: Actor, at: datetime) -> User | None:
    """The code came back: who signed up is entered, nobody where that has to wait. A wrong one is counted first.

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
        row.user = enter(row, at)
        row.facts, row.password, row.code_hash, row.expires_at = {}, "", "", at
        row.save(update_fields=["user", "facts", "password", "code_hash", "expires_at"])
        return row.user


def _enter_citizen(row: SignUp, at: datetime) -> User:
    return services.sign_up(name=row.facts["name"], phone=row.phone, hashed=row.password, by=SYSTEM, at=at)
