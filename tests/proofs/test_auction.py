"""Anybody recomputes an auction from its public entries; whatever in them is not so is found."""

import copy
import json
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proofs import auction
from proofs.__main__ import main
from proofs.auction import NoSuchAuction, State, ceiling, is_open, latest_end, replay
from rulebook.times import iso
from tests import cast
from tests.bidding.auction.stories import BEGINS, ENDS, NUMBER, ORGS, TERMS, Story, told

SECOND = timedelta(seconds=1)
pytestmark = pytest.mark.embedded


def test_the_auction_of_scenario_10_ends_at_86500_and_its_names_are_opened():
    ladder = replay(NUMBER, told().entries)

    assert (ladder.state.best, ladder.names[ladder.state.leader][0]) == (Decimal("86500.00"), cast.YINSHAN)
    assert [quote.number for quote in ladder.quotes] == [1, 2, 3, 4, 5]
    assert list(ladder.last_quotes()) == ["02", "04", "03", "01"]
    assert ladder.state.extended == 2


def test_entries_of_other_kinds_between_change_nothing():
    story = told()
    story.entries.insert(2, {"seq": 0, "kind": "market.notice-published", "at": iso(BEGINS), "data": {}})

    assert replay(NUMBER, story.entries).ended


def edited(at: int, **data: Any) -> Callable[[list[dict[str, Any]]], None]:
    return lambda entries: entries[at]["data"].update(data)


def dropped(at: int) -> Callable[[list[dict[str, Any]]], None]:
    return lambda entries: entries.pop(at)


def said_at(at: int, instant: str) -> Callable[[list[dict[str, Any]]], None]:
    return lambda entries: entries[at].update(at=instant)


FORGED = {
    "not better by a step": edited(2, price="99600.00"),
    "above the opening price": edited(1, price="100000.01"),
    "a gap": edited(2, number=3),
    "a quote left out": dropped(2),
    "a stranger's alias": edited(2, alias="09"),
    "before the beginning": said_at(1, iso(BEGINS - timedelta(microseconds=1))),
    "at the end itself": said_at(7, iso(BEGINS + cast.HOUR)),
    "during a pause": said_at(5, iso(BEGINS + 12 * cast.MINUTE + SECOND)),
    "an end that was not extended": edited(6, ends_at=iso(ENDS + 10 * cast.MINUTE)),
    "an extension too many": edited(6, extended=2),
    "a pause that lost time": edited(4, ends_at=iso(ENDS + 9 * cast.MINUTE)),
    "a pause that was never ended": dropped(4),
    "another best price": edited(8, best="86000.00"),
    "another end": edited(8, ended_at=iso(ENDS)),
    "ended early": said_at(8, iso(BEGINS + 14 * cast.MINUTE)),
    "another winner's name": lambda entries: entries[8]["data"]["revealed"][1].update(org=cast.HETAO),
    "a name kept back": lambda entries: entries[8]["data"]["revealed"].pop(),
    "a commitment changed": lambda entries: entries[0]["data"]["aliases"][1].update(commitment="00" * 32),
    "rules told twice": lambda entries: entries.insert(3, entries[0]),
    "nothing called": dropped(0),
    "a quote after the end": lambda entries: entries.append(entries[7]),
    "a later latest end": edited(0, latest=iso(ENDS + cast.HOUR)),
    "an amount in another spelling": edited(2, price="095000.00"),
}


@pytest.mark.parametrize("name", FORGED)
def test_a_forged_record_is_refused(name):
    entries = copy.deepcopy(told().entries)
    FORGED[name](entries)

    with pytest.raises(NoSuchAuction):
        replay(NUMBER, entries)


def test_the_command_line_says_whether_an_auction_went_by_its_rules(tmp_path, capsys):
    kept = tmp_path / "entries.json"
    kept.write_text(json.dumps({"entries": told().entries}, ensure_ascii=False))
    assert main(["verify-auction", NUMBER, "--entries", str(kept)]) == 0
    assert "02 号 86500.00 元：阴山环境科技有限公司" in capsys.readouterr().out

    entries = told().entries
    FORGED["a gap"](entries)
    kept.write_text(json.dumps(entries))
    assert main(["verify-auction", NUMBER, "--entries", str(kept)]) == 1
    assert "序号不连续" in capsys.readouterr().out
    kept.write_text("[1]")
    assert main(["verify-auction", NUMBER, "--entries", str(kept)]) == 2


def test_where_nobody_quoted_no_name_is_told():
    story = Story()
    story.end()

    assert replay(NUMBER, story.entries).names == {}


def test_the_last_window_moves_the_end_as_often_as_announced_and_no_further():
    state, prices = State(opens_at=BEGINS, ends_at=ENDS), iter(range(99_000, 90_000, -500))
    first, latest = ENDS, latest_end(TERMS, state)

    state = auction.quoted(TERMS, state, alias="01", price=Decimal(next(prices)), at=ENDS - TERMS.window)
    assert (state.ends_at, state.extended) == (first, 0)  # just before its last thirty seconds
    for often in (1, 2, 3):
        at = state.ends_at - timedelta(microseconds=1)
        state = auction.quoted(TERMS, state, alias="01", price=Decimal(next(prices)), at=at)
        assert (state.ends_at, state.extended) == (at + TERMS.window, often)
    ends = state.ends_at
    state = auction.quoted(TERMS, state, alias="01", price=Decimal(next(prices)), at=ends - SECOND)

    assert state.ends_at == ends <= latest


def test_the_end_itself_is_too_late_and_the_beginning_in_time():
    state = State(opens_at=BEGINS, ends_at=ENDS)

    assert [is_open(state, at) for at in (BEGINS, ENDS - timedelta(microseconds=1), ENDS)] == [True, True, False]


@pytest.mark.parametrize(("paused", "wait"), [(BEGINS + cast.MINUTE, timedelta()), (BEGINS - SECOND, SECOND)])
def test_a_pause_takes_nothing_from_anybody(paused, wait):
    state = State(opens_at=BEGINS, ends_at=ENDS)
    left = ENDS - max(paused, BEGINS)

    after = auction.resumed(TERMS, auction.paused(state, at=paused), at=paused + cast.HOUR)

    assert after.opens_at == paused + cast.HOUR + TERMS.restart + wait
    assert after.ends_at - after.opens_at == left


ACTS = st.lists(
    st.tuples(st.sampled_from("qqqqpr"), st.integers(0, 90), st.integers(0, 3), st.sampled_from(sorted(ORGS))),
    max_size=40,
)


@given(acts=ACTS)
def test_whatever_the_rules_let_through_replays_to_the_same_state(acts):
    """Any order of quotes, pauses and resumptions, taken as the rules take them."""
    story, at = Story(), BEGINS
    latest = latest_end(TERMS, story.state)
    for act, seconds, steps, alias in acts:
        at += timedelta(seconds=seconds)
        price = ceiling(TERMS, story.state.best) - steps * TERMS.step
        if act == "q" and is_open(story.state, at) and price > 0:
            story.quote(alias, str(price), at)
        elif act == "p" and story.state.paused_at is None and at < story.state.ends_at:
            story.pause(at)
        elif act == "r" and story.state.paused_at is not None:
            before, left = story.state.ends_at, latest_end(TERMS, story.state)
            story.resume(at)
            latest += story.state.ends_at - before
            assert latest_end(TERMS, story.state) - left == story.state.ends_at - before
    if story.state.paused_at is None:
        story.end()

    ladder = replay(NUMBER, story.entries)

    assert ladder.state == story.state
    prices = [quote.price for quote in ladder.quotes]
    assert all(low <= high - TERMS.step for high, low in zip(prices, prices[1:], strict=False))
    assert ladder.state.ends_at <= latest and ladder.state.extended <= TERMS.most
