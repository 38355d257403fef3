"""Bonds between organisations: one declares, another agrees, and their people keep off each other's panels."""

from datetime import date

import pytest

from accounts.models import Message
from bidding.evaluation import ceremony
from draws.models import Draw
from experts.affiliates import queries, services
from experts.affiliates.models import Affiliation
from experts.affiliates.rules import Bond, Pair, together, why_not_declare, widened
from experts.panels.eligibility import EXCLUSIONS, left_out_because
from experts.registry.models import Expert
from rulebook.refusal import Refused
from tests import cast
from tests.cast import NOON
from tests.make import accounts, experts
from tests.make import evaluation as make
from tests.make.notifier import expert_of

TODAY = NOON.date()
AVOID = {"B": "employer-of-bidder", "K": "employer-of-buyer", "R": "employer-supervises"}


@pytest.mark.parametrize("pairs, wanted", [
    ([("B", "X", None)], {"X": "affiliate-of-bidder"}),
    ([("X", "B", None)], {"X": "affiliate-of-bidder"}),  # whoever is the upper one
    ([("B", "X", None), ("X", "Y", None)], {"X": "affiliate-of-bidder"}),  # directly bound ones only
    ([("B", "X", None), ("K", "X", None)], {"X": "affiliate-of-buyer"}),
    ([("B", "K", None), ("R", "X", None)], {}),
    ([("B", "X", date(TODAY.year - 3, TODAY.month, TODAY.day))], {}),
    ([("B", "X", date(TODAY.year - 3, TODAY.month, TODAY.day + 1))], {"X": "affiliate-of-bidder"}),
])  # fmt: skip
def test_who_is_bound_to_a_party_is_avoided_like_it_for_three_years(pairs, wanted):
    told = [Pair(one, other, date(2010, 1, 1), until) for one, other, until in pairs]
    assert widened(AVOID, told, on=TODAY) == AVOID | wanted


def test_each_exclusion_has_its_words_and_former_employers_count():
    for whom in ("buyer", "bidder", "agent"):
        assert {f"affiliate-of-{whom}", f"was-affiliate-of-{whom}"} <= set(EXCLUSIONS)
    somebody = Expert(employer_code="Z", state="enrolled")
    somebody._prefetched_objects_cache = {"employments": []}
    assert left_out_because(somebody, avoid={"Z": "affiliate-of-bidder"}, at=NOON) == "affiliate-of-bidder"


@pytest.mark.parametrize("facts, wrong", [
    ({}, []), ({"by": cast.OPERATOR}, []), ({"by": cast.EXPERT}, ["bond.not-party"]),
    ({"by": cast.OFFICER}, ["bond.not-own"]), ({"other": cast.HETAO}, ["bond.itself"]),
    ({"other": "x"}, ["credit-code.malformed"]), ({"names": ("a", " "), "basis": ""}, ["bond.name", "bond.basis"]),
    ({"since": TODAY + cast.DAY}, ["bond.days"]), ({"until": date(2009, 1, 1)}, ["bond.days"]),
    ({"known": True}, ["bond.known"]),
])  # fmt: skip
def test_a_bond_is_declared_by_its_own_people_with_days_and_a_basis(facts, wrong):
    told = {"one": cast.HETAO, "other": cast.COLLEGE, "names": ("甲", "乙"), "since": date(2010, 1, 1), "until": None,
            "basis": "工商登记", "known": False, "on": TODAY, "by": cast.PROVIDER}  # fmt: skip
    assert [reason.code for reason in why_not_declare(**told | facts)] == wrong


@pytest.mark.django_db
def test_a_declared_bond_counts_once_another_has_agreed_and_keeps_its_people_off_the_list(monkeypatch):
    monkeypatch.setattr("rulebook.clock.now", lambda: NOON)
    evaluation = make.qualified()
    project = evaluation.project
    accounts.organisation(cast.COLLEGE)
    bidder, keeper, officer = map(accounts.client_of, (cast.PROVIDER, cast.OPERATOR, cast.OFFICER))
    form = {"bond": "holding", "one": cast.HETAO, "one_name": "河套仪器", "other": cast.COLLEGE.lower(),
            "other_name": "河套学院", "since": "2015-01-01", "basis": "国家企业信用信息公示系统"}  # fmt: skip

    assert bidder.post("/affiliates/", form | {"since": "x"}).status_code == 422
    assert bidder.post("/affiliates/", form).status_code == 302
    assert bidder.post("/affiliates/", form).status_code == 409
    row = Affiliation.objects.get()
    told = Message.objects.filter(subject="单位关系待确认")
    assert {(m.to_organisation_id, m.to_role) for m in told} == {(cast.COLLEGE, ""), (None, "supervisor")}

    def avoided(at=NOON):
        return ceremony.employers_to_avoid(project, at=at).get(cast.COLLEGE)

    assert avoided() is None  # by one's own word alone nobody narrows a list
    assert bidder.post(f"/affiliates/{row.public_id}/agree/").status_code == 403
    assert officer.post(f"/affiliates/{row.public_id}/agree/").status_code == 404  # of neither of the two
    assert "河套仪器" not in officer.get("/affiliates/").content.decode()
    assert "等待确认" in bidder.get("/affiliates/").content.decode()
    for other in (cast.EXPERT, cast.WITNESS):
        assert accounts.client_of(other).get("/affiliates/").status_code == 404
    assert keeper.post(f"/affiliates/{row.public_id}/agree/").status_code == 302
    assert keeper.post(f"/affiliates/{row.public_id}/deny/", {"note": "不是"}).status_code == 409
    assert avoided() == "affiliate-of-bidder"
    experts.register(9)
    experts.expert(20, employer=cast.COLLEGE)
    panel = experts.called_panel(seats=5, avoid=ceremony.employers_to_avoid(project, at=NOON))
    assert [out["code"] for kept in panel.recusals.all() for out in kept.rows] == ["affiliate-of-bidder"]

    row.refresh_from_db()
    agreed_on = row.agreed_at.date()
    for until, status in (("", 422), (f"{agreed_on - cast.DAY}", 422), (f"{agreed_on}", 302), (f"{agreed_on}", 409)):
        assert bidder.post(f"/affiliates/{row.public_id}/end/", {"until": until}).status_code == status, until
    assert avoided(NOON + 2 * 365 * cast.DAY) == "affiliate-of-bidder" and avoided(NOON + 9 * 365 * cast.DAY) is None
    assert "已结束" in bidder.get("/affiliates/").content.decode()


@pytest.mark.django_db
def test_a_denied_bond_counts_for_nothing_and_can_be_declared_again():
    told = {"bond": Bond.ONE_HEAD, "one": cast.HETAO, "one_name": "甲", "other": cast.COLLEGE, "other_name": "乙",
            "since": date(2015, 1, 1), "until": None, "basis": "任命文件", "at": NOON}  # fmt: skip
    accounts.user(cast.OPERATOR)
    first = services.declare(**told, by=cast.OPERATOR)
    with pytest.raises(Refused, match="bond.second-person"):
        services.agree(affiliation=first, by=cast.OPERATOR, at=NOON)
    with pytest.raises(Refused, match="bond.no-note"):
        services.deny(affiliation=first, note=" ", by=cast.SUPERVISOR, at=NOON)
    services.deny(affiliation=first, note="负责人已变更", by=cast.SUPERVISOR, at=NOON)
    assert queries.with_affiliates({cast.HETAO: "employer-of-bidder"}, on=TODAY) == {cast.HETAO: "employer-of-bidder"}
    assert services.declare(**told, by=cast.OPERATOR).pk != first.pk


def test_who_is_bound_to_one_another_today_is_one_house_through_whatever_others():
    def told(*pairs):
        return together([Pair(one, other, date(2020, 1, 1), until) for one, other, until in pairs], on=TODAY)

    assert told(("C", "A", None), ("B", "D", None), ("C", "D", None)) == dict.fromkeys("ABCD", "A")
    assert told(("A", "B", TODAY)) == {"A": "A", "B": "A"} and told(("A", "B", TODAY - cast.DAY)) == {}
    assert together([Pair("A", "B", TODAY + cast.DAY, None)], on=TODAY) == {}


@pytest.mark.django_db
def test_affiliates_count_as_one_employer_on_the_list_and_in_the_seats():
    for n in range(1, 8):
        experts.expert(n, employer=cast.HETAO if n == 1 else cast.YINSHAN if n == 2 else "")
    bound = services.declare(
        bond=Bond.HOLDING, one=cast.HETAO, one_name="河套", other=cast.YINSHAN, other_name="阴山",
        since=date(2020, 1, 1), until=None, basis="登记信息", by=cast.OPERATOR, at=NOON,
    )  # fmt: skip
    before = experts.called_panel(number="P-0")
    assert len({row["org"] for row in Draw.objects.get(pk=before.draw_id).pool}) == 7  # said by one alone: not yet
    services.agree(affiliation=bound, by=cast.SUPERVISOR, at=NOON)

    panel = experts.called_panel(number="P-1", seats=5)

    pool = Draw.objects.get(pk=panel.draw_id).pool
    assert (len(pool), len({row["org"] for row in pool})) == (7, 6)
    with pytest.raises(Refused, match="panel.list-too-short"):
        experts.called_panel(number="P-2", seats=7)
    members = experts.seated(panel)
    houses = [expert_of(seat).employer_code for seat in members]
    assert len(members) == 5 and not {cast.HETAO, cast.YINSHAN} <= set(houses)
