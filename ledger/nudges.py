"""“Look again”: says that a stream has news, and nothing else. A lost nudge costs a few seconds, never an entry.

Scaled, it goes through Redis to every process; embedded, straight to whoever listens in this one, and the client of
Redis, a tenth of a start, is not loaded.
"""

import logging
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING

from django.conf import settings

if TYPE_CHECKING:
    from redis import Redis

log = logging.getLogger(__name__)

CHANNEL = "ledger"
Listener = Callable[[str], None]
_listeners: set[Listener] = set()


def nudge(stream: str) -> None:
    """Tell whoever tails this stream to look again."""
    if not settings.REDIS_URL:
        hear(stream)
        return
    import redis

    try:
        _client(settings.REDIS_URL).publish(CHANNEL, stream)
    except redis.RedisError as error:
        log.warning("no nudge for %s: %s", stream, error)


def hear(stream: str) -> None:
    """Pass a nudge on to the listeners of this process."""
    for listener in tuple(_listeners):
        listener(stream)


def listen(listener: Listener) -> None:
    """Have a function called with each stream's name; from any thread, so it must not block."""
    _listeners.add(listener)


def leave(listener: Listener) -> None:
    """No longer."""
    _listeners.discard(listener)


@cache
def _client(url: str) -> "Redis":
    import redis

    # Short timeouts: an act that is already committed must not wait for its announcement.
    return redis.Redis.from_url(url, socket_timeout=0.5, socket_connect_timeout=0.5)
