"""What a procurement's record has said so far, as the monitors remember it. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from market.projects.rules import Procedure


@dataclass(frozen=True, slots=True)
class Said:
    """One public entry.  seq: its number in the procurement's stream."""

    seq: int
    kind: str
    at: datetime
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Facts:
    """What the procurement's rows say.  guarantee: yuan asked of each bidder.  failed: how many before it failed.

    received: when what was opened had been handed in, by whom; known from the opening on, empty before and wherever
    the law keeps it secret longer.  owed: until when guarantees that did not go back yet are to, with the article;
    of whom it does not say.
    """

    procedure: Procedure
    number: str
    buyer: str
    item: str
    ground: str
    category: str
    budget: Decimal
    cap: Decimal
    published_at: datetime
    closes_at: datetime | None = None
    selects_at: datetime | None = None
    guarantee: Decimal | None = None
    failed: int = 0
    received: Callable[[], list[tuple[datetime, str]]] = list
    owed: Callable[[], list[tuple[datetime, str]]] = list


@dataclass
class State:
    """What is remembered between two looks; kept as JSON.

    times: how often an entry of a kind came.  held: single facts by name.  clocks: those that run, by their key:
    {"code", "seq", "start", "due", "near", "lit"}.
    """

    times: dict[str, int] = field(default_factory=dict)
    held: dict[str, Any] = field(default_factory=dict)
    clocks: dict[str, dict[str, Any]] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """As a row keeps it."""
        return {"times": self.times, "held": self.held, "clocks": self.clocks}

    def yuan(self, name: str) -> Decimal | None:
        """An amount that was remembered."""
        return Decimal(self.held[name]) if name in self.held else None


Measure = Callable[[Facts, State, Said], Decimal | int | None]


def remember(state: State, said: Said) -> None:
    """Note what later measures compare with."""
    data, held = said.data, state.held
    state.times[said.kind] = state.times.get(said.kind, 0) + 1
    match said.kind:
        case "opening.hall-opened":
            held["bids"] = data.get("count", 0)
        case "opening.verdict":
            held["bad"] = held.get("bad", 0) + (data.get("verdict") != "OK")
            held["units"] = held.get("units", 0) + 1
        case "market.award-published" | "selection.chosen-directly":
            held["winner"], held["award"] = data["org"], str(data["amount"])
        case "market.contract-recorded":
            held["party"], held["contract"] = data["org"], str(data["amount"])
        case "performance.plan-agreed":
            held["price"] = str(data["amount"])
            held["milestones"] = [each["number"] for each in data["milestones"]]
        case "performance.inspected" if data["accepted"]:
            held["accepted"] = sorted({*held.get("accepted", ()), data["milestone"]})
        case "performance.payment-recorded":
            held["paid"] = _more(held.get("paid"), data["amount"])
        case "performance.invoice-recorded":
            held["billed"] = _more(held.get("billed"), data["amount"])
        case "performance.payment-answered":
            held["disputed"] = held.get("disputed", 0) + (not data["received"])


def _more(before: str | None, amount: str) -> str:
    return str(Decimal(before or 0) + Decimal(amount))
