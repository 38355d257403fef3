"""The order of winners."""

import copy
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from market.awards import rules
from market.projects.procedures import PUBLICITY
from market.projects.rules import PROCEDURES, Edition, Method, Stage
from rulebook.actor import SYSTEM
from rulebook.refusal import Kind, Reason
from tests.cast import BUYER, DAY, HETAO, NOON, OFFICER, OTHER_OFFICER, PROVIDER, RIVAL, WULIANG, YINSHAN
from tests.make import market

REPORT = market.report()
RANKED = rules.candidates(REPORT)
BAN = (Reason("blacklist.banned", Kind.NOT_NOW, "处于禁入期"),)


def why(org=YINSHAN, *, stage=Stage.PROPOSED, declined=(), bans=None, by=OFFICER, at=NOON, delayed=False):
    return [
        reason.code
        for reason in rules.why_not_determine(
            stage=stage, buyer=BUYER, ranked=RANKED, org=org, declined=declined, bans=bans or {}, due_at=NOON + DAY,
            delayed=delayed, by=by, at=at,
        )
    ]  # fmt: skip


def test_the_small_enterprise_of_scenario_one_leads_at_its_own_quote():
    assert [(each.rank, each.org, str(each.quote)) for each in RANKED] == [
        (1, YINSHAN, "1100000.00"), (2, HETAO, "1000000.00"), (3, WULIANG, "1250000.00"),
    ]  # fmt: skip


@given(st.permutations(REPORT["bids"]))
def test_the_order_of_the_report_does_not_matter(bids):
    assert rules.candidates({**REPORT, "bids": bids}) == RANKED


def test_equal_ranks_are_settled_before_anybody_wins():
    tied = copy.deepcopy(REPORT)
    for bid in tied["bids"]:
        bid["rank"] = 1

    with pytest.raises(ValueError, match="share a rank"):
        rules.candidates(tied)
    assert [each.org for each in rules.candidates(tied, [HETAO, WULIANG, YINSHAN])] == [HETAO, WULIANG, YINSHAN]
    with pytest.raises(ValueError, match="contradicts"):
        rules.candidates(REPORT, [HETAO, WULIANG, YINSHAN])
    with pytest.raises(ValueError, match="exactly"):
        rules.candidates(REPORT, [HETAO])


def test_the_first_in_turn_is_determined_and_nobody_else():
    assert not why()
    assert why(HETAO) == ["award.out-of-order"]
    assert why(PROVIDER.person) == ["award.not-a-candidate"]
    assert why(YINSHAN, declined={YINSHAN}) == ["award.has-declined"]
    assert not why(HETAO, declined={YINSHAN})


def test_a_ban_is_named_and_the_next_rank_wins():
    assert why(YINSHAN, bans={YINSHAN: BAN}) == ["blacklist.banned"]
    assert not why(HETAO, bans={YINSHAN: BAN})
    assert not why(WULIANG, declined={HETAO}, bans={YINSHAN: BAN})


def test_who_comes_before_when_and_when_before_what():
    assert why(HETAO, by=OTHER_OFFICER, stage=Stage.OPEN) == ["project.not-officer"]
    assert why(HETAO, stage=Stage.AWARDED) == ["project.stage-not-now"]


def test_silence_counts_as_the_first_rank_after_the_days_of_the_law():
    assert why(by=SYSTEM) == ["award.not-deemed"]
    assert not why(by=SYSTEM, at=NOON + DAY)
    assert why(by=SYSTEM, at=NOON + DAY, delayed=True) == ["award.not-deemed"]


def test_a_report_comes_once_about_this_project_and_with_a_candidate():
    def propose(stage=Stage.DECIDING, report=REPORT, number=market.NUMBER):
        return [reason.code for reason in rules.why_not_propose(stage=stage, report=report, number=number)]

    nobody = {**REPORT, "bids": [{**bid, "compliant": False} for bid in REPORT["bids"]]}
    assert not propose()
    assert propose(stage=Stage.PROPOSED) == ["project.stage-not-now"]
    assert propose(number="T-2") == ["award.other-report"]
    assert propose(report=nobody) == ["award.no-candidate"]
    own = PROCEDURES[Method.TENDER, Edition.WORKS_2019].determination.law
    cited = rules.why_not_propose(stage=Stage.DECIDING, report=nobody, number=market.NUMBER, law=own)
    cited += rules.why_not_explain(stage=Stage.PROPOSED, buyer=BUYER, text=" ", by=OFFICER, law=own)
    assert {str(reason.law) for reason in cited} == {"30号令 第56条"}


def test_the_winner_or_the_buyer_says_that_the_winner_declines():
    def decline(by=RIVAL, stage=Stage.AWARDED, winner=YINSHAN, reason="无法按期供货"):
        told = rules.why_not_decline(stage=stage, buyer=BUYER, winner=winner, reason=reason, by=by)
        return [each.code for each in told]

    assert not decline()
    assert not decline(by=OFFICER)
    assert decline(by=PROVIDER) == ["award.not-the-winner"]
    assert decline(by=OTHER_OFFICER) == ["project.not-officer"]
    assert decline(by=OFFICER, stage=Stage.PROPOSED) == ["award.nothing-to-decline"]
    assert decline(reason=" ") == ["award.no-decline-reason"]


def test_a_delay_has_a_reason_and_its_time():
    def explain(by=OFFICER, stage=Stage.PROPOSED, text="正在核实"):
        return [each.code for each in rules.why_not_explain(stage=stage, buyer=BUYER, text=text, by=by)]

    assert not explain()
    assert explain(by=OTHER_OFFICER) == ["project.not-officer"]
    assert explain(stage=Stage.AWARDED) == ["award.nothing-to-delay"]
    assert explain(text="") == ["award.no-delay-reason"]


def test_the_days_of_publicity_rest_while_any_objection_waits_and_no_minute_twice():
    def at(hours: int) -> datetime:
        return NOON + timedelta(hours=hours)

    assert rules.rested([]) == rules.rested([(at(0), None)]) == timedelta()
    assert rules.rested([(at(0), at(2)), (at(1), at(5)), (at(1), at(3)), (at(9), at(10)), (at(9), None)]) == (
        timedelta(hours=6)
    )
    waiting = rules.Publicity(law=PUBLICITY, ends_at=at(1), objections=1, rests=True)
    assert waiting.is_on(at(9)) and not replace(waiting, objections=0).is_on(at(1))
    assert not replace(waiting, rests=False).is_on(at(1))


def test_candidates_are_published_until_the_very_end_of_their_days():
    shown = rules.Publicity(law=PUBLICITY, ends_at=NOON, objections=0)

    assert [reason.code for reason in shown.why_not_over(NOON - timedelta(microseconds=1))] == ["award.being-published"]
    assert not shown.why_not_over(NOON)
