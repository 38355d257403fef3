import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from draws.rules import IN_ORDER, LIFE, OVER, Heard, Phase, Windows, next_phase, why_not_announce, why_not_speak

POOL = [{"cid": f"c{n}", "org": f"o{n}", "strata": ["A-it"]} for n in range(6)]
GOOD = {"contributors": ["a", "b", "c"], "strata": [{"key": "A-it", "need": 5, "standby": 5}], "pool": POOL,
        "earlier": 0, "reason": "", "open_draws": 0}  # fmt: skip
ALL = frozenset({1, 2, 3})


def codes(reasons):
    return [reason.code for reason in reasons]


def test_a_draw_over_enough_people_by_three_may_be_announced():
    assert why_not_announce(**GOOD) == ()


@pytest.mark.parametrize("change, code", [
    ({"contributors": ["a", "b"]}, "draw.contributors"),
    ({"contributors": ["a", "b", "c", "d"]}, "draw.contributors"),
    ({"contributors": ["a", "b", "b"]}, "draw.contributors"),
    ({"strata": []}, "draw.strata"),
    ({"strata": [{"key": "A-it", "need": 0, "standby": 0}]}, "draw.strata"),
    ({"strata": [{"key": "A-it", "need": 7, "standby": 0}]}, "draw.pool-too-small"),
    ({"strata": [{"key": "C-law", "need": 1, "standby": 0}]}, "draw.pool-too-small"),
    ({"pool": [*POOL, POOL[0]]}, "draw.pool-twice"),
    ({"pool": [{**row, "org": "one"} for row in POOL]}, "draw.pool-too-small"),
    ({"earlier": 1}, "draw.second-without-reason"),
    ({"earlier": 1, "reason": "  "}, "draw.second-without-reason"),
    ({"earlier": 1, "reason": "补抽", "open_draws": 1}, "draw.one-at-a-time"),
])  # fmt: skip
def test_a_draw_is_not_announced_when(change, code):
    assert code in codes(why_not_announce(**{**GOOD, **change}))


def test_a_second_draw_with_a_reason_may_be_announced():
    assert why_not_announce(**{**GOOD, "earlier": 1, "reason": "第一次抽取作废"}) == ()


@given(st.sampled_from(sorted(IN_ORDER)), st.sampled_from(list(Phase)), st.booleans(), st.booleans(), st.booleans())
def test_a_statement_is_in_order_in_its_phase_only_and_a_shut_gate_hides_the_next(v, phase, entitled, gate, over):
    told = codes(why_not_speak(v, phase=phase, entitled=entitled, gate_open=gate, window_over=over))

    assert len(told) <= 1
    if not entitled:
        assert told == ["draw.not-a-contributor"]
    elif phase in OVER:
        assert told == ["draw.over"]
    elif phase not in IN_ORDER[v] or over:
        assert told == ["draw.not-the-moment"]
    elif v in ("dd/1", "dr/1") and not gate:
        assert told == ["draw.not-witnessed-yet"]
    else:
        assert told == []


def test_slot_keys_stay_secret_between_the_fixing_and_the_end_of_the_reveal_window():
    assert why_not_speak("dp/1", phase=Phase.REVEALS, entitled=True, gate_open=True)
    assert not why_not_speak("dp/1", phase=Phase.RECOVERY, entitled=True, gate_open=True)


SUBSETS = [frozenset(s) for n in range(4) for s in itertools.combinations((1, 2, 3), n)]


@given(st.sampled_from(list(Phase)), st.booleans(), st.sampled_from(SUBSETS), st.sampled_from(SUBSETS),
       st.sampled_from(SUBSETS), st.booleans(), st.booleans())  # fmt: skip
def test_a_draw_only_moves_along_its_life_and_goes_on_with_t_honest_contributors(
    phase, over, keys, commits, bad, pool_seen, known
):
    heard = Heard(contributors=ALL, t=2, keys=keys, pool_seen=pool_seen, commits=commits, deals=commits,
                  bad_dealers=bad, dealers=commits - bad, values_known=known)  # fmt: skip
    to = next_phase(phase, heard, window_over=over)

    assert to is phase or not LIFE.why_not(phase, to)
    if to is Phase.REVEALS and phase is not Phase.REVEALS:
        assert len(commits - bad) >= 2 and over
    if phase is Phase.COMMITS and over:
        assert to is (Phase.DEALS if len(commits) >= 2 else Phase.VOID)
    if to is Phase.SETTLED and phase is not Phase.SETTLED:
        assert known
    if phase in OVER:
        assert to is phase


def test_a_complaint_has_its_whole_window():
    heard = Heard(contributors=ALL, t=2, commits=ALL, deals=ALL)

    assert next_phase(Phase.COMPLAINTS, heard, window_over=False) is Phase.COMPLAINTS


def test_the_supervision_bodys_look_has_no_window():
    assert Windows().seconds(Phase.POOL) is None
    assert Windows(commits=7).seconds(Phase.COMMITS) == 7
