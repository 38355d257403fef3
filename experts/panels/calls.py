"""Acts of calling: begin the ways to a person, carry out what is due, note what a gateway says.

The notifier calls; here is only how far each call is, and no row says to whom.
"""

import logging
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.timezone import localtime

from experts.panels.models import Call, Panel, Seat
from experts.panels.rules import SeatState
from experts.panels.ways import CallState, Channel, due, next_try, why_not_report, words
from notifier import client as notifier
from rulebook.actor import Actor
from rulebook.refusal import Refused, refuse_if

log = logging.getLogger(__name__)
MOST_AT_ONCE = 50


def invite(panel: Panel, seat: Seat, *, at: datetime) -> None:
    """Ask one person, without saying for which project."""
    seat.answer_by = at + timedelta(seconds=panel.answer_seconds)
    seat.save(update_fields=["answer_by"])
    seat.advance(SeatState.INVITED, at=at)
    begin(seat, at=at)


def begin(seat: Seat, *, at: datetime) -> None:
    """Begin every way to somebody who is asked; his own desk shows it with the act itself."""
    if seat.answer_by is None:
        raise ValueError("nobody is asked without an end to it")
    for channel in Channel:
        call = Call.objects.create(
            seat=seat, channel=channel, state=CallState.WAITING, reference=secrets.token_urlsafe(24),
            due_at=due(channel, invited_at=at, answer_by=seat.answer_by),
        )  # fmt: skip
        if channel is Channel.INBOX:
            call.advance(CallState.DELIVERED, at=at)


def words_of(seat: Seat) -> str:
    """What an invitation says."""
    spell = lambda at: f"{localtime(at):%Y-%m-%d %H:%M}" if at else ""  # noqa: E731
    return words(starts=spell(seat.panel.starts_at), venue=seat.panel.venue, answer_by=spell(seat.answer_by),
                 drawn=not seat.selected)  # fmt: skip


def carry_out(*, call: int, by: Actor, at: datetime) -> None:
    """Try one way that is due: who has answered meanwhile is left alone. The gateway is asked outside the locks.

    A crash in between tries again with the same reference.
    """
    with transaction.atomic():
        row = Call.objects.select_for_update().select_related("seat__panel").get(pk=call)
        if CallState(row.state) is not CallState.WAITING or row.due_at > at:
            return
        if SeatState(row.seat.state) is not SeatState.INVITED:
            row.advance(CallState.DROPPED, at=at)
            return
        row.tries += 1
        row.due_at = next_try(Channel(row.channel), tries=row.tries, at=at) or row.due_at
        row.save(update_fields=["tries", "due_at"])
        cid, said = row.seat.cid, words_of(row.seat)
    try:
        arrived = notifier.send(cid=cid, reference=row.reference, channel=row.channel, words=said)
    except (notifier.Undelivered, Refused) as wrong:
        with transaction.atomic():
            row = Call.objects.select_for_update().get(pk=call)
            row.fault = str(wrong)[:100]
            row.save(update_fields=["fault"])
            if next_try(Channel(row.channel), tries=row.tries, at=at) is None:
                row.advance(CallState.FAILED, at=at)
        return
    with transaction.atomic():
        row = Call.objects.select_for_update().get(pk=call)
        if CallState(row.state) is CallState.WAITING:
            row.advance(CallState.DELIVERED if arrived else CallState.SENT, at=at)


def tell(cids: Iterable[str], said: str) -> None:
    """A word by message to people who have accepted; what they need to know is on their desks as well."""
    for cid in cids:
        try:
            notifier.send(cid=cid, reference=secrets.token_urlsafe(24), channel=Channel.SMS, words=said)
        except (notifier.Undelivered, Refused) as wrong:
            log.warning("a word was not delivered: %s", wrong)


def due_now(at: datetime) -> list[int]:
    """Calls to carry out, the longest due first."""
    rows = Call.objects.filter(state=CallState.WAITING, due_at__lte=at).order_by("due_at", "pk")
    return list(rows.values_list("pk", flat=True)[:MOST_AT_ONCE])


@transaction.atomic
def report(*, reference: str, arrived: bool, fault: str, by: Actor, at: datetime) -> Call:
    """Note what a gateway says of a message it has. Raises Call.DoesNotExist for a reference nobody gave it.

    Refused when it has said so before.
    """
    row = Call.objects.select_for_update().get(reference=reference)
    refuse_if(why_not_report(state=CallState(row.state)))
    row.fault = fault[:100]
    row.save(update_fields=["fault"])
    row.advance(CallState.DELIVERED if arrived else CallState.FAILED, at=at)
    return row
