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
    rank follows.  It never keeps a bid from being read out: there it is shown to those who conduct the opening.
    decides: what is told of it meanwhile, and who decides.
    """

    at_review: bool
    decides: str
    law: Article


_AT_AWARD = (
    "禁入在递交之后开始，照常{terms.read_out}、{terms.evaluation}；不得确定其{terms.award}，由{terms.buyer}定标时处理"
)


# To verify: no law says it in as many words; what was lawfully handed in stays handed in, what is awarded is new.
LATER: Mapping[str, Later] = MappingProxyType(
    {
        "A": Later(False, _AT_AWARD, own(72)),
        "B": Later(False, _AT_AWARD, own(72)),
        "C": Later(False, _AT_AWARD, own(72)),
        # everybody is looked at again on the day of choice
        "D": Later(True, "选取当日由系统逐家再审查，处于禁入期的出局", own(12)),
    }
)

# The platform's restrictions rest on its entry agreement: they bind in the market it runs and nowhere the law rules.
OWN_MARKET = frozenset("D")


def counts_at_review(*, starts_on: date, received_on: date, regime: str) -> bool:
    """Whether a ban counts against a bid that is reviewed: it bound when the bid came in, or the regime's row says so.

    It is the day the ban began that decides, not the day on which it was recorded.
    """
    return starts_on <= received_on or LATER[regime].at_review
