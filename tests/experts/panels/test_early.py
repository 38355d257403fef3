"""A panel drawn before the opening: its order is fixed first, and recusals strike only once the bidders are named."""

import json

import pytest
from django.db import transaction

from draws import services as drawing
from draws.models import Draw
from draws.rules import Phase
from experts.panels import calls, early, queries, services, ties
from experts.panels.listing import still_as_committed
from experts.panels.models import Call, LeftOut, Panel, Seat, Struck
from experts.panels.rules import PanelState, SeatState
from ledger import sequencer
from ledger.events import Event
from ledger.models import Entry, Log
from ledger.services import record
from notifier import client
from rulebook.refusal import Refused
from tests import cast
from tests.cast import HOUR, NOON
from tests.make import draws
from tests.make import experts as make
from tests.make.notifier import expert_of, running

pytestmark = pytest.mark.django_db
STREAM = "project/P-1"
AVOID = {cast.HETAO: "employer-of-bidder"}


class Named(Event):
    """The opening names the bidders."""

    kind = "opening.hall-opened"


def named(stream=STREAM):
    with transaction.atomic():
        record(Named(stream=stream), at=NOON)


def public(kind):
    rows = Entry.objects.filter(log=Log.PUBLIC, kind=kind).order_by("seq")
    return [json.loads(row.event)["d"] for row in rows]


def fixed(*, seats=5, played=True):
    panel = make.called_panel(seats=seats, early=True)
    if played:
        draws.settled(Draw.objects.get(pk=panel.draw_id))
    services.seat_drawn(project_number="P-1", by=cast.SYSTEM, at=NOON)
    panel.refresh_from_db()
    return panel


def called(avoid=AVOID):
    return early.call_fixed(project_number="P-1", avoid=avoid, by=cast.SYSTEM, at=NOON)


def opened(avoid=AVOID):
    named()
    sequencer.turn(at=NOON)
    early.lapse(project_number="P-1", by=cast.SYSTEM, at=NOON)
    return called(avoid)


def test_the_order_is_fixed_and_nobody_is_seated_told_or_shown_before_the_opening():
    make.register(12)
    panel = fixed()
    draw = Draw.objects.get(pk=panel.draw_id)
    line = [*draw.result[0]["chosen"], *draw.result[0]["standby"]]

    assert panel.state == PanelState.FIXED and public("evaluation.drawn-early")[0]["draw"] == draw.pk
    assert not Seat.objects.exists() and not Call.objects.exists()
    assert called().state == PanelState.FIXED  # nothing in the log allows it
    with pytest.raises(Refused, match="panel.names-secret"):
        drawing.show_openings(draw_id=draw.pk, by=cast.SUPERVISOR, at=NOON)
    for ask in (
        lambda: client.open_list(line[0]),
        lambda: client.drawn(line),
        lambda: client.send(cid=line[0], reference="r", channel="sms", words="w"),
        lambda: client.strike(line, [], entry="{}", proof="", log=""),
    ):
        with pytest.raises(Refused, match="panel.names-secret"):  # the notifier itself says no
            ask()
    assert all(queries.invitations(make.actor(n)) == [] for n in (1, 12))
    assert client.whose([make.actor(n).person for n in range(1, 13)], line) == []
    with pytest.raises(Refused, match="panel.called"):
        make.called_panel(early=True, reason="再来一次")
    named("project/other")
    sequencer.turn(at=NOON)
    assert called().state == PanelState.FIXED  # another purchase's opening allows nothing here


def test_who_has_a_conflict_is_struck_and_the_next_in_the_fixed_order_is_asked():
    make.register(20)
    panel = fixed()
    draw = Draw.objects.get(pk=panel.draw_id)
    chosen, standby = draw.result[0]["chosen"], draw.result[0]["standby"]
    people = {row["cid"]: row["person"] for row in running().store.rows([*chosen, *standby])}
    by_person = {str(e.user.public_id): e for e in make.register(20)}
    one, two, waits = (by_person[people[cid]] for cid in (chosen[1], chosen[3], standby[0]))
    for expert in (one, waits):
        type(expert).objects.filter(pk=expert.pk).update(employer_code=cast.HETAO)
    ties.declare_tie(organisation=cast.HETAO, kind="relative", by=two.user.as_actor(), at=NOON)

    panel = opened()

    assert [s.cid for s in panel.seats.order_by("order")] == [*chosen, *standby]  # nobody's place moved
    asked = {s.cid for s in make.invited(panel)}
    assert asked == {chosen[0], chosen[2], chosen[4], standby[1], standby[2]}
    assert set(panel.seats.filter(state=SeatState.STRUCK).values_list("cid", flat=True)) == {
        chosen[1], chosen[3], standby[0],
    }  # fmt: skip
    (said,) = public("evaluation.struck")
    kept = Struck.objects.get()
    assert said["seats"] == [chosen[1], chosen[3], standby[0]] and said["commitment"] == kept.commitment
    assert [row["code"] for row in kept.rows] == ["employer-of-bidder", "declared-tie", "employer-of-bidder"]
    assert still_as_committed(kept)
    kept.rows[0]["code"] = "on-leave"
    assert not still_as_committed(kept)
    assert "tie" not in json.dumps(said) and "employer" not in json.dumps(said)
    for expert in (one, two, waits):
        assert queries.invitations(expert.user.as_actor()) == []  # who is struck is told nothing
    assert called().state == PanelState.CALLING and Struck.objects.count() == 1  # nothing twice
    for seat in make.invited(panel):
        make.answers(seat)
    gone = queries.seated("P-1")[0]
    services.recuse(seat=gone, reason="临时有事", by=make.person_of(gone), at=NOON)
    assert public("evaluation.replaced")[-1]["in"] == standby[3]
    assert len({expert_of(s).employer_code for s in make.invited(panel)}) == 1


def test_too_few_left_means_a_further_draw_with_a_reason_and_not_over_those_struck():
    make.register(6)
    panel = fixed()
    make.expert(40), make.expert(41)
    for n in (1, 2, 3):
        ties.declare_tie(organisation=cast.HETAO, kind="interest", by=make.actor(n), at=NOON)

    panel = opened()

    assert panel.state == PanelState.SHORT and len(make.invited(panel)) == 3
    with pytest.raises(Refused, match="panel.further-without-reason"):
        make.called_panel(avoid=AVOID)
    panel = make.called_panel(avoid=AVOID, reason="回避后人数不足")
    again = Draw.objects.get(pk=panel.draw_id)
    assert (again.reason, again.strata[0]["need"], len(again.pool), panel.early) == ("回避后人数不足", 2, 2, False)
    assert len(make.seated(panel)) == 5


def test_a_draw_without_a_result_at_the_opening_lapses_and_one_in_time_does_not():
    make.register(12)
    panel = fixed(played=False)
    assert panel.state == PanelState.DRAWING
    early.lapse(project_number="P-1", by=cast.SYSTEM, at=NOON)
    assert not Draw.objects.get().over  # nothing lapses before the opening

    panel = opened()

    assert (panel.state, Draw.objects.get().phase) == (PanelState.SHORT, Phase.VOID)
    assert [row["draw"] for row in public("evaluation.early-lapsed")] == [panel.draw_id]
    opened()
    assert len(public("evaluation.early-lapsed")) == 1 and not Seat.objects.exists()
    assert make.called_panel(reason="开标前未抽完").state == PanelState.DRAWING


@pytest.mark.embedded
def test_a_result_that_came_after_the_bidders_were_named_seats_nobody():
    make.register(12)
    panel = make.called_panel(early=True)
    named()
    draws.settled(Draw.objects.get(pk=panel.draw_id))
    services.seat_drawn(project_number="P-1", by=cast.SYSTEM, at=NOON)

    assert opened().state == PanelState.SHORT and not Seat.objects.exists()


@pytest.mark.embedded
def test_the_list_is_the_same_whoever_bids_and_a_lapse_of_the_notifier_strikes_nobody_twice(settings):
    make.register(12)
    make.expert(30, employer=cast.HETAO)
    panel = fixed(seats=3)
    assert len(Draw.objects.get().pool) == 13 and LeftOut.objects.get().rows == []
    here, settings.NOTIFIER = settings.NOTIFIER, "http://127.0.0.1:9"
    with pytest.raises(Refused, match="panel.notifier-silent"):
        opened()
    assert Panel.objects.get().state == PanelState.FIXED and not Seat.objects.exists()
    settings.NOTIFIER = here
    sequencer.turn(at=NOON)
    panel = called()
    assert panel.state == PanelState.CALLING and len(make.invited(panel)) == 3
    calls.carry_out(call=Call.objects.filter(channel="sms").first().pk, by=cast.SYSTEM, at=NOON + HOUR / 60)
