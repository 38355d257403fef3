"""Every row of the monitors finds what it is for, and an honest procurement sets none of them off."""

from typing import Any

import pytest

from rulebook.times import iso
from supervision.monitors import watching
from supervision.monitors.rules import Light
from supervision.monitors.story import State
from supervision.monitors.table import CHECKS, CLOCKS, DELIVERY, NEAR, ROWS, SHARES
from tests import cast
from tests.supervision.monitors.stories import (
    AWARD,
    CLOSED,
    CLOSES,
    CONTRACT,
    DETERMINED,
    ENDED,
    HALL,
    HONEST,
    REPORTED,
    TENDER,
    Line,
    Story,
    but,
    facts,
)

DAY, HOUR, MINUTE = cast.DAY, cast.HOUR, cast.MINUTE
DECLINED: Line = ("market.award-declined", {"org": cast.HETAO}, 4 * DAY)
DELIVERED: Line = ("performance.delivered", {"milestone": 1}, 40 * DAY)
INSPECTED: Line = ("performance.inspected", {"milestone": 1, "accepted": True}, 41 * DAY)
COMPLETED: Line = ("performance.completed", {}, 42 * DAY)
PAID: Line = ("performance.payment-recorded", {"amount": "1190000.00"}, 43 * DAY)
PLAN: Line = (
    "performance.plan-agreed",
    {"amount": "1190000.00", "milestones": [{"number": 1, "due_on": "2027-01-20"}]},
    6 * DAY,
)
LOW = {"side": "provider", "level": 1, "scores": {"quality": 2}}
SHOWN: Line = ("ratings.shown", {"ratings": [LOW, {"side": "buyer", "level": 5, "scores": {}}]}, 60 * DAY)


def test_an_honest_procurement_sets_nothing_off() -> None:
    story = Story()
    for line in HONEST:
        story.waits(CLOSES + line[2]).says(line)
    story.says(PLAN, DELIVERED, INSPECTED, COMPLETED, PAID).waits(CLOSES + 900 * DAY)
    assert (story.codes(), story.state.clocks, watching.next_look(story.state, at=CLOSES)) == ([], {}, None)


# code → how long the story goes, and what would have ended the clock.
LATE: dict[str, tuple[tuple[Line, ...], Line, dict[str, Any]]] = {
    "T01": ((TENDER,), CLOSED, {}),
    "T02": ((TENDER, CLOSED), HALL, {}),
    "T03": ((TENDER,), ("selection.pool-frozen", {}, HOUR), {"edition": "zjcs-random"}),
    "T04": ((TENDER, CLOSED, HALL), ENDED, {}),
    "T05": ((TENDER, CLOSED, HALL, ENDED), REPORTED, {}),
    "T06": (HONEST[:5], ("market.notice-published", {"type": "candidates"}, 2 * DAY), {"edition": "ztb-2019"}),
    "T07": (HONEST[:5], DETERMINED, {}),
    "T08": (HONEST[:6], AWARD, {}),
    "T09": (HONEST[:7], CONTRACT, {}),
    "T10": (HONEST[:8], HONEST[8], {}),
    "T11": ((*HONEST[:7], ("market.result-objected", {"objection": "o1"}, 4 * DAY)),
            ("market.objection-answered", {"objection": "o1"}, 5 * DAY), {}),
    "T12": ((TENDER, AWARD), ("market.award-accepted", {"org": cast.HETAO}, 4 * DAY), {"edition": "zjcs-random"}),
    "T13": ((*HONEST, PLAN), DELIVERED, {}),
    "T14": ((*HONEST, PLAN, DELIVERED), INSPECTED, {}),
    "T15": ((*HONEST, PLAN, DELIVERED, INSPECTED, COMPLETED), PAID, {}),
    "T16": ((*HONEST, ("performance.termination-noticed", {"side": "buyer"}, 20 * DAY)),
            ("performance.termination-ended", {}, 21 * DAY), {}),
    "T17": ((*HONEST, SHOWN), ("ratings.answered", {"side": "provider"}, 61 * DAY), {}),
    "T18": ((*HONEST, SHOWN, ("ratings.answered", {"side": "provider"}, 61 * DAY)),
            ("ratings.found", {"side": "provider"}, 62 * DAY), {}),
    "T19": ((TENDER, CLOSED, HALL, ("opening.objected", {"org": cast.HETAO}, HOUR)),
            ("opening.answered", {"objection_seq": 4}, 2 * HOUR), {}),
    "T20": (((("auction.explained"), {"org": cast.HETAO}, HOUR),),
            ("auction.explanation-judged", {"org": cast.HETAO}, 2 * HOUR), {"edition": "zjcs-auction"}),
}  # fmt: skip


@pytest.mark.parametrize("code", LATE)
def test_each_clock_is_yellow_before_its_limit_red_at_it_and_stops_with_what_it_awaits(code: str) -> None:
    lines, done, other = LATE[code]
    mine = lambda story: [each for each in story.found if each.code == code]  # noqa: E731
    story = Story(**other).says(*lines)
    (clock,) = [each for each in story.state.clocks.values() if each["code"] == code]
    near, due = (watching.parse_iso(clock[name]) for name in ("near", "due"))
    assert near < due
    story.waits(near - MINUTE / 60)
    assert not mine(story)
    story.waits(near).waits(near)
    assert [each.light for each in mine(story)] == [Light.YELLOW]
    story.waits(due).waits(due + 9 * DAY)
    assert [each.light for each in mine(story)] == [Light.YELLOW, Light.RED]
    assert len({each.fact for each in mine(story)}) == 1  # one alert that turns red
    story.says(but(done, due - CLOSES + DAY))
    assert mine(story)[-1].cured
    assert code not in [each["code"] for each in story.state.clocks.values()]
    # A look that comes late finds the same: in time is in time, too late is too late.
    assert not mine(Story(**other).says(*lines, but(done, near - CLOSES - MINUTE / 60)))
    assert [(each.light, each.cured) for each in mine(Story(**other).says(*lines, but(done, due - CLOSES)))] == [
        (Light.RED, False),
        (Light.RED, True),
    ]


def test_all_clocks_are_tried() -> None:
    assert set(LATE) == {row.code for row in (*CLOCKS, DELIVERY)}


FOUND: dict[str, tuple[tuple[Line, ...], dict[str, Any]]] = {
    "P01": ((TENDER, CLOSED, but(HALL, -MINUTE)), {}),
    "P02": ((TENDER, HALL), {}),
    "P03": ((TENDER, CLOSED, but(HALL, count=2)), {}),
    "P04": ((TENDER, CLOSED, HALL, REPORTED), {}),
    "P05": ((TENDER, CLOSED, HALL, ENDED, AWARD), {}),
    "P06": ((TENDER, CONTRACT), {}),
    "P07": ((*HONEST[:7], but(CONTRACT, org=cast.YINSHAN)), {}),
    "P08": ((*HONEST, PLAN, COMPLETED), {}),
    "P09": ((TENDER, CLOSED, HALL, but(ENDED, reason="见证人离开")), {}),
    "P10": ((("evaluation.seated", {"seats": ["1", "2", "3"]}, HOUR),), {}),
    "P11": ((but(TENDER, -3 * DAY),), {}),
    "P12": ((("evaluation.rolled-back", {}, DAY),), {}),
    "F01": ((*HONEST[:6], but(AWARD, amount="1280000.01")), {}),
    "F02": ((*HONEST[:7], but(CONTRACT, amount="1190000.01")), {}),
    "F03": ((*HONEST, but(PLAN, amount="1190000.00"), but(PLAN, amount="1310000.00")), {}),
    "F04": ((*HONEST, but(PAID, amount="1190000.01")), {}),
    "F05": ((TENDER,), {"guarantee": watching.Decimal("26000.01")}),
    "F06": ((("performance.payment-answered", {"received": False}, DAY),), {}),
    "F07": ((*HONEST, ("performance.invoice-recorded", {"amount": "1190000.01"}, 9 * DAY)), {}),
    "A01": ((("market.notice-published", {"type": "failure"}, DAY),), {"failed": 1}),
    "A02": ((TENDER, ("tender.deadline-moved", {"was": iso(CLOSES)}, -HOUR)), {}),
    "A03": ((("market.purchase-terms", {"terms": {"excluded": [1, 2, 3]}}, -DAY),), {}),
    "A06": ((("opening.incident", {}, HOUR),), {}),
    "A07": ((*[("opening.verdict", {"verdict": each}, HOUR) for each in ("OK", "ABSENT")], ENDED), {}),
    "A08": ((("opening.paused", {}, HOUR),) * 3, {}),
    "A09": ((*HONEST[:6], but(AWARD, amount="1279000.00")), {}),
    "A10": ((*HONEST[:7], DECLINED), {}),
    "A11": ((("evaluation.replaced", {}, HOUR),) * 2, {}),
    "A12": ((("draw.void", {}, HOUR),), {}),
    "A13": ((TENDER, CLOSED, HALL), {"received": lambda: [
        (CLOSES - 2 * HOUR + n * MINUTE / 2, org) for n, org in enumerate((cast.HETAO, cast.YINSHAN, cast.WULIANG))]}),
}  # fmt: skip


@pytest.mark.parametrize("code", FOUND)
def test_each_check_finds_what_it_looks_at(code: str) -> None:
    lines, other = FOUND[code]
    story = Story(**other).says(*lines)
    assert code in story.codes(), story.codes()
    (found, *_) = [each for each in story.found if each.code == code]
    assert found.law and "{" not in found.what
    assert found.entries == (story.seq if code != "A10" else found.entries[0],)


def test_all_checks_are_tried() -> None:
    assert set(FOUND) == {row.code for row in CHECKS}
    assert len(ROWS) == len(CLOCKS) + 2 + len(CHECKS) + len(SHARES)  # no code twice
    assert all(row.edition and row.title for row in ROWS.values())
    assert 0 < NEAR < 1


def test_bids_that_are_replaced_count_once_and_at_their_last() -> None:
    received = [(CLOSES - HOUR, org) for org in (cast.HETAO, cast.YINSHAN, cast.WULIANG)]
    later = [(CLOSES - n * 10 * MINUTE, org) for n, (_, org) in enumerate(received, 1)]
    story = Story(received=lambda: [*received, *later]).says(TENDER, CLOSED, HALL)
    assert "A13" not in story.codes()


def test_what_comes_together_in_the_last_hour_says_nothing() -> None:
    received = [(CLOSES - HOUR, org) for org in (cast.HETAO, cast.YINSHAN, cast.WULIANG)]
    assert "A13" not in Story(received=lambda: received).says(TENDER, CLOSED, HALL).codes()


def test_a_failed_procurement_awaits_nothing_more() -> None:
    story = Story().says(*HONEST[:5], ("market.notice-published", {"type": "failure"}, 2 * DAY))
    assert story.waits(CLOSES + 900 * DAY).state.clocks == {}
    assert story.codes() == []


def test_a_deadline_that_moved_is_awaited_where_it_is_now() -> None:
    story = Story().says(TENDER)
    story.facts = Story(closes_at=CLOSES + 15 * DAY).facts
    story.says(("tender.deadline-moved", {"was": iso(CLOSES)}, -3 * DAY)).waits(CLOSES + 14 * DAY)
    assert story.codes() == []
    assert story.waits(CLOSES + 16 * DAY).codes() == ["T01", "T02"]


def test_while_a_procurement_rests_nothing_comes_due_and_its_clocks_go_on_after() -> None:
    story = Story().says(*HONEST[:7])
    due = watching.parse_iso(story.state.clocks["T09"]["due"])
    story.says(("market.notice-published", {"type": "suspension"}, 4 * DAY)).waits(CLOSES + 90 * DAY)
    assert (story.codes(), watching.next_look(story.state, at=CLOSES)) == ([], None)
    story.says(("market.notice-published", {"type": "resumption"}, 24 * DAY))
    assert watching.parse_iso(story.state.clocks["T09"]["due"]) == due + 20 * DAY
    assert story.waits(due + 20 * DAY).codes() == ["T09"]


def test_a_share_says_nothing_of_few_and_is_lit_by_the_row() -> None:
    few, many = SHARES[1], SHARES[0]
    assert watching.shared(few, 4, 4) == (Light.GREEN, 0)
    assert [watching.shared(few, each, 10)[0] for each in (5, 6, 8)] == [Light.GREEN, Light.YELLOW, Light.RED]
    assert [watching.shared(many, each, 0)[0] for each in (2, 3, 5)] == [Light.GREEN, Light.YELLOW, Light.RED]


def test_what_is_remembered_survives_as_json() -> None:
    story = Story().says(*HONEST, PLAN)
    assert State(**story.state.as_json()) == story.state


@pytest.mark.parametrize("edition", ["87-2017", "ztb-2019"])
def test_a_guarantee_that_did_not_go_back_is_yellow_then_red_and_cured_once_it_did(edition: str) -> None:
    first, last = CLOSES + 8 * DAY, CLOSES + 20 * DAY
    law = str(facts(edition).procedure.refund.law)
    owed = [(first, law), (last, law)]
    story = Story(edition=edition, owed=lambda: list(owed)).waits(CLOSES)
    mine = lambda: [(each.light, each.cured, each.law) for each in story.found if each.code == "T21"]  # noqa: E731
    assert (mine(), len(story.state.clocks)) == ([], 2)
    near = watching.parse_iso(min(clock["near"] for clock in story.state.clocks.values()))
    assert watching.next_look(story.state, at=CLOSES) == near < first
    story.waits(near).waits(first).waits(first + HOUR)
    assert mine() == [(Light.YELLOW, False, law), (Light.RED, False, law)]
    assert not any(each.entries for each in story.found)
    assert watching.next_look(story.state, at=first) == first + watching.ASK_AGAIN  # no entry will tell
    owed.pop(0)
    story.waits(first + 2 * HOUR)
    assert mine()[2:] == [(Light.RED, True, law)]
    owed.clear()
    story.waits(last + DAY)
    assert (len(mine()), story.state.clocks) == (3, {})  # what went back in time is nobody's matter
