"""A whole works tender: the panel judges qualification, candidates are published, experts stay secret."""

import io
import json
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from accounts.models import Message
from bidding.evaluation import going_back, queries, services
from bidding.evaluation.models import Evaluation
from bidding.tender import drafting
from bidding.tender import queries as tenders
from bidding.tender import services as tender_services
from experts.panels import queries as panels
from ledger.models import Entry
from market.awards import queries as award_queries
from market.awards import services as awards
from market.awards import tasks
from market.awards.models import Award, Proposal, ResultObjection
from market.notices import words
from market.projects import rules as project_rules
from market.projects import standing
from market.projects.models import Project
from market.projects.rules import PROCEDURES, Edition, Method, Stage
from rulebook.actor import SYSTEM
from rulebook.refusal import Refused
from tests import cast
from tests.bidding.tender import act
from tests.make import accounts, bidding, experts
from tests.make import evaluation as make
from tests.make.evaluation import LATER

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]  # works differ by rows, not by the engine
WORKS = PROCEDURES[Method.TENDER, Edition.WORKS_2019]
AFTER = LATER + timedelta(days=5)


def opened(**facts: Any) -> Project:
    project = make.opened(**facts)
    Project.objects.filter(pk=project.pk).update(edition="ztb-2019", category="works")
    project.refresh_from_db()
    return project


def panel_sits(project: Project) -> Evaluation:
    for code in (*make.draws.CONTRIBUTORS, cast.BUREAU):
        accounts.key(code)
    experts.register()
    panel = services.convene(project_number=project.number, strata=make.STRATA, by=cast.OFFICER, at=LATER)
    experts.seated(panel, at=LATER)
    return Evaluation.objects.get(project=project)


def reported(project: Project, against: dict[str, str] | None = None) -> Evaluation:
    return make.signed(make.locked(make.reviewed(make.declared(panel_sits(project)), against)))


def test_a_works_tender_is_drafted_under_its_own_articles_and_published():
    tender = act.draft(
        facts={"edition": "ztb-2019", "category": "works"}, price_weight=20, small_deduction=Decimal("0.20"),
        closes_at=act.START + 10 * cast.DAY, supply_ends_at=act.START + 5 * cast.DAY,
    )  # fmt: skip
    missing = {reason.code: str(reason.law) for reason in tenders.missing(tender, at=act.START)}
    assert missing["timetable.preparation"] == "招标投标法 第24条"
    assert missing["timetable.supply"] == "招标投标法实施条例 第16条"
    assert missing["criteria.sum"] == "招标投标法实施条例 第49条"
    assert "criteria.deduction" in missing and "criteria.price-weight" not in missing
    number = tender.project.number
    drafting.edit(
        project_number=number, facts=act.facts(edition="ztb-2019", category="works"),
        terms=act.terms(small_deduction=Decimal("0.05")), by=cast.OFFICER, at=act.START,
    )  # fmt: skip
    act.ready_keys(tender)
    drafting.add_document(project_number=number, name="a.pdf", file=io.BytesIO(b"%PDF"), by=cast.OFFICER, at=act.START)
    drafting.submit_for_approval(project_number=number, by=cast.OFFICER, at=act.START)
    act.projects.approve(number=number, by=cast.APPROVER, at=act.START)
    publish_at = Project.objects.get().publish_at
    drafting.schedule(project_number=number, publish_at=publish_at, by=cast.OFFICER, at=act.START)
    notice = tender_services.publish(project_number=number, by=SYSTEM, at=publish_at)

    assert notice.content["method"] == "公开招标（工程）"
    assert ("投诉", "自获取文件或公告期限届满之日起 10日内") in [row[:2] for row in words.rows(notice.content)]


def test_works_are_not_bought_under_the_law_of_goods():
    tender = act.draft(facts={"category": "works"})

    assert "project.category" in {reason.code for reason in tenders.missing(tender, at=act.START)}


def test_the_panel_judges_qualification_and_the_purchaser_does_not():
    project = opened()

    with pytest.raises(Refused, match="qualification.the-panels"):
        services.qualify(project_number=project.number, findings=make.findings(project), by=cast.OFFICER, at=LATER)
    evaluation = make.declared(panel_sits(project))
    assert {bid.org for bid in queries.bids(evaluation)} == {cast.HETAO, cast.YINSHAN, cast.WULIANG}
    with pytest.raises(Refused, match="review.without-ground"):
        make.reviewed(evaluation, {cast.HETAO: "conditions"})
    make.reviewed(evaluation, {cast.HETAO: "unqualified", cast.WULIANG: "below-cost"})

    assert [bid.org for bid in queries.compliant(evaluation)] == [cast.YINSHAN]
    assert Project.objects.get().stage == Stage.DECIDING  # one is enough unless the panel finds competition lacking


def test_no_panel_is_called_before_the_hall_is_over():
    tender = bidding.tender(project=None, stage=Stage.DECIDING, keys=False)
    Project.objects.update(edition="ztb-2019")

    with pytest.raises(Refused, match="panel.before-qualification"):
        services.convene(project_number=tender.project.number, strata=make.STRATA, by=cast.OFFICER, at=LATER)


def test_candidates_are_published_before_one_of_them_is_determined():
    project = opened()
    reported(project)
    number = project.number
    winner = Proposal.objects.get().order[0]

    def determine(at: Any) -> Award:
        return awards.determine(number=number, org=winner, by=cast.OFFICER, at=at)

    with pytest.raises(Refused, match="award.not-published"):
        determine(LATER)
    with pytest.raises(Refused, match="project.not-officer"):
        awards.publish_candidates(number=number, by=cast.PROVIDER, at=LATER)
    by_law = {"name": "张建国", "certificate": "一级注册建造师 蒙115"}
    standing.note_leader(project=project, org=winner, **by_law, id_number="150727197506010015", at=LATER)
    notice = awards.publish_candidates(number=number, by=cast.OFFICER, at=LATER)
    assert [each["rank"] for each in notice.content["candidates"]] == [1, 2, 3]
    assert [each.get("leader") for each in notice.content["candidates"]] == [by_law, None, None]
    assert "150727197506010015" not in notice.text and "项目负责人 张建国（一级注册建造师 蒙115）" in str(
        words.rows(notice.content)
    )
    with pytest.raises(Refused, match="candidates.published"):
        awards.publish_candidates(number=number, by=cast.OFFICER, at=LATER)
    with pytest.raises(Refused, match="award.being-published"):
        determine(LATER + 2 * cast.DAY)
    award = determine(AFTER)

    assert award.organisation == winner
    assert award.notice.content["experts"] == []
    assert all(each["name"] not in award.notice.text for each in Proposal.objects.get().experts)
    assert Message.objects.filter(to_role="supervisor", subject__startswith="招标投标情况书面报告").count() == 1


def test_an_objection_suspends_the_award_until_it_is_answered_and_nobody_learns_whose_it_is():
    project = opened()
    reported(project)
    number, winner = project.number, Proposal.objects.get().order[0]

    def object_(by: Any = cast.PROVIDER, text: str = "业绩不实", at: Any = LATER) -> ResultObjection:
        return awards.object_to_candidates(number=number, text=text, by=by, at=at)

    with pytest.raises(Refused, match="result-objection.not-now"):
        object_()
    awards.publish_candidates(number=number, by=cast.OFFICER, at=LATER)
    for by in (cast.FOURTH, cast.SUPERVISOR):
        with pytest.raises(Refused, match="result-objection.not-a-bidder"):
            object_(by=by)
    with pytest.raises(Refused, match="result-objection.empty"):
        object_(text=" ")
    with pytest.raises(Refused, match="result-objection.not-now"):
        object_(at=AFTER)
    with pytest.raises(Refused, match="result-objection.length"):
        object_(text="长" * 4001)
    others = [object_(text=f"其他事项 {n}") for n in range(4)]
    raised = object_()
    with pytest.raises(Refused, match="result-objection.too-many"):
        object_(text="再提一项")
    for one in others:
        awards.answer_objection(number=number, objection=str(one.public_id), text="不成立", by=cast.OFFICER, at=LATER)
    with pytest.raises(Refused, match="award.objected"):
        awards.determine(number=number, org=winner, by=cast.OFFICER, at=AFTER)
    awards.answer_objection(
        number=number, objection=str(raised.public_id), text="经查属实与否见附件", by=cast.OFFICER, at=AFTER
    )
    with pytest.raises(Refused, match="result-objection.answered"):
        awards.answer_objection(number=number, objection=str(raised.public_id), text="再答", by=cast.OFFICER, at=AFTER)
    with pytest.raises(Refused, match="award.being-published"):  # its days have not run meanwhile
        awards.determine(number=number, org=winner, by=cast.OFFICER, at=AFTER)
    ends = award_queries.publicity(project).ends_at
    assert ends == Proposal.objects.get().publicity_ends_at + (AFTER - LATER)
    awards.determine(number=number, org=winner, by=cast.OFFICER, at=ends)

    told = "".join(Entry.objects.filter(kind__in=("market.result-objected", "market.objection-answered"))
                   .values_list("event", flat=True))  # fmt: skip
    assert told and cast.HETAO not in told and "业绩不实" not in told


def test_an_objection_that_was_right_has_the_panel_judge_again_once_it_is_answered():
    project = opened()
    evaluation = reported(project)
    number, first = project.number, evaluation.commitment
    awards.publish_candidates(number=number, by=cast.OFFICER, at=LATER)
    raised = awards.object_to_candidates(number=number, text="业绩计算有误", by=cast.PROVIDER, at=LATER)

    def ask(**other: Any) -> Any:
        told = {"ground": "objection", "reason": "异议属实，业绩分计算有误", "by": cast.OFFICER, "at": LATER}
        return going_back.ask(project_number=number, **told | other)

    with pytest.raises(Refused, match="award.no-objection"):
        ask()  # raised, and nobody has said whether it is right
    awards.answer_objection(number=number, objection=str(raised.public_id), text="异议成立", by=cast.OFFICER, at=LATER)
    for wrong, code in (({"by": cast.PROVIDER}, "evaluation.not-officer"), ({"reason": " "}, "rollback.ground")):
        with pytest.raises(Refused, match=code):
            ask(**wrong)
    ask()
    going_back.decide(project_number=number, approves=True, why="异议属实", by=cast.SUPERVISOR, at=LATER)
    project.refresh_from_db()
    assert project.stage == Stage.DECIDING
    make.signed(make.locked(evaluation, **{cast.YINSHAN: {"f1": "1", "f2": "1"}}))
    project.refresh_from_db()
    held = award_queries.proposal(project)
    assert project.stage == Stage.PROPOSED and held is not None and held.publicity_ends_at is None
    (told,) = [json.loads(e.event)["d"] for e in Entry.objects.filter(kind="evaluation.rolled-back")]
    assert (told["ground"], told["before"]) == ("objection", first)
    with pytest.raises(Refused, match="award.not-published|award.being-published|award"):
        awards.determine(number=number, org=held.order[0], by=cast.OFFICER, at=LATER)  # published anew first
    awards.publish_candidates(number=number, by=cast.OFFICER, at=LATER)
    assert award_queries.proposal(project).publicity_ends_at > LATER


def test_nobody_counts_as_determined_where_the_law_does_not_say_so():
    project = opened()
    reported(project)
    awards.publish_candidates(number=project.number, by=cast.OFFICER, at=LATER)

    tasks.deem_determined(by=SYSTEM, at=LATER + 60 * cast.DAY)

    assert not Award.objects.exists()


def test_the_pages_of_a_works_tender_from_the_hall_to_the_award():
    project = opened()
    officer, path = accounts.client_of(cast.OFFICER), f"/projects/{project.number}/"
    shown = officer.get(f"{path}evaluation/").content.decode()
    assert "由其审查投标人资格" in shown and "资格审查</" not in shown
    reported(project)
    assert panels.panel(project.number)
    secret = accounts.client_of(cast.STRANGER).get(f"{path}award/").content.decode()
    assert cast.NAMES[cast.HETAO] not in secret
    Proposal.objects.update(due_at=cast.NOON + 3650 * cast.DAY)

    assert officer.post(f"{path}award/candidates").status_code == 302
    assert officer.post(f"{path}award/candidates").status_code == 409
    Proposal.objects.update(publicity_ends_at=cast.NOON + 3650 * cast.DAY)
    public = accounts.client_of(cast.STRANGER).get(f"{path}award/").content.decode()
    assert cast.NAMES[cast.HETAO] in public and "中标候选人公示" in public and "提出异议" not in public
    provider = accounts.client_of(cast.PROVIDER)
    assert "提出异议" in provider.get(f"{path}award/").content.decode()
    assert provider.post(f"{path}award/object", {"text": "业绩不实"}).status_code == 302
    assert "业绩不实" in officer.get(f"{path}award/").content.decode()
    for other in (cast.STRANGER, cast.RIVAL, cast.SUPERVISOR):
        assert "业绩不实" not in accounts.client_of(other).get(f"{path}award/").content.decode()
    assert "答复异议" in officer.get("/desk/").content.decode()
    raised = ResultObjection.objects.get()
    assert officer.post(f"{path}award/objections/{raised.public_id}/answer", {"text": "不成立"}).status_code == 302
    assert officer.post(f"{path}award/determine", {"org": Proposal.objects.get().order[0]}).status_code == 409
    Proposal.objects.update(publicity_ends_at=cast.NOON - 3650 * cast.DAY)
    assert officer.post(f"{path}award/determine", {"org": Proposal.objects.get().order[0]}).status_code == 302
    assert "评审专家" not in accounts.client_of(cast.STRANGER).get(f"{path}award/").content.decode()


def test_every_period_of_works_is_the_laws():
    told = {
        "preparation": "20日", "supply": "5日", "correction": "15日", "questions": "10日", "publicity": "3日",
        "publicity_starts": "3日", "answer": "3日", "contract": "30日", "objection": "10日",
        "supervisor_report": "15日",
    }  # fmt: skip
    assert {name: getattr(WORKS, name).words for name in told} == told
    assert not project_rules.why_not_edition(edition="ztb-2019", production=True)
    assert project_rules.why_not_edition(edition="rehearsal-works", production=True)
