"""Does the result follow? Draws run again, every score summed, the ranking and the award recomputed."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from proofs import canonical, commitment, lots, prices, scoring, transcript
from proofs.draw import BadDraw, Void, dealers
from proofs.record import auctioned, choice
from proofs.record.archive import READ_OUT, Record, transcripts
from proofs.record.checks import Broken, NotYet, require
from proofs.record.proven import Proven
from proofs.record.sessions import published, sessions

_ORDER = ("draw.announced", "draw.key", "draw.spec", "draw.pool-attested", "draw.committed", "draw.dealt", "draw.deal",
          "draw.complained", "draw.fixed", "draw.revealed", "draw.result")  # fmt: skip


def draws(record: Record) -> str:
    """Every draw, run again, comes to its logged result; every message is signed; each step came after the last."""
    announced = record.of("draw.announced")
    if not announced:
        raise NotYet("没有抽取")
    ids = [entry.data["id"] for entry in announced]
    require(len(set(ids)) == len(ids), "同一次抽取公布了两次")
    settled = 0
    for told in transcripts(record).values():
        draw_id = told["spec"]["id"]
        about = [entry for entry in record.entries if entry.kind[:5] == "draw." and entry.data.get("id") == draw_id]
        _in_order(draw_id, about)
        settled += _rerun(record, draw_id, told, about)
    return f"{len(ids)} 次抽取公告，{settled} 次由公开数据重算，种子与结果相同"


def _in_order(draw_id: str, about: list[Proven]) -> None:
    latest = -1
    for kind in _ORDER:
        found = [entry.index for entry in about if entry.kind == kind]
        # Complaints may come between two deals; everything else waits for the whole step before it.
        if not found or kind == "draw.complained":
            continue
        require(min(found) > latest, f"{draw_id}：{kind} 早于它应当等待的步骤")
        latest = max(found)


def _rerun(record: Record, draw_id: str, told: dict[str, Any], about: list[Proven]) -> int:
    by_kind = {entry.kind: entry.data for entry in about}
    spec, result = by_kind["draw.spec"], by_kind.get("draw.result")
    drawn = transcript.read({**told, "result": None})
    require(drawn.spec.id == draw_id and drawn.spec.sid.hex() == spec["sid"], f"{draw_id}：规格与其编号不符")
    require(drawn.spec.pool_sha256 == spec["pool_sha256"], f"{draw_id}：候选名单不符")
    if result is None:
        return 0
    if unsigned := transcript.why_not_authentic(drawn, record.registry.keys):
        raise Broken(f"{draw_id}：{unsigned[0]}")
    for entry in about:
        said = entry.data.get("statement")
        require(said is None or record.signed(said, entry), f"{draw_id}：{entry.kind} 所用密钥此前已吊销")
    commits = {str(j): h for j, h in drawn.messages.commits.items()}
    require(by_kind["draw.dealt"]["h"] == commits, f"{draw_id}：承诺与公布不符")
    fixed = sorted(dealers(drawn.spec, drawn.messages))
    require(by_kind["draw.fixed"]["dealers"] == fixed, f"{draw_id}：计入的参与方不符")
    try:
        outcome = transcript.rerun(drawn)
    except Void as void:
        raise Broken(f"{draw_id}：应当作废（{void}）却有结果") from void
    except BadDraw as wrong:
        raise Broken(f"{draw_id}：{wrong}") from wrong
    require(result["seed"] == outcome.seed.hex(), f"{draw_id}：种子不符")
    require(result["result"] == lots.summary(outcome.result), f"{draw_id}：结果不符")
    return 1


def report(record: Record) -> str:
    """The report is the one fixed before the award; its prices are the ones read out; its figures add up."""
    if not record.of("market.award-published"):
        auctioned.so_far(record)
    award = _award(record)
    fixed = record.of("evaluation.reported")
    told = record.json_blob(award.data["report_sha256"])
    if choice.is_choice(told):
        return choice.report(record, told, award=award)
    salt = canonical.hex_bytes(award.data["salt"], 32, "salt")
    require(bool(fixed), "没有评审报告的承诺")
    require(fixed[-1].order < award.order, "评审报告晚于结果公告")
    _made_anew(record, fixed)
    require(commitment.matches(fixed[-1].data["commitment"], commitment.REPORT, told, salt), "评审报告与承诺不符")
    for earlier in award.data.get("earlier", ()):
        opened = (record.json_blob(earlier["report_sha256"]), canonical.hex_bytes(earlier["salt"], 32, "salt"))
        known = any(commitment.matches(each.data["commitment"], commitment.REPORT, *opened) for each in fixed[:-1])
        require(known, "公布的原评审报告与当时的承诺不符")
    require(told["number"] == record.number, "评审报告属于别的项目")
    require(told["scoring"] == record.terms["scoring"], f"评审报告的评分标准与{record.words.documents}不符")
    if faults := scoring.why_not_report(told):
        raise Broken("；".join(faults))
    _drawn(record, told, before=fixed[-1])
    read_out = [entry.data for entry in record.of("opening.verdict") if entry.data["part"] in READ_OUT]
    if record.terms.get("rounds") is True and not record.disclosed:
        raise NotYet("报价尚未公开")
    sheets = {data["org"]: {"sheet": record.sheet_of(data)} for data in read_out}  # of several rounds, the latest
    if record.terms.get("rounds") is True:
        _last_quotes(record, told)
    passed = _passed(record, fixed[-1])
    for bid in told["bids"]:
        if passed is not None and bid["org"] not in passed:
            out = bid["org"] not in sheets and not bid["compliant"] and bid["quote"] is None
            require(out, f"{bid['org']} 未通过技术评审而有报价或名次")
            continue
        if bid["org"] not in sheets:
            require(not bid["compliant"] and bid["quote"] is None, f"{bid['org']} 没有报价而有名次")
            continue
        sheet = sheets[bid["org"]]["sheet"]
        require(sheet is not None, f"{bid['org']} 没有{record.words.read_out}内容却参加评审")
        # A bid refused for an amount that is none is still quoted as it was read out.
        price = bid["quote"] == sheet["price"] or scoring.decimal(bid["quote"]) == scoring.decimal(sheet["price"])
        same = price and bid["small"] is sheet["small"]
        require(same, f"{bid['org']} 的评审报价与{record.words.read_out}不符")
    require(
        {bid["org"] for bid in told["bids"]} == _admitted(record), f"参加评审的{record.words.bidder}与资格审查结果不符"
    )
    return f"{len(told['bids'])} 家报价与{record.words.read_out}一致，价格分、总分、名次重算相同"


def _drawn(record: Record, told: Mapping[str, Any], *, before: Proven) -> None:
    """Each drawn parameter of the formula has the one value that was drawn, out of those of the terms, after every
    price was open and before the report was fixed."""
    for name, listed in told["scoring"].get("formula", {}).get("draw", {}).items():
        results = [entry for entry in record.of("draw.result") if entry.data["id"].split("/")[-2:-1] == [name]]
        require(len(results) == 1, f"价格分参数 {name} 没有抽取，或者抽取了不止一次")
        [result] = results
        require(result.data["result"][name]["chosen"] == [told["drawn"][name]], f"价格分参数 {name} 不是抽取的结果")
        specs = [entry for entry in record.of("draw.spec") if entry.data["id"] == result.data["id"]]
        pool = lots.pool_sha256(prices.pool_of(name, listed))
        require([entry.data["spec"]["pool_sha256"] for entry in specs] == [pool], f"价格分参数 {name} 的候选值不符")
        opened = [entry.index for entry in record.of("opening.verdict") if entry.data["part"] in READ_OUT]
        require(
            max(opened, default=-1) < specs[0].index < before.index,
            f"价格分参数 {name} 不是在{record.words.read_out}之后抽取的",
        )


def _made_anew(record: Record, fixed: Sequence[Proven]) -> None:
    """A report follows another only where a sheet was corrected, scoring again was approved, or a matter of late prices
    was settled."""
    kinds = ("evaluation.sheet-corrected", "evaluation.rolled-back", "evaluation.price-settled")
    changes = [entry for kind in kinds for entry in record.of(kind)]
    for before, after in pairwise(fixed):
        why = [change for change in changes if before.index < change.index < after.index]
        require(bool(why), "评审报告无故另行形成")
    told = {entry.data["commitment"] for entry in fixed}
    again = [entry for kind in kinds[1:] for entry in record.of(kind)]
    require(all(entry.data["before"] in told for entry in again), "重新评分的不是本报告")


def _last_quotes(record: Record, told: Mapping[str, Any]) -> None:
    """Who is ranked quoted in the last round, and that was called the last when it was called."""
    played = sessions(record)
    require(len(played) > 1, "没有开启过报价")
    called = {entry.data["round"]: entry.data["last"] for entry in record.of("bidding.round-called")}
    require(called.get(played[-1].number - 1) is True, "评审依据的不是最后报价")
    quoted = set(played[-1].owner.values())
    ranked = {bid["org"] for bid in told["bids"] if bid["compliant"]}
    require(ranked <= quoted, "有供应商没有最后报价而有名次")


def sheets(record: Record) -> str:
    """Every score sheet is what its member locked, and the last of each seat is what the report adds up."""
    award = _award(record)
    locked = [
        entry.data for kind in ("evaluation.sheet-locked", "evaluation.sheet-corrected") for entry in record.of(kind)
    ]
    if not locked:
        raise NotYet("没有锁定的评分表")
    require(bool(award.data.get("sheets_sha256")), "评分表没有随结果公布")
    shown = record.json_blob(award.data["sheets_sha256"])
    committed: dict[int, set[str]] = {}
    for data in locked:
        committed.setdefault(data["seat"], set()).add(data["commitment"])
    last: dict[int, Any] = {}
    for sheet in shown:
        canonical.require_keys(sheet, ("seat", "version", "scores", "salt"), "sheet")
        said = {"v": "sheet/1", "number": record.number} | {key: sheet[key] for key in ("seat", "version", "scores")}
        digest = commitment.commit(commitment.SHEET, said, canonical.hex_bytes(sheet["salt"], 32, "salt"))
        seat = sheet["seat"]
        require(digest in committed.get(seat, ()), f"第 {seat} 席的评分表与其锁定时的承诺不符")
        committed[seat].discard(digest)
        require(sheet["version"] > last.get(seat, {"version": 0})["version"], f"第 {seat} 席的评分表次序有误")
        last[seat] = sheet
    require(not any(committed.values()), "有锁定的评分表没有公布")
    told = record.json_blob(award.data["report_sha256"])
    require(len(last) == told["seats"], "评分表的席数与评审报告不符")
    for bid in told["bids"]:
        for seat, sheet in last.items():
            require(not bid["compliant"] or _same(sheet["scores"][bid["org"]], bid["scores"][str(seat)]),
                    f"{bid['org']} 在第 {seat} 席的得分与评审报告不符")  # fmt: skip
    return f"{len(shown)} 份评分表与锁定时的承诺一致，得分与评审报告相同"


def _same(one: Mapping[str, str], other: Mapping[str, str]) -> bool:
    return set(one) == set(other) and all(scoring.decimal(one[key]) == scoring.decimal(other[key]) for key in one)


def _passed(record: Record, before: Proven) -> set[str] | None:
    """Who passed where prices are opened later; None where they are opened with the rest."""
    if "price" not in record.terms["units"]:
        return None
    return published(record, before=before.order)


def _admitted(record: Record) -> set[str]:
    """Whose every envelope opened and who passed the qualification review."""
    failed = {entry.data["org"] for entry in record.of("opening.verdict") if entry.data["verdict"] != "OK"}
    opened = {entry.data["org"] for entry in record.of("opening.verdict")} - failed
    reviews = record.of("evaluation.qualified")
    if reviews:
        passed = {row["org"]: row["passed"] for review in reviews for row in review.data["results"]}
        require(set(passed) <= opened, f"资格审查涉及未有效开启的{record.words.bidder}")
        opened = {org for org in passed if passed[org]}
    return opened


def award(record: Record) -> str:
    """The award goes to the first of the report who did not decline, at his own quote."""
    published = _award(record)
    told = record.json_blob(published.data["report_sha256"])
    declined = [entry.data["org"] for entry in record.of("market.award-declined")]
    for entry in record.of("market.award-published"):
        data = entry.data
        [bid] = [bid for bid in told["bids"] if bid["org"] == data["org"]]
        require(bid["compliant"] and bid["rank"] == data["rank"], f"{data['name']} 的名次与评审报告不符")
        require(scoring.decimal(data["amount"]) == scoring.price_of(bid), f"{data['name']} 的金额不是其报价")
        require(data["name"] == bid["name"], f"{data['name']} 与评审报告中的名称不符")
        ahead = [other["org"] for other in told["bids"] if other["rank"] is not None and other["rank"] < data["rank"]]
        over = _passed_over(record, data) + _twins(told, declined)
        require(set(ahead) <= set(declined) | set(over), f"{data['name']} 之前还有未放弃的候选人")
    notice = {entry.data["sha256"] for entry in record.of("market.notice-published")}
    require(published.data["sha256"] in notice, "结果公告未公布")
    _experts(record, record.json_blob(published.data["sha256"]))
    contract = record.of("market.contract-recorded")
    if contract:
        data = contract[-1].data
        winner = record.of("market.award-published")[-1].data
        same = data["org"] == winner["org"] and scoring.decimal(data["amount"]) == scoring.decimal(winner["amount"])
        require(same, f"合同的当事人或金额与{record.words.award}结果不符")
    last = record.of("market.award-published")[-1].data
    return f"{last['name']}，第 {last['rank']} 名，{last['amount']} 元"


def _twins(told: Mapping[str, Any], declined: Sequence[str]) -> list[str]:
    """Bids of the brand of one who declined: a brand has one candidate."""
    return [org for group in told.get("same_brand", ()) for org in group if set(group) & set(declined)]


def _passed_over(record: Record, data: Mapping[str, Any]) -> list[str]:
    """Who ranks before the winner and may not win: under a ban, its leader without room, or winner of all its lots."""
    terms = record.one("tender.terms")
    batch = terms.data.get("batch") if terms else None
    for row in data.get("passed_over", ()):
        if row["why"] == "lots":
            numbers = set(row["numbers"]) - {record.number}
            fits = batch is not None and 0 < batch["most"] <= len(numbers)
            require(fits, f"{row['org']} 并未达到本批次的{record.words.award}标段限额")
        else:
            require(row["why"] in ("banned", "leader"), f"{row['org']} 没有理由被越过")
    return [row["org"] for row in data.get("passed_over", ())]


def _experts(record: Record, notice: Any) -> None:
    """The experts named after the award are behind the masks that were drawn."""
    seated = {cid for entry in record.of("evaluation.seated") for cid in entry.data["seats"]}
    seated |= {entry.data["in"] for entry in record.of("evaluation.replaced")}
    for expert in notice.get("experts", []):
        salt = canonical.hex_bytes(expert["salt"], 32, "salt")
        require(lots.masked(expert["number"], salt) == expert["cid"], f"{expert['name']} 不是抽取时隐名的专家")
        require(not seated or expert["cid"] in seated, f"{expert['name']} 未被抽中")


def _award(record: Record) -> Proven:
    published = record.of("market.award-published")
    if not published:
        raise NotYet("尚未公告结果")
    return published[0]
