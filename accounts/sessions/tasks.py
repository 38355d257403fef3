"""Tick: forget sessions that are over."""

from datetime import datetime

from accounts.sessions import services
from rulebook.actor import Actor


def forget(*, by: Actor, at: datetime) -> None:
    """Drop sessions that are over and browsers nobody came back with."""
    services.forget_old(by=by, at=at)
