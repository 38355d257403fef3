"""What a purchase in the supermarket is made of. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any


@dataclass(frozen=True)
class AuctionTerms:
    """How a live reverse auction runs, announced before it begins.

    start, step: yuan; a quote is at most the best one less the step.  minutes: how long it runs at first.
    window: seconds before the end in which a quote moves the end to as many seconds after it.  most: times, at most.
    """

    start: Decimal
    step: Decimal
    minutes: int
    window: int
    most: int

    def as_json(self) -> dict[str, Any]:
        return {
            "start": str(self.start), "step": str(self.step), "minutes": self.minutes, "window": self.window,
            "most": self.most,
        }  # fmt: skip


def auction_of(value: Mapping[str, Any]) -> AuctionTerms:
    """The terms a JSON object spells."""
    return AuctionTerms(
        Decimal(value["start"]), Decimal(value["step"]), int(value["minutes"]), int(value["window"]), int(value["most"])
    )
