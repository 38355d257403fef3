"""A live reverse auction, from its public entries alone: what is better, when it ends, and whether all of it is so.

The house decides by `ceiling`, `is_open`, `quoted`, `paused` and `resumed`; `replay` asks the same of what was logged.
Money is yuan. A quote counts when it is committed: its entry's place is the order. Its arrival, the entry's `ts`,
decides whether it came in time: the end itself is too late.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from proofs import canonical, commitment
from proofs.statement import timestamp

ALIAS = "auction1/alias"
CALLED, QUOTED = "auction.called", "auction.quoted"
PAUSED, RESUMED, ENDED = "auction.paused", "auction.resumed", "auction.ended"
KINDS = frozenset({CALLED, QUOTED, PAUSED, RESUMED, ENDED})


class NoSuchAuction(ValueError):
    """The entries tell of no auction that went by its own rules; the text says where."""


@dataclass(frozen=True)
class Terms:
    """What was announced before the first quote.

    start: yuan, the first quote is no higher.  step: yuan, every later one is better by as much at least.
    window: a quote in the last such time moves the end to its arrival and as much again.  most: how often.
    restart: between a resumption and the first quote after it.
    """

    start: Decimal
    step: Decimal
    window: timedelta
    most: int
    restart: timedelta


@dataclass(frozen=True)
class State:
    """Where an auction stands after so many accepted quotes.

    opens_at: from when quotes are taken, anew after every pause.  ends_at: when they are no more.
    extended: how often the end was moved by a quote.
    """

    opens_at: datetime
    ends_at: datetime
    number: int = 0
    best: Decimal | None = None
    leader: str = ""
    extended: int = 0
    paused_at: datetime | None = None


@dataclass(frozen=True)
class Quote:
    """One accepted quote as it stands in the log."""

    number: int
    alias: str
    price: Decimal
    at: datetime
    ends_at: datetime


@dataclass(frozen=True)
class Ladder:
    """A replayed auction.  names: alias ↦ (organisation, name), once they are open."""

    number: str
    terms: Terms
    state: State
    commitments: Mapping[str, str]
    quotes: list[Quote] = field(default_factory=list)
    ended: bool = False
    names: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    def last_quotes(self) -> dict[str, Decimal]:
        """The last and therefore lowest quote of every alias that quoted, the best first."""
        lowest = {quote.alias: quote.price for quote in self.quotes}
        return dict(sorted(lowest.items(), key=lambda each: each[1]))


def ceiling(terms: Terms, best: Decimal | None) -> Decimal:
    """The highest price that is accepted now, in yuan; not above zero when none is."""
    return terms.start if best is None else best - terms.step


def is_open(state: State, at: datetime) -> bool:
    """Whether what arrived at this instant is in time.  The end itself is too late."""
    return state.paused_at is None and state.opens_at <= at < state.ends_at


def latest_end(terms: Terms, state: State) -> datetime:
    """When it is over at the latest, unless it is paused."""
    return state.ends_at + terms.window * (terms.most - state.extended)


def quoted(terms: Terms, state: State, *, alias: str, price: Decimal, at: datetime) -> State:
    """After an accepted quote: in the last `window` it moves the end, as long as that may be moved."""
    late = at > state.ends_at - terms.window and state.extended < terms.most
    return replace(
        state,
        number=state.number + 1,
        best=price,
        leader=alias,
        ends_at=at + terms.window if late else state.ends_at,
        extended=state.extended + late,
    )


def paused(state: State, *, at: datetime) -> State:
    """The clock stands; what was left is left."""
    return replace(state, paused_at=at)


def resumed(terms: Terms, state: State, *, at: datetime, ahead: timedelta = timedelta()) -> State:
    """Quotes are taken again a little later, announced to all, and for as long as was left.

    ahead: how much earlier that is announced where the purchase itself had rested and everybody was sent away.
    """
    if state.paused_at is None:
        raise NoSuchAuction("未暂停的竞价不能恢复")
    begins = max(state.opens_at, state.paused_at)  # a pause before the beginning keeps the wait as well
    left = state.ends_at - begins
    opens_at = max(at, state.paused_at) + max(terms.restart, ahead) + (begins - state.paused_at)
    return replace(state, opens_at=opens_at, ends_at=opens_at + left, paused_at=None)


def alias_commitment(*, number: str, alias: str, org: str, salt: bytes) -> str:
    """What is published of an alias before the first quote: it tells nothing without its salt."""
    return commitment.commit(ALIAS, {"alias": alias, "number": number, "org": org}, salt)


def opens_alias(given: str, *, number: str, alias: str, org: str, salt: bytes) -> bool:
    """Whether this organisation was behind the alias."""
    return commitment.matches(given, ALIAS, {"alias": alias, "number": number, "org": org}, salt)


def replay(number: str, entries: Iterable[Mapping[str, Any]]) -> Ladder:
    """The auction of a project as its public stream tells it, every rule asked again.

    entries: {"kind", "at", "data"} in the stream's order; those of other kinds are passed over.
    Raises NoSuchAuction where anything is not as the rules have it.
    """
    ladder: Ladder | None = None
    for entry in entries:
        if entry["kind"] not in KINDS:
            continue
        at, data = timestamp(entry["at"]), entry["data"]
        if ladder is None:
            _require(entry["kind"] == CALLED, "竞价没有公布规则就开始了")
            ladder = _called(number, data, at)
        else:
            _require(not ladder.ended, "竞价结束后还有记录")
            _require(entry["kind"] != CALLED, "竞价规则公布了两次")
            ladder = _STEPS[entry["kind"]](ladder, data, at)
    _require(ladder is not None, "没有竞价记录")
    assert ladder is not None
    return ladder


def why_not_chosen(report: Mapping[str, Any]) -> tuple[str, ...]:
    """Why the ranks of a `selection/1` do not follow from the auction that is its basis; empty when they do.

    Everybody who quoted is in it with the last quote; of those who may win the lower one is first.
    """
    try:
        ladder = replay(report["number"], report["basis"]["entries"])
    except NoSuchAuction as wrong:
        return (str(wrong),)
    if not ladder.ended:
        return ("竞价尚未结束",)
    last = {ladder.names[alias][0]: price for alias, price in ladder.last_quotes().items()}
    faults = []
    if {bid["org"]: Decimal(bid["quote"]) for bid in report["bids"]} != last:
        faults.append("报价与竞价记录不符")
    ranked = sorted((bid for bid in report["bids"] if bid["rank"] is not None), key=lambda bid: int(bid["rank"]))
    if [bid["org"] for bid in ranked] != [org for org in last if org in {bid["org"] for bid in ranked}]:
        faults.append("排名与报价高低不符")
    return tuple(faults)


def _called(number: str, data: Mapping[str, Any], at: datetime) -> Ladder:
    terms = Terms(
        start=_yuan(data["start"]),
        step=_yuan(data["step"]),
        window=timedelta(seconds=canonical.integer(data["window"], 1, 86_400, "window")),
        most=canonical.integer(data["most"], 0, 10_000, "most"),
        restart=timedelta(seconds=canonical.integer(data["restart"], 0, 86_400, "restart")),
    )
    state = State(opens_at=timestamp(data["starts_at"]), ends_at=timestamp(data["ends_at"]))
    _require(at <= state.opens_at < state.ends_at, "竞价的起止时间不对")
    _require(terms.start > 0 and terms.step > 0, "起始价和降价幅度应大于零")
    _require(timestamp(data["latest"]) == latest_end(terms, state), "最迟结束时间与公布的延时规则不符")
    commitments = {row["alias"]: row["commitment"] for row in data["aliases"]}
    _require(len(commitments) == len(data["aliases"]), "两家用了同一个代号")
    return Ladder(number, terms, state, commitments)


def _quoted(ladder: Ladder, data: Mapping[str, Any], at: datetime) -> Ladder:
    terms, state, price = ladder.terms, ladder.state, _yuan(data["price"])
    told = f"第 {data['number']} 次报价"
    _require(data["number"] == state.number + 1, f"{told}：序号不连续")
    _require(data["alias"] in ladder.commitments, f"{told}：代号不在公布的名单中")
    _require(is_open(state, at), f"{told}：到达时不在报价时间内")
    _require(0 < price <= ceiling(terms, state.best), f"{told}：没有比当时最低价低一个降价幅度")
    after = quoted(terms, state, alias=data["alias"], price=price, at=at)
    _require(timestamp(data["ends_at"]) == after.ends_at, f"{told}：结束时间与延时规则不符")
    _require(data["extended"] == after.extended, f"{told}：延时次数不对")
    ladder.quotes.append(Quote(after.number, after.leader, price, at, after.ends_at))
    return replace(ladder, state=after)


def _paused(ladder: Ladder, data: Mapping[str, Any], at: datetime) -> Ladder:
    _require(ladder.state.paused_at is None, "竞价已暂停，又暂停了一次")
    _require(at < ladder.state.ends_at, "竞价时间已过才暂停")
    return replace(ladder, state=paused(ladder.state, at=at))


def _resumed(ladder: Ladder, data: Mapping[str, Any], at: datetime) -> Ladder:
    ahead = timedelta(seconds=canonical.integer(data.get("ahead", 0), 0, 86_400, "ahead"))
    after = resumed(ladder.terms, ladder.state, at=at, ahead=ahead)
    told = (timestamp(data["opens_at"]), timestamp(data["ends_at"]))
    _require(told == (after.opens_at, after.ends_at), "恢复后的时间与暂停时剩余的时间不符")
    return replace(ladder, state=after)


def _ended(ladder: Ladder, data: Mapping[str, Any], at: datetime) -> Ladder:
    state = ladder.state
    _require(state.paused_at is None and at >= state.ends_at, "竞价未到时间就结束了")
    _require(timestamp(data["ended_at"]) == state.ends_at, "结束时间不是最后一次公布的结束时间")
    _require(data["quotes"] == state.number, "报价次数与记录不符")
    best = None if data["best"] is None else _yuan(data["best"])
    _require(best == state.best, "最低价与记录不符")
    names: dict[str, tuple[str, str]] = {}
    for row in data["revealed"]:
        alias, salt = row["alias"], bytes.fromhex(row["salt"])
        given = ladder.commitments.get(alias, "")
        shown = opens_alias(given, number=ladder.number, alias=alias, org=row["org"], salt=salt)
        _require(shown and alias not in names, f"代号 {alias} 与开始前的承诺不符")
        names[alias] = (row["org"], row["name"])
    # Where nobody quoted the purchase fails, and nothing is said of who took part.
    _require(set(names) == (set(ladder.commitments) if state.number else set()), "公布的单位与代号名单不一致")
    _require(len({org for org, _ in names.values()}) == len(names), "一家单位用了两个代号")
    return replace(ladder, ended=True, names=names)


def _yuan(text: Any) -> Decimal:
    """An amount in its one spelling: digits, a point, two places."""
    whole, _, part = text.partition(".")
    _require(text.isascii() and whole.isdigit() and part.isdigit() and len(part) == 2, f"不是金额：{text}")
    _require(whole == "0" or not whole.startswith("0"), f"不是金额：{text}")
    return Decimal(text)


def _require(that: bool, text: str) -> None:
    if not that:
        raise NoSuchAuction(text)


_STEPS = {QUOTED: _quoted, PAUSED: _paused, RESUMED: _resumed, ENDED: _ended}
