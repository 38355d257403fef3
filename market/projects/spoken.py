"""What a law calls things, in the language a page speaks."""

import re
from functools import cache

from django.conf import settings
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from market.projects.periods import Unit
from rulebook.terms import Terms

UNITS = {Unit.DAYS: _("{n}日"), Unit.WORKING_DAYS: _("{n}个工作日"), Unit.SECONDS: _("{n}秒")}
PERIOD = re.compile(f"([0-9]+)({'|'.join(UNITS)})")


def spoken(terms: Terms) -> Terms:
    """The same row in the reader's language; the row itself in Chinese, as in everything that is written down."""
    language = get_language() or settings.LANGUAGE_CODE
    return terms if language == settings.LANGUAGE_CODE else _translated(terms, language)


@cache
def _translated(terms: Terms, language: str) -> Terms:
    return Terms(**{name: gettext(word) for name, word in terms.words().items()})


def length(words: str) -> str:
    """A period as the law says it (`Period.words`) in the reader's language; any other words as they are."""
    found = PERIOD.fullmatch(words)
    return str(UNITS[Unit(found[2])]).format(n=found[1]) if found else words
