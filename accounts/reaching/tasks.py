"""Ticks: carry out what is due to leave the house, forget addresses that were never confirmed, and old reminders."""

from datetime import datetime

from accounts.reaching import sending, services
from rulebook.actor import Actor


def send_due(*, by: Actor, at: datetime) -> None:
    """Hand over what is due."""
    sending.send_due(by=by, at=at)


def forget_old(*, by: Actor, at: datetime) -> None:
    """Drop what became of reminders long ago."""
    sending.forget_old(by=by, at=at)


def forget_unconfirmed(*, by: Actor, at: datetime) -> None:
    """Drop addresses whose proof never came back."""
    services.forget_unconfirmed(at=at)
