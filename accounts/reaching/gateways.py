"""The boundary to what carries a message out of the house: one interface, three adapters.

E-mail goes by Django's mail; text message, WeChat and telephone by the one contract of docs/reaching.md; where neither
is told of, the demo's console shows the words on the notifier's page, and production has no such channel.
"""

import json
import logging
import smtplib
import urllib.error
import urllib.request
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any, Protocol

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from accounts.reaching import signing
from accounts.reaching.rules import LEADS_TO, Channel, Way, masked
from notifier import client as notifier
from notifier.gateways import PATIENCE, straight
from rulebook.refusal import Refused

log = logging.getLogger(__name__)


class Undelivered(Exception):
    """The gateway did not take it; another try may help."""


class Unwanted(Exception):
    """The gateway will never take it: there is no such address, or its person has said no there."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message. reference: the same on every try, so that a gateway sends nothing twice."""

    reference: str
    channel: str
    to: str
    subject: str
    words: str
    link: str = ""


class Adapter(Protocol):
    """What carries one channel."""

    def send(self, message: Outgoing, *, at: datetime) -> bool:
        """Hand a message over. True when it has arrived, False when its gateway will say so later, or never.

        Raises Undelivered, Unwanted.
        """
        ...


class Mail:
    """E-mail: a server that takes it has it. A later bounce reaches the house by the door of receipts, if it does."""

    def send(self, message: Outgoing, *, at: datetime) -> bool:
        """Hand it to the mail server. The reference makes the Message-ID: a server may drop what it has had."""
        host = settings.MAIL_FROM.rpartition("@")[2].rstrip(">")
        mail = EmailMessage(
            message.subject, "\n\n".join(part for part in (message.words, message.link) if part), settings.MAIL_FROM,
            [message.to], headers={"Message-ID": f"<{message.reference}@{host}>", "Auto-Submitted": "auto-generated"},
        )  # fmt: skip
        try:
            mail.send()
        except smtplib.SMTPRecipientsRefused as refused:
            if all(500 <= code < 600 for code, _ in refused.recipients.values()):
                raise Unwanted("SMTPRecipientsRefused") from refused
            raise Undelivered("SMTPRecipientsRefused") from refused
        except (smtplib.SMTPException, OSError) as wrong:
            raise Undelivered(type(wrong).__name__) from wrong
        return False


class Remote:
    """A gateway elsewhere, by docs/reaching.md: one signed POST of JSON; 2xx means that it has the message."""

    def __init__(self, url: str, secret: str) -> None:
        self.url, self.secret = url, secret

    def send(self, message: Outgoing, *, at: datetime) -> bool:
        """Hand it over."""
        body, stamp = json.dumps(asdict(message), ensure_ascii=False).encode(), str(int(at.timestamp()))
        signed = signing.signature(self.secret, speaker=signing.HOUSE, stamp=stamp, body=body)
        asked = urllib.request.Request(
            self.url, body, method="POST",
            headers={"Content-Type": "application/json", "Idempotency-Key": message.reference,
                     signing.TIME_HEADER: stamp, signing.SIGNATURE_HEADER: signed},
        )  # fmt: skip
        try:
            with straight.open(asked, timeout=PATIENCE) as answer:
                return bool(answer.headers.get("X-Arrived") == "1")
        except urllib.error.HTTPError as wrong:
            if wrong.code in (410, 422):
                raise Unwanted(f"HTTP {wrong.code}") from wrong
            raise Undelivered(f"HTTP {wrong.code}") from wrong
        except (urllib.error.URLError, OSError) as wrong:
            raise Undelivered(type(wrong).__name__) from wrong


class Console:
    """By the notifier, which shows on the demo's page what it was told; elsewhere it keeps that something was sent."""

    def send(self, message: Outgoing, *, at: datetime) -> bool:
        """Show it; it arrives at once."""
        way = LEADS_TO[Channel(message.channel)]
        handle = f"tel:+86{message.to}" if way is Way.PHONE else message.to
        words = "\n".join(part for part in (message.words, message.link) if part)
        try:
            return notifier.post(
                handle=handle, number=masked(way, message.to), reference=message.reference, channel=message.channel,
                words=words, about="验证码或消息提醒" if settings.PRODUCTION else words,
            )  # fmt: skip
        except (Refused, notifier.Undelivered) as wrong:
            raise Undelivered(type(wrong).__name__) from wrong


class Shown(BaseEmailBackend):
    """Django's mail in the demo: shown on the notifier's page beside the text messages."""

    def send_messages(self, email_messages: Iterable[Any]) -> int:
        """Show each. Raises OSError when the notifier is away, as a mail server would."""
        sent = 0
        for mail in email_messages:
            reference = mail.extra_headers.get("Message-ID") or mail.message()["Message-ID"]
            words = f"{mail.subject}\n{mail.body}"
            for to in mail.to:
                message = Outgoing(reference.strip("<>"), Channel.EMAIL.value, to, "", words)
                try:
                    Console().send(message, at=datetime.fromtimestamp(0, tz=UTC))
                except Undelivered as wrong:
                    raise OSError(str(wrong)) from wrong
                sent += 1
        return sent


def adapter(channel: Channel) -> Adapter | None:
    """What carries a channel; None where nothing does."""
    if channel is Channel.EMAIL:
        return Mail() if settings.MAIL or not settings.PRODUCTION else None
    if url := settings.GATEWAYS.get(channel.value):
        return Remote(url, settings.GATEWAY_SECRET)
    return None if settings.PRODUCTION else Console()


def is_played(channel: Channel) -> bool:
    """Whether the demo's console stands in for the gateway of a channel."""
    return isinstance(adapter(channel), Console)


def offered() -> tuple[Channel, ...]:
    """The channels there are."""
    return tuple(channel for channel in Channel if adapter(channel) is not None)


def offered_ways() -> tuple[Way, ...]:
    """What a person may confirm here."""
    return tuple(dict.fromkeys(LEADS_TO[channel] for channel in offered()))
