"""Filters that say parts, verdicts and findings of an opening in words a bystander understands."""

from typing import Any

from django import template

from accounts.queries import name_of as name_by_code
from accounts.queries import names_of
from bidding.opening import words
from bidding.opening.rules import quote
from rulebook.money import yuan
from rulebook.terms import Terms

register = template.Library()
READABLE = 30  # names in one line of a hall


@register.filter
def name_of(code: str) -> str:
    """The name of an organisation by its code."""
    return name_by_code(code)


@register.filter
def their_names(codes: list[str]) -> str:
    """：甲公司、乙公司 — as long as there are few enough to read."""
    if not 0 < len(codes) <= READABLE:
        return ""
    names = names_of(set(codes))
    return "：" + "、".join(names[code] for code in codes)


@register.filter
def how_many(units: dict[str, list[str]]) -> int:
    """Of envelopes told by their part."""
    return sum(map(len, units.values()))


@register.filter
def part_words(part: str) -> str:
    return words.part(part)


@register.filter
def verdict_words(verdict: str, terms: Terms) -> str:
    return words.verdict(verdict, terms)


@register.filter
def finding_words(finding: str, terms: Terms) -> str:
    return words.finding(finding, terms)


@register.filter
def price_words(price: Any) -> str:
    """A price as it is read out: with separators when it is a plain amount, else as it was written."""
    amount = quote({"price": price})
    return str(price) if amount is None else f"{yuan(amount):,.2f}"


@register.filter
def cause_words(cause: str, terms: Terms) -> str:
    return words.cause(cause, terms)


@register.filter
def outcome_words(outcome: str, terms: Terms) -> str:
    return words.outcome(outcome, terms)


@register.filter
def side_words(side: str) -> str:
    return str(words.SIDES.get(side, side))


@register.filter
def how_words(how: str) -> str:
    return str(words.HOW.get(how, how))
