"""Who may enter, and who is eligible for what on a day."""

from datetime import date, timedelta
from types import SimpleNamespace

import pytest

from intermediaries.registry import rules
from intermediaries.registry.rules import Need, State, Wanted
from tests import cast
from tests.make.providers import PROFILE

DAY = date(2026, 11, 24)


def held(kind="测绘资质", grade="乙级", days=0):
    return SimpleNamespace(kind=kind, grade=grade, valid_to=None if days is None else DAY + timedelta(days))


def person(kind="注册测绘师", days=0, who=1):
    return SimpleNamespace(kind=kind, valid_to=DAY + timedelta(days), person=who)


def why_not(need, *, certificates=(), staff=(), state=State.ENTERED, on=DAY):
    return [r.code for r in rules.why_not_eligible(state=state, held=certificates, staff=staff, need=need, on=on)]


SURVEYOR = Need((Wanted("测绘资质", "乙级"),), staff=(("注册测绘师", 2),))


def test_a_certificate_counts_through_its_last_day_and_drops_out_by_itself_on_the_next():
    certificates, staff = [held(days=0)], [person(who=1), person(who=2)]

    assert why_not(SURVEYOR, certificates=certificates, staff=staff) == []
    late = why_not(SURVEYOR, certificates=certificates, staff=staff, on=DAY + timedelta(1))
    assert late == ["provider.expired", "provider.too-few-staff"]
    assert why_not(SURVEYOR, certificates=[held(days=None)], staff=staff) == []


def test_two_certificates_of_one_person_are_one_person():
    staff = [person(who=1), person(who=1)]
    assert why_not(SURVEYOR, certificates=[held()], staff=staff) == ["provider.too-few-staff"]


@pytest.mark.parametrize(
    ("grade", "wanted", "serves"),
    [
        ("甲级", "乙级", True), ("丙级", "乙级", False), ("乙级", "", True), ("一级", "乙级", False),
        ("二级", "二级", True), ("特级", "丁级", True), ("", "乙级", False),
    ],
)  # fmt: skip
def test_a_higher_grade_of_the_same_ladder_serves(grade, wanted, serves):
    assert rules.serves(grade, wanted) is serves


def test_any_of_several_or_all_of_them():
    two = (Wanted("测绘资质", "乙级"), Wanted("勘察资质", "乙级"))

    assert why_not(Need(two), certificates=[held()]) == []
    assert why_not(Need(two, every=True), certificates=[held()]) == ["provider.not-qualified"]
    assert why_not(Need(two), certificates=[]) == ["provider.not-qualified"] * 2
    assert why_not(Need(two), certificates=[held(days=-1)]) == ["provider.expired", "provider.not-qualified"]


@pytest.mark.parametrize("state", ["", State.LISTED, State.LEFT])
def test_without_the_promise_nothing_else_is_looked_at(state):
    assert why_not(SURVEYOR, state=state) == ["provider.not-entered"]


def why_not_enter(**other):
    told = {"code": cast.HETAO, "state": None, "profile": PROFILE, "promised": True, "by": cast.PROVIDER} | other
    return [reason.code for reason in rules.why_not_enter(**told)]


def test_nothing_but_a_whole_profile_and_the_promise_is_asked_of_who_enters():
    assert why_not_enter() == why_not_enter(state=State.LEFT) == why_not_enter(state=State.LISTED) == []
    assert why_not_enter(profile=PROFILE | {"region": "广东省"}) == []  # wherever it has its seat
    assert why_not_enter(profile={}, promised=False) == ["provider.missing"] * 6 + ["provider.no-promise"]
    assert why_not_enter(state=State.ENTERED, profile={}) == ["provider.state-not-now"]
    assert why_not_enter(by=cast.RIVAL) == why_not_enter(by=cast.OPERATOR) == ["provider.not-own"]
    wrong = cast.HETAO[:-1] + ("8" if cast.HETAO[-1] != "8" else "9")
    other = SimpleNamespace(role=cast.PROVIDER.role, organisation=wrong)
    assert why_not_enter(code=wrong, by=other) == ["credit-code.bad-check"]


def test_nobody_leaves_with_an_open_contract():
    told = {"provider": cast.HETAO, "state": State.ENTERED, "by": cast.PROVIDER}
    assert not rules.why_not_leave(open_contracts=[], **told)
    why = rules.why_not_leave(open_contracts=["T-2", "T-1"], **told)
    assert [(r.code, r.values["number"]) for r in why] == [
        ("provider.open-contract", "T-1"), ("provider.open-contract", "T-2"),
    ]  # fmt: skip
    assert [r.code for r in rules.why_not_leave(open_contracts=["T-1"], **(told | {"by": cast.RIVAL}))] == [
        "provider.not-own"
    ]


def test_an_objection_is_everybody_elses_and_a_finding_a_keepers_with_its_facts():
    def why(**other):
        told = {"provider": cast.HETAO, "text": "证书编号查无此证", "reachable": True, "today": 0, "by": cast.STRANGER}
        return [reason.code for reason in rules.why_not_object(**(told | other))]

    assert why() == why(by=cast.RIVAL) == []
    assert why(by=cast.PROVIDER) == ["provider.own-data"]
    assert why(today=rules.OBJECTIONS_A_DAY, text="") == ["provider.many-objections"]
    assert why(text="假", reachable=False) == ["provider.objection-text", "provider.objection-who"]
    found = {"found": False, "finding": "upheld", "text": "发证机关查无此证", "by": cast.SUPERVISOR}
    assert not rules.why_not_find(**found)
    for other, code in (
        ({"by": cast.PROVIDER}, "not-keeper"), ({"found": True}, "found-already"), ({"text": ""}, "finding"),
    ):  # fmt: skip
        assert [r.code for r in rules.why_not_find(**(found | other))] == [f"provider.{code}"]


def test_a_check_says_what_it_found_and_until_when_it_is_to_be_set_right():
    def why(**other):
        told = {"subject": "资质", "outcome": "in-order", "note": "", "due_on": None, "by": cast.OPERATOR, "on": DAY}
        return [reason.code for reason in rules.why_not_check(**(told | other))]

    assert why() == why(outcome="to-correct", note="过期未更新", due_on=DAY) == []
    assert why(outcome="false") == ["provider.check-note"]
    assert why(outcome="to-correct", note="x", due_on=DAY - timedelta(1)) == ["provider.check-due"]
    assert why(subject="", outcome="nice") == ["provider.check", "provider.check-note"]
    assert why(by=cast.OFFICER) == ["provider.not-keeper"]
