"""Stages, timetables, approval: reasons in the order who, when, what."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.rules import Kind as Buyer
from market.projects import rules
from market.projects.periods import Period
from market.projects.rules import LIFE, PROCEDURES, Category, Edition, Method, Procedure, Stage, Timetable
from rulebook.actor import SYSTEM
from rulebook.law import Article
from tests.cast import APPROVER, BUYER, DAY, MINUTE, NOON, OFFICER, OTHER_OFFICER, PROVIDER, STRANGER

LAW = PROCEDURES[Method.TENDER, Edition.LAW_2017]
REHEARSAL = PROCEDURES[Method.TENDER, Edition.REHEARSAL]
GOOD = Timetable(NOON, NOON + 10 * DAY, NOON + 20 * DAY)


@dataclass(frozen=True)
class Facts:
    stage: str = "draft"
    buyer_id: str = BUYER
    preparer: str = BUYER
    unconfirmed: bool = False
    drafted_by: str = OFFICER.person
    submitted_at: datetime | None = None
    approved_at: datetime | None = None
    scheduled_at: datetime | None = None
    publish_at: datetime = NOON


SUBMITTED = Facts(submitted_at=NOON)
APPROVED = replace(SUBMITTED, approved_at=NOON)
SCHEDULED = replace(APPROVED, scheduled_at=NOON)


def codes(reasons):
    return [reason.code for reason in reasons]


def test_every_stage_is_in_the_table_of_lives():
    assert LIFE.states() == frozenset(Stage)
    assert {stage for stage in Stage if LIFE.is_final(stage)} == {
        Stage.COMPLETED,
        Stage.TERMINATED,
        Stage.FAILED,
        Stage.CANCELLED,
    }


def test_only_a_report_made_anew_and_a_declined_award_lead_back():
    order = list(rules.PATH)
    back = [(a, b) for a in order for b in order if order.index(b) < order.index(a) and not LIFE.why_not(a, b)]

    assert back == [(Stage.PROPOSED, Stage.DECIDING), (Stage.AWARDED, Stage.PROPOSED)]


@pytest.mark.parametrize("row", PROCEDURES.values(), ids=lambda row: row.edition.value)
def test_every_period_names_its_article(row):
    periods = (row.preparation, row.supply, row.notice, row.determination, row.award_notice, row.contract)

    assert all(period.law.law and period.law.number for period in periods)


def test_the_periods_of_the_law_are_the_laws():
    told = {name: getattr(LAW, name).words for name in ("preparation", "supply", "notice", "determination", "contract")}

    assert told == {
        "preparation": "20日", "supply": "5个工作日", "notice": "5个工作日", "determination": "5个工作日",
        "contract": "30日",
    }  # fmt: skip


def test_a_timetable_that_keeps_the_law_has_nothing_against_it():
    assert not rules.why_not_timetable(LAW, GOOD)


def test_everything_wrong_with_a_timetable_is_said_at_once():
    short = Timetable(NOON, NOON + 30 * DAY, NOON + 19 * DAY)
    reasons = rules.why_not_timetable(LAW, replace(short, publish_at=NOON + 25 * DAY))

    assert codes(reasons) == ["timetable.preparation", "timetable.supply", "timetable.supply-after-deadline"]
    assert str(reasons[0].law) == "政府采购法 第35条"
    assert "不得少于20日" in reasons[0].sentence()


def test_a_rehearsal_counts_in_seconds():
    start = NOON
    assert not rules.why_not_timetable(
        REHEARSAL, Timetable(start, start + timedelta(seconds=5), start + timedelta(seconds=10))
    )
    assert rules.why_not_timetable(
        REHEARSAL, Timetable(start, start + timedelta(seconds=4), start + timedelta(seconds=9))
    )


@given(days=st.integers(0, 60))
def test_the_deadline_is_lawful_from_the_twentieth_day_on(days):
    against = rules.why_not_timetable(LAW, Timetable(NOON, NOON + 10 * DAY, NOON + days * DAY))

    assert ("timetable.preparation" in codes(against)) == (days < 20)


def test_the_cap_may_not_exceed_the_budget():
    reasons = rules.why_not_complete(
        budget=Decimal(100), price_cap=Decimal("100.01"), procedure=LAW, timetable=GOOD, at=NOON
    )

    assert codes(reasons) == ["project.cap-above-budget"]
    assert "100.01" in reasons[0].sentence()


@pytest.mark.parametrize(
    "method, ground, category, least, opens",
    [
        (Method.CONSULTATION, "services", Category.SERVICES, 2, 3),
        (Method.CONSULTATION, "research", Category.GOODS, 2, 3),
        (Method.CONSULTATION, "complex", Category.SERVICES, 3, 3),
        (Method.NEGOTIATION, "urgent", Category.GOODS, 3, 3),
        (Method.NEGOTIATION, "two-left", Category.GOODS, 2, 2),
        (Method.CONSULTATION, "", Category.SERVICES, 2, 3),  # published before a ground was named
    ],
)
def test_the_ground_says_with_how_few_a_purchase_goes_on(method, ground, category, least, opens):
    row = next(row for row in PROCEDURES.values() if row.method is method and row.for_real)

    assert (row.least_to_go_on(category, ground)[0], row.least_to_open(ground)) == (least, opens)


def test_whoever_talks_with_suppliers_says_on_which_ground_and_it_fits_what_is_bought():
    def against(procedure: Procedure, ground: str, category: Category) -> set[str]:
        return set(codes(rules.why_not_complete(
            category=category, ground=ground, budget=Decimal(100), price_cap=Decimal(100), procedure=procedure,
            timetable=GOOD, at=NOON,
        )))  # fmt: skip

    consultation = PROCEDURES[Method.CONSULTATION, Edition.CONSULTATION_2014]
    assert "project.no-ground" in against(consultation, "", Category.SERVICES)
    assert "project.no-ground" in against(consultation, "urgent", Category.SERVICES)  # a ground of negotiations
    assert "project.ground-of-another-category" in against(consultation, "services", Category.GOODS)
    assert not {code for code in against(consultation, "research", Category.GOODS) if "ground" in code}
    assert not against(LAW, "", Category.GOODS)


def test_an_empty_purse_and_a_past_minute_are_named_together():
    reasons = rules.why_not_complete(
        budget=Decimal(0), price_cap=Decimal(0), procedure=LAW, timetable=GOOD, at=NOON + MINUTE
    )

    assert codes(reasons) == ["project.no-budget", "project.no-price-cap", "project.publish-in-the-past"]


@pytest.mark.parametrize("who", [PROVIDER, STRANGER])
def test_only_an_officer_drafts(who):
    assert codes(rules.why_not_draft(edition="87-2017", production=False, kind=Buyer.BUYER, by=who)) == [
        "project.no-officer"
    ]


def test_editions_are_known_and_for_real_where_it_is_real():
    assert codes(rules.why_not_edition(edition="2099", production=False)) == ["project.unknown-edition"]
    assert codes(rules.why_not_edition(edition="rehearsal", production=True)) == ["project.rehearsal-for-real"]
    assert not rules.why_not_edition(edition="rehearsal", production=False)


def test_who_comes_before_when():
    assert codes(rules.why_not_edit(SUBMITTED, by=OTHER_OFFICER)) == ["project.not-officer"]
    assert codes(rules.why_not_edit(SUBMITTED, by=OFFICER)) == ["project.in-approval"]
    assert codes(rules.why_not_edit(replace(SUBMITTED, stage="open"), by=OFFICER)) == ["project.published"]
    assert not rules.why_not_edit(Facts(), by=APPROVER)


def test_approval_is_a_second_persons():
    assert codes(rules.why_not_review(SUBMITTED, by=OFFICER)) == ["approval.own-draft"]
    assert codes(rules.why_not_review(Facts(), by=APPROVER)) == ["approval.not-submitted"]
    assert codes(rules.why_not_review(APPROVED, by=APPROVER)) == ["approval.done"]
    assert codes(rules.why_not_review(SUBMITTED, by=OTHER_OFFICER)) == ["project.not-officer"]
    assert not rules.why_not_review(SUBMITTED, by=APPROVER)


def test_a_return_says_why():
    assert codes(rules.why_not_return(SUBMITTED, comment=" ", by=APPROVER)) == ["approval.no-comment"]
    assert codes(rules.why_not_return(SUBMITTED, comment="改", by=OFFICER)) == ["approval.own-draft"]
    assert not rules.why_not_return(SUBMITTED, comment="改", by=APPROVER)


def test_what_is_missing_hides_behind_who_and_when():
    missing = rules.why_not_edition(edition="", production=False)

    assert codes(rules.why_not_submit_for_approval(Facts(), missing=missing, by=OTHER_OFFICER)) == [
        "project.not-officer"
    ]
    assert rules.why_not_submit_for_approval(Facts(), missing=missing, by=OFFICER) == missing


def schedule(project, *, by=OFFICER, timetable=GOOD, at=NOON):
    return codes(rules.why_not_schedule(project, procedure=LAW, timetable=timetable, by=by, at=at))


def test_a_minute_is_set_after_approval_once_and_not_in_the_past():
    assert schedule(SUBMITTED) == ["schedule.not-approved"]
    assert schedule(SCHEDULED) == ["schedule.already"]
    assert schedule(replace(SCHEDULED, stage="open")) == ["project.stage-not-now"]
    assert schedule(APPROVED, by=OTHER_OFFICER) == ["project.not-officer"]
    assert schedule(APPROVED, at=NOON + DAY) == ["schedule.past"]
    assert not schedule(APPROVED)


def test_a_minute_is_taken_back_until_it_strikes():
    def why(project, at):
        return codes(rules.why_not_cancel_schedule(project, by=OFFICER, at=at))

    assert not why(SCHEDULED, NOON - MINUTE)
    assert why(SCHEDULED, NOON) == ["schedule.too-late"]
    assert why(APPROVED, NOON - MINUTE) == ["schedule.none"]
    assert codes(rules.why_not_cancel_schedule(SCHEDULED, by=PROVIDER, at=NOON)) == ["project.not-officer"]


def publish(project, *, by=SYSTEM, terms="ab", at=NOON):
    return codes(rules.why_not_publish(project, procedure=LAW, timetable=GOOD, terms=terms, by=by, at=at))


def test_the_system_publishes_at_the_minute_with_terms_and_a_lawful_timetable():
    assert not publish(SCHEDULED)
    assert publish(SCHEDULED, by=OFFICER) == ["publish.not-system"]
    assert publish(SCHEDULED, at=NOON - MINUTE) == ["publish.not-due"]
    assert publish(APPROVED) == ["publish.not-due"]
    assert publish(SCHEDULED, terms=None) == ["publish.no-terms"]
    assert publish(SCHEDULED, at=NOON + DAY) == ["timetable.preparation"]
    assert publish(replace(SCHEDULED, stage="open")) == ["project.stage-not-now"]


def test_an_end_has_grounds_and_comes_from_the_house_or_the_system():
    ground = rules.why_not_edition(edition="", production=False)

    def why(stage="open", by=OFFICER, reasons=ground):
        return codes(rules.why_not_end(stage=stage, buyer=BUYER, to=Stage.FAILED, reasons=reasons, by=by))

    assert not why()
    assert not why(by=SYSTEM)
    assert why(by=OTHER_OFFICER) == ["project.not-officer"]
    assert why(stage="contracted") == ["project.stage-not-now"]
    assert why(reasons=()) == ["project.no-grounds"]


def test_works_cite_their_own_law_and_never_that_of_purchases():
    for row in PROCEDURES.values():
        if row.regime == "A":
            each = [
                inner for value in vars(row).values() for inner in (value if isinstance(value, tuple) else (value,))
            ]
            named = {str(value.law if isinstance(value, Period) else value) for value in each
                     if isinstance(value, Article | Period)}  # fmt: skip
            assert "招标投标法 第37条" in named
            assert not [law for law in named if "87号令" in law or "政府采购" in law]
