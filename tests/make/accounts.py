"""Organisations, people and identity keys of the cast."""

import html
import re
from typing import Any

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX, make_password
from django.test import Client

from accounts import services
from accounts.models import IdentityKey, Organisation, User
from accounts.rules import STEWARDS, Kind
from proofs import canonical, statement
from proofs.organisation import Organisation as Signer
from rulebook.actor import SYSTEM, Actor
from rulebook.times import iso
from tests import cast

KINDS = {
    cast.BUYER: Kind.BUYER,
    cast.OTHER_BUYER: Kind.BUYER,
    cast.AGENT: Kind.AGENT,
    cast.CENTRE: Kind.CENTRE,
    cast.NOTARY: Kind.NOTARY,
    cast.PLATFORM: Kind.PLATFORM,
    cast.BUREAU: Kind.REGULATOR,
    cast.COLLEGE: Kind.PROVIDER,
}


def organisation(code: str) -> Organisation:
    """An organisation of the cast, made once."""
    kind = KINDS.get(code, Kind.PROVIDER)
    facts = {"name": cast.NAMES[code], "kind": kind, "is_small": code in cast.SMALL}
    return Organisation.objects.get_or_create(code=code, defaults=facts)[0]


def user(actor: Actor, *, password: str | None = None) -> User:
    """A person of the cast, made once; signs in as `username_of(actor)` when a password is given."""
    if actor.organisation and actor.organisation not in cast.NAMES:  # came in by a door of the site
        return User.objects.get(public_id=actor.person)
    house = organisation(actor.organisation) if actor.organisation else None
    facts = {"username": username_of(actor), "name": actor.name, "role": actor.role, "organisation": house,
             "region": actor.region}  # fmt: skip
    if actor.role in STEWARDS:
        facts["person_tag"] = canonical.sha256(actor.person.encode()).hex()
    facts["password"] = make_password(password) if password else UNUSABLE_PASSWORD_PREFIX
    return User.objects.get_or_create(public_id=actor.person, defaults=facts)[0]


def username_of(actor: Actor) -> str:
    """The name an actor signs in with, of the cast or not: who came in by a workbook may be drawn as well."""
    return f"u{actor.person[-12:].lstrip('0')}"


def signer(code: str, gen: int = 1) -> Signer:
    """The key file of an organisation of the cast: always the same, so that whoever plays it can sign anywhere."""
    return Signer(code, gen, canonical.sha256(f"{code}/{gen}".encode()))


def key_statement(code: str, gen: int = 1) -> dict[str, Any]:
    """The `idk/1` that registers it, signed by itself."""
    by = signer(code, gen)
    fields = {"key": canonical.b64u(by.key), "not_before": iso(cast.NOON - 30 * cast.DAY)}
    return statement.sign("idk/1", fields, by=by, ts=iso(cast.NOON - 30 * cast.DAY))


def next_key(code: str, gen: int, *, by: Signer | None = None) -> IdentityKey:
    """The pinned key of a later generation, signed by the one before, or by `by`."""
    new, ts = signer(code, gen), iso(cast.NOON - cast.DAY)
    said = {"v": "idk/1", "org": code, "gen": gen, "ts": ts, "key": canonical.b64u(new.key), "not_before": ts}
    said["sig"] = canonical.b64u((by or signer(code, gen - 1)).sign(statement.message(said)))
    return services.register_key(statement=said, by=SYSTEM, at=cast.NOON - cast.DAY)


def key(code: str) -> IdentityKey:
    """The pinned identity key of an organisation, registered once through the service."""
    organisation(code)
    return services.register_key(statement=key_statement(code), by=SYSTEM, at=cast.NOON - 30 * cast.DAY)


def world() -> None:
    """Every organisation and every person of the cast."""
    for code in cast.NAMES:
        organisation(code)
    for actor in cast.PEOPLE:
        user(actor)


def keys() -> None:
    """The pinned identity keys of every organisation of the cast."""
    for code in cast.NAMES:
        key(code)


def seen_on(page: Any, ending: str) -> dict[str, str]:
    """What a form of this page, whose address ends so, says was read: sent with a second person's yes."""
    told = re.search(f'{ending}">.*?name="seen" value="([^"]*)"', page.content.decode(), re.DOTALL)
    assert told, ending
    return {"seen": html.unescape(told[1])}


def client_of(actor: Actor) -> Client:
    """A browser in which this actor is signed in; a stranger's is not."""
    client = Client()
    if actor.person:
        client.force_login(user(actor))
    return client
