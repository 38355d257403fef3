"""A hall of five hundred bidders: every fact that names them all fits an entry, and a line stays one that is read."""

from types import SimpleNamespace

import pytest

from bidding.evaluation.events import Qualified
from bidding.opening import events, recording
from bidding.templatetags import hall_words
from ledger.events import Event
from ledger.services import LONGEST_LEAF, in_entries, record
from tests.cast import NOON

pytestmark = pytest.mark.django_db
STREAM = "project/T-1"
ORGS = [f"91150000MA{n:08d}" for n in range(500)]
UNITS = [SimpleNamespace(bid=SimpleNamespace(part=part, eid=f"{n:032x}"))
         for n in range(500) for part in ("sheet", "body")]  # fmt: skip
NAMED = recording._named(UNITS, ("sheet", "body"))


@pytest.mark.parametrize(
    "event",
    [
        events.TechPassed(stream=STREAM, passed=ORGS),
        events.SessionOpened(stream=STREAM, session=2, closing="0" * 64, bidders=ORGS, window_ends=""),
        events.BiddersDone(stream=STREAM, released=NAMED, absent={}, releases_sha256="0" * 64),
        events.RescueDeclared(stream=STREAM, eids=[unit.bid.eid for unit in UNITS], until=""),
        events.CausesAsked(stream=STREAM, orgs=ORGS, until=""),
    ],
    ids=lambda event: event.kind,
)
def test_every_fact_about_all_of_them_fits_an_entry(event: Event) -> None:
    assert record(event, at=NOON).seq == 1


def test_a_review_with_long_reasons_is_told_in_several_entries_and_nobody_is_left_out() -> None:
    rows = [{"org": org, "name": "名" * 60, "passed": False, "reasons": ["理由" * 200]} for org in ORGS]

    told = list(in_entries(rows))
    entries = [record(Qualified(stream=STREAM, results=part), at=NOON) for part in told]

    assert [row for part in told for row in part] == rows
    assert len(entries) > 1 and all(len(entry.leaf) <= LONGEST_LEAF for entry in entries)
    assert list(in_entries([])) == [[]]


def test_a_line_names_as_many_as_can_be_read() -> None:
    assert hall_words.their_names(ORGS) == hall_words.their_names([]) == ""
    assert hall_words.their_names(ORGS[:2]) == f"：{ORGS[0]}、{ORGS[1]}"
    assert hall_words.how_many(NAMED) == 1000
