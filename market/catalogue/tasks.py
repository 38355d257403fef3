"""Ticks: items whose legal basis has ended, or soon will."""

from datetime import datetime

from market.catalogue import services
from rulebook.actor import Actor


def withdraw_lapsed(*, by: Actor, at: datetime) -> None:
    """Write down which items have lost their legal basis."""
    services.withdraw_lapsed(by=by, at=at)


def remind(*, by: Actor, at: datetime) -> None:
    """Tell departments whose items soon lose their legal basis."""
    services.remind(by=by, at=at)
