"""A word to somebody's telephone who has no account to be told in."""

import logging
import secrets

from django.conf import settings

from accounts.rules import masked_phone
from notifier import client as notifier
from rulebook.refusal import Refused

log = logging.getLogger(__name__)


def send(phone: str, words: str, *, about: str) -> bool:
    """Send words; whether they went out. Nothing depends on it: the page says the same.

    about: what is kept of it where people are real.
    """
    try:
        notifier.post(
            handle=f"tel:+86{phone}", number=masked_phone(phone), reference=secrets.token_hex(16), channel="sms",
            words=words, about=about if settings.PRODUCTION else words,
        )  # fmt: skip
    except (Refused, notifier.Undelivered) as wrong:
        log.warning("a message could not be sent: %s", type(wrong).__name__)
        return False
    return True
