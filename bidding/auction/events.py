"""The public story of an auction. Until its end nobody is named: whoever quotes has an alias."""

from dataclasses import dataclass
from typing import Any, ClassVar

from ledger.events import Event


@dataclass(frozen=True)
class AuctionCalled(Event):
    """The rules of an auction and who takes part, by aliases alone, before the first quote.

    start, step: yuan.  window, restart: seconds.  most: how often a quote may move the end.  latest: when it is over
    at the latest unless it is paused.  aliases: [{"alias", "commitment"}].
    """

    kind: ClassVar[str] = "auction.called"
    start: str
    step: str
    window: int
    most: int
    restart: int
    starts_at: str
    ends_at: str
    latest: str
    aliases: list[dict[str, str]]


@dataclass(frozen=True)
class Quoted(Event):
    """A quote was accepted.

    number: 1, 2, …  price: yuan.  ends_at: from here on.  extended: how often a quote has moved the end.
    """

    kind: ClassVar[str] = "auction.quoted"
    number: int
    alias: str
    price: str
    ends_at: str
    extended: int


@dataclass(frozen=True)
class AuctionPaused(Event):
    """The clock of an auction stands for everybody.

    by: organisation; empty where the purchase itself rests.  left: microseconds that are left.
    """

    kind: ClassVar[str] = "auction.paused"
    by: str
    reason: str
    left: int


@dataclass(frozen=True)
class AuctionResumed(Event):
    """Quotes are taken again from `opens_at` on.

    by: organisation; empty where the purchase itself goes on.  ahead: seconds by which that is told before, 0 where
    only its clock had stood.
    """

    kind: ClassVar[str] = "auction.resumed"
    by: str
    opens_at: str
    ends_at: str
    ahead: int = 0


@dataclass(frozen=True)
class AuctionEnded(Event):
    """It is over; who was behind each alias, with the salts that open the commitments.

    revealed: [{"alias", "org", "name", "salt"}]; empty where nobody quoted, as the purchase fails then.
    """

    kind: ClassVar[str] = "auction.ended"
    ended_at: str
    quotes: int
    best: str | None
    revealed: list[dict[str, Any]]


@dataclass(frozen=True)
class ExplanationAsked(Event):
    """A last quote is abnormally low: whoever made it is asked to explain it.  grounds: sentences."""

    kind: ClassVar[str] = "auction.explanation-asked"
    org: str
    price: str
    grounds: list[str]
    until: str


@dataclass(frozen=True)
class Explained(Event):
    """The explanation is in; what it says is the buyer's to read.  sha256: of its text."""

    kind: ClassVar[str] = "auction.explained"
    org: str
    sha256: str


@dataclass(frozen=True)
class ExplanationJudged(Event):
    """The buyer takes the explanation, or does not, with the reason."""

    kind: ClassVar[str] = "auction.explanation-judged"
    org: str
    accepted: bool
    reason: str
