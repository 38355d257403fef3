"""A choice by merit: three of the owner's people, recusal first, reasons for everybody, points anyone sums again."""

import json
from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.models import Message
from bidding.sealed import judging, queries
from bidding.sealed import services as sealed
from bidding.sealed.models import Judge
from bidding.sealed.tasks import excuse_barred
from draws.models import Draw
from ledger.models import Entry
from market.awards.models import Proposal
from market.notices import suspending
from market.notices.models import Notice
from market.projects.models import Project
from proofs.selection import why_not_selection
from rulebook.actor import SYSTEM, Actor, Role
from rulebook.calendar import day_in_china
from rulebook.refusal import Refused
from rulebook.times import iso
from tests import cast
from tests.cells import cell
from tests.make import accounts, blacklist, experts, registry
from tests.make import sealed as make

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]
FACTORS = [
    {"key": "f1", "name": "技术路线", "max": "40", "standard": "路线清楚、可行"},
    {"key": "f2", "name": "人员", "max": "30", "standard": "人员配备与项目相称"},
]
REASON = "路线清楚，人员配备与项目相称。"
THIRD = Actor("00000000-0000-4000-8000-000000000071", Role.OFFICER, cast.BUYER, "第三人")
FOURTH = Actor("00000000-0000-4000-8000-000000000072", Role.OFFICER, cast.BUYER, "第四人")
PANEL = (cast.OFFICER, cast.APPROVER, THIRD)


def said(**told):
    return told | {"project_number": make.NUMBER, "at": make.OPENS}


def opened(monkeypatch):
    tender = make.offered(("2000.00", "2500.00", "2500.00"), edition="rehearsal-merit", fund="fiscal", factors=FACTORS)
    for who in (*PANEL, FOURTH):
        accounts.user(who)
    make.opened(tender)
    make.released(monkeypatch)
    return tender


def seated(tender):
    for who in PANEL:
        judging.name_judge(person=who.person, by=cast.OFFICER, **said())
        judging.declare(recused=False, reason="", by=who, **said())


def given(by, org, f1="30", f2="20", reason=REASON):
    return judging.assess(org=org, scores={"f1": f1, "f2": f2}, reason=reason, by=by, **said())


@cell("merit", "3")
def test_points_with_reasons_make_the_ranking_and_all_of_it_is_published(monkeypatch):
    tender = opened(monkeypatch)
    seated(tender)
    for who in PANEL:
        given(who, cast.HETAO, "10", "10")
        given(who, cast.YINSHAN, "36.5", "28")
        given(who, cast.WULIANG, "30", "20")
    make.ticked(at=make.OPENS)
    told = json.loads(Proposal.objects.get().report)
    assert why_not_selection(told) == ()
    assert {bid["org"]: bid["rank"] for bid in told["bids"]} == {cast.HETAO: 3, cast.YINSHAN: 1, cast.WULIANG: 2}
    page = accounts.client_of(cast.STRANGER).get(reverse("bidding:offers", args=[make.NUMBER])).content.decode()
    assert REASON in page and "第三人" in page
    for lie in ({"weight": "40"}, {"judges": told["basis"]["judges"][:2]}, {"reasons": {}}):
        assert why_not_selection({**told, "basis": {**told["basis"], **lie}})
    higher = json.loads(json.dumps(told))
    higher["basis"]["scores"][cast.HETAO]["1"]["f1"] = "40.5"
    assert why_not_selection(higher)
    swapped = [{**bid, "rank": {1: 2, 2: 1, 3: 3}[bid["rank"]]} for bid in told["bids"]]
    assert why_not_selection({**told, "bids": swapped})


def test_nobody_scores_before_three_have_declared_and_who_is_tied_does_not(monkeypatch):
    opened(monkeypatch)
    with pytest.raises(Refused, match="judge.not-officer"):
        judging.name_judge(person=THIRD.person, by=cast.OTHER_OFFICER, **said())
    with pytest.raises(Refused, match="judge.stranger"):
        accounts.user(cast.SUPERVISOR)
        judging.name_judge(person=cast.SUPERVISOR.person, by=cast.OFFICER, **said())
    for who in PANEL:
        judging.name_judge(person=who.person, by=cast.OFFICER, **said())
    with pytest.raises(Refused, match="judge.why"):
        judging.declare(recused=True, reason=" ", by=THIRD, **said())
    judging.declare(recused=True, reason="亲属在其中一家任职", by=THIRD, **said())
    judging.declare(recused=False, reason="", by=cast.OFFICER, **said())
    with pytest.raises(Refused, match="score.too-few"):
        given(cast.OFFICER, cast.HETAO)  # one has not declared
    judging.declare(recused=False, reason="", by=cast.APPROVER, **said())
    with pytest.raises(Refused, match="score.too-few"):
        given(cast.OFFICER, cast.HETAO)  # only two are left
    with pytest.raises(Refused, match="score.not-a-judge"):
        given(THIRD, cast.HETAO)
    judging.name_judge(person=FOURTH.person, by=cast.OFFICER, **said())
    judging.declare(recused=False, reason="", by=FOURTH, **said())
    for wrong in ({"f1": "41"}, {"f1": "-1"}, {"f1": "1.234"}):
        with pytest.raises(Refused, match="score.points"):
            given(FOURTH, cast.HETAO, **wrong)
    with pytest.raises(Refused, match="score.no-reason"):
        given(FOURTH, cast.HETAO, reason="好")
    given(FOURTH, cast.HETAO)
    with pytest.raises(Refused, match="score.given"):
        given(FOURTH, cast.HETAO)
    with pytest.raises(Refused, match="judge.not-now"):
        judging.name_judge(person=cast.OFFICER.person, by=cast.OFFICER, **said())
    make.ticked(at=make.OPENS)
    assert not Proposal.objects.exists() and Project.objects.get().stage == "deciding"


def test_the_panel_works_on_its_page_and_plans_are_its_alone(monkeypatch):
    opened(monkeypatch)
    panel, act = (reverse(f"bidding:{name}", args=[make.NUMBER]) for name in ("owner_panel", "act_on_panel"))
    officer = accounts.client_of(cast.OFFICER)
    expert = accounts.user(Actor("00000000-0000-4000-8000-000000000073", Role.EXPERT, "", "外聘专家"))
    rival = accounts.user(cast.RIVAL)
    assert [officer.post(act, {"expert": name}).status_code for name in ("nobody", rival.username)] == [422, 422]
    assert officer.post(act, {"person": "no identifier"}).status_code == 404
    assert accounts.client_of(cast.RIVAL).post(act, {"expert": expert.username}).status_code == 403
    assert officer.post(act, {"expert": expert.username}).status_code == 302
    assert "受邀专家" in officer.get(panel).content.decode()
    guest = accounts.client_of(Actor(str(expert.public_id), Role.EXPERT, "", "外聘专家"))
    assert Message.objects.filter(to_user=expert, subject__startswith="请参加评审").exists()
    assert guest.post(act, {"recused": "1", "reason": "近期在其中一家任职"}).status_code == 302
    for who in PANEL:
        assert officer.post(act, {"person": who.person}).status_code == 302
        assert "声明回避" in accounts.client_of(who).get(panel).content.decode()
        assert accounts.client_of(who).post(act, {"recused": "0", "reason": ""}).status_code == 302
    plan = reverse("bidding:panel_file", args=[make.NUMBER, cast.HETAO, "技术方案.txt"])
    assert "技术方案.txt" in officer.get(panel).content.decode()
    assert b"".join(officer.get(plan).streaming_content).decode() == "本单位的技术方案"
    for other in (cast.PROVIDER, cast.SUPERVISOR, FOURTH):
        assert accounts.client_of(other).get(plan).status_code == 404
    assert accounts.client_of(cast.PROVIDER).get(panel).status_code == 404
    told = {"org": cast.HETAO, "f1": "30", "f2": "20", "reason": REASON}
    assert officer.post(act, told).status_code == 302
    assert "已打分" in officer.get(panel).content.decode()


def test_a_panel_that_comes_to_no_end_in_time_fails_the_purchase_once_and_says_why(monkeypatch):
    tender = opened(monkeypatch)
    seated(tender)
    for who in PANEL[:2]:
        for org in (cast.HETAO, cast.YINSHAN, cast.WULIANG):
            given(who, org)
    due = queries.panel_due(tender, at=make.OPENS)
    assert due == make.OPENS + timedelta(seconds=tender.project.procedure.selection.panel.amount)
    officer, page = accounts.client_of(cast.OFFICER), reverse("bidding:owner_panel", args=[make.NUMBER])
    make.at_the_clock(monkeypatch, due - timedelta(seconds=1))
    shown = officer.get(page).content.decode()
    assert "评审期限" in shown and f'data-countdown="{iso(due)}"' in shown and "加入评审小组" in shown
    make.ticked(at=due - timedelta(microseconds=1))
    assert Project.objects.get().stage == "deciding"

    make.at_the_clock(monkeypatch, due)
    shown = officer.get(page).content.decode()
    assert "评审的期限已过" in shown and "加入评审小组" not in shown
    late = {"project_number": make.NUMBER, "at": due}
    with pytest.raises(Refused, match="score.late"):  # the last judge, before any tick
        judging.assess(org=cast.HETAO, scores={"f1": "1", "f2": "1"}, reason=REASON, by=THIRD, **late)
    with pytest.raises(Refused, match="judge.declared-late"):
        judging.declare(recused=False, reason="", by=THIRD, **late)
    make.ticked(at=due + cast.DAY)
    sealed.choose(project_number=make.NUMBER, by=cast.SYSTEM, at=due + 2 * cast.DAY)
    assert Project.objects.get().stage == "failed" and not Proposal.objects.exists()
    [notice] = Notice.objects.filter(type="failure")
    assert "评审小组未在开启后1800秒内完成打分" in notice.text and "明标平台规则 第18条" in notice.text
    assert THIRD.name not in notice.text
    assert "已经流标" in officer.get(page).content.decode()


def test_points_given_in_time_rank_however_late_the_tick_comes_and_a_rest_does_not_count(monkeypatch):
    tender = opened(monkeypatch)
    seated(tender)
    due = queries.panel_due(tender, at=make.OPENS)
    rest = {"by": cast.SUPERVISOR, "at": make.OPENS}
    suspending.suspend(number=make.NUMBER, ground="complaint-d", until=make.OPENS + 2 * cast.DAY, text="处理投诉",
                       document="河财监〔2026〕1号", **rest)  # fmt: skip
    make.ticked(at=due)
    assert Project.objects.get().stage == "deciding" and queries.panel_due(tender, at=due) > due
    over = make.OPENS + 2 * cast.DAY
    assert queries.panel_due(tender, at=over) == due + 2 * cast.DAY
    for who in PANEL:
        for org in (cast.HETAO, cast.YINSHAN, cast.WULIANG):
            judging.assess(org=org, scores={"f1": "30", "f2": "20"}, reason=REASON, by=who,
                           project_number=make.NUMBER, at=due + cast.DAY)  # fmt: skip
    make.ticked(at=due + 9 * cast.DAY)
    assert Project.objects.get().stage == "deciding" and Draw.objects.get().pool  # lots among the two equals


def test_a_banned_expert_neither_joins_the_owners_panel_nor_judges_and_another_takes_his_place(monkeypatch):
    tender = opened(monkeypatch)
    expert, later = experts.register(2)
    first, second = (registry.known(each.user, n) for n, each in enumerate((expert, later), 1))
    facts = {"basis": "apl-9", "at": make.OPENS, "starts_on": day_in_china(make.OPENS) - timedelta(days=30)}
    facts |= {"decided_on": facts["starts_on"], "ends_on": facts["starts_on"] + timedelta(days=400)}
    blacklist.person(first, **facts)
    with pytest.raises(Refused, match=r"judge\.cannot") as refused:
        judging.name_judge(person=str(expert.user.public_id), by=cast.OFFICER, **said())
    assert "禁" not in str(refused.value.reasons)
    seated(tender)
    judging.name_judge(person=str(later.user.public_id), by=cast.OFFICER, **said())
    blacklist.person(second, decision_no="河罚2号", **facts)
    him = later.user.as_actor()
    with pytest.raises(Refused, match=r"blacklist\.banned"):
        judging.declare(recused=False, reason="", by=him, **said())
    page = accounts.client_of(him).get(reverse("bidding:owner_panel", args=[make.NUMBER])).content.decode()
    assert "河罚2号" in page
    excuse_barred(by=SYSTEM, at=make.OPENS)
    excuse_barred(by=SYSTEM, at=make.OPENS)
    judge = Judge.objects.get(invited=True)
    assert judge.recused and not judge.reason
    told = [json.loads(entry.event)["d"] for entry in Entry.objects.filter(kind="sealed.judge-declared")]
    assert [each["recused"] for each in told] == [False, False, False, True]
    officers = accounts.client_of(cast.OFFICER).get(reverse("bidding:owner_panel", args=[make.NUMBER])).content.decode()
    assert "河罚" not in officers and "judge-barred" not in officers
    given(cast.OFFICER, cast.HETAO)  # three are left, and judge
