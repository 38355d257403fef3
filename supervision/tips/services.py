"""Acts about protected tips: a body stands as recipient; a tipster tells; a body opens, acknowledges, answers, closes.

Of an instant only the day is kept, except for a body's standing.
"""

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from accounts import inbox
from accounts.models import Organisation
from accounts.queries import checked
from ledger.services import record
from proofs import commitment, tip
from proofs.canonical import NotCanonical, b64u, b64u_bytes
from rulebook.actor import Actor, Role
from rulebook.refusal import Kind, Reason, Refused, refuse_if
from supervision.tips import events, queries, rules
from supervision.tips.models import TipAct, TipDay, TipMessage, TipRecipient, TipThread
from supervision.tips.rules import Outcome, What


@transaction.atomic
def stand(*, statement: Mapping[str, Any], key: str, by: Actor, at: datetime) -> TipRecipient:
    """Receive tips under a reading key, which its body's identity key signed; the same again changes nothing.

    An older generation receives nothing new and keeps what it got.
    Refused to anybody but the body's supervisors, and for a key or statement that is not exactly its own.
    """
    said = checked(statement, v="slots/1")
    public = _public(key)
    refuse_if(rules.why_not_stand(said=said, key=public, key_sha256=hashlib.sha256(public).hexdigest(), by=by))
    house = Organisation.objects.select_for_update().get(code=by.organisation)
    row = TipRecipient.objects.filter(organisation=house, gen=said["gen"]).first()
    if row and row.key != key:
        raise Refused(Reason("tips.other-key", Kind.NOT_NOW, "本代密钥已经登记了另一把接收密钥"))
    if row and row.left_at is None:
        return row
    TipRecipient.objects.filter(organisation=house, left_at=None).update(left_at=at)
    row, _ = TipRecipient.objects.update_or_create(
        organisation=house, gen=said["gen"],
        defaults={"key": key, "statement": dict(said), "entered_at": at, "left_at": None},
    )  # fmt: skip
    _record(row, standing=True, at=at)
    return row


@transaction.atomic
def leave(*, by: Actor, at: datetime) -> None:
    """Receive no new tips; those it has stay its own to answer. Refused to others, and where it does not stand."""
    row = TipRecipient.objects.select_for_update().filter(organisation=by.organisation, left_at=None).first()
    refuse_if(rules.why_not_leave(standing=row is not None, by=by))
    assert row is not None, "the rule refuses without one"
    row.left_at = at
    row.save(update_fields=["left_at"])
    _record(row, standing=False, at=at)


@transaction.atomic
def send(
    *, lookup: bytes, seq: int, to: Sequence[str], sealed: bytes, work: int, by: Actor, at: datetime
) -> TipMessage:
    """Take a tipster's message; the very same again changes nothing and is answered alike.

    by: nobody, whoever it is.  Refused without its work, over the budget, out of turn, and where a first message does
    not go to two bodies that stand.
    """
    _hold()
    thread = tip.thread_of(lookup)
    row = TipThread.objects.filter(thread=thread.hex()).first()
    digest = tip.digest_of(thread, seq, sealed)
    if row and (again := row.messages.filter(digest=digest.hex()).first()):
        return again
    day, standing = rules.day_of(at), {each.organisation_id: each for each in queries.standing()}
    refuse_if(
        rules.why_not_send(
            lookup=lookup, seq=seq, last=_last(row), to=to, standing=list(standing), size_known=_sized(sealed),
            worked=tip.worked(digest, work),
            today=TipMessage.objects.filter(day=day, side="").count(),
        )
    )  # fmt: skip
    if row is None:
        first, second = (standing[code] for code in sorted(to))
        row = TipThread.objects.create(
            thread=thread.hex(), first=first, second=second, first_body=first.organisation_id,
            second_body=second.organisation_id, day=day,
        )  # fmt: skip
    return _keep(row, seq, "", sealed, digest, day)


@transaction.atomic
def open_held(*, public_id: UUID, by: Actor, at: datetime) -> TipThread:
    """Hand a body the ciphertext sealed to it, and note who of it took it. Not found for everybody else."""
    row = _held(public_id, by)
    _act(row, What.OPENED, by, at, seq=_last(row))
    return row


@transaction.atomic
def acknowledge(*, public_id: UUID, by: Actor, at: datetime) -> TipThread:
    """Say that one's body got it. Refused a second time; not found for everybody else."""
    row = _held(public_id, by)
    done = row.acts.filter(body=by.organisation, what=What.ACKNOWLEDGED.value).exists()
    refuse_if(rules.why_not_acknowledge(acknowledged=done))
    _act(row, What.ACKNOWLEDGED, by, at, seq=_last(row))
    return row


@transaction.atomic
def say(*, public_id: UUID, seq: int, sealed: bytes, outcome: str, by: Actor, at: datetime) -> TipMessage:
    """Keep a body's sealed answer; with an outcome it is its finding and closes the tip on its side.

    Refused out of turn, closed twice, without a known outcome; the very same again changes nothing.
    """
    row = _held(public_id, by)
    digest = tip.digest_of(bytes.fromhex(row.thread), seq, sealed)
    if again := row.messages.filter(digest=digest.hex()).first():
        return again
    closed = row.acts.filter(body=by.organisation, what=What.CLOSED.value).exists()
    refuse_if(
        rules.why_not_say(
            size_known=_sized(sealed), seq=seq, last=_last(row), closed=closed, closing=bool(outcome),
            outcome_known=outcome in tuple(Outcome),
        )
    )  # fmt: skip
    made = _keep(row, seq, by.organisation, sealed, digest, rules.day_of(at))
    if outcome:
        _act(row, What.CLOSED, by, at, seq=seq, outcome=outcome)
    return made


@transaction.atomic
def close_day(*, day: date, by: Actor, at: datetime) -> TipDay:
    """Log the root of a day that is over, made alike whether anything came or nothing; once."""
    _hold()
    made = TipDay.objects.filter(day=day).first()
    if made is None:
        secret = secrets.token_bytes(32)
        root = queries.tree(day, secret).root().hex()
        made = TipDay.objects.create(day=day, secret=secret.hex(), root=root, closed_at=at)
        _tell(day, at=at)
        record(events.DayClosed(stream=events.TIPS, day=day, root=root, size=tip.LEAVES), at=at)
    return made


def _tell(day: date, *, at: datetime) -> None:
    """Tell bodies that something came that day, once and only now: a message at once would say when it came."""
    came = TipMessage.objects.filter(day=day).values_list("side", "held__first_body", "held__second_body").distinct()
    for body in sorted({body for side, *bodies in came for body in bodies if body != side}):
        inbox.post(
            topic=inbox.Topic.DUTY,
            to_organisation=body, to_role=Role.SUPERVISOR, subject="有密封线索待查看", link="/tips/desk/",
            body="请用本单位密钥文件在自己的浏览器里打开，并在期限内确认收到。", at=at,
        )  # fmt: skip


def _hold() -> None:
    """Messages come one after the other: their places in a day are few."""
    TipRecipient.objects.select_for_update().order_by("pk").first()


def _held(public_id: UUID, by: Actor) -> TipThread:
    _hold()
    return queries.held(public_id, viewer=by)


def _last(row: TipThread | None) -> int:
    return row.messages.count() if row else 0


def _sized(sealed: bytes) -> bool:
    try:
        return tip.size_of(sealed) > 0
    except NotCanonical:
        return False


def _public(key: str) -> bytes:
    try:
        return b64u_bytes(key, "key")
    except NotCanonical as wrong:
        raise Refused(Reason("tips.key-malformed", Kind.NOT_VALID, "接收密钥应为规范的 base64url 文本")) from wrong


def _keep(row: TipThread, seq: int, side: str, sealed: bytes, digest: bytes, day: date) -> TipMessage:
    taken = set(TipMessage.objects.filter(day=day).values_list("place", flat=True))
    free = [place for place in range(tip.LEAVES) if place not in taken]
    if not free:
        raise Refused(Reason("tips.full", Kind.NOT_NOW, "今天的消息已满，请明天再试"))
    return TipMessage.objects.create(
        held=row, seq=seq, side=side, sealed=sealed, digest=digest.hex(), day=day, place=secrets.choice(free),
        nonce=commitment.fresh().hex(),
    )  # fmt: skip


def _act(row: TipThread, what: What, by: Actor, at: datetime, *, seq: int, outcome: str = "") -> None:
    """What a person of a body did; opening the same again is noted once."""
    TipAct.objects.get_or_create(
        held=row, body=by.organisation, what=what.value, person=by.person, seq=seq,
        defaults={"outcome": outcome, "name": by.name, "day": rules.day_of(at)},
    )  # fmt: skip


def _record(row: TipRecipient, *, standing: bool, at: datetime) -> None:
    told = events.RecipientStands(
        stream=events.TIPS, org=row.organisation_id, gen=row.gen, key=b64u(_public(row.key)), standing=standing,
        statement=row.statement,
    )  # fmt: skip
    record(told, at=at)
