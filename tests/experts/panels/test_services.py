import hashlib
import hmac
import json

import pytest

from accounts.models import Message
from draws import services as drawing
from draws.models import Draw
from draws.rules import Phase
from experts.panels import calls, queries, services, ties
from experts.panels.eligibility import LOAD
from experts.panels.listing import still_as_committed
from experts.panels.models import Call, LeftOut, Panel, Seat
from experts.panels.rules import PanelState, SeatState
from experts.panels.tasks import call_drawn
from ledger.models import Entry, Log
from rulebook.refusal import Refused
from tests import cast
from tests.cast import HOUR, NOON
from tests.make import accounts, draws
from tests.make import experts as make
from tests.make.notifier import expert_of, left_out

pytestmark = [pytest.mark.embedded, pytest.mark.django_db]


def public(kind):
    rows = Entry.objects.filter(log=Log.PUBLIC, kind=kind).order_by("seq")
    return [json.loads(row.event)["d"] for row in rows]


def test_the_pool_leaves_out_conflicts_leave_and_bars_each_with_its_reason():
    make.register(12)
    make.expert(20, employer=cast.BUYER)
    make.expert(21, employer=cast.HETAO)
    make.expert(22, specialties=["C-law"])

    make.called_panel(avoid={cast.BUYER: "employer-of-buyer", cast.HETAO: "employer-of-bidder"})

    assert left_out() == {"expert-020": "employer-of-buyer", "expert-021": "employer-of-bidder"}
    assert len(Draw.objects.get().pool) == 12


def test_the_pool_is_masked_and_the_masks_open_to_numbers_and_employers():
    make.register(12)
    make.called_panel()

    draw = Draw.objects.get()
    shown = drawing.show_openings(draw_id=draw.pk, by=cast.SUPERVISOR, at=NOON)
    behind = {row["cid"]: row for row in shown}
    for row in draw.pool:
        told = behind[row["cid"]]
        for salt, value, mask in (("salt", "number", "cid"), ("employer_salt", "employer", "org")):
            said = hmac.new(bytes.fromhex(told[salt]), told[value].encode(), hashlib.sha256).hexdigest()
            assert said == row[mask]
    assert len({row["number"] for row in shown}) == 12 and draw.openings == []
    make.drawn_panel(Panel.objects.get())
    with pytest.raises(Refused, match="panel.names-secret"):
        drawing.show_openings(draw_id=draw.pk, by=cast.SUPERVISOR, at=NOON)


def test_two_of_one_employer_share_a_mask_and_only_one_sits():
    for n in range(1, 16):
        make.expert(n, employer=f"house-{n // 2}")
    panel = make.called_panel()
    assert len({row["org"] for row in Draw.objects.get().pool}) == 8

    members = make.seated(panel)

    assert len({expert_of(s).employer_code for s in members}) == 5


def test_too_few_eligible_is_refused_and_nothing_is_announced():
    make.register(4)
    with pytest.raises(Refused, match="panel.list-too-short"):
        make.called_panel()

    assert not Panel.objects.exists() and not Draw.objects.exists() and not public("draw.announced")


def test_the_chosen_are_invited_in_the_drawn_order_without_the_projects_name():
    make.register()
    panel = make.drawn_panel(make.called_panel(number="P-777"))

    chosen = Draw.objects.get().result[0]["chosen"]
    assert [s.cid for s in make.invited(panel)] == chosen
    assert all(s.panel.project_number not in calls.words_of(s) for s in make.invited(panel))
    assert not Message.objects.exists()


def test_seating_what_was_drawn_twice_invites_nobody_twice():
    make.register()
    panel = make.drawn_panel(make.called_panel())
    services.seat_drawn(project_number=panel.project_number, by=cast.SYSTEM, at=NOON)

    assert Call.objects.count() == 15 and Seat.objects.count() == 15


@pytest.mark.both
def test_a_decline_calls_the_next_standby_and_is_logged_by_masked_ids():
    make.register()
    panel = make.drawn_panel(make.called_panel())
    gone = make.invited(panel)[2]

    make.answers(gone, accepts=False)

    following = Draw.objects.get().result[0]["standby"][0]
    assert public("evaluation.replaced") == [
        {"stream": "project/P-1", "seq": public("evaluation.replaced")[0]["seq"], "out": gone.cid, "in": following,
         "reason": "declined"}
    ]  # fmt: skip
    assert Seat.objects.get(cid=following).state == SeatState.INVITED


def test_no_answer_in_time_calls_the_next_standby():
    make.register()
    panel = make.drawn_panel(make.called_panel())
    for seat in make.invited(panel)[:4]:
        make.answers(seat)

    call_drawn(by=cast.SYSTEM, at=NOON + HOUR)
    call_drawn(by=cast.SYSTEM, at=NOON + HOUR)

    assert [e["reason"] for e in public("evaluation.replaced")] == ["no-answer"]
    assert len(make.invited(panel)) == 1


def test_the_answer_is_too_late_at_the_minute_itself():
    make.register()
    panel = make.drawn_panel(make.called_panel())
    seat = make.invited(panel)[0]

    with pytest.raises(Refused, match="invitation.too-late"):
        make.answers(seat, at=NOON + make.ANSWER_WITHIN)


def test_answering_the_same_twice_changes_nothing_and_otherwise_is_refused():
    make.register()
    panel = make.drawn_panel(make.called_panel())
    seat = make.invited(panel)[0]
    make.answers(seat)

    make.answers(seat)

    with pytest.raises(Refused, match="invitation.answered"):
        make.answers(seat, accepts=False)
    assert not public("evaluation.replaced")


def test_nobody_answers_for_another():
    make.register()
    panel = make.drawn_panel(make.called_panel())
    mine, other = make.invited(panel)[:2]

    for stranger in (make.person_of(other), cast.OFFICER, cast.STRANGER):
        with pytest.raises(Seat.DoesNotExist):
            services.answer(invitation=mine.public_id, accepts=True, by=stranger, at=NOON)


def test_standbys_do_not_learn_that_they_wait():
    make.register()
    panel = make.drawn_panel(make.called_panel())
    waiting = panel.seats.filter(state=SeatState.STANDBY).first()

    assert queries.invitations(make.person_of(waiting)) == []
    with pytest.raises(Seat.DoesNotExist):
        queries.invitation(waiting.public_id, make.person_of(waiting))


def test_five_accepted_are_seated_and_the_public_list_is_sorted():
    panel = make.seated_panel()

    assert panel.state == PanelState.SEATED
    members = queries.seated("P-1")
    assert [s.seat_no for s in members] == [1, 2, 3, 4, 5]
    (said,) = public("evaluation.seated")
    assert said["seats"] == sorted(s.cid for s in members)


def test_seat_numbers_do_not_follow_the_drawn_order():
    orders = set()
    for n in range(12):
        panel = make.seated_panel(number=f"P-{n}")
        orders.add(
            tuple(panel.seats.filter(state=SeatState.SEATED).order_by("order").values_list("seat_no", flat=True))
        )

    assert len(orders) > 1


@pytest.mark.both
def test_a_recusal_calls_the_next_standby_who_takes_the_free_number():
    panel = make.seated_panel()
    gone = queries.seated("P-1")[1]

    services.recuse(seat=gone, reason="曾任职于投标人", by=make.person_of(gone), at=NOON)

    panel.refresh_from_db()
    assert panel.state == PanelState.CALLING
    (following,) = make.invited(panel)
    assert following.cid == Draw.objects.get().result[0]["standby"][0]
    make.answers(following)
    assert Seat.objects.get(pk=following.pk).seat_no == gone.seat_no
    assert len(public("evaluation.seated")) == 2
    assert "曾任职于投标人" not in " ".join(Entry.objects.filter(log=Log.PUBLIC).values_list("event", flat=True))


@pytest.mark.parametrize("by, reason, code", [
    (cast.OFFICER, "x", "seat.not-own"), (None, " ", "seat.reason-missing"), (None, "长" * 501, "seat.reason-missing"),
])  # fmt: skip
def test_a_recusal_is_refused_when(by, reason, code):
    make.seated_panel()
    seat = queries.seated("P-1")[0]

    with pytest.raises(Refused, match=code):
        services.recuse(seat=seat, reason=reason, by=by or make.person_of(seat), at=NOON)


def test_the_supervision_body_may_excuse_a_member():
    make.seated_panel()
    seat = queries.seated("P-1")[0]

    assert services.recuse(seat=seat, reason="突发疾病", by=cast.SUPERVISOR, at=NOON).state == SeatState.RECUSED


@pytest.mark.both
def test_when_nobody_is_left_a_further_draw_needs_a_reason_and_leaves_out_whoever_was_drawn():
    make.register(6)
    panel = make.drawn_panel(make.called_panel())
    for seat in make.invited(panel):
        make.answers(seat, accepts=False)
    panel.refresh_from_db()
    assert panel.state == PanelState.SHORT
    make.register(30)

    with pytest.raises(Refused, match="panel.further-without-reason"):
        make.called_panel()
    panel = make.called_panel(reason="候补已用尽")

    assert panel.draw_id == "P-1/panel/2"
    before = {expert_of(seat).number for seat in panel.seats.all()}
    again = Draw.objects.get(pk=panel.draw_id)
    shown = drawing.show_openings(draw_id=again.pk, by=cast.SUPERVISOR, at=NOON)
    assert len(shown) == 24 and not before & {row["number"] for row in shown}
    assert again.strata[0]["need"] == 4  # one standby of the first draw is still being asked
    make.drawn_panel(panel)
    for seat in make.invited(panel):
        make.answers(seat)
    panel.refresh_from_db()
    assert panel.state == PanelState.SEATED and len(queries.seated("P-1")) == 5


def test_a_panel_is_not_called_again_while_there_is_one():
    make.seated_panel()

    with pytest.raises(Refused, match="panel.called"):
        make.called_panel(reason="换人")


@pytest.mark.both
def test_a_void_draw_leaves_the_panel_short_and_it_can_be_drawn_again_with_a_reason():
    make.register()
    panel = make.called_panel()
    call_drawn(by=cast.SYSTEM, at=NOON)
    Draw.objects.filter(pk=panel.draw_id).update(phase=Phase.VOID)

    call_drawn(by=cast.SYSTEM, at=NOON)

    panel = make.called_panel(reason="上一次抽取作废")
    assert len(make.seated(panel)) == 5


def test_a_draw_played_by_contributors_of_another_draw_changes_nothing_here():
    make.register()
    first, second = make.called_panel(), make.called_panel(number="P-2")
    draws.settled(Draw.objects.get(pk=second.draw_id))
    call_drawn(by=cast.SYSTEM, at=NOON)

    first.refresh_from_db()
    assert first.state == PanelState.DRAWING and not first.seats.exists()


@pytest.mark.both
def test_the_owners_representative_sits_beside_the_drawn_and_another_is_named_when_he_leaves():
    make.register()
    for n in (90, 91, 92):
        make.expert(n, employer=cast.BUYER)
    panel = make.called_panel(seats=4, representatives=("expert-090",), avoid={cast.BUYER: "employer-of-buyer"})
    assert queries.may_represent(cast.BUYER, ["expert-090", "expert-091", "expert-001"], project_number="P-1") == {
        "expert-091"
    }
    make.seated(panel)

    panel.refresh_from_db()
    (own,) = queries.owners(queries.seated("P-1"))
    mine = panel.seats.get(pk=own)
    assert (panel.state, expert_of(mine).number, len(queries.seated("P-1"))) == (PanelState.SEATED, "expert-090", 5)
    assert public("evaluation.representatives-named")[0]["seats"] == [mine.cid]

    services.recuse(seat=mine, reason="外出", by=make.person_of(mine), at=NOON)
    panel.refresh_from_db()
    assert panel.state == PanelState.SHORT
    with pytest.raises(Refused, match="panel.representatives-wanted"):
        make.called_panel(reason="补一位")
    make.called_panel(reason="补一位", representatives=("expert-091",))

    panel.refresh_from_db()
    (again,) = queries.owners(queries.seated("P-1"))
    seat_no = panel.seats.get(pk=again).seat_no
    assert (panel.state, seat_no, Draw.objects.count()) == (PanelState.SEATED, mine.seat_no, 1)
    assert len(public("evaluation.seated")) == 2


@pytest.mark.both
def test_ties_and_too_many_panels_keep_from_the_list_and_all_of_it_is_committed_before_anybody_contributes():
    make.register(14)
    tied, busy = make.actor(13), make.expert(14)
    ties.declare_tie(organisation=cast.HETAO, kind="relative", by=tied, at=NOON)
    ties.declare_tie(organisation=cast.BUYER, kind="interest", by=make.actor(12), at=NOON)
    ties.end_tie(organisation=cast.BUYER, by=make.actor(12), at=NOON)
    for n in range(LOAD.most):
        earlier = Panel.objects.create(project_number=f"E-{n}", stream="x", size=1, strata=[], max_per_org=1,
                                       answer_seconds=1, state="seated", draw_id="", called_at=NOON)  # fmt: skip
        Seat.objects.create(panel=earlier, stratum="A-it", order=1, cid=f"{n}", expert=busy, state="seated",
                            seat_no=1, answered_at=NOON - HOUR)  # fmt: skip

    panel = make.called_panel(avoid={cast.HETAO: "employer-of-bidder", cast.BUYER: "employer-of-buyer"})

    assert left_out() == {"expert-013": "declared-tie", "expert-014": "too-many-panels"}
    kept = LeftOut.objects.get()
    assert still_as_committed(kept)
    (said,) = public("evaluation.left-out")
    assert said["commitment"] == kept.commitment and said["draw"] == panel.draw_id
    assert "expert-013" not in json.dumps(said)
    for other in ({"code": "on-leave"}, {"cid": "00" * 32}):
        changed = LeftOut(**{name: getattr(kept, name) for name in ("draw_id", "salt", "commitment")},
                          rows=[{**kept.rows[0], **other}, *kept.rows[1:]])  # fmt: skip
        assert not still_as_committed(changed)


def test_a_standby_of_an_employer_who_has_a_seat_is_passed_over():
    for n in range(1, 16):
        make.expert(n, employer=f"house-{n // 2}")
    panel = make.drawn_panel(make.called_panel())
    for _ in range(4):
        asked = make.invited(panel)
        if not asked or Panel.objects.get().state == PanelState.SHORT:
            break
        make.answers(asked[-1], accepts=False)
        employers = [expert_of(s).employer_code for s in make.invited(panel)]
        assert len(set(employers)) == len(employers)


@pytest.mark.both
def test_an_expert_declares_and_takes_back_his_ties_on_his_own_page(monkeypatch):
    monkeypatch.setattr("rulebook.clock.now", lambda: NOON)
    make.register(2)
    client, page = accounts.client_of(cast.EXPERTS[0]), "/experts/invitations/"

    client.post("/experts/ties/", {"organisation": f" {cast.HETAO} ", "kind": "relative"})
    assert cast.HETAO in client.get(page).content.decode()
    assert cast.HETAO not in accounts.client_of(cast.EXPERTS[1]).get(page).content.decode()
    assert client.post("/experts/ties/", {"organisation": "x", "kind": "y"}).status_code == 422
    assert accounts.client_of(cast.OFFICER).post("/experts/ties/", {"organisation": cast.HETAO}).status_code == 403
    client.post("/experts/ties/end/", {"organisation": cast.HETAO})

    assert cast.HETAO not in client.get(page).content.decode()
