"""Holders confirm that they are ready; who does not is told of a day and an hour before, once."""

import json

import pytest

from accounts.models import Message
from bidding.holding.rules import Span, is_ready, span_due
from bidding.tender import queries, readiness, tasks
from bidding.tender.models import ReadinessAlarm, Tender
from proofs import statement
from rulebook.actor import SYSTEM, Role
from rulebook.refusal import Refused
from rulebook.times import iso
from tests import cast
from tests.make import accounts, bidding, holding

pytestmark = pytest.mark.django_db
DAY_BEFORE, HOUR_BEFORE = cast.NOON - 20 * cast.HOUR, cast.NOON - 30 * cast.MINUTE


def word(tender: Tender, code: str, *, at, part: str = "sheet", **changed):
    fields = {"unit": queries.unit(tender, part), "cmh": queries.committee(tender, part).cmh} | changed
    return statement.sign("rdy/1", fields, by=accounts.signer(code), ts=iso(at))


def confirmed(tender: Tender, *codes: str, at) -> None:
    for code in codes:
        readiness.confirm(statement=word(tender, code, at=at), at=at)


def test_the_spans_begin_a_day_and_an_hour_before_and_end_at_the_deadline():
    due = {left: span_due(closes_at=cast.NOON, at=cast.NOON - left) for left in (
        25 * cast.HOUR, cast.DAY, 2 * cast.HOUR, cast.HOUR, cast.MINUTE, 0 * cast.MINUTE)}  # fmt: skip
    assert list(due.values()) == [None, Span.DAY, Span.DAY, Span.HOUR, Span.HOUR, None]
    old = cast.NOON - 2 * cast.DAY
    assert is_ready(old, closes_at=cast.NOON, span=Span.DAY)
    assert not is_ready(old, closes_at=cast.NOON, span=Span.HOUR)
    assert not is_ready(None, closes_at=cast.NOON, span=Span.DAY)


def test_whoever_is_not_ready_is_told_of_to_all_concerned_once_for_each_span():
    tender = bidding.tender()
    confirmed(tender, cast.BUYER, cast.CENTRE, at=cast.NOON - 2 * cast.DAY)
    tasks.raise_alarms(by=SYSTEM, at=cast.NOON - 2 * cast.DAY)
    assert not ReadinessAlarm.objects.exists()

    for _ in range(2):
        tasks.raise_alarms(by=SYSTEM, at=DAY_BEFORE)

    assert [(row.organisation, row.span) for row in ReadinessAlarm.objects.all()] == [(cast.NOTARY, "day")]
    told = {(m.to_organisation_id, m.to_role) for m in Message.objects.filter(subject__startswith="密钥保管人未就绪")}
    assert told == {(cast.NOTARY, Role.HOLDER), (cast.BUYER, Role.OFFICER), (None, Role.SUPERVISOR)}
    confirmed(tender, cast.NOTARY, at=DAY_BEFORE)
    # What was fresh enough a day before is not any more an hour before.
    for _ in range(2):
        tasks.raise_alarms(by=SYSTEM, at=HOUR_BEFORE)
    later = ReadinessAlarm.objects.filter(span="hour").values_list("organisation", flat=True)
    assert sorted(later) == sorted([cast.BUYER, cast.CENTRE])
    assert Message.objects.filter(subject__startswith="密钥保管人未就绪").count() == 9
    tasks.raise_alarms(by=SYSTEM, at=cast.NOON)
    assert ReadinessAlarm.objects.count() == 3


def test_only_a_holders_own_fresh_word_about_this_manifest_counts():
    tender = bidding.tender()
    accounts.key(cast.BUREAU)

    def refused(code: str, said, at=DAY_BEFORE) -> None:
        with pytest.raises(Refused, match=code):
            readiness.confirm(statement=said, at=at)

    refused("ready.not-holder", word(tender, cast.BUREAU, at=DAY_BEFORE))
    refused("ready.other-manifest", word(tender, cast.NOTARY, at=DAY_BEFORE, cmh="00" * 32))
    refused("ready.other-time", word(tender, cast.NOTARY, at=DAY_BEFORE), at=HOUR_BEFORE)
    refused("ready.not-now", word(tender, cast.NOTARY, at=cast.NOON), at=cast.NOON)
    refused("statement.bad-signature", {**word(tender, cast.NOTARY, at=DAY_BEFORE), "org": cast.CENTRE})


@pytest.mark.embedded
def test_the_officer_sees_it_on_the_project_page_and_nobody_else(client):
    far = cast.NOON + 3650 * cast.DAY
    tender = bidding.tender(closes_at=far)
    page = accounts.client_of(cast.OFFICER).get(f"/projects/{tender.project.number}/").content.decode()
    assert page.count("最近确认") == 3
    for other in (cast.STRANGER, cast.PROVIDER, cast.OTHER_OFFICER):
        assert "最近确认" not in accounts.client_of(other).get(f"/projects/{tender.project.number}/").content.decode()
    desk = accounts.client_of(holding.keeper(cast.NOTARY)).get("/holders/desk/").content.decode()
    assert "七天内没有要开启的项目" in desk
    body = json.dumps(word(tender, cast.NOTARY, at=cast.NOON))
    assert client.post("/api/holders/ready", body, content_type="application/json").status_code == 422
