"""Does a choice in the supermarket follow? Its ranks made again from what was opened, and the lots it rests on."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from proofs import lots, quotes, selection
from proofs.record import auctioned, enrolled
from proofs.record.archive import READ_OUT, Record
from proofs.record.checks import Broken, NotYet, require
from proofs.record.proven import Proven

FIXED = "sealed.quotes-fixed"


def is_choice(told: Any) -> bool:
    """Whether a report is the result of a choice, not of a panel's evaluation."""
    return isinstance(told, Mapping) and told.get("v") == "selection/1"


def report(record: Record, told: Mapping[str, Any], *, award: Proven) -> str:
    """The result adds up, its quotes are the opened ones, and every lot in it was drawn after they were fixed."""
    if faults := selection.why_not_selection(told):
        raise Broken("；".join(faults))
    require(told["number"] == record.number, "选取结果属于别的项目")
    pinned, basis = record.one("market.purchase-terms"), told["basis"]
    require(pinned is None or told["method"] == pinned.data["terms"]["method"], "选取方式与公告不符")
    fixed = record.one(FIXED)
    if fixed is None and "pool" in basis:
        return enrolled.report(record, told)
    if fixed is None and "entries" in basis:
        return auctioned.report(record, told, award=award)
    if fixed is None:
        require("ties" not in basis, "报价没有固定的记录")
        return f"{len(told['bids'])} 家，名次由选取依据重算相同"
    require(fixed.order < award.order, "报价在结果公告之后才固定")
    _as_opened(record, fixed)
    rows = {row["org"]: row for row in fixed.data["rows"] if not row["reasons"]}
    require({bid["org"] for bid in told["bids"]} == set(rows), "参加选取的与固定的报价不符")
    for bid in told["bids"]:
        same = (bid["name"], bid["quote"]) == (rows[bid["org"]]["name"], rows[bid["org"]]["quote"])
        require(same, f"{bid['org']} 的报价与固定时不符")
        refused = not bid["compliant"] or bid["org"] not in _unbelieved(record)
        require(refused, f"{bid['org']} 的报价说明未被采纳而有名次")
    if "formula" in basis:
        _coefficient(record, basis, fixed)
    else:
        _panel(record, basis)
    _ties(record, basis, fixed)
    return f"{len(rows)} 份报价与开启时相同，名次由选取依据重算相同"


def _as_opened(record: Record, fixed: Proven) -> None:
    """Every quote was fixed as it was opened, all of those that opened, and after the opening had ended."""
    opened = {
        entry.data["org"]: entry.data["sheet"]
        for entry in record.of("opening.verdict")
        if entry.data["part"] in READ_OUT and entry.data["verdict"] == "OK"
    }
    ended = record.one("opening.ended")
    require(ended is not None and ended.order < fixed.order, "报价在开启结束之前固定")
    failed = {entry.data["org"] for entry in record.of("opening.verdict") if entry.data["verdict"] != "OK"}
    require({row["org"] for row in fixed.data["rows"]} == set(opened) - failed, "固定的报价与开启的不全相同")
    for row in fixed.data["rows"]:
        said = opened[row["org"]].get("price")
        require(row["quote"] == said or (not row["quote"] and row["reasons"]), f"{row['org']} 的报价与开启时不符")
    pinned = record.one("market.purchase-terms")
    if pinned is None:
        return
    terms = pinned.data["terms"]
    require(dict(terms.get("formula") or {}) == fixed.data["formula"], "选取公式与公告不符")
    for row in fixed.data["rows"] if terms.get("rate") else ():
        require(
            bool(row["reasons"]) or _is_reduced(terms, opened[row["org"]]), f"{row['org']} 的报价与下浮率算出的不符"
        )


def _is_reduced(terms: Mapping[str, Any], sheet: Mapping[str, Any]) -> bool:
    """Whether a sheet's price is what its rate makes of the announced base."""
    made = quotes.reduced(Decimal(terms["price_cap"]), str(sheet.get("rate", "")))
    return made == Decimal(str(sheet.get("price")))


def _unbelieved(record: Record) -> set[str]:
    """Whose explanation of a low quote was not taken."""
    return {entry.data["org"] for entry in record.of("sealed.explanation-judged") if not entry.data["accepted"]}


def _coefficient(record: Record, basis: Mapping[str, Any], fixed: Proven) -> None:
    """The formula is the announced one, and its coefficient was drawn, over the announced values."""
    require(basis["formula"] == fixed.data["formula"].get("key", quotes.LOWEST), "选取公式与固定报价时不符")
    if "coefficient" in basis:
        drawn = basis["coefficient"]
        pinned = record.one("market.purchase-terms")
        named = pinned.data["terms"].get("coefficients") if pinned else None
        require(named is None or sorted(named) == drawn["values"], "系数的取值与公告不符")
        order = _drawn(record, drawn["draw"], quotes.coefficient_pool(drawn["values"]), fixed)
        require(order[quotes.COEFFICIENT][0] == drawn["value"], "参考价所用的系数不是抽出的系数")


def _panel(record: Record, basis: Mapping[str, Any]) -> None:
    """The factors are the announced ones, the judges are those who declared, and each gave points to everybody."""
    pinned = record.one("market.purchase-terms")
    if pinned is not None:
        named = [{key: str(each[key]) for key in ("key", "name", "max")} for each in pinned.data["terms"]["factors"]]
        require(named == basis["factors"], "评审因素与公告不符")
    said = {entry.data["seat"]: entry.data["recused"] for entry in record.of("sealed.judge-declared")}
    seats = {judge["seat"] for judge in basis["judges"]}
    require(seats == {seat for seat, recused in said.items() if not recused}, "打分的不是声明无需回避的评审人员")
    given = {entry.data["seat"]: entry.data["given"] for entry in record.of("sealed.assessed")}
    require(given == dict.fromkeys(seats, len(basis["scores"])), "打分的次数与日志不符")


def _ties(record: Record, basis: Mapping[str, Any], fixed: Proven) -> None:
    """Every order among equals was drawn among these."""
    groups = [tie["orgs"] for tie in basis["ties"]]
    for place, tie in enumerate(basis["ties"], start=1):
        order = _drawn(record, tie["draw"], quotes.tie_pool(groups), fixed)
        require(order[f"{quotes.TIE}{place}"] == tie["order"], "报价相同者的次序不是抽出的次序")


def _drawn(record: Record, draw: str, pool: Sequence[Mapping[str, Any]], fixed: Proven) -> dict[str, list[str]]:
    """What a draw brought, stratum ↦ its order; Broken unless it is the draw over this list, after the quotes."""
    about = {
        entry.kind: entry
        for entry in record.of("draw.announced", "draw.spec", "draw.result")
        if entry.data["id"] == draw
    }
    if "draw.result" not in about:
        raise NotYet(f"抽取 {draw} 没有结果")
    require(fixed.order < about["draw.announced"].order, "抽取早于报价固定")
    require(about["draw.spec"].data["pool_sha256"] == lots.pool_sha256(list(pool)), "抽取的名单不是这些报价或取值")
    result = about["draw.result"].data["result"]
    return {key: [*row["chosen"], *row["standby"]] for key, row in result.items()}
