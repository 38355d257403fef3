"""Who gives the randomness to a choice by lot, how long the draw waits, and over what it is held."""

from collections.abc import Mapping

from accounts.models import Organisation
from accounts.queries import pinned_keys
from draws.rules import Windows

# For a purchase that is for real, and for one that is only played. The contributors are unattended: they complain at
# once or never, so the one window that always runs to its end is short, and a draw settles in seconds.
WINDOWS: Mapping[bool, Windows] = {
    True: Windows(complaints=10),
    False: Windows(keys=60, commits=20, deals=20, complaints=2, reveals=20, recovery=30),
}
KINDS = (Organisation.Kind.CENTRE, Organisation.Kind.NOTARY, Organisation.Kind.PLATFORM)


def contributors() -> list[str]:
    """Trading centre, notary, platform: never the buyer, who has a wish, and may be a citizen without a key.

    Of several of a kind, the first by code that has a registered key.
    """
    found = []
    for kind in KINDS:
        codes = list(Organisation.objects.filter(kind=kind).order_by("code").values_list("code", flat=True))
        found += ([code for code in codes if pinned_keys(code)] or codes)[:1]
    return found
