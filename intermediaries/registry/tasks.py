"""Ticks: remind before a certificate ends; free people whose firm lets the term go by."""

from datetime import datetime

from intermediaries.registry import correcting, leaving, services
from rulebook.actor import Actor


def remind(*, by: Actor, at: datetime) -> None:
    """Tell firms which certificates end soon."""
    services.remind(by=by, at=at)


def free_silent(*, by: Actor, at: datetime) -> None:
    """Free people who have left firms that said nothing within the term."""
    leaving.free_silent(by=by, at=at)


def watch_corrections(*, by: Actor, at: datetime) -> None:
    """Remind of corrections that are due, and tell keepers of those whose day is over."""
    correcting.watch(by=by, at=at)
