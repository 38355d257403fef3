"""Tick: numbers are reserved before anybody needs them."""

from datetime import datetime

from bidding.holding import ahead
from rulebook.actor import Actor


def reserve_numbers(*, by: Actor, at: datetime) -> None:
    """Reserve the next batch of project numbers when few are left."""
    ahead.reserve(by=by, at=at)
