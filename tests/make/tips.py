"""Protected tips: two bodies that receive, a tipster with his code, answers."""

from datetime import datetime
from typing import Any
from uuid import UUID

from accounts import services as registry
from accounts.models import Organisation, User
from accounts.rules import Kind
from proofs import canonical, statement, tip
from rulebook.actor import STRANGER, SYSTEM, Actor, Role
from rulebook.times import iso
from supervision.tips import services
from supervision.tips.models import TipMessage, TipThread
from tests import cast
from tests.make import accounts

COMMISSION = "11152900MB1A00008C"  # a second body, of its own; and a third
THIRD = "11152900MB1A00009F"
NAMES = {COMMISSION: "河套市纪委监委", THIRD: "河套市发展和改革委员会"}
INSPECTOR = Actor("00000000-0000-4000-8000-000000000071", Role.SUPERVISOR, COMMISSION, "吕纪检")
OUTSIDER = Actor("00000000-0000-4000-8000-000000000072", Role.SUPERVISOR, THIRD, "施发改")
BODIES = tuple(sorted((cast.BUREAU, COMMISSION)))


def regulator(actor: Actor) -> User:
    """A supervisor of a body that is not of the cast, made once."""
    code = actor.organisation
    house, _ = Organisation.objects.get_or_create(code=code, defaults={"name": NAMES[code], "kind": Kind.REGULATOR})
    facts = {"username": accounts.username_of(actor), "name": actor.name, "role": actor.role, "organisation": house}
    return User.objects.get_or_create(public_id=actor.person, defaults=facts)[0]


def said(by: Any, *, at: datetime) -> tuple[dict[str, Any], str]:
    """A body's signed slots/1 over its reading key, and the key."""
    key = tip.public_reading_key(by)
    fields = {"unit": tip.UNIT, "role": "c", "n": 1, "keys_sha256": canonical.sha256(key).hex()}
    return statement.sign("slots/1", fields, by=by, ts=iso(at)), canonical.b64u(key)


def standing(*, at: datetime = cast.NOON - cast.DAY) -> None:
    """Both bodies receive tips."""
    accounts.user(cast.SUPERVISOR)
    regulator(INSPECTOR)
    for actor in (cast.SUPERVISOR, INSPECTOR):
        code = actor.organisation
        registry.register_key(statement=accounts.key_statement(code), by=SYSTEM, at=cast.NOON - 30 * cast.DAY)
        told, key = said(accounts.signer(code), at=at)
        services.stand(statement=told, key=key, by=actor, at=at)


def readers(code: str) -> list[tuple[str, bytes]]:
    """Who reads what goes with a code."""
    own = [(tip.TIPSTER, tip.public_reading_key(tip.tipster(code)))]
    return own + [(body, tip.public_reading_key(accounts.signer(body))) for body in BODIES]


def sealed(code: str, text: str, *, seq: int = 1, by: Any = None) -> bytes:
    """A message of the tipster, or of a body's key file."""
    told = {"number": "", "name": "", "text": text}
    thread = tip.thread_of(tip.lookup_of(code))
    return tip.seal(told, by=by or tip.tipster(code), thread=thread, seq=seq, readers=readers(code))


def letter(code: str, data: bytes, *, seq: int = 1) -> dict[str, Any]:
    """What the service takes."""
    digest = tip.digest_of(tip.thread_of(tip.lookup_of(code)), seq, data)
    return {"lookup": tip.lookup_of(code), "seq": seq, "to": list(BODIES) if seq == 1 else [], "sealed": data,
            "work": tip.work(digest)}  # fmt: skip


def tell(code: str, text: str, *, seq: int = 1, at: datetime = cast.NOON) -> TipMessage:
    """A tipster's message."""
    return services.send(**letter(code, sealed(code, text, seq=seq), seq=seq), by=STRANGER, at=at)


def answer(
    code: str, text: str, *, seq: int, by: Actor = cast.SUPERVISOR, outcome: str = "", at: datetime = cast.NOON
) -> TipMessage:
    """A body's answer."""
    data = sealed(code, text, seq=seq, by=accounts.signer(by.organisation))
    return services.say(public_id=held(code), seq=seq, sealed=data, outcome=outcome, by=by, at=at)


def held(code: str) -> UUID:
    """The name of a tip on the bodies' desks."""
    return TipThread.objects.get(thread=tip.thread_of(tip.lookup_of(code)).hex()).id


def opened(message: TipMessage, by: Any, whose: str, place: int) -> dict[str, Any] | None:
    """What somebody's key makes of a copy."""
    copy = tip.copy_of(bytes(message.sealed), place)
    thread = bytes.fromhex(message.held.thread)
    return tip.open_copy(copy, tip.reading_key(by), thread=thread, seq=message.seq, whose=whose)
