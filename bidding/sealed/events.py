"""Public facts of sealed quotes between their opening and the choice."""

from dataclasses import dataclass
from typing import Any, ClassVar

from ledger.events import Event


@dataclass(frozen=True)
class QuotesFixed(Event):
    """The opened quotes as the choice takes them, before any lot is drawn; nobody changes a figure by leaving later.

    rows: [{"org", "name", "quote", "reasons"}], yuan; reasons against who may not win.  formula: how it is chosen.
    """

    kind: ClassVar[str] = "sealed.quotes-fixed"
    rows: list[dict[str, Any]]
    formula: dict[str, Any]


@dataclass(frozen=True)
class ExplanationAsked(Event):
    """A quote far below the others must be explained, or it does not stand.  least: yuan, from which on it need not."""

    kind: ClassVar[str] = "sealed.explanation-asked"
    org: str
    name: str
    quote: str
    least: str
    until: str


@dataclass(frozen=True)
class QuoteExplained(Event):
    """Its provider has said why it can do the work at that price."""

    kind: ClassVar[str] = "sealed.quote-explained"
    org: str
    name: str
    text: str


@dataclass(frozen=True)
class ExplanationJudged(Event):
    """The buyer takes an explanation or does not, with the reason; who is not believed may not win."""

    kind: ClassVar[str] = "sealed.explanation-judged"
    org: str
    name: str
    accepted: bool
    reason: str


@dataclass(frozen=True)
class JudgeNamed(Event):
    """The owner's panel has one more member.  seats: how many there are; names come with the result."""

    kind: ClassVar[str] = "sealed.judge-named"
    seats: int
    invited: bool


@dataclass(frozen=True)
class JudgeDeclared(Event):
    """A member has said whether anything ties him to one of those who offer."""

    kind: ClassVar[str] = "sealed.judge-declared"
    seat: int
    recused: bool


@dataclass(frozen=True)
class Assessed(Event):
    """A member has given points to one more provider.  given: to how many by now; the rest comes with the result."""

    kind: ClassVar[str] = "sealed.assessed"
    seat: int
    given: int
