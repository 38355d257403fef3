"""Row after row: what goes wrong with one of them holds up no other.  For ticks only, which come again."""

import logging
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, TypeVar

from rulebook.refusal import Refused

log = logging.getLogger(__name__)
T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


class Asked(Protocol[T_co]):
    """Rows of a table that were not fetched yet."""

    def exists(self) -> bool:
        """Whether there is one."""

    def __iter__(self) -> Iterator[T_co]:
        """Each of them."""


def if_any(rows: Asked[T]) -> list[T]:
    """The rows of a tick, asked for whole only where there is one.

    Most ticks find none, once a second; to name every column of every table that is read along costs several times
    what the question costs.
    """
    return list(rows) if rows.exists() else []


@dataclass(frozen=True, slots=True)
class Trouble:
    """A bug or an outage that struck one row.

    fault: the kind of error and the line of code it rose from, never its message, which may quote what is secret.
    """

    what: str
    fault: str


_gathered: ContextVar[list[Trouble] | None] = ContextVar("troubles", default=None)


@contextmanager
def gathering_troubles() -> Iterator[list[Trouble]]:
    """What goes wrong with single rows inside is gathered here instead of ending the whole."""
    troubles: list[Trouble] = []
    token = _gathered.set(troubles)
    try:
        yield troubles
    finally:
        _gathered.reset(token)


@contextmanager
def left_for_next_time(what: str) -> Iterator[None]:
    """One row that cannot move must not hold back the rows behind it.

    A refusal is logged: it waits. Any other error is logged and gathered as a trouble; where nobody gathers, it rises.
    """
    try:
        yield
    except Refused as refusal:
        log.info("%s waits: %s", what, refusal)
    except Exception as error:
        gathered = _gathered.get()
        if gathered is None:
            raise
        gathered.append(trouble(what, error))
        log.error("%s failed: %s", what, gathered[-1].fault)


def trouble(what: str, error: Exception) -> Trouble:
    """An error as it may be told to those who keep the house running."""
    last = traceback.extract_tb(error.__traceback__)[-1]
    return Trouble(what, f"{type(error).__name__} ({Path(last.filename).name}:{last.lineno})")
