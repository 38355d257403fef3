"""Holding the hall and its clock: one host at a time, pauses, more time and outages, for all alike."""

from dataclasses import replace
from typing import Any

import pytest
from django.test import Client

from accounts.models import Message
from bidding.opening import conduct, conducting, hosting, rules, services
from bidding.opening.models import HostLease, Opening
from bidding.opening.rules import Act, Facts
from bidding.opening.tasks import advance_openings
from ledger.models import Entry
from proofs import canonical
from rulebook import clock
from rulebook.refusal import Refused
from tests import cast
from tests.cast import (
    APPROVER,
    BUYER,
    HETAO,
    MINUTE,
    NOON,
    OFFICER,
    OPERATOR,
    OTHER_OFFICER,
    PROVIDER,
    SUPERVISOR,
    SYSTEM,
    WITNESS,
)
from tests.make import accounts
from tests.make import bidding_offers as make
from tests.make.market import NUMBER

pytestmark = pytest.mark.embedded

OPENED = NOON + MINUTE
LATER = NOON + 2 * MINUTE
HALL = f"/projects/{NUMBER}/hall/"
TURN = Facts(act=Act.BIDDERS, hosts=frozenset({BUYER}), bidders=frozenset({HETAO}), turn_ends=NOON + 30 * MINUTE)
HELD = replace(TURN, held_by=OFFICER.person, host_name=OFFICER.name)


def told(kind: str) -> list[dict[str, Any]]:
    found = Entry.objects.filter(stream=f"project/{NUMBER}", kind=kind).order_by("seq")
    return [canonical.parse(entry.event.encode())["d"] for entry in found]


def codes(reasons: Any) -> list[str]:
    return [reason.code for reason in reasons]


def refused(act: Any, **fields: Any) -> str:
    with pytest.raises(Refused) as why:
        act(project_number=NUMBER, **fields)
    return why.value.reasons[0].code


def test_host_and_supervisor_pause_and_the_supervisors_order_stands():
    for by in (OTHER_OFFICER, PROVIDER, WITNESS, OPERATOR):
        assert codes(conduct.why_not_pause(TURN, by=by)) == ["hall.not-in-charge"]
    assert conduct.why_not_pause(TURN, by=OFFICER) == conduct.why_not_pause(TURN, by=SUPERVISOR) == ()
    by_host, ordered = (replace(TURN, paused=True, paused_by=side) for side in (conduct.HOST, conduct.SUPERVISOR))
    assert codes(conduct.why_not_pause(by_host, by=SUPERVISOR)) == ["hall.paused"]
    assert conduct.why_not_resume(by_host, by=OFFICER) == conduct.why_not_resume(ordered, by=SUPERVISOR) == ()
    assert codes(conduct.why_not_resume(ordered, by=OFFICER)) == ["hall.paused-by-supervisor"]
    assert codes(conduct.why_not_resume(TURN, by=SUPERVISOR)) == ["hall.not-paused"]
    assert codes(conduct.why_not_pause(replace(TURN, act=Act.CLOSED), by=SUPERVISOR)) == ["hall.not-open"]


def test_whoever_does_not_hold_the_hall_waits_and_the_supervisor_does_not():
    assert conduct.why_not_take(TURN, by=APPROVER) == conduct.why_not_take(HELD, by=OFFICER) == ()
    assert codes(conduct.why_not_take(HELD, by=APPROVER)) == ["hall.held"]
    assert codes(conduct.why_not_take(HELD, by=OTHER_OFFICER)) == ["hall.not-officer"]
    assert codes(conduct.why_not_take(replace(TURN, act=Act.WAITING), by=OFFICER)) == ["hall.not-open"]
    assert codes(conduct.why_not_pause(HELD, by=APPROVER)) == ["hall.held"]
    assert codes(rules.why_not_answer(HELD, by=APPROVER, answered=False)) == ["hall.held"]
    assert conduct.why_not_pause(HELD, by=SUPERVISOR) == ()


@pytest.mark.parametrize(
    ("facts", "minutes", "code"),
    [
        (TURN, 10, None),
        (TURN, 0, "hall.extension-length"),
        (TURN, 241, "hall.extension-length"),
        (replace(TURN, turn_ends=LATER), 10, "hall.turn-over"),
        (replace(TURN, paused=True), 10, "hall.paused"),
        (replace(TURN, act=Act.RECORD), 10, "hall.not-this-turn"),
        (HELD, 10, None),
    ],
)
def test_a_turn_is_extended_while_it_runs(facts, minutes, code):
    found = codes(conduct.why_not_extend(facts, by=OFFICER, minutes=minutes, at=LATER))

    assert found == ([code] if code else [])
    assert codes(conduct.why_not_extend(facts, by=SUPERVISOR, minutes=minutes, at=LATER)) == ["hall.not-officer"]


def test_an_outage_is_reported_by_those_whose_duty_it_is_once_and_when_it_is_over():
    def why(by: Any = OPERATOR, *, since: Any = OPENED, until: Any = LATER, known: bool = False) -> list[str]:
        outage = conduct.Outage(since, until, begins=OPENED)
        return codes(conduct.why_not_report_incident(TURN, by=by, outage=outage, known=known, at=LATER))

    assert why() == why(SUPERVISOR) == []
    assert why(OFFICER) == why(PROVIDER) == ["incident.not-yours"]
    assert why(since=LATER) == why(until=LATER + MINUTE) == why(since=LATER - 73 * 60 * MINUTE) == ["incident.interval"]
    assert why(since=OPENED - MINUTE) == ["incident.before"]
    assert why(known=True) == ["incident.known"]


def test_and_lengthens_something_when_a_second_person_confirms_it():
    def why(by: Any = SUPERVISOR, *, told: bool = True, **facts: Any) -> list[str]:
        outage = conduct.Outage(facts.pop("since", OPENED), LATER, begins=OPENED) if told else None
        given = {"reporter": OPERATOR.person, "confirmed": False, **facts}
        return codes(conduct.why_not_confirm_incident(TURN, by=by, outage=outage, at=LATER, **given))

    assert why() == why(replace(OPERATOR, person="another")) == []
    assert why(OPERATOR) == ["incident.same-person"]
    assert why(OFFICER) == ["incident.not-yours"]
    assert why(told=False) == ["incident.unknown"]
    assert why(confirmed=True) == ["incident.confirmed"]
    assert why(since=OPENED - MINUTE) == ["incident.before"]


def outage(number: str, since: Any, until: Any, *, at: Any) -> None:
    """Reported by the operator, confirmed by the supervisor."""
    told = {"project_number": NUMBER, "number": number, "at": at}
    conducting.report_incident(since=since, until=until, cause="机房断电", by=OPERATOR, **told)
    conducting.confirm_incident(by=SUPERVISOR, **told)


@pytest.mark.django_db
def test_more_time_is_more_time_for_everybody():
    tender = make.open_hall()
    conducting.extend(project_number=NUMBER, minutes=10, reason="网络拥塞", by=OFFICER, at=LATER)
    outage("GZ-1", OPENED, LATER, at=LATER)

    assert Opening.objects.get().turn_ends == OPENED + 41 * MINUTE
    assert told("opening.extended")[0]["window_ends"] == "2026-11-24T04:41:00.000000Z"
    assert told("opening.incident")[0]["window_ends"] == "2026-11-24T04:42:00.000000Z"
    advance_openings(by=SYSTEM, at=OPENED + 40 * MINUTE)
    assert not told("opening.bidders-done")
    make.heard(tender, [make.half(tender, HETAO, "sheet", at=LATER)], at=OPENED + 40 * MINUTE)
    advance_openings(by=SYSTEM, at=OPENED + 42 * MINUTE)
    assert len(told("opening.bidders-done")) == 1
    assert refused(
        conducting.report_incident, number="GZ-1", since=OPENED, until=LATER, cause="x", by=OPERATOR, at=LATER
    ) == "incident.known"  # fmt: skip


@pytest.mark.django_db
def test_a_bidder_absent_in_an_outage_has_the_evidence_for_him():
    tender = make.open_hall(4)
    outage("GZ-2", OPENED, LATER, at=LATER)
    over = OPENED + 33 * MINUTE
    make.halves_released(tender, [HETAO, cast.YINSHAN, cast.WULIANG])
    advance_openings(by=SYSTEM, at=over)
    make.keys_released(tender, at=over)
    advance_openings(by=SYSTEM, at=over + 11 * MINUTE)

    [decided] = told("opening.cause-decided")
    assert (decided["org"], decided["outcome"], decided["how"]) == (cast.LANGSHAN, "withdrawn", "evidence")


@pytest.mark.django_db
def test_the_hall_has_one_host_until_he_is_gone_or_hands_it_over():
    for person in (OFFICER, APPROVER):
        accounts.user(person)
    make.open_hall()
    assert [one["host"] for one in told("opening.host-took")] == [OFFICER.name]

    assert refused(hosting.take, by=APPROVER, at=OPENED + MINUTE / 2) == "hall.held"
    assert refused(conducting.pause, reason="x", by=APPROVER, at=OPENED + MINUTE / 2) == "hall.held"
    assert hosting.stay(project_number=NUMBER, by=OFFICER, at=OPENED + MINUTE / 2)
    assert not hosting.stay(project_number=NUMBER, by=APPROVER, at=OPENED + MINUTE / 2)
    assert refused(hosting.take, by=APPROVER, at=OPENED + MINUTE) == "hall.held"

    hosting.take(project_number=NUMBER, by=APPROVER, at=OPENED + 2 * MINUTE)
    assert not hosting.stay(project_number=NUMBER, by=OFFICER, at=OPENED + 2 * MINUTE)
    for to in (cast.OTHER_OFFICER.person, APPROVER.person, "nobody"):
        assert refused(hosting.hand_over, to=to, by=APPROVER, at=OPENED + 2 * MINUTE) == "hall.no-such-officer"
    assert refused(hosting.hand_over, to=OFFICER.person, by=OFFICER, at=OPENED + 2 * MINUTE) == "hall.held"
    hosting.hand_over(project_number=NUMBER, to=OFFICER.person, by=APPROVER, at=OPENED + 2 * MINUTE)
    conducting.pause(project_number=NUMBER, reason="核对", by=OFFICER, at=OPENED + 2 * MINUTE)

    says = [(one["host"], one["was"], one["handed"]) for one in told("opening.host-took")]
    first, second = OFFICER.name, APPROVER.name
    assert says == [(first, "", False), (second, first, False), (first, second, True)]
    assert HostLease.objects.count() == 1


@pytest.mark.django_db
def test_a_pause_by_the_host_freezes_what_is_left_and_the_page_says_who_may_do_what(monkeypatch):
    for person in (OFFICER, APPROVER):
        accounts.user(person)
    make.open_hall()
    clock.forget()
    monkeypatch.setattr(clock, "system", lambda: LATER)
    host, second = accounts.client_of(OFFICER), accounts.client_of(APPROVER)
    assert host.post(f"{HALL}host").status_code == 302
    seen = second.get(HALL).content.decode()
    assert f"大厅现由 {OFFICER.name} 主持" in seen
    assert 'data-renew="0"' in seen
    assert 'data-renew="20"' in host.get(HALL).content.decode()
    assert second.post(f"{HALL}pause", {"reason": "x"}).status_code == 409
    assert host.post(f"{HALL}host/stay").json() == {"mine": True}
    assert host.post(f"{HALL}extend", {"minutes": "abc", "reason": "x"}).status_code == 422
    assert host.post(f"{HALL}extend", {"minutes": "5", "reason": "网络拥塞"}).status_code == 302
    assert host.post(f"{HALL}pause", {"reason": "核对名单"}).status_code == 302
    assert "恢复开标" in host.get(HALL).content.decode()
    assert host.post(f"{HALL}resume").status_code == 302
    assert host.post(f"{HALL}host/hand-over", {"to": APPROVER.person}).status_code == 302
    incident = {"number": "GZ-3", "since": "2026-11-24T12:01:00", "until": "2026-11-24T12:02:00", "cause": "断网"}
    assert host.post(f"{HALL}incident", incident).status_code == 403
    assert accounts.client_of(OPERATOR).post(f"{HALL}incident", incident).status_code == 302
    supervisor = accounts.client_of(SUPERVISOR)
    assert supervisor.post(f"{HALL}incident", {"number": "1"}).status_code == 422
    assert "待确认的平台故障 GZ-3" in supervisor.get(HALL).content.decode()
    assert accounts.client_of(OPERATOR).post(f"{HALL}incident/confirm", {"number": "GZ-3"}).status_code == 403
    assert not told("opening.incident")
    assert supervisor.post(f"{HALL}incident/confirm", {"number": "GZ-3"}).status_code == 302
    assert "待确认的平台故障" not in supervisor.get(HALL).content.decode()

    seen = Client().get(HALL).content.decode()
    assert "主持人对所有人延长本环节 5 分钟" in seen
    assert f"{OFFICER.name} 将大厅移交 {APPROVER.name} 主持" in seen
    assert "平台故障 GZ-3（12:01:00 至 12:02:00，断网）" in seen
    assert f"主持人：{APPROVER.name}" in seen
    assert 'id="hall-controls"' not in seen
    with pytest.raises(Refused):
        services.close_hall(project_number=NUMBER, by=OFFICER, at=LATER)


@pytest.mark.django_db
def test_an_outage_before_the_deadline_moves_it_for_everybody_by_an_announced_correction():
    tender = make.open_tender()
    at = NOON - MINUTE
    told_of = {"project_number": NUMBER, "until": at, "cause": "机房断电", "at": at}
    conducting.report_incident(number="GZ-9", since=at - 30 * MINUTE, by=OPERATOR, **told_of)
    assert not told("tender.deadline-moved")
    assert {message.to_role for message in Message.objects.all()} == {"supervisor", "operator"}
    conducting.confirm_incident(project_number=NUMBER, number="GZ-9", by=SUPERVISOR, at=at)

    for by, number, since, code in (
        (OPERATOR, "GZ-10", at - 10 * MINUTE, "incident.counted"),
        (OFFICER, "", at - 10 * MINUTE, "incident.not-yours"),
        (OPERATOR, " ", at - 40 * MINUTE, "incident.counted"),
        (OPERATOR, "GZ-11", tender.project.published_at - MINUTE, "incident.(before|interval)"),
    ):
        with pytest.raises(Refused, match=code):
            conducting.report_incident(number=number, since=since, by=by, **told_of)
    assert refused(conducting.confirm_incident, number="GZ-9", by=SUPERVISOR, at=at) == "incident.confirmed"
    [moved] = told("tender.deadline-moved")
    notice = tender.project.notices.order_by("number").last()
    assert (moved["was"], moved["deadline"]) == ("2026-11-24T04:00:00.000000Z", "2026-11-24T04:30:00.000000Z")
    assert moved["sha256"] == notice.sha256
    assert "平台故障 GZ-9" in notice.text
    tender.refresh_from_db()
    make.sealed_bid(tender, at=NOON + 29 * MINUTE)
    assert not told("opening.incident")
