"""Does a choice by auction follow? Its story replayed from the record's own entries, under the rules as announced."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from proofs import auction
from proofs.record import enrolled
from proofs.record.archive import Record
from proofs.record.checks import Broken, NotYet, require
from proofs.record.proven import Proven
from proofs.scoring import decimal
from proofs.statement import timestamp

JUDGED, ASKED = "auction.explanation-judged", "auction.explanation-asked"
_PLACE = ("stream", "seq")


def report(record: Record, told: Mapping[str, Any], *, award: Proven) -> str:
    """The basis is the auction as it was logged, over before the award, and who may not win has not won."""
    ladder = _replayed(record)
    require(ladder is not None and ladder.ended, "竞价没有结束就有了结果")
    assert ladder is not None
    ended = record.one(auction.ENDED)
    require(ended is not None and ended.order < award.order, "竞价在结果公告之后才结束")
    require(list(told["basis"]["entries"]) == _entries(record), "选取依据不是日志中的竞价记录")
    named = dict(ladder.names.values())
    listed = enrolled.listed(record)
    require(listed is None or set(named) <= listed, "竞价代号背后有截止时没有报名的机构")
    judged = {entry.data["org"]: entry.data["accepted"] for entry in record.of(JUDGED)}
    asked = {entry.data["org"] for entry in record.of(ASKED)}
    for bid in told["bids"]:
        org = bid["org"]
        require(bid["name"] == named[org], f"{org} 的名称与公布的代号不符")
        require(not bid["compliant"] or judged.get(org) is not False, f"{org} 的报价说明未被采纳而有名次")
        require(bid["rank"] != 1 or org not in asked or judged.get(org) is True, f"{org} 的报价说明尚未采纳而排在首位")
    return f"{ladder.state.number} 次报价逐次重放，延时 {ladder.state.extended} 次，名次由竞价记录重算相同"


def so_far(record: Record) -> None:
    """NotYet with what an auction has come to before there is an award; Broken where it broke its rules."""
    ladder = _replayed(record)
    if ladder is not None:
        where = "竞价已经结束" if ladder.ended else "竞价尚未结束"
        raise NotYet(f"{where}，{ladder.state.number} 次报价逐次重放相符，尚未公告结果")


def _replayed(record: Record) -> auction.Ladder | None:
    """The auction, every rule asked again, under the rules of the notice; None where there is none yet."""
    entries = _entries(record)
    if not entries:
        return None
    try:
        ladder = auction.replay(record.number, entries)
    except auction.NoSuchAuction as wrong:
        raise Broken(str(wrong)) from wrong
    pinned = record.one("market.purchase-terms")
    if pinned is not None:
        told, called = pinned.data["terms"]["auction"], entries[0]["data"]
        money = all(decimal(told[key]) == decimal(called[key]) for key in ("start", "step"))
        counts = all(told[key] == called[key] for key in ("window", "most"))
        opens, ends = timestamp(called["starts_at"]), timestamp(called["ends_at"])
        lasts = ends - opens == timedelta(minutes=told["minutes"])
        begins = opens >= timestamp(pinned.data["terms"]["selects_at"])
        require(money and counts and lasts and begins, "竞价的规则与公告不符")
    return ladder


def _entries(record: Record) -> list[dict[str, Any]]:
    """The auction's public story as `proofs.auction.replay` reads it."""
    return [
        {"kind": entry.kind, "at": entry.event["ts"],
         "data": {key: value for key, value in entry.data.items() if key not in _PLACE}}
        for entry in record.of(*sorted(auction.KINDS))
    ]  # fmt: skip
