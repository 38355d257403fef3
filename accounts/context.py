"""What the frame of every page needs."""

import functools

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language
from django.utils.translation.trans_real import DjangoTranslation
from django.views.i18n import JSONCatalog

from accounts import queries


def site(request: HttpRequest) -> dict[str, object]:
    """server_time; unread, counted only where a page shows it; site_banner; script_words, for what scripts say."""
    return {
        "server_time": getattr(request, "arrived_at", None),
        "unread": SimpleLazyObject(lambda: queries.unread(request.user) if request.user.is_authenticated else 0),
        "site_banner": getattr(settings, "SITE_BANNER", ""),
        "script_words": script_words(get_language() or settings.LANGUAGE_CODE),
    }


@functools.cache
def script_words(language: str) -> dict[str, str]:
    """The sentences of scripts in a language, from its `djangojs` catalogue; none for Chinese."""
    words = JSONCatalog()
    words.translation = DjangoTranslation(language, domain="djangojs")
    return {sentence: said for sentence, said in words.get_catalog().items() if isinstance(said, str)}
