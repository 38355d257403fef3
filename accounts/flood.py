"""Doors that take signed statements let nobody drown them: how many a source may say, and how many of them wrong.

Counted in short windows, so that a flood from one's own network costs an honest speaker seconds, never a deadline;
where somebody is signed in, his wrong words are counted against his own organisation alone. No memory of the counts,
no limit: a limiter that is down must not keep a bid out.
"""

import contextlib
import logging
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest

from accounts import rules
from accounts.source import source_of
from rulebook.refusal import Kind, Refused, refuse_if

log = logging.getLogger(__name__)


def limited(door: Callable[..., Any]) -> Callable[..., Any]:
    """A programs' door whose callers are refused while their source says too much, or too much that is wrong."""

    @wraps(door)
    def behind(request: HttpRequest, *args: Any, **told: Any) -> Any:
        window = int(request.arrived_at.timestamp()) // rules.FLOOD_WINDOW
        said = f"said:{window}:{source_of(request)}"
        wrong = f"wrong:{window}:{source_of(request)}:{request.actor.organisation}"
        # A session is limited by what its own house does; without one only the source is known.
        refuse_if(rules.why_not_say(0 if request.actor.organisation else count(said), _counted(wrong)))
        try:
            return door(request, *args, **told)
        except Refused as refusal:
            if refusal.reasons[0].kind is Kind.NOT_VALID:
                count(wrong)
            raise

    behind.limited = True  # type: ignore[attr-defined]
    return behind


def _lost() -> tuple[type[Exception], ...]:
    """What counting ends with when the engine is down, or has dropped the key to make room."""
    if not settings.REDIS_URL:
        return (ValueError,)
    from redis import RedisError

    return (RedisError, ValueError)


def _counted(key: str) -> int:
    """The count under a key; 0 when nothing can be counted. One question: everybody waits for it at every quote."""
    try:
        return int(cache.get(key, 0))
    except _lost() as gone:
        log.warning("nothing is counted at the doors: %s", gone)
        return 0


def count(key: str, *, timeout: int = 2 * rules.FLOOD_WINDOW) -> int:
    """The count under a key with one more, kept for so many seconds; 0 when nothing can be counted."""
    try:
        with contextlib.suppress(ValueError):  # the first in its window
            return int(cache.incr(key))
        cache.add(key, 0, timeout=timeout)
        return int(cache.incr(key))
    except _lost() as gone:
        log.warning("nothing is counted at the doors: %s", gone)
        return 0
