"""What the monitors do by themselves."""

from datetime import datetime

from rulebook.actor import Actor
from supervision.monitors import looks


def watch(*, by: Actor, at: datetime) -> None:
    """Read what is new in the public log, and look at what is new or due."""
    looks.notice(by=by, at=at)
    looks.look_at_due(by=by, at=at)


def escalate_late(*, by: Actor, at: datetime) -> None:
    """Tell on owners of alerts who let their time pass."""
    looks.escalate_late(by=by, at=at)
