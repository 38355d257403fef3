"""Suspending a purchase: who, on what, how long; and the clocks that go on afterwards."""

from datetime import UTC, datetime, timedelta

import pytest

from market.projects import stops
from market.projects.rules import Stage
from market.projects.stops import BY_KEY, GROUNDS, Act, Stop, shifted, to_move
from tests import cast
from tests.cast import DAY, HOUR, MINUTE, NOON

pytestmark = pytest.mark.embedded
ORDER = {"document": "河财购〔2026〕7号", "text": "投诉事项须查明", "until": NOON + 10 * DAY}


def suspend(ground: str = "complaint-b", *, by=cast.SUPERVISOR, regime="B", stage=Stage.OPEN, **other) -> list[str]:
    facts = {"standing": False, "buyer": cast.BUYER, **ORDER, **other}
    told = stops.why_not_suspend(regime=regime, stage=stage, ground=ground, by=by, at=NOON, **facts)
    return [reason.code for reason in told]


def test_the_supervision_suspends_by_a_numbered_order_and_never_longer_than_the_law_has():
    assert suspend() == []
    assert suspend(document="", text=" ", until=NOON) == [
        "suspension.no-text", "suspension.no-document", "suspension.no-end"
    ]  # fmt: skip
    most = BY_KEY["complaint-b"].most.due(NOON)
    assert suspend(until=most) == []
    assert suspend(until=most + timedelta(seconds=1)) == ["suspension.too-long"]


@pytest.mark.parametrize("who", [cast.PROVIDER, cast.OTHER_OFFICER, cast.OPERATOR, cast.WITNESS, cast.AUDITOR])
def test_nobody_else_suspends(who):
    assert suspend(by=who, standing=True) == ["project.not-officer"]


def test_a_ground_is_of_its_law_its_stage_and_its_people():
    for ground in GROUNDS:
        who = cast.SUPERVISOR if ground.orders is cast.SUPERVISOR.role else cast.OFFICER
        stage = next(iter(ground.stages))
        for regime in "ABCD":
            told = suspend(ground.key, by=who, regime=regime, stage=stage, until=NOON + DAY)
            assert (told == []) == (regime in ground.regimes), (ground.key, regime)
    assert suspend("question", by=cast.OFFICER, stage=Stage.OPEN) == ["suspension.ground"]
    assert suspend("complaint-b", by=cast.OFFICER) == ["suspension.ground"]
    assert suspend(stage=Stage.FAILED) == ["suspension.not-now"]
    assert suspend(standing=True) == ["suspension.standing"]
    assert suspend("own", by=cast.OFFICER, before={"own"}) == ["suspension.once"]


def test_a_rest_over_the_spring_festival_is_counted_in_the_days_of_its_law():
    """30 working days from 2026-02-10: 春节 15 to 23 February off, the exchanged 14 and 28 February worked."""
    before = datetime(2026, 2, 10, 4, tzinfo=UTC)
    assert BY_KEY["complaint-a"].most.due(before) == datetime(2026, 3, 30, 16, tzinfo=UTC)
    assert BY_KEY["question"].most.due(before) == datetime(2026, 2, 26, 16, tzinfo=UTC)


def resume(ground="complaint-b", *, by=cast.SUPERVISOR, at=NOON, text="投诉处理完毕") -> list[str]:
    told = stops.why_not_resume(ground=ground, buyer=cast.BUYER, until=NOON + DAY, text=text, by=by, at=at)
    return [reason.code for reason in told]


def test_who_ordered_a_rest_ends_it_the_supervision_any_and_the_clock_at_its_end():
    assert resume() == resume("own", by=cast.OFFICER) == resume("own", by=cast.SUPERVISOR) == []
    assert resume(by=cast.OFFICER) == ["suspension.not-theirs"]
    assert resume(by=cast.PROVIDER) == ["project.not-officer"]
    assert resume(text="") == ["suspension.no-result"]
    assert resume(by=cast.SYSTEM) == ["suspension.not-over"]
    assert resume(by=cast.SYSTEM, at=NOON + DAY) == []
    assert resume(None, by=cast.SUPERVISOR) == ["suspension.none"]


def test_what_rests_is_what_the_ground_says_from_its_first_second_to_its_announced_end():
    for ground in GROUNDS:
        stop = Stop(ground.key, NOON, NOON + DAY)
        for act in Act:
            for at, held in ((NOON - MINUTE, False), (NOON, True), (NOON + DAY - MINUTE, True), (NOON + DAY, False)):
                told = stops.why_not_while_suspended([stop], act, at=at)
                assert bool(told) == (held and act in ground.stops)
                assert all(reason.law == ground.law for reason in told)
    ended = Stop("own", NOON, NOON + DAY, NOON + HOUR)
    assert ended.holds(Act.AWARD, at=NOON + MINUTE)
    assert not ended.holds(Act.AWARD, at=NOON + HOUR)


def test_a_clock_ends_later_by_what_rested_in_it_and_by_nothing_else():
    due = NOON + 5 * DAY
    rest = Stop("complaint-b", NOON + DAY, NOON + 9 * DAY, NOON + 3 * DAY)
    before = Stop("complaint-b", NOON - 2 * DAY, NOON + 9 * DAY, NOON + HOUR)
    assert shifted(due, since=NOON, stops=[rest], act=Act.AWARD, at=NOON + 4 * DAY) == due + 2 * DAY
    assert shifted(due, since=NOON, stops=[rest, before], act=Act.AWARD, at=NOON + 4 * DAY) == due + 2 * DAY + HOUR
    assert shifted(due, since=NOON, stops=[rest], act=Act.AWARD, at=NOON + 2 * DAY) == due + DAY  # it still rests
    after = Stop("complaint-b", due + 2 * DAY, due + 3 * DAY)
    assert shifted(due, since=NOON, stops=[rest, after], act=Act.AWARD, at=due + 9 * DAY) == due + 2 * DAY
    signing = Stop("question", NOON + DAY, NOON + 9 * DAY, NOON + 3 * DAY)
    assert shifted(due, since=NOON, stops=[signing], act=Act.AWARD, at=due) == due


def test_a_deadline_of_offers_moves_once_for_each_rest_and_never_back():
    nothing, deadline = timedelta(), NOON + 5 * DAY
    rest = Stop("own", NOON, NOON + 2 * DAY)
    assert to_move(deadline, rest, moved=nothing, at=NOON + DAY) == nothing  # far away: when it goes on
    assert to_move(deadline, rest, moved=nothing, at=NOON + 2 * DAY) == 2 * DAY
    early = Stop("own", NOON, NOON + 2 * DAY, NOON + HOUR)
    assert to_move(deadline, early, moved=nothing, at=NOON + HOUR) == HOUR
    assert to_move(deadline + HOUR, early, moved=HOUR, at=NOON + DAY) == nothing
    near = NOON + 5 * MINUTE
    assert to_move(near, rest, moved=nothing, at=NOON) == 2 * DAY  # it would come while it rests
    assert to_move(near + 2 * DAY, early, moved=2 * DAY, at=NOON + HOUR) == nothing  # told, so it stays
    assert to_move(NOON - HOUR, rest, moved=nothing, at=NOON + DAY) == nothing  # past before
