"""The monitors at work on one procurement: an entry comes, or time passes, and something is found. Pure.

Whatever the order of looks, the same is found: an entry that ends a clock too late is found out even where no look
came between, and what was found once is never found again.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from rulebook.calendar import CHINA, add_days, day_in_china, limit_words
from rulebook.law import Article
from rulebook.times import iso, parse_iso
from supervision.monitors.rules import Light, Monitor
from supervision.monitors.story import Facts, Said, State, remember
from supervision.monitors.table import (
    CHECKS,
    CLOCKS,
    DELIVERY,
    GOES_ON,
    LOW_RATING,
    OVER,
    PROMISED,
    REFUND,
    RESTS,
    ROWS,
    SHARES,
    Check,
    Clock,
    Share,
)

ASK_AGAIN = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Found:
    """Something an alert is raised for, or (cured) what an earlier one awaited.  fact: which, for ever.

    subject: of the alert where it is not the procurement.  rows: [label, value] of the evidence.
    """

    code: str
    monitor: Monitor
    fact: str
    light: Light
    what: str
    law: str
    entries: tuple[int, ...]
    cured: bool = False
    subject: str = ""
    rows: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Count:
    """One more of something in a year."""

    what: str
    key: str
    year: int


@dataclass
class Look:
    """What one look brought."""

    found: list[Found] = field(default_factory=list)
    counts: list[tuple[Count, Said]] = field(default_factory=list)


def told(state: State, facts: Facts, said: Said) -> Look:
    """Take in one more entry of the procurement's record."""
    look = Look()
    remember(state, said)
    for check in _checks(said):
        value = check.measure(facts, state, said)
        if value is not None and (light := check.light(value)):
            look.found.append(_measured(check, light, value, said))
    for one in _also(state, said):
        _end(state, one, look)
        _start(state, facts, one)
    _rest(state, facts, said)
    if any(on(said.kind, said.data) for on in OVER):
        state.clocks.clear()
        state.held["over"] = True
    look.counts += [(count, said) for count in _counts(facts, said)]
    return look


def passed(state: State, facts: Facts, *, at: datetime) -> Look:
    """Time passed: what is near its limit, or beyond it, and was not found before; and what no entry tells of."""
    look = Look()
    _owe(state, facts, look, at=at)
    if "rests" in state.held:
        return look
    for key, clock in state.clocks.items():
        light = _light(clock, at)
        if light > clock["lit"]:
            clock["lit"] = light.value
            look.found.append(_clocked(key, clock, light))
    return look


def next_look(state: State, *, at: datetime) -> datetime | None:
    """When time alone can bring something new; None when it cannot.

    What no entry tells of is asked again every hour once its light is red.
    """
    if "rests" in state.held:
        return None
    instants = [
        parse_iso(clock["due"] if clock["lit"] else clock["near"])
        for clock in state.clocks.values()
        if clock["lit"] < Light.RED
    ]
    red = (clock for clock in state.clocks.values() if clock["lit"] == Light.RED)
    instants += [at + ASK_AGAIN for clock in red if clock["code"] == REFUND.code]
    return min(instants, default=None)


def next_deadline(state: State) -> tuple[datetime, str] | None:
    """The deadline that is over longest, or comes first, with its row's code."""
    return min(((parse_iso(clock["due"]), str(clock["code"])) for clock in state.clocks.values()), default=None)


def shared(share: Share, count: int, of: int) -> tuple[Light, Decimal]:
    """The light of a year's count, or of its share in `of`, with the value it has."""
    if not share.of:
        return share.light(Decimal(count)), Decimal(count)
    if of < share.least:
        return Light.GREEN, Decimal()
    value = (Decimal(count) * 100 / of).quantize(Decimal("0.1"), ROUND_HALF_UP)
    return share.light(value), value


def _checks(said: Said) -> Iterator[Check]:
    return (check for check in _BY_KIND.get(said.kind, ()))


_BY_KIND: dict[str, list[Check]] = {}
for _each in CHECKS:
    for _kind in _each.on:
        _BY_KIND.setdefault(_kind, []).append(_each)


def _also(state: State, said: Said) -> list[Said]:
    """The entry, with what it makes true besides: paid in full, rated low."""
    found = [said]
    paid, price = state.yuan("paid"), state.yuan("price") or state.yuan("contract")
    if said.kind in ("performance.payment-recorded", "performance.completed") and paid and price and paid >= price:
        found.append(Said(said.seq, "paid-in-full", said.at, {}))
    if said.kind == "ratings.shown":
        found += [
            Said(said.seq, "rated-low", said.at, {"side": each["side"]})
            for each in said.data["ratings"]
            if not each.get("by_default") and min([each["level"], *each.get("scores", {}).values()]) <= LOW_RATING
        ]
    return found


def _end(state: State, said: Said, look: Look) -> None:
    for key, clock in list(state.clocks.items()):
        row = ROWS[clock["code"]]
        assert isinstance(row, Clock)
        if said.seq == clock["seq"] or not any(on(said.kind, said.data) for on in row.ends):
            continue
        if row.key and str(said.data.get(row.to or row.key)) != clock["which"]:
            continue
        late = said.at >= parse_iso(clock["due"])
        if late and clock["lit"] < Light.RED:
            clock["lit"] = Light.RED.value
            look.found.append(_clocked(key, clock, Light.RED))
        if clock["lit"]:
            look.found.append(_clocked(key, clock, Light(clock["lit"]), by=said))
        del state.clocks[key]


def _start(state: State, facts: Facts, said: Said) -> None:
    if state.held.get("over"):
        return
    for row in CLOCKS:
        if any(on(said.kind, said.data) for on in row.starts):
            _run(state, facts, row, said)
    if said.kind == "performance.plan-agreed":
        _deliveries(state, said)


def _rest(state: State, facts: Facts, said: Said) -> None:
    """While a procurement rests nothing comes due; when it goes on, every clock goes on where it stood."""
    if RESTS(said.kind, said.data):
        state.held["rests"] = iso(said.at)
    if not GOES_ON(said.kind, said.data) or "rests" not in state.held:
        return
    rested = said.at - parse_iso(state.held.pop("rests"))
    for clock in list(state.clocks.values()):
        row = ROWS[clock["code"]]
        assert isinstance(row, Clock)
        for name in ("near", "due"):
            clock[name] = iso(parse_iso(clock[name]) + rested)
        if row.since:  # by a fact of the procurement, which has been shifted with it
            _run(state, facts, row, said)


def _owe(state: State, facts: Facts, look: Look, *, at: datetime) -> None:
    """Guarantees that are to go back: a clock for each day on which some are, until none of these is owed any more."""
    owed = {iso(due): (due, law) for due, law in facts.owed()}
    for key, clock in list(state.clocks.items()):
        if clock["code"] == REFUND.code and clock["which"] not in owed:
            if clock["lit"]:
                what = f"已于 {at.astimezone(CHINA):%Y-%m-%d %H:%M} 前登记退还"
                fact, lit = f"{key}@{clock['seq']}", Light(clock["lit"])
                look.found.append(Found(REFUND.code, REFUND.monitor, fact, lit, what, clock["law"], (), cured=True))
            del state.clocks[key]
    for which, (due, law) in owed.items():
        if f"{REFUND.code}#{which}" not in state.clocks:
            state.clocks[f"{REFUND.code}#{which}"] = _clock(REFUND, which, 0, start=at, due=due, law=law)


def _run(state: State, facts: Facts, row: Clock, said: Said) -> None:
    period = row.limit(facts.procedure)
    start = getattr(facts, row.since) if row.since else said.at
    if period is None or start is None:
        return
    which = "" if not row.key else str(said.seq if row.key == "seq" else said.data[row.key])
    _keep(state, row, which, said, start=start, due=period.due(start), law=period.law)


def _deliveries(state: State, said: Said) -> None:
    accepted = set(state.held.get("accepted", ()))
    for key in [key for key, clock in state.clocks.items() if clock["code"] == DELIVERY.code]:
        del state.clocks[key]
    for each in said.data["milestones"]:
        if each["number"] not in accepted:
            day = add_days(date.fromisoformat(str(each["due_on"])), 1)
            due = datetime.combine(day, time(), CHINA)
            _keep(state, DELIVERY, str(each["number"]), said, start=said.at, due=due, law=PROMISED)


def _keep(state: State, row: Clock, which: str, said: Said, *, start: datetime, due: datetime, law: Article) -> None:
    key = f"{row.code}#{which}" if which else row.code
    state.clocks[key] = _clock(row, which, said.seq, start=start, due=due, law=str(law))


def _clock(row: Clock, which: str, seq: int, *, start: datetime, due: datetime, law: str) -> dict[str, Any]:
    near = start + (due - start) * float(row.near) if due > start else due
    return {
        "code": row.code, "which": which, "seq": seq, "start": iso(start), "near": iso(near), "due": iso(due),
        "law": law, "lit": 0,
    }  # fmt: skip


def _light(clock: dict[str, Any], at: datetime) -> Light:
    if at >= parse_iso(clock["due"]):
        return Light.RED
    return Light.YELLOW if at >= parse_iso(clock["near"]) else Light.GREEN


def _clocked(key: str, clock: dict[str, Any], light: Light, *, by: Said | None = None) -> Found:
    row = ROWS[clock["code"]]
    what = f"{row.title}：{'已超过' if light is Light.RED else '即将到'}期限 {limit_words(parse_iso(clock['due']))}"
    if by is not None:
        done = by.at.astimezone(CHINA)
        what = f"已于 {done:%Y-%m-%d %H:%M} 办理（第{by.seq}条记录）"
    entries = tuple(seq for seq in (clock["seq"], by.seq if by else 0) if seq)
    return Found(row.code, row.monitor, f"{key}@{clock['seq']}", light, what, clock["law"], entries, by is not None)


def _measured(check: Check, light: Light, value: Decimal | int, said: Said) -> Found:
    spelled = f"{value:,.2f}".removesuffix(".00") if isinstance(value, Decimal) else str(value)
    return Found(
        check.code, check.monitor, f"{said.seq}", light, check.says.format(value=spelled), str(check.law), (said.seq,)
    )


def _counts(facts: Facts, said: Said) -> list[Count]:
    year = day_in_china(said.at).year
    match said.kind:
        case "selection.chosen-directly":
            return [Count("direct", f"{facts.buyer} {facts.item}", year)]
        case "market.award-published":
            return [Count("awarded", facts.buyer, year), Count("won", f"{facts.buyer} {said.data['org']}", year)]
    return []


def shares_of(what: str) -> Iterator[Share]:
    """The rows that look at this count."""
    return (share for share in SHARES if share.counts == what)
