"""Which channel, by when, after what: rules without a database."""

from datetime import UTC, datetime

import pytest

from market.complaints import rules
from market.complaints.rules import BY_KEY, LIFE, OPEN, ROUTES, About, Outcome, Prior, State
from market.projects.rules import Stage
from tests import cast
from tests.cast import DAY, HETAO, MINUTE, NOON, YINSHAN

pytestmark = pytest.mark.embedded
BEFORE_FESTIVAL = datetime(2026, 2, 10, 4, tzinfo=UTC)
POINTS = ("参数只有一家满足",)


def test_every_grievance_has_exactly_one_channel_and_the_first_step_its_law_wants():
    for regime, step in (("A", "异议"), ("B", "质疑"), ("C", "质疑"), ("D", "")):
        for about in (About.DOCUMENTS, About.PROCESS, About.RESULT):
            fits = [row for row in ROUTES if about in row.about and regime in row.regimes]
            assert [row.step for row in fits] == [step]
            assert rules.route_of(about, regime) == fits[0]
        for about in rules.OF_A_PURCHASE:
            assert rules.route_of(about, regime) is not None
            assert rules.route_of(about) is None  # which law is the purchase's to say
    for about in set(About) - rules.OF_A_PURCHASE:
        assert rules.route_of(about) == rules.route_of(about, "B") == BY_KEY["conduct"]


@pytest.mark.parametrize(
    ("key", "clock", "ends"),
    [
        ("b", "step_within", "2026-02-26"),  # 7 working days: 春节 15–23 off, 14 February worked
        ("b", "step_answer", "2026-02-26"),
        ("b", "within", "2026-03-09"),  # 15, over the exchanged 28 February
        ("b", "check", "2026-02-24"),
        ("b", "decide", "2026-03-30"),
        ("a-documents", "step_answer", "2026-02-13"),
        ("a-documents", "within", "2026-02-24"),  # 10 days end on a holiday: the next working day
        ("a-result", "check", "2026-02-13"),
        ("d", "within", "2026-03-09"),
    ],
)
def test_clocks_skip_the_spring_festival_and_count_exchanged_working_days(key, clock, ends):
    due = getattr(BY_KEY[key], clock).due(BEFORE_FESTIVAL)
    assert f"{due - MINUTE:%Y-%m-%d}" == ends


def prior(**other) -> Prior:
    facts = {"whose": HETAO, "points": POINTS, "raised": NOON - 9 * DAY, "due": NOON, "answered": NOON - DAY}
    return Prior(**(facts | other))


def file(route="b", *, by=cast.PROVIDER, at=NOON, **other) -> list[str]:
    facts = {"needs_purchase": True, "prior": prior(), "points": POINTS, "request": "修改文件",
             "interest": "潜在供应商", "known_at": NOON, "open_ones": 0} | other  # fmt: skip
    return [reason.code for reason in rules.why_not_file(route=BY_KEY.get(route), by=by, at=at, **facts)]


def test_a_complaint_follows_its_own_first_step_within_its_days_and_not_beyond_it():
    assert file() == []
    assert file(prior=None) == file(prior=prior(whose=YINSHAN)) == ["complaint.step-first"]
    assert file(prior=prior(answered=None), at=NOON - MINUTE) == ["complaint.unanswered"]
    assert file(prior=prior(answered=None)) == []  # silence until the last day
    last = BY_KEY["b"].within.due(NOON - DAY)
    assert file(at=last - MINUTE) == []
    assert file(at=last) == ["complaint.late"]
    assert file(points=(*POINTS, "另一项")) == ["complaint.beyond"]
    assert file("a-documents", points=("另一项",)) == []
    missing = ["complaint.no-points", "complaint.no-request", "complaint.no-interest"]
    assert file(points=(), request="", interest="") == missing
    assert file(open_ones=rules.MOST_OPEN) == ["complaint.too-many"]


def test_who_may_complain():
    assert file(by=cast.OFFICER, prior=prior(whose=cast.BUYER)) == ["complaint.not-concerned"]
    assert file(by=cast.STRANGER) == ["complaint.nobody"]
    assert file("conduct", by=cast.OFFICER, prior=None) == []
    assert file("conduct", by=cast.OFFICER, prior=None, known_at=NOON + DAY) == ["complaint.known-later"]
    assert file("nothing") == ["complaint.no-route"]


def challenge(route="b", *, by=cast.PROVIDER, at=NOON, known_at=NOON - DAY, **other) -> list[str]:
    facts = {"stage": Stage.OPEN, "points": POINTS, "waiting": 0} | other
    told = rules.why_not_challenge(route=BY_KEY[route], by=by, at=at, known_at=known_at, **facts)
    return [reason.code for reason in told]


def test_a_first_step_is_a_suppliers_in_seven_working_days():
    assert challenge() == []
    assert challenge(by=cast.OFFICER) == ["challenge.not-provider"]
    last = BY_KEY["b"].step_within.due(NOON - DAY)
    assert (challenge(at=last - MINUTE), challenge(at=last)) == ([], ["challenge.late"])
    assert challenge("d") == ["challenge.no-step"]
    assert challenge("a-result") == ["challenge.at-award"]
    assert challenge(stage=Stage.DRAFT) == ["challenge.not-now"]
    assert challenge(points=("a", " ")) == ["complaint.no-points"]


def defects(*, by=cast.SUPERVISOR, told=False, state=State.FILED, at=NOON) -> list[str]:
    reasons = rules.why_not_tell_defects(body=cast.BUREAU, state=state, told=told, defects=["缺授权书"],
                                         checked_by=NOON + DAY, by=by, at=at)  # fmt: skip
    return [reason.code for reason in reasons]


def test_what_is_missing_is_told_once_all_of_it_within_the_days_of_the_check():
    assert defects() == []
    assert defects(told=True) == ["complaint.told-once"]
    assert defects(at=NOON + DAY) == ["complaint.check-over"]
    for who in (cast.PROVIDER, cast.OFFICER, cast.OPERATOR, cast.AUDITOR):
        assert defects(by=who) == ["complaint.not-competent"]


def test_only_the_competent_body_settles_and_only_by_the_table():
    for state in State:
        for to in (State.ACCEPTED, State.REFUSED, State.DECIDED):
            told = rules.why_not_settle(body=cast.BUREAU, state=state, to=to, route=BY_KEY["b"],
                                        outcome=Outcome.VOID, text="x", by=cast.SUPERVISOR)  # fmt: skip
            assert (told == ()) == (LIFE.why_not(state, to) == ())
    other = rules.why_not_settle(body="other", state=State.ACCEPTED, to=State.DECIDED, route=BY_KEY["b"],
                                 outcome=Outcome.VOID, text="x", by=cast.SUPERVISOR)  # fmt: skip
    assert [each.code for each in other] == ["complaint.not-competent"]
    assert not OPEN & {State.REFUSED, State.WITHDRAWN, State.DECIDED}


def test_three_unfounded_in_twelve_months_or_one_made_up_is_an_abuse():
    lost = [(Outcome.UNFOUNDED, NOON - n * DAY) for n in (1, 100, 364)]
    assert rules.is_abuse(lost, at=NOON)
    assert not rules.is_abuse([*lost[:2], (Outcome.UNFOUNDED, NOON - 366 * DAY)], at=NOON)
    assert not rules.is_abuse([*lost[:2], (Outcome.VOID, NOON)], at=NOON)
    assert rules.is_abuse([(Outcome.FABRICATED, NOON)], at=NOON)
