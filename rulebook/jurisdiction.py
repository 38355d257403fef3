"""Whose place it is: an office acts and sees within the division it was given, and is a member of the public elsewhere.

One question, asked where somebody becomes an actor (an address that names a procurement) and wherever rows are listed
(an actor's `region` beside the row's). Buyers, providers, experts are tied to their houses, never to a division.
"""

from dataclasses import replace

from rulebook.actor import Actor, Role
from rulebook.regions import reaches

# Who acts for the public. Only these are ever given a division.
STAFF = frozenset({Role.SUPERVISOR, Role.WITNESS, Role.OPERATOR, Role.SECURITY, Role.AUDITOR})


def has_jurisdiction(by: Actor, region: str) -> bool:
    """Whether the actor's office reaches a region. Everywhere, while nobody gave it a division.

    region: digits as `rulebook.regions.region_of` gives them; empty for what is nowhere in particular, which only those
    who reach everywhere look after.
    """
    return reaches(by.region, region)


def in_region(by: Actor, region: str) -> Actor:
    """The actor as he stands in a region: himself where his office reaches it, elsewhere a member of the public.

    What the public may see he still sees; what his office opens is not there for him, and he can do nothing by it.
    """
    if has_jurisdiction(by, region):
        return by
    return replace(by, role=Role.STRANGER, organisation="", region="")
