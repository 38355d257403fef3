"""Who may be entered, which key counts, when a source has tried too often."""

import pytest

from accounts import rules
from accounts.rules import Kind
from rulebook.actor import Role
from tests import cast


def codes(reasons):
    return [reason.code for reason in reasons]


def test_the_platform_and_its_operator_enter_organisations_and_nobody_else():
    for by in (cast.OPERATOR, cast.SYSTEM):
        assert codes(rules.why_not_create_organisation(code=cast.BUYER, name="河套市生态环境局", by=by)) == []
    for by in (cast.OFFICER, cast.SUPERVISOR, cast.PROVIDER, cast.STRANGER):
        assert codes(rules.why_not_create_organisation(code="x", name="", by=by)) == ["accounts.not-operator"]


def test_an_organisation_needs_a_true_credit_code_and_a_name():
    assert codes(rules.why_not_create_organisation(code="11152900MB1A00001X", name=" ", by=cast.OPERATOR)) == [
        "credit-code.bad-check",
        "accounts.no-name",
    ]


@pytest.mark.parametrize("code", cast.NAMES)
def test_the_cast_carries_true_credit_codes(code):
    assert rules.why_not_create_organisation(code=code, name=cast.NAMES[code], by=cast.SYSTEM) == ()


@pytest.mark.parametrize(
    ("role", "kind"),
    [
        (Role.OFFICER, Kind.BUYER),
        (Role.OFFICER, Kind.AGENT),
        (Role.PROVIDER, Kind.PROVIDER),
        (Role.SUPERVISOR, Kind.REGULATOR),
        (Role.WITNESS, Kind.CENTRE),
        (Role.EXPERT, None),
        (Role.OPERATOR, Kind.PLATFORM),
    ],
)
def test_a_role_belongs_to_its_house(role, kind):
    assert rules.why_not_create_user(role=role, kind=kind, by=cast.SYSTEM) == ()


@pytest.mark.parametrize(
    ("role", "kind"), [(Role.OFFICER, Kind.PROVIDER), (Role.SUPERVISOR, Kind.BUYER), (Role.PROVIDER, None)]
)
def test_and_to_no_other(role, kind):
    assert codes(rules.why_not_create_user(role=role, kind=kind, by=cast.SYSTEM)) == ["accounts.wrong-house"]


def test_nobody_is_entered_as_the_system_or_as_a_stranger():
    for role in (Role.SYSTEM, Role.STRANGER):
        assert codes(rules.why_not_create_user(role=role, kind=None, by=cast.SYSTEM)) == ["accounts.no-such-role"]


def test_people_are_entered_by_the_operator_alone():
    assert codes(rules.why_not_create_user(role=Role.EXPERT, kind=None, by=cast.OFFICER)) == ["accounts.not-operator"]


def register(**other):
    facts = {"org": cast.HETAO, "gen": 1, "pinned": 0, "signed_by": 1, "by": cast.PROVIDER}
    return codes(rules.why_not_register_key(**{**facts, **other}))


def test_the_first_key_signs_itself_and_each_later_one_is_signed_by_the_one_before():
    assert register() == []
    assert register(gen=2, pinned=1, signed_by=1) == []
    assert register(gen=2, pinned=1, signed_by=2) == ["accounts.key-unsigned"]
    assert register(signed_by=0) == ["accounts.key-unsigned"]


def test_after_a_compromise_the_operator_registers_in_person():
    assert register(gen=2, pinned=1, signed_by=2, by=cast.OPERATOR) == []
    assert register(gen=2, pinned=1, signed_by=0, by=cast.OPERATOR) == ["accounts.key-unsigned"]


def test_generations_come_one_after_the_other():
    assert register(gen=2) == ["accounts.key-out-of-turn"]
    assert register(gen=1, pinned=1) == ["accounts.key-out-of-turn"]


def test_nobody_registers_a_key_for_another_and_learns_nothing_by_trying():
    assert register(by=cast.RIVAL, gen=9) == ["accounts.not-own-key"]


def test_the_26th_try_in_the_window_is_not_looked_at():
    assert rules.why_not_try(rules.TRIES) == ()
    assert codes(rules.why_not_try(rules.TRIES + 1)) == ["accounts.too-many-tries"]
