"""What a law calls things, in the language a page speaks."""

from functools import cache

from django.conf import settings
from django.utils.translation import get_language, gettext

from rulebook.terms import Terms


def spoken(terms: Terms) -> Terms:
    """The same row in the reader's language; the row itself in Chinese, as in everything that is written down."""
    language = get_language() or settings.LANGUAGE_CODE
    return terms if language == settings.LANGUAGE_CODE else _translated(terms, language)


@cache
def _translated(terms: Terms, language: str) -> Terms:
    return Terms(**{name: gettext(word) for name, word in terms.words().items()})
