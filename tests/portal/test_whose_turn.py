"""Whoever's turn it is sees a duty, with why and until when, and nobody else does; and history costs a desk nothing."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bidding.changes import services as changes
from bidding.evaluation.tasks import call_fixed
from bidding.tender.models import Taking
from market.notices import suspending
from market.projects.models import Project
from market.projects.rules import Stage
from portal.desk import queries
from rulebook.actor import SYSTEM
from tests import cast
from tests.make import accounts, bidding_offers, market

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]
BEFORE, AFTER = cast.NOON - cast.HOUR, cast.NOON + cast.MINUTE
VIEWERS = {
    "officer": cast.OFFICER, "approver": cast.APPROVER, "other": cast.OTHER_OFFICER, "provider": cast.PROVIDER,
    "rival": cast.RIVAL, "supervisor": cast.SUPERVISOR, "witness": cast.WITNESS, "holder": cast.HOLDER,
}  # fmt: skip


def turns(*, at=AFTER) -> dict[str, list[str]]:
    """Who has something to do: what.  On the way every line is held to what a line has to say, in order of time."""
    found = {}
    for name, viewer in VIEWERS.items():
        lines = queries.duties(viewer, at=at)
        times = [each.by for each in lines if each.by]
        assert times == sorted(times)
        for each in lines:
            assert each.why and each.about and each.button and each.href.startswith("/"), each
            assert each.law or each.waits, f"{name}: {each.what} says no article"
            page = accounts.client_of(viewer).get(each.href)
            assert page.status_code == 200, (name, each.href)
        if mine := [each.what for each in lines if not each.waits]:
            found[name] = mine
    return found


def test_from_the_question_to_the_signed_record_each_has_his_turn(monkeypatch):
    at = [BEFORE]
    monkeypatch.setattr("rulebook.clock.now", lambda: at[0])
    tender = bidding_offers.open_tender()
    number, early = tender.project.number, cast.NOON - 20 * cast.DAY
    for viewer in (*VIEWERS.values(), cast.THIRD):
        accounts.user(viewer)
    Taking.objects.create(
        tender=tender, organisation=cast.HETAO, person=cast.PROVIDER.person, receipt="", taken_at=early
    )
    assert turns(at=BEFORE) == {"provider": ["递交投标文件"]}

    changes.ask(project_number=number, text="可否分批交货？", by=cast.PROVIDER, at=early)
    both = {"officer": ["答复提问"], "approver": ["答复提问"], "provider": ["递交投标文件"]}
    assert turns(at=BEFORE) == both
    said = {"text": "可以", "may_affect": False, "by": cast.OFFICER, "at": early}
    question = tender.questions.get()
    changes.propose(project_number=number, answers={str(question.public_id): "可以"}, **said)
    assert turns(at=BEFORE) == {"approver": ["审批更正或者澄清"], "provider": ["递交投标文件"]}
    changes.approve(project_number=number, by=cast.APPROVER, at=early)
    for bidder, price in zip(bidding_offers.BIDDERS[:3], bidding_offers.PRICES, strict=False):
        bidding_offers.sealed_bid(tender, bidder, price=price)
    assert turns(at=BEFORE) == {}  # everybody waits for the clock

    bidding_offers.closed(tender)
    at[0] = AFTER
    hosts = {"officer": ["主持开标"], "approver": ["主持开标"]}
    assert turns() == hosts | {"supervisor": ["查看截标情况"]}
    suspending.suspend(
        number=number, ground="own", text="须先查明", until=AFTER + cast.DAY, by=cast.OFFICER, at=AFTER
    )  # fmt: skip
    ends = {name: ["处理事由后恢复项目"] for name in hosts}
    assert turns() == ends  # the hall waits, for the supervision as well
    suspending.resume(number=number, text="已查明", by=cast.APPROVER, at=AFTER)
    bidding_offers.services.open_hall(project_number=number, by=cast.OFFICER, at=AFTER)
    host = {"officer": ["继续主持开标"], "approver": ["继续主持开标"], "supervisor": ["监督开标"]}
    assert turns() == host | {"provider": ["到场并解密"], "rival": ["到场并解密"]}


def test_what_failed_is_bought_again_and_an_overdue_line_comes_first():
    for place in range(3):
        project = bidding_offers.bidding.tender(number=f"T-{place}").project
        project.advance(Stage.FAILED, at=cast.NOON)
    market.project(number="T-9", stage=Stage.DRAFT, publish_at=BEFORE)
    lines = queries.duties(cast.OFFICER, at=AFTER)
    assert [each.what for each in lines] == ["编制采购文件", *["重新采购"] * 3]
    assert {str(each.law) for each in lines[1:]} == {"87号令 第43条"}
    assert queries.duties(cast.OTHER_OFFICER, at=AFTER) == []


def cost(viewer) -> int:
    with CaptureQueriesContext(
        connection,
    ) as asked:
        queries.duties(viewer, at=AFTER)
    return len(asked)


def test_history_costs_a_desk_no_statement():
    tender = bidding_offers.open_tender()
    Taking.objects.create(tender=tender, organisation=cast.HETAO, person="p", receipt="", taken_at=BEFORE)
    viewers = (cast.OFFICER, cast.PROVIDER, cast.SUPERVISOR, cast.WITNESS, cast.HOLDER)
    first = {viewer: cost(viewer) for viewer in viewers}
    for place in range(4):
        old = bidding_offers.bidding.tender(number=f"T-{place}", guarantee={"amount": "1.00", "forms": ["bank"]})
        Taking.objects.create(tender=old, organisation=cast.HETAO, person="p", receipt="", taken_at=BEFORE)
        stage = (Stage.FAILED, Stage.CANCELLED, Stage.COMPLETED, Stage.TERMINATED)[place]
        Project.objects.filter(pk=old.project.pk).update(stage=stage.value)
        market.purchase(number=f"P-{place}", stage=stage)
    call_fixed(by=SYSTEM, at=AFTER)

    assert {viewer: cost(viewer) for viewer in viewers} == first


def test_another_tender_that_is_open_or_being_judged_costs_its_officer_s_desk_no_statement_or_one():
    bidding_offers.bidding.tender(number="T-0")
    first = cost(cast.OFFICER)
    for number in ("T-1", "T-2", "T-3"):
        bidding_offers.bidding.tender(number=number)
    assert cost(cast.OFFICER) == first  # closing, changes and questions of all in one look each

    Project.objects.filter(number__in=("T-2", "T-3")).update(stage=Stage.DECIDING.value)
    assert cost(cast.OFFICER) <= first + 2  # how far each is judged
