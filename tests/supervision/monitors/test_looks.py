"""A look takes in what is new or due and nothing else; late, twice, or over a fault, it finds the same."""

from datetime import datetime
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from bidding.guarantees import services as guarantees
from bidding.tender.models import Tender
from ledger import services as ledger
from ledger.events import Event
from market.projects.models import Project
from market.projects.rules import Stage
from rulebook.actor import SYSTEM
from rulebook.rows import gathering_troubles
from supervision.monitors import looks, services, tasks
from supervision.monitors.models import Alert, Cursor, Tally, Watched
from supervision.monitors.rules import Finding, Light, Step
from tests import cast
from tests.make import accounts, bidding_offers, evaluation, market
from tests.make.ledger import sealed_entry, sequenced
from tests.supervision.monitors.stories import AWARD, CONTRACT, CONTRACT_NOTICE, HALL, HONEST, Line, but

pytestmark = pytest.mark.django_db
DAY = cast.DAY
START = cast.NOON


@pytest.fixture(autouse=True)
def supervisor() -> None:
    accounts.user(cast.SUPERVISOR)


def told(project: Project, *lines: Line) -> None:
    """These entries stand in the public record of a procurement, and are placed."""
    for kind, data, after in lines:
        event = type("Told", (Event,), {"kind": kind, "data": lambda self, data=data: dict(data)})
        with transaction.atomic():
            ledger.record(event(project.log), at=START + after)
    sequenced(at=START)


def watched(at: datetime, times: int = 1) -> None:
    for _ in range(times):
        tasks.watch(by=SYSTEM, at=at)


def alerts(**which: Any) -> list[tuple[str, int, str]]:
    return list(Alert.objects.filter(**which).order_by("pk").values_list("kind", "light", "finding"))


@pytest.mark.embedded
def test_time_is_watched_from_the_entries_alone_and_a_tick_twice_or_late_changes_nothing() -> None:
    project = market.project(stage=Stage.AWARDED)
    told(project, *HONEST[:7])
    watched(START + 4 * DAY, times=2)
    row = Watched.objects.get()
    assert (alerts(), row.next_what, row.light, row.seq) == ([], "T09", Light.GREEN, 7)
    due = row.next_at
    watched(due, times=2)
    assert alerts() == [("T09", Light.RED, "")]
    watched(due + 20 * DAY)
    told(project, but(CONTRACT, 60 * DAY), but(CONTRACT_NOTICE, 60 * DAY))
    watched(START + 61 * DAY, times=2)
    (alert,) = Alert.objects.all()
    assert (alert.closed_at, alert.steps.filter(step=Step.CURED).count()) == (None, 1)  # red: a person says why
    assert Watched.objects.get().light == Light.RED
    services.close(
        alert=alert, finding="confirmed", text="逾期签约，已责令说明", by=cast.SUPERVISOR, at=START + 61 * DAY
    )
    watched(START + 62 * DAY)
    assert (Watched.objects.get().light, Watched.objects.get().running) == (Light.GREEN, True)


@pytest.mark.embedded
def test_what_comes_in_time_ends_the_yellow_alert_by_itself() -> None:
    project = market.project(stage=Stage.AWARDED)
    told(project, *HONEST[:7])
    watched(START + 26 * DAY)
    assert alerts() == [("T09", Light.YELLOW, "")]
    told(project, but(CONTRACT, 27 * DAY), but(CONTRACT_NOTICE, 27 * DAY))
    watched(START + 27 * DAY)
    assert alerts() == [("T09", Light.YELLOW, Finding.IN_TIME)]


def test_a_share_of_the_year_is_counted_once_an_entry_and_told_once_a_year() -> None:
    for n in range(6):
        told(market.project(number=f"T-{n}", stage=Stage.AWARDED), but(AWARD, n * cast.MINUTE))
        watched(START + n * cast.MINUTE, times=2)
    assert Tally.objects.get(what="awarded").count == 6
    (alert,) = Alert.objects.filter(kind="A05")
    assert (alert.light, alert.subject) == (Light.RED, f"won/{cast.BUYER} {cast.HETAO}")


@pytest.mark.embedded
def test_one_that_goes_wrong_holds_up_no_other_and_is_tried_again() -> None:
    for n in range(2):
        told(market.project(number=f"T-{n}", stage=Stage.CONTRACTED), HONEST[0], HALL)
    looks.notice(by=SYSTEM, at=START)
    Watched.objects.filter(project__number="T-0").update(state={"of": "another edition"})
    with gathering_troubles() as troubles:
        watched(START + cast.HOUR)
    assert [each.what for each in troubles] == ["T-0"]
    assert set(Alert.objects.values_list("subject", flat=True)) == {"project/T-1"}
    Watched.objects.filter(project__number="T-0").update(state={})
    watched(START + cast.HOUR + looks.AGAIN)
    assert set(Alert.objects.values_list("subject", flat=True)) == {"project/T-0", "project/T-1"}


def test_a_look_costs_the_same_however_many_run() -> None:
    """What is asked of the database for one new entry does not grow with what is watched; see bench monitors."""

    def asked(number: str) -> int:
        project = market.project(number=number, stage=Stage.AWARDED)
        told(project, *HONEST[:7])
        with CaptureQueriesContext(connection) as seen:
            watched(START + 4 * DAY)
        return len(seen)

    first = asked("T-1")
    rows = [
        Watched(project=market.project(number=f"W-{n}"), next_at=looks.FAR, regime="B", buyer=cast.BUYER)
        for n in range(30)
    ]
    Watched.objects.bulk_create(rows)
    assert asked("T-2") <= first
    with CaptureQueriesContext(connection) as idle:
        watched(START + 4 * DAY)
    assert len([each for each in idle if "SAVEPOINT" not in each["sql"]]) <= 5


def test_a_played_procurement_is_read_as_it_was_told() -> None:
    row = evaluation.ranked(3)
    sequenced(at=evaluation.LATER)
    watched(evaluation.LATER)
    found = Watched.objects.get(project=row.project)
    assert (found.next_what, found.state["times"]["evaluation.reported"]) == ("T07", 1)
    assert Cursor.objects.get().next > 0


@pytest.mark.embedded
def test_before_the_opening_the_monitors_know_the_same_of_one_bid_and_of_twenty() -> None:
    def world(bids: int) -> tuple[Any, ...]:
        tender = bidding_offers.open_tender()
        for n in range(bids):
            sealed_entry(f"{n}", stream=tender.project.log)
        told(tender.project, but(HONEST[0], -10 * DAY))
        before = tender.closes_at - cast.MINUTE
        sequenced(at=before)
        watched(before)
        kept = Watched.objects.values_list("seq", "state", "light", "next_at", "look_at")
        return list(kept), alerts(), list(Tally.objects.values_list()), Cursor.objects.get().next

    with transaction.atomic():
        one = world(1)
        transaction.set_rollback(True)
    assert world(20) == one
    assert one[0]


def test_a_guarantee_that_is_late_to_go_back_has_an_owner_and_is_noted_once_it_did() -> None:
    project = evaluation.opened()
    Tender.objects.update(guarantee={"amount": "20000.00", "kinds": ["transfer"], "account": None})
    Project.objects.update(stage="failed", stage_at=START)
    told(project, ("market.notice-published", {"type": "failure"}, DAY / 24))
    due = project.procedure.refund.due(START)
    for at in (START + DAY / 24, due - DAY / 24, due):
        tasks.watch(by=SYSTEM, at=at)
    alert = Alert.objects.get(kind="T21")
    assert (alert.light, alert.law, bool(alert.owner)) == (Light.RED, str(project.procedure.refund.law), True)
    assert not any(name in alert.what for name in (cast.NAMES[cast.HETAO], cast.HETAO))
    for org in (cast.HETAO, cast.YINSHAN, cast.WULIANG):
        guarantees.note_refund(project_number=project.number, org=org, on=START.date(), by=cast.OFFICER, at=due)
    tasks.watch(by=SYSTEM, at=due + DAY / 12)
    assert Alert.objects.get(kind="T21").steps.filter(step=Step.CURED).exists()
