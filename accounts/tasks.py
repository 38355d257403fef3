"""Ticks: deliver the outbox, forget old tries."""

from datetime import datetime

from accounts import inbox, services
from rulebook.actor import Actor


def deliver(*, by: Actor, at: datetime) -> None:
    """Deliver what lies in the outbox."""
    inbox.deliver(at=at)


def forget_attempts(*, by: Actor, at: datetime) -> None:
    """Drop tries at the door that no longer count."""
    services.forget_attempts(at=at)
