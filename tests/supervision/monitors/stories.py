"""A procurement's record, told to the monitors without a house."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from market.projects.rules import METHODS, Edition, procedure_of
from supervision.monitors import watching
from supervision.monitors.story import Facts, Said, State
from supervision.monitors.watching import Found
from tests import cast

CLOSES = cast.NOON
PUBLISHED = CLOSES - 30 * cast.DAY
# (kind, data, when after CLOSES)
Line = tuple[str, dict[str, Any], Any]
TENDER: Line = ("market.notice-published", {"type": "tender"}, PUBLISHED - CLOSES)
CLOSED: Line = ("tender.closed", {}, cast.MINUTE)
HALL: Line = ("opening.hall-opened", {"count": 3}, 2 * cast.MINUTE)
ENDED: Line = ("opening.ended", {"reason": ""}, cast.HOUR)
REPORTED: Line = ("evaluation.reported", {}, cast.DAY)
DETERMINED: Line = ("market.determined", {}, 2 * cast.DAY)
AWARD: Line = ("market.award-published", {"org": cast.HETAO, "amount": "1190000.00"}, 3 * cast.DAY)
CONTRACT: Line = ("market.contract-recorded", {"org": cast.HETAO, "amount": "1190000.00"}, 5 * cast.DAY)
CONTRACT_NOTICE: Line = ("market.notice-published", {"type": "contract"}, 6 * cast.DAY)
HONEST = (TENDER, CLOSED, HALL, ENDED, REPORTED, DETERMINED, AWARD, CONTRACT, CONTRACT_NOTICE)


def facts(edition: str = "87-2017", **other: Any) -> Facts:
    told = {
        "procedure": procedure_of(METHODS[Edition(edition)], edition), "number": "T-1", "buyer": cast.BUYER,
        "item": "监测站", "ground": "", "category": "goods", "budget": Decimal(1_300_000), "cap": Decimal(1_280_000),
        "published_at": PUBLISHED, "closes_at": CLOSES, "selects_at": CLOSES,
    }  # fmt: skip
    return Facts(**(told | other))


class Story:
    """Entries come one after the other, and time passes."""

    def __init__(self, **other: Any) -> None:
        self.facts, self.state, self.seq = facts(**other), State(), 0
        self.found: list[Found] = []

    def says(self, *lines: Line) -> "Story":
        for kind, data, after in lines:
            self.seq += 1
            look = watching.told(self.state, self.facts, Said(self.seq, kind, CLOSES + after, data))
            self.found += look.found
        return self

    def waits(self, until: datetime) -> "Story":
        self.found += watching.passed(self.state, self.facts, at=until).found
        return self

    def codes(self) -> list[str]:
        return [each.code for each in self.found if not each.cured]


def but(line: Line, after: Any = None, **data: Any) -> Line:
    """The same entry with other data, or at another time."""
    return line[0], {**line[1], **data}, line[2] if after is None else after
