"""What a ban that began while a bid lay here does, by regime. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from rulebook.house import own
from rulebook.law import Article


@dataclass(frozen=True, slots=True)
class Later:
    """A ban that began after a bid had come in: whether it counts at the review of bids already.

    At the award and the contract it always counts: the award is refused with the decision's number, and the next in
    rank follows.
    """

    at_review: bool
    law: Article


# To verify: no law says it in as many words; what was lawfully handed in stays handed in, what is awarded is new.
LATER: Mapping[str, Later] = MappingProxyType(
    {
        "A": Later(False, own(72)),
        "B": Later(False, own(72)),
        "C": Later(False, own(72)),
        "D": Later(True, own(12)),  # everybody is looked at again on the day of choice
    }
)

# The platform's restrictions rest on its entry agreement: they bind in the market it runs and nowhere the law rules.
OWN_MARKET = frozenset("D")


def counts_at_review(*, starts_on: date, received_on: date, regime: str) -> bool:
    """Whether a ban counts against a bid that is reviewed: it bound when the bid came in, or the regime's row says so.

    It is the day the ban began that decides, not the day on which it was recorded.
    """
    return starts_on <= received_on or LATER[regime].at_review
