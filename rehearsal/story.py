"""One purchase from the notice to the contract, played and timed act by act; of which kind, its row says.

Scenario 1: quotes of 1,000,000 / 1,100,000 / 1,250,000 yuan, price weight 30; the 1,100,000 bidder is a small
enterprise with 10 % deduction: price points 29.70 / 30.00 / 23.76, all else equal, so the small enterprise wins.
"""

import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rehearsal.actors import Actors, Keys
from rehearsal.cast import Cast, Person
from rehearsal.client import PATIENCE, Client
from rehearsal.watch import Watch

QUOTES = ("1000000.00", "1100000.00", "1250000.00")
LATER_QUOTE = 1_300_000  # of the fourth bidder on, each 20,000 more than the one before
BUDGET, CAP = "1500000.00", "1500000.00"


@dataclass(frozen=True)
class Factor:
    """What the panel gives points for."""

    name: str
    max: str
    objective: bool
    standard: str


@dataclass(frozen=True)
class Kind:
    """How a purchase goes, as far as those outside have to know it.

    facts: what its form is told otherwise than `buying.FACTS`.  sessions: the parts of a bid by the session that
    opens them, the price last.  rounds: the last session's part is sealed later, when the panel has talked.
    seats: members of the panel.  last: the kind of entry with which its record is whole.
    """

    title: str
    facts: Mapping[str, Any]
    sessions: tuple[tuple[str, ...], ...]
    seats: int
    acts: "Acts"
    rounds: bool = False
    last: str = "market.contract-recorded"

    @property
    def parts(self) -> tuple[str, ...]:
        """Every part of a bid, in the order in which they are opened."""
        return tuple(part for session in self.sessions for part in session)

    @property
    def at_deadline(self) -> tuple[str, ...]:
        """The parts that are due at the deadline."""
        return self.sessions[0] if self.rounds else self.parts

    @property
    def price(self) -> str:
        """The part that names the price."""
        return "sheet" if "sheet" in self.parts else "price"

    @property
    def judged_before_price(self) -> bool:
        """Whether the panel judges before any price is opened."""
        return self.price not in self.sessions[0]


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
    judged_out: bool = False  # found insufficient before any price was opened

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
    kind: Kind
    bidders: list[Bidder]
    size: int  # bytes of a bid's body
    seconds: int  # from the notice to the deadline
    keys_stream: Watch  # the parties' keys
    facts: dict[str, Any] = field(default_factory=dict)  # what this purchase has otherwise than `buying.FACTS`
    number: str = ""
    hall: Watch | None = None
    closing: str = ""
    session: int = 1  # which session of the opening is on
    panel: list[Person] = field(default_factory=list)
    steps: list[tuple[str, float]] = field(default_factory=list)

    def client(self, username: str) -> Client:
        """A person of the demo world, signed in."""
        return self.cast.client(self.cast.people[username])

    @property
    def stranger(self) -> Client:
        """Anybody, not signed in."""
        return Client(self.base, patience=PATIENCE)

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

    def unit(self, part: str = "") -> dict[str, str]:
        """A part of this purchase; without one, the session that is on, by the first part it opens."""
        return {"tender": self.number, "lot": "1", "part": part or self.opened_now[0]}

    @property
    def opened_now(self) -> tuple[str, ...]:
        """The parts that this session opens."""
        return self.kind.sessions[self.session - 1]

    @property
    def in_hall(self) -> list[Bidder]:
        """Whose envelopes this session opens."""
        return [bidder for bidder in self.bidders if bidder.live] if self.session == 1 else self.going_on

    @property
    def going_on(self) -> list[Bidder]:
        """Who has bid, and was not found insufficient."""
        return [bidder for bidder in self.bidders if bidder.live and not bidder.judged_out]

    def says(self, org: str, fields: dict[str, Any]) -> Any:
        """An organisation signs a statement and posts it; the signature alone says who speaks."""
        return self.stranger.post(self.door("statements"), self.keys.sign(org, fields))

    def play(self) -> None:
        """Play the acts of its kind in order; each tells in a line what came of it."""
        for name, act in self.kind.acts:
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


Acts = Sequence[tuple[str, Callable[[Story], str]]]


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
