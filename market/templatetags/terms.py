"""What the law of a purchase calls things, for a line that knows only the stream it stands in."""

from django import template

from market.projects import queries, spoken
from rulebook.terms import Terms

register = template.Library()


@register.filter
def terms_of(stream: str) -> Terms:
    """The terms of the purchase whose stream this is; the usual ones for any other stream."""
    return queries.terms_of_stream(stream)


@register.filter
def length_words(words: str) -> str:
    """A period as the law says it, in the reader's language."""
    return spoken.length(words)
