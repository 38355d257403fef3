"""The report on paper and as a workbook: every sheet of the evaluation, for those who may read the report."""

import json
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from io import BytesIO
from typing import Any

from django.conf import settings

from accounts.templatetags.parts import moment, money
from bidding.evaluation import queries, settled
from bidding.evaluation.models import Evaluation, Review, SheetVersion, Signature
from bidding.evaluation.recordings import WHAT
from bidding.evaluation.rules import ROLLBACKS, Step
from documents import qr, sheets
from experts.panels import queries as panels
from market.projects.models import Project
from market.projects.policies import NAMES
from proofs.scoring import CORRECTIONS
from rulebook.actor import Actor, Role

Table = tuple[str, list[str], list[list[Any]]]  # its name, its heads, its rows


def readable(project: Project, viewer: Actor) -> Evaluation:
    """The evaluation whose report the viewer may have: its members while they sign and after, then the buyer's officer
    and the supervision body. Raises Evaluation.DoesNotExist for everybody else, and before.
    """
    row = queries.of(project)
    if row is None or not row.report or Step(row.step) not in (Step.SIGNING, Step.TIE, Step.DONE):
        raise Evaluation.DoesNotExist
    handed_in = Step(row.step) is Step.DONE
    if panels.seat_of(project.number, viewer) is None and not (
        handed_in and (project.is_officer(viewer) or viewer.role is Role.SUPERVISOR)
    ):
        raise Evaluation.DoesNotExist
    return row


def tables(row: Evaluation) -> list[Table]:
    """Every sheet of an evaluation, in the order of the work."""
    report = json.loads(row.report)
    bids = sorted(report["bids"], key=lambda bid: (bid["rank"] or 999, bid["org"]))
    names, bidder = {bid["org"]: bid["name"] for bid in bids}, row.project.terms.bidder
    return [
        _results(bids, bidder),
        _prices(bids, bidder),
        ("资格审查", [bidder, "代码", "结论", "理由"],
         [[each["name"], each["org"], "合格" if each["passed"] else "不合格", "；".join(each["reasons"])]
          for each in queries.finding_rows(row)]),
        _reviews(row, names),
        *_sheets(row, report, names),
        _found(row, names),
        _signatures(row),
        ("重新评分", ["申请时间", "情形", "理由", "决定", "决定理由", "原报告承诺"],
         [[moment(each.asked_at), ROLLBACKS[each.ground], each.reason,
           "待决定" if each.approved is None else "批准" if each.approved else "不批准", each.why,
           (each.state or {}).get("commitment", "")] for each in row.rollbacks.order_by("pk")]),
        ("录音录像", ["内容", "SHA-256", "字节", "保存处", "登记时间"],
         [[WHAT[each.what], each.sha256, each.size, each.kept_at, moment(each.at)]
          for each in row.recordings.order_by("pk")]),
    ]  # fmt: skip


def _results(bids: Sequence[dict[str, Any]], bidder: str) -> Table:
    rows = [
        [bid["rank"] or "—", bid["name"], bid["org"], "有效" if bid["compliant"] else "无效",
         _number(bid["price_points"]), _number(bid["total"]), "；".join(bid["reasons"])]
        for bid in bids
    ]  # fmt: skip
    return "评审结果", ["排名", bidder, "代码", "结论", "价格分", "总分", "无效情形和理由"], rows


def _prices(bids: Sequence[dict[str, Any]], bidder: str) -> Table:
    rows = [
        [bid["name"], bid["quote"] or "—", bid.get("corrected", {}).get("to", ""),
         CORRECTIONS.get(bid.get("corrected", {}).get("rule", ""), ""), "是" if bid["small"] else "否",
         "、".join(NAMES[key] for key in bid.get("policies", ())), bid["adjusted"] or "—", _number(bid["price_points"])]
        for bid in bids
    ]  # fmt: skip
    return (
        "价格评审",
        [bidder, "报价（元）", "修正后报价（元）", "修正依据", "小微企业", "政策扣除", "评审价（元）", "价格分"],
        rows,
    )


def _reviews(row: Evaluation, names: dict[str, str]) -> Table:
    seats, known = panels.seated(row.project.number), queries.grounds(row.project)
    rows = [
        [review.seat.seat_no, names.get(vote["org"], vote["org"]), "符合" if vote["compliant"] else "无效",
         "；".join(known[key][0] if key in known else key for key in vote["grounds"]), vote["note"]]
        for review in Review.objects.filter(seat__in=seats).select_related("seat").order_by("seat__seat_no")
        for vote in review.votes
    ]  # fmt: skip
    return "符合性审查", ["席位", row.project.terms.bidder, "结论", "情形", "事实和理由"], rows


def _sheets(row: Evaluation, report: dict[str, Any], names: dict[str, str]) -> list[Table]:
    """One table a seat and locking: a row for each factor, a column for each bid."""
    seats = panels.seated(row.project.number)
    versions = SheetVersion.objects.filter(sheet__seat__in=seats).select_related("sheet__seat")
    found: list[Table] = []
    for each in sorted(versions, key=lambda version: (version.sheet.seat.seat_no, version.version)):
        scores = json.loads(each.content)["scores"]
        orgs = [org for org in names if org in scores]
        rows = [
            [factor["name"], _number(factor["max"]), *[_number(scores[org][factor["key"]]) for org in orgs]]
            for factor in report["scoring"]["factors"]
        ]
        sums = [sum((Decimal(points) for points in scores[org].values()), Decimal()) for org in orgs]
        rows.append(["合计", "", *[float(each_sum) for each_sum in sums]])
        title = f"{each.sheet.seat.seat_no}号评分表" + (f"（第{each.version}次）" if each.version > 1 else "")
        found.append((title, ["评审因素", "分值", *[names[org] for org in orgs]], rows))
    return found


def _found(row: Evaluation, names: dict[str, str]) -> Table:
    """What the panel's matters made of the bids; what was asked of one bidder stays between them until the award."""
    told = settled.Settled(row)
    rows: list[list[Any]] = [
        [names[org], "修正报价", f"{CORRECTIONS[found['rule']]}：{money(found['to'])} 元"]
        for org, found in told.corrected.items()
    ]
    rows += [[names[org], "政策扣除", "、".join(NAMES[key] for key in keys)] for org, keys in told.granted.items()]
    rows += [["、".join(names[org] for org in group), "相同品牌", "按一家计算"] for group in told.same_brand()]
    return "评审认定", [row.project.terms.bidder, "事项", "内容"], rows


def _signatures(row: Evaluation) -> Table:
    leader = settled.chosen(row).leader
    signed = {one.seat_id: one for one in Signature.objects.filter(evaluation=row, round=queries.report_round(row))}
    rows = []
    for seat in panels.seated(row.project.number):
        one = signed.get(seat.pk)
        said = "未签署" if one is None else "拒绝签字" if one.refused else f"电子签名，{moment(one.at)}"
        texts = [one.dissent, one.explanation] if one else ["", ""]
        rows.append([seat.seat_no, "组长" if seat.pk == leader else "成员", said, *texts])
    return "签署", ["席位", "身份", "签署", "不同意见", "评分畸高、畸低的理由"], rows


def _number(text: str | None) -> Any:
    """A number for a cell; a dash where there is none."""
    return "—" if text is None else float(text)


def workbook(row: Evaluation) -> bytes:
    """The sheets as XLSX: text stays text, nothing is a formula or a link."""
    file = BytesIO()
    book = sheets.book_in(file)
    assert row.reported_at is not None
    book.set_properties({"title": f"评审报告 {row.project.number}", "created": _naive(row.reported_at)})
    bold, wrap = book.add_format({"bold": True, "text_wrap": True}), book.add_format({"text_wrap": True})
    for name, heads, rows in tables(row):
        sheet = book.add_worksheet(name[:31])
        sheet.freeze_panes(1, 1)
        sheet.set_column(0, len(heads) - 1, 18)
        sheet.write_row(0, 0, heads, bold)
        for place, cells in enumerate(rows, start=1):
            sheet.write_row(place, 0, cells, wrap)
    book.close()
    return file.getvalue()


def content(row: Evaluation) -> dict[str, Any]:
    """What stands on the printed report."""
    project = row.project
    check = f"{settings.SITE}/projects/{project.number}/log/"
    assert row.reported_at is not None
    return {
        "title": project.title, "number": project.number, "buyer": project.buyer.name,
        "agent": project.agent.name if project.agent else "",
        "method": project.procedure.title, "terms": project.terms.words(),
        "reported_at": moment(row.reported_at), "commitment": row.commitment,
        "tables": [
            {"name": name, "heads": heads, "rows": [[_text(cell) for cell in cells] for cells in rows]}
            for name, heads, rows in tables(row)
        ],
        "seats": [f"{seat.seat_no} 号评委" for seat in panels.seated(project.number)],
        "check": check, "code": qr.svg(check),
    }  # fmt: skip


def _text(cell: Any) -> str:
    return f"{cell:g}" if isinstance(cell, float) else str(cell)


def _naive(at: datetime) -> datetime:
    return at.replace(tzinfo=None)
