"""Public facts of ratings, in the stream of the purchase; a rating itself is sealed until both sides are heard."""

from dataclasses import dataclass
from typing import Any, ClassVar

from ledger.events import Event


def sealed_stream(number: str) -> str:
    """Where ratings wait, blinded."""
    return f"ratings/{number}"


@dataclass(frozen=True)
class RatingSealed(Event):
    """Somebody has rated. Neither the other side nor anybody else learns of it before both are shown."""

    kind: ClassVar[str] = "ratings.sealed"
    sealed: ClassVar[bool] = True
    side: str
    level: int
    scores: dict[str, int]
    text: str
    evidence: str


@dataclass(frozen=True)
class RatingsShown(Event):
    """Both sides' words, at once.

    ratings: [{"side", "org", "level", "scores", "text", "evidence", "by_default"}], side and org of who is rated;
    by_default: nobody said anything in time, and it counts nowhere.  completed: else the contract was terminated.
    """

    kind: ClassVar[str] = "ratings.shown"
    completed: bool
    ratings: list[dict[str, Any]]


@dataclass(frozen=True)
class RatingAnswered(Event):
    """Who was rated low says what was looked into and put right."""

    kind: ClassVar[str] = "ratings.answered"
    side: str
    org: str
    text: str


@dataclass(frozen=True)
class RatingFound(Event):
    """What the supervision found of a low rating.  finding: of `rules.Finding`; an unfounded one counts no longer."""

    kind: ClassVar[str] = "ratings.found"
    side: str
    org: str
    finding: str
    text: str
