"""What a score is made of: nothing negative without a finding, nothing for ever, nothing that praise can buy."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from blacklist.credit import rules
from blacklist.credit.rules import GRADES, MERITS, Good, Item, Score
from tests import cast

TERM = 100 * cast.DAY


@dataclass
class Found:
    points: int = 20
    ground: str = "collusion"
    kind: str = "points"
    decision_no: str = "明处〔2026〕1号"
    starts_at: datetime = cast.NOON
    ends_at: datetime = cast.NOON + TERM
    stayed_at: datetime | None = None
    resumed_at: datetime | None = None
    ended_at: datetime | None = None


@dataclass
class Done:
    on: date
    kind: str = "performed"
    evidence: str = "P-1"
    title: str = "竣工测绘"


def value(findings=(), merits=(), *, after=timedelta(seconds=1)):
    return rules.score(findings, merits, at=cast.NOON + after).value


def done(count, kind="performed", days=0):
    on = (cast.NOON - days * cast.DAY).date()
    return [Done(on, kind, f"P-{n}") for n in range(count)]


def test_a_firm_without_history_starts_at_the_base():
    assert value() == 100
    assert rules.score((), (), at=cast.NOON).grade.name == "A"


def test_no_negative_item_without_a_finding():
    """Whatever is done badly, only a decision costs: an item that takes points off without one cannot be made."""
    with pytest.raises(ValueError, match="finding"):
        Item("逾期", Decimal(-3), Decimal(-3), cast.NOON.date(), rules.LOST, ())
    with pytest.raises(ValueError, match="finding"):
        Item("逾期", Decimal(0), Decimal(-3), cast.NOON.date(), rules.LOST, ())
    assert all(row.points > 0 and row.most > 0 for row in MERITS.values())
    for item in rules.score([Found()], done(9), at=cast.NOON).items:
        assert (item.points < 0) == bool(item.finding)
        assert bool(item.finding) != bool(item.evidence)


def test_points_fade_by_half_when_half_the_term_is_over_and_are_gone_to_the_second():
    found, second = [Found()], timedelta(seconds=1)
    assert value(found, after=-second) == 100
    assert value(found, after=timedelta()) == 80
    assert value(found, after=TERM / 2 - second) == 80
    assert value(found, after=TERM / 2) == 90
    assert value(found, after=TERM - second) == 90
    assert value(found, after=TERM) == 100


def test_what_is_stayed_annulled_or_no_points_costs_nothing():
    assert value([Found(stayed_at=cast.NOON)]) == 100
    assert value([Found(stayed_at=cast.NOON, resumed_at=cast.NOON + cast.DAY)], after=2 * cast.DAY) == 80
    assert value([Found(ended_at=cast.NOON + cast.DAY)], after=2 * cast.DAY) == 100
    assert value([Found(kind="suspension", points=0)]) == 100
    assert value([Found(), Found(), Found(), Found(), Found(), Found()]) == 0


def test_what_was_done_well_adds_up_to_its_limit_and_fades():
    assert value((), done(1)) == 102
    assert value((), done(9)) == 108, "at most 8 of one kind"
    assert value((), [*done(9), *done(9, "praised")]) == 110, "and 10 of all"
    assert value((), done(1, days=179)) == 102
    assert value((), done(1, days=180)) == 101
    assert value((), done(1, days=365)) == 100
    assert value([Found()], [*done(9), *done(9, "praised")]) == 90, "no praise makes up for a serious finding"


def test_the_explanation_adds_up_to_the_score():
    told = rules.score([Found(), Found(points=3, ground="late")], done(2), at=cast.NOON)
    assert told.value == 100 + sum(item.points for item in told.items) == Decimal("81.0")
    assert [item.words for item in told.items][:2] == ["串通投标、串通报价", "逾期提交成果"]
    for item in told.items:
        day, points = item.fades[-1]
        assert item.rule and points == 0 and day > item.on


def test_a_grade_is_the_first_line_that_fits_and_the_best_has_four_times_the_least():
    found = {points: Score(Decimal(points)).grade.name for points in ("110", "100", "99.9", "90", "75", "74.9", "0")}
    assert "".join(found.values()) == "AABBCDD"
    assert [row.tickets for row in GRADES] == [4, 3, 2, 1]


def test_a_purchase_may_not_ask_for_more_than_a_newcomer_has():
    assert not rules.why_not_ask(Decimal(90))
    assert rules.why_not_ask(Decimal("90.1")) and rules.why_not_ask(Decimal(-1))
    assert not rules.why_not_enough(Decimal(90), least=Decimal(90))
    assert rules.why_not_enough(Decimal("89.9"), least=Decimal(90))
    assert rules.why_not_note(kind="late", evidence="P-1") and rules.why_not_note(kind=Good.PRAISED, evidence="")
