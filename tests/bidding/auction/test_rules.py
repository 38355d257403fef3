"""Who may quote, stop the clock, explain and judge: every refusal, and what hides behind it."""

from datetime import timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bidding.auction import rules
from bidding.auction.rules import Phase
from proofs.auction import State
from rulebook.refusal import Kind, Reason
from tests import cast
from tests.bidding.auction.stories import BEGINS, ENDS, TERMS

pytestmark = pytest.mark.embedded
TICK = timedelta(microseconds=1)
RUNNING = State(opens_at=BEGINS, ends_at=ENDS, number=1, best=Decimal("90000.00"), leader="02")
BANNED = Reason("blacklist.banned", Kind.NOT_YOURS, "禁止参加")


def codes(reasons: tuple[Reason, ...]) -> list[str]:
    return [reason.code for reason in reasons]


def quoting(**other: Any) -> list[str]:
    facts: dict[str, Any] = {"state": RUNNING, "alias": "01", "bars": (), "halted": False, "rests": (), "ended": False,
                             "price": "89500", "by": cast.PROVIDER, "at": BEGINS} | other  # fmt: skip
    return codes(rules.why_not_quote(TERMS, facts.pop("state"), **facts))


@pytest.mark.parametrize(
    ("other", "code"),
    [
        ({"alias": None}, "auction.not-a-bidder"),
        ({"by": cast.OFFICER}, "auction.not-a-bidder"),
        ({"alias": None, "bars": (BANNED,), "price": ""}, "auction.not-a-bidder"),
        ({"bars": (BANNED,), "at": ENDS, "price": ""}, "blacklist.banned"),
        ({"at": BEGINS - TICK, "price": ""}, "auction.not-open"),
        ({"at": ENDS, "price": ""}, "auction.over"),
        ({"ended": True}, "auction.over"),
        ({"halted": True}, "auction.halted"),
        ({"state": State(BEGINS, ENDS, paused_at=BEGINS)}, "auction.is-paused"),
        ({"state": State(BEGINS, ENDS, paused_at=BEGINS), "at": ENDS}, "auction.is-paused"),
        ({"price": "89,500"}, "auction.no-price"),
        ({"price": "89500.005"}, "auction.no-price"),
        ({"price": "８９５００"}, "auction.no-price"),
        ({"price": "-1"}, "auction.no-price"),
        ({"price": "1e3"}, "auction.no-price"),
        ({"price": "0.00"}, "auction.not-better"),
        ({"price": "89500.01"}, "auction.not-better"),
        ({"price": "90000"}, "auction.not-better"),
        ({"state": State(BEGINS, ENDS), "price": "100000.01"}, "auction.not-better"),
        ({"state": State(BEGINS, ENDS, 1, Decimal("500.00"))}, "auction.no-lower"),
    ],
)
def test_a_quote_is_refused_for_one_reason_and_what_is_behind_it_stays_hidden(other, code):
    assert quoting(**other) == [code]


@pytest.mark.parametrize(
    "other",
    [{}, {"at": ENDS - TICK}, {"price": "0.01"}, {"price": "89500.00"},
     {"state": State(BEGINS, ENDS), "price": "100000.00"}],
)  # fmt: skip
def test_a_quote_a_step_better_in_time_is_accepted(other):
    assert quoting(**other) == []


@given(best=st.integers(1, 10**9), off=st.integers(-(10**6), 10**6))
def test_a_quote_counts_exactly_when_it_is_a_step_better(best, off):
    """best, off: fen."""
    state = State(BEGINS, ENDS, 1, Decimal(best) / 100)
    price = Decimal(best - 50_000 - off) / 100

    refused = quoting(state=state, price=f"{price:.2f}") if price >= 0 else ["below"]

    assert (refused == []) == (price > 0 and off >= 0)


@pytest.mark.parametrize(
    ("state", "ended", "at", "phase"),
    [
        (RUNNING, False, BEGINS - TICK, Phase.WAITING),
        (RUNNING, False, BEGINS, Phase.RUNNING),
        (RUNNING, False, ENDS, Phase.CLOSING),
        (RUNNING, True, ENDS, Phase.ENDED),
        (State(BEGINS, ENDS, paused_at=BEGINS), False, ENDS, Phase.PAUSED),
    ],
)
def test_the_clock_alone_says_where_it_is(state, ended, at, phase):
    assert rules.phase(state, ended=ended, at=at) is phase


STILL = State(BEGINS, ENDS, paused_at=BEGINS)


def pausing(state: State = RUNNING, **other: Any) -> list[str]:
    facts: dict[str, Any] = {"buyer": cast.BUYER, "halted": False, "rests": (), "ended": False, "reason": "网络故障",
                             "by": cast.OFFICER, "at": BEGINS} | other  # fmt: skip
    return codes(rules.why_not_pause(state, **facts))


def resuming(state: State = STILL, **other: Any) -> list[str]:
    facts: dict[str, Any] = {"buyer": cast.BUYER, "paused_by": rules.HOST, "halted": False, "rests": (), "ended": False,
                             "by": cast.OFFICER} | other  # fmt: skip
    return codes(rules.why_not_resume(state, **facts))


def test_buyer_and_supervisor_stop_the_clock_and_say_why():
    assert pausing() == pausing(by=cast.SUPERVISOR) == []
    assert pausing(by=cast.PROVIDER, reason="") == pausing(by=cast.OTHER_OFFICER) == ["auction.not-host"]
    assert pausing(STILL) == ["auction.paused-already"]
    assert pausing(at=ENDS) == pausing(ended=True) == pausing(halted=True) == ["auction.past"]
    assert pausing(reason=" ") == ["auction.pause-reason"]
    assert pausing(reason="长" * 501) == ["auction.pause-reason-length"]


def test_what_the_supervisor_stopped_the_supervisor_alone_lets_run_again():
    assert resuming() == resuming(by=cast.SUPERVISOR) == []
    assert resuming(paused_by=rules.SUPERVISOR, by=cast.SUPERVISOR) == []
    assert resuming(paused_by=rules.SUPERVISOR) == ["auction.paused-by-supervisor"]
    assert resuming(RUNNING) == resuming(ended=True) == ["auction.not-paused"]
    assert resuming(by=cast.PROVIDER) == ["auction.no-host"]


def test_while_the_purchase_rests_the_gate_of_when_says_so_and_what_stopped_with_it_the_system_alone_starts():
    rests = (Reason("project.suspended", Kind.NOT_NOW, "本项目暂停中"),)
    for told in (quoting, pausing, resuming, ending):
        assert told(rests=rests) == ["project.suspended"]
    assert quoting(rests=rests, alias=None) == ["auction.not-a-bidder"]
    assert quoting(rests=rests, at=ENDS) == ["auction.over"] and quoting(rests=rests, halted=True) == ["auction.halted"]
    assert pausing(rests=rests, by=cast.OTHER_OFFICER) == ["auction.not-host"]
    assert resuming(paused_by=rules.REST, by=cast.SYSTEM) == []
    for by, paused_by in ((cast.OFFICER, rules.REST), (cast.SUPERVISOR, rules.REST), (cast.SYSTEM, rules.HOST)):
        assert resuming(by=by, paused_by=paused_by) == ["auction.goes-on-by-itself"]
    assert [rules.come_back(each) for each in (cast.MINUTE, 30 * cast.DAY)] == [cast.MINUTE, cast.DAY]


def ending(state: State = RUNNING, **other: Any) -> list[str]:
    facts: dict[str, Any] = {"rests": (), "underway": False, "by": cast.SYSTEM, "at": ENDS + rules.DRAIN} | other
    return codes(rules.why_not_end(state, **facts))


def test_the_end_is_noted_by_the_clock_once_nothing_that_came_in_time_waits():
    assert ending() == []
    assert ending(by=cast.OFFICER) == ["auction.not-system"]
    assert ending(at=ENDS + rules.DRAIN - TICK) == ending(STILL) == ["auction.not-over"]
    assert ending(underway=True) == ["auction.underway"]
    assert ending(underway=True, at=ENDS + rules.DRAIN + rules.PATIENCE) == []


def test_the_clock_calls_an_auction_that_was_announced_once_enrolment_is_over():
    def calling(**other: Any) -> list[str]:
        return codes(
            rules.why_not_call(**({"auctioned": True, "closes_at": ENDS, "by": cast.SYSTEM, "at": ENDS} | other))
        )

    assert calling() == []
    assert calling(by=cast.OFFICER, auctioned=False) == ["auction.called-by-system"]
    assert calling(auctioned=False) == ["auction.none"]
    assert calling(at=ENDS - TICK) == ["auction.enrolling"]


def test_one_number_stands_for_one_price():
    assert not rules.why_another_quote(price="90000", known=Decimal("90000.00"), raw="90000.00")
    assert not rules.why_another_quote(price="九万", known=Decimal(0), raw="九万")
    assert codes(rules.why_another_quote(price="89000", known=Decimal("90000.00"), raw="90000")) == [
        "auction.another-quote"
    ]


START = Decimal("100000.00")


def asked_of(*prices: int) -> tuple[str, ...]:
    last = {str(n): Decimal(price) for n, price in enumerate(prices)}
    return rules.grounds_to_explain(last, "0", start=START)


def test_a_price_far_below_the_others_or_the_opening_price_is_to_be_explained():
    assert asked_of(86_500, 87_000, 90_000, 100_000) == ()
    assert asked_of(45_000) == () and len(asked_of(44_999)) == 1
    assert asked_of(50_000, 100_000) == () and asked_of(49_999, 100_000) == ("低于次低报价的 50%",)
    assert len(asked_of(10_000, 90_000, 95_000)) == 3


ASKED = SimpleNamespace(organisation=cast.HETAO, due_at=ENDS, said_at=None, judged_at=None)
SAID = SimpleNamespace(organisation=cast.HETAO, due_at=ENDS, said_at=BEGINS, judged_at=None)
JUDGED = SimpleNamespace(organisation=cast.HETAO, due_at=ENDS, said_at=None, judged_at=BEGINS)


def test_who_was_asked_explains_once_in_time_and_the_buyer_judges_with_reasons():
    def explaining(asked: Any = ASKED, text: str = "设备自有", **other: Any) -> list[str]:
        return codes(
            rules.why_not_explain(asked, text=text, **({"rests": (), "by": cast.PROVIDER, "at": BEGINS} | other))
        )

    def judging(asked: Any = SAID, **other: Any) -> list[str]:
        facts = {
            "buyer": cast.BUYER,
            "rests": (),
            "accepted": False,
            "reason": "成本可信",
            "by": cast.OFFICER,
            "at": BEGINS,
        } | other
        return codes(rules.why_not_judge(asked, **facts))

    assert explaining() == judging() == judging(ASKED, at=ENDS) == judging(ASKED, at=ENDS, by=cast.SYSTEM) == []
    assert judging(by=cast.SYSTEM) == judging(ASKED, by=cast.SYSTEM) == ["auction.buyer-judges"]
    assert judging(ASKED, at=ENDS, by=cast.SYSTEM, accepted=True) == ["auction.buyer-judges"]
    assert explaining(None) == explaining(by=cast.RIVAL) == ["auction.nothing-to-explain"]
    assert explaining(SAID) == explaining(JUDGED) == ["auction.explained"]
    assert explaining(at=ENDS) == ["auction.explained-late"]
    assert explaining(text="") == ["auction.no-explanation"]
    assert judging(by=cast.SUPERVISOR) == judging(by=cast.OTHER_OFFICER) == ["auction.not-the-buyer"]
    assert judging(None) == judging(JUDGED) == ["auction.nothing-to-judge"]
    assert judging(ASKED) == ["auction.still-explaining"]
    assert judging(reason="") == ["auction.no-judgement"]


def test_aliases_sort_and_say_nothing_but_how_many():
    assert rules.aliases(3) == ["01", "02", "03"]
    assert rules.aliases(100)[-1] == "100" and len(set(rules.aliases(100))) == 100


def test_too_few_is_fewer_than_the_least():
    assert codes(rules.too_few(2, least=3, law=None)) == ["auction.too-few"]
    assert rules.too_few(3, least=3, law=None) == ()


@given(prices=st.lists(st.integers(1, 10**6), unique=True, max_size=8))
def test_the_order_is_by_price_and_whoever_is_out_is_passed_over(prices):
    last = {str(n): Decimal(price) for n, price in enumerate(prices)}
    out = {"0"}

    turn = rules.in_turn(last, out)

    assert turn == [org for org, _ in sorted(last.items(), key=lambda each: each[1]) if org not in out]
