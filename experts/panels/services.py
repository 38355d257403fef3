"""Acts of a panel: call, seat what was drawn, invite, answer, recuse. Everything is logged by masked id."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from django.db import transaction

from draws import queries as draws
from draws import services as drawing
from draws.models import Draw
from draws.rules import Phase, Windows
from experts.panels import barring, calls, queries, widening
from experts.panels.events import (
    DrawnEarly,
    LeftOutCommitted,
    ListWidened,
    MemberReplaced,
    RegionWidened,
    RepresentativesNamed,
    SeatLeft,
)
from experts.panels.listing import Bans, keep_left_out, listing, masked, nobody
from experts.panels.models import Panel, Seat
from experts.panels.request import OWNER, too_short
from experts.panels.rules import (
    STANDBY_FOR_EACH,
    PanelState,
    SeatState,
    next_standby,
    why_not_answer,
    why_not_call,
    why_not_cancel,
    why_not_name_again,
    why_not_pass_over,
    why_not_recuse,
)
from experts.panels.sitting import seat_if_complete
from experts.panels.widening import why_not_region, why_not_widen, why_not_widen_region, wider
from experts.registry.models import Expert
from experts.registry.queries import parents, regions, specialties
from ledger.services import record
from notifier import client as notifier
from notifier.asking import asks_first
from rulebook.actor import Actor
from rulebook.law import Article
from rulebook.refusal import refuse_if

PURPOSE = "panel"


@asks_first
def call_panel(
    *, project_number: str, stream: str, strata: Sequence[tuple[str, int]], avoid: Mapping[str, str],
    contributors: Sequence[str], windows: Windows, answer_within: timedelta, max_per_org: int = 1, reason: str = "",
    representatives: Sequence[str] = (), venue: str = "", starts_at: datetime | None = None,
    law: Article, short_list: Article | None = None, region: str = "", widen_region: str = "", widen: str = "",
    early: bool = False, banned: Bans = nobody, by: Actor, at: datetime,
) -> Panel:  # fmt: skip
    """Announce the draw of a panel over the experts who may judge this project.

    strata: (specialty, seats).  avoid: credit code → its exclusion code.  representatives: register numbers of the
    owner's people, who are not drawn.  Called again when nobody is left to ask, it draws for the seats still wanted
    among those not drawn before, and names as many representatives as have left.
    law: on experts drawn at random.
    short_list: the article on lists that are too short.  region: whose people are drawn from first.  widen_region: why
    those of every region are where its list is too short.  widen: why near specialties stand in where one still is.
    banned: as of `listing`.  early: before the opening; then the order is fixed and `early.call_fixed` calls by it.
    Refused when there is a panel already, too few are eligible, or a further draw has no reason.
    Law: 政府采购法实施条例 第39条; 政府采购评审专家管理办法 第12条.
    """
    panel = Panel.objects.select_for_update().filter(project_number=project_number).first()
    refuse_if(why_not_call(state=PanelState(panel.state) if panel else None, reason=reason, law=law))
    if panel is not None:
        refuse_if(why_not_name_again(wanted=queries.owners_wanted(panel), named=len(representatives)))
        wanted = queries.still_wanted(panel)
        strata = [(key, wanted[key]) for key, _ in ((s["key"], s["need"]) for s in panel.strata) if key in wanted]
        region = panel.region
    else:
        refuse_if(why_not_region(region, known=regions()))
    made_of = partial(
        listing, [key for key, _ in strata], stream=stream, avoid=avoid, panel=panel, region=region, early=early, at=at,
        banned=banned,
    )  # fmt: skip
    found, everywhere = made_of(), frozenset[str]()
    fields = specialties()
    had_here = found.employers()
    if widen_region.strip():
        everywhere = widening.too_short(strata, had_here)
        refuse_if(why_not_widen_region(everywhere, region=region, reason=widen_region))
        found = made_of(everywhere=everywhere)
    had, stand_in = found.employers(), {}
    if widen.strip():
        stand_in = wider(strata, had, parents())
        refuse_if(why_not_widen(stand_in, reason=widen))
        found = made_of(everywhere=everywhere, stand_in=stand_in)
    narrow = "" if everywhere else region
    refuse_if(too_short(strata, found.employers(), fields, law=short_list, region=narrow))
    draw = None
    if strata:
        draw = drawing.announce(
            project_number=project_number, purpose=PURPOSE, stream=stream, contributors=contributors,
            strata=[
                {"key": key, "need": need, "standby": STANDBY_FOR_EACH * need, "name": fields.get(key, key)}
                for key, need in strata
            ],
            max_per_org=max_per_org, pool=found.pool, openings=[], windows=windows, reason=reason, by=by, at=at,
        )  # fmt: skip
    if panel is None:
        panel = Panel.objects.create(
            project_number=project_number, stream=stream, size=sum(need for _, need in strata) + len(representatives),
            strata=[{"key": key, "need": need} for key, need in strata], owners=len(representatives), venue=venue,
            starts_at=starts_at, max_per_org=max_per_org, answer_seconds=int(answer_within.total_seconds()),
            state=PanelState.DRAWING, draw_id=draw.id if draw else "", early=early, region=region, called_at=at,
        )  # fmt: skip
    else:
        panel.advance(PanelState.DRAWING if draw else PanelState.CALLING)
        panel.draw_id, panel.early = draw.id if draw else panel.draw_id, early
        panel.save(update_fields=["draw_id", "early"])
    kept = keep_left_out(panel, draw.id, found.out, at=at) if draw else None
    named = _name(panel, representatives, at=at)
    if draw and early:
        record(DrawnEarly(stream=stream, draw=draw.id), at=at)
    if kept and everywhere:
        rows = [{"key": key, "need": need, "had": had_here.get(key, 0)} for key, need in strata if key in everywhere]
        told = RegionWidened(stream=stream, draw=kept.draw_id, region=region, reason=widen_region.strip(), strata=rows)
        record(told, at=at)
    if kept and stand_in:
        rows = [{"key": key, "need": need, "had": had.get(key, 0), "near": sorted(stand_in[key])}
                for key, need in strata if stand_in.get(key)]  # fmt: skip
        record(ListWidened(stream=stream, draw=kept.draw_id, reason=widen.strip(), strata=rows), at=at)
    if kept:
        record(LeftOutCommitted(stream=stream, draw=kept.draw_id, commitment=kept.commitment), at=at)
    if named:
        record(RepresentativesNamed(stream=stream, seats=sorted(s.cid for s in named), reason=reason), at=at)
        if not draw:
            seat_if_complete(panel, at=at)
    return panel


def _name(panel: Panel, numbers: Sequence[str], *, at: datetime) -> list[Seat]:
    """Seats of the owner's representatives: the buyer answers for its own people, so they have accepted."""
    experts = [Expert.objects.select_related("user").get(number=number) for number in numbers]
    cids = masked(experts, stream=panel.stream)
    seats = [
        Seat.objects.create(
            panel=panel, stratum=OWNER, order=order, cid=cid, state=SeatState.ACCEPTED, invited_at=at, answered_at=at
        )
        for order, cid in enumerate(cids, start=panel.seats.count() + 1)
    ]
    if cids:
        transaction.on_commit(
            lambda: calls.tell(cids, "您已被本单位指定为本单位代表，评审小组到齐后另行通知，请登录平台查看。")
        )
    return seats


@asks_first
def seat_drawn(*, project_number: str, by: Actor, at: datetime) -> Panel:
    """Turn a settled draw into seats and invite the chosen; a void draw leaves the panel short. Does nothing twice.

    Of a draw held before the opening only the order is fixed now: there is no seat and nobody is told.
    Refused while the notifier does not answer: nobody could be called.
    """
    panel = queries.hold(project_number)
    if PanelState(panel.state) is not PanelState.DRAWING or not panel.draw_id:
        return panel  # drawn elsewhere, it waits for the buyer's signature
    draw = Draw.objects.get(pk=panel.draw_id)
    if not draw.over:
        return panel
    if Phase(draw.phase) is Phase.VOID:
        panel.advance(PanelState.SHORT)
        return panel
    result = draws.result_by_stratum(draw)
    if panel.early:
        notifier.fix(cid for drawn in result.values() for cid in [*drawn["chosen"], *drawn["standby"]])
        panel.advance(PanelState.FIXED)
        return panel
    order = panel.seats.count()
    chosen: list[Seat] = []
    notifier.drawn(cid for drawn in result.values() for cid in [*drawn["chosen"], *drawn["standby"]])
    for stratum, drawn in result.items():
        for cid in [*drawn["chosen"], *drawn["standby"]]:
            order += 1
            seat = Seat.objects.create(
                panel=panel, draw_id=draw.id, stratum=stratum, order=order, cid=cid, state=SeatState.STANDBY
            )
            if cid in drawn["chosen"]:
                chosen.append(seat)
    panel.advance(PanelState.CALLING)
    for seat in chosen:
        calls.invite(panel, seat, at=at)
    if queries.still_wanted(panel):  # somebody declined while the further draw was under way
        panel.advance(PanelState.SHORT)
    return panel


def _call_next(panel: Panel, gone: Seat, *, reason: str, at: datetime) -> None:
    """The next standby in the drawn order takes over the asking; nobody left means a further draw."""
    order = next_standby(queries.drawn(panel), stratum=gone.stratum, max_per_org=panel.max_per_org)
    following = panel.seats.get(order=order) if order is not None else None
    if PanelState(panel.state) is PanelState.SEATED:
        panel.advance(PanelState.CALLING)
    if following is not None:
        calls.invite(panel, following, at=at)
    elif PanelState(panel.state) is PanelState.CALLING:
        panel.advance(PanelState.SHORT)
    record(
        MemberReplaced(stream=panel.stream, out=gone.cid, into=following.cid if following else "", reason=reason), at=at
    )


@asks_first
def answer(*, invitation: UUID, accepts: bool, by: Actor, at: datetime) -> Seat:
    """Accept or decline one's invitation; a decline calls the next standby.

    Answering the same twice changes nothing.
    Refused when it is answered otherwise already, the time to answer is over, or a decision keeps who accepts from
    judging there: the next standby is called then, by `pass_over_barred`.
    """
    seat = queries.invitation(invitation, by)
    panel = queries.hold(seat.panel.project_number)
    seat = Seat.objects.get(pk=seat.pk)
    state = SeatState(seat.state)
    if state is (SeatState.ACCEPTED if accepts else SeatState.DECLINED) or (accepts and state is SeatState.SEATED):
        return seat
    refuse_if(why_not_answer(state=state, answer_by=seat.answer_by, at=at))
    refuse_if(barring.why_not_judge(panel.project_number, by.person, at=at) if accepts else ())
    if accepts:
        seat.advance(SeatState.ACCEPTED, at=at)
        seat_if_complete(panel, at=at)
    else:
        seat.advance(SeatState.DECLINED, at=at)
        _call_next(panel, seat, reason="declined", at=at)
    seat.refresh_from_db()
    return seat


@asks_first
def pass_over_silent(*, project_number: str, by: Actor, at: datetime) -> int:
    """Call the next standby for everybody whose time to answer is over. Returns how many were passed over."""
    panel = queries.hold(project_number)
    silent = list(panel.seats.filter(state=SeatState.INVITED, answer_by__lte=at).order_by("order"))
    for seat in silent:
        seat.advance(SeatState.DECLINED, at=at)
        _call_next(panel, seat, reason="no-answer", at=at)
    return len(silent)


@asks_first
def pass_over_barred(*, seat: Seat, by: Actor, at: datetime) -> Seat:
    """Take somebody out whom a decision keeps from judging, before he answers or after; the next standby is called.

    The log says what it says of everybody who leaves, so that it tells of nobody why. Only the system does this.
    Law: 政府采购法实施条例 第75条; 招标投标法 第56条.
    """
    refuse_if(why_not_pass_over(by=by))
    panel = queries.hold(seat.panel.project_number)
    seat = Seat.objects.get(pk=seat.pk)
    if SeatState(seat.state) is SeatState.INVITED:
        seat.advance(SeatState.DECLINED, at=at)
        _call_next(panel, seat, reason="declined", at=at)
        return seat
    return _leave(panel, seat, reason=barring.WHY, logged="recused", at=at)


@asks_first
def cancel(*, invitation: UUID, reason: str, by: Actor, at: datetime) -> Seat:
    """Take one's acceptance back before the panel sits; the next standby is called, and it is logged as what it is.

    Refused when one has not accepted, the panel sits already, or there is no reason.
    """
    seat = queries.invitation(invitation, by)
    panel = queries.hold(seat.panel.project_number)
    seat = Seat.objects.get(pk=seat.pk)
    state = SeatState(seat.state)
    refuse_if(why_not_cancel(state=state) or why_not_recuse(state=state, reason=reason, own=True, by=by))
    return _leave(panel, seat, reason=reason, logged="cancelled", at=at)


@asks_first
def recuse(*, seat: Seat, reason: str, by: Actor, at: datetime) -> Seat:
    """Leave a seat, oneself or by the supervision body's hand; the next standby is called.

    The reason is on the sealed log: it may say who somebody is.
    Refused when it is not one's own seat, or there is no reason.
    Law: 政府采购法实施条例 第9条; 87号令 第49条.
    """
    panel = queries.hold(seat.panel.project_number)
    seat = Seat.objects.select_related("expert__user").get(pk=seat.pk)
    own = queries.held_by(seat, by)
    refuse_if(why_not_recuse(state=SeatState(seat.state), reason=reason, own=own, by=by))
    return _leave(panel, seat, reason=reason, logged="recused", at=at)


def _leave(panel: Panel, seat: Seat, *, reason: str, logged: str, at: datetime) -> Seat:
    """One goes, the next is called; his own words are on the sealed log, for they may say who he is."""
    seat.why = reason
    seat.save(update_fields=["why"])
    seat.advance(SeatState.RECUSED, at=at)
    _call_next(panel, seat, reason=logged, at=at)
    record(SeatLeft(stream=panel.stream, cid=seat.cid, reason=reason), at=at)
    return seat
