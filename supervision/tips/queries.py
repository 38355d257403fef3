"""Reads of protected tips: a body reads those sealed to it, a tipster what his code leads to, nobody else any."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q

from proofs import merkle, tip
from proofs.canonical import b64u
from rulebook.actor import Actor
from supervision.tips import rules
from supervision.tips.models import TipDay, TipMessage, TipRecipient, TipThread
from supervision.tips.rules import What


@dataclass(frozen=True)
class Standing:
    """Where a tip stands with one body.  by: until when it is to acknowledge.  outcome: empty until it closed."""

    body: str
    opened: bool
    acknowledged: date | None
    by: date
    overdue: bool
    closed: date | None
    outcome: str
    unread: bool


def standing() -> list[TipRecipient]:
    """The bodies that receive tips now."""
    found = TipRecipient.objects.filter(left_at=None).select_related("organisation")
    return sorted(found, key=lambda row: row.organisation_id)


def of_body(viewer: Actor) -> list[TipThread]:
    """The tips sealed to the viewer's body, newest day first; none for whoever may receive none."""
    if not rules.may_receive(viewer):
        return []
    own = Q(first_body=viewer.organisation) | Q(second_body=viewer.organisation)
    found = TipThread.objects.filter(own).prefetch_related("messages", "acts")
    return sorted(found, key=lambda row: (-row.day.toordinal(), row.thread))


def may_look(viewer: Actor) -> bool:
    """The viewer's body receives tips, or once did."""
    return rules.may_receive(viewer) and TipRecipient.objects.filter(organisation=viewer.organisation).exists()


def of_code(lookup: bytes) -> TipThread:
    """What a code leads to. Raises TipThread.DoesNotExist after the same one statement, whatever is wrong with it."""
    return TipThread.objects.get(thread=tip.thread_of(lookup).hex())


def held(public_id: object, *, viewer: Actor) -> TipThread:
    """One tip of the viewer's body. Raises TipThread.DoesNotExist: not found and not visible look the same."""
    if not rules.may_receive(viewer):
        raise TipThread.DoesNotExist
    own = Q(first_body=viewer.organisation) | Q(second_body=viewer.organisation)
    return TipThread.objects.filter(own).get(id=public_id)


def states(row: TipThread, *, on: date) -> list[Standing]:
    """Where it stands with each of its two bodies: each is shown the other's."""
    acts, last = list(row.acts.all()), max((each.seq for each in row.messages.all()), default=0)
    found = []
    for body in row.bodies:
        own = [act for act in acts if act.body == body]
        got = next((act for act in own if act.what == What.ACKNOWLEDGED), None)
        closed = next((act for act in own if act.what == What.CLOSED), None)
        seen = max((act.seq for act in own), default=0)
        found.append(Standing(
            body, bool(own), got.day if got else None, rules.acknowledge_by(row.day),
            rules.overdue(day=row.day, acknowledged=got is not None or closed is not None, on=on),
            closed.day if closed else None, closed.outcome if closed else "", seen < last,
        ))  # fmt: skip
    return found


def recipients_of(rows: Sequence[TipRecipient]) -> list[dict[str, Any]]:
    """Bodies with their keys and the signed statements that say so: what a browser checks before it seals."""
    return [
        {"org": row.organisation_id, "name": row.organisation.name, "gen": row.gen, "key": row.key,
         "statement": row.statement}
        for row in rows
    ]  # fmt: skip


def told(row: TipThread, *, on: date) -> dict[str, Any]:
    """A tip as those who hold a key to it get it: ciphertext, days, proofs, and where it stands."""
    bodies = TipRecipient.objects.select_related("organisation").filter(pk__in=[row.first_id, row.second_id])
    messages = list(row.messages.order_by("seq"))
    return {
        "thread": row.thread, "day": row.day.isoformat(),
        "recipients": recipients_of(sorted(bodies, key=lambda each: each.organisation_id)),
        "messages": [
            {"seq": each.seq, "side": each.side or tip.TIPSTER, "day": each.day.isoformat(),
             "sealed": b64u(bytes(each.sealed)), "proof": proof(each)}
            for each in messages
        ],
        "states": [
            {"org": state.body, "acknowledged": state.acknowledged and state.acknowledged.isoformat(),
             "by": state.by.isoformat(), "overdue": state.overdue, "opened": state.opened, "outcome": state.outcome}
            for state in states(row, on=on)
        ],
    }  # fmt: skip


def proof(message: TipMessage) -> dict[str, Any] | None:
    """That a message is in its day's tree, once the day is closed."""
    day = TipDay.objects.filter(day=message.day).first()
    if day is None:
        return None
    path = tree(message.day, bytes.fromhex(day.secret)).inclusion(message.place)
    return {"nonce": message.nonce, "index": message.place, "root": day.root, "path": [each.hex() for each in path]}


def tree(day: date, secret: bytes) -> merkle.Tree:
    """A day's tree."""
    rows = TipMessage.objects.filter(day=day).values_list("place", "nonce", "digest")
    leaves = {place: tip.leaf_of(bytes.fromhex(nonce), bytes.fromhex(digest)) for place, nonce, digest in rows}
    return tip.tree_of(secret, leaves)


def open_days(on: date) -> list[date]:
    """Days before this one that are not closed: since the first body stood, a month back at most, oldest first."""
    first = TipRecipient.objects.order_by("entered_at").values_list("entered_at", flat=True).first()
    if first is None:
        return []
    done = set(TipDay.objects.filter(day__gte=date.fromordinal(on.toordinal() - 31)).values_list("day", flat=True))
    begun = max(rules.day_of(first), date.fromordinal(on.toordinal() - 31))
    return [
        day for n in range(begun.toordinal(), on.toordinal()) if (day := date.fromordinal(n)) not in done
    ]  # fmt: skip
