"""Who gives the randomness to a project's draws, and how long these wait."""

from collections.abc import Mapping

from accounts.models import Organisation
from accounts.queries import pinned_keys
from draws.rules import Windows
from market.projects.models import Project

# For a purchase that is for real, and for one that is only played.
WINDOWS: Mapping[bool, Windows] = {
    True: Windows(),
    False: Windows(keys=60, commits=20, deals=20, complaints=2, reveals=20, recovery=30),
}


def contributors(project: Project) -> list[str]:
    """Who gives the randomness: the buyer, the trading centre, the platform; each with a registered key if it has one.

    Of several of a kind, the first by code.
    """
    found = [project.buyer_id]
    for kind in (Organisation.Kind.CENTRE, Organisation.Kind.PLATFORM):
        codes = list(Organisation.objects.filter(kind=kind).order_by("code").values_list("code", flat=True))
        found += ([code for code in codes if pinned_keys(code)] or codes)[:1]
    return found
