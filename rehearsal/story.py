"""One tender from the notice to the award, played and timed act by act.

Scenario 1: quotes of 1,000,000 / 1,100,000 / 1,250,000 yuan, price weight 30; the 1,100,000 bidder is a small
enterprise with 10 % deduction: price points 29.70 / 30.00 / 23.76, all else equal, so the small enterprise wins.
"""

import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rehearsal.actors import Actors, Keys
from rehearsal.cast import Cast, Person
from rehearsal.client import Client
from rehearsal.watch import Watch

QUOTES = ("1000000.00", "1100000.00", "1250000.00")
LATER_QUOTE = 1_300_000  # of the fourth bidder on, each 20,000 more than the one before
BUDGET, CAP = "1500000.00", "1500000.00"
PARTS = ("sheet", "body")


@dataclass
class Bidder:
    """A bidder: who he is, what he asks, and what he keeps of his bid."""

    person: Person
    quote: str
    small: bool
    folder: Path
    slots: dict[str, int] = field(default_factory=dict)
    sealed: dict[str, dict[str, Any]] = field(default_factory=dict)  # part ↦ what `seal` answered
    receipts: dict[str, dict[str, Any]] = field(default_factory=dict)
    live: bool = True

    @property
    def org(self) -> str:
        return self.person.org


@dataclass
class Story:
    """What all acts share."""

    base: str
    cast: Cast
    keys: Keys
    actors: Actors
    folder: Path
    bidders: list[Bidder]
    size: int  # bytes of a bid's body
    seconds: int  # from the notice to the deadline
    own_site: bool = True  # nobody else runs the holders and contributors
    facts: dict[str, Any] = field(default_factory=dict)  # what this purchase has otherwise than `buying.FACTS`
    number: str = ""
    hall: Watch | None = None
    keys_stream: Watch | None = None
    closing: str = ""
    panel: list[Person] = field(default_factory=list)
    steps: list[tuple[str, float]] = field(default_factory=list)

    def client(self, username: str) -> Client:
        """A person of the demo world, signed in."""
        return self.cast.client(self.cast.people[username])

    @property
    def stranger(self) -> Client:
        """Anybody, not signed in."""
        return Client(self.base)

    @property
    def live(self) -> Watch:
        """The project's public stream."""
        assert self.hall is not None, "the notice is not published yet"
        return self.hall

    def page(self, ending: str = "") -> str:
        """A page of the project."""
        return f"/projects/{self.number}/{ending}"

    def door(self, ending: str) -> str:
        """A programs' door of the project."""
        return f"/api/projects/{self.number}/{ending}"

    def unit(self, part: str = "sheet") -> dict[str, str]:
        return {"tender": self.number, "lot": "1", "part": part}

    def says(self, org: str, fields: dict[str, Any]) -> Any:
        """An organisation signs a statement and posts it; the signature alone says who speaks."""
        return self.stranger.post(self.door("statements"), self.keys.sign(org, fields))

    def play(self, acts: Sequence[tuple[str, Callable[["Story"], str]]]) -> None:
        """Play the acts in order; each tells in a line what came of it."""
        for name, act in acts:
            started = time.monotonic()
            told = act(self)
            self.actors.all_alive()
            took = time.monotonic() - started
            self.steps.append((name, took))
            print(f"{took:7.1f} s  {name}：{told}", flush=True)


def bidders_of(cast: Cast, folder: Path, count: int) -> list[Bidder]:
    """The first firms of the world with their quotes. Untrue for fewer than three or more than there are."""
    providers = cast.of_role("provider")
    if not 3 <= count <= len(providers):
        raise Untrue(f"BIDDERS={count}: this world has 3…{len(providers)}")
    quotes = [*QUOTES, *(f"{LATER_QUOTE + 20_000 * extra}.00" for extra in range(count - 3))]
    return [
        Bidder(person, quote, person.org in cast.small, folder / "bids" / person.org)
        for person, quote in zip(providers, quotes, strict=False)
    ]


class Untrue(Exception):
    """Something the site told the public is not so."""


def expect(holds: bool, what: str) -> None:
    """Untrue unless it holds."""
    if not holds:
        raise Untrue(what)


def tell(line: str) -> None:
    """A remark beside the story."""
    print(f"           {line}", file=sys.stderr, flush=True)


def until(ready: Callable[[], Any], what: str, *, seconds: float = 60.0, every: float = 0.5) -> Any:
    """What `ready` answers once it answers something. Untrue when it does not in time."""
    ends = time.monotonic() + seconds
    while True:
        found = ready()
        if found:
            return found
        if time.monotonic() > ends:
            raise Untrue(f"{what}: not within {seconds:.0f} s")
        time.sleep(every)
