"""A purchase that comes to nothing while its hall is open: what is sealed stays sealed, and nothing goes on."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from bidding.opening import causes, conducting, queries, reading, services, unsealing
from bidding.opening.models import OpeningUnit
from bidding.opening.tasks import advance_openings
from bidding.submission.models import Bid
from bidding.tender.models import Tender
from ledger.queries import entries_after
from market.notices import services as notices
from market.projects import queries as projects
from rulebook.refusal import Kind, Reason, Refused
from tests.cast import HETAO, HOUR, MINUTE, NOON, OFFICER, SUPERVISOR, SYSTEM, WULIANG, YINSHAN
from tests.make import bidding_offers as make
from tests.make.bidding import HOLDERS
from tests.make.market import NUMBER

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]
LATER = NOON + 2 * MINUTE
OVER = NOON + 32 * MINUTE  # the bidders' turn, and its drain
TURNS = ("bidders", "holders", "rescue", "causes", "record")


def played_to(turn: str) -> tuple[Tender, datetime]:
    """A hall in this turn, and the hour it then is."""
    if turn == "causes":
        tender = make.open_hall(4)
        make.halves_released(tender, [HETAO, YINSHAN, WULIANG])
        advance_openings(by=SYSTEM, at=OVER)
        make.keys_released(tender, at=OVER)
        return tender, OVER
    if turn == "record":
        return make.read_out_tender(), LATER
    tender = make.open_hall()
    if turn == "bidders":
        return tender, LATER
    make.halves_released(tender, at=LATER)
    if turn == "holders":
        return tender, LATER
    make.keys_released(tender, HOLDERS[:1], at=LATER)
    advance_openings(by=SYSTEM, at=LATER + 31 * MINUTE)
    return tender, LATER + 31 * MINUTE


def cancelled(*, at: datetime) -> None:
    notices.cancel(number=NUMBER, reasons=(Reason("x", Kind.NOT_NOW, "采购任务取消"),), by=OFFICER, at=at)


def refused(act: Callable[..., Any], **said: Any) -> str:
    with pytest.raises(Refused) as told:
        act(**said)
    return told.value.reasons[0].code


def recorded() -> list[str]:
    return [entry.kind for entry in entries_after(f"project/{NUMBER}")]


def opened() -> int:
    return OpeningUnit.objects.exclude(verdict="").count()


@pytest.mark.parametrize("turn", TURNS)
def test_nothing_is_released_led_or_ended_in_the_hall_of_a_cancelled_purchase(turn):
    tender, at = played_to(turn)
    assert queries.stand(projects.hold_published(NUMBER), at=at).act == turn
    said = {
        "bidders": lambda: [make.half(tender, HETAO, "sheet", at=at)],
        "holders": lambda: [make.key(tender, HOLDERS[0], bid, at=at) for bid in Bid.objects.all()],
        "rescue": lambda: [make.rescue(tender, HETAO, "sheet", at=at)],
    }.get(turn, list)()
    cancelled(at=at)
    before = recorded(), opened()
    host = {"project_number": NUMBER, "by": OFFICER, "at": at}

    for one in said:
        assert refused(make.heard, tender=tender, statements=[one], at=at) == "hall.over"
    assert refused(conducting.pause, reason="网络故障", **host) == "hall.over"
    if turn == "record":
        assert refused(reading.start, seconds=5, **host) == "hall.over"
        assert refused(services.close_hall, **host) == "hall.over"
    else:
        assert refused(conducting.extend, minutes=5, reason="网络故障", **host) == "hall.over"
    if turn == "causes":
        stated = {"bidder": "langshan", "cause": "bidder", "reason": "未到场"}
        assert refused(causes.state_cause, **stated, **host) == "hall.over"
        assert refused(causes.rule_on_cause, **stated, **host | {"by": SUPERVISOR}) == "hall.over"
    assert (recorded(), opened()) == before


@pytest.mark.parametrize("turn", TURNS)
def test_the_clock_passes_it_by(turn):
    _, at = played_to(turn)
    cancelled(at=at)
    before = recorded(), opened()

    advance_openings(by=SYSTEM, at=at + 5 * HOUR)

    assert (recorded(), opened()) == before


def test_a_turn_is_not_ended_where_the_purchase_was_cancelled_since_the_clock_looked():
    _, at = played_to("bidders")
    cancelled(at=at)

    assert refused(services.end_bidders_turn, project_number=NUMBER, by=SYSTEM, at=at + HOUR) == "hall.over"


def test_no_cause_is_settled_where_the_purchase_was_cancelled_since_the_clock_looked():
    _, at = played_to("causes")
    cancelled(at=at)

    assert refused(causes.settle, project_number=NUMBER, by=SYSTEM, at=at + HOUR) == "hall.over"


def test_no_envelope_is_opened_where_the_purchase_is_cancelled_since_the_clock_looked():
    tender, at = played_to("holders")
    for holder in HOLDERS[:2]:
        make.heard(tender, [make.key(tender, holder, bid, at=at) for bid in Bid.objects.all()], at=at)
    cancelled(at=at)

    assert unsealing.unseal(project_number=NUMBER, by=SYSTEM, at=at) == 0
    assert (opened(), "opening.verdict" in recorded()) == (0, False)


def test_what_was_opened_while_the_purchase_was_cancelled_is_told_to_nobody(monkeypatch):
    tender, at = played_to("holders")
    for holder in HOLDERS[:2]:
        make.heard(tender, [make.key(tender, holder, bid, at=at) for bid in Bid.objects.all()], at=at)
    write_down = unsealing._write_down

    def late(*args: Any, **said: Any) -> int:
        cancelled(at=at)
        return write_down(*args, **said)

    monkeypatch.setattr(unsealing, "_write_down", late)

    assert unsealing.unseal(project_number=NUMBER, by=SYSTEM, at=at) == 0
    assert (opened(), "opening.verdict" in recorded()) == (0, False)


def test_a_paused_hall_of_a_cancelled_purchase_does_not_go_on():
    _, at = played_to("bidders")
    conducting.pause(project_number=NUMBER, reason="网络故障", by=OFFICER, at=at)
    cancelled(at=at)

    assert refused(conducting.resume, project_number=NUMBER, by=OFFICER, at=at) == "hall.over"


@pytest.mark.parametrize("turn", TURNS)
def test_its_page_says_so(turn, client: Client):
    _, at = played_to(turn)
    cancelled(at=at)

    page = client.get(f"/projects/{NUMBER}/hall/").content.decode()

    assert "本项目已终止" in page and "终止公告" in page
    assert "countdown" not in page
