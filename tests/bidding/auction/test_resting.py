"""A live auction rests with its purchase, for all alike, and goes on where it was."""

import json
from datetime import datetime, timedelta

import pytest

from accounts.models import Message
from bidding.auction import queries, services
from bidding.auction.models import PriceExplanation
from bidding.auction.tasks import call_auctions, end_auctions
from ledger.models import Entry
from market.notices import suspending
from market.notices import tasks as notices
from market.projects.models import Project
from market.projects.rules import Stage
from proofs import auction as arithmetic
from rulebook.actor import SYSTEM
from rulebook.refusal import Refused
from tests import cast
from tests.cast import DAY, HOUR, MINUTE
from tests.make import accounts, auctions
from tests.make.auctions import BEGINS, ENDS, NUMBER, quoted

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]
SECOND = timedelta(seconds=1)


def suspend(at: datetime) -> None:
    accounts.user(cast.SUPERVISOR)
    suspending.suspend(
        number=NUMBER, ground="complaint-d", text="投诉事项须查明", document="河财购〔2026〕7号", until=at + 10 * DAY,
        by=cast.SUPERVISOR, at=at,
    )  # fmt: skip


def go_on(at: datetime) -> None:
    suspending.resume(number=NUMBER, text="投诉已处理", by=cast.SUPERVISOR, at=at)


def tick(at: datetime) -> None:
    call_auctions(by=SYSTEM, at=at)
    end_auctions(by=SYSTEM, at=at)


def test_it_stops_for_all_at_that_instant_and_goes_on_with_the_time_that_was_left_once_all_were_called_back():
    auctions.auction()
    quoted(cast.PROVIDER, "99000")
    began = ENDS - 40 * SECOND
    suspend(began)
    for price in ("98000", "99900"):  # one that would count, one that is too high
        with pytest.raises(Refused, match="project.suspended"):
            quoted(cast.RIVAL, price, began)  # before any tick
    assert quoted(cast.THIRD, "98500", began - SECOND).number == 2  # it came before
    for _ in range(2):
        tick(began + SECOND)
    held = queries.auction(NUMBER)
    assert (held.paused_at, held.paused_by) == (began, "rest")
    for act in (services.pause, services.resume):
        more = {"reason": "断电"} if act is services.pause else {}
        with pytest.raises(Refused) as told:
            act(project_number=NUMBER, **more, by=cast.OFFICER, at=began + HOUR)
        assert told.value.reasons[0].code == "auction.paused-already" if more else "project.suspended"
    tick(ENDS + HOUR)
    assert queries.auction(NUMBER).ended_at is None

    over = began + 2 * DAY
    go_on(over)
    with pytest.raises(Refused, match="auction.goes-on-by-itself"):
        services.resume(project_number=NUMBER, by=cast.SUPERVISOR, at=over)
    tick(over + SECOND)
    tick(over + 2 * SECOND)
    back = queries.auction(NUMBER)
    assert back.opens_at == over + SECOND + DAY and back.ends_at - back.opens_at == 40 * SECOND
    with pytest.raises(Refused, match="auction.not-open"):
        quoted(cast.RIVAL, "97000", back.opens_at - SECOND)
    quoted(cast.RIVAL, "97000", back.opens_at)
    tick(back.ends_at + MINUTE)
    story = queries.entries(queries.auction(NUMBER))
    assert arithmetic.replay(NUMBER, story).state.number == 3
    kinds = [each["kind"] for each in story]
    assert kinds.count(arithmetic.PAUSED) == kinds.count(arithmetic.RESUMED) == 1
    for subject in ("竞价已随项目暂停", "竞价将恢复"):
        told = Message.objects.filter(subject__startswith=subject)
        assert sorted(told.values_list("to_organisation_id", flat=True)) == sorted(auctions.ORGS)
    story[-3]["data"]["ahead"] -= 1
    with pytest.raises(arithmetic.NoSuchAuction):
        arithmetic.replay(NUMBER, story)


def test_what_was_paused_by_hand_stays_so_and_is_not_resumed_while_it_rests():
    auctions.auction()
    services.pause(project_number=NUMBER, reason="断电", by=cast.OFFICER, at=BEGINS)
    suspend(BEGINS + SECOND)
    tick(BEGINS + 2 * SECOND)
    with pytest.raises(Refused, match="project.suspended"):
        services.resume(project_number=NUMBER, by=cast.OFFICER, at=BEGINS + MINUTE)
    go_on(BEGINS + HOUR)
    tick(BEGINS + HOUR + SECOND)
    assert queries.auction(NUMBER).paused_by == "host"
    back = services.resume(project_number=NUMBER, by=cast.OFFICER, at=BEGINS + HOUR + MINUTE)
    assert back.ends_at - back.opens_at == ENDS - BEGINS


def test_a_rest_between_two_ticks_stops_the_clock_as_well_and_one_that_lapses_ends_by_itself():
    auctions.auction()
    suspend(BEGINS + SECOND)
    go_on(BEGINS + 3 * SECOND)
    tick(BEGINS + 4 * SECOND)
    back = queries.auction(NUMBER)
    assert back.opens_at == BEGINS + 14 * SECOND and back.ends_at - back.opens_at == ENDS - BEGINS - SECOND
    suspend(back.opens_at)
    tick(back.opens_at + SECOND)
    over = back.opens_at + 10 * DAY
    notices.resume_over(by=SYSTEM, at=over)
    tick(over)
    assert queries.auction(NUMBER).opens_at == over + DAY


def test_the_days_of_an_explanation_are_as_much_longer():
    auctions.auction()
    quoted(cast.PROVIDER, "30000")
    quoted(cast.RIVAL, "29000")
    auctions.ended()
    asked = PriceExplanation.objects.get()
    due = asked.due_at
    suspend(ENDS + MINUTE)
    with pytest.raises(Refused, match="project.suspended"):
        services.explain(project_number=NUMBER, text="设备自有", by=cast.RIVAL, at=ENDS + HOUR)
    tick(due + MINUTE)
    go_on(ENDS + MINUTE + 5 * DAY)
    for _ in range(2):
        tick(ENDS + MINUTE + 5 * DAY)
    lengthened = queries.asked(queries.auction(NUMBER), at=due + 4 * DAY)
    assert lengthened is not None and lengthened.due_at == due + 5 * DAY
    services.explain(project_number=NUMBER, text="设备自有", by=cast.RIVAL, at=due + 4 * DAY)
    assert Project.objects.get(number=NUMBER).stage == Stage.DECIDING
    assert [json.loads(each)["d"] for each in Entry.objects.filter(kind="auction.explained").values_list(
        "event", flat=True)]  # fmt: skip


def test_an_auction_is_not_called_while_its_purchase_rests():
    number = auctions.announced().project.number
    auctions.market.notice(Project.objects.get(number=number))
    suspend(cast.NOON - MINUTE)
    with pytest.raises(Refused, match="project.suspended"):
        services.call(project_number=number, entrants=auctions.ORGS, by=SYSTEM, at=cast.NOON)
    go_on(cast.NOON + HOUR)
    made = services.call(project_number=number, entrants=auctions.ORGS, by=SYSTEM, at=cast.NOON + HOUR)
    assert made is not None and made.starts_at == cast.NOON + MINUTE + HOUR
