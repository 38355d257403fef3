"""How people sign in: passkeys, devices, an account's record, restored access: a part of `scripts.stage`.

The pages between the password and the second factor are looked at by `tests/browser/test_bad_morning.py`.
"""

import uuid
from datetime import datetime, timedelta

from accounts.factors import services as factors
from accounts.factors.models import Passkey
from accounts.factors.rules import Step
from accounts.models import BrowserSession, User
from accounts.resets import services as resets
from accounts.resets.rules import Lost
from rulebook.actor import Actor
from tests import cast
from tests.make import accounts

Page = tuple[str, Actor, str]


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
    others = [User.objects.create(username=f"bureau-{name}", name=name, **house) for name in ("塔娜", "苏和")]
    done = resets.ask_reset(user=others[0], lost=Lost.PASSWORD, by=cast.SUPERVISOR, **told)
    resets.confirm_reset(reset=done.public_id, reason="打工作电话回拨确认", by=cast.SECOND_SUPERVISOR, at=now)
    resets.ask_reset(user=others[1], lost=Lost.FACTOR, by=cast.SECOND_SUPERVISOR, **told)


def pages() -> list[Page]:
    """One's own page with all of it and with nothing, a house's record, an operator's, who lost his password."""
    return [
        ("security", cast.SUPERVISOR, "/accounts/security/"),
        ("security", cast.PROVIDER, "/accounts/security/"),
        ("resets", cast.SUPERVISOR, "/accounts/resets/"),
        ("resets", cast.OPERATOR, "/accounts/resets/?named=u12"),
        ("lost", cast.STRANGER, "/accounts/lost/"),
    ]
