"""Reads: organisations, pinned keys, whose a signed statement is, the inbox, what the house could not do."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet

from accounts.models import Attempt, Delivery, IdentityKey, KeyRevocation, Organisation, SignUp, Trouble, User
from accounts.regions.queries import reach_of_new
from accounts.rules import REVOKED, STANDING, Kind
from proofs import canonical
from proofs import statement as statements
from rulebook.actor import Actor, Role
from rulebook.jurisdiction import STAFF
from rulebook.refusal import Kind as Fault
from rulebook.refusal import Reason, Refused, refuse_if

# Written out: lines of halls and every act at a deadline ask for names and keys.
_NAME = "SELECT name FROM accounts_organisation WHERE code = %s"
_KEYS = (
    "SELECT k.organisation_id, k.gen, k.key, r.id IS NOT NULL FROM accounts_identitykey k"
    " LEFT JOIN accounts_keyrevocation r ON r.organisation_id = k.organisation_id AND r.gen = k.gen"
    " WHERE k.organisation_id IN"
)
_SIGNING = 0x6D62_6964  # the class of advisory locks under which an organisation signs, or one of its keys ends
WINDOW = timedelta(minutes=15)
STANDS = timedelta(minutes=11)  # longer than the rarest tick waits


def organisation(code: str) -> Organisation:
    """The organisation with this credit code. Raises Organisation.DoesNotExist (404 at the doors)."""
    return Organisation.objects.get(code=code)


def name_of(code: str) -> str:
    """Its name; the code itself for one that never entered."""
    with connection.cursor() as cursor:
        cursor.execute(_NAME, [code])
        row = cursor.fetchone()
    return str(row[0]) if row else code


def names_of(codes: set[str]) -> dict[str, str]:
    """Names by code, in one read; codes that never entered are their own names."""
    known = dict(Organisation.objects.filter(code__in=codes).values_list("code", "name"))
    return {code: known.get(code, code) for code in codes}


def people(*, organisation: str = "", role: Role | None = None) -> QuerySet[User]:
    """Active people, of an organisation, in a role, or both."""
    found = User.objects.filter(is_active=True).select_related("organisation")
    if organisation:
        found = found.filter(organisation_id=organisation)
    return found.filter(role=role) if role else found


def person(public_id: str) -> User:
    """The person with this public id. Raises User.DoesNotExist."""
    return User.objects.select_related("organisation").get(public_id=public_id)


def pinned_keys(code: str, *, at: datetime | None = None) -> dict[int, bytes]:
    """The identity keys of an organisation by generation, 32 bytes each: all that ever stood.

    at: only those that had not been revoked then.
    """
    rows = IdentityKey.objects.filter(organisation_id=code).values_list("gen", "key")
    over = KeyRevocation.objects.filter(organisation_id=code, revoked_at__lte=at) if at else ()
    ended = {row.gen for row in over}
    return {gen: canonical.b64u_bytes(key, "key", length=32) for gen, key in rows if gen not in ended}


def revocations(code: str) -> list[dict[str, Any]]:
    """The signed revocations of an organisation's keys, the oldest first."""
    rows = KeyRevocation.objects.filter(organisation_id=code).order_by("pk")
    return list(rows.values_list("statement", flat=True))


def is_revoked(code: str, gen: int) -> bool:
    """Whether a generation has been revoked."""
    return KeyRevocation.objects.filter(organisation_id=code, gen=gen).exists()


def hold_signing(codes: Iterable[str], *, alone: bool = False) -> None:
    """Until the transaction ends, no key of these organisations is revoked; `alone`: and nobody signs with one.

    So what a key signed stands before its revocation in the log, or is refused.
    """
    if connection.vendor != "postgresql" or not connection.in_atomic_block:
        return  # SQLite admits one writer
    lock = "pg_advisory_xact_lock" if alone else "pg_advisory_xact_lock_shared"
    with connection.cursor() as cursor:
        for code in sorted(set(codes)):
            cursor.execute(f"SELECT {lock}(%s, hashtext(%s))", [_SIGNING, code])


def hold_checked(said: Mapping[str, Any]) -> None:
    """For a statement that was `checked` before the transaction: its key is not revoked before it ends.

    Refused when it was meanwhile.
    """
    hold_signing([said["org"]])
    refuse_if((REVOKED,) if is_revoked(said["org"], said["gen"]) else ())


def key_statements(code: str) -> list[dict[str, Any]]:
    """The signed registrations of an organisation, oldest first: what anyone can check without us."""
    return list(IdentityKey.objects.filter(organisation_id=code).order_by("gen").values_list("statement", flat=True))


def checked(statement: Any, *, v: str) -> dict[str, Any]:
    """The statement, well formed and signed by the pinned key of the organisation and generation it names.

    Inside a transaction that key is not revoked before it ends.
    Refused when it is not exactly a statement of kind `v`, names an unknown or revoked key, or its signature does not
    hold.
    Spec: docs/proofs.md, statements.
    """
    return checked_all([statement], v=v)[0]


def checked_all(said: Sequence[Any], *, v: str, hold: bool = True) -> list[dict[str, Any]]:
    """Statements as `checked` gives them, their keys found in one read. Refused when any of them would be.

    hold: False for what the sealed log alone is told of, where the entries' instants decide.
    """
    try:
        well_formed = [statements.check(one, v=v) for one in said]
    except canonical.NotCanonical as wrong:
        raise Refused(
            Reason("statement.malformed", Fault.NOT_VALID, "声明格式不符：{why}", values={"why": str(wrong)})
        ) from wrong
    codes = {one["org"] for one in well_formed}
    if hold:
        hold_signing(codes)
    keys = _keys_of(codes)
    for one in well_formed:
        key, revoked = keys.get((one["org"], one["gen"]), (None, False))
        if key is None:
            raise Refused(Reason("statement.unknown-key", Fault.NOT_VALID, "该单位没有登记这一代身份公钥"))
        if not statements.verify(one, canonical.b64u_bytes(key, "key", length=32)):
            raise Refused(Reason("statement.bad-signature", Fault.NOT_VALID, "声明的签名与登记的身份公钥不符"))
        refuse_if((REVOKED,) if revoked else ())
    return well_formed


def _keys_of(codes: set[str]) -> dict[tuple[str, int], tuple[str, bool]]:
    """The identity keys of organisations by code and generation and whether each was revoked, in one read."""
    with connection.cursor() as cursor:
        cursor.execute(f"{_KEYS} ({', '.join(['%s'] * len(codes))})", [*codes])
        return {(org, gen): (key, bool(over)) for org, gen, key, over in cursor.fetchall()}


def actor_by_statement(statement: Mapping[str, Any], *, role: Role | None = None) -> Actor:
    """Who speaks in a checked statement at a door without a session.

    role: the capacity the door asks for; without it, the standing one of its kind of organisation.
    """
    org = organisation(str(statement["org"]))
    standing = role or STANDING[Kind(org.kind)]
    region = reach_of_new(role=standing, organisation=org.code, region="") if standing in STAFF else ""
    return Actor(person="", role=standing, organisation=org.code, name=org.name, region=region)


def inbox(user: User, *, q: str = "", topic: str = "", unread: bool = False) -> QuerySet[Delivery]:
    """A person's messages, newest first.  q: words in them.  topic: of this kind alone.  unread: not the read ones."""
    found = Delivery.objects.filter(user=user).select_related("message").order_by("-message__posted_at", "-id")
    for word in q.split():
        found = found.filter(Q(message__subject__icontains=word) | Q(message__body__icontains=word))
    if topic:
        found = found.filter(message__topic=topic)
    return found.filter(read_at__isnull=True) if unread else found


def unread(user: User) -> int:
    return Delivery.objects.filter(user=user, read_at__isnull=True).count()


def sign_up(public_id: UUID, *, citizen: bool = True) -> SignUp:
    """A citizen, or a house, that is signing up. Raises SignUp.DoesNotExist, once it is done too."""
    rows = SignUp.objects.filter(public_id=public_id, user=None).exclude(facts={})
    return (rows.filter if citizen else rows.exclude)(kind=Kind.CITIZEN).get()


def failures(source: str, *, at: datetime) -> int:
    """Failed tries from a source within the window before `at`."""
    return Attempt.objects.filter(source=source, at__gt=at - WINDOW).count()


def troubles(*, at: datetime) -> QuerySet[Trouble]:
    """What goes wrong now: it went wrong within the time any tick comes again in."""
    return Trouble.objects.filter(last_at__gt=at - STANDS).order_by("first_at")
