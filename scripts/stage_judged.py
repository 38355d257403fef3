"""Panels whose report is out, with all that may be said around it, and one that negotiates: of `scripts.stage`."""

from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from bidding.evaluation import afterwards, drafts, going_back, negotiating, recordings, scoring, services
from bidding.evaluation import queries as evaluations
from bidding.evaluation.models import Evaluation
from bidding.opening.models import Opening
from market.projects.rules import METHODS, Edition, Stage
from rulebook.actor import Actor
from tests import cast
from tests.make import accounts, bidding, draws, evaluation, experts, market

Page = tuple[str, Actor, str]  # its name, who looks at it, its address
JUDGED, TALKED, REVIEWED = "T-2026-022", "C-2026-001", "T-2026-023"
TALKS = Edition.CONSULTATION_2014
SCORED = [
    {"key": "f1", "name": "技术方案", "max": "90", "objective": False, "standard": "按细则", "technical": True},
]  # fmt: skip


def fill(now: datetime) -> None:
    """Both of them, judged in the last minutes; and one that is in the middle of its review."""
    _judged(now - 20 * cast.MINUTE)
    _talked(now - 20 * cast.MINUTE)
    row = _sits(REVIEWED, now - 20 * cast.MINUTE, facts={"title": "旗文化馆舞台灯光采购"})
    member, ground = experts.person_of(evaluation.members(row)[0]), next(iter(evaluations.grounds(row.project)))
    views = [replace(each, note="第四章没有看完") for each in evaluation.votes(row, {cast.WULIANG: ground})]
    drafts.save_review(project_number=REVIEWED, votes=views, by=member, at=now - 19 * cast.MINUTE)


def _sits(number: str, at: datetime, *, facts: dict[str, Any], failing: str = "", **other: Any) -> Evaluation:
    """A panel that has declared, over four bids that nobody sealed.  failing: who does not qualify."""
    shown = market.project(number=number, stage=Stage.DECIDING, published_at=at - 21 * cast.DAY, **facts)
    tender = bidding.tender(number=number, project=shown, closes_at=at - cast.HOUR, keys=False, **other)
    project = evaluation.opened_by_hand(tender, 4)
    Opening.objects.filter(tender=tender).update(record_sha256="")  # nothing to print: there is no such record
    if not project.procedure.talks:
        found = evaluation.findings(project, {failing: "未提供依法缴纳税收的记录"})
        services.qualify(project_number=number, findings=found, by=cast.OFFICER, at=at)
    for code in (*draws.CONTRIBUTORS, cast.BUREAU):
        accounts.key(code)
    experts.register()
    panel = services.convene(project_number=number, strata=evaluation.STRATA, by=cast.OFFICER, at=at)
    experts.seated(panel, at=at, played=False)
    return evaluation.declared(Evaluation.objects.get(project=project), at=at)


def _judged(at: datetime) -> None:
    """One did not qualify, a member found another not compliant, one differed on a fact and corrected it; a dissent;
    a first application to score again was turned down, a second waits; both sides appraised the other."""
    row = _sits(JUDGED, at, facts={"title": "旗图书馆恒温书柜采购"}, failing=cast.LANGSHAN)
    first, *others = [experts.person_of(seat) for seat in evaluation.members(row)]
    who: dict[str, Any] = {"project_number": JUDGED, "at": at}
    ground = next(iter(evaluations.grounds(row.project)))
    views = evaluation.votes(row, {cast.WULIANG: ground})
    drafts.save_review(votes=views, by=first, **who)
    services.review(votes=views, by=first, **who)
    evaluation.reviewed(row, at=at)
    seat, *_ = evaluation.members(row)
    apart = evaluation.cells(row, {"f1": "29", "f2": "20"})
    evaluation.locks(row, seat, apart, at=at)
    for other in evaluation.members(row)[1:]:
        evaluation.locks(row, other, at=at)
    scoring.reopen_sheet(reason="第二章参数看漏一行，予以更正", by=first, **who)
    evaluation.locks(row, seat, at=at)
    going_back.ask(ground="sum", reason="汇总表与分项得分不符，请复核", by=cast.OFFICER, **who)
    going_back.decide(approves=False, why="经复核，汇总无误，不予同意", by=cast.SUPERVISOR, **who)
    scoring.sign_report(dissent="对第二名的技术分持保留意见", by=first, **who)
    for other in others:
        scoring.sign_report(by=other, **who)
    going_back.ask(ground="objective", reason="业绩为客观因素，评分不一致", by=cast.OFFICER, **who)
    recordings.file_recording(
        what="venue", sha256="0" * 64, size=1, kept_at="评标室三号机柜，刻录光盘一张", by=cast.OFFICER, **who
    )
    marks = dict.fromkeys(afterwards.OF_AGENCY, 4)
    afterwards.appraise(marks=marks, text="资料齐备，组织有序，无倾向性引导", by=first, **who)
    marks = dict.fromkeys(afterwards.OF_EXPERT, 3)
    afterwards.appraise(seat_no=seat.seat_no, marks=marks, text="专业熟练，签到迟到十分钟", by=cast.OFFICER, **who)


def _talked(at: datetime) -> None:
    """The panel wrote down a talk, what is wanted has changed, another change waits, and one supplier has left."""
    facts = {"edition": TALKS.value, "method": METHODS[TALKS].value, "category": "services", "ground": "services"}
    facts["title"] = "电梯检验检测服务"
    row = _sits(TALKED, at, facts=facts, factors=SCORED, price_weight=Decimal(10))
    evaluation.reviewed(row, at=at)
    who: dict[str, Any] = {"project_number": TALKED, "at": at}
    first = experts.person_of(evaluation.members(row)[0])
    negotiating.note_talk(org=cast.HETAO, text="就服务响应时间进行了磋商，承诺两小时到场。", by=first, **who)
    told = negotiating.propose_change(text="响应时间由四小时改为两小时。", by=first, **who)
    negotiating.confirm_change(change=told.pk, by=cast.OFFICER, **who)
    negotiating.propose_change(text="增加每季度一次的免费巡检。", by=first, **who)
    negotiating.leave(reason="人员不足，无法响应新的要求，退出磋商。", by=cast.FOURTH, **who)


def pages() -> list[Page]:
    """Each for whom it is different."""
    found: list[Page] = []
    names = ((JUDGED, "evaluation-judged"), (TALKED, "evaluation-talks"), (REVIEWED, "evaluation-review"))
    for number, name in names:
        member = experts.person_of(evaluation.members(Evaluation.objects.get(project__number=number))[0])
        viewers = {JUDGED: (cast.OFFICER, cast.SUPERVISOR), TALKED: (cast.OFFICER,)}.get(number, ())
        found += [(name, who, f"/projects/{number}/evaluation/") for who in (*viewers, member)]
    return found + [("talks", who, f"/projects/{TALKED}/talks/") for who in (cast.PROVIDER, cast.FOURTH)]
