"""How people sign in: passkeys, devices, an account's record, restored access: a part of `scripts.stage`.

Who is between the password and the second factor is nobody yet: `sessions` has what his browser is remembered by.
"""

import uuid
from datetime import datetime, timedelta
from typing import Any

from accounts.factors import door, totp
from accounts.factors import services as factors
from accounts.factors.models import Passkey
from accounts.factors.rules import Proof, Step
from accounts.models import BrowserSession, User
from accounts.resets import services as resets
from accounts.resets.rules import Lost
from rulebook.actor import Actor
from tests import cast
from tests.make import accounts

Page = tuple[str, Actor, str]


COLLEAGUES = ("塔娜", "苏和")


def fill(now: datetime) -> None:
    """A supervisor with a passkey and another device; one whose access was restored, and one who waits for it."""
    user = accounts.user(cast.SUPERVISOR)
    Passkey.objects.create(
        user=user, name="办公电脑", credential_id="stage", credential="", added_at=now - timedelta(days=9), used_at=now
    )
    BrowserSession.objects.create(
        session_key=uuid.uuid4().hex, session_data="", expire_date=now + timedelta(hours=9), user=user,
        device="Android · 微信", place="198.51.*.*", since=now - timedelta(hours=2), seen_at=now - timedelta(hours=1),
    )  # fmt: skip
    factors.note(user=user, kind=Step.PASSKEY_ADDED, about="办公电脑", by=cast.SUPERVISOR, at=now - timedelta(days=9))
    factors.note(user=user, kind=Step.SIGNED_IN, about="Windows · Chrome · 192.0.*.*", by=cast.SUPERVISOR, at=now)
    told = {"reason": "手机遗失", "identity": "当面核对身份证件", "at": now}
    house = {"organisation_id": cast.BUREAU, "password": "!", "role": "supervisor"}
    others = [User.objects.create(username=f"bureau-{name}", name=name, **house) for name in COLLEAGUES]
    done = resets.ask_reset(user=others[0], lost=Lost.PASSWORD, by=cast.SUPERVISOR, **told)
    resets.confirm_reset(reset=done.public_id, reason="打工作电话回拨确认", by=cast.SECOND_SUPERVISOR, at=now)
    resets.ask_reset(user=others[1], lost=Lost.FACTOR, by=cast.SECOND_SUPERVISOR, **told)


def sessions(now: datetime) -> list[tuple[str, str, dict[str, Any], str]]:
    """Its name, who looks, what his session holds, its address: at the door with a passkey and without any factor, with
    a new authenticator in his hand, and an expert whose account has just been opened."""
    colleague = User.objects.get(name=COLLEAGUES[0])
    told = {"fresh_totp": totp.seal(totp.fresh()), "experts-entered": colleague.username}
    return [
        ("second", "asked", _pending(accounts.user(cast.SUPERVISOR), now), "/accounts/second/"),
        ("second-new", "begins", told | _pending(colleague, now), "/accounts/second/new/"),
        ("authenticator", "begins", {}, "/accounts/authenticator/"),
        ("expert-entered", "begins", {}, "/experts/enter/done/"),
    ]


def _pending(user: User, now: datetime) -> dict[str, Any]:
    """His password was right a moment ago."""
    told = {"user": user.pk, "hash": user.get_session_auth_hash(), "at": now.isoformat(), "after": ""}
    return {door.PENDING: told | {"proof": Proof.PASSWORD.value}}


def pages() -> list[Page]:
    """One's own page with all of it and with nothing, a house's record, an operator's, who lost his password."""
    return [
        ("security", cast.SUPERVISOR, "/accounts/security/"),
        ("security", cast.PROVIDER, "/accounts/security/"),
        ("resets", cast.SUPERVISOR, "/accounts/resets/"),
        ("resets", cast.OPERATOR, "/accounts/resets/?named=u12"),
        ("lost", cast.STRANGER, "/accounts/lost/"),
    ]
