"""Does a choice by lot follow? Who had enrolled, who was left on the day, what lots brought, whom the buyer picked."""

from collections.abc import Mapping
from typing import Any

from proofs import checkpoint, entrants, lots
from proofs.record.archive import Record
from proofs.record.checks import Broken, NotYet, require


def report(record: Record, told: Mapping[str, Any]) -> str:
    """Everybody who enrolled is in the result; the lots of the basis were drawn over those left, and decide."""
    known, frozen = listed(record), record.one("selection.pool-frozen")
    if frozen is None:
        raise NotYet("选取日复核尚未公布")
    pool, basis = record.json_blob(frozen.data["sha256"]), told["basis"]
    left, out = {row["org"]: row for row in pool["eligible"]}, {row["org"]: row for row in pool["out"]}
    require(pool["number"] == record.number and not set(left) & set(out), "选取日名单属于别的项目，或者自相矛盾")
    require(known is None or set(left) | set(out) == known, "选取日名单与截止时的报名名单不符")
    ranked = {bid["org"] for bid in told["bids"] if bid["rank"] is not None}
    require({bid["org"] for bid in told["bids"]} == set(left) | set(out), "选取结果与选取日名单不符")
    require(ranked <= set(left), "未进入抽取的机构有名次")
    drawn = {entry.kind: entry for entry in record.of("draw.spec", "draw.result") if entry.data["id"] == basis["draw"]}
    require(len(drawn) == 2, "选取所依据的抽取没有结果")
    spec = drawn["draw.spec"]
    require(frozen.order < spec.order, "抽取的名单早于选取日复核")
    tickets = {org: row["tickets"] for org, row in left.items()}
    require(_pool(tickets) == basis["pool"], "抽取的签数与选取日名单不符")
    require(spec.data["pool_sha256"] == lots.pool_sha256(basis["pool"]), "抽取的名单不是选取结果所依据的名单")
    require(spec.data["spec"]["strata"] == basis["strata"], "抽取的人数与选取结果所依据的不符")
    require(drawn["draw.result"].data["seed"] == basis["seed"], "选取结果的种子不是抽取得出的种子")
    pick = record.one("selection.picked")
    same = (pick.data["org"], pick.data["reason"]) if pick else None
    require(same == ((basis["picked"], basis["reason"]) if "picked" in basis else None), "选定的机构或理由与公布的不符")
    return f"{len(left)} 家进入抽取，{len(out)} 家不进入，名次由抽取重算相同"


def _pool(tickets: Mapping[str, int]) -> list[dict[str, Any]]:
    """A candidate for every lot, as `proofs.lots.is_plain` knows them."""
    key = "provider"
    rows = [
        {"cid": org if place == 1 else f"{org}.{place}", "org": org, "strata": [key]}
        for org, count in tickets.items()
        for place in range(1, count + 1)
    ]
    return sorted(rows, key=lambda row: str(row["cid"]))


def listed(record: Record) -> set[str] | None:
    """Who had enrolled, as the closing committed to it; None where the list stays sealed."""
    closed, shown = record.one("selection.enrolment-closed"), record.one("selection.entrants-published")
    if closed is None or shown is None:
        return None
    told = record.json_blob(shown.data["sha256"])
    if faults := entrants.why_not_entrants(told):
        raise Broken("；".join(faults))
    require(told["number"] == record.number and told["closing"] == closed.data["closing"], "报名名单与截止时的承诺不符")
    point = checkpoint.opened(closed.data["note"], record.sealed)
    sealed = {"size": point.size, "root": point.root.hex()}
    require(sealed == closed.data["sealed_log"] == told["sealed_log"], "封存日志的检查点不符")
    require(len(told["live"]) == shown.data["count"], "报名家数不符")
    return {row["org"] for row in told["live"]}
