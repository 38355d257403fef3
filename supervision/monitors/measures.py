"""What the monitors measure when an entry comes: each a number, or None where there is nothing to measure. Pure.

They are taken once the entry itself is remembered.
"""

from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal

from rulebook.times import parse_iso
from supervision.monitors.story import Facts, Measure, Said, State

BURST, CLUSTER = timedelta(seconds=120), timedelta(days=1)
RUSH = timedelta(hours=1)  # before a deadline everybody hands in: what comes together then says nothing
PERCENT = Decimal("0.01")


def without(kind: str) -> Measure:
    """1 where no entry of that kind, another than the one looked at, came before."""

    def measure(facts: Facts, state: State, said: Said) -> int:
        return int(not state.times.get(kind))

    return measure


def times(kind: str) -> Measure:
    """How often an entry of that kind came, this one included."""

    def measure(facts: Facts, state: State, said: Said) -> int:
        return state.times.get(kind, 0)

    return measure


def opened_early(facts: Facts, state: State, said: Said) -> int | None:
    return None if facts.closes_at is None else int(said.at < facts.closes_at)


def too_few(facts: Facts, state: State, said: Said) -> int:
    return facts.procedure.least_to_open(facts.ground) - int(said.data.get("count", 0))


def unless_opened(facts: Facts, state: State, said: Said) -> int | None:
    row = facts.procedure  # what ends behind closed doors is not in the public record
    return int(not state.times.get("opening.ended")) if row.needs_hall and row.closed_hall is None else None


def without_report(facts: Facts, state: State, said: Said) -> int | None:
    row = facts.procedure
    return int(not state.times.get("evaluation.reported")) if row.needs_panel and not row.selection else None


def another_party(facts: Facts, state: State, said: Said) -> int | None:
    return int(said.data["org"] != state.held["winner"]) if "winner" in state.held else None


def uninspected(facts: Facts, state: State, said: Said) -> int:
    return len(set(state.held.get("milestones", ())) - set(state.held.get("accepted", ())))


def unsigned(facts: Facts, state: State, said: Said) -> int:
    return int(bool(said.data.get("reason")))


def seats_short(facts: Facts, state: State, said: Said) -> int | None:
    row = facts.procedure
    return None if row.selection else row.seats_for(facts.budget) - len(said.data["seats"])


def too_short(facts: Facts, state: State, said: Said) -> int | None:
    if said.data["type"] != "tender" or facts.closes_at is None or facts.procedure.selection:
        return None
    return int(not facts.procedure.preparation.met(said.at, facts.closes_at))


def above_cap(facts: Facts, state: State, said: Said) -> Decimal:
    return Decimal(said.data["amount"]) - facts.cap


def close_to_cap(facts: Facts, state: State, said: Said) -> Decimal | None:
    several = int(state.held.get("bids", 0)) >= 3
    return _share(Decimal(said.data["amount"]), facts.cap) if several else None


def other_price(facts: Facts, state: State, said: Said) -> Decimal | None:
    award = state.yuan("award")
    return None if award is None else abs(Decimal(said.data["amount"]) - award)


def added(facts: Facts, state: State, said: Said) -> Decimal | None:
    contract = state.yuan("contract")
    return _share(Decimal(said.data["amount"]) - contract, contract) if contract else None


def overpaid(facts: Facts, state: State, said: Said) -> Decimal | None:
    return _beyond(state, "paid")


def overbilled(facts: Facts, state: State, said: Said) -> Decimal | None:
    return _beyond(state, "billed")


def deposit(facts: Facts, state: State, said: Said) -> Decimal | None:
    if said.data["type"] != "tender" or facts.guarantee is None:
        return None
    share, _ = facts.procedure.guarantee
    most = facts.budget * share
    if facts.procedure.guarantee_most is not None:
        most = min(most, facts.procedure.guarantee_most)
    return facts.guarantee - most


def disputed(facts: Facts, state: State, said: Said) -> int | None:
    return None if said.data["received"] else int(state.held.get("disputed", 0))


def failed(facts: Facts, state: State, said: Said) -> int | None:
    return facts.failed + 1 if said.data["type"] == "failure" else None


def moved_late(facts: Facts, state: State, said: Said) -> int | None:
    if not facts.procedure.for_real:  # whose whole time is minutes
        return None
    return int(parse_iso(said.data["was"]) - said.at < CLUSTER)


def excluded(facts: Facts, state: State, said: Said) -> int:
    return len(said.data["terms"].get("excluded", ()))


def invalid(facts: Facts, state: State, said: Said) -> Decimal | None:
    units = int(state.held.get("units", 0))
    return _share(Decimal(int(state.held.get("bad", 0))), Decimal(units)) if units else None


def burst(facts: Facts, state: State, said: Said) -> int | None:
    """The most bidders that handed in within two minutes before the last hour, each counted with what came last."""
    if not facts.procedure.for_real or facts.closes_at is None:
        return None
    last: dict[str, object] = {}
    received = sorted(facts.received())
    for at, org in received:
        last[org] = at
    ends = sorted(at for at, org in received if last[org] == at and at < facts.closes_at - RUSH)
    return max((sum(1 for other in ends if at <= other < at + BURST) for at in ends), default=0)


def _beyond(state: State, name: str) -> Decimal | None:
    price = state.yuan("price") or state.yuan("contract")
    held = state.yuan(name)
    return None if price is None or held is None else held - price


def _share(part: Decimal, whole: Decimal) -> Decimal:
    return (part * 100 / whole).quantize(PERCENT, ROUND_HALF_UP)
