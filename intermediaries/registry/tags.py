"""What an identity number is found by without being kept: a hash under the site's secret."""

from django.conf import settings
from django.utils.crypto import salted_hmac

SALT = "mingbiao practitioners"


def tags(id_number: str) -> list[str]:
    """The hash under the secret in use, which is written first, and under those it replaced."""
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return [salted_hmac(SALT, id_number.upper(), secret=key, algorithm="sha256").hexdigest() for key in secrets]
