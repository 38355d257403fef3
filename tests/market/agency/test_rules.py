"""Who of the two does what, what a letter must say, and what ends it: pure."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from accounts.rules import Kind
from documents.evidence.rules import PDF
from market.agency import rules
from market.agency.rules import State
from market.projects import sides
from market.projects.sides import ENTRUSTABLE, Work
from rulebook.calendar import day_in_china
from rulebook.refusal import Kind as Fault
from rulebook.refusal import Reason
from tests import cast
from tests.make.agency import terms

pytestmark = pytest.mark.embedded
ON = day_in_china(cast.NOON)
BAN = (Reason("blacklist.banned", Fault.NOT_YOURS, "禁止代理"),)
GOOD = terms()


def codes(reasons):
    return [reason.code for reason in reasons]


@pytest.mark.parametrize("work", Work)
def test_without_an_agent_the_purchaser_does_everything(work):
    assert sides.doer(work, owner="o", agent=None, entrusted=[each.value for each in Work]) == "o"


@pytest.mark.parametrize("work", Work)
def test_an_agent_does_what_its_letter_names_and_never_what_is_the_purchasers(work):
    everything = [each.value for each in Work]

    assert sides.doer(work, owner="o", agent="a", entrusted=everything) == ("a" if work in ENTRUSTABLE else "o")
    assert sides.doer(work, owner="o", agent="a", entrusted=[]) == "o"


def test_what_is_confirmed_determined_and_signed_cannot_be_entrusted():
    assert set(Work) - set(ENTRUSTABLE) == {Work.CONFIRM, Work.DETERMINE, Work.END, Work.CONTRACT}


def offer(told=GOOD, *, kind=Kind.BUYER, agent=Kind.AGENT, file=PDF, bans=(), by=cast.OFFICER):
    return codes(rules.why_not_offer(told, kind=kind, agent_kind=agent, file=file, bans=bans, on=ON, by=by))


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({}, []),
        ({"kind": Kind.AGENT, "by": cast.AGENT_OFFICER}, ["agency.not-owner"]),
        ({"by": cast.SUPERVISOR}, ["agency.not-owner"]),
        ({"by": cast.PROVIDER, "kind": Kind.PROVIDER}, ["agency.not-owner"]),
        ({"agent": Kind.PROVIDER}, ["agency.not-an-agent"]),
        ({"bans": BAN}, ["blacklist.banned"]),
        ({"file": "image/png"}, ["agency.no-file"]),
        ({"told": replace(GOOD, works=GOOD.works | {"determine"})}, ["agency.not-entrustable"]),
        ({"told": replace(GOOD, works=frozenset({"host"}))}, ["agency.no-works"]),
        ({"told": replace(GOOD, most=Decimal(0))}, ["agency.most"]),
        ({"told": replace(GOOD, last=ON - timedelta(days=1))}, ["agency.over"]),
        ({"told": replace(GOOD, last=GOOD.first + timedelta(days=rules.LONGEST_DAYS + 1))}, ["agency.too-long"]),
        ({"told": replace(GOOD, payer="nobody")}, ["agency.no-fee"]),
        ({"told": replace(GOOD, phone=" ")}, ["agency.no-contact"]),
    ],
)
def test_a_letter_is_a_purchasers_to_give_to_an_agent_with_all_the_law_wants(told, said):
    assert offer(**told) == said


def test_everything_that_is_wrong_is_said_at_once():
    bad = replace(GOOD, title="", fee="", categories=frozenset())

    assert offer(bad, bans=BAN, file=None) == [
        "blacklist.banned", "agency.no-title", "agency.no-categories", "agency.no-fee", "agency.no-file",
    ]  # fmt: skip


def agree(state=State.OFFERED, by=cast.AGENT_OFFICER, contact=("沈", "1", "街"), bans=(), on=ON):
    told = {"agent": cast.AGENT, "last": GOOD.last, "contact": contact}
    return codes(rules.why_not_agree(**told, state=state, bans=bans, on=on, by=by))


def test_only_the_agents_officer_answers_and_once():
    assert agree() == []
    assert agree(by=cast.OFFICER) == ["project.not-officer"]
    assert agree(state=State.AGREED) == agree(state=State.TAKEN_BACK) == ["agency.answered"]
    assert agree(on=GOOD.last + timedelta(days=1)) == ["agency.expired"]
    assert agree(contact=("", "1", "街"), bans=BAN) == ["blacklist.banned", "agency.no-contact"]
    assert codes(rules.why_not_decline(agent=cast.AGENT, state=State.OFFERED, reason="", by=cast.AGENT_OFFICER)) == [
        "agency.no-reason"
    ]


def end(*, running=None, named=None, by=cast.OFFICER, state=State.AGREED, reason="协商一致"):
    told = {"owner": cast.BUYER, "agent": cast.AGENT, "state": state, "reason": reason, "by": by}
    return codes(rules.why_not_end(**told, running=running or {}, named=named or {}))


def test_a_letter_ends_when_every_open_purchase_has_somebody_who_goes_on():
    assert end() == end(by=cast.AGENT_OFFICER) == []
    assert end(by=cast.OTHER_OFFICER) == end(by=cast.PROVIDER) == ["project.not-officer"]
    assert end(state=State.OFFERED) == ["agency.not-agreed"]
    assert end(running={"T-1": "甲", "T-2": "乙"}, named={"T-1": True}) == ["agency.no-successor"]
    assert end(running={"T-1": "甲"}, named={"T-1": True}) == []
    assert end(running={"T-1": "甲"}, named={"T-1": True}, by=cast.AGENT_OFFICER) == ["agency.running"]
    assert end(reason=" ") == ["agency.no-reason"]


def use(*, state=State.AGREED, single=False, used=0, on=ON, by=cast.AGENT_OFFICER, bans=()):
    told = {"agent": cast.AGENT, "first": GOOD.first, "last": GOOD.last, "single": single, "used": used}
    return codes(rules.why_not_use(**told, state=state, bans=bans, on=on, by=by))


def test_a_purchase_is_begun_in_the_days_of_a_letter_in_force_and_within_its_scope():
    assert use() == use(single=True) == use(on=GOOD.last) == []
    assert use(by=cast.OFFICER) == ["project.not-officer"]
    assert use(state=State.ENDED) == use(on=GOOD.last + timedelta(days=1)) == ["agency.not-in-force"]
    assert use(single=True, used=1) == ["agency.used"]
    assert use(bans=BAN) == ["blacklist.banned"]
    scope = {"categories": GOOD.categories, "most": GOOD.most}
    assert rules.why_not_cover(**scope, category="goods", budget=GOOD.most) == ()
    beyond = rules.why_not_cover(**scope, category="works", budget=GOOD.most + 1)
    assert codes(beyond) == ["agency.other-category", "agency.over-most"]
