"""Doors at which somebody could learn who or what is here: two questions of one shape, one of what is there.

Each turn puts into the house what one of the two questions is about, and asks of it and of nothing, or of what is
worth something and of what is worth nothing any more. The answers may tell which is which neither by their words nor
by the time they take: `tests/accounts/test_enumeration.py` compares the words, `bench.doors` the time.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.contrib.auth.hashers import make_password
from django.test import Client

from accounts.factors import totp
from accounts.factors.door import CODE, PASSKEY, PENDING
from accounts.factors.models import Authenticator, Passkey, RecoveryCode
from accounts.models import Organisation, SignUp, User
from accounts.resets.codes import digest_of
from accounts.resets.models import AccessReset
from accounts.rules import Kind
from market.projects.rules import Stage
from proofs import canonical, tip
from rulebook.credit_code import check_character
from tests import cast
from tests.make import accounts, factors, market, tips
from tests.make.authenticator import Authenticator as Finger

WORD = "correct horse battery staple"
WRONG = "ABCD-EFGH-JKMN-PQRS"
TIP = tip.code_of(bytes([9] * 17))


@dataclass
class Knock:
    """What is asked: where, with what typed, by whose browser. Without anything typed it is looked at."""

    where: str
    typed: dict[str, str] = field(default_factory=dict)
    client: Client = field(default_factory=Client)

    def answer(self, *, source: str) -> Any:
        """What the house says to it."""
        ask = self.client.post if self.typed else self.client.get
        return ask(self.where, self.typed, REMOTE_ADDR=source)


class House:
    """Its doors, each under its name; `now` is the instant the house believes it is.  hashed: of every password."""

    def __init__(self, now: datetime) -> None:
        self.now, self.hashed = now, make_password(WORD)
        self.doors: dict[str, Callable[[int, bool], Knock]] = {
            "login": self.login, "login-second": self.login_second, "lost": self.lost, "lost-vouched": self.vouched,
            "sign-up": self.sign_up, "sign-up-code": self.sign_up_code, "enter": self.enter,
            "enter-code": self.enter_code, "code": self.code, "recovery": self.recovery, "passkey": self.passkey,
            "draft": self.draft, "tip": self.tip_held,
        }  # fmt: skip

    def person(self, turn: int, known: bool, *, start: str) -> str:
        """A number of one shape, that signs somebody of a firm in or nobody."""
        phone, code = f"{start}{int(known)}{turn:07d}", code_of(turn, known=known)
        if known:
            facts = {"name": f"{turn}号公司", "kind": Kind.PROVIDER}
            house, _ = Organisation.objects.get_or_create(code=code, defaults=facts)
            own = {"name": "王小明", "password": self.hashed, "role": "provider", "organisation": house}
            User.objects.get_or_create(username=phone, defaults=own)
        return phone

    def user(self, turn: int, start: str) -> User:
        return User.objects.get(username=self.person(turn, True, start=start))

    # --- who has an account -------------------------------------------------------------------------------------------

    def login(self, turn: int, known: bool) -> Knock:
        """A wrong password."""
        return Knock("/accounts/login/", {"username": self.person(turn, known, start="131"), "password": "wrong"})

    def login_second(self, turn: int, known: bool) -> Knock:
        """A wrong password of somebody who has every second factor there is."""
        phone = self.person(turn, known, start="132")
        if known:
            user = User.objects.get(username=phone)
            self._authenticator(user)
            RecoveryCode.objects.create(user=user, digest=digest_of(user, WRONG))
            Passkey.objects.create(user=user, credential_id=phone, credential="", added_at=self.now)
        return Knock("/accounts/login/", {"username": phone, "password": "wrong"})

    def lost(self, turn: int, known: bool) -> Knock:
        """A wrong code for a new password."""
        typed = {"username": self.person(turn, known, start="133"), "code": "0" * 20, "fresh": WORD}
        return Knock("/accounts/lost/", typed)

    def vouched(self, turn: int, known: bool) -> Knock:
        """The same for somebody for whom two persons have vouched."""
        phone = self.person(turn, known, start="134")
        if known:
            user = User.objects.get(username=phone)
            other, at = accounts.user(cast.SUPERVISOR), self.now
            AccessReset.objects.create(
                user=user, organisation=user.organisation, lost="password", reason="-", identity="-", asked_by=other,
                asked_at=at, confirmed_by=accounts.user(cast.SECOND_SUPERVISOR), confirm_reason="-", confirmed_at=at,
                code=digest_of(user, "1" * 20), expires_at=at + cast.HOUR,
            )  # fmt: skip
        return Knock("/accounts/lost/", {"username": phone, "code": "0" * 20, "fresh": WORD})

    def sign_up(self, turn: int, known: bool) -> Knock:
        """A citizen's number."""
        phone = self.person(turn, known, start="135")
        return Knock("/accounts/sign-up/", {"name": "王小明", "phone": phone, "password": WORD})

    def sign_up_code(self, turn: int, known: bool) -> Knock:
        """A wrong code, for a number that signs somebody in already."""
        return self._waits("/accounts/sign-up/", "citizen", phone=self.person(turn, known, start="136"), known=known)

    def enter(self, turn: int, known: bool) -> Knock:
        """A credit code."""
        self.person(turn, known, start="137")
        typed = {"code": code_of(turn, known=known), "firm": "甲乙丙有限公司", "name": "王小明", "password": WORD,
                 "phone": f"158{int(known)}{turn:07d}", "promised": "on", "agreed": "on"}  # fmt: skip
        return Knock("/enter/provider/", typed)

    def enter_code(self, turn: int, known: bool) -> Knock:
        """A wrong code, for a credit code that is taken."""
        self.person(turn, known, start="138")
        return self._waits("/enter/confirm/", "provider", code=code_of(turn, known=known), phone=f"159{turn:08d}")

    def _waits(self, where: str, kind: str, *, phone: str, code: str = "", known: bool = False) -> Knock:
        facts = {"name": "王小明", "firm": "甲乙丙有限公司", "code": code} if code else {"name": "王小明"}
        row = SignUp.objects.create(
            kind=kind, phone=phone, facts=facts, password=self.hashed, promise="", source="0", begun_at=self.now,
            code_hash="" if known else "a" * 64, expires_at=self.now + cast.MINUTE * 9,
        )  # fmt: skip
        return Knock(f"{where}{row.public_id}/", {"code": "000000"})

    # --- what a proof is worth, behind the password -------------------------------------------------------------------

    def _authenticator(self, user: User, *, step: int = 0) -> None:
        sealed = totp.seal(factors.SECRET)
        Authenticator.objects.create(user=user, sealed=sealed, added_at=self.now, last_step=step)

    def _begun(self, user: User) -> Client:
        """A browser in which this person has typed the right password."""
        client = Client()
        session = client.session
        session[PENDING] = {"user": user.pk, "hash": user.get_session_auth_hash(), "at": self.now.isoformat(),
                            "after": "", "proof": "password"}  # fmt: skip
        session.save()
        return client

    def code(self, turn: int, known: bool) -> Knock:
        """A code of the authenticator that was used already; and one it never showed."""
        user = self.user(turn * 2 + known, "139")
        self._authenticator(user, step=10**9)
        shown = factors.code(self.now)
        return Knock("/accounts/second/", {CODE: shown if known else f"{(int(shown) + 7) % 10**6:06d}"},
                     self._begun(user))  # fmt: skip

    def recovery(self, turn: int, known: bool) -> Knock:
        """A recovery code that was used already; and one that was never made."""
        user = self.user(turn * 2 + known, "150")
        self._authenticator(user)
        used = WRONG if known else WRONG[::-1]
        RecoveryCode.objects.create(user=user, digest=digest_of(user, used), used_at=self.now)
        return Knock("/accounts/second/", {CODE: WRONG}, self._begun(user))

    def passkey(self, turn: int, known: bool) -> Knock:
        """A passkey with a wrong signature; and one that nobody has."""
        client, finger = Client(), Finger()
        if known:
            made = finger.credential()
            Passkey.objects.create(
                user=self.user(turn, "151"), name="-", credential_id=canonical.b64u(finger.number), added_at=self.now,
                credential=canonical.b64u(bytes(made)),
            )  # fmt: skip
        asked = client.post("/accounts/passkeys/ask/").json()
        answer = finger.use(asked)
        answer["response"]["signature"] = Finger().use(asked)["response"]["signature"]
        return Knock("/accounts/passkeys/sign-in/", {PASSKEY: canonical.dumps(answer).decode()}, client)

    # --- what is there ------------------------------------------------------------------------------------------------

    def draft(self, turn: int, known: bool) -> Knock:
        """The number of a purchase that is only being drafted."""
        number = f"T-{int(known)}{turn:04d}"
        if known:
            market.project(number=number, stage=Stage.DRAFT)
        return Knock(f"/projects/{number}/")

    def tip_held(self, turn: int, known: bool) -> Knock:
        """A tip that went to two other bodies."""
        if not hasattr(self, "outsider"):
            tips.standing(at=self.now - cast.DAY)
            tips.regulator(tips.OUTSIDER)
            tips.tell(TIP, "有人打招呼", at=self.now)
            self.outsider = Client()
            self.outsider.force_login(User.objects.get(public_id=tips.OUTSIDER.person))
        name = tips.held(TIP) if known else uuid4()
        return Knock(f"/tips/desk/{name}/", client=self.outsider)


def code_of(turn: int, *, known: bool) -> str:
    """A credit code that is well formed and belongs to nobody."""
    head = f"91152900MB{int(known)}{turn:06d}"
    return head + check_character(head)
