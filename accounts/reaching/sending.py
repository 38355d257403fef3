"""Acts of sending: queue a message for the channels its reader wants, carry out what is due, hear what became of it.

An act writes its message in its own transaction (`inbox.post`); the tick that puts it into inboxes writes these rows in
the same transaction, one for each (message, person, channel). Not the act itself: how long it takes must not tell how
many people were told. The gateway is asked outside the locks; a crash in between tries again with the same reference.
"""

import secrets
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from accounts.models import Delivery, Message
from accounts.reaching import queries
from accounts.reaching.gateways import Outgoing, Undelivered, Unwanted, adapter, offered
from accounts.reaching.models import Gateway, Sending
from accounts.reaching.rules import KEPT, PAUSES, Channel, State, Topic, after_failure, leaves_at, next_state
from accounts.reaching.words import said
from rulebook.actor import Actor
from rulebook.rows import left_for_next_time

MOST_AT_ONCE = 100
MOST_FORGOTTEN = 1000


def queue(*, deliveries: Iterable[Delivery], message: Message, by: Actor, at: datetime) -> int:
    """Write a row for every channel each reader has confirmed and wants this topic by. Returns how many.

    Twice writes nothing twice.
    """
    topic, channels = Topic(message.topic), offered()
    readers = {delivery.user_id: delivery for delivery in deliveries}
    rows = []
    for user_id, wish in queries.wishes(readers, channels=channels).items():
        goes = leaves_at(topic, due_at=message.due_at, begins=wish.begins, ends=wish.ends, at=at)
        rows += [
            Sending(
                delivery=readers[user_id], channel=channel.value, reference=secrets.token_urlsafe(24), due_at=goes,
                told_at=at,
            )
            for channel in wish.channels(topic)
        ]  # fmt: skip
    return len(Sending.objects.bulk_create(rows, ignore_conflicts=True))


def send_due(*, by: Actor, at: datetime) -> None:
    """Carry out what is due, channel by channel. A gateway that does not answer ends its own round alone, and rests."""
    for channel in offered() if queries.is_one_due(at) else ():
        for number in queries.due(channel, at=at, most=MOST_AT_ONCE):
            answers = True  # a bug with one row is its own
            with left_for_next_time(f"sending by {channel}"):
                answers = carry_out(sending=number, by=by, at=at)
            if not answers:
                break


def carry_out(*, sending: int, by: Actor, at: datetime) -> bool:
    """Try one message that is due. Returns whether its gateway answered, or needed not be asked."""
    with transaction.atomic():
        row = Sending.objects.select_for_update(of=("self",)).select_related("delivery__message").get(pk=sending)
        if State(row.state) is not State.QUEUED or row.due_at > at:
            return True  # another process has it
        contact = queries.contact(row)
        if contact is None or queries.is_needless(row, at=at):
            row.advance(State.NEEDLESS, at=at)
            return True
        row.tries += 1
        row.due_at = at + PAUSES[min(row.tries, len(PAUSES)) - 1]  # whoever takes it up should this process end here
        row.save(update_fields=["tries", "due_at"])
        channel = Channel(row.channel)
        told = said(Topic(row.delivery.message.topic), channel)
        out = Outgoing(row.reference, channel.value, contact.address, told.subject, told.words, told.link)
    carrier = adapter(channel)
    try:
        if carrier is None:
            raise Undelivered("no gateway")
        state = State.DELIVERED if carrier.send(out, at=at) else State.HANDED
    except Unwanted as wrong:
        return _noted(sending, State.FAILED, fault=str(wrong), at=at)
    except Undelivered as wrong:
        return _failed(sending, channel, str(wrong), at=at)
    Gateway.objects.filter(channel=channel.value).delete()
    return _noted(sending, state, fault="", at=at)


@transaction.atomic
def _noted(sending: int, state: State, *, fault: str, at: datetime) -> bool:
    """Note what came of a try, unless a receipt was here first."""
    row = Sending.objects.select_for_update().get(pk=sending)
    if State(row.state) is State.QUEUED:
        row.advance(state, at=at, fault=fault)
    return True


@transaction.atomic
def _failed(sending: int, channel: Channel, fault: str, *, at: datetime) -> bool:
    """Note that nobody took it: it is tried again after a longer pause, and its gateway rests."""
    row = Sending.objects.select_for_update().get(pk=sending)
    if State(row.state) is State.QUEUED:
        again = after_failure(row.tries, at=at)
        if again is None:
            row.advance(State.GIVEN_UP, at=at, fault=fault)
        else:
            row.due_at, row.fault = again, fault[:100]
            row.save(update_fields=["due_at", "fault"])
    first = {"failing_since": at, "rests_until": at + PAUSES[0], "fault": fault[:100]}
    gateway, new = Gateway.objects.select_for_update().get_or_create(channel=channel.value, defaults=first)
    if not new:
        gateway.failures += 1
        gateway.rests_until, gateway.fault = at + PAUSES[min(gateway.failures, 3) - 1], fault[:100]
        gateway.save(update_fields=["failures", "rests_until", "fault"])
    return False


def forget_old(*, by: Actor, at: datetime) -> int:
    """Drop what became of reminders `KEPT` ago; the message itself stays in its inbox. Returns how many.

    Walks from the oldest row: what was dropped before is not met again, so it costs what is due and no more.
    """
    oldest = list(Sending.objects.order_by("pk").values_list("pk", "told_at")[:MOST_FORGOTTEN])
    over = [pk for pk, told_at in oldest if told_at <= at - KEPT]
    return Sending.objects.filter(pk__in=over, told_at__lte=at - KEPT).delete()[0] if over else 0


@transaction.atomic
def hear(*, reference: str, told: State, fault: str, by: Actor, at: datetime) -> Sending:
    """Note what a gateway says of a message it has. Raises Sending.DoesNotExist for a reference nobody gave it.

    The same again, or what comes after the last word, changes nothing and is answered alike.
    """
    row = Sending.objects.select_for_update().get(reference=reference)
    state = next_state(State(row.state), told)
    if state is not None:
        row.advance(state, at=at, fault="" if state is State.DELIVERED else fault)
    return row
