"""What every machine stands on: a world that is rolled back, a clock that is an argument, and what any act must keep.

A machine acts as everybody, lawfully and not, at deadlines and a microsecond before and after them. A refused act
leaves nothing behind; one that was done and is asked again does nothing more; a state that changed is in the ledger;
and at the end of every life the whole ledger is proven from what is stored. In one life of four each act is first cut
off before its commit, and tried by a stranger.

Most steps are refused and write nothing, and reading everything after each of them is what machines would spend their
time on: the database itself says whether a row was written since, and only then is anything read again.

MACHINE_EXAMPLES, MACHINE_STEPS: how many lives, and how long. Without them the few of a usual run, always the same;
with them others every time (`make harden`).
"""

import contextlib
import os
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from functools import wraps
from typing import Any, TypeVar

import pytest
from django.core.cache import cache
from django.core.exceptions import ObjectDoesNotExist
from django.db import connection, transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from bidding.opening import views as halls
from ledger import audit, sequencer
from market.projects import queries as projects
from rulebook.refusal import Refused
from tests.cast import DAY, HOUR, MINUTE, NOON, STRANGER, SYSTEM

AT_LENGTH = "MACHINE_EXAMPLES" in os.environ
EXAMPLES = int(os.environ.get("MACHINE_EXAMPLES", "0"))
MANY = 100  # lives, of which some go far
STEPS = int(os.environ.get("MACHINE_STEPS", "30"))
MOMENT = timedelta(microseconds=1)
WAITS = (timedelta(seconds=1), MINUTE, HOUR, DAY, 9 * DAY)
Told = TypeVar("Told")
MARKS = [pytest.mark.embedded, pytest.mark.django_db, pytest.mark.timeout(0 if AT_LENGTH else 300)]


def written() -> object:
    """A mark that stays the same as long as nobody writes a row, taken back or not."""
    return connection.connection.total_changes if connection.vendor == "sqlite" else object()


def always(check: Callable[[Any], None]) -> Any:
    """What holds after every step; looked at again only where a row was written or time has gone on."""

    @wraps(check)
    def look(self: "House") -> None:
        mark = (written(), self.at)
        if self._looked.get(check.__name__) != mark:
            check(self)
            self._looked[check.__name__] = mark

    return invariant()(look)


class House(RuleBasedStateMachine):
    """One life. A machine says how its world begins, which instants matter, and what it counts."""

    def __init__(self) -> None:
        super().__init__()
        self._life = transaction.atomic()
        self._life.__enter__()
        cache.clear()
        halls.forget()
        projects.forget()
        self.at: datetime = NOON
        self.done = 0  # acts that were not refused
        self.cuts = False
        self._known: tuple[object, Any] = (None, None)
        self._looked: dict[str, Any] = {}
        self._cut: set[str] = set()
        self.begin()

    seen: Counter[str]  # in how many lives
    made: Any = None  # what `world` made, once for all lives

    @classmethod
    def world(cls) -> Any:
        """What all lives begin in: made once, and never changed by one of them."""

    def begin(self) -> None:
        """The model as a life begins."""

    def marks(self) -> Iterable[datetime | None]:
        """Instants at which something changes; None where one is not known yet."""
        return ()

    def state(self) -> Any:
        """Where everything stands: what changes here is in the ledger."""
        return ()

    def rows(self) -> Any:
        """Beside that, what an act may write: nothing of it is there twice."""
        return ()

    def end(self) -> None:
        """What holds at the end of a life, besides the ledger."""

    def saw(self, **facts: bool) -> None:
        """What came to pass in this life: lives that go nowhere show nothing."""
        self.seen.update(name for name, true in facts.items() if true)

    @rule(
        which=st.integers(0, 2), shift=st.sampled_from((-1, 0, 1)), wait=st.sampled_from(WAITS), far=st.integers(0, 3)
    )
    def time_goes_on(self, which: int, shift: int, wait: timedelta, far: int) -> None:
        """To a microsecond before what comes next, to the very instant, or after it; or a while."""
        coming = sorted({mark + shift * MOMENT for mark in self.marks() if mark and mark + shift * MOMENT > self.at})
        self.at = coming[min(which, len(coming) - 1)] if coming and far else self.at + wait

    def entries(self) -> int:
        """How much the ledger holds."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM ledger_entry")
            return int(cursor.fetchone()[0])

    def stands(self) -> tuple[Any, Any, int]:
        """State, rows and entries."""
        mark = written()
        if self._known[0] != mark:
            self._known = (mark, (self.state(), self.rows(), self.entries()))
        told: tuple[Any, Any, int] = self._known[1]
        return told

    @initialize(quarter=st.integers(0, 3))
    def it_is_a_life_with_cuts_or_without(self, quarter: int) -> None:
        self.cuts = quarter == 3

    def act(self, call: Callable[..., Told], *, twice: bool = True, leaves: int = 0, **facts: Any) -> Told | Exception:
        """Do it, or be refused; then ask the same again.

        leaves: entries a refusal may leave as evidence.
        """
        was = self.stands()
        sure = self.cuts and twice and self._cut_off(call, facts, was)
        try:
            told = call(**facts)
        except (Refused, ObjectDoesNotExist) as refused:
            *stands, entries = self.stands()
            assert not sure, f"cut off, and then refused: {refused}"
            assert stands == list(was[:2]), f"refused, and done: {refused}"
            assert entries <= was[2] + leaves, f"refused, and in the ledger: {refused}"
            return refused
        now = self.stands()
        assert now[0] == was[0] or now[2] > was[2], f"{call.__name__}: {was} became {now}, and the ledger knows nothing"
        self.done += 1
        if twice:
            with contextlib.suppress(Refused, ObjectDoesNotExist):
                call(**facts)
            assert self.stands() == now, f"{call.__name__}: done twice"
        return told

    def _cut_off(self, call: Callable[..., Any], facts: dict[str, Any], was: Any) -> bool:
        """The first time in this life that it may be done: it ends before its commit, then a stranger tries.

        Returns whether it may be done. What somebody may do now, nobody who is a stranger may.
        """
        if call.__qualname__ in self._cut:
            return False
        try:
            with transaction.atomic():
                call(**facts)
                transaction.set_rollback(True)
        except (Refused, ObjectDoesNotExist):
            return False
        self._cut.add(call.__qualname__)
        assert self.stands() == was, f"{call.__name__}: cut off, and done"
        if facts.get("by", SYSTEM) != SYSTEM:
            with contextlib.suppress(Refused, ObjectDoesNotExist):
                call(**(facts | {"by": STRANGER}))
            assert self.stands() == was, f"{call.__name__}: done by a stranger"
        return True

    def teardown(self) -> None:
        """The life is over: the ledger holds, and the world is as it was."""
        try:
            if self.done:
                self.end()
                sequencer.turn(at=self.at)
                faults = list(audit.faults())
                assert not faults, faults
        finally:
            transaction.set_rollback(True)
            self._life.__exit__(None, None, None)


def walk(machine: type[House], *, examples: int, see: Sequence[str] = (), far: Sequence[str] = ()) -> None:
    """So many lives in a usual run, as many as MACHINE_EXAMPLES says at length.

    see: what came to pass in some of them.  far: in some of hundreds.
    """
    machine.made, machine.seen = machine.world(), Counter()
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=EXAMPLES or examples,
            stateful_step_count=STEPS,
            deadline=None,
            database=None,
            derandomize=not AT_LENGTH,
            phases=(Phase.generate, Phase.shrink) if AT_LENGTH else (Phase.generate,),  # shrinking takes minutes
            suppress_health_check=list(HealthCheck),
        ),
    )
    wanted = (*see, *(far if EXAMPLES >= MANY else ()))
    assert not [name for name in wanted if not machine.seen[name]], machine.seen


def code(told: Any) -> str:
    """Why it was refused; empty where it was done.  What is not there for somebody is refused to him."""
    if isinstance(told, ObjectDoesNotExist):
        return "not-found"
    return told.reasons[0].code if isinstance(told, Refused) else ""
