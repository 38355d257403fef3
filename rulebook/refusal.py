"""The one anticipated exception of the domain, and the reasons it carries."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from rulebook.law import Article
from rulebook.terms import USUAL, Terms

NOTHING: Mapping[str, object] = MappingProxyType({})


class Kind(StrEnum):
    """Whose fault a refusal is; the doors turn it into a status, rules never see one."""

    NOT_YOURS = "not-yours"  # this person may not do it at all
    NOT_NOW = "not-now"  # somebody may, at another time or in another state
    NOT_VALID = "not-valid"  # what was handed in is wrong


@dataclass(frozen=True, slots=True)
class Reason:
    """Why an act is refused.

    code: for machines, `package.word-word`, never reused for another meaning.
    text: one Chinese sentence for people, with {placeholders} filled from `values` after translation, and
    {terms.bidder} and the like from what the law of the purchase calls it.
    """

    code: str
    kind: Kind
    text: str
    law: Article | None = None
    values: Mapping[str, object] = field(default_factory=lambda: NOTHING, hash=False)

    def sentence(self, terms: Terms = USUAL) -> str:
        """The text with its values put in, in these terms."""
        return self.text.format_map({"terms": terms, **self.values})


class Refused(Exception):
    """An act was refused, for at least one stated reason."""

    def __init__(self, *reasons: Reason) -> None:
        if not reasons:
            raise ValueError("a refusal without a reason")
        super().__init__(*reasons)
        self.reasons: tuple[Reason, ...] = reasons

    def __str__(self) -> str:
        return "; ".join(f"{reason.code}: {reason.sentence()}" for reason in self.reasons)


def refuse_if(reasons: Iterable[Reason]) -> None:
    """Raise `Refused` with the reasons, if there are any."""
    reasons = tuple(reasons)
    if reasons:
        raise Refused(*reasons)
