"""Tick: remind before a certificate ends."""

from datetime import datetime

from intermediaries.registry import services
from rulebook.actor import Actor


def remind(*, by: Actor, at: datetime) -> None:
    """Tell firms which certificates end soon."""
    services.remind(by=by, at=at)
