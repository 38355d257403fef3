"""The inbox: post a message in the transaction of an act; a tick delivers it."""

from datetime import datetime

from django.db import transaction

from accounts.models import Delivery, Message, User
from accounts.queries import people
from accounts.reaching import sending
from accounts.reaching.rules import Topic
from rulebook.actor import SYSTEM, Role
from rulebook.jurisdiction import STAFF
from rulebook.regions import containing
from rulebook.rows import left_for_next_time


def post(
    *,
    to_user: User | str | None = None,
    to_organisation: str = "",
    to_role: Role | None = None,
    region: str | None = None,
    subject: str,
    body: str,
    link: str = "",
    topic: Topic = Topic.PROGRESS,
    due_at: datetime | None = None,
    at: datetime,
) -> Message:
    """Put a message into the outbox.

    to_user: a person or their public id.  to_organisation (credit code) and to_role narrow each other down when both
    are given.  region: where what it is about lies, said whenever a whole office of the staff is told: who does not
    reach it is not; empty for what lies nowhere in particular.  link: a path on this site.  topic: what it is about, by
    which people choose how they are reached; no more of it leaves the house.  due_at: until when it asks for something.
    Nothing that is not yet public to its reader may stand in it.
    """
    if not (to_user or to_organisation or to_role):
        raise ValueError("a message to nobody")
    if to_role in STAFF and not to_organisation and region is None:
        raise ValueError("a message to an office says where what it is about lies")
    if link and (not link.startswith("/") or link.startswith("//")):
        raise ValueError("a message leads to a path of this site")
    if isinstance(to_user, str):
        to_user = User.objects.get(public_id=to_user)
    return Message.objects.create(
        to_user=to_user,
        to_organisation_id=to_organisation or None,
        to_role=to_role or "",
        region=region or "",
        subject=subject,
        body=body,
        link=link,
        topic=topic.value,
        due_at=due_at,
        posted_at=at,
    )


def deliver(*, at: datetime, most: int = 200) -> int:
    """Deliver what lies in the outbox, oldest first; twice delivers nothing twice. Returns how many messages."""
    done = 0
    waiting = Message.objects.filter(delivered_at__isnull=True).order_by("id").values_list("id", flat=True)[:most]
    for number in list(waiting):
        with left_for_next_time(f"message {number}"), transaction.atomic():
            message = Message.objects.select_for_update().filter(id=number, delivered_at__isnull=True).first()
            if message is None:
                continue
            Delivery.objects.bulk_create(
                [Delivery(message=message, user=user) for user in _readers(message)], ignore_conflicts=True
            )
            sending.queue(deliveries=message.deliveries.all(), message=message, by=SYSTEM, at=at)
            message.delivered_at = at
            message.save(update_fields=["delivered_at"])
            done += 1
    return done


def _readers(message: Message) -> list[User]:
    if message.to_user_id:
        return list(User.objects.filter(pk=message.to_user_id))
    role = Role(message.to_role) if message.to_role else None
    found = people(organisation=message.to_organisation_id or "", role=role)
    if role in STAFF and not message.to_organisation_id:
        found = found.filter(region__in=["", *containing(message.region)])
    return list(found)
