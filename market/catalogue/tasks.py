"""Tick: items whose legal basis has ended."""

from datetime import datetime

from market.catalogue import services
from rulebook.actor import Actor


def withdraw_lapsed(*, by: Actor, at: datetime) -> None:
    """Write down which items have lost their legal basis."""
    services.withdraw_lapsed(by=by, at=at)
