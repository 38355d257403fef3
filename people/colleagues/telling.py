"""A word to somebody's telephone who has no account to be told in."""

from datetime import datetime

from accounts.reaching import codes
from accounts.reaching.rules import Channel
from rulebook.refusal import Refused


def send(phone: str, words: str, *, at: datetime) -> bool:
    """Send words; whether they went out. Nothing depends on it: the page says the same."""
    try:
        codes.send(Channel.SMS, phone, words=words, at=at)
    except Refused:  # written down where it was sent; whoever invites can hand the link over
        return False
    return True
