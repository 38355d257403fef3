"""Acts of a person about reaching him: name an address, prove it, take it away, choose, open and close a calendar."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime, time

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac

from accounts import inbox, sealing
from accounts.models import User
from accounts.reaching import codes, queries, rules
from accounts.reaching.gateways import offered_ways
from accounts.reaching.models import CalendarKey, Choices, Contact
from accounts.reaching.rules import Channel, Topic, Way
from accounts.reaching.words import WAY_WORDS
from accounts.rules import CODE_TRIES, wrong_code
from rulebook.actor import Actor
from rulebook.refusal import Kind as Fault
from rulebook.refusal import Reason, Refused, refuse_if

PLACE = "/me/reaching/"


def name_contact(
    *, user: User, way: Way, address: str = "", source: str, by: Actor, at: datetime
) -> tuple[Contact, str]:
    """Take an address down and send its proof there; what stood confirmed stays until the proof comes back.

    WeChat goes the other way round: the code that is returned is for the page, and its person sends it to the service
    account, whose gateway says from whom it came.
    Refused for a way there is not, a malformed address, and when proofs were sent there too often.
    """
    address = address.strip()
    refuse_if(rules.why_not_name(way, address or "wechat", offered=offered_ways()))
    word = secrets.token_urlsafe(32) if way is Way.EMAIL else codes.new_code(8 if way is Way.WECHAT else 6)
    with transaction.atomic():
        codes.count(address or str(user.public_id), source=source, at=at)
        Contact.objects.filter(user=user, way=way.value, confirmed_at=None).delete()
        row = Contact(user=user, way=way.value, expires_at=at + rules.CONFIRM_WITHIN[way])
        row.keep(address)
        row.proof_hash = _proof(row, word)
        row.save(force_insert=True)
    minutes = int(rules.CONFIRM_WITHIN[way].total_seconds() // 60)
    if way is Way.PHONE:
        words = f"【明标】通知手机验证码 {word}，{minutes}分钟内有效。任何人索要都不要告诉。"
        codes.send(Channel.SMS, address, words=words, at=at)
    elif way is Way.EMAIL:
        link = f"{settings.SITE}{reverse('accounts:confirm_email', args=[row.id, word])}"
        words = "有人要用这个邮箱接收明标的消息提醒。是您本人的，请在24小时内打开下面的链接确认；不是的，不必理会。"
        codes.send(Channel.EMAIL, address, words=words, link=link, at=at)
    return row, word if way is Way.WECHAT else ""


def confirm_contact(*, contact: Contact, word: str, address: str = "", by: Actor, at: datetime) -> Contact:
    """The proof came back: the address is its person's, in place of the one before. A try is counted before its look.

    address: where the proof tells it.

    Refused when it is over, was tried too often, or is wrong.
    """
    row = _try(contact, at=at)
    if not constant_time_compare(row.proof_hash, _proof(row, word.strip())):
        raise Refused(*wrong_code(row.tries))
    if address:
        row.keep(address)
    return _confirmed(row, at=at)


def confirm_wechat(*, word: str, address: str, by: Actor, at: datetime) -> Contact:
    """A gateway says from whom a code came. Raises Contact.DoesNotExist for one that nobody waits with.

    Refused for a malformed address. Codes last ten minutes, and only a gateway may ask, so none is tried in turn.
    """
    refuse_if(rules.why_not_name(Way.WECHAT, address, offered=offered_ways()))
    waiting = Contact.objects.filter(way=Way.WECHAT.value, confirmed_at=None, expires_at__gt=at)
    found = [row for row in waiting if constant_time_compare(row.proof_hash, _proof(row, word.strip()))]
    if len(found) != 1:  # two people with one code: both ask for another
        raise Contact.DoesNotExist
    row = found[0]
    row.keep(address)
    return _confirmed(row, at=at)


@transaction.atomic
def _try(contact: Contact, *, at: datetime) -> Contact:
    row = Contact.objects.select_for_update().get(pk=contact.pk)
    waits = bool(row.proof_hash) and row.confirmed_at is None
    refuse_if(rules.why_not_confirm(waits=waits, expires_at=row.expires_at, tries=row.tries, most=CODE_TRIES, at=at))
    Contact.objects.filter(pk=row.pk).update(tries=row.tries + 1)
    row.tries += 1
    return row


@transaction.atomic
def _confirmed(row: Contact, *, at: datetime) -> Contact:
    held = Contact.objects.select_for_update().filter(pk=row.pk, confirmed_at=None).first()
    refuse_if(() if held else (Reason("reaching.proof-over", Fault.NOT_NOW, "已经失效，请重新填写地址，再确认一次"),))
    Contact.objects.filter(user=row.user_id, way=row.way, confirmed_at__isnull=False).delete()
    row.proof_hash, row.confirmed_at = "", at
    row.save(update_fields=["proof_hash", "confirmed_at", "sealed"])
    _tell(row.user, f"已确认{row.way_words} {row.masked}，今后的消息提醒会发到那里。", at=at)
    return row


@transaction.atomic
def drop_contact(*, user: User, way: Way, by: Actor, at: datetime) -> None:
    """Take an address away; what still waits for it is not sent. The address itself is kept nowhere."""
    gone, _ = Contact.objects.filter(user=user, way=way.value).delete()
    if gone:
        _tell(user, f"已停用{WAY_WORDS[way]}，不再向那里发消息提醒。", at=at)


@transaction.atomic
def reseal(*, by: Actor, at: datetime) -> int:
    """Seal with the newest key what an older one sealed. Returns how many rows it touched."""
    touched = 0
    for row in Contact.objects.select_for_update().iterator(chunk_size=500):
        if (held := sealing.opened_of_old(row.sealed, about=row.sealed_as)) is not None:
            row.keep(held["address"])
            row.save(update_fields=["sealed"])
            touched += 1
    return touched


def forget_unconfirmed(*, at: datetime) -> int:
    """Drop addresses whose proof never came back. Returns how many."""
    return Contact.objects.filter(confirmed_at=None, expires_at__lte=at).delete()[0]


@transaction.atomic
def choose(
    *, user: User, topics: Mapping[Channel, Sequence[Topic]], begins: time | None, ends: time | None, by: Actor,
    at: datetime,
) -> Choices:  # fmt: skip
    """What goes by which channel, and when nothing that can wait does. Refused with half a quiet time."""
    refuse_if(rules.why_not_choose(begins=begins, ends=ends))
    told = {channel.value: [topic.value for topic in wanted] for channel, wanted in topics.items()}
    row, _ = Choices.objects.update_or_create(
        user=user, defaults={"topics": told, "quiet_begins": begins, "quiet_ends": ends}
    )
    return row


@transaction.atomic
def open_calendar(*, user: User, names: bool, by: Actor, at: datetime) -> str:
    """Make an address for somebody's calendar in place of the last; returns its word, which is kept nowhere."""
    User.objects.select_for_update().get(pk=user.pk)
    close_calendar(user=user, by=by, at=at)
    word = secrets.token_urlsafe(32)
    CalendarKey.objects.create(user=user, key_hash=queries.key_hash(word), names=names, made_at=at)
    return word


@transaction.atomic
def close_calendar(*, user: User, by: Actor, at: datetime) -> None:
    """The address leads nowhere from now on."""
    CalendarKey.objects.filter(user=user, revoked_at=None).update(revoked_at=at)


def _proof(row: Contact, word: str) -> str:
    return str(salted_hmac("accounts.reaching", f"{row.id}:{word}", algorithm="sha256").hexdigest())


def _tell(user: User, body: str, *, at: datetime) -> None:
    body += "不是您本人操作的，请立即修改密码并联系平台运营机构。"
    inbox.post(to_user=user, subject="通知方式已变更", body=body, link=PLACE, topic=Topic.ACCOUNT, at=at)
