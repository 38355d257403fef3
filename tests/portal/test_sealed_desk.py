"""Sealed quotes on the desks: what next, by when, why, for who quoted, who buys and who judges; and never how many."""

from datetime import timedelta

import pytest

from bidding.sealed import judging, low, queries
from bidding.sealed.rules import CHOICE, FEW, PANEL
from portal.desk import queries as desks
from rulebook.actor import Actor, Role
from tests import cast
from tests.make import accounts, bidding_offers, purchases
from tests.make import sealed as make

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]
BEFORE = cast.NOON - cast.MINUTE
KEYS = "登记单位身份公钥"
FACTORS = [
    {"key": "f1", "name": "技术路线", "max": "40", "standard": "路线清楚、可行"},
    {"key": "f2", "name": "人员", "max": "30", "standard": "人员配备与项目相称"},
]
GUEST = Actor("00000000-0000-4000-8000-000000000073", Role.EXPERT, "", "外聘专家")


def lines(viewer, *, at=make.OPENS):
    return [each for each in desks.duties(viewer, at=at) if each.what != KEYS]


def desk(viewer, *, at=make.OPENS):
    return [each.what for each in lines(viewer, at=at)]


def test_before_the_opening_a_desk_is_the_same_however_many_have_quoted(monkeypatch):
    tender, firm = make.offered(("2600.00",)), purchases.enterprise()
    viewers = (cast.PROVIDER, firm, cast.SUPERVISOR, cast.WITNESS, cast.HOLDER, cast.OPERATOR, cast.FOURTH)
    alone = {who: lines(who, at=BEFORE) for who in viewers}
    [wait] = alone[cast.PROVIDER]
    assert (wait.what, wait.by, wait.law, wait.waits) == ("等待报价截止", cast.NOON, FEW, True)
    assert desk(firm, at=BEFORE) == ["等待截止"] and desk(cast.FOURTH, at=BEFORE) == []

    for who, price in ((cast.RIVAL, "2700.00"), (cast.THIRD, "2800.00")):
        bidding_offers.sealed_bid(tender, who, price=price, at=make.APPROVED + 2 * cast.MINUTE)

    assert {who: lines(who, at=BEFORE) for who in viewers} == alone
    bidding_offers.withdrawn(tender, cast.RIVAL, at=make.APPROVED + 3 * cast.MINUTE)
    assert desk(cast.RIVAL, at=BEFORE) == [] and {who: lines(who, at=BEFORE) for who in viewers} == alone
    bidding_offers.closed(tender)
    assert desk(cast.PROVIDER) == desk(firm) == ["等待报价开启"]
    assert desk(cast.SUPERVISOR) == desk(cast.WITNESS) == []  # there is no hall to go to
    make.ticked(at=make.OPENS, times=1)
    [wait] = lines(cast.PROVIDER)
    assert (wait.what, wait.by) == ("等待报价开启", queries.opening(tender).turn_ends)
    assert desk(cast.SUPERVISOR) == desk(cast.WITNESS) == []
    make.released(monkeypatch)
    [wait] = lines(cast.PROVIDER)
    assert (wait.what, wait.waits) == ("查看选取结果", True) and wait.by


def test_a_low_quote_is_explained_and_judged_by_their_times(monkeypatch):
    firm, tender = purchases.enterprise(), make.offered(("2600.00", "900.00", "2700.00", "1000.00"))
    make.opened(tender)
    make.released(monkeypatch)
    asked = queries.low_of(tender, cast.YINSHAN)
    [ask] = lines(cast.RIVAL)
    assert (ask.what, ask.by, ask.law, ask.waits) == ("说明报价", asked.due_at, CHOICE, False)
    assert "不参与选取" in ask.why and ask.href.endswith(f"/purchases/{make.NUMBER}/offers/")
    assert desk(cast.PROVIDER) == ["等待选取结果"] and desk(firm) == ["等待机构说明报价"] * 2

    low.explain(project_number=make.NUMBER, text="本单位就在附近。", by=cast.RIVAL, at=make.OPENS)

    asked.refresh_from_db()
    judge = next(each for each in lines(firm) if not each.waits)
    assert (judge.what, judge.by, judge.law) == ("认定报价说明", asked.judge_by, CHOICE)
    assert "视为成立" in judge.why and "阴山" in judge.about
    assert desk(cast.RIVAL) == ["等待认定报价说明"] and desk(cast.FOURTH) == ["说明报价"]
    told = {"project_number": make.NUMBER, "org": cast.YINSHAN, "accepted": False, "reason": "成本不实。"}
    low.judge(**told, by=firm, at=make.OPENS)
    assert desk(cast.RIVAL) == ["等待选取结果"] and desk(firm) == ["等待机构说明报价"]
    late = asked.judge_by + timedelta(days=5)
    assert desk(cast.FOURTH, at=late) == ["等待选取结果"] and desk(firm, at=late) == ["等待选取"]


def test_the_buyer_by_merit_forms_a_panel_and_each_member_declares_and_scores(monkeypatch):
    third = Actor("00000000-0000-4000-8000-000000000071", Role.OFFICER, cast.BUYER, "第三人")
    tender = make.offered(("2000.00", "2500.00", "2600.00"), edition="rehearsal-merit", fund="fiscal", factors=FACTORS)
    for who in (cast.OFFICER, cast.APPROVER, third, GUEST):
        accounts.user(who)
    said = {"project_number": make.NUMBER, "at": make.OPENS}
    judging.name_judge(person=GUEST.person, by=cast.OFFICER, project_number=make.NUMBER, at=BEFORE)
    mine = [each for each in lines(GUEST, at=BEFORE) if each.law == PANEL]
    assert [(each.what, each.by, each.waits) for each in mine] == [("等待开启后评审", cast.NOON, True)]
    assert desk(cast.OFFICER, at=BEFORE) == ["等待截止"]
    make.opened(tender)
    make.released(monkeypatch)
    [form] = lines(cast.OFFICER)
    assert (form.what, form.law, form.waits) == ("组织评审小组", PANEL, False)
    assert form.href.endswith(f"/purchases/{make.NUMBER}/panel/") and "3 人" in form.why
    assert "声明回避情况" in desk(GUEST)

    for who in (cast.OFFICER, cast.APPROVER, third):
        judging.name_judge(person=who.person, by=cast.OFFICER, **said)
    assert desk(cast.OFFICER) == ["声明回避情况", "等待评审小组声明回避"]
    assert desk(cast.OTHER_OFFICER) == []
    judging.declare(recused=True, reason="近期在其中一家任职", by=GUEST, **said)
    assert not [each for each in lines(GUEST) if each.law == PANEL]
    judging.declare(recused=False, reason="", by=third, **said)
    assert desk(third) == ["等待其他成员声明", "等待评审小组声明回避"]
    for who in (cast.OFFICER, cast.APPROVER):
        judging.declare(recused=False, reason="", by=who, **said)
    assert desk(third) == ["等待评审小组打分", "逐家打分"]
    for org in (cast.HETAO, cast.YINSHAN, cast.WULIANG):
        judging.assess(
            org=org, scores={"f1": "30", "f2": "20"}, reason="路线清楚，人员配备与项目相称。", by=third, **said
        )
    assert desk(third) == ["等待其他成员打分", "等待评审小组打分"] and desk(cast.PROVIDER) == ["等待选取结果"]
