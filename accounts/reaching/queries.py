"""Reads: what somebody wants by which channel, what is due, what the operator may know of the gateways."""

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time
from uuid import UUID

from django.conf import settings
from django.db.models import Exists, OuterRef, Prefetch, QuerySet

from accounts.models import Delivery, User
from accounts.reaching.gateways import offered
from accounts.reaching.models import CalendarKey, Choices, Contact, Gateway, Sending
from accounts.reaching.rules import LEADS_TO, STEP, USUAL, Channel, State, Topic, Way
from accounts.reaching.words import CHANNEL_WORDS
from rulebook.actor import Actor, Role

SHOWN = 10
LATE = 3 * STEP  # what waits longer than that is late, and the operator's to look into


@dataclass
class Wish:
    """What one person has confirmed and chosen."""

    ways: set[Way] = field(default_factory=set)
    topics: Mapping[str, list[str]] = field(default_factory=dict)
    begins: time | None = None
    ends: time | None = None
    offered: tuple[Channel, ...] = ()

    def wants(self, channel: Channel, topic: Topic) -> bool:
        """Whether a topic goes by a channel once its way is confirmed."""
        chosen = self.topics.get(channel.value)
        return topic in USUAL[channel] if chosen is None else topic.value in chosen

    def channels(self, topic: Topic) -> list[Channel]:
        """The channels a message of this topic goes by."""
        return [each for each in self.offered if LEADS_TO[each] in self.ways and self.wants(each, topic)]


def wishes(users: Collection[int], *, channels: tuple[Channel, ...]) -> dict[int, Wish]:
    """What these people want, those who confirmed nothing left out. Two reads however many they are."""
    found: dict[int, Wish] = {}
    confirmed = Contact.objects.filter(user__in=users, confirmed_at__isnull=False, user__is_active=True)
    for user, way in confirmed.values_list("user_id", "way"):
        found.setdefault(user, Wish(offered=channels)).ways.add(Way(way))
    for row in Choices.objects.filter(user__in=found):
        wish = found[row.user_id]
        wish.topics, wish.begins, wish.ends = row.topics, row.quiet_begins, row.quiet_ends
    return found


def wish_of(user: User) -> Wish:
    """What somebody has confirmed and chosen, for his page."""
    wish = wishes([user.pk], channels=offered()).get(user.pk) or Wish(offered=offered())
    if row := Choices.objects.filter(user=user).first():
        wish.topics, wish.begins, wish.ends = row.topics, row.quiet_begins, row.quiet_ends
    return wish


def contacts(user: User) -> dict[Way, dict[str, Contact]]:
    """Somebody's addresses by way: the confirmed one, and the one that waits for its proof."""
    found: dict[Way, dict[str, Contact]] = {}
    for row in Contact.objects.filter(user=user):
        found.setdefault(Way(row.way), {})["has" if row.confirmed_at else "waits"] = row
    return found


def mailbox(public_id: UUID) -> Contact:
    """The mailbox a link is about. Raises Contact.DoesNotExist."""
    return Contact.objects.get(pk=public_id, way=Way.EMAIL.value)


def contact(sending: Sending) -> Contact | None:
    """The confirmed address a message goes to, if it is still there and its channel still wanted."""
    delivery, channel = sending.delivery, Channel(sending.channel)
    wish = wishes([delivery.user_id], channels=(channel,)).get(delivery.user_id)
    if wish is None or channel not in wish.channels(Topic(delivery.message.topic)):
        return None
    return Contact.objects.get(user=delivery.user_id, way=LEADS_TO[channel].value, confirmed_at__isnull=False)


def is_needless(sending: Sending, *, at: datetime) -> bool:
    """Whether it need not be sent: it was read meanwhile, or its person was told the same by this channel just now."""
    delivery = sending.delivery
    if delivery.read_at is not None:
        return True
    same = Sending.objects.filter(
        channel=sending.channel, delivery__user=delivery.user_id, delivery__message__topic=delivery.message.topic,
        delivery__read_at__isnull=True, state__in=(State.HANDED.value, State.DELIVERED.value), told_at__gt=at - STEP,
    )  # fmt: skip
    return same.exists()


def is_one_due(at: datetime) -> bool:
    """Whether anything is to be tried by any channel."""
    return Sending.objects.filter(state=State.QUEUED.value, due_at__lte=at).exists()


def due(channel: Channel, *, at: datetime, most: int) -> list[int]:
    """What is to be tried by a channel, the longest due first; nothing while its gateway rests."""
    if Gateway.objects.filter(channel=channel.value, rests_until__gt=at).exists():
        return []
    rows = Sending.objects.filter(state=State.QUEUED.value, channel=channel.value, due_at__lte=at)
    return list(rows.order_by("due_at", "reference").values_list("pk", flat=True)[:most])


def own_sendings(user: User) -> QuerySet[Delivery]:
    """One's last messages that went, or are to go, out of the house, with how far each is on each channel."""
    found = Delivery.objects.filter(Exists(Sending.objects.filter(delivery=OuterRef("pk"))), user=user)
    each = Prefetch("sendings", Sending.objects.order_by("channel"))
    return found.select_related("message").prefetch_related(each).order_by("-message__posted_at", "-id")[:SHOWN]


def topics_of(role: Role) -> list[Topic]:
    """What somebody in this role hears of: the house's own troubles are its operators'."""
    return [topic for topic in Topic if topic is not Topic.HOUSE or role is Role.OPERATOR]


@dataclass(frozen=True)
class Health:
    """What an operator may know of a channel: no number of messages or people, which the law keeps secret for a time.

    late: something has waited long past its turn.
    """

    channel: Channel
    by: str
    failing: Gateway | None
    late: bool

    @property
    def words(self) -> str:
        """What people call the channel."""
        return str(CHANNEL_WORDS[self.channel])


def health(*, at: datetime) -> list[Health]:
    """How the gateways are."""
    failing = {row.channel: row for row in Gateway.objects.all()}
    told = []
    for channel in offered():
        remote = settings.MAIL if channel is Channel.EMAIL else settings.GATEWAYS.get(channel.value)
        waits = Sending.objects.filter(state=State.QUEUED.value, channel=channel.value, due_at__lte=at - LATE)
        told.append(Health(channel, "gateway" if remote else "console", failing.get(channel.value), waits.exists()))
    return told


def key_hash(key: str) -> str:
    """What a calendar's word is found by; 256 random bits need no salt."""
    return hashlib.sha256(key.encode()).hexdigest()


def calendar_key(user: User) -> CalendarKey | None:
    """The address somebody's calendar has now, if any; its word is kept nowhere."""
    return CalendarKey.objects.filter(user=user, revoked_at=None).first()


def calendar_of(key: str) -> tuple[Actor, bool]:
    """Whose calendar a word leads to, and whether it names purchases. Raises CalendarKey.DoesNotExist."""
    row = CalendarKey.objects.select_related("user").get(key_hash=key_hash(key), revoked_at=None, user__is_active=True)
    return row.user.as_actor(), row.names
